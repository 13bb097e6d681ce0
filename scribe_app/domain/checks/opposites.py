"""One word for its opposite: lateral for medial, hypotension for hypertension, lower back for upper."""

from __future__ import annotations

import re

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading, stems_in
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.particulars import CONTRARIES, OPPOSITES
from scribe_app.domain.words import phrase_pattern, plain

_BESIDE = 40
"""Characters before and after such a word in which the words stand that it belongs to."""
_DENIED = frozenset({True})
_CLAUSE = re.compile(r"[.;!?](?=\s|$)|,| and | en | but | maar ")


def opposite_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """A finding for each such word of the claim that was not said, where its opposite was, of the same thing.

    A word that is its own thing (hypotension) needs nothing beside it. What is denied may be left unsaid.
    """
    texts = [plain(reading.text) for reading in said]
    found = []
    for one, other in (*OPPOSITES, *CONTRARIES):
        for words, opposite in ((one, other), (other, one)):
            match = phrase_pattern(words).search(plain(claim.text))
            if match is None or any(phrase_pattern(words).search(text) for text in texts):
                continue
            heard = _heard(opposite, claim, match, texts, language)
            if heard:
                shown = {"claimed": match[0], "said": heard}
                found.append(finding(Support.UNSUPPORTED, "particular_differs", language, **shown))
    return found


def _heard(
    opposite: tuple[str, ...], claim: Reading, match: re.Match[str], texts: list[str], language: str
) -> str:
    """The opposite as it was said of the same thing; empty where it was not, or the claim has both."""
    text, pattern = plain(claim.text), phrase_pattern(opposite)
    beside = _beside(text, match, language)
    denied = any(claim.polarity.get(stem) == _DENIED for stem in beside | stems_in(match[0], language))
    if any(opposite in pair for pair in CONTRARIES):
        beside = frozenset()
    if denied or pattern.search(text):
        return ""
    places = ((m, _beside(said, m, language)) for said in texts for m in pattern.finditer(said))
    return next((m[0] for m, around in places if not beside or beside & around), "")


def _beside(text: str, match: re.Match[str], language: str) -> frozenset[str]:
    """Stems near a word, within its clause."""
    before = _CLAUSE.split(text[max(0, match.start() - _BESIDE) : match.start()])[-1]
    after = _CLAUSE.split(text[match.end() : match.end() + _BESIDE])[0]
    return stems_in(f"{before} {after}", language)
