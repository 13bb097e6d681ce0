"""Live transcription: sealed journal to utterances, with faster-whisper in a process of its own.

journal → Scanner (voice detection, windows of at most 28 s cut in silence) → Decoder (Whisper, once per
window) → settle (doubts, one retry, words laid over the pauses) → utterances, final on first decode.
"""

from __future__ import annotations

from scribe_app.adapters.speech.transcriber import WhisperTranscriber, WhisperTranscription
from scribe_app.adapters.speech.yardstick import WhisperYardstick

__all__ = ["WhisperTranscriber", "WhisperTranscription", "WhisperYardstick"]
