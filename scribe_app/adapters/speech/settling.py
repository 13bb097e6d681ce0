"""One window to utterances: decode once, check, retry what is doubtful, never delete in silence."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from scribe_app.adapters.speech.decoder import BEAM, Hearing, Samples, seconds
from scribe_app.adapters.speech.doubts import UNCLEAR, Doubt, compression, doubts, is_silence
from scribe_app.adapters.speech.hotwords import BETTER_WITH_TERM
from scribe_app.adapters.speech.segmenter import Piece, Window
from scribe_app.adapters.speech.splitting import HeardWord, Passage, Stretch, split
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import RejectedText

log = logging.getLogger(__name__)

RETRY_SECONDS = 4.0
"""A doubtful window is decoded again in parts of about this length: what is wrong stays small. With the rough
starter model 4 s instead of 8 s brought the error rate of the sample from 87 to 67 %."""
RETRY_SECONDS_BEHIND = 14.0
"""The same while behind (greedy): half a window, so that doubts cannot make a slow computer slower still."""
BREATH = 0.5
"""Seconds of speech below which sound that the model calls silence is not shown as unclear speech."""

Hear = Callable[[Samples, int], Hearing]
"""(audio, beam) to words."""
Improve = Callable[[Hearing, int], Hearing | None]
"""(what was heard, beam) to the same audio heard better with names in mind; None where it is not."""
Read = Callable[[int, int], Samples]
"""(first sample, end) to audio."""


@dataclass(frozen=True, slots=True)
class Settled:
    """Text with its times (seconds of the recording) and its mean token probability."""

    text: str
    start: float
    end: float
    confidence: float


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one window: its utterances in order, and what was written and not let stand."""

    utterances: list[Settled]
    rejected: tuple[RejectedText, ...] = ()


def settle(
    window: Window, read: Read, hear: Hear, beam: int = BEAM, improve: Improve = lambda _heard, _beam: None
) -> Outcome:
    """Decode once, check, retry once; every text that is not used is in `rejected`.

    improve: may hear what is trusted once more with names in mind; what it gives is checked as well.
    """
    heard = hear(_audio(window.pieces, read), beam)
    found = doubts(heard.decoded, seconds(window.voiced))
    if not found:
        return _trusted(heard, window.pieces, improve(heard, beam))
    settled: list[Settled] = []
    rejected = [_rejected(heard, window.pieces, found, attempt=1)]
    longest = RETRY_SECONDS if beam > 1 else RETRY_SECONDS_BEHIND
    for part in _parts(window.pieces, longest):
        again = _again(part, read, hear, improve)
        settled += again.utterances
        rejected += again.rejected
    log.info(
        "window until sample %d doubted (%s): %d of %d utterances unclear",
        window.until, ", ".join(found), sum(UNCLEAR in s.text for s in settled), len(settled),
    )  # fmt: skip
    return Outcome(settled, tuple(rejected))


def _trusted(heard: Hearing, pieces: Sequence[Piece], better: Hearing | None) -> Outcome:
    """Its utterances; those of the second pass with names in mind, where that stands up to the checks."""
    if better is None or doubts(better.decoded, seconds(_speech(pieces))):
        return Outcome(_utterances(heard, pieces))
    replaced = _rejected(heard, pieces, (BETTER_WITH_TERM,), attempt=1)
    return Outcome(_utterances(better, pieces), (replaced,))


def _again(pieces: Sequence[Piece], read: Read, hear: Hear, improve: Improve) -> Outcome:
    """The one retry: greedy, only the speech of a few pieces."""
    heard = hear(_audio(pieces, read), 1)
    speech = seconds(_speech(pieces))
    found = doubts(heard.decoded, speech)
    start, end = seconds(pieces[0].voiced.start), seconds(pieces[-1].voiced.end)
    if not found:
        return _trusted(heard, pieces, improve(heard, 1))
    if found == (Doubt.TOO_LITTLE,) and heard.words:
        *before, last = _utterances(heard, pieces)
        return Outcome([*before, replace(last, text=f"{last.text} {UNCLEAR}", end=end)])
    rejected = (_rejected(heard, pieces, found, attempt=2),)
    if is_silence(heard.decoded) and speech < BREATH:
        return Outcome([], rejected)
    return Outcome([Settled(UNCLEAR, start, end, 0.0)], rejected)


def _rejected(heard: Hearing, pieces: Sequence[Piece], reasons: Sequence[str], attempt: int) -> RejectedText:
    decoded = heard.decoded
    return RejectedText(
        text=decoded.text,
        start=round(seconds(pieces[0].voiced.start), 2),
        end=round(seconds(pieces[-1].voiced.end), 2),
        attempt=attempt,
        reasons=tuple(str(reason) for reason in reasons),
        log_probability=round(decoded.log_probability, 3),
        no_speech=round(decoded.no_speech, 3),
        compression=round(compression(decoded.text), 2) if decoded.text else 0.0,
        speech=round(seconds(_speech(pieces)), 2),
    )


def _speech(pieces: Sequence[Piece]) -> int:
    return sum(piece.voiced.end - piece.voiced.start for piece in pieces)


def _utterances(heard: Hearing, pieces: Sequence[Piece]) -> list[Settled]:
    return [_settled(passage) for passage in split(heard.words, stretches_of(pieces))]


def _settled(passage: Passage) -> Settled:
    text = " ".join(word.text for word in passage.words)
    return Settled(text, passage.start, passage.end, _confidence(passage.words))


def _confidence(words: Sequence[HeardWord]) -> float:
    letters = sum(len(word.text) for word in words)
    mean = sum(word.probability * len(word.text) for word in words) / max(letters, 1)
    return round(min(1.0, max(0.0, mean)), 3)


def stretches_of(pieces: Sequence[Piece]) -> list[Stretch]:
    """The speech in each piece, with its place in the window's packed audio."""
    stretches, packed = [], 0
    for piece in pieces:
        packed += piece.end - piece.start
        stretches.append(Stretch(seconds(piece.voiced.start), seconds(piece.voiced.end), seconds(packed)))
    return stretches


def _parts(pieces: Sequence[Piece], longest: float) -> list[list[Piece]]:
    """Consecutive pieces of together at most `longest` seconds; a longer piece stands alone."""
    parts: list[list[Piece]] = []
    length = 0
    for piece in pieces:
        length += piece.end - piece.start
        if parts and length <= longest * SAMPLE_RATE:
            parts[-1].append(piece)
        else:
            parts.append([piece])
            length = piece.end - piece.start
    return parts


def _audio(pieces: Sequence[Piece], read: Read) -> Samples:
    return np.concatenate([read(piece.start, piece.end) for piece in pieces])
