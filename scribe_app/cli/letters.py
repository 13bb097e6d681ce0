"""scribe draft and scribe export: letters from transcripts, and letters as files."""

from __future__ import annotations

import queue
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from scribe_app.cli.listening import Listener
from scribe_app.cli.output import Output
from scribe_app.cli.unlocking import opened
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.documents import (
    letter_as_json,
    plain_text,
    transcript_from_json,
    transcript_from_lines,
)
from scribe_app.domain.events import (
    DrafterReady,
    DraftFinished,
    Event,
    SectionDrafted,
    StatementDrafted,
    StatementJudged,
    WorkerFailed,
)
from scribe_app.domain.ids import ConsultationId, new_consultation_id
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import ExportError, TranscriptFileError, UsageError
from scribe_app.ports import AuditAction, ExportFormat, ModelTask
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import UNFINISHED
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.engines import NO_DRAFTING_MODEL, drafting_request
from scribe_app.services.prior_letters import prior_letter
from scribe_app.services.styling import style_of, with_wording

CONSULTATION_ID = re.compile(r"[0-9a-f]{32}")
JSON_BEGINS = re.compile(r'\s*(\{|\[\s*[\[{"\]])')
"""An object, or an array of something; `[doctor] hello` is a line of speech."""
MAX_TRANSCRIPT_BYTES = 50_000_000
BINARY = frozenset({ExportFormat.DOCX, ExportFormat.PDF})


def draft(arguments: Namespace, workshop: Workshop) -> int:
    """Draft a letter from a transcript file or from a stored consultation."""
    output = Output(arguments.json)
    prior = [read_prior(workshop, file) for file in arguments.prior]
    if CONSULTATION_ID.fullmatch(arguments.transcript):
        with opened(workshop, arguments) as application:
            id = ConsultationId(arguments.transcript)
            consultation = application.store.consultation(id)
            application.trail.note(AuditAction.OPENED, id, "draft")
            template = workshop.templates.template(arguments.template or consultation.template)
            _keep_prior(application, id, prior, output)
            finished = _finish(application, consultation, template, output)
            if finished is not None and not arguments.no_model:
                letter = finished
            else:
                transcript = application.store.transcript(id)
                held = application.prior_letters.of(id)
                letter = draft_letter(
                    workshop, consultation, template, transcript, not arguments.no_model, prior=held
                )
                application.review.take_in(letter)
    else:
        template = workshop.templates.template(arguments.template or workshop.settings.template)
        transcript = read_transcript(Path(arguments.transcript), arguments.language or template.language)
        now = datetime.now(UTC)
        consultation = Consultation(new_consultation_id(), now, transcript.language, template.name)
        given = [replace(letter, number=number) for number, letter in enumerate(prior, start=1)]
        letter = draft_letter(
            workshop, consultation, template, transcript, not arguments.no_model, prior=given
        )
    output.letter(letter, plain_text(letter, consultation))
    output.document(letter_as_json(letter))
    return 0


def _finish(
    application: Application, consultation: Consultation, template: LetterTemplate, output: Output
) -> Letter | None:
    """Transcribe the rest of a consultation that was interrupted or failed, and write its letter.

    None when there is nothing to finish.

    Raises:
        ScribeError: it failed again.
    """
    if consultation.state not in UNFINISHED | {ConsultationState.FAILED}:
        return None
    output.note("scribe: this consultation was interrupted; what is left of it is transcribed first.")
    listener = Listener(application.bus, output, consultation.language)
    try:
        application.consultations.write(consultation.id, template.name)
        return listener.until_letter(consultation.id)
    finally:
        listener.close()


def read_transcript(file: Path, language: str) -> Transcript:
    """A transcript file: JSON of utterances, or `Speaker: text` lines.

    Raises:
        TranscriptFileError: it cannot be read, and why.
    """
    try:
        if file.stat().st_size > MAX_TRANSCRIPT_BYTES:
            raise TranscriptFileError(f"{file} is too large for a transcript.", "Nothing was changed.")
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TranscriptFileError(
            f"{file} cannot be read ({error.strerror}).", "Nothing was changed.", "Check the file's name."
        ) from error
    except UnicodeDecodeError as error:
        raise TranscriptFileError(
            f"{file} is not a text file.",
            "Nothing was changed.",
            "Give a transcript as JSON or as UTF-8 text.",
        ) from error
    if JSON_BEGINS.match(text):
        try:
            transcript = transcript_from_json(text, language)
        except TranscriptFileError as error:
            raise TranscriptFileError(f"{file}: {error.title}", error.detail, error.remedy) from error
    else:
        transcript = replace(transcript_from_lines(text), language=language)
    return guess_roles(transcript)


def read_prior(workshop: Workshop, file: Path) -> PriorLetter:
    """A letter from before in a file of text or a Word document. Raises TemplateError, UsageError."""
    return prior_letter(workshop.templates.example(file), file.stem, datetime.now(UTC))


def _keep_prior(
    application: Application, id: ConsultationId, given: Sequence[PriorLetter], output: Output
) -> None:
    """Keep letters from before with the consultation; one that is there already is not kept twice."""
    known = {letter.text for letter in application.prior_letters.of(id)}
    for letter in given:
        if letter.text not in known:
            if warning := application.prior_letters.warning(id, letter):
                output.note(f"scribe: {warning}")
            application.prior_letters.add(id, letter)


def draft_letter(
    workshop: Workshop,
    consultation: Consultation,
    template: LetterTemplate,
    transcript: Transcript,
    with_model: bool,
    on_event: Callable[[Event], None] | None = None,
    prior: Sequence[PriorLetter] = (),
    one_prompt: bool = False,
) -> Letter:
    """Draft, check and complete one letter in the calling thread; `on_event` hears what the drafter says.

    With `one_prompt` the model is used in the usual way, to compare with.

    Raises:
        EngineError, ModelError: drafting failed.
    """
    settings = workshop.settings
    model = None
    if with_model and settings.drafting_model != NO_DRAFTING_MODEL:
        model = workshop.models.pick(ModelTask.DRAFTING, template.language, settings.drafting_model)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    request = drafting_request(consultation.id, model, template.language, settings)
    start = workshop.drafter.start_plain if one_prompt else workshop.drafter.start
    drafting = start(request, events.put)
    clinician = Clinician(settings.clinician_name, settings.clinician_role)
    style = style_of(settings)
    template = with_wording(template, style)
    letter = LetterDraft(consultation, template, transcript, clinician, "", None, style, prior)
    drafter = DrafterReady(consultation.id, NO_DRAFTING_MODEL, "", "")
    try:
        drafting.write(template, transcript, consultation.notes, (), prior)
        while True:
            event = events.get()
            if on_event is not None:
                on_event(event)
            match event:
                case DrafterReady() as ready:
                    drafter = ready
                case StatementDrafted(section=section, statement=statement):
                    letter.add(section, statement)
                case SectionDrafted(section=section):
                    letter.close_section(section)
                case StatementJudged(statement=judged, agreement=agreement):
                    letter.judge(judged, agreement)
                case DraftFinished(read_until=read_until, facts_until=facts_until):
                    return letter.finish(drafter, read_until, facts_until)
                case WorkerFailed(error=error):
                    raise error
                case _:
                    pass
    finally:
        drafting.close()


def export(arguments: Namespace, workshop: Workshop) -> int:
    """Write a consultation's letter out; an unsigned one with a DRAFT mark."""
    format = ExportFormat(arguments.format)
    with opened(workshop, arguments) as application:
        letter = _choose(application, ConsultationId(arguments.consultation), arguments.template)
        content = application.review.export(letter.id, format)
    file: Path | None = arguments.output
    if file is None and (format in BINARY or arguments.json):
        file = Path(f"{letter.consultation[:8]}-{letter.template}.{_suffix(format)}")
    if file is None:
        sys.stdout.buffer.write(content)
        sys.stdout.flush()
        return 0
    try:
        file.write_bytes(content)
    except OSError as error:
        raise ExportError(
            f"{file} cannot be written ({error.strerror}).",
            "The letter is unchanged.",
            "Choose another place.",
        ) from error
    output = Output(arguments.json)
    output.line(f"Written to {file}{'' if letter.signature else ', marked DRAFT: it is not signed'}.")
    output.document({"file": str(file), "format": format.value, "signed": letter.signature is not None})
    return 0


def _choose(application: Application, id: ConsultationId, template: str | None) -> Letter:
    application.store.consultation(id)  # raises StorageError for an unknown id
    letters = application.store.letters(id)
    wanted = [letter for letter in letters if template is None or letter.template == template]
    if not wanted:
        has = ", ".join(letter.template for letter in letters) or "none"
        raise UsageError(
            "This consultation has no such letter.", f"It has: {has}.", "Draft one with scribe draft."
        )
    return wanted[-1]


def _suffix(format: ExportFormat) -> str:
    return {ExportFormat.FHIR: "fhir.json"}.get(format, format.value)
