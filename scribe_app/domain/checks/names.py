"""Medicines and sides of a statement against what was said."""

from __future__ import annotations

import re
from collections import Counter
from difflib import SequenceMatcher

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.sides import sided_passages
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.polarity import BODY

_SOUNDS_ALIKE = 0.8
"""Share of letters in common: "rammipril" is ramipril misheard, perindopril (0.63) is another medicine."""


def drug_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """One finding for each medicine of the claim that was not named."""
    spoken = {key: shown for reading in said for key, shown in reading.drugs.items()}
    words = frozenset().union(*(reading.words for reading in said))
    findings = []
    for key, shown in claim.drugs.items():
        if key in spoken or shown in words:
            continue
        heard = _misheard(shown, words - set(spoken.values()))
        others = [name for other, name in spoken.items() if other not in claim.drugs]
        if heard:
            findings.append(finding(Support.INFERRED, "drug_heard_as", language, claimed=shown, said=heard))
        elif others:
            nearest = max(others, key=lambda name: SequenceMatcher(None, shown, name).ratio())
            findings.append(
                finding(Support.UNSUPPORTED, "drug_differs", language, claimed=shown, said=nearest)
            )
        else:
            findings.append(finding(Support.UNSUPPORTED, "drug_not_said", language, claimed=shown))
    return findings


def _misheard(name: str, words: frozenset[str] | set[str]) -> str:
    for word in words:
        if (
            len(word) > 4
            and word[0] == name[0]
            and SequenceMatcher(None, name, word).ratio() >= _SOUNDS_ALIKE
        ):
            return word
    return ""


SHOWN_SIDES = {
    "en": {"left": "left", "right": "right", "both": "both sides"},
    "nl": {"left": "links", "right": "rechts", "both": "beide kanten"},
}


def side_findings(
    claim: Reading, said: list[Reading], everything: list[Reading], language: str
) -> list[Finding]:
    """One finding for each side of the claim that was not said.

    A side that the passage leaves out may come from the rest of the transcript (`everything`), where the part
    of the body was named with this side only.
    """
    names = SHOWN_SIDES[language]
    named = [(side, body) for side, body in claim.sided]
    named += [("both", body) for body in claim.words & set(BODY) if "both" in claim.sides]
    pairs = [
        (side, body, _sides_of(body, claim, said, everything if side != "both" else [], language))
        for side, body in sorted(named)
    ]
    findings = [
        _side_differs(
            f"{names[side]} {body}", " / ".join(f"{names[other]} {body}" for other in sides), language
        )
        for side, body, sides in pairs
        if sides and side not in sides and (side != "both" or len(sides) == 1)
    ]
    settled = {side for side, _, sides in pairs if side in sides}
    findings += [finding(Support.CONFLICTING, "side_twice", language)] if _TWICE.search(claim.text) else []
    return findings or _without_body(claim.sides - settled - {"both"}, claim, said, everything, language)


_TWICE = re.compile(
    r"(?i)\b(left|right|links|rechts)\b[^.;]{0,60}?\b(?:than|compared (?:to|with)|in comparison (?:to|with)"
    r"|versus|vs|dan|vergeleken met)\s+(?:on )?(?:the |de )?\1\b"
    r"|\b(left|right|links|rechts)(?: and | en |/)\2\b"
)
"""One side set against itself: "left worse than left", "left and left"."""


def _without_body(
    sides: frozenset[str], claim: Reading, said: list[Reading], everything: list[Reading], language: str
) -> list[Finding]:
    """Findings for sides that stand beside no part of the body ("pain on the left")."""
    near = [reading for reading in said if reading.sides and reading.stems & claim.stems] or said
    spoken = frozenset().union(*(reading.sides for reading in near))
    here = bool(spoken)
    spoken = spoken or frozenset().union(*(reading.sides for reading in everything))
    if "both" in spoken:
        return []
    names = SHOWN_SIDES[language]
    unsaid = sides if len(spoken) > 1 and not here else sides - spoken
    if len(spoken) == 1:
        return [_side_differs(names[side], names[next(iter(spoken))], language) for side in sorted(unsaid)]
    return [
        finding(Support.UNSUPPORTED, "side_not_said", language, claimed=names[side])
        for side in sorted(unsaid)
    ]


def _side_differs(claimed: str, said: str, language: str) -> Finding:
    return finding(Support.CONFLICTING, "side_differs", language, claimed=claimed, said=said)


def _sides_of(
    body: str, claim: Reading, said: list[Reading], everything: list[Reading], language: str
) -> list[str]:
    """The sides with which a part of the body was named here, or else anywhere if that is one side only.

    Where both were, those count that stand among the most words of the claim.
    """
    here = sorted({side for reading in said for side, part in reading.sided if part == body})
    if len(here) > 1 and not claim.sides >= {"left", "right"}:
        near: dict[str, int] = {}
        for reading in said:
            for side, part, around in sided_passages(reading.text):
                if part == body:
                    shared = len(claim.stems & read(around, language, True).stems)
                    near[side] = max(near.get(side, 0), shared)
        return [side for side in here if near[side] == max(near.values())]
    return here or _usual_side(body, everything)


_MOSTLY = 3
"""Times as often as the other: then a part of the body without its side has this one."""


def _usual_side(body: str, everything: list[Reading]) -> list[str]:
    """The side that a part of the body nearly always has in a consultation; empty where that is open.

    A part that is never named with a side goes with the side of all others, where that is nearly always one:
    with one injured arm in the talk, "the thumb" is that arm's.
    """
    counts = Counter(side for reading in everything for side, part in reading.sided if part == body)
    if not counts:
        counts = Counter(side for reading in everything for side, _ in reading.sided)
    ranked = [side for side, _ in counts.most_common()]
    if len(ranked) == 2 and counts[ranked[0]] < _MOSTLY * counts[ranked[1]]:
        return []
    return ranked[:1]
