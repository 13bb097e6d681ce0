"""scribe draft and scribe export: letters from transcripts, and letters as files."""

from __future__ import annotations

import queue
import re
import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scribe_app.cli.output import Output
from scribe_app.cli.unlocking import opened
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.documents import (
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
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import ExportError, TranscriptFileError, UsageError
from scribe_app.ports import ExportFormat, ModelTask
from scribe_app.services.application import Application, Workshop
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.engines import NO_DRAFTING_MODEL, drafting_request
from scribe_app.services.styling import style_of, with_wording

CONSULTATION_ID = re.compile(r"[0-9a-f]{32}")
JSON_BEGINS = re.compile(r'\s*(\{|\[\s*[\[{"\]])')
"""An object, or an array of something; `[doctor] hello` is a line of speech."""
MAX_TRANSCRIPT_BYTES = 50_000_000
BINARY = frozenset({ExportFormat.DOCX, ExportFormat.PDF})


def _no_text(file: Path) -> TranscriptFileError:
    return TranscriptFileError(
        f"{file} is not a text file.", "Nothing was changed.", "Give a transcript as JSON or as UTF-8 text."
    )


def read_transcript(file: Path, language: str) -> Transcript:
    """A transcript file: JSON of utterances, or `Speaker: text` lines.

    Raises:
        TranscriptFileError: it cannot be read, and why.
    """
    try:
        if file.stat().st_size > MAX_TRANSCRIPT_BYTES:
            raise TranscriptFileError(
                f"{file} is too large for a transcript.", "Nothing was changed.", "Give one consultation."
            )
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise TranscriptFileError(
            f"{file} cannot be read ({error.strerror}).", "Nothing was changed.", "Check the file's name."
        ) from error
    except UnicodeDecodeError as error:
        raise _no_text(file) from error
    if "\0" in text:
        raise _no_text(file)
    if JSON_BEGINS.match(text):
        try:
            transcript = transcript_from_json(text, language)
        except TranscriptFileError as error:
            raise TranscriptFileError(f"{file}: {error.title}", error.detail, error.remedy) from error
    else:
        transcript = replace(transcript_from_lines(text), language=language)
    return guess_roles(transcript)


def draft_letter(
    workshop: Workshop,
    consultation: Consultation,
    template: LetterTemplate,
    transcript: Transcript,
    with_model: bool,
    on_event: Callable[[Event], None] | None = None,
    prior: Sequence[PriorLetter] = (),
    one_prompt: bool = False,
    section: str = "",
    told: Transcript | None = None,
) -> Letter:
    """Draft, check and complete one letter in the calling thread; `on_event` hears what the drafter says.

    With `section` only that one is written; with `one_prompt` the model is used in the usual way, to
    compare with. `told` is what it is written from where the clinician corrected facts (see told_now).

    Raises:
        EngineError, ModelError: drafting failed.
    """
    settings = workshop.settings
    model = None
    if with_model and settings.drafting_model != NO_DRAFTING_MODEL:
        model = workshop.models.pick(ModelTask.DRAFTING, template.language, settings.drafting_model)
    events: queue.SimpleQueue[Event] = queue.SimpleQueue()
    request = drafting_request(consultation.id, model, template.language, settings)
    drafter = workshop.drafting_yardstick if one_prompt else workshop.drafter
    assert drafter is not None
    drafting = drafter.start(request, events.put)
    clinician = Clinician(settings.clinician_name, settings.clinician_role)
    style = style_of(settings)
    template = with_wording(template, style)
    letter = LetterDraft(consultation, template, transcript, clinician, "", None, style, prior)
    letter.told = told or transcript
    written_by = DrafterReady(consultation.id, NO_DRAFTING_MODEL, "", "")
    try:
        drafting.write(template, letter.told, consultation.notes, (section,) if section else (), prior)
        while True:
            event = events.get()
            if on_event is not None:
                on_event(event)
            match event:
                case DrafterReady() as ready:
                    written_by = ready
                case StatementDrafted(section=section, statement=statement):
                    letter.add(section, statement)
                case SectionDrafted(section=section):
                    letter.close_section(section)
                case StatementJudged(statement=judged, agreement=agreement):
                    letter.judge(judged, agreement, written_by)
                case DraftFinished(read_until=read_until, facts_until=facts_until):
                    return letter.finish(written_by, read_until, facts_until)
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
