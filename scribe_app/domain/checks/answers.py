"""What kind of answer an utterance gives: yes, no, a no with an exception, or neither."""

from __future__ import annotations

import re

from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.lexicon.polarity import NO_ANSWERS, YES_ANSWERS
from scribe_app.domain.numbers import NumberKind
from scribe_app.domain.words import phrase_pattern, plain, sentences, words_in

_BRIEF = 12
"""Words of an answer up to which a number in it is what was asked for ("Any fever?" – "38.5 last night")."""
_OPENING = 12
"""Characters within which an answer says yes or no."""


def answer_kind(text: str, language: str) -> bool | None:
    """True for an answer that begins with a yes, False for a no, None for neither."""
    parts = sentences(text)
    opening = plain(parts[0] if parts else "")
    yes = phrase_pattern(YES_ANSWERS[language]).search(opening, 0, 60)
    no = phrase_pattern(NO_ANSWERS[language]).search(opening, 0, 60)
    first = [(found.start(), kind) for found, kind in ((yes, True), (no, False)) if found]
    at, kind = min(first, default=(_OPENING + 1, False))
    if denies_all(text, language):
        return False
    if at <= _OPENING:
        return kind
    return False if len(words_in(text)) <= _SHORT and _ENDS_WITH_NO.search(plain(text)) else None


_SHORT = 6
"""Words of an answer whose "no" may come last: "Not that it, no.", "Koorts nee."."""
_ENDS_WITH_NO = re.compile(r"\b(?:no|nope|nee|neen)\W*$")


_NONE_OF_IT = {
    "en": re.compile(r"\b(?:no,? )?(?:nothing like (?:that|those)|none of (?:that|those|these|them))\b"),
    "nl": re.compile(r"\b(?:(?:niets|niks) van (?:dat|die|deze)(?: alles)?|geen van (?:die|deze|beide)n?)\b"),
}
"""Answers that deny everything asked, wherever they stand."""


def denies_all(text: str, language: str) -> bool:
    """Whether an answer denies all that was asked, wherever it says so: "nothing like that"."""
    return bool(_NONE_OF_IT[language].search(plain(text)))


_EXCEPT = {
    "en": re.compile(
        r"^\W*(?:(?:um|uh|well|oh)\W+)*(?:no|nope|not really|nothing|none)\W+(?:not \w+\W+)?"
        r"(?:just|only|apart from|except|other than|i did|it did|there was|i do|i had)\b"
        r"|\b(?:haven't|don't|didn't|not)\W+(?:i did|it did|there was)\b"
    ),
    "nl": re.compile(r"^\W*(?:nee|niet echt|niets|geen)\W+(?:alleen|behalve|wel|op \w+ na)\b"),
}
"""A "no" with its exception: "No, just latex"."""
_BUT = {"en": re.compile(r"\b(?:but|though|except)\b"), "nl": re.compile(r"\b(?:maar|behalve|hoewel)\b")}


_PRESENT = frozenset({False})
NO_ANSWER: tuple[None, frozenset[str]] = None, frozenset()


def kind_of_reply(
    reading: Reading, yes: bool | None, asked: frozenset[str], claim: Reading, language: str
) -> tuple[bool | None, frozenset[str]]:
    """Yes, no, or open; naming a medicine or an amount is a yes ("Any allergies?" – "Penicillin").

    With it the stems of what was `asked` that a "no" leaves out: "no vomiting, but constipation".
    """
    brief = reading.text.count(" ") < _BRIEF
    measured = brief and any(quantity.kind is not NumberKind.ORDINAL for quantity in reading.amounts)
    if yes is None and (reading.drugs or measured):
        return True, frozenset()
    if yes is not False:
        return yes, frozenset()
    text = plain(reading.text)
    if _EXCEPT[language].search(text) and claim.stems & reading.stems:
        return NO_ANSWER  # "Any allergies?" – "No, just latex": denies all others
    after = read(" ".join(_BUT[language].split(text, maxsplit=1)[1:]), language, True)
    told = reading.polarity  # "I don't smoke, I do drink"
    but = set() if _ENDS_WITH_NO.search(text) else {stem for stem in asked if told.get(stem) == _PRESENT}
    return False, frozenset(but | {stem for stem in asked & after.stems if False in after.polarity[stem]})


TAKES_FOR_GRANTED = {
    "en": re.compile(
        r"\b(?:how (?:long|often|many|much|is|are|has|have|does)|when|where|what (?:were|are|does|is))\b"
    ),
    "nl": re.compile(
        r"\b(?:hoe ?(?:lang|vaak|veel|is|gaat|erg)|sinds wanneer|wanneer|waar|wat (?:was|deed|doet|is))\b"
    ),
}
"""Questions about what is known to be there: "how long have you had this pain?"."""
_OWN_ANSWER = {
    "en": re.compile(r"\b(?:like that|at all|or anything|anything else)[\s,.?]+(?:no|nope|nah)\b"),
    "nl": re.compile(r"\b(?:of zo|of iets dergelijks|helemaal)[\s,.?]+(?:nee|neen)\b"),
}


def answers_itself(text: str, language: str) -> bool:
    """Whether a question carries its "no": one voice taken for the other, or not waited for."""
    return bool(_OWN_ANSWER[language].search(plain(text)))
