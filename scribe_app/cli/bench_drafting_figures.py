"""The figures of scribe bench drafting: collected, as JSON, and as tables of a hundred columns."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from scribe_app.cli.output import Output
from scribe_app.domain.measures.rouge import Rouge
from scribe_app.domain.measures.shares import Share, margin, pooled
from scribe_app.services.evaluation import MEASURES, CitationScores, Scores

LETTER, ONE_PROMPT, HUMAN, COPY = "letter", "one prompt", "human", "copy"
UNCITED = "human, uncited"
"""Errors planted in human notes, without the utterances that the right sentence rests on."""
_COLUMNS = {ONE_PROMPT: "1 prompt"}
_ROWS = {
    "numbers_unsaid": "numbers nobody said",
    "numbers_unsaid_unmarked": "  and unmarked",
    "numbers_kept": "numbers kept",
    "drugs_unsaid": "medicines nobody named",
    "drugs_kept": "medicines kept",
    "doses_unsaid": "doses not said of it",
    "terms_turned": "terms turned round",
    "unsupported": "unsupported",
    "alarms": "  with a passage",
    "alarms_though_said": "  though it was said",
    "facts": "critical facts in it",
    "facts_with_list": "  or in its list",
    "placed": "in the right part",
}
_AGAINST_HUMAN = frozenset({"numbers_kept", "drugs_kept", "terms_turned", "placed"})
"""Compared with the human note: for that note itself they say nothing."""
_HUMAN_ONLY = frozenset({"alarms_though_said"})
"""Looked up sentence by sentence, for people's notes only."""
_LABEL, _COLUMN, _MARGIN, _WIDE = 24, 9, 6, 15


@dataclass
class Measured:
    """One collection, as far as it was measured."""

    name: str
    consultations: int = 0
    systems: dict[str, list[Scores]] = field(default_factory=dict)
    sentences: dict[str, int] = field(default_factory=dict)
    planted: dict[str, list[Mapping[str, Share]]] = field(default_factory=dict)
    seconds: list[tuple[float, float]] = field(default_factory=list)
    """To the first statement and to the whole letter, of each letter."""
    plain_seconds: list[tuple[float, float]] = field(default_factory=list)
    """The same of one prompt."""
    listed: int = 0
    """Entries in the lists of what was said and is not written."""
    models: set[str] = field(default_factory=set)
    examples: dict[str, list[str]] = field(default_factory=dict)
    """What was missed or doubted, in words, for people who look into it."""
    citations: dict[str, CitationScores] = field(default_factory=dict)

    def note(self, kind: str, texts: Sequence[str]) -> None:
        """Keep examples of one kind."""
        self.examples.setdefault(kind, []).extend(texts)

    @property
    def columns(self) -> list[str]:
        """The systems in reading order: ours, floors, others by name."""
        order = [LETTER, ONE_PROMPT, HUMAN, COPY]
        others = sorted(self.systems.keys() - set(order))
        return [system for system in order if system in self.systems] + others

    def shares(self, system: str, measure: str) -> list[Share]:
        """One measure of one system, for each consultation; nothing where it would say nothing."""
        if measure in (_AGAINST_HUMAN if system == HUMAN else _HUMAN_ONLY):
            return []
        return [scores.shares[measure] for scores in self.systems[system]]

    def rouge(self, system: str) -> Rouge | None:
        """Mean over the consultations with a note."""
        found = [scores.rouge for scores in self.systems[system] if scores.rouge is not None]
        if not found or system == HUMAN:
            return None
        columns = zip(*((r.one, r.two, r.longest) for r in found), strict=True)
        return Rouge(*(statistics.mean(column) for column in columns))

    def planted_of(self, system: str) -> dict[str, Share]:
        """For each kind of planted error how many were found."""
        every: dict[str, Share] = {}
        for counts in self.planted.get(system, ()):
            for kind, share in counts.items():
                every[kind] = every.get(kind, Share()) + share
        return dict(sorted(every.items()))


def _medians(seconds: Sequence[tuple[float, float]]) -> dict[str, float | None]:
    return {
        "first_statement_s": round(statistics.median(f for f, _ in seconds), 2) if seconds else None,
        "letter_s": round(statistics.median(whole for _, whole in seconds), 2) if seconds else None,
    }


def as_json(one: Measured) -> dict[str, Any]:
    """Every figure with its counts."""
    systems = {}
    for system in one.columns:
        alike = one.rouge(system)
        systems[system] = {
            "statements": one.sentences[system],
            **{name: _share_as_json(one.shares(system, name)) for name in MEASURES},
            "rouge": alike
            and {"1": _digits(alike.one), "2": _digits(alike.two), "L": _digits(alike.longest)},
        }
    return {
        "name": one.name,
        "consultations": one.consultations,
        "models": sorted(one.models),
        "median_seconds": {LETTER: _medians(one.seconds), ONE_PROMPT: _medians(one.plain_seconds)},
        "listed": one.listed,
        "systems": systems,
        "planted": {system: _found_as_json(one.planted_of(system)) for system in one.planted},
        "citations": {
            way: {"cited": s.precision.whole, "right": s.precision.part,
                  "statements": s.grounded.whole, "grounded": s.grounded.part}
            for way, s in one.citations.items()
        },
        "examples": one.examples,
    }  # fmt: skip


def _found_as_json(shares: Mapping[str, Share]) -> dict[str, Any]:
    return {kind: {"planted": share.whole, "found": share.part} for kind, share in shares.items()}


def _share_as_json(shares: Sequence[Share]) -> dict[str, Any]:
    every, half = pooled(shares), margin(shares)
    return {
        "part": every.part,
        "whole": every.whole,
        "rate": None if every.rate is None else _digits(every.rate),
        "margin": None if half is None else _digits(half),
    }


def _digits(value: float) -> float:
    return round(value, 4)


def tell(output: Output, measured: Sequence[Measured], show: int) -> None:
    """Print the tables, and `show` examples of each kind of miss."""
    for one in measured:
        if one.consultations:
            _tell_one(output, one)
            for kind, texts in sorted(one.examples.items()):
                if texts and show:
                    output.line(f"\n{kind} ({len(texts)}):")
                for text in texts[:show]:
                    output.line(f"  - {text}")
            output.line()


def _tell_one(output: Output, one: Measured) -> None:
    models = f", drafting model {', '.join(sorted(one.models))}" if one.models else ""
    output.line(f"{one.name}: {one.consultations} consultations{models}")
    spent = {"letter": one.seconds, "one prompt": one.plain_seconds}
    told = [f"{name} {_medians(pairs)['letter_s']} s" for name, pairs in spent.items() if pairs]
    if told:
        output.line(f"median time, loading the model included: {', '.join(told)}")
    if LETTER in one.systems:
        output.line(f"entries in the lists of what is not written: {one.listed}")
    output.line()
    heads = [_COLUMNS.get(system, system)[: _COLUMN - 1] for system in one.columns]
    cells = [heads[0].rjust(_COLUMN), "+-".rjust(_MARGIN), *(head.rjust(_COLUMN) for head in heads[1:])]
    output.line(" " * _LABEL + "".join(cells))
    counts = [str(one.sentences[system]) for system in one.columns]
    output.line(_row("statements", counts, ""))
    for measure, words in _ROWS.items():
        rates = [_percent(pooled(one.shares(system, measure)).rate) for system in one.columns]
        if any(rate != "–" for rate in rates):
            half = margin(one.shares(one.columns[0], measure))
            output.line(_row(words, rates, "" if half is None else f"{100 * half:.1f}"))
    _tell_rouge(output, one)
    _tell_planted(output, one)
    for way, found in one.citations.items():
        if found.precision.whole:
            output.line(
                f"citations {way}: {_percent(found.precision.rate)} of {found.precision.whole} say it; "
                f"{found.grounded.part} of {found.grounded.whole} statements cite their main passage"
            )


def _tell_rouge(output: Output, one: Measured) -> None:
    found = [one.rouge(system) for system in one.columns]
    if any(found):
        for words, field_name in (("ROUGE-1", "one"), ("ROUGE-2", "two"), ("ROUGE-L", "longest")):
            cells = [f"{100 * getattr(r, field_name):.1f}" if r else "–" for r in found]
            output.line(_row(words, cells, ""))


def _tell_planted(output: Output, one: Measured) -> None:
    found = {system: one.planted_of(system) for system in one.planted}
    kinds = sorted({kind for shares in found.values() for kind in shares})
    if kinds:
        output.line(f"{'planted errors found':{_LABEL}}" + "".join(f"{kind:>{_WIDE}}" for kind in kinds))
    for system, shares in found.items():
        cells = [_of(shares.get(kind, Share())) for kind in kinds]
        output.line(f"{f'  in {system}':{_LABEL}}" + "".join(f"{cell:>{_WIDE}}" for cell in cells))


def _of(share: Share) -> str:
    return f"{_percent(share.rate)} of {share.whole}" if share.whole else "–"


def _row(words: str, cells: Sequence[str], half: str) -> str:
    first, *others = cells
    return f"{words:{_LABEL}}{first:>{_COLUMN}}{half:>{_MARGIN}}" + "".join(f"{c:>{_COLUMN}}" for c in others)


def _percent(rate: float | None) -> str:
    return "–" if rate is None else f"{100 * rate:.1f}%"
