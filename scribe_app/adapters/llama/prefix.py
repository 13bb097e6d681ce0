"""The transcript at the front of a model's context: read along, corrected, and shortened by facts.

Every line is tokenised by itself and never as special text, so that what was read before does not change and
"<|im_end|>" stays words. When the lines outgrow the context, the oldest give way to their facts.
"""

from __future__ import annotations

from collections.abc import Sequence

from scribe_app.adapters.llama.chat import ChatFormat
from scribe_app.adapters.llama.engine import Engine
from scribe_app.adapters.llama.prompts import Prompts
from scribe_app.domain.facts import facts_in
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

PIECE = 128
"""Tokens evaluated between two looks at the inbox: as fast as 512 (measured), quicker to answer."""
_TOGETHER = 32
"""Tokens worth a decode of their own; fewer wait for the next utterance."""
_SHORTENED = 0.6
"""Share of the room that is filled after shortening, so that it is not done at every line."""


def first_kept(lines: Sequence[int], facts: Sequence[int], room: int) -> int | None:
    """How many of the oldest lines must give way to their facts so that all fit; None when nothing fits.

    Args:
        lines: tokens of each line, oldest first.
        facts: tokens of the facts of each line.
        room: tokens there are.
    """
    used = sum(lines)
    for kept, (line, fact) in enumerate(zip(lines, facts, strict=True)):
        if used <= room:
            return kept
        used += fact - line
    return len(lines) if used <= room else None


class TranscriptPrefix:
    """System text, then the transcript. Everything may raise Cancelled; what was read by then stays read."""

    def __init__(
        self, engine: Engine, chat: ChatFormat, prompts: Prompts, language: str, reserve: int
    ) -> None:
        """`reserve`: tokens to keep free behind it for requests and answers."""
        self._engine, self._chat, self._prompts, self._language = engine, chat, prompts, language
        self._room = engine.context - reserve
        self._read: dict[UtteranceId, Utterance] = {}
        self._waiting: list[int] = []
        self._as_facts = 0
        self.head = 0
        """Tokens before the transcript."""
        self.length = 0
        """Tokens evaluated so far."""
        self.fits = True
        """Whether the consultation fits, with facts for its beginning; if not, nothing more is read."""

    @property
    def behind(self) -> bool:
        """Whether enough waits to be evaluated."""
        return len(self._waiting) >= _TOGETHER

    @property
    def facts_until(self) -> float:
        """Seconds of the transcript for which facts stand instead of the words."""
        shortened = list(self._read.values())[: self._as_facts]
        return max((utterance.end for utterance in shortened), default=0.0)

    def take(self, utterances: Sequence[Utterance]) -> None:
        """Queue the lines of utterances that were not read yet; a known one is corrected in settle()."""
        self.begin()
        for utterance in utterances:
            if utterance.id in self._read or not self.fits:
                continue
            self._read[utterance.id] = utterance
            line = self._line(utterance)
            if self.length + len(self._waiting) + len(line) > self._room:
                self._shorten()
            else:
                self._waiting += line

    def step(self) -> None:
        """Evaluate at most one piece of what waits."""
        piece = self._waiting[:PIECE]
        if not piece:
            return
        if self._engine.length > self.length:
            self._engine.rollback(self.length)  # sections of an earlier letter stand behind it
        self._engine.append(piece)
        del self._waiting[: len(piece)]
        self.length += len(piece)

    def settle(self, transcript: Transcript) -> None:
        """Read the rest of a transcript, carry what was corrected since it was read, and evaluate it all."""
        before = dict(self._read)
        self.take(transcript.utterances)
        changed = [u for u in transcript if u.id in before and _spoken(before[u.id]) != _spoken(u)]
        if changed and self.fits:
            self._read |= {utterance.id: utterance for utterance in changed}
            lines = self._engine.tokens(self._prompts.phrases["corrections"] + "\n")
            for utterance in changed:
                lines += self._line(utterance)
            if self.length + len(self._waiting) + len(lines) > self._room:
                self._shorten()  # and the corrected words stand in their own places
            else:
                self._waiting += lines
        while self._waiting and self.fits:
            self.step()

    def begin(self) -> None:
        """Evaluate what comes before every transcript, once."""
        if self.head:
            return
        before = self._engine.tokens(self._chat.before_system, special=True)
        self._engine.append(self._engine.with_first_token(before))
        self._engine.append(self._engine.tokens(self._prompts.letter))
        self._engine.append(self._engine.tokens(self._chat.before_user, special=True))
        self.head = self.length = self._engine.length
        self._waiting = self._engine.tokens(self._prompts.phrases["transcript"] + "\n")

    def window(self, utterances: Sequence[Utterance]) -> None:
        """These lines in place of the transcript: for one that does not fit at all."""
        self._engine.rollback(self.head)
        for utterance in utterances:
            self._engine.append(self._line(utterance))
        self.length = self._engine.length

    def size(self, utterance: Utterance) -> int:
        """Tokens of one line."""
        return len(self._line(utterance))

    def _shorten(self) -> None:
        """Begin anew with facts for the oldest lines; corrected words stand in their own places."""
        self._engine.rollback(self.head)
        self.length, self._waiting = self.head, []
        read = tuple(self._read.values())
        told: dict[UtteranceId, list[int]] = {utterance.id: [] for utterance in read}
        for fact in facts_in(Transcript(read, self._language)):
            if not fact.retracted:
                told[fact.utterances[-1]] += self._engine.tokens(self._prompts.fact_line(fact))
        lines = [self._line(utterance) for utterance in read]
        sizes = [len(told[utterance.id]) for utterance in read]
        room = int((self._room - self.head) * _SHORTENED)
        kept = first_kept([len(line) for line in lines], sizes, room)
        if kept is None:
            self.fits = False
            return
        self._as_facts = kept
        phrases = self._prompts.phrases
        self._waiting = self._engine.tokens(phrases["earlier"] + "\n")
        self._waiting += [token for utterance in read[:kept] for token in told[utterance.id]]
        self._waiting += self._engine.tokens(phrases["transcript"] + "\n")
        self._waiting += [token for line in lines[kept:] for token in line]

    def _line(self, utterance: Utterance) -> list[int]:
        return self._engine.tokens(self._prompts.line(utterance))


def _spoken(utterance: Utterance) -> tuple[str, SpeakerRole]:
    return utterance.text, utterance.speaker
