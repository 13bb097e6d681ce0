"""Drafting with a small model: it rewords single utterances while the consultation runs, unbelieved.

A rewording that adds, loses or moves anything is thrown away and the utterance is quoted.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from scribe_app.adapters.llama.answers import Candidate
from scribe_app.adapters.llama.candidates import Candidates
from scribe_app.adapters.llama.engine import Engine
from scribe_app.adapters.llama.guard import may_begin, says_the_same
from scribe_app.adapters.llama.prompts import Prompts
from scribe_app.adapters.llama.quoting import Quoting
from scribe_app.adapters.llama.tidying import tidied
from scribe_app.adapters.llama.wording import spoken_language, wording_for
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.prior_letters import Passage
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.topics import TOPICS
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import words_in

_ANY_SECTION = SectionSpec("any", "", "", topics=TOPICS)
_ANY_LETTER = LetterTemplate("any", "", "en", 1, (_ANY_SECTION,))
_LONGEST = 60
"""Words; a longer story is better quoted."""
_NEIGHBOURS = 3
"""Utterances looked back at, to see which question is answered."""


class RewritingDrafting:
    """Keeps a rewording for each utterance it has met, so that little is left to do after Stop."""

    def __init__(self, engine: Engine, prompts: Prompts, language: str) -> None:
        self._engine, self._language = engine, language
        self._wording = wording_for(spoken_language(language))
        self._examples = engine.tokens(prompts.rewrite)
        self._kept: dict[tuple[str, str], str] = {}
        self._recent: tuple[Utterance, ...] = ()
        self.tokens = 0
        self.behind = False
        self.facts_until = 0.0
        self.tried = 0
        self.accepted = 0

    def read(self, utterances: Sequence[Utterance]) -> None:
        """Reword what just came in."""
        for utterance in utterances:
            self._recent = (*self._recent[-_NEIGHBOURS:], utterance)
            candidates = Candidates(_ANY_LETTER, Transcript(self._recent, self._language))
            for candidate in candidates.section(_ANY_SECTION):
                if utterance.id in candidate.evidence and self._is_wanted(candidate):
                    self._reworded(candidate)

    def prepare(self, transcript: Transcript, facts: Sequence[Fact]) -> float:
        """Nothing to catch up with: what has no rewording yet gets one when its section comes."""
        return transcript.seconds

    def statements(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        candidates: Sequence[Candidate],
        before: Sequence[Passage] = (),
    ) -> Iterator[Statement]:
        """One line for each candidate: the faithful rewording, or the quote."""
        quoting = Quoting(self._language, template.audience)
        for candidate in candidates:
            reworded = ""
            if template.audience != "patient" and self._is_wanted(candidate):
                reworded = self._reworded(candidate)
            yield quoting.statement(candidate, reworded)

    def agreement(self, claim: str, cited: Sequence[UtteranceId]) -> float | None:
        """A model this small is not believed."""
        return None

    def close(self) -> None:
        """Give the model's memory back."""
        self._engine.close()

    def _is_wanted(self, candidate: Candidate) -> bool:
        """Only where fixed rules have nothing better than a quote."""
        return Quoting(self._language, "clinician").is_plain_quote(candidate) and not (
            self._wording.instructions.search(candidate.words)
        )

    def _reworded(self, candidate: Candidate) -> str:
        """A rewording that says the same; empty when the model has none."""
        words = tidied(candidate.words, self._wording, candidate.speaker)
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        key = (words, question)
        if key not in self._kept:
            self._kept[key] = self._try(words, question) if len(words_in(words)) <= _LONGEST else ""
        return self._kept[key]

    def _try(self, words: str, question: str) -> str:
        self.tried += 1
        asked = f"Asked: {question}\n" if question else ""
        prompt = self._engine.tokens(f"{asked}Said: {words}\nRecord:")
        if self._engine.length != len(self._examples):
            self._engine.rollback(0)
            self._engine.append(self._examples)
        try:
            self._engine.append(prompt)
            self.tokens += len(prompt)
            text = self._line(words, question, most=len(prompt))
        finally:
            self._engine.rollback(len(self._examples))
        if text == words or not says_the_same(text, words, "", self._wording):
            return ""
        self.accepted += 1
        return text[:1].upper() + text[1:]

    def _line(self, words: str, question: str, most: int) -> str:
        """What the model writes, until the line ends or a word comes that was never said."""
        raw = b""
        for piece in self._engine.written(most):
            if b"\n" in piece:
                return (raw + piece.split(b"\n")[0]).decode("utf-8", errors="ignore").strip()
            if piece[:1].isspace() and not may_begin(
                words_in(raw.decode("utf-8", errors="ignore")), words, "", self._wording
            ):
                return ""
            raw += piece
        return raw.decode("utf-8", errors="ignore").strip() if self._engine.has_ended else ""
