"""Dates and times of the clock of a statement against what was said."""

from __future__ import annotations

import re

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.clock import ClockTime
from scribe_app.domain.letter import Support
from scribe_app.domain.numbers import NumberKind
from scribe_app.domain.words import plain


def when_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """A finding for each date or time of the claim that was not said; a year may have been left out."""
    found = []
    spoken = [(reading.text[date.start : date.end], date) for reading in said for date in reading.dates]
    for date in claim.dates:
        if not any(date.may_be(other) for _, other in spoken):
            shown = claim.text[date.start : date.end].strip()
            found.append(_finding(shown, [words for words, _ in spoken], language))
    times = [(reading.text[time.start : time.end], time) for reading in said for time in reading.clocks]
    for time in claim.clocks:
        if not any(time.minutes == other.minutes for _, other in times) and not _bare_hour(time, said):
            found.append(_finding(claim.text[time.start : time.end], [words for words, _ in times], language))
    return found


def _bare_hour(time: ClockTime, said: list[Reading]) -> bool:
    """Whether an hour was said as a bare number: "to bed around eleven or eleven thirty"."""
    hour, minutes = divmod(time.minutes, 60)
    names = [q for reading in said for q in reading.amounts if not q.unit and q.value == (hour or 12)]
    if any(q.value == 100 * hour + minutes and not q.unit for r in said for q in r.amounts):
        return True  # "eight thirty"
    if minutes == 0:
        return any(q.kind is NumberKind.PLAIN for q in names)
    return minutes == _HALF and any(
        _THIRTY.match(plain(r.text[q.number_end :])) for r in said for q in r.amounts if q in names
    )


_HALF, _THIRTY = 30, re.compile(r"[ -](?:thirty|30)\b")


def tells_when(claim: Reading, said: Reading) -> bool:
    """Whether one text has a date or a time of the claim."""
    return any(date.may_be(other) for date in claim.dates for other in said.dates) or any(
        time.minutes == other.minutes for time in claim.clocks for other in said.clocks
    )


def _finding(shown: str, said: list[str], language: str) -> Finding:
    if said:
        code = "particular_differs"
        return finding(Support.UNSUPPORTED, code, language, claimed=shown, said=said[0].strip())
    return finding(Support.UNSUPPORTED, "particular_not_said", language, claimed=shown)
