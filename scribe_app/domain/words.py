"""Words, sentences and questions in spoken and written text."""

from __future__ import annotations

import re
from functools import lru_cache

_APOSTROPHES = str.maketrans({"’": "'", "‘": "'", "`": "'"})
_DETACHED = re.compile(r"\b(\w+) n't\b")
_WORD = re.compile(r"[^\W_]+(?:[-'.][^\W_]+)*", re.UNICODE)
_SENTENCE_END = re.compile(r"(?<=[.!?])\s+")
_MARK = re.compile(r"[.!?](?:\s|$)")
_RUN_ON = 12
"""Words without any mark from which on a text is several sentences."""
_QUESTION_BEGINS = re.compile(
    r"(?<=okay)\s+(?=any )|(?<=right)\s+(?=any )|(?<=sorry)\s+(?=any )|(?<=sure)\s+(?=any )"
    r"|(?<=okay)\s+(?=and any )|(?<=sorry)\s+(?=and any )|(?<=symptoms)\s+(?=any )"
    r"|\s+(?=(?:(?:and|but|so|or) )?"
    r"(?:(?:have|do|did|are|were) you|has it|does (?:it|that|the)|is (?:there|it|that) any|are there any"
    r"|any (?:other|chest|history|allergies|fevers?|pain|shortness|problems|recent|issues)"
    r"|(?:what|how) about|what (?:other|kind|medications?)|how (?:long|often|many|much|is|are)"
    r"|(?:heeft|hebt|bent|gebruikt|slikt|rookt) u|heb je|hoe (?:lang|vaak)|sinds wanneer)\b)",
    re.IGNORECASE,
)

_QUESTION_STARTS = {
    "en": (
        "what", "when", "where", "whereabouts", "which", "who", "why", "how", "do you", "does it",
        "did you", "have you",
        "has it", "has that", "does that", "does the", "does this", "do they", "did it", "is that", "is the",
        "was there", "was it", "are they", "are you", "is it", "is there", "are there", "can you",
        "could you", "would you", "any ", "were you",
    ),
    "nl": (
        "wat", "wanneer", "waar", "welke", "wie", "waarom", "hoe", "heeft u", "heb je", "gebruikt u",
        "bent u", "ben je",
        "is er", "zijn er", "kunt u", "kun je", "wilt u", "moet u", "ziet u", "voelt u", "slikt u", "maakt u",
    ),
}  # fmt: skip

FILLERS = {
    "en": ("um", "uh", "er", "erm", "uhm", "mm", "mhm", "hmm", "uh-huh", "mm-hmm", "ohh", "ah", "you know",
        "i mean",
           "sort of", "kind of", "kinda", "mind you", "to be honest", "if i'm honest"),
    "nl": ("eh", "ehm", "uh", "uhm", "hm", "hmm", "nou ja", "nou", "hoor", "eigenlijk", "zeg maar",
        "weet je", "weet je wel", "weet u", "weet u wel", "snapt u", "eerlijk gezegd", "om eerlijk te zijn",
        "zo'n beetje"),
}  # fmt: skip
"""Sounds and phrases that carry nothing."""


@lru_cache(maxsize=8192)
def plain(text: str) -> str:
    """Lower case, straight apostrophes, contractions joined ("do n't" → "don't")."""
    return _DETACHED.sub(r"\1n't", text.translate(_APOSTROPHES)).lower()


def words_in(text: str) -> list[str]:
    """Lower-case words; hyphens, apostrophes and decimal points inside a word stay."""
    return _WORD.findall(plain(text))


@lru_cache(maxsize=8192)
def _split(text: str) -> tuple[str, ...]:
    text = text.strip()
    if text.count(" ") < _RUN_ON or _MARK.search(text):
        return tuple(part for part in _SENTENCE_END.split(text) if part)
    return tuple(part for part in _QUESTION_BEGINS.split(text) if part)


def sentences(text: str) -> list[str]:
    """The sentences of a text, split after a full stop, question mark or exclamation mark.

    Speech that came without any marks is split before the words that begin a question.
    """
    return list(_split(text))


_ASKS_ANYHOW = {
    "en": re.compile(r"(?:do|did|have|are|were) you\b|(?:is|are|was|were) there any\b|has (?:it|there)\b"),
    "nl": re.compile(r"(?:heeft|hebt|bent|had|was|gebruikt|slikt|rookt|drinkt) u\b(?!.*\b(?:dan|bel|kom)\b)"),
}
"""Beginnings that ask even where the recogniser ended them with a full stop."""
_LEAD_IN = re.compile(
    r"^(?:(?:okay|ok|sure|sorry|so|alright|all right|right|and|um|uh|now|well|good|great|but|then"
    r"|yeah|oké|dus|en|nou|goed|ja)\b[\s,]*)+"
)


def lead_in_off(text: str) -> str:
    """A lower-case text without the words that only lead in to it: "okay, and does the pain …"."""
    return _LEAD_IN.sub("", text)


_TAG = re.compile(r"(?:,\s*(?:goed|oké)|[\s,]+(?:okay|ok|all right|alright|you know|hoor))\s*\?$")
_ASKED_BEFORE_TAG = re.compile(
    r"(?:(?:do|does|did|are|is|was|were|has|have|can|could) "
    r"(?:you|he|she|it|they|your|his|her|the|this|that)\b"
    r"|any\b|(?:what|when|where|who|why|how|which) (?:is|are|do|does|did|was|were|has|have|about)\b"
    r"|(?:you're|your|you are|he's|she's) (?:[\w ]+ )?(?:\w+ing|is|are)\b"
    r"|(?:heeft|bent|kunt|voelt|\w+t) (?:u|je|hij|zij|ze)\b)"
)
"""How "Are you feeling okay?" begins, which asks, unlike "We'll do some bloods, okay?"."""
_RISING = re.compile(
    r"(?!(?:(?:right|okay|ok|oké|ja|yeah)[,.]?\s+)?"
    r"(?:so,? (?:i'm|i am|it's|it is) not\b|dus (?:ik|het) \w+ (?:geen|niet)\b))"
    r"(?:(?:yeah|yes|yep|um|uh|er|so|like|well|and|but|or|ja|eh|nou|dus|en)\b[\s,]*)*"
    r"(?:(?:i guess|i think|i've|i had|i felt|i feel|i don't|i didn't|i was|i'm|i just|my|probably"
    r"|maybe (?=\w+ times)|(?:it's|it was) (?:just |kind of |sort of |a bit )*like)\b"
    r"(?! (?:not )?(?:supposed|meant|able|allowed|have)\b)"
    r"|(?:ik denk|ik heb|ik had|ik voel|ik was|ik ben|mijn|waarschijnlijk|het is net alsof)\b)"
)
"""How an answer begins whose voice only goes up at the end: "Probably like six or seven times a day?".

"So I'm not having a heart attack?" asks.
"""
_TO_SOMEONE = re.compile(
    r"\b(?:you|your|is (?:it|that|this)|isn't it|right|u|uw|je|jullie|toch|is dat"
    r"|(?:should|can|could|do|am|shall|may|will|would|must) (?:i|we)|(?:moet|mag|kan|zal|ga) (?:ik|we))\b"
)
_UNSURE = re.compile(r"[\s,]+(?:or something|or so|(?:or[\s,]+)?(?:um|uh|eh|ehm)|of zo|zeg maar)\s*\?$")
_TELL_ME = re.compile(
    r"(?:tell me|vertel (?:me )?(?:eens )?) ?(?:if|whether|about|how|what|when|of|hoe|wat|wanneer)\b"
)
_TRAILING = re.compile(r"^\W*(?:or|and|any|so|of|en|dus|um|uh|eh)(?:\W+(?:um|uh|eh|ehm))*\W*$", re.IGNORECASE)
_LONGEST_QUESTION = 25
"""Words: an unmarked run of speech longer than this is not one question, however it begins."""


@lru_cache(maxsize=8192)
def is_question(text: str, language: str) -> bool:
    """Whether a sentence asks: by its mark, or by its first words where the recogniser left the mark out."""
    text = plain(text).strip()
    told = _TAG.sub("", text)
    if told != text and told.count(" ") > 1 and not _ASKED_BEFORE_TAG.match(_LEAD_IN.sub("", told)):
        text = told + "."  # "We'll do some bloods, okay?" tells
    starts = _QUESTION_STARTS.get(language, _QUESTION_STARTS["en"])
    told = _UNSURE.sub("", text)
    if told != text and told.count(" ") > 1 and not _LEAD_IN.sub("", told).startswith(starts):
        text = told + "."  # "It's slightly warm, or, um?" tells, too
    if _TELL_ME.match(_LEAD_IN.sub("", text)):
        return True
    if text.endswith("?") and _RISING.match(text) and not _TO_SOMEONE.search(text):
        return False
    if text.endswith("?"):
        return True
    if _ASKS_ANYHOW["nl" if language.startswith("nl") else "en"].match(_LEAD_IN.sub("", text)):
        return text.count(" ") <= _LONGEST_QUESTION
    if text.endswith((".", "!")) or text.count(" ") > _LONGEST_QUESTION:
        return False
    return _LEAD_IN.sub("", text).startswith(starts)


_THEN_ASKS = re.compile(
    r"(?<=\w{2}),\s+(?=(?:(?:but|and|so|or|maar|en|dus) )?(?:do you|are you|is (?:that|it|there)"
    r"|can (?:you|we|i)|could (?:you|we|i)"
    r"|should i|would you|will (?:you|it|that)|heeft u|bent u|is (?:dat|er)|kunt u|kan (?:ik|dat)|moet ik"
    r"|zou u)\b[^,]*\?$)",
    re.IGNORECASE,
)
_TELLS_FIRST = re.compile(
    r"\W*(?:(?:and|but|so|well|yes|no|yeah|um|uh|en|maar|dus|ja|nee|nou)\W+)*(?:i|i'm|i've|my|it's|it|he"
    r"|she|we|you've|you completed"
    r"|ik|mijn|het|hij|ze|zij|we|u hebt)\b",
    re.IGNORECASE,
)


def told_then_asked(sentence: str) -> list[str]:
    """A sentence that tells something and then asks, in two: "My leg is swollen, is that normal?"."""
    cut = _THEN_ASKS.search(sentence)
    if (
        cut is None
        or not _TELLS_FIRST.match(sentence[: cut.start()])
        or sentence[: cut.start()].count(" ") < 2
    ):
        return [sentence]
    return [sentence[: cut.start()] + ".", sentence[cut.end() :]]


_CONFIRMS = re.compile(
    r"(?i)\W*(?:(?:and|so|en|dus)\W+)*(?:(?:(?:is|was) )?(?:that|it|this)(?: all)? "
    r"(?:right|correct|true|it|fair)|correct|klopt (?:dat|het)|is dat (?:zo|juist|goed)|niet waar)\W*$"
)


def only_confirms(sentence: str) -> bool:
    """Whether a question asks only if what was just said is so: "Is that right?"."""
    return bool(_CONFIRMS.match(sentence))


def ends_asking(text: str, language: str) -> bool:
    """Whether the last sentence of an utterance asks something."""
    parts = sentences(text)
    while len(parts) > 1 and _TRAILING.match(parts[-1]):
        parts.pop()  # "Are you normally fit and well? Or, uh"
    return bool(parts) and is_question(parts[-1], language)


@lru_cache(maxsize=256)
def phrase_pattern(phrases: tuple[str, ...]) -> re.Pattern[str]:
    """One pattern that finds any of the phrases as whole words; a star at the end allows any ending."""
    parts = []
    for phrase in sorted(phrases, key=len, reverse=True):
        body = re.escape(phrase.rstrip("*")).replace(r"\ ", r"[\s,]+")
        parts.append(body + (r"[\w'-]*" if phrase.endswith("*") else r"(?![\w])"))
    return re.compile(r"(?<![\w])(?:" + "|".join(parts) + ")") if parts else re.compile(r"(?!)")


_SPACED = re.compile(r"\s+([,.!?;:])(?!\d)")
_EMPTIED = re.compile(r"(?:^|(?<=[.!?]))\s*[,;]\s*|,(?=\s*[,.!?])")


def without_fillers(text: str, language: str) -> str:
    """The text without sounds and empty phrases; a phrase goes only where commas set it apart."""
    for filler in FILLERS["nl" if language.startswith("nl") else "en"]:
        body = re.escape(filler)
        if " " in filler or len(filler) > 4:
            text = re.sub(rf"(?i)(?:,\s*{body}(?=[,.!?]|$)|(?:^|(?<=[.!?] )){body},\s*)", "", text)
        else:
            text = re.sub(rf"(?i)(?<![\w'-]){body}(?![\w'-]),?\s*", "", text)
    return _SPACED.sub(r"\1", _EMPTIED.sub(" ", " ".join(text.split()))).strip(" ,")


_TWICE = re.compile(
    r"(?i)(?<![\w'])((?!no\b|nee\b|very\b|heel\b)[^\W\d_]+(?:'[^\W\d_]+)?)(?:,? \1(?![\w']))+"
)


_ONE = r"[^\W\d_]+(?:'[^\W\d_]+)?"
_AGAIN = re.compile(rf"(?i)(?<![\w'])(?P<first>{_ONE}(?:,? {_ONE}){{1,3}})(?:,? (?P=first)(?![\w']))+")
"""Two to four words said again: "I've been, I've been feeling"."""
_LETTERS = re.compile(r"[^\W\d_]'?[^\W\d_]")
_BEGUN_ANEW = re.compile(
    r"(?i)(?:^|(?<=[.!?,;:–“] )|(?<=“)|(?<=\band )|(?<=\bbut )|(?<=\byeah )|(?<=\bno ))"
    r"(it|that|he|she|they|we|you|I|there|what),? \1(?='(?:s|m|re|ve|d|ll)\b)"
)
""" "It, it's"; within a clause both may be meant: "she told you you've had it"."""
_MOST_SAID_AGAIN = 4


def without_repeats(text: str) -> str:
    """The text without stutters and what was begun twice; only for text whose numbers are figures already.

    "I, I had" → "I had"; "I've been, I've been feeling" → "I've been feeling"; "it, it's" → "it's".
    """
    text = _BEGUN_ANEW.sub(r"\1", _TWICE.sub(r"\1", text))
    return _AGAIN.sub(lambda found: found["first" if _LETTERS.search(found["first"]) else 0], text)


def said_once(words: list[str]) -> list[str]:
    """The words without runs of up to four that were said again at once; figures count each time."""
    kept: list[str] = []
    for word in words:
        kept.append(word)
        for length in range(_MOST_SAID_AGAIN, 0, -1):
            tail = kept[-length:]
            if kept[-2 * length : -length] == tail and not any(said[0].isdigit() for said in tail):
                del kept[-length:]
                break
    return kept
