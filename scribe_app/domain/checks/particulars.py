"""How, when and on which day: words of which one excludes the others, against what was said."""

from __future__ import annotations

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.particulars import DAYS, FOOD, ROUTES, TIMES_OF_DAY
from scribe_app.domain.numbers import NumberKind
from scribe_app.domain.words import phrase_pattern, plain


def particular_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """A finding for each route, time of day, relation to meals or day that was not said so.

    Another of the same kind that was said makes it unsupported; where none was, a day is unsupported, too,
    and the rest is inferred ("tablet" implies a route, "with the evening meal" a time).
    """
    kinds = [(DAYS, True)]
    if claim.drugs or any(quantity.kind is NumberKind.DOSE for quantity in claim.amounts):
        kinds += [(ROUTES, False), (TIMES_OF_DAY, False), (FOOD, False)]
    spoken = " ".join(reading.text for reading in said)
    found = []
    for names, must_be_said in kinds:
        wanted, heard = _named(claim.text, names), _named(spoken, names)
        if names is DAYS and _LAST_NIGHT in plain(spoken):
            heard.setdefault("yesterday", _LAST_NIGHT)
        for name, shown in wanted.items():
            if name in heard:
                continue
            if heard and name not in heard:
                other = next(iter(heard.values()))
                found.append(
                    finding(Support.UNSUPPORTED, "particular_differs", language, claimed=shown, said=other)
                )
            else:
                support = Support.UNSUPPORTED if must_be_said else Support.INFERRED
                found.append(finding(support, "particular_not_said", language, claimed=shown))
    return found


_LAST_NIGHT = "last night"
"""Was yesterday."""


def _named(text: str, names: dict[str, str]) -> dict[str, str]:
    """Comparison name → the words in which a text has it."""
    found: dict[str, str] = {}
    for shown in phrase_pattern(tuple(names)).findall(plain(text)):
        stars = (names[key] for key in names if key.endswith("*") and shown.startswith(key[:-1]))
        name = names.get(shown) or next(stars, shown)
        found.setdefault(name, shown)
    return found
