"""scribe record and scribe demo --headless: the whole line without a window."""

from __future__ import annotations

import json
import secrets
import shutil
import signal
import threading
from argparse import Namespace
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from scribe_app.cli.listening import Listener
from scribe_app.cli.output import Output, wrong_use
from scribe_app.cli.unlocking import given_passphrase, opened
from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.domain.documents import letter_as_json, transcript_as_json
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.ports import FileSource, ImportSource, MicrophoneSource, ModelTask
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import NewConsultation

DEMO = {"en": ("chest-pain-en", "soap"), "nl": ("buikpijn-nl", "soep")}
"""Sample consultation and template of each language."""


def record(arguments: Namespace, workshop: Workshop) -> int:
    """Record a consultation from a microphone until --seconds are over or Ctrl-C, or import an audio file."""
    output = Output(arguments.json)
    if arguments.audio is not None and (arguments.device or arguments.seconds):
        wrong_use("--from takes the whole file: --device and --seconds are for microphones.")
    with opened(workshop, arguments) as application:
        new = NewConsultation(
            template=arguments.template or workshop.settings.template,
            language=arguments.language or workshop.settings.language,
            source=ImportSource(arguments.audio)
            if arguments.audio is not None
            else MicrophoneSource(arguments.device or workshop.settings.microphone),
            speakers=arguments.speakers,
            patient=PatientIdentity(name=arguments.patient),
            informed=Informed.INFORMED if arguments.informed else Informed.NOT_STATED,
        )
        output.document(run_line(application, new, output, arguments.seconds))
    return 0


def demo(arguments: Namespace, workshop: Workshop) -> int:
    """Play the bundled sample consultation through the whole line and show the letter."""
    output = Output(arguments.json)
    with demo_application(workshop, arguments) as application:
        new = demo_consultation(workshop, arguments)
        output.line(f"Playing the sample consultation ({new.language}).\n")
        output.document(run_line(application, new, output, None))
    return 0


def demo_consultation(workshop: Workshop, arguments: Namespace) -> NewConsultation:
    """The bundled consultation as a file that is played into the line."""
    language = arguments.language or "en"
    if language not in DEMO:
        wrong_use(f"There is no sample consultation in {language!r}; there are {', '.join(DEMO)}.")
    name, template = DEMO[language]
    patient = json.loads((workshop.samples / f"{name}.json").read_text(encoding="utf-8")).get("patient", {})
    return NewConsultation(
        template=arguments.template or template,
        language=language,
        source=FileSource(workshop.samples / f"{name}.flac", speed=0.0 if arguments.fast else 1.0),
        patient=PatientIdentity(
            name=patient.get("name", ""),
            date_of_birth=patient.get("date_of_birth", ""),
            record_number=patient.get("nhs_number", patient.get("bsn", "")),
        ),
        informed=Informed.INFORMED,
    )


@contextmanager
def demo_application(workshop: Workshop, arguments: Namespace) -> Iterator[Application]:
    """The clinician's own vault when a passphrase is given; else one that nobody can open afterwards."""
    if given_passphrase(arguments) is not None:
        with opened(workshop, arguments) as application:
            yield application
        return
    root = workshop.folders.data / "demo"
    shutil.rmtree(root, ignore_errors=True)
    folders = replace(workshop.folders, data=root)
    folders.create()
    store = workshop.door(folders.vault).create(secrets.token_urlsafe(24), keychain=False)
    application = workshop.build(store, folders)
    try:
        yield application
    finally:
        application.close()
        shutil.rmtree(root, ignore_errors=True)


def run_line(
    application: Application, new: NewConsultation, output: Output, seconds: float | None
) -> dict[str, Any]:
    """Start, follow, stop, wait for the letter. Returns transcript, letter and timings.

    Raises:
        ScribeError: what the consultation failed with.
    """
    model = application.models.pick(ModelTask.SPEECH, new.language, application.settings.speech_model)
    caveat = model.caveat if model is not None else ""
    microphone = isinstance(new.source, MicrophoneSource)
    listener = Listener(application.bus, output, new.language, microphone, caveat)
    try:
        consultation = application.consultations.start(new)
        if isinstance(new.source, ImportSource):
            letter = _imported(application, consultation.id, listener)
        else:
            stop = _stopper(application, consultation.id, seconds, listener, output)
            letter = listener.until_letter(consultation.id, stop)
    finally:
        listener.close()
    output.letter(letter, application.review.plain_text(letter))
    timings = listener.timings.as_json()
    output.line(f"\n{_told(timings)}")
    output.line(f"Consultation {consultation.id}, not signed.")
    return {
        "consultation": consultation.id,
        "transcript": transcript_as_json(application.store.transcript(consultation.id)),
        "letter": letter_as_json(letter),
        "timings": timings,
    }


def _imported(application: Application, id: ConsultationId, listener: Listener) -> Letter:
    """The letter of a file. Ctrl-C cancels the import and keeps nothing of it; the file itself stays."""
    try:
        return listener.until_letter(id)
    except KeyboardInterrupt:
        application.consultations.delete(id)
        raise


def _stopper(
    application: Application, id: ConsultationId, seconds: float | None, listener: Listener, output: Output
) -> Callable[[], None]:
    """Stops the recording once: at Ctrl-C, at SIGTERM, or when it has listened for so many seconds.

    Asked a second time, the command ends without the letter; `scribe draft` writes it later.
    """
    asked = threading.Event()

    def ask(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, ask)
    timings = listener.timings
    stopped = False

    def tick() -> None:
        nonlocal stopped
        heard = 0.0 if timings.hearing is None else timings.now() - timings.hearing
        over = seconds is not None and timings.hearing is not None and heard >= seconds
        if stopped or not (asked.is_set() or over):
            return
        stopped = True
        if asked.is_set():
            output.note("scribe: the letter follows; press Ctrl-C once more to leave it for later.")
        if application.consultations.active == id:
            timings.stop = timings.now()
            application.consultations.stop(id)

    return tick


def _told(timings: dict[str, float | None]) -> str:
    return (
        f"Audio {timings['audio_s']} s. After the end of the recording: transcript complete in "
        f"{timings['stop_to_transcript_s']} s, first statement in {timings['stop_to_first_statement_s']} s, "
        f"letter in {timings['stop_to_letter_s']} s."
    )
