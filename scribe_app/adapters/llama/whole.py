"""Drafting with a model that can use a whole consultation: it reads along, then is asked section by section.

The transcript comes first and the request last, so that any letter can be asked for after Stop with only the
request left to evaluate. Attention models are rolled back to the transcript after each section; recurrent
ones cannot be, so for them the requests go on as turns of one conversation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scribe_app.adapters.llama.answers import Candidate
from scribe_app.adapters.llama.chat import ChatFormat
from scribe_app.adapters.llama.engine import Engine
from scribe_app.adapters.llama.lines import MOST_LINES, ROOM, Line, written_lines
from scribe_app.adapters.llama.prefix import TranscriptPrefix
from scribe_app.adapters.llama.prompts import Prompts
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.adapters.llama.second_look import agreement
from scribe_app.adapters.llama.wording import spoken_language, wording_for
from scribe_app.domain.checks.orders import is_order
from scribe_app.domain.facts import Fact, facts_for
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.prior_letters import Passage
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

_EARLIER = 160
"""Tokens of earlier letters in one request."""
_ID = 8
"""Tokens of "[P1] " and the end of the line."""
_REQUEST = 420 + _EARLIER
"""Tokens kept free for a section's request."""


class WholeDrafting:
    """Holds the transcript as a prefix of the model's context."""

    def __init__(
        self,
        engine: Engine,
        chat: ChatFormat,
        prompts: Prompts,
        language: str,
        append_only: bool = False,
        most_lines: int = MOST_LINES,
    ) -> None:
        self._engine, self._chat, self._prompts = engine, chat, prompts
        self._language, self._append_only, self._most_lines = language, append_only, most_lines
        self._wording = wording_for(spoken_language(language))
        self._prefix = TranscriptPrefix(engine, chat, prompts, language, _REQUEST + ROOM)
        self._transcript = Transcript((), language)
        self._facts: Sequence[Fact] = ()

    @property
    def tokens(self) -> int:
        """Tokens of the prefix."""
        return self._prefix.length

    @property
    def behind(self) -> bool:
        """Whether reading along has more to do."""
        return self._prefix.behind

    @property
    def facts_until(self) -> float:
        """Seconds of the transcript that the model has as facts or chosen lines only."""
        return self._prefix.facts_until if self._prefix.fits else self._transcript.seconds

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Take settled utterances and evaluate one piece; speech recognition keeps half of the threads."""
        self._engine.use_threads(max(1, self._engine.threads // 2))
        self._prefix.take(utterances)
        if self._prefix.behind:
            self._prefix.step()

    def prepare(self, transcript: Transcript, facts: Sequence[Fact]) -> float:
        """Read what is missing and what was corrected since it was read.

        A consultation too long for the context keeps its last part word for word and its beginning as facts.
        One whose facts do not fit either is written section by section from the lines that belong there.
        """
        self._transcript, self._facts = transcript, facts
        self._engine.use_threads(self._engine.threads)
        self._prefix.settle(transcript)
        return transcript.seconds

    def statements(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        candidates: Sequence[Candidate],
        before: Sequence[Passage] = (),
    ) -> Iterator[Statement]:
        """Lines of the model with the ids that it names; what would steer it is only quoted."""
        if not candidates:
            return  # nothing said fits this heading: the model is not tempted
        quoting = Quoting(self._language, template.audience)
        ids = {id for candidate in candidates for id in candidate.evidence}
        ids |= {id for fact in facts_for(spec, self._facts) for id in fact.utterances}
        belonging = self._transcript.cited(ids)
        back = [fact for fact in self._facts if fact.retracted and set(fact.utterances) & ids]
        told = self._earlier(before)
        texts = [passage.text for passage in told]
        if self._prefix.fits:
            request = self._prompts.request(spec, template, [u.id for u in belonging], back, texts)
            everything = [utterance.id for utterance in self._transcript]
            yield from self._checked(self._asked(request, everything, len(told)), quoting, told)
            return
        for window in self._windows(belonging):
            request = self._prompts.request(spec, template, [u.id for u in window], back, texts)
            yield from self._checked(self._written(window, request, len(told)), quoting, told)
            told, texts = [], []  # once is enough

    def _earlier(self, before: Sequence[Passage]) -> list[Passage]:
        """What of earlier letters the model is shown: as much as a request may hold, and no orders to it.

        The rest is not lost: what the model does not write of is quoted under its heading.
        """
        shown, used = [], 0
        for passage in before:
            used += len(self._engine.tokens(passage.text)) + _ID
            steers = self._wording.instructions.search(passage.text) or is_order(passage.text, self._language)
            if used <= _EARLIER and not steers:
                shown.append(passage)
        return shown

    def agreement(self, claim: str, cited: Sequence[UtteranceId]) -> float | None:
        """How far the model agrees that the cited lines say a claim, 0 to 1; None where there is no room."""
        lines = "".join(self._prompts.line(utterance) for utterance in self._transcript.cited(cited))
        question = self._engine.tokens(self._prompts.judged(claim, lines))
        follows = self._engine.length > self._prefix.length
        opening = self._engine.tokens(self._chat.before_next if follows else "\n", special=True)
        closing = self._engine.tokens(self._chat.before_reply, special=True)
        before = self._engine.length
        if before + len(opening) + len(question) + len(closing) > self._engine.context:
            return None
        try:
            self._engine.append(opening)
            self._engine.append(question)
            self._engine.append(closing)
            phrases = self._prompts.phrases
            return agreement(self._engine, phrases["yes"].split(), phrases["no"].split())
        finally:
            if not self._append_only:
                self._engine.rollback(before)

    def close(self) -> None:
        """Give the model's memory back."""
        self._engine.close()

    def _asked(self, request: str, ids: Sequence[UtteranceId], earlier: int = 0) -> Iterator[Line]:
        """Ask for one section behind the prefix; the next request finds the prefix as it was."""
        follows = self._engine.length > self._prefix.length
        opening = self._chat.before_next if follows else "\n"
        length = (
            len(self._engine.tokens(request)) + 2 * len(self._engine.tokens(self._chat.before_next)) + ROOM
        )
        if follows and self._engine.length + length > self._engine.context:
            self._engine.rollback(self._prefix.length)
            opening = "\n"
        try:
            self._engine.append(self._engine.tokens(opening, special=True))
            self._engine.append(self._engine.tokens(request))
            self._engine.append(self._engine.tokens(self._chat.before_reply, special=True))
            yield from written_lines(self._engine, ids, self._most_lines, earlier)
        finally:
            if not self._append_only:
                self._engine.rollback(self._prefix.length)

    def _windows(self, belonging: Sequence[Utterance]) -> Iterator[tuple[Utterance, ...]]:
        """The lines that belong to a section, in pieces that leave room to write."""
        room = self._engine.context - self._prefix.head - _REQUEST - ROOM
        window: list[Utterance] = []
        used = 0
        for utterance in belonging:
            size = self._prefix.size(utterance)
            if window and used + size > room:
                yield tuple(window)
                window, used = [], 0
            window.append(utterance)
            used += size
        if window:
            yield tuple(window)

    def _written(self, window: Sequence[Utterance], request: str, earlier: int) -> Iterator[Line]:
        """One section from some lines only, instead of the prefix."""
        self._prefix.window(window)
        try:
            yield from self._asked(request, [utterance.id for utterance in window], earlier)
        finally:
            self._prefix.window(())

    def _checked(
        self, lines: Iterator[Line], quoting: Quoting, told: Sequence[Passage]
    ) -> Iterator[Statement]:
        for line in lines:
            if line.earlier and not line.evidence:
                yield Statement(line.text, prior=tuple(told[number - 1].place for number in line.earlier))
                continue
            cited = self._transcript.cited(line.evidence)
            steering = [u for u in cited if self._wording.instructions.search(u.text)]
            if not steering:
                yield Statement(line.text, evidence=line.evidence)
            for utterance in steering:
                speaker = (
                    utterance.speaker if utterance.speaker is not SpeakerRole.CLINICIAN else SpeakerRole.OTHER
                )
                yield quoting.statement(Candidate(utterance.text, speaker, (utterance.id,)))
