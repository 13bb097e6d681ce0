"""Medicines of a statement against what was said."""

from __future__ import annotations

from difflib import SequenceMatcher

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.drugs import MADE_OF

_SOUNDS_ALIKE = 0.8
"""Share of letters in common: "rammipril" is ramipril misheard, perindopril (0.63) is another medicine."""


def drug_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """One finding for each medicine of the claim that was not named."""
    spoken = {key: shown for reading in said for key, shown in reading.drugs.items()}
    parts = {part for key in spoken for part in MADE_OF.get(key, ())}
    words = frozenset().union(*(reading.words for reading in said))
    findings = []
    for key, shown in claim.drugs.items():
        if key in spoken or key in parts or shown in words:
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
