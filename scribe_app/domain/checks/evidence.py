"""The utterances a statement rests on, read together with the questions they answer."""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass, replace
from typing import ClassVar

from scribe_app.domain.checks.answers import (
    NO_ANSWER,
    TAKES_FOR_GRANTED,
    answer_kind,
    answers_itself,
    asks_about_known,
    denies_all,
    has_it,
    kind_of_reply,
)
from scribe_app.domain.checks.clinical import organ_stems
from scribe_app.domain.checks.presupposed import taken_for_granted
from scribe_app.domain.checks.reading import Reading, nearest_senses, read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.quantities import AmountKey, amount_keys
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import is_answer, is_bare, only_asks
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import ends_asking, is_question, plain, sentences, told_then_asked


@dataclass(frozen=True)
class Spoken:
    """One utterance as the checks see it."""

    utterance: Utterance
    reading: Reading
    asks_only: bool
    ends_asking: bool
    answers: int
    """Index of the utterance whose question this one answers; -1 for none."""
    yes: bool | None
    """What kind of answer it begins with: yes, no, or neither."""


@dataclass(frozen=True, slots=True)
class Sense:
    """How something was said: denied (True), asserted (False), or both where that is open."""

    senses: frozenset[bool]
    only_asked: bool = False
    """It was asked and nobody answered."""
    presupposed: bool = False
    """A question took it for granted, which says nothing of it by itself."""
    beside: int = 0
    """How many other words of the claim stand beside it there."""

    def joined(self, other: Sense) -> Sense:
        """Both together: what was told weighs more than what was only asked."""
        if self.only_asked != other.only_asked:
            return other if self.only_asked else self
        presupposed = self.presupposed and other.presupposed
        return Sense(self.senses | other.senses, self.only_asked, presupposed, self.beside)


_TELEPHONE = {
    "en": re.compile(
        r"(?:(?:we're|we are|i'm|you're|as this is|since this is|this is|because it's) (?:(?:only|just) )?"
        r"(?:on|over|by|a) (?:the )?(?:tele)?phone\b"
        r"|telephone (?:consultation|appointment)|over the phone today"
        r"|can(?:'t|not) examine you (?:on|over|by) the (?:tele)?phone)"
    ),
    "nl": re.compile(
        r"(?:telefonisch (?:consult|spreekuur)|we (?:spreken elkaar|bellen) nu"
        r"|nu (?:aan de telefoon|telefonisch)"
        r"|(?:via|over) de telefoon (?:kan ik|niet) )"
    ),
}
"""Words that tell that nobody can be examined."""
_DENIED, _OPEN = frozenset({True}), frozenset({True, False})


class Spoke:
    """A whole transcript, read once: speakers guessed where unknown, questions paired with their answers."""

    def __init__(self, transcript: Transcript, before: Spoke | None = None) -> None:
        """Read a transcript; what `before` has read already in the same words is not read again."""
        self.language = "nl" if transcript.language.startswith("nl") else "en"
        known = guess_roles(transcript)
        self.utterances = known.utterances
        self._read: dict[str, Reading] = {}
        if before is not None and before.language == self.language:
            self._read = {spoken.utterance.text: spoken.reading for spoken in before.spoken}
        self.spoken: list[Spoken] = self._all()
        self._read = {}
        self.readings = [spoken.reading for spoken in self.spoken]
        self.index = {spoken.utterance.id: position for position, spoken in enumerate(self.spoken)}
        self.answered_by = {
            s.answers: position for position, s in reversed(list(enumerate(self.spoken))) if s.answers >= 0
        }
        self.having = self._having()
        """Content stem, medicine ("!name"), amount, or "@" for dates and times → indexes of utterances."""
        self.answering: dict[int, list[int]] = {}
        for position, one in enumerate(self.spoken):
            if one.answers >= 0:
                self.answering.setdefault(one.answers, []).append(position)
        self.rarity = self._rarity()
        self.by_telephone = any(
            _TELEPHONE[self.language].search(plain(utterance.text)) for utterance in self.utterances
        )
        """Whether someone says that this consultation itself is by telephone."""

    def _all(self) -> list[Spoken]:
        result: list[Spoken] = []
        question = -1
        for position, utterance in enumerate(self.utterances):
            next_step()
            asked = self.utterances[question] if question >= 0 else None
            kind = answer_kind(utterance.text, self.language)
            names = self._names_to_ask(position)
            says = kind is not None or not is_bare(utterance.text, self.language)
            answers = question if asked and says and self._answers(utterance, asked) else -1
            result.append(
                Spoken(
                    utterance,
                    self._read.get(utterance.text) or read(utterance.text, self.language, True),
                    names or only_asks(utterance.text, self.language),
                    names or ends_asking(utterance.text, self.language),
                    answers,
                    kind if answers >= 0 else None,
                )
            )
            if result[-1].ends_asking:
                question = position
            elif not says and position - question <= _PATIENCE:
                continue  # "Um." before the answer
            elif result[-1].reading.polarity or utterance.speaker is not self._speaker(question):
                question = -1 if answers < 0 or result[-1].reading.polarity else question
        return result

    def _answers(self, utterance: Utterance, asked: Utterance) -> bool:
        """Whether an utterance answers a question: soon and shortly, or at length in the question's words."""
        if is_answer(utterance, asked, self.language):
            return True
        if utterance.speaker is asked.speaker or only_asks(utterance.text, self.language):
            return False
        if denies_all(utterance.text, self.language):
            return True
        question = sentences(asked.text)[-1]
        return bool(
            read(question, self.language, True).stems & read(utterance.text, self.language, True).stems
        )

    def _names_to_ask(self, position: int) -> bool:
        """Whether a clinician only names something and gets a yes or no: "Shortness of breath." – "No."."""
        utterance, following = self.utterances[position], self.utterances[position + 1 : position + 2]
        if utterance.speaker is not SpeakerRole.CLINICIAN:
            return False
        any_of = _ANY_OF[self.language].match(plain(utterance.text))
        if utterance.text.count(" ") >= (_NAMED_AT_LENGTH if any_of else _NAMED):
            return False
        if (
            not following
            or following[0].speaker is utterance.speaker
            or is_bare(utterance.text, self.language)
        ):
            return False
        return (
            answer_kind(following[0].text, self.language) is not None
            and answer_kind(utterance.text, self.language) is None
        )

    def _speaker(self, position: int) -> SpeakerRole | None:
        return self.utterances[position].speaker if position >= 0 else None

    def _having(self) -> dict[str | AmountKey, list[int]]:
        result: dict[str | AmountKey, list[int]] = {}
        for position, spoken in enumerate(self.spoken):
            next_step()
            reading = spoken.reading
            keys: set[str | AmountKey] = {*reading.polarity, *(f"!{key}" for key in reading.drugs)}
            keys |= {key for quantity in reading.amounts for key in amount_keys(quantity)}
            if reading.dates or reading.clocks:
                keys.add("@")
            for key in keys:
                result.setdefault(key, []).append(position)
        return result

    def _rarity(self) -> dict[str, float]:
        """Inverse document frequency of each stem over the utterances."""
        counts = Counter(stem for spoken in self.spoken for stem in spoken.reading.stems)
        return {stem: math.log(1 + len(self.spoken) / count) for stem, count in counts.items()}

    def evidence(self, ids: tuple[UtteranceId, ...]) -> list[Spoken]:
        """The cited utterances that exist, in transcript order."""
        return [
            self.spoken[position] for position in sorted({self.index[id] for id in ids if id in self.index})
        ]

    def context(self, cited: list[Spoken]) -> list[Spoken]:
        """The cited utterances with the questions that they answer and the answers to their questions."""
        positions = set()
        for spoken in cited:
            position = self.index[spoken.utterance.id]
            positions.add(position)
            if spoken.answers >= 0:
                positions.add(spoken.answers)
            if spoken.ends_asking and position in self.answered_by:
                positions.add(self.answered_by[position])
        return [self.spoken[position] for position in sorted(positions)]

    def before(self, context: list[Spoken], count: int) -> list[Spoken]:
        """The `count` utterances before each of these."""
        starts = [self.index[spoken.utterance.id] for spoken in context]
        return [self.spoken[p] for start in starts for p in range(max(0, start - count), start)]

    def senses(self, claim: Reading, context: list[Spoken]) -> dict[str, Sense]:
        """How the passages that are nearest to a claim have each of its stems.

        Questions are read with their answers: one alone neither asserts nor denies, "no" denies what it
        asks, other answers leave it open.
        """
        result: dict[str, tuple[int, Sense]] = {}
        for spoken in context:
            asked = _asked_stems(spoken, self.language) if spoken.ends_asking else frozenset()
            told_first = told_first_in(spoken, self.language) if spoken.ends_asking else frozenset()
            reply = self.reply(spoken) if spoken.ends_asking else None
            kind, excepted = (
                self._kind(reply, asked, claim) if reply is not None and reply in context else NO_ANSWER
            )
            if self.says_no_itself(spoken, reply):
                kind = False
            if kind is False and asks_about_known(spoken.utterance.text, self.language):
                kind = None
            told = kind is None and self._tells_of_it(claim, spoken, reply)
            given = self._given(claim, spoken, kind)
            run_on = _is_run_on(spoken.utterance.text)
            for stem in claim.polarity.keys() & spoken.reading.polarity.keys():
                near, both, in_question = nearest_senses(spoken.reading, stem, claim.stems)
                sense = Sense(both)
                in_question = in_question and spoken.ends_asking and stem not in told_first
                if (stem in asked or in_question) and kind is not True:
                    denied = kind is False and stem not in excepted and stem not in given
                    unanswered = kind is None and not told and stem not in given
                    left = kind is False and stem in given
                    sense = Sense(_DENIED if denied else _OPEN, only_asked=unanswered, presupposed=left)
                elif run_on and False in both:
                    sense = Sense(_OPEN)
                best, held = result.get(stem, (-1, sense))
                if near > best:
                    result[stem] = (near, sense)
                elif near == best:
                    result[stem] = (near, held.joined(sense))
        return {stem: replace(sense, beside=near) for stem, (near, sense) in result.items()}

    def _given(self, claim: Reading, spoken: Spoken, kind: bool | None) -> frozenset[str]:
        """Stems of a claim that the question of an utterance takes for granted,
        where it was not answered yes."""
        if kind is True or not spoken.ends_asking:
            return frozenset()
        return taken_for_granted(sentences(spoken.utterance.text)[-1], claim, self.language)

    def says_no_itself(self, spoken: Spoken, reply: Spoken | None) -> bool:
        """Whether the one who asks gives the "no": echoed ("No, okay."), or taken into the same utterance."""
        if answers_itself(spoken.utterance.text, self.language):
            return True
        after = self.index[spoken.utterance.id] + 1
        following = self.spoken[after : after + 1]
        return reply is None and any(
            next_one.utterance.speaker is spoken.utterance.speaker
            and answer_kind(next_one.utterance.text, self.language) is False
            for next_one in following
        )

    def _tells_of_it(self, claim: Reading, spoken: Spoken, reply: Spoken | None) -> bool:
        """Whether an answer that is neither yes nor no tells of the claim, or it was taken for granted."""
        question = plain(sentences(spoken.utterance.text)[-1])
        if TAKES_FOR_GRANTED[self.language].search(question):
            return True
        if reply is None:
            return False
        shared = {s for s in claim.stems & reply.reading.stems if False in reply.reading.polarity[s]}
        shared -= organ_stems(self.language)
        return bool(shared) or has_it(reply.utterance.text, self.language)

    def _kind(
        self, reply: Spoken, asked: frozenset[str], claim: Reading
    ) -> tuple[bool | None, frozenset[str]]:
        """Yes, no, or open, as when a second answer takes the first back ("Yeah." – "No.").

        With it the stems that a "no" leaves out: "no vomiting, but constipation".
        """
        kind, excepted = kind_of_reply(reply.reading, reply.yes, asked, claim, self.language)
        position = self.index[reply.utterance.id]
        for later in self.spoken[position + 1 : position + 2]:
            second = answer_kind(later.utterance.text, self.language)
            if later.utterance.speaker is reply.utterance.speaker and second is not None and second != kind:
                return NO_ANSWER
        return kind, excepted

    def reply(self, spoken: Spoken) -> Spoken | None:
        """The first answer to the question that an utterance ends with."""
        position = self.answered_by.get(self.index[spoken.utterance.id])
        return self.spoken[position] if position is not None else None


class _Spokes:
    """The last few transcripts read. Found by identity first: to hash a long one for every statement of its
    letter takes longer than to check the statement.
    """

    _last: ClassVar[tuple[tuple[Transcript, Spoke], ...]] = ()

    def __call__(self, transcript: Transcript) -> Spoke:
        """The transcript read."""
        last = self._last
        held = next((read for known, read in last if known is transcript), None)
        if held is None:
            held = next((read for known, read in last if known == transcript), None)
            held = held or Spoke(transcript, last[0][1] if last else None)
            _Spokes._last = ((transcript, held), *last)[:_KEPT]
        return held

    @classmethod
    def cache_clear(cls) -> None:
        """Forget them: see clear_readings."""
        cls._last = ()


_PATIENCE = 3
"""Utterances within which an answer may follow sounds of thinking."""
_KEPT = 4
spoke = _Spokes()
"""A transcript read; every statement of a letter asks for the same one. Any thread may ask."""


_NAMED, _NAMED_AT_LENGTH = 4, 12
"""Spaces in what only names something; more where it begins with "any"."""
_ANY_OF = {
    "en": re.compile(r"\W*(?:(?:and|okay|ok|so|right|um|uh)\W+)*(?:any|ever|what about|how about)\b"),
    "nl": re.compile(
        r"\W*(?:(?:en|oké|goed|dus|nou)\W+)*(?:(?:ook|nog|verder) )?(?:enige|last van|wel eens|hoe zit)\b"
    ),
}
"""Questions that came without their mark."""


def _is_run_on(text: str) -> bool:
    """Whether many words came without any mark, so that questions in them cannot be told from statements."""
    return text.count(" ") > _RUN_ON and not re.search(r"[.,?!]", text)


_RUN_ON = 25


def told_first_in(spoken: Spoken, language: str) -> frozenset[str]:
    """Stems of what a sentence tells before it asks."""
    parts = (told_then_asked(sentence) for sentence in sentences(spoken.utterance.text))
    told = (read(part[0], language, True).stems for part in parts if len(part) > 1)
    return frozenset().union(*told)


def _asked_stems(spoken: Spoken, language: str) -> frozenset[str]:
    """Stems that occur only in the questions of an utterance."""
    parts = [part for one in sentences(spoken.utterance.text) for part in told_then_asked(one)]
    if spoken.asks_only and parts == sentences(spoken.utterance.text):
        return spoken.reading.stems
    asked = {
        stem for part in parts if is_question(part, language) for stem in read(part, language, True).stems
    }
    stated = {
        stem for part in parts if not is_question(part, language) for stem in read(part, language, True).stems
    }
    return frozenset(asked - stated)
