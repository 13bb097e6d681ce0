"""Is this text what was said? Checks after decoding, because Whisper invents text now and then.

About 1 % of Whisper transcriptions held invented phrases, more with long non-vocal stretches (Koenecke et
al., Careless Whisper, FAccT 2024). A doubt never deletes: it leads to one retry, then to "[unclear, play]".
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from enum import StrEnum

from scribe_app.domain.transcript import UNCLEAR as UNCLEAR  # settling.py and its tests take it from here

MOST_COMPRESSION = 2.4
"""Bytes of text per byte compressed, above which it is a loop (OpenAI Whisper's own threshold)."""
LEAST_LOG_PROBABILITY = -1.0
"""Mean log-probability per token (OpenAI Whisper's own threshold)."""
NO_SPEECH = 0.6
"""Probability of the no-speech token (OpenAI's threshold); never counts alone."""
MOST_REPEATS = 4
"""Times that 1 to 3 words may follow themselves; real speech repeats up to three times ("no, no, no")."""
MOST_CHARACTERS_PER_SECOND = 34.0
"""Of speech. Eight tokens a second at Whisper's 4.2 characters per English token; counted in characters since
small vocabularies need more tokens for the same words. Fast talkers reach 25."""
LEAST_CHARACTERS_PER_SECOND = 3.5
"""Of speech; slow dictation has 8. Whisper leaves out whole phrases more often than it invents them (5,986 of
9,897 errors of large-v3-turbo on PriMock57 are deletions)."""
ENOUGH_TO_COUNT = 4.0
"""Seconds of speech from which little text is a doubt."""
TINY_SPEECH = 1.2
"""Seconds of speech below which a text on the blocklist counts as invented."""
BLOCKLIST = frozenset(
    {
        "thank you", "thanks for watching", "thank you for watching", "thank you very much", "you", "the end",
        "please subscribe", "subtitles by the amara org community", "music", "applause",
        "ondertiteld door de amara org gemeenschap", "ondertitels ingediend door de amara org gemeenschap",
        "bedankt voor het kijken", "tv gelderland 2021", "dank u wel",
    }
)  # fmt: skip
"""Phrases that Whisper makes of noise (Barański et al., arXiv 2501.11378: a small recurring set). Matched
whole and only on tiny spans: "thank you" is real speech in a consultation."""


class Doubt(StrEnum):
    """Why a text is not trusted."""

    LOOP = "loop"
    IMPROBABLE = "improbable"
    TOO_MUCH = "too_much"
    INVENTED = "invented"
    CUT_OFF = "cut_off"
    TOO_LITTLE = "too_little"


@dataclass(frozen=True, slots=True)
class Decoded:
    """What the model made of one stretch of audio."""

    text: str
    log_probability: float
    """Mean per token."""
    no_speech: float
    cut_off: bool = False
    """The model ran into its limit of tokens: the rest of the audio has no text."""


def doubts(decoded: Decoded, speech_seconds: float) -> tuple[Doubt, ...]:
    """What speaks against a text that was decoded from audio with this much speech; () when it is trusted."""
    text = decoded.text.strip()
    if not text:
        missed = speech_seconds >= TINY_SPEECH and decoded.no_speech <= NO_SPEECH
        return (Doubt.TOO_LITTLE,) if missed else ()
    found = {
        Doubt.LOOP: compression(text) > MOST_COMPRESSION or repeats(text) >= MOST_REPEATS,
        Doubt.IMPROBABLE: decoded.log_probability < LEAST_LOG_PROBABILITY,
        Doubt.TOO_MUCH: len(text) > MOST_CHARACTERS_PER_SECOND * max(speech_seconds, 0.3),
        Doubt.INVENTED: speech_seconds < TINY_SPEECH and _bare(text) in BLOCKLIST,
        Doubt.CUT_OFF: decoded.cut_off,
        Doubt.TOO_LITTLE: speech_seconds >= ENOUGH_TO_COUNT
        and len(text) < LEAST_CHARACTERS_PER_SECOND * speech_seconds,
    }
    return tuple(doubt for doubt, holds in found.items() if holds)


def is_silence(decoded: Decoded) -> bool:
    """Whether the model itself says that nobody spoke: Whisper's rule, both signs together."""
    return decoded.no_speech > NO_SPEECH and decoded.log_probability < LEAST_LOG_PROBABILITY


def compression(text: str) -> float:
    """Bytes per compressed byte, as OpenAI Whisper counts it."""
    raw = text.encode()
    return len(raw) / len(zlib.compress(raw))


def repeats(text: str) -> int:
    """The most times that 1 to 3 words follow themselves; 1 where nothing repeats. Numbers do not count:
    a telephone number may well hold four eights in a row."""
    words = _bare(text).split()
    most = 1
    for length in (1, 2, 3):
        run = 0
        for at in range(length, len(words)):
            run = run + 1 if words[at] == words[at - length] and not _counts(words[at]) else 0
            most = max(most, 1 + run // length)
    return most


_NUMBERS = frozenset(
    {
        "zero", "oh", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
        "nul", "een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien",
    }
)  # fmt: skip


def _counts(word: str) -> bool:
    return word in _NUMBERS or word.isdecimal()


def _bare(text: str) -> str:
    kept = "".join(letter if letter.isalnum() or letter == "'" else " " for letter in text.lower())
    return " ".join(kept.split())
