"""What kind of answer an utterance gives: yes, no, a no with an exception, or neither."""

from __future__ import annotations

import re

from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.lexicon.polarity import NEGATIONS, NO_ANSWERS, YES_ANSWERS
from scribe_app.domain.numbers import NumberKind
from scribe_app.domain.words import lead_in_off, phrase_pattern, plain, sentences, words_in

_BRIEF = 12
"""Words of an answer up to which a number in it is what was asked for ("Any fever?" – "38.5 last night")."""
_OPENING = 12
"""Characters within which an answer says yes or no."""


def answer_kind(text: str, language: str) -> bool | None:
    """True for an answer that begins with a yes, False for a no, None for neither."""
    parts = sentences(text)
    opening = _COURTESY.sub("", plain(parts[0] if parts else ""))
    yes = phrase_pattern(YES_ANSWERS[language]).search(opening, 0, 60)
    no = phrase_pattern(NO_ANSWERS[language]).search(opening, 0, 60)
    first = [(found.start(), kind) for found, kind in ((yes, True), (no, False)) if found]
    at, kind = min(first, default=(_OPENING + 1, False))
    if denies_all(text, language):
        return False
    if _CONFIRMS[language].match(opening) or _AFFIRMS[language].match(opening):
        return True
    if kind and yes and at <= _OPENING and _TURNED.match(opening[yes.end() :]):
        return None if _BUT[language].search(opening) else False
    if not kind and _DOES_NOT_KNOW[language].match(opening):
        return None
    if at <= _OPENING:
        return kind
    if len(words_in(text)) <= _SHORT and _ENDS_WITH_NO.search(plain(text)):
        return False
    ends_with_yes = len(words_in(text)) <= _BRIEF and _ENDS_WITH_YES[language].search(plain(text))
    return True if ends_with_yes and not _NOT.search(plain(text)) else None


_TURNED = re.compile(r" (?:never|not|no|none|niet|nooit|geen)\b")
"""What turns a yes round: "I have never", "It is not"."""
_COURTESY = re.compile(
    r"^\W*(?:(?:(?:thank you|thanks)(?: so much| very much)?|honestly|to be honest|luckily|fortunately"
    r"|thankfully|dank u(?: wel)?|bedankt|gelukkig|eerlijk gezegd)(?:,? (?:doctor|doc|sir|ma'am|dokter"
    r"|meneer|mevrouw))?\W+)+"
)
"""What may stand before a yes or no: "Thank you doctor, no"."""
_AFFIRMS = {
    "en": re.compile(
        r"\W*(?:(?:um|uh|well|oh)\W+)*(?:both(?: of (?:them|those))?(?=\W*$|,)|all of (?:them|those|these)\b"
        r"|(?:it|that)(?: has)? happened\b)"
    ),
    "nl": re.compile(
        r"\W*(?:(?:eh|ehm|nou)\W+)*(?:allebei(?=\W*$|,)|alle (?:twee|drie|vier)(?=\W*$|,)"
        r"|(?:dat|het) is (?:\w+ ){0,2}gebeurd\b)"
    ),
}
"""Answers that say so without a yes: "Both.", "It happened once."."""
_CONFIRMS = {
    "en": re.compile(
        r"\W*(?:no|nope)\W+(?:no\W+)*(?:(?:you're|you are|that's|that is) (?:absolutely |quite )?(?:right"
        r"|correct)\b(?! (?:now|after|before))"
        r"|(?:right|correct|exactly)(?=[,.!]|$))"
    ),
    "nl": re.compile(r"\W*nee\W+(?:nee\W+)*(?:dat klopt|klopt|u hebt gelijk|u heeft gelijk|precies)\b"),
}
"""A "no" that agrees: "No, you're right."."""
_DOES_NOT_KNOW = {
    "en": re.compile(
        r"\W*(?:(?:um|uh|well|oh)\W+)*(?:i (?:really )?(?:don't|do not|can't|cannot|couldn't)(?: \w+ly)? "
        r"(?:know|remember|recall|mind|understand|tell you)\b|i'm not (?:sure|certain|as)\b|no idea\b)"
    ),
    "nl": re.compile(
        r"\W*(?:(?:eh|ehm|nou|tja)\W+)*(?:geen idee|(?:dat )?weet ik (?:\w+ )?niet|ik weet (?:het"
        r"|dat) (?:\w+ )?niet"
        r"|ik kan (?:het )?me niet herinneren)\b"
    ),
}
"""Answers with a "not" that deny nothing of what was asked."""
_SHORT = 6
"""Words of an answer whose "no" may come last: "Not that it, no.", "Koorts nee."."""
_ENDS_WITH_NO = re.compile(r"\b(?:no|nope|nee|neen)\W*$")


_ENDS_WITH_YES = {
    "en": re.compile(r"\b(?:i am|i do|i have|i did|it does|it is|it has|they do|yes|yeah)\W*$"),
    "nl": re.compile(r"\b(?:ja|jawel|dat wel|wel ja|dat heb ik|heb ik wel)\W*$"),
}
_NOT = re.compile(r"\b(?:no|not|never|nee|niet|nooit|geen)\b|n't\b")


_NONE_OF_IT = {
    "en": re.compile(
        r"\b(?:no|not) to (?:all )?the (?:rest|others?)\b"
        r"|\b(?:no,? )?(?:nothing like (?:that|those)|none of (?:that|those|these|them))\b"
        r"|\b(?:other than|apart from|besides|aside from) that,? (?:nothing|no|none)\b"
    ),
    "nl": re.compile(
        r"\bnee op de (?:rest|andere)"
        r"|\b(?:(?:niets|niks) van (?:dat|die|deze)(?: alles)?|geen van (?:die|deze|beide)n?)\b"
    ),
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


_ONCE = {
    "en": re.compile(r"\bi (?:used to|did use to)\b(?! not)"),
    "nl": re.compile(r"\b(?:vroeger (?:wel|heb ik|deed ik)|ik heb vroeger)\b"),
}
"""A yes for the past only: "I used to"."""
_IN_THE_PAST = {
    "en": re.compile(
        r"\b(?:history|had|was|were|used|former\w*|previous\w*|prior|past|remote|ex-\w+|quit)\b"
    ),
    "nl": re.compile(r"\b(?:had|was|waren|eerder\w*|vroeger|voorgeschiedenis|gehad|gestopt|ex-?\w+|\w+te)\b"),
}
_ALL_WELL = {
    "en": re.compile(
        r"\W*(?:(?:no|um|uh|well|oh)\W+)*(?:everything|(?:they|those)(?: are|'re) all|all)(?:'s| is| are)? "
        r"(?:been )?(?:fine|good|okay|ok|normal)\b"
    ),
    "nl": re.compile(
        r"\W*(?:(?:nee|eh|ehm|nou)\W+)*(?:alles (?:is|gaat)|(?:die|dat) (?:zijn|is) allemaal) "
        r"(?:goed|prima|in orde|normaal)\b"
    ),
}
"""Of symptoms that were asked after these are a no: "Everything is fine except some nausea."."""
_ASKS_IF_WELL = frozenset({"normal", "clear", "regular", "normaal", "regelma", "fine", "goed"})

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
    text = plain(reading.text)
    if yes is None and _ONCE[language].search(text) and _IN_THE_PAST[language].search(plain(claim.text)):
        return True, frozenset()
    if yes is None and _ALL_WELL[language].match(text) and not _ASKS_IF_WELL & asked:
        return False, asked - clinical_stems(language) | _after(_BUT[language], text, language)
    if yes is not False:
        return yes, frozenset()
    if _EXCEPT[language].search(text) and claim.stems & reading.stems:
        return NO_ANSWER  # "Any allergies?" – "No, just latex": denies all others
    after = read(" ".join(_BUT[language].split(text, maxsplit=1)[1:]), language, True)
    told = reading.polarity  # "I don't smoke, I do drink"
    but = set() if _ENDS_WITH_NO.search(text) else {stem for stem in asked if told.get(stem) == _PRESENT}
    return False, frozenset(but | {stem for stem in asked & after.stems if False in after.polarity[stem]})


def _after(mark: re.Pattern[str], text: str, language: str) -> frozenset[str]:
    """Stems of what follows a "but" or "except"."""
    return read(" ".join(mark.split(text, maxsplit=1)[1:]), language, True).stems


TAKES_FOR_GRANTED = {
    "en": re.compile(
        r"\b(?:how (?:long|often|many|much|is|are|has|have|does)|when|where|why|what (?:were|are|does|is)"
        r"|how about (?:your|his|her|the)|tell me (?:more |a (?:little|bit) (?:more )?)?about|describe)\b"
    ),
    "nl": re.compile(
        r"\b(?:hoe ?(?:lang|vaak|veel|is|gaat|erg)|sinds wanneer|wanneer|waar|waarom|wat (?:was|deed|doet|is)"
        r"|vertel\w* (?:\w+ ){0,3}over|beschrijf\w*)\b"
    ),
}
"""Questions about what is known to be there: "how long have you had this pain?"."""
_KNOWN = {
    language: re.compile(rf"(?:can|could|kunt|kun) (?:you|u|je) (?:me )?{pattern.pattern}|{pattern.pattern}")
    for language, pattern in TAKES_FOR_GRANTED.items()
}
_HAS_IT = {
    "en": re.compile(
        r"\b(?:has|have|had|get|gets|got|take|takes|use|uses|used) (?:them|it|those|some|one|that one)\b"
    ),
    "nl": re.compile(
        r"\b(?:heb|heeft|had|krijg\w*|gebruik\w*|neem\w*) (?:(?:ik|hij|zij|ze|je) )?(?:die|dat|het|ze|er)\b"
    ),
}


_ADMITS = {
    "en": re.compile(
        r"\b(?:only|just|except|apart from|other than|besides) (?:for )?(?:the|this|that|these|those)\b"
    ),
    "nl": re.compile(r"\b(?:alleen|behalve|buiten) (?:de|het|deze|die|dit|dat)\b"),
}


def admits_one(text: str, language: str) -> bool:
    """Whether an answer admits one of what it denies: "No, only the one."."""
    return bool(_ADMITS[language].search(plain(text)))


def asks_about_known(text: str, language: str) -> bool:
    """Whether a question begins with "how long", "when", "tell me about"."""
    return bool(_KNOWN[language].match(lead_in_off(plain(text).strip())))


def has_it(text: str, language: str) -> bool:
    """Whether an answer says "has it" of what was asked, and no "not"."""
    return bool(_HAS_IT[language].search(plain(text))) and not NEGATIONS[language] & set(words_in(text))


_OWN_ANSWER = {
    "en": re.compile(r"\b(?:like that|at all|or anything|anything else)[\s,.?]+(?:no|nope|nah)\b"),
    "nl": re.compile(r"\b(?:of zo|of iets dergelijks|helemaal)[\s,.?]+(?:nee|neen)\b"),
}


def answers_itself(text: str, language: str) -> bool:
    """Whether a question carries its "no": one voice taken for the other, or not waited for."""
    return bool(_OWN_ANSWER[language].search(plain(text)))
