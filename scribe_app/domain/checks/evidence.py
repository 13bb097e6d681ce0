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
    admits_one,
    answer_kind,
    answers_itself,
    asks_about_known,
    denies_all,
    has_it,
    kind_of_reply,
)
from scribe_app.domain.checks.clinical import organ_stems
from scribe_app.domain.checks.pairing import (
    asked_stems,
    asks_back,
    asks_before_a_remark,
    asks_to_confirm,
    chooses,
    denied_after_asking,
    names_to_ask,
    question_in,
    told_first_in,
)
from scribe_app.domain.checks.presupposed import taken_for_granted
from scribe_app.domain.checks.questions import Question, Sense
from scribe_app.domain.checks.reading import Reading, nearest_senses, read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.quantities import AmountKey, amount_keys
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import is_answer, is_bare, only_asks
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import ends_asking, plain, words_in


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
        question = outer = -1
        for position, utterance in enumerate(self.utterances):
            next_step()
            asked = self.utterances[question] if question >= 0 else None
            kind = answer_kind(utterance.text, self.language)
            following = next(iter(self.utterances[position + 1 : position + 2]), None)
            names = names_to_ask(utterance, following, self.language)
            says = kind is not None or not is_bare(utterance.text, self.language)
            says = says or (asked is not None and chooses(utterance, asked, self.language))
            answers = question if asked and says and self._answers(utterance, asked) else -1
            result.append(
                Spoken(
                    utterance,
                    self._read.get(utterance.text) or read(utterance.text, self.language, True),
                    names or only_asks(utterance.text, self.language),
                    names
                    or ends_asking(utterance.text, self.language)
                    or asks_before_a_remark(utterance, following, self.language),
                    answers,
                    kind if answers >= 0 else None,
                )
            )
            if result[-1].ends_asking:
                back = asked is not None and answers < 0 and asks_back(utterance, asked, self.language)
                outer, question = question if back else -1, position
            elif outer >= 0 and answers >= 0:
                outer, question = -1, outer  # "Me?" – "Yes." – now the answer
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
        question = question_in(asked.text, self.language)
        return bool(
            read(question, self.language, True).stems & read(utterance.text, self.language, True).stems
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
            question = self._question(claim, spoken, context) if spoken.ends_asking else None
            run_on = _is_run_on(spoken.utterance.text)
            for stem in claim.polarity.keys() & spoken.reading.polarity.keys():
                near, both, marked = nearest_senses(spoken.reading, stem, claim.stems)
                sense = question.sense(stem, marked) if question else None
                if sense is None and run_on and False in both:
                    denied = True in both and denied_after_asking(
                        spoken.utterance.text, spoken.reading.shown[stem]
                    )
                    sense = Sense(_DENIED if denied else _OPEN)
                elif sense is None:
                    sense = Sense(both)
                best, held = result.get(stem, (-1, sense))
                if near > best:
                    result[stem] = (near, sense)
                elif near == best:
                    result[stem] = (near, held.joined(sense))
        return {stem: replace(sense, beside=near) for stem, (near, sense) in result.items()}

    def _question(self, claim: Reading, spoken: Spoken, context: list[Spoken]) -> Question:
        """What the question at the end of an utterance asks of a claim, with its answer."""
        text = spoken.utterance.text
        asked = asked_stems(text, spoken.asks_only, self.language)
        reply = self.reply(spoken)
        kind, excepted = NO_ANSWER
        if reply is not None and reply in context:
            kind, excepted = self._kind(reply, asked, claim)
        if self.says_no_itself(spoken, reply):
            kind = False
        elif self.says_yes_itself(spoken, reply):
            kind = True
        if kind is False and asks_about_known(question_in(text, self.language), self.language):
            kind = None
        return Question(
            asked,
            told_first_in(text, self.language),
            kind,
            excepted,
            self._given(claim, spoken, kind),
            kind is None and self._tells_of_it(claim, spoken, reply),
        )

    def _given(self, claim: Reading, spoken: Spoken, kind: bool | None) -> frozenset[str]:
        """Stems of a claim that the question of an utterance takes for granted,
        where it was not answered yes."""
        if kind is True or not spoken.ends_asking:
            return frozenset()
        question = question_in(spoken.utterance.text, self.language)
        reply = self.reply(spoken)
        unanswered = kind is None and (reply is None or reply.yes is not False)
        return taken_for_granted(
            question, claim, self.language, lambda stems: unanswered or self._known(stems, spoken)
        )

    def _known(self, stems: frozenset[str], asked: Spoken) -> bool:
        """Whether all these words were told together before a question, or its answer admits such a one."""
        reply = self.reply(asked)
        if reply is not None and admits_one(reply.utterance.text, self.language):
            return True
        before = range(self.index[asked.utterance.id])
        return any(
            not spoken.asks_only and all(False in spoken.reading.polarity.get(s, ()) for s in stems)
            for spoken in (self.spoken[position] for position in before)
        )

    def says_no_itself(self, spoken: Spoken, reply: Spoken | None) -> bool:
        """Whether the one who asks gives the "no": echoed ("No, okay."), or taken into the same utterance."""
        if answers_itself(spoken.utterance.text, self.language):
            return True
        following = self._going_on(spoken)
        return reply is None and following is not None and answer_kind(following, self.language) is False

    def says_yes_itself(self, spoken: Spoken, reply: Spoken | None) -> bool:
        """Whether a bare "Yes." follows in the same voice what is only to be confirmed."""
        following = self._going_on(spoken)
        if reply is not None or following is None or not asks_to_confirm(spoken.utterance.text):
            return False
        return len(words_in(following)) <= _BARE and answer_kind(following, self.language) is True

    def _going_on(self, spoken: Spoken) -> str | None:
        """What the same speaker says next."""
        after = self.index[spoken.utterance.id] + 1
        following = self.spoken[after : after + 1]
        if not following or following[0].utterance.speaker is not spoken.utterance.speaker:
            return None
        return following[0].utterance.text

    def _tells_of_it(self, claim: Reading, spoken: Spoken, reply: Spoken | None) -> bool:
        """Whether an answer that is neither yes nor no tells of the claim, or it was taken for granted."""
        question = plain(question_in(spoken.utterance.text, self.language))
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


_BARE = 2
"""Words of a mere "Yes, correct."."""
_PATIENCE = 3
"""Utterances within which an answer may follow sounds of thinking."""
_KEPT = 4
spoke = _Spokes()
"""A transcript read; every statement of a letter asks for the same one. Any thread may ask."""


def _is_run_on(text: str) -> bool:
    """Whether many words came without any mark, so that questions in them cannot be told from statements."""
    return text.count(" ") > _RUN_ON and not re.search(r"[.,?!]", text)


_RUN_ON = 25
