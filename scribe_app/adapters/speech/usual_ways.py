"""faster-whisper as it is usually used, to compare with: on the whole recording, after Stop.

Only `scribe bench speech` uses it.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable
from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.speech import library
from scribe_app.adapters.speech.decoder import Samples, as_floats, check_model_folder
from scribe_app.adapters.speech.spent import cpu_seconds, peak_memory_mb
from scribe_app.adapters.worker import Stop
from scribe_app.config import default_threads
from scribe_app.domain.events import SpeechWork, TranscriptionFinished, UtteranceSettled
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import TranscriptionRequest

LONGEST = 28.0
"""Seconds; a model that takes less at once is told so, else it would be judged by what it never learnt."""
BATCH = 8
"""Windows at once: faster-whisper's own choice."""


class Whisper:
    """faster-whisper's model, as its users load it, with its encodings counted."""

    def __init__(self, request: TranscriptionRequest) -> None:
        """Load it. Raises ModelError."""
        check_model_folder(request.model)
        library.faster_whisper()
        from faster_whisper import WhisperModel
        from tqdm import tqdm

        tqdm.set_lock(threading.RLock())  # else it leaves named semaphores behind when the process is ended
        self.model: Any = WhisperModel(
            str(request.model),
            device="cpu",
            compute_type="int8",
            cpu_threads=request.threads or default_threads(),
            local_files_only=True,
        )
        self.encodings = 0
        self._encode = self.model.encode
        self.model.encode = self._counted
        short = request.longest_window < LONGEST
        self.options: dict[str, Any] = {"chunk_length": int(request.longest_window)} if short else {}

    def work(self) -> SpeechWork:
        """What it cost so far."""
        return SpeechWork(
            encodings=self.encodings, cpu_seconds=round(cpu_seconds(), 2), peak_memory_mb=peak_memory_mb()
        )

    def _counted(self, features: Any) -> Any:
        """One window, or several stacked."""
        self.encodings += len(features) if features.ndim == 3 else 1
        return self._encode(features)


def transcribe_whole(connection: Connection, request: TranscriptionRequest) -> None:
    """Process main: WhisperModel.transcribe() with its voice filter and, but for one, its defaults.

    Earlier text is not fed back: that makes loops (whisper.cpp #3744), and a model that never learnt it (the
    starter) would be judged by it: 51 instead of 15 % of words wrong in the first minute of the sample.
    """
    audio = _whole(connection, request)
    whisper = Whisper(request)
    segments, _ = whisper.model.transcribe(
        audio,
        language=request.language,
        vad_filter=True,
        condition_on_previous_text=False,
        **whisper.options,
    )
    _tell(connection, request, segments, whisper, len(audio))


def transcribe_batched(connection: Connection, request: TranscriptionRequest) -> None:
    """Process main: BatchedInferencePipeline.transcribe() with its defaults."""
    audio = _whole(connection, request)
    whisper = Whisper(request)
    from faster_whisper import BatchedInferencePipeline

    segments, _ = BatchedInferencePipeline(whisper.model).transcribe(
        audio, language=request.language, batch_size=BATCH, **whisper.options
    )
    _tell(connection, request, segments, whisper, len(audio))


def _whole(connection: Connection, request: TranscriptionRequest) -> Samples:
    """The recording, once it has ended."""
    while not isinstance(connection.recv(), Stop):
        pass
    source = JournalReader(request.folder, request.key)
    return as_floats(np.asarray(source.read(0, source.available())))


def _tell(
    connection: Connection,
    request: TranscriptionRequest,
    segments: Iterable[Any],
    whisper: Whisper,
    samples: int,
) -> None:
    for number, segment in enumerate(segments, request.first_id):
        said = Utterance(UtteranceId(number), segment.text.strip(), segment.start, segment.end)
        connection.send((UtteranceSettled(request.consultation, said, samples),))
    connection.send((TranscriptionFinished(request.consultation, samples, whisper.work()),))
