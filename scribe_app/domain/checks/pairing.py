"""Which utterance asks, and what it asks: by its form, by what follows it, and around a remark."""

from __future__ import annotations

import re
from collections.abc import Iterable

from scribe_app.domain.checks.answers import answer_kind
from scribe_app.domain.checks.clinical import organ_stems
from scribe_app.domain.checks.reading import read, stems_in
from scribe_app.domain.topics import is_bare, only_asks
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.domain.words import is_question, plain, sentences, told_then_asked, words_in

_NAMED, _NAMED_AT_LENGTH = 4, 12
"""Spaces in what only names something; more where it begins with "any"."""
_ANY_OF = {
    "en": re.compile(r"\W*(?:(?:and|okay|ok|so|right|um|uh)\W+)*(?:any|ever|what about|how about)\b"),
    "nl": re.compile(
        r"\W*(?:(?:en|oké|goed|dus|nou)\W+)*(?:(?:ook|nog|verder) )?(?:enige|last van|wel eens|hoe zit)\b"
    ),
}
"""Questions that came without their mark."""
_REMARKS = 2
"""Sentences that may stand between a question and its yes or no, in the same utterance."""
_A_TALK = 40
"""Spaces from which on an utterance is more than a question with its remark."""
_ASKS_ON = re.compile(r"\W*(?:or|of)\b")
"""A sentence that goes on with the question before it: "Do you smoke? Or drink."."""
_BACK = 4
"""Spaces in what only asks back before it answers: "Me?", "The one on my wrist?"."""
_SO = re.compile(
    r"\b(?:correct|right|isn't it|is that (?:right|correct|so)|klopt(?: dat)?|nietwaar|toch"
    r"|is dat (?:zo|juist))\s*\?\s*$"
)
_NO_THING = (
    r"(?!(?:other|more|further|questions?)\b|[\w'-]+ (?:symptoms?|conditions?|problems?|issues?|troubles?"
    r"|complaints?|history|signs?|changes?|klachten|problemen|aandoeningen)\b)"
)
_ANY_THING = {
    "en": re.compile(rf"\bany {_NO_THING}([\w'-]+(?: [\w'-]+)?)"),
    "nl": re.compile(
        rf"\b(?:last van|enige|(?:heeft|hebt|had) u (?:wel eens )?(?:een )?) ?{_NO_THING}([\w'-]+)"
    ),
}
"""What a question asks for."""
_REACH, _NEAR = 60, 25
"""Characters before a word in which it is asked for, and denied."""
_ASKED_FOR = re.compile(
    r"\b(?:any|do you (?:have|notice|get|feel)|have you (?:had|noticed)|last van|heeft u|hebt u)\b"
    r"(?!.*\b(?:i|i'm|i've|it|my|ik|het|mijn|no|nee|yes|yeah|ja)\b)"
)
_NOT = re.compile(r"\b(?:no|not|never|without|nor|niet|geen|nooit|zonder)\b|n't\b")
_CHOICE = re.compile(r"\b(?:or|of)\b")


def names_to_ask(utterance: Utterance, following: Utterance | None, language: str) -> bool:
    """Whether a clinician only names something and gets a yes or no: "Shortness of breath." – "No."."""
    if utterance.speaker is not SpeakerRole.CLINICIAN or not _is_of_another(following, utterance):
        return False
    any_of = _ANY_OF[language].match(plain(utterance.text))
    if utterance.text.count(" ") >= (_NAMED_AT_LENGTH if any_of else _NAMED):
        return False
    if following is None or is_bare(utterance.text, language):
        return False
    return answer_kind(following.text, language) is not None and answer_kind(utterance.text, language) is None


def asks_before_a_remark(utterance: Utterance, following: Utterance | None, language: str) -> bool:
    """Whether a remark ends an utterance, and the next one answers the question before the remark.

    "Any chest pain? I want to be sure." – "No."
    """
    parts = sentences(utterance.text)
    if following is None or not _is_of_another(following, utterance) or len(parts) == 1:
        return False
    if utterance.text.count(" ") > _A_TALK:
        return False
    if answer_kind(following.text, language) is None or only_asks(following.text, language):
        return False
    return any(is_question(part, language) for part in parts[-1 - _REMARKS : -1])


def asks_back(utterance: Utterance, asked: Utterance, language: str) -> bool:
    """Whether somebody only asks what a question means before they answer it: "Me?"."""
    if utterance.speaker is asked.speaker or utterance.text.count(" ") > _BACK:
        return False
    return only_asks(utterance.text, language)


def asks_to_confirm(text: str) -> bool:
    """Whether an utterance only asks if what it says is so: "She had a stroke, correct?"."""
    return bool(_SO.search(plain(text)))


def chooses(utterance: Utterance, asked: Utterance, language: str) -> bool:
    """Whether an utterance is one of the things that a question offers: "Right or left?" – "Right."."""
    question = plain(question_in(asked.text, language))
    words = words_in(utterance.text)
    return bool(_CHOICE.search(question)) and len(words) == 1 and words[0] in words_in(question)


def _is_of_another(following: Utterance | None, utterance: Utterance) -> bool:
    return following is not None and following.speaker is not utterance.speaker


def question_in(text: str, language: str) -> str:
    """The last question of an utterance; its last sentence where none can be told by its form."""
    parts = sentences(text)
    asking = (part for part in reversed(parts) if is_question(part, language))
    return next(asking, parts[-1] if parts else "")


def things_asked_for(texts: Iterable[str], language: str) -> frozenset[str]:
    """Stems of what questions ask for as a thing that may be there, clinical or not: "any cracked skin?"."""
    named = " ".join(match[1] for text in texts for match in _ANY_THING[language].finditer(plain(text)))
    return stems_in(named, language) - organ_stems(language)


def denied_after_asking(text: str, word: str) -> bool:
    """Whether speech without marks asks for a word and then denies it, and has it nowhere else.

    "do you have any nausea vomiting i feel nauseated but i'm not vomiting"
    """
    text = plain(text)
    before = [
        text[max(0, m.start() - _REACH) : m.start()] for m in re.finditer(rf"\b{re.escape(word)}\b", text)
    ]
    rest = [one for one in before if not _ASKED_FOR.search(one)]
    return 0 < len(rest) < len(before) and all(_NOT.search(one[-_NEAR:]) for one in rest)


def told_first_in(text: str, language: str) -> frozenset[str]:
    """Stems of what a sentence tells before it asks."""
    parts = (told_then_asked(sentence) for sentence in sentences(text))
    told = (read(part[0], language, True).stems for part in parts if len(part) > 1)
    return frozenset().union(*told)


def asked_stems(text: str, asks_only: bool, language: str) -> frozenset[str]:
    """Stems that occur only in the questions of an utterance; `asks_only`: it is nothing but questions."""
    parts = [part for one in sentences(text) for part in told_then_asked(one)]
    if asks_only and parts == sentences(text):
        return read(text, language, True).stems
    asked: set[str] = set()
    stated: set[str] = set()
    asking = False
    for part in parts:
        asking = is_question(part, language) or (asking and bool(_ASKS_ON.match(plain(part))))
        (asked if asking else stated).update(read(part, language, True).stems)
    return frozenset(asked - stated)
