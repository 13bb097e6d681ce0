"""Planted errors found, and true statements doubted, on the consultations of this repository, per language.

    python -m tests.bench.evidence_on_own_consultations [--show]

Dutch has no public consultations with notes; these were written for the purpose (the Dutch sample and
tests/unit/services/dutch_consultations.py), English beside them is the English sample. Each statement is
checked with its ids and without.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterator
from dataclasses import replace

from scribe_app.domain.letter import UNSETTLED
from scribe_app.domain.planted_errors import planted
from scribe_app.services.evidence import check_statement
from tests.unit.services.dutch_consultations import CONSULTATIONS, statements_of
from tests.unit.services.true_statements import Case, cases

NAMES = {"en": ("chest-pain-en",), "nl": ("buikpijn-nl", "knie", "hoest", "bloeddruk", "oor")}


def both_ways(name: str) -> Iterator[Case]:
    """Every statement of one consultation with its ids, and without."""
    for case in statements_of(name) if name in CONSULTATIONS else cases(name):
        yield case
        yield replace(case, statement=replace(case.statement, evidence=()))


def doubted(case: Case, text: str) -> bool:
    """Whether the checks doubt this text in place of the case's own."""
    statement = replace(case.statement, text=text)
    return check_statement(statement, case.spec, case.transcript).support in UNSETTLED


def main() -> int:
    """Print the figures of each language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", action="store_true", help="print what was doubted and what was missed")
    arguments = parser.parse_args()
    for language, names in NAMES.items():
        every = [case for name in names for case in both_ways(name)]
        start = time.perf_counter()
        alarms = [case.statement.text for case in every if doubted(case, case.statement.text)]
        each = (time.perf_counter() - start) / len(every)
        print(f"{language}: {len(every)} true statements ({each * 1000:.1f} ms each), {len(alarms)} doubted")
        counts: dict[str, list[int]] = {}
        for case in every:
            for kind, wrong in planted(case.statement.text, language):
                count = counts.setdefault(kind, [0, 0])
                count[1] += 1
                count[0] += (found := doubted(case, wrong))
                if arguments.show and not found:
                    print(f"   missed {kind}: {wrong} <- {case.statement.text} {case.statement.evidence}")
        for kind, (found_of, total) in counts.items():
            print(f"  planted {kind}: {found_of} of {total} found ({found_of / total:.1%})")
        if arguments.show:
            print(*(f"   doubted: {text}" for text in alarms), sep="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
