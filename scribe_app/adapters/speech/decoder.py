"""faster-whisper on one stretch of audio: one encoding, one decoding, words with probabilities.

WhisperModel.transcribe() is not used: with word times it decodes the tail of each window a second time, with
timestamps it seeks and may skip, and its no-speech rule deletes in silence. The public parts underneath it
(feature_extractor, encode, get_prompt, generate, find_alignment) do exactly one pass.
"""

from __future__ import annotations

import json
import logging
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.speech import library
from scribe_app.adapters.speech.doubts import Decoded
from scribe_app.adapters.speech.splitting import HeardWord
from scribe_app.adapters.weights import checked
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ModelError
from scribe_app.language import later
from scribe_app.ports import ModelContents

Samples = npt.NDArray[np.float32]

BEAM = 5
"""Beams of a final decode: +30 to 43 % of decoding time over greedy, measured, for fewer errors."""
PATIENCE = 1.0
TOKEN_LIMIT = 448
"""Whisper's context. CTranslate2 gives half of `max_length` to the answer: 224 tokens for 28 s."""
MOST_TOKENS = TOKEN_LIMIT // 2
HOP = 160
"""Samples per mel frame."""
FRAMES = 3_000
"""Mel frames the encoder was trained on (30 s). Final decodes are always padded to it: short encodings lose
words with stock weights (CTranslate2 #2100, whisper.cpp #1951)."""
PREVIEW_ROOM = 100
"""Mel frames of silence after the audio of a preview, which may be cropped: it is thrown away."""

NEEDED_FILES = {
    "model.bin": "the weights",
    "config.json": "the settings",
    "tokenizer.json": "the words it knows; without it faster-whisper would look on the internet",
}
VOCABULARIES = ("vocabulary.json", "vocabulary.txt")


@dataclass(frozen=True, slots=True)
class Hearing:
    """Text of one stretch of audio, as words and as scores."""

    words: tuple[HeardWord, ...]
    decoded: Decoded


def check_model_folder(folder: Path) -> None:
    """Refuse a folder that faster-whisper could not load from this disk alone.

    Raises:
        ModelError: the folder or one of its files is missing or broken; the text names it.
    """
    remedy = later("Import the model again: scribe models import FOLDER.")
    kept = later("The recording is kept; it is transcribed as soon as a model is there.")
    if not folder.is_dir():
        raise ModelError(f"There is no speech model in {folder}.", kept, remedy)
    for name, purpose in NEEDED_FILES.items():
        if not (folder / name).is_file() or not (folder / name).stat().st_size:
            raise ModelError(f"The speech model in {folder} has no {name} ({purpose}).", kept, remedy)
    if not any((folder / name).is_file() for name in VOCABULARIES):
        raise ModelError(f"The speech model in {folder} has no {VOCABULARIES[0]}.", kept, remedy)
    for file in [folder / "tokenizer.json", *folder.glob("preprocessor_config.json")]:
        try:
            json.loads(file.read_text(encoding="utf-8"))
        except (ValueError, RecursionError, OSError) as error:
            raise ModelError(
                f"{file.name} of the speech model in {folder} is broken.", kept, remedy
            ) from error


@dataclass(slots=True)
class Counted:
    """How often the model was asked."""

    encodings: int = 0
    with_names: int = 0
    previews: int = 0


class Decoder:
    """One Whisper model in memory; serial calls from one thread only (CTranslate2 grows otherwise, #1055).

    What is set, and why (figures and issues as researched):
    - compute_type int8: keeps accuracy (Whisper-small, arXiv 2511.08093) at a quarter of the memory.
    - cpu_threads as measured on this computer (threads.py), num_workers 1: more only help parallel calls.
    - language fixed, never detected: short windows are misdetected, and detection is a pass of its own.
    - beam_size 5 (1 far behind), patience 1: five beams cost 30 to 43 % of decoding, not five times it.
    - temperature 0 throughout: sampling crashes on Windows (faster-whisper #223), and what fails the checks
      is retried in smaller pieces instead.
    - no text carried over from window to window: one bad window would become a loop (whisper.cpp #3744).
    - without timestamps, which decodes better (whisper.cpp #1724); times are the detector's, the aligner's.
    - repetition_penalty 1, no_repeat_ngram_size 0: doses and numbers repeat legitimately.
    - length_penalty 1, suppress_blank and the tokenizer's list of non-speech signs: as OpenAI decodes.
    - max_length the whole context: CTranslate2 gives half of it to the answer; 128 gave 66 tokens.
    - compression, log-probability and no-speech are checked afterwards, by us (doubts.py): upstream's own
      rules skip or resample in silence.
    - hotwords only where a name was nearly heard (hotwords.py), never together with earlier text: both at
      their limits overflow the context.
    - the voice detector's thresholds, padding and least speech: segmenter.py.
    """

    def __init__(
        self, folder: Path, language: str, threads: int, contents: ModelContents | None = None
    ) -> None:
        """Load the model, and no other files than its list names, where there is one. Raises ModelError."""
        check_model_folder(folder)
        library.faster_whisper()
        from faster_whisper import WhisperModel  # after offline.enforce(): it imports onnxruntime
        from faster_whisper.tokenizer import Tokenizer
        from faster_whisper.transcribe import get_suppressed_tokens

        # At INFO faster-whisper tells durations, at DEBUG what was said.
        logging.getLogger("faster_whisper").setLevel(logging.WARNING)
        try:
            with checked(folder, contents) as weights:
                self._model = WhisperModel(
                    str(weights.folder),
                    device="cpu",
                    compute_type="int8",
                    cpu_threads=threads,
                    num_workers=1,
                    local_files_only=True,
                )
        except ModelError:
            raise
        # The tokenizers library raises bare Exception for a file it cannot use.
        except Exception as error:
            raise ModelError(
                f"The speech model in {folder} cannot be loaded ({type(error).__name__}).",
                "The recording is kept; it is transcribed as soon as a model is there.",
                "Check it with scribe models verify, then import it again.",
            ) from error
        self.name = folder.name
        # A model that knows one language has no language tokens; asking for one is no error.
        multilingual = bool(self._model.model.is_multilingual)
        try:
            self._tokenizer: Any = Tokenizer(
                self._model.hf_tokenizer, multilingual, task="transcribe", language=language
            )
        except ValueError as error:
            raise ModelError(
                f"The speech model does not know the language {language}.",
                "The recording is kept.",
                "Choose another speech model or language.",
            ) from error
        self._suppressed = get_suppressed_tokens(self._tokenizer, [-1])
        self._prompt = self._model.get_prompt(self._tokenizer, [], without_timestamps=True)
        self._last: tuple[Any, int] = (None, 0)
        self.counted = Counted()

    def hear(self, samples: Samples, beam: int = BEAM) -> Hearing:
        """Words of at most 30 s of 16 kHz audio, padded to the encoder's full length."""
        self.counted.encodings += 1
        return self._hear(samples, beam, FRAMES, aligned=True)

    def hear_again(self, hotwords: str, beam: int = BEAM) -> Hearing:
        """What hear() was given last, decoded once more with these names in the prompt; not encoded again."""
        self.counted.with_names += 1
        encoded, frames_heard = self._last
        prompt = self._model.get_prompt(self._tokenizer, [], without_timestamps=True, hotwords=hotwords)
        return self._decode(encoded, prompt, beam, frames_heard, aligned=True)

    def tokens_in(self, text: str) -> int:
        """How many tokens a text takes."""
        return len(self._tokenizer.encode(text))

    def glance(self, samples: Samples) -> Hearing:
        """A quick look for the preview: greedy, the encoder cropped to the audio."""
        self.counted.previews += 1
        return self._hear(samples, 1, min(FRAMES, len(samples) // HOP + PREVIEW_ROOM), aligned=False)

    def _hear(self, samples: Samples, beam: int, frames: int, aligned: bool) -> Hearing:
        from faster_whisper.audio import pad_or_trim

        features = pad_or_trim(self._model.feature_extractor(samples), frames)
        encoded = self._model.encode(features)
        frames_heard = min(frames, len(samples) // HOP)
        if aligned:
            self._last = (encoded, frames_heard)
        return self._decode(encoded, self._prompt, beam, frames_heard, aligned)

    def _decode(
        self, encoded: object, prompt: list[int], beam: int, frames_heard: int, aligned: bool
    ) -> Hearing:
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=beam,
            patience=PATIENCE,
            length_penalty=1,
            repetition_penalty=1,
            no_repeat_ngram_size=0,
            max_length=TOKEN_LIMIT,
            return_scores=True,
            return_no_speech_prob=True,
            suppress_blank=True,
            suppress_tokens=self._suppressed,
        )[0]
        tokens: list[int] = result.sequences_ids[0]
        text = str(self._tokenizer.decode(tokens)).strip()
        # The score is a mean over the tokens without the closing one, which counts as well.
        log_probability = float(result.scores[0]) * len(tokens) / (len(tokens) + 1)
        decoded = Decoded(
            text, log_probability, float(result.no_speech_prob), cut_off=len(tokens) >= MOST_TOKENS - 1
        )
        timed = self._timed(tokens, encoded, frames_heard) if aligned and text else []
        return Hearing(_words(text, timed, math.exp(log_probability)), decoded)

    def _timed(self, tokens: list[int], encoded: object, frames: int) -> list[dict[str, Any]]:
        """The words with times and probabilities, read from the cross-attention."""
        spoken = [token for token in tokens if token < self._tokenizer.eot]
        found: list[list[dict[str, Any]]] = self._model.find_alignment(
            self._tokenizer, [spoken], encoded, frames
        )
        return found[0] if found else []


def as_floats(pcm: npt.NDArray[np.int16]) -> Samples:
    """16-bit samples as floats in -1..1."""
    return pcm.astype(np.float32) / 32_768.0


def seconds(samples: int) -> float:
    """Samples of 16 kHz audio as seconds."""
    return samples / SAMPLE_RATE


def _words(text: str, timed: list[dict[str, Any]], otherwise: float) -> tuple[HeardWord, ...]:
    """Every word of `text` once, with time and probability of the aligned part that its letters fall into.

    The aligner parts words differently (punctuation on its own), so letters are counted, not words.
    """
    letters: list[tuple[float | None, float]] = []
    for part in timed:
        letters += [(float(part["end"]), float(part["probability"]))] * len("".join(part["word"].split()))
    words, at = [], 0
    complete = len(letters) == len("".join(text.split()))
    for word in text.split():
        mine = letters[at : at + len(word)] if complete else []
        at += len(word)
        probability = sum(p for _, p in mine) / len(mine) if mine else otherwise
        words.append(HeardWord(word, probability, mine[-1][0] if mine else None))
    return tuple(words)
