"""scribe transcribe: an audio file down the same line as a microphone, without a vault."""

from __future__ import annotations

import queue
import secrets
import shutil
import tempfile
from argparse import Namespace
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from scribe_app.cli.output import Output, clock
from scribe_app.domain.documents import transcript_as_json
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    RecordingClosed,
    TranscriptionFinished,
    TranscriptionProgressed,
    UtteranceSettled,
    VoicesTold,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId, new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import AudioFileError, ModelError
from scribe_app.ports import ImportSource, ModelEntry, ModelTask, RecordingRequest, TranscriptionRequest
from scribe_app.services.application import Workshop
from scribe_app.services.supervised import SupervisedTranscription
from scribe_app.services.voices import TELLING_SECONDS, Voices

PROGRESS_EVERY_SECONDS = 30
LAST_WORDS_SECONDS = 2.0
"""For what the recorder still has to say after the end of the file."""


def transcribe(arguments: Namespace, workshop: Workshop) -> int:
    """Transcribe an audio file and print it; the sealed working copy is erased afterwards.

    Raises:
        AudioFileError: the file cannot be read, or not to its end; what could be read is printed first.
    """
    output = Output(arguments.json)
    language = arguments.language or workshop.settings.language
    model = speech_model(workshop, language)
    heard = transcribe_file(workshop, arguments.audio, language, model, output, arguments.speakers)
    transcript = heard.transcript
    if model.caveat:
        output.note(f"scribe: {model.caveat}")
    for utterance in transcript:
        output.utterance(utterance, language)
    if not transcript.utterances:
        output.note("scribe: no speech was heard in this file.")
    output.document(transcript_as_json(transcript))
    if heard.damage is not None:
        raise heard.damage
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


@dataclass(slots=True)
class Heard:
    """What came of a file."""

    transcript: Transcript
    damage: AudioFileError | None = None
    """Why the file was not read to its end."""


def transcription_of(
    workshop: Workshop, model: ModelEntry, language: str, id: ConsultationId, folder: Path, key: bytes
) -> TranscriptionRequest:
    """What is asked of the transcriber for one journal, by the workshop's settings and lists of names."""
    assert model.path is not None
    return TranscriptionRequest(
        id,
        folder,
        key,
        model.path,
        language,
        threads=workshop.settings.speech_threads,
        longest_window=model.longest_window,
        contents=model.contents,
        terms=workshop.vocabularies.terms("", language) if workshop.vocabularies else (),
    )


def transcribe_file(
    workshop: Workshop, audio: Path, language: str, model: ModelEntry, output: Output, speakers: int = 2
) -> Heard:
    """Import, journal, VAD, Whisper, voices, roles: the transcript of a file.

    Raises:
        AudioFileError: the file cannot be read at all.
        EngineError, ModelError: transcription failed.
    """
    id, key = new_consultation_id(), secrets.token_bytes(32)
    folder = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="transcribe-"))
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    recording = workshop.recorder.start(RecordingRequest(id, folder, key, ImportSource(audio)), events.put)
    request = replace(transcription_of(workshop, model, language, id, folder, key), may_end_early=True)
    transcription = SupervisedTranscription(workshop.transcriber, request, events.put)
    voices = Voices(id, workshop.voices, workshop.models, events.put, speakers)
    voices.listen(folder, key)
    try:
        utterances, damage = _collect(events, transcription.finish, output, voices)
        transcript = _with_voices(Transcript(tuple(utterances), language), voices, events)
        if damage is None and recording.join(LAST_WORDS_SECONDS):
            damage = _damage(events)
    finally:
        voices.end()
        recording.kill()
        transcription.cancel()
        shutil.rmtree(folder, ignore_errors=True)
    return Heard(guess_roles(transcript), damage)


def _with_voices(transcript: Transcript, voices: Voices, events: queue.SimpleQueue[Event]) -> Transcript:
    """The transcript with who sounds alike, where that is told in time."""
    if not voices.ask(transcript):
        return transcript
    told = events.get(timeout=2 * TELLING_SECONDS)
    while not isinstance(told, VoicesTold):
        told = events.get(timeout=2 * TELLING_SECONDS)
    found = voices.accept(told, transcript)
    return replace(transcript, utterances=tuple(replace(u, voice=found.get(u.id)) for u in transcript))


def _damage(events: queue.SimpleQueue[Event]) -> AudioFileError | None:
    """What was said about the file after its transcript was complete."""
    while not events.empty():
        event = events.get()
        if isinstance(event, WorkerFailed) and isinstance(event.error, AudioFileError):
            return event.error
    return None


def _collect(
    events: queue.SimpleQueue[Event], finish: Callable[[], None], output: Output, voices: Voices
) -> tuple[list[Utterance], AudioFileError | None]:
    """All utterances, and why the file was not read to its end where it was not."""
    utterances: list[Utterance] = []
    told, closed = 0, False
    damage: AudioFileError | None = None
    while True:
        match events.get():
            case UtteranceSettled(utterance=utterance):
                utterances.append(utterance)
                voices.hear([utterance])
            case RecordingClosed():
                closed = True
                finish()
            case TranscriptionProgressed(done_samples=done, recorded_samples=recorded):
                if done // SAMPLE_RATE >= told + PROGRESS_EVERY_SECONDS:
                    told = done // SAMPLE_RATE
                    output.note(f"scribe: {clock(told)} of {clock(recorded / SAMPLE_RATE)} transcribed")
            case ConsultationFailed(error=passed_over):
                output.note(f"scribe: {passed_over}")
            case TranscriptionFinished():
                return utterances, damage
            case WorkerFailed(error=AudioFileError() as error) if closed:
                damage = error  # what came before it is transcribed all the same
            case WorkerFailed(error=error):
                raise error
            case _:
                pass
