"""faster-whisper as it is usually used, for comparison: the whole file, after Stop, with its own settings.

Only `scribe bench speech` uses it.
"""

from __future__ import annotations

from multiprocessing.connection import Connection
from typing import Any

import numpy as np

from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.speech import library
from scribe_app.adapters.speech.decoder import as_floats, check_model_folder
from scribe_app.adapters.worker import Stop
from scribe_app.config import default_threads
from scribe_app.domain.events import TranscriptionFinished, UtteranceSettled
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import Utterance
from scribe_app.ports import TranscriptionRequest

LONGEST = 28.0
"""Seconds; a model that takes less at once is told so, else it would be judged by what it never learnt."""


def transcribe_whole(connection: Connection, request: TranscriptionRequest) -> None:
    """Process main: WhisperModel.transcribe() with its defaults and its voice filter."""
    while not isinstance(connection.recv(), Stop):
        pass
    check_model_folder(request.model)
    library.faster_whisper()
    from faster_whisper import WhisperModel

    source = JournalReader(request.folder, request.key)
    samples = source.available()
    audio = as_floats(np.asarray(source.read(0, samples)))
    model = WhisperModel(
        str(request.model),
        device="cpu",
        compute_type="int8",
        cpu_threads=request.threads or default_threads(),
        local_files_only=True,
    )
    options: dict[str, Any] = (
        {"chunk_length": int(request.longest_window)} if request.longest_window < LONGEST else {}
    )
    segments, _ = model.transcribe(audio, language=request.language, vad_filter=True, **options)
    for number, segment in enumerate(segments, request.first_id):
        said = Utterance(UtteranceId(number), segment.text.strip(), segment.start, segment.end)
        connection.send((UtteranceSettled(request.consultation, said, samples),))
    connection.send((TranscriptionFinished(request.consultation, samples),))
