"""Drafting with a model that can use a whole consultation: it reads along, then is asked section by section.

The transcript comes first and the request last, so that any letter can be asked for after Stop with only the
request left to evaluate. Attention models are rolled back to the transcript after each section; recurrent
ones cannot be, so for them the requests go on as turns of one conversation.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scribe_app.adapters.llama.candidates import Candidate
from scribe_app.adapters.llama.chat import ChatFormat
from scribe_app.adapters.llama.engine import Engine
from scribe_app.adapters.llama.lines import MOST_LINES, ROOM, Line, written_lines
from scribe_app.adapters.llama.prompts import Prompts
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.adapters.llama.wording import spoken_language, wording_for
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

_TOGETHER = 32
"""Tokens worth a decode of their own; fewer wait for the next utterance."""
_REQUEST = 320
"""Tokens kept free for a section's request."""


class WholeDrafting:
    """Holds the transcript as an append-only prefix of the model's context."""

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
        self._read: dict[UtteranceId, Utterance] = {}
        self._waiting: list[int] = []
        self._head = 0
        self._prefix = 0
        self._full = False
        self._transcript = Transcript((), language)

    @property
    def tokens(self) -> int:
        """Tokens of the prefix."""
        return self._prefix

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Append settled utterances, as long as room is left to write; speech recognition keeps its cores."""
        self._engine.use_threads(max(1, self._engine.threads // 2))
        self._take(utterances)

    def _take(self, utterances: Sequence[Utterance]) -> None:
        self._begin()
        for utterance in utterances:
            if utterance.id in self._read:
                continue  # a correction; it is carried as one when the letter is written
            self._append_line(utterance)
        if len(self._waiting) >= _TOGETHER:
            self._flush()

    def prepare(self, transcript: Transcript) -> float:
        """Read what is missing and what was corrected since it was read.

        A consultation too long for the context is not cut: each section is then written from its own
        candidates, so all of it is used.
        """
        self._transcript = transcript
        self._engine.use_threads(self._engine.threads)
        self._take(transcript.utterances)
        corrected = [u for u in transcript if self._read.get(u.id) not in (None, u) and not self._full]
        changed = [u for u in corrected if _spoken(u) != _spoken(self._read[u.id])]
        if changed:
            self._waiting += self._engine.tokens(self._prompts.phrases["corrections"] + "\n")
            for utterance in changed:
                self._append_line(utterance)
        self._flush()
        return transcript.seconds

    def statements(
        self, spec: SectionSpec, template: LetterTemplate, candidates: Sequence[Candidate]
    ) -> Iterator[Statement]:
        """Lines of the model with the ids that it names; what would steer it is only quoted."""
        if not candidates:
            return  # nothing said fits this heading: the model is not tempted
        request = self._prompts.request(spec, template)
        quoting = Quoting(self._language, template.audience)
        if self._full:
            for window in self._windows(candidates):
                yield from self._checked(self._written(window, request), quoting)
        else:
            ids = [utterance.id for utterance in self._transcript]
            yield from self._checked(self._asked(request, ids), quoting)

    def close(self) -> None:
        """Give the model's memory back."""
        self._engine.close()

    def _begin(self) -> None:
        if self._head:
            return
        self._engine.append(self._engine.tokens(self._chat.before_system, special=True))
        self._engine.append(self._engine.tokens(self._prompts.letter))
        self._engine.append(self._engine.tokens(self._chat.before_user, special=True))
        self._engine.append(self._engine.tokens(self._prompts.phrases["transcript"] + "\n"))
        self._head = self._prefix = self._engine.length

    def _append_line(self, utterance: Utterance) -> None:
        """Queue one line. Each is tokenised by itself, so that what was read before never changes."""
        line = self._engine.tokens(self._prompts.line(utterance))
        ahead = self._prefix + len(self._waiting) + len(line) + _REQUEST + ROOM
        if self._full or ahead > self._engine.context:
            self._full = True
            return
        self._waiting += line
        self._read[utterance.id] = utterance

    def _flush(self) -> None:
        if self._engine.length > self._prefix and self._waiting:
            self._engine.rollback(self._prefix)  # sections of an earlier letter stand behind the transcript
        self._engine.append(self._waiting)
        self._prefix += len(self._waiting)
        self._waiting = []

    def _asked(self, request: str, ids: Sequence[UtteranceId]) -> Iterator[Line]:
        """Ask for one section behind the prefix; the next request finds the prefix as it was."""
        follows = self._engine.length > self._prefix
        opening = self._chat.before_next if follows else "\n"
        length = (
            len(self._engine.tokens(request)) + 2 * len(self._engine.tokens(self._chat.before_next)) + ROOM
        )
        if follows and self._engine.length + length > self._engine.context:
            self._engine.rollback(self._prefix)
            opening = "\n"
        try:
            self._engine.append(self._engine.tokens(opening, special=True))
            self._engine.append(self._engine.tokens(request))
            self._engine.append(self._engine.tokens(self._chat.before_reply, special=True))
            yield from written_lines(self._engine, ids, self._most_lines)
        finally:
            if not self._append_only:
                self._engine.rollback(self._prefix)

    def _windows(self, candidates: Sequence[Candidate]) -> Iterator[tuple[Utterance, ...]]:
        """The utterances behind the candidates, in pieces that leave room to write."""
        room = self._engine.context - self._head - _REQUEST - ROOM
        window: list[Utterance] = []
        used = 0
        for utterance in self._transcript.cited(id for one in candidates for id in one.evidence):
            size = len(self._engine.tokens(self._prompts.line(utterance)))
            if window and used + size > room:
                yield tuple(window)
                window, used = [], 0
            window.append(utterance)
            used += size
        if window:
            yield tuple(window)

    def _written(self, window: Sequence[Utterance], request: str) -> Iterator[Line]:
        """One section from some lines only, instead of the prefix."""
        self._engine.rollback(self._head)
        self._prefix = self._head
        for utterance in window:
            self._engine.append(self._engine.tokens(self._prompts.line(utterance)))
        self._prefix = self._engine.length
        try:
            yield from self._asked(request, [utterance.id for utterance in window])
        finally:
            self._engine.rollback(self._head)
            self._prefix = self._head

    def _checked(self, lines: Iterator[Line], quoting: Quoting) -> Iterator[Statement]:
        for line in lines:
            cited = self._transcript.cited(line.evidence)
            steering = [u for u in cited if self._wording.instructions.search(u.text)]
            if not steering:
                yield Statement(line.text, evidence=line.evidence)
            for utterance in steering:
                speaker = (
                    utterance.speaker if utterance.speaker is not SpeakerRole.CLINICIAN else SpeakerRole.OTHER
                )
                yield quoting.statement(Candidate(utterance.text, speaker, (utterance.id,)))


def _spoken(utterance: Utterance) -> tuple[str, SpeakerRole]:
    return utterance.text, utterance.speaker
