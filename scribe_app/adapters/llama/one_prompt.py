"""The usual way to draft, to compare with: after Stop one prompt with the whole transcript, one answer.

No facts, no ids, no reading along, no limits on what may be written. Only benchmarks use it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from scribe_app.adapters.llama.answers import Candidate
from scribe_app.adapters.llama.chat import ChatFormat
from scribe_app.adapters.llama.engine import Engine
from scribe_app.adapters.llama.prompts import Prompts
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.prior_letters import Passage
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.transcript import Transcript, Utterance

MOST_TOKENS = 300
"""Of an answer: clinicians' notes of public consultations have 200 on average; small models never end."""
_SENTENCE_ENDS = re.compile(r"(?<=[.!?])\s+")
_MARKS = " \t*#_:-•–"
_NUMBERED = re.compile(r"^\d{1,2}[.)](?:\s+|$)")


class OnePromptDrafting:
    """Holds nothing until the letter is asked for."""

    def __init__(self, engine: Engine, chat: ChatFormat, prompts: Prompts) -> None:
        self._engine, self._chat, self._prompts = engine, chat, prompts
        self._transcript = Transcript()
        self._answer: Iterator[str] | None = None
        self._heading = ""
        """Key of the section that the model is writing."""
        self._held = ""
        """A sentence that belongs to a later section."""
        self.behind = False
        self.facts_until = 0.0
        """Seconds of the beginning that did not fit into the model's context, and were left out."""

    @property
    def tokens(self) -> int:
        """Tokens of prompt and answer so far."""
        return self._engine.length

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Nothing is read before Stop."""

    def prepare(self, transcript: Transcript, facts: Sequence[Fact]) -> float:
        """Keep the transcript; the prompt is evaluated when the first section is asked for."""
        self._engine.rollback(0)
        self._transcript, self._answer, self._heading, self._held = transcript, None, "", ""
        return transcript.seconds

    def statements(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        candidates: Sequence[Candidate],
        before: Sequence[Passage] = (),
    ) -> Iterator[Statement]:
        """Sentences of the answer until it comes to the heading of a later section."""
        keys = [one.key for one in template.sections]
        if self._answer is None:
            self._answer, self._heading = self._sentences(template), spec.key
        while sentence := self._held or next(self._answer, ""):
            self._held = ""
            if keys.index(self._heading) > keys.index(spec.key):
                self._held = sentence
                return
            yield Statement(sentence)

    def agreement(self, claim: str, cited: Sequence[UtteranceId]) -> float | None:
        """Nobody looks a second time."""
        return None

    def close(self) -> None:
        """Give the model's memory back."""
        self._engine.close()

    def _sentences(self, template: LetterTemplate) -> Iterator[str]:
        """The answer, sentence by sentence, each as soon as it ends; headings change `_heading`."""
        self._ask(template)
        text, seen = "", set[str]()
        for piece in self._pieces():
            text += piece
            *whole, text = _SENTENCE_ENDS.split(text) if "\n" not in text else _lines(text)
            for sentence in whole:
                said = self._without_heading(sentence, template)
                if said and said in seen:
                    return  # it turns in a circle
                seen.add(said)
                if said:
                    yield said
        if last := self._without_heading(text, template):
            yield last

    def _pieces(self) -> Iterator[str]:
        raw = b""
        for piece in self._engine.written(min(MOST_TOKENS, self._engine.context - self._engine.length)):
            raw += piece
            try:
                yield raw.decode("utf-8")
                raw = b""
            except UnicodeDecodeError:
                pass  # a sign of several tokens

    def _ask(self, template: LetterTemplate) -> None:
        """Evaluate the prompt; where the transcript is too long, its beginning is left out."""
        engine = self._engine
        before = engine.with_first_token(engine.tokens(self._chat.before_system, special=True))
        before += engine.tokens(self._prompts.letter) + engine.tokens(self._chat.before_user, special=True)
        after = engine.tokens("\n" + self._prompts.whole_request(template))
        after += engine.tokens(self._chat.before_reply, special=True)
        room = engine.context - len(before) - len(after) - MOST_TOKENS
        lines = [engine.tokens(self._prompts.spoken(utterance)) for utterance in self._transcript]
        first = 0
        while first < len(lines) and sum(map(len, lines[first:])) > room:
            first += 1
        self.facts_until = self._transcript.utterances[first - 1].end if first else 0.0
        engine.append([*before, *(token for line in lines[first:] for token in line), *after])

    def _without_heading(self, sentence: str, template: LetterTemplate) -> str:
        """The sentence without list marks; the heading of a section is noted and taken off."""
        text = _NUMBERED.sub("", sentence.strip(_MARKS + "\n"))
        for spec in template.sections:
            heading = spec.heading.casefold()
            if spec.source is SectionSource.CONVERSATION and text.casefold().startswith(heading):
                rest = text[len(heading) :]
                if not rest or rest[0] in _MARKS:
                    self._heading, text = spec.key, rest.strip(_MARKS)
        return text


def _lines(text: str) -> list[str]:
    """Whole sentences of whole lines, and what follows the last line's end."""
    *whole, rest = text.split("\n")
    return [part for line in whole for part in _SENTENCE_ENDS.split(line) if part.strip()] + [rest]
