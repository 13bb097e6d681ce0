"""What one utterance tells that a letter may need: with its question, without what only steers the visit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe_app.domain.checks.answers import answer_kind
from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.reading import Reading, read, stems_by_language
from scribe_app.domain.checks.speakers import withdrawn_values
from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.passages import course, last_question, readable
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import is_bare, topics_of
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.domain.words import is_question, phrase_pattern, plain, sentences, words_in

_FEWEST = 2
"""Content words below which an utterance without numbers, medicines and symptoms is not worth listing."""
_THE_COMPLAINT = frozenset({"symptom"})
_CLOSING = re.compile(
    r"^\W*sorry\W*$"
    r"|\b(?:all clear|sound(?:s)? (?:to you|okay|good|alright|all right|like a plan)|that sound|make sense"
    r"|any questions?"
    r"|questions? for me|happy with|is that (?:clear|okay|ok|all right|alright|fine)|hear me|your name"
    r"|come in"
    r"|how are you|akkoord|duidelijk|nog vragen|uw naam|hoe gaat het)\b|anything else (?:you|i can)"
)
"""Questions that end a matter or open the visit."""
_OPEN_QUESTION = re.compile(
    r"^\W*(?:(?:and|so|okay|um|uh|en|dus)\W+)*(?:what|how|in what|which|wat|hoe|welke)\b"
)
_FEW_WORDS = 4
"""An answer this short says nothing without its question."""


_NOT_HEARD = {"en": "no answer heard", "nl": "geen antwoord gehoord"}
_PROCEDURE = re.compile(
    r"\b(?:private place|are you sure|your (?:name|address|age)|post ?code|date of birth|see me"
    r"|(?:can|could|may|shall|would you mind if) (?:i|we|you) (?:just )?"
    r"(?!just|ask|check|double|confirm|tell|describe|think|remember|walk|lie|sleep|feel)\w+"
    r"|is it possible for|do you mind|is that (?:right|correct|it)"
    r"|kunt u (?:even )?(?:gaan|komen|uw)|mag ik (?:even )?(?:kijken|voelen|luisteren)|weet u zeker"
    r"|geboortedatum|postcode|uw adres)\b"
)
"""Questions about the visit and not about the patient's health."""
_WHO = re.compile(r"\b(?:date of birth|(?:your|full) name|address|geboortedatum|uw (?:naam|adres))\b")
"""Questions about who someone is."""
_IDENTITY = re.compile(
    r"\b(?:postcode|(?:street|road|avenue|lane)\b|\w+straat\b|\w+laan\b|my name is|mijn naam is|geboren op"
    r"|born on)"
)
_AGREED = stems_by_language({
    "en": "yes yeah yep yup sure clear sense perfect good great fine day bye thank makes",
    "nl": "ja jawel prima goed duidelijk fijn dag zeker",
})  # fmt: skip
"""Content words of an agreement or a farewell."""


@dataclass(frozen=True)
class Told:
    """What one utterance tells, with its topics and the words in which a list shows it."""

    spoken: Spoken
    reading: Reading
    topics: frozenset[str]
    text: str
    taken_back: frozenset[float] = frozenset()
    """Numbers that the speaker corrected in the same breath."""
    asks: bool = False
    """It is a question with what its asker made of it; another one beside it does not carry it."""


@lru_cache(maxsize=2)
def tellings(said: Spoke) -> tuple[Told, ...]:
    """What each utterance of a transcript tells, in the order in which it was said.

    Kept for the last transcripts: each change to a letter asks for them.
    """
    return tuple(_tellings(said))


def _tellings(said: Spoke) -> Iterator[Told]:
    going_on: frozenset[str] = frozenset()
    speaker: SpeakerRole | None = None
    for position, spoken in enumerate(said.spoken):
        next_step()
        utterance = spoken.utterance
        if is_bare(utterance.text, said.language):
            continue
        if utterance.speaker is not speaker:
            going_on, speaker = frozenset(), utterance.speaker
        told = None if spoken.asks_only else _told(spoken, said, going_on)
        if told is not None:
            going_on = told.topics
            yield told
        if utterance.speaker is SpeakerRole.CLINICIAN:
            yield from _asked_without_reply(position, said)


def _told(spoken: Spoken, said: Spoke, going_on: frozenset[str]) -> Told | None:
    """What it tells, with its question if it is a bare answer; None when there is nothing to list.

    `going_on` are the topics of what the same speaker said just before: "It's slightly warm, too".
    """
    language = said.language
    kept = [part for part in sentences(spoken.utterance.text) if not course(part, language)]
    own = read(" ".join(kept), language, False)
    question = said.spoken[spoken.answers].utterance if spoken.answers >= 0 else None
    topics = topics_of(replace(spoken.utterance, text=" ".join(kept)), question, language)
    if not topics and question is not None and _is_asked_of_patient(spoken, question, language):
        topics = _THE_COMPLAINT
    lexicon = topics_nl if language == "nl" else topics_en
    farewell = phrase_pattern(lexicon.SMALL_TALK).search(plain(spoken.utterance.text))
    if (
        not topics
        and going_on
        and not farewell
        and spoken.utterance.speaker is not SpeakerRole.CLINICIAN
        and not question
    ):
        topics = going_on if len(own.stems) >= _FEWEST else topics
    if not topics and spoken.utterance.speaker is not SpeakerRole.CLINICIAN and _is_story(own, language):
        topics = _THE_COMPLAINT
    if not topics or _only_of_the_visit(spoken, question, own, language):
        return None
    text = readable(" ".join(kept), language)
    asked = _question_of(question.text, language) if question else ""
    if asked and spoken.yes is not None and len(own.stems) < _FEWEST:
        own = read(f"{asked} {' '.join(kept)}", language, False)
    if asked and (spoken.yes is False or len(words_in(text)) <= _FEW_WORDS):
        text = f"“{readable(asked, language)}” – “{text}”"
    taken_back = withdrawn_values(spoken.utterance.text, language)
    return Told(spoken, own, topics, text, taken_back) if _is_worth(own, language) else None


def _is_worth(own: Reading, language: str) -> bool:
    """Whether it has an amount, a medicine, a symptom, a "have", or simply enough words of its own."""
    if own.amounts or own.drugs or own.stems & clinical_stems(language) or len(own.stems) >= _FEWEST:
        return True
    return bool(own.stems and _HAVE.search(plain(own.text)))


def _question_of(text: str, language: str) -> str:
    """The last question; with the one before it where it is no whole sentence ("Towards your sides?")."""
    asked = [part for part in sentences(text) if is_question(part, language)]
    fragment = asked and len(words_in(asked[-1])) <= _FEW_WORDS
    return " ".join(asked[-2:] if fragment else asked[-1:])


def _born(own: Reading) -> bool:
    """Whether it is a date of birth and hardly more."""
    return any(date.day and date.year for date in own.dates) and len(own.stems) <= _STORY


def _is_story(own: Reading, language: str) -> bool:
    """Whether a patient's words tell enough to matter without any cue: "I had takeaway four days ago"."""
    return len(own.stems) >= _STORY and bool(own.amounts or own.stems & clinical_stems(language))


_STORY = 4
"""Content words of such an utterance."""


def _only_of_the_visit(spoken: Spoken, question: Utterance | None, own: Reading, language: str) -> bool:
    """Whether it only tells who someone is, agrees, or says goodbye."""
    if _IDENTITY.search(plain(spoken.utterance.text)) or _born(own):
        return True
    if not own.amounts and not own.drugs and own.stems and own.stems <= _AGREED:
        return True
    if question and _WHO.search(plain(question.text)) and not own.stems & clinical_stems(language):
        return True
    short = len(words_in(spoken.utterance.text)) <= _FEW_WORDS
    return bool(question and short and _PROCEDURE.search(plain(last_question(question.text, language))))


def _asked_without_reply(position: int, said: Spoke) -> Iterator[Told]:
    """Questions about symptoms that the clinician answered themselves, or to which no answer was heard."""
    spoken, language = said.spoken[position], said.language
    parts = sentences(spoken.utterance.text)
    for number, part in enumerate(parts):
        asked = read(part, language, True)
        if not is_question(part, language) or not asked.stems & clinical_stems(language):
            continue
        reply = _own_reply(parts[number + 1 :], position, said, last=number == len(parts) - 1)
        if reply:
            yield _asked(spoken, part, reply, asked, language)


def _own_reply(rest: list[str], position: int, said: Spoke, last: bool) -> str:
    """The reply that a question got from the one who asked it; a note where it got none; else empty."""
    language = said.language
    spoken = said.spoken[position]
    if rest and is_question(rest[0], language):  # "Do you smoke? And do you drink?" – "No."
        reply = said.reply(spoken)
        brief = reply is not None and len(words_in(reply.utterance.text)) <= _FEW_WORDS
        return (
            f"“{readable(reply.utterance.text, language)}”"
            if reply and reply.yes is not None and brief
            else ""
        )
    if rest:
        kind = answer_kind(rest[0], language)
        short = len(words_in(rest[0])) <= _FEW_WORDS // 2
        return f"“{rest[0].strip()}”" if kind is False and short else ""
    if not last or said.reply(spoken) is not None:
        return ""
    if said.says_no_itself(spoken, None):
        return "“No.”" if language == "en" else "“Nee.”"
    rest_of_visit = (said.spoken[after] for after in range(position + 1, len(said.spoken)))
    following = next((one for one in rest_of_visit if not is_bare(one.utterance.text, language)), None)
    passed_over = following is None or following.utterance.speaker is SpeakerRole.CLINICIAN
    return _NOT_HEARD[language] if passed_over else ""


def _asked(spoken: Spoken, question: str, reply: str, reading: Reading, language: str) -> Told:
    answer = replace(spoken.utterance, text="no", speaker=SpeakerRole.PATIENT)
    topics = topics_of(answer, replace(spoken.utterance, text=question), language) - {"plan", "assessment"}
    return Told(
        spoken, reading, topics or _THE_COMPLAINT, f"“{readable(question, language)}” – {reply}", asks=True
    )


def _is_asked_of_patient(spoken: Spoken, question: Utterance, language: str) -> bool:
    """Whether a patient answers a clinician's question that is no small talk: then it matters, cue or not."""
    lexicon = topics_nl if language == "nl" else topics_en
    asked = plain(last_question(question.text, language))
    if (
        _CLOSING.search(asked)
        or _PROCEDURE.search(asked)
        or phrase_pattern(lexicon.SMALL_TALK).search(plain(question.text))
    ):
        return False
    if len(words_in(spoken.utterance.text)) <= _FEW_WORDS // 2 and _OPEN_QUESTION.search(asked):
        return False  # "What have you eaten?" – "Yep."
    return (
        question.speaker is SpeakerRole.CLINICIAN
        and spoken.utterance.speaker is not SpeakerRole.CLINICIAN
        and (
            len(read(asked, language, False).stems | spoken.reading.stems) >= _FEWEST
            or bool(spoken.reading.stems and _HAVE.search(plain(spoken.utterance.text)))
        )
    )


_HAVE = re.compile(r"\b(?:i have|i've|i had|i take|i'm on|diagnosed|ik heb|ik had|ik slik|ik gebruik)\b")
