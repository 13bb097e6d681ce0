"""What was said: words and segments from the recogniser, utterances by speaker."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.ids import UtteranceId

UNCLEAR = "[unclear, play]"
"""Stands where speech was heard and the text could not be trusted; the times lead to the sound."""


class SpeakerRole(StrEnum):
    """Who speaks."""

    CLINICIAN = "clinician"
    PATIENT = "patient"
    OTHER = "other"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word; times in seconds from the start of the recording."""

    text: str
    start: float
    end: float
    probability: float


@dataclass(frozen=True, slots=True)
class Segment:
    """One stretch of recogniser output; times in seconds from the start of the recording."""

    text: str
    start: float
    end: float
    confidence: float
    """Mean probability per token, 0 to 1."""
    words: tuple[Word, ...] = ()


@dataclass(frozen=True, slots=True)
class Utterance:
    """What one speaker says in one go: the smallest thing that evidence can cite."""

    id: UtteranceId
    text: str
    start: float
    end: float
    speaker: SpeakerRole = SpeakerRole.UNKNOWN
    confidence: float = 1.0
    """0 to 1; 1 for typed or imported text."""
    voice: int | None = None
    """Utterances with the same number sound like the same person; None where the sound does not say."""


@dataclass(frozen=True, slots=True)
class RejectedText:
    """What the recogniser wrote and the checks did not let stand: kept for audit and for the curious.

    It is no utterance: nothing cites it, no letter is drafted from it, search does not find it.
    """

    text: str
    start: float
    end: float
    """Seconds from the start of the recording."""
    attempt: int
    """1: the whole window; 2: the retry of a part of it. What a second try heard better keeps its first."""
    reasons: tuple[str, ...]
    """Codes of what spoke against it, such as "loop" or "improbable"."""
    log_probability: float
    """Mean per token."""
    no_speech: float
    """Probability that nobody spoke, by the recogniser itself."""
    compression: float
    """Bytes of text per byte compressed; loops compress well."""
    speech: float
    """Seconds of speech in the audio, by the voice detector."""


@dataclass(frozen=True, slots=True)
class Transcript:
    """The utterances of one consultation in the order they were said."""

    utterances: tuple[Utterance, ...] = ()
    language: str = "en"

    def __iter__(self) -> Iterator[Utterance]:
        return iter(self.utterances)

    def __len__(self) -> int:
        return len(self.utterances)

    def cited(self, ids: Iterable[UtteranceId]) -> tuple[Utterance, ...]:
        """The utterances with these ids, in transcript order; ids that do not exist are left out."""
        wanted = set(ids)
        return tuple(utterance for utterance in self.utterances if utterance.id in wanted)

    @property
    def seconds(self) -> float:
        """Where the last utterance ends."""
        return max((utterance.end for utterance in self.utterances), default=0.0)
