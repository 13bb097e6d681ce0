"""Medicines and sides of a statement against what was said."""

from __future__ import annotations

from difflib import SequenceMatcher

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.letter import Support

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


def _other_sides(side: str, body: str, said: list[Reading]) -> list[str]:
    """The other side, where that part of the body was only named with it."""
    sides = {said_side for reading in said for said_side, part in reading.sided if part == body}
    return sorted(sides) if sides and side not in sides else []


_SHOWN = {
    "en": {"left": "left", "right": "right", "both": "both sides"},
    "nl": {"left": "links", "right": "rechts", "both": "beide kanten"},
}


def side_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """One finding for each side of the claim that was not said."""
    near = [reading for reading in said if reading.sides and reading.stems & claim.stems] or said
    spoken = frozenset().union(*(reading.sides for reading in near))
    if "both" in spoken:
        spoken |= {"left", "right", "both"}
    names = _SHOWN[language]
    findings = [
        finding(
            Support.CONFLICTING,
            "side_differs",
            language,
            claimed=f"{names[side]} {body}",
            said=f"{names[other]} {body}",
        )
        for side, body in sorted(claim.sided)
        for other in _other_sides(side, body, said)
    ]
    for side in sorted(claim.sides - spoken) if not findings else []:
        if spoken:
            others = ", ".join(names[other] for other in sorted(spoken))
            findings.append(
                finding(Support.CONFLICTING, "side_differs", language, claimed=names[side], said=others)
            )
        elif side != "both":
            findings.append(finding(Support.UNSUPPORTED, "side_not_said", language, claimed=names[side]))
    return findings
