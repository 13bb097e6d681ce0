"""scribe transcribe: an audio file down the same line as a microphone, without a vault."""

from __future__ import annotations

import queue
import secrets
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path

from scribe_app.cli.output import Output, clock
from scribe_app.domain.documents import transcript_as_json
from scribe_app.domain.events import (
    Event,
    RecordingClosed,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    WorkerFailed,
)
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import ModelError
from scribe_app.ports import FileSource, ModelEntry, ModelTask, RecordingRequest, TranscriptionRequest
from scribe_app.services.application import Workshop

PROGRESS_EVERY_SECONDS = 30


def transcribe(arguments: Namespace, workshop: Workshop) -> int:
    """Transcribe an audio file and print it; the sealed working copy is erased afterwards."""
    output = Output(arguments.json)
    language = arguments.language or workshop.settings.language
    model = speech_model(workshop, language)
    transcript = transcribe_file(workshop, arguments.audio, language, model, output)
    if model.caveat:
        output.note(f"scribe: {model.caveat}")
    for utterance in transcript:
        output.utterance(utterance, language)
    if not transcript.utterances:
        output.note("scribe: no speech was heard in this file.")
    output.document(transcript_as_json(transcript))
    return 0


def speech_model(workshop: Workshop, language: str) -> ModelEntry:
    """The speech model for a language.

    Raises:
        ModelError: there is none.
    """
    model = workshop.models.pick(ModelTask.SPEECH, language, workshop.settings.speech_model)
    if model is None or model.path is None:
        raise ModelError(
            f"No speech model for the language {language!r} is installed.",
            "Nothing was changed.",
            "See scribe models list.",
        )
    return model


def transcribe_file(
    workshop: Workshop, audio: Path, language: str, model: ModelEntry, output: Output
) -> Transcript:
    """Journal, VAD, Whisper, roles: the transcript of a file.

    Raises:
        AudioFileError: the file cannot be read.
        EngineError, ModelError: transcription failed.
    """
    assert model.path is not None
    id, key = new_consultation_id(), secrets.token_bytes(32)
    folder = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="transcribe-"))
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    recording = workshop.recorder.start(RecordingRequest(id, folder, key, FileSource(audio, 0.0)), events.put)
    request = TranscriptionRequest(
        id,
        folder,
        key,
        model.path,
        language,
        threads=workshop.settings.speech_threads,
        longest_window=model.longest_window,
    )
    transcription = workshop.transcriber.start(request, events.put)
    try:
        utterances = _collect(events, transcription.finish, output)
    finally:
        recording.kill()
        transcription.cancel()
        shutil.rmtree(folder, ignore_errors=True)
    return guess_roles(Transcript(tuple(utterances), language))


def _collect(events: queue.SimpleQueue[Event], finish: Callable[[], None], output: Output) -> list[Utterance]:
    utterances: list[Utterance] = []
    told = 0
    while True:
        match events.get():
            case UtteranceSettled(utterance=utterance):
                utterances.append(utterance)
            case RecordingClosed():
                finish()
            case TranscriptionProgressed(done_samples=done, recorded_samples=recorded):
                if done // SAMPLE_RATE >= told + PROGRESS_EVERY_SECONDS:
                    told = done // SAMPLE_RATE
                    output.note(f"scribe: {clock(told)} of {clock(recorded / SAMPLE_RATE)} transcribed")
            case TranscriptionFinished():
                return utterances
            case WorkerFailed(error=error):
                raise error
            case _:
                pass
