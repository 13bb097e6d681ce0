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


_SHOWN = {
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
    names = _SHOWN[language]
    pairs = [(side, body, _sides_of(body, said, everything)) for side, body in sorted(claim.sided)]
    findings = [
        _side_differs(
            f"{names[side]} {body}", " / ".join(f"{names[other]} {body}" for other in sides), language
        )
        for side, body, sides in pairs
        if sides and side not in sides
    ]
    settled = {side for side, _, sides in pairs if side in sides}
    open_sides = claim.sides - settled
    if findings or not open_sides:
        return findings
    near = [reading for reading in said if reading.sides and reading.stems & claim.stems] or said
    spoken = frozenset().union(*(reading.sides for reading in near))
    spoken = spoken or frozenset().union(
        *(reading.sides for reading in everything if len(reading.sides) == 1)
    )
    if "both" in spoken:
        return findings
    unsaid = (
        open_sides if len(spoken) > 1 and not any(reading.sides for reading in near) else open_sides - spoken
    )
    for side in sorted(unsaid):
        if len(spoken) == 1:
            findings.append(_side_differs(names[side], ", ".join(names[other] for other in spoken), language))
        elif side != "both":
            findings.append(finding(Support.UNSUPPORTED, "side_not_said", language, claimed=names[side]))
    return findings


def _side_differs(claimed: str, said: str, language: str) -> Finding:
    return finding(Support.CONFLICTING, "side_differs", language, claimed=claimed, said=said)


def _sides_of(body: str, said: list[Reading], everything: list[Reading]) -> list[str]:
    """The sides with which a part of the body was named here, or else anywhere if that is one side only."""
    here = sorted({side for reading in said for side, part in reading.sided if part == body})
    anywhere = sorted({side for reading in everything for side, part in reading.sided if part == body})
    return here or (anywhere if len(anywhere) == 1 else [])
