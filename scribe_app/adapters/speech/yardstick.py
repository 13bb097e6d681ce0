"""The SpeechYardstick port: the usual ways and the usual sizes, each in a process of its own."""

from __future__ import annotations

import queue
import shutil
import time
from collections.abc import Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from scribe_app.adapters.speech import library
from scribe_app.adapters.speech.decoder import BEAM, Decoder, Samples
from scribe_app.adapters.speech.model_shapes import SHAPES, Shape
from scribe_app.adapters.speech.outlook import outlook
from scribe_app.adapters.speech.segmenter import FULL
from scribe_app.adapters.speech.sliding import transcribe_sliding
from scribe_app.adapters.speech.spent import cpu_seconds, peak_memory_mb
from scribe_app.adapters.speech.threads import ThreadBook
from scribe_app.adapters.speech.transcriber import NICENESS, WhisperTranscription, with_known_threads
from scribe_app.adapters.speech.usual_ways import transcribe_batched, transcribe_whole
from scribe_app.adapters.worker import WorkerMain, WorkerProcess
from scribe_app.config import default_threads
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import EngineError, ScribeError
from scribe_app.ports import EventSink, ModelCost, ModelSize, TranscriptionRequest, UsualWay

MAINS: dict[UsualWay, WorkerMain] = {
    UsualWay.WHOLE_FILE: transcribe_whole,
    UsualWay.BATCHED: transcribe_batched,
    UsualWay.SLIDING_WINDOW: transcribe_sliding,
}
NEEDS = {ModelSize.SMALL: (260_000_000, 900_000_000), ModelSize.TURBO: (850_000_000, 1_900_000_000)}
"""Bytes on disk (int8 weights and vocabulary) and in memory, measured, rounded up."""
PREVIEW = 15 * SAMPLE_RATE
POLL_SECONDS = 0.5
ENDING_SECONDS = 10.0


class WhisperYardstick:
    """Compares with faster-whisper as others use it, with the threads that real work would have."""

    def __init__(self, folder: Path | None = None, shapes: Mapping[ModelSize, Shape] = SHAPES) -> None:
        """`folder` is where the transcriber keeps what it measured of this computer."""
        self._book = ThreadBook(folder)
        self._shapes = shapes

    def start(self, way: UsualWay, request: TranscriptionRequest, sink: EventSink) -> WhisperTranscription:
        """Transcribe a journal that way. Failures arrive as WorkerFailed."""
        return WhisperTranscription(with_known_threads(request, self._book), sink, MAINS[way])

    def needs(self, size: ModelSize) -> tuple[int, int]:
        """Bytes of disk and of memory that cost() takes for this size."""
        return NEEDS[size]

    def cost(self, size: ModelSize, folder: Path, threads: int = 0) -> ModelCost:
        """Make a model of that size in `folder`, measure it in a fresh process, and erase it again.

        Raises:
            EngineError: it cannot be made or run here.
        """
        model = folder / f"random-{size.value}"
        try:
            model.mkdir(parents=True)
            _in_process(make_model, (self._shapes[size], model))
            threads = threads or default_threads()
            found: ModelCost = _in_process(measure_model, (size, model, threads))
            return found
        except OSError as error:
            raise EngineError(f"A model of size {size.value} cannot be made ({error.strerror}).") from error
        finally:
            shutil.rmtree(model, ignore_errors=True)


def make_model(connection: Connection, shape: Shape, model: Path) -> None:
    """Process main: write the folder. Its memory must not count as the model's."""
    library.faster_whisper()
    from scribe_app.adapters.speech.random_models import make  # it loads CTranslate2

    try:
        make(shape, model)
    except OSError as error:
        raise EngineError(
            f"The model cannot be written ({error.strerror}).",
            "Nothing was changed.",
            "Make room on the disk, or leave it out with --no-sizes.",
        ) from error
    connection.send(True)


def measure_model(connection: Connection, size: ModelSize, model: Path, threads: int) -> None:
    """Process main: full windows through the same decoder as the record's; the quicker of two counts.

    A computer that needs longer than the window for one is not asked again: a minute more tells nothing new.
    """
    decoder = Decoder(model, "en", threads)
    sound = np.random.default_rng(1).normal(0, 0.05, FULL).astype(np.float32)
    seconds = FULL / SAMPLE_RATE
    wide = [_timed(decoder, sound, BEAM)]
    if wide[0][0] < seconds:
        wide.append(_timed(decoder, sound, BEAM))
    narrow = _timed(decoder, sound, 1)
    began = time.monotonic()
    decoder.glance(sound[:PREVIEW])
    preview = time.monotonic() - began
    window, cpu = min(wide)
    connection.send(
        ModelCost(
            size=size,
            threads=threads,
            file_mb=sum(file.stat().st_size for file in model.iterdir()) // 1_000_000,
            window_s=round(window, 2),
            narrow_window_s=round(narrow[0], 2),
            preview_s=round(preview, 2),
            cpu_s_per_audio_s=round(cpu / seconds, 3),
            real_time_factor=round(window / seconds, 3),
            peak_memory_mb=peak_memory_mb(),
            outlook=outlook(window, narrow[0], preview),
        )
    )


def _timed(decoder: Decoder, sound: Samples, beam: int) -> tuple[float, float]:
    """Seconds and CPU seconds for one window."""
    began, spent = time.monotonic(), cpu_seconds()
    decoder.hear(sound, beam)
    return time.monotonic() - began, cpu_seconds() - spent


def _in_process(main: WorkerMain, arguments: tuple[object, ...]) -> Any:
    """What the process sends. Raises its ScribeError; an interrupt ends it."""
    told: queue.SimpleQueue[Any] = queue.SimpleQueue()
    worker = WorkerProcess("speech-sizes", main, arguments, told.put, told.put, NICENESS)
    try:
        while True:
            try:
                answer = told.get(timeout=POLL_SECONDS)  # in steps: an interrupt is heard on Windows too
                break
            except queue.Empty:
                continue
        if isinstance(answer, ScribeError):
            raise answer
        if answer is None:
            raise EngineError("The measurement ended without a result.")
        worker.join(ENDING_SECONDS)
        return answer
    finally:
        worker.kill()
