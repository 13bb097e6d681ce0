"""What a question takes for granted: a "no" to "does the pain spread?" denies no pain."""

from __future__ import annotations

import re
from collections.abc import Callable

from scribe_app.domain.checks.clinical import organ_stems
from scribe_app.domain.checks.reading import Reading, read, stems_in
from scribe_app.domain.words import lead_in_off, plain

_SUBJECT = {
    "en": re.compile(
        r"(?:do|does|did|is|are|was|were|has|have|had|can|could|will|would)(?:n't)? (?:the|these|those"
        r"|your|his|her|my|their)"
        r" (?:(?:usual|normal|left|right|other|new|old) )?([\w'-]+)"
    ),
    "nl": re.compile(
        r"\w+ (?:de|die|deze|uw|je|mijn|zijn|haar) (?:(?:linker|rechter|gewone|oude|nieuwe) )?([\w'-]+)"
    ),
}
"""A question that begins with its subject, which is known to be there."""
_FUNCTIONS = frozenset((
    "breathing", "breath", "sleep", "appetite", "vision", "eyesight", "sight", "hearing", "balance", "mood",
    "memory", "speech", "ademhaling", "adem", "slaap", "eetlust", "zicht", "gehoor", "evenwicht", "stemming",
    "geheugen", "spraak",
))  # fmt: skip
"""What everybody has: "is your breathing worse?" asks for what a letter calls by this name."""
_REASON = {
    "en": re.compile(
        r"\b(?:none of|for|from|before|after|since|during|because of|due to) (?:the|your|his|her|my|this|that"
        r"|these|those|their)"
        r" ([\w'-]+)(?: ([\w'-]+))?"
    ),
    "nl": re.compile(
        r"\b(?:geen van|voor|tegen|van|door|na|sinds|tijdens|vanwege|wegens) (?:de|uw|je|zijn|haar|mijn|deze"
        r"|die) ([\w'-]+)"
    ),
}
"""What something is asked to be for, or after: "do you take anything for your asthma?"."""
_WITH = {
    "en": re.compile(r"\b(?:with|in|during) (?:the|your|his|her|my) ((?:\w+ (?:or|and) )?[\w'-]+)"),
    "nl": re.compile(r"\b(?:met|bij|in|tijdens) (?:de|uw|je|zijn|haar|mijn) ((?:\w+ (?:of|en) )?[\w'-]+)"),
}
"""What trouble is asked to be with; taken for granted where a letter denies the trouble, not the thing."""
_BESIDES = {
    "en": re.compile(r"\b(?:other th[ae]n|apart from|aside from|besides|except(?: for)?)\b(.*)"),
    "nl": re.compile(r"\b(?:anders dan|behalve|afgezien van|buiten|naast)\b(.*)"),
}
_OTHER = {
    "en": re.compile(r"\b(?:any|no|some) other ([\w'-]+)(?: ([\w'-]+))?"),
    "nl": re.compile(r"\b(?:nog )?(?:andere|verdere) ([\w'-]+)"),
}
_NAMES_OTHERS = re.compile(
    r"\b(?:other|others|else|additional|further|otherwise|andere?|verder|overige?)\b((?:[\s,]+"
    r"(?!(?:besides|than|except|apart|aside|but|behalve|dan|naast|buiten|maar)\b)[\w'-]+){0,3})"
)
"""What a letter names as others, too, and the words after it."""
_STILL = {
    "en": re.compile(r"\b(?:still|any ?more|any longer)\b"),
    "nl": re.compile(r"\b(?:nog steeds|nog altijd|nog last|nu nog)\b"),
}
_PAST = {
    "en": re.compile(
        r"\b(?:history|had|was|were|previous(?:ly)?|prior|past|recent(?:ly)?|initial(?:ly)?|resolved|improv\w+|better|ago)\b"
    ),
    "nl": re.compile(
        r"\b(?:had|was|waren|eerder\w*|vroeger|voorgeschiedenis|gehad|verbeterd|beter|geleden|over)\b"
    ),
}


def taken_for_granted(
    question: str, claim: Reading, language: str, known: Callable[[frozenset[str]], bool]
) -> frozenset[str]:
    """Stems of the claim that a "no" to this question leaves as they are.

    They are what it is asked about ("does the pain spread?"), what for ("anything for your asthma?"), what
    is already known ("other than your asthma?"), and what only went away ("are you still coughing?").
    known: whether somebody told of such a thing: else "any other pain?" takes no pain for granted.
    """
    text = lead_in_off(plain(question).strip())
    found: set[str] = set()
    subject = _SUBJECT[language].match(text)
    if subject and subject[1] not in _FUNCTIONS:
        found |= stems_in(subject[1], language)
    if any(senses == frozenset({True}) for senses in claim.polarity.values()):
        for match in _WITH[language].finditer(text):
            found |= stems_in(match[1], language)
    for match in _REASON[language].finditer(text):
        found |= _named(match, language)
    others = " ".join(match[1] for match in _NAMES_OTHERS.finditer(plain(claim.text)))
    for match in _OTHER[language].finditer(text):
        named = _named(match, language)
        if _BESIDES[language].search(text) or known(named):
            found |= named - stems_in(others, language)
    for match in _BESIDES[language].finditer(text):
        found |= read(match[1], language, True).stems
    if _STILL[language].search(text) and _PAST[language].search(plain(claim.text)):
        found |= claim.stems
    return frozenset(found & claim.stems)


def _named(match: re.Match[str], language: str) -> frozenset[str]:
    """The thing named: behind a part of the body, the word after it ("back pain"), too."""
    first, *rest = (word or "" for word in match.groups())
    found = stems_in(first, language)
    return found | stems_in(" ".join(rest), language) if found & organ_stems(language) else found
