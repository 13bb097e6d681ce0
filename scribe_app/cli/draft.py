"""scribe draft: a letter from a transcript, changed by instruction, or one section of it drafted again."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scribe_app.cli.letters import CONSULTATION_ID, draft_letter, read_transcript
from scribe_app.cli.listening import Listener
from scribe_app.cli.output import Output
from scribe_app.cli.unlocking import opened
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.documents import letter_as_json, plain_text
from scribe_app.domain.fact_corrections import told_now
from scribe_app.domain.ids import ConsultationId, new_consultation_id
from scribe_app.domain.instructions import intent_of
from scribe_app.domain.letter import Letter
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import UsageError
from scribe_app.ports import AuditAction
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import UNFINISHED
from scribe_app.services.drafting import with_coverage
from scribe_app.services.instructing import Proposal, applied, proposal_for, summary
from scribe_app.services.prior_letters import prior_letter
from scribe_app.services.redrafting import made_by


def add_arguments(verb: ArgumentParser) -> None:
    """The options of `scribe draft`."""
    verb.add_argument(
        "transcript", metavar="TRANSCRIPT", help="file (JSON or 'Speaker: text' lines) or consultation id"
    )
    verb.add_argument("--template", metavar="NAME", help="letter template")
    verb.add_argument("--language", choices=("en", "nl"), help="language of a transcript file")
    verb.add_argument("--no-model", action="store_true", help="quote utterances, without a language model")
    verb.add_argument(
        "--prior",
        type=Path,
        action="append",
        default=[],
        metavar="FILE",
        help="a letter from before (.txt, .docx) as background; may be given several times",
    )
    verb.add_argument(
        "--instruction",
        action="append",
        default=[],
        metavar="WORDS",
        help="change the letter, such as shorter; of a consultation the draft that there is",
    )
    verb.add_argument(
        "--redo",
        metavar="SECTION",
        help="draft one section (its heading or key) of a consultation's letter again",
    )


@dataclass
class _Desk:
    """One call of the command: what it works with, and what it changed so far."""

    arguments: Namespace
    workshop: Workshop
    output: Output
    changes: list[dict[str, Any]]

    @property
    def with_model(self) -> bool:
        return not self.arguments.no_model

    def tell(self, title: str, proposal: Proposal) -> None:
        """Print a tracked change, old and new."""
        self.output.line(f"\n{title}")
        for change in proposal.changes:
            if change.before:
                self.output.line(f"  - {change.before}")
            if change.after:
                self.output.line(f"  + {change.after}")
            why = " · ".join(part for part in (change.section, change.reason) if part)
            self.output.line(f"    ({why})" if why else "")
            self.changes.append(
                {
                    "asked": title,
                    "outcome": change.outcome.value,
                    "before": change.before,
                    "after": change.after,
                    "section": change.section,
                    "reason": change.reason,
                }
            )
        self.output.line(summary(proposal.changes, proposal.kept_because))


def draft(arguments: Namespace, workshop: Workshop) -> int:
    """Draft a letter from a transcript file or from a stored consultation, and change it as asked."""
    desk = _Desk(arguments, workshop, Output(arguments.json), [])
    prior = [read_prior(workshop, file) for file in arguments.prior]
    for words in arguments.instruction:
        intent_of(words)  # what is not understood costs no letter
    if CONSULTATION_ID.fullmatch(arguments.transcript):
        with opened(workshop, arguments) as application:
            consultation, letter = _of_consultation(desk, application, prior)
    elif arguments.redo:
        raise UsageError(
            "Only a letter that is kept can have a section drafted again.",
            "Nothing was drafted.",
            "Give the id of a consultation.",
        )
    else:
        consultation, letter = _of_file(desk, prior)
    desk.output.letter(letter, plain_text(letter, consultation))
    desk.output.document(letter_as_json(letter) | ({"changes": desk.changes} if desk.changes else {}))
    return 0


def _of_file(desk: _Desk, prior: Sequence[PriorLetter]) -> tuple[Consultation, Letter]:
    """Nothing is kept."""
    arguments, workshop = desk.arguments, desk.workshop
    template = workshop.templates.template(arguments.template or workshop.settings.template)
    transcript = read_transcript(Path(arguments.transcript), arguments.language or template.language)
    now = datetime.now(UTC)
    consultation = Consultation(new_consultation_id(), now, transcript.language, template.name)
    given = [replace(letter, number=number) for number, letter in enumerate(prior, start=1)]
    letter = draft_letter(workshop, consultation, template, transcript, desk.with_model, prior=given)
    for words in arguments.instruction:
        proposal = proposal_for(letter, intent_of(words), template, transcript)
        desk.tell(words, proposal)
        changed = applied(letter, template, proposal, {change.id for change in proposal.changes})
        letter = with_coverage(changed, template, transcript)
    return consultation, letter


def _of_consultation(
    desk: _Desk, application: Application, prior: Sequence[PriorLetter]
) -> tuple[Consultation, Letter]:
    """Of a stored consultation: drafted, or the draft that there is changed; kept either way."""
    arguments = desk.arguments
    id = ConsultationId(arguments.transcript)
    consultation = application.store.consultation(id)
    application.trail.note(AuditAction.OPENED, id, "draft")
    template = desk.workshop.templates.template(arguments.template or consultation.template)
    _keep_prior(application, id, prior, desk.output)
    changes = bool(arguments.instruction or arguments.redo)
    letter = _draft_there_is(application, id, template) if changes else None
    if letter is None:
        letter = _drafted(desk, application, consultation, template)
    if arguments.redo:
        letter = _redone(desk, application, consultation, letter)
    for words in arguments.instruction:
        proposal = application.review.propose(letter.id, words)
        desk.tell(words, proposal)
        letter = application.review.accept(proposal, [change.id for change in proposal.changes])
    return consultation, letter


def _draft_there_is(application: Application, id: ConsultationId, template: LetterTemplate) -> Letter | None:
    held = [letter for letter in application.store.letters(id) if letter.template == template.name]
    return held[-1] if held else None


def _drafted(
    desk: _Desk, application: Application, consultation: Consultation, template: LetterTemplate
) -> Letter:
    finished = _finish(application, consultation, template, desk.output)
    if finished is not None and desk.with_model:
        return finished
    letter = _written(desk, application, consultation, template)
    application.review.take_in(letter)
    return application.store.letter(letter.id)


def _written(
    desk: _Desk,
    application: Application,
    consultation: Consultation,
    template: LetterTemplate,
    section: str = "",
) -> Letter:
    """From what was said, with facts as the clinician corrected them; one section, or all."""
    id = consultation.id
    transcript, corrections = application.store.transcript(id), application.store.corrections(id)
    return draft_letter(
        desk.workshop,
        consultation,
        template,
        transcript,
        desk.with_model,
        prior=application.prior_letters.of(id),
        section=section,
        told=told_now(transcript, corrections),
    )


def _redone(desk: _Desk, application: Application, consultation: Consultation, letter: Letter) -> Letter:
    """One section drafted again from what was said and given until now; the clinician's own words stay."""
    version = letter.provenance.template_version if letter.provenance else 0
    template = desk.workshop.templates.template(letter.template, version)
    wanted = desk.arguments.redo.casefold()
    spec = next((one for one in template.sections if wanted in (one.key, one.heading.casefold())), None)
    if spec is None:
        headings = ", ".join(f"{one.heading} ({one.key})" for one in template.sections)
        raise UsageError(
            f"This letter has no section called {desk.arguments.redo!r}.",
            "The letter is unchanged.",
            f"It has: {headings}.",
        )
    new = _written(desk, application, consultation, template, spec.key)
    statements = next((one.statements for one in new.sections if one.key == spec.key), ())
    made = made_by(new.provenance, datetime.now(UTC)) if new.provenance else ""
    proposal = application.review.propose_section(letter.id, spec.key, statements, made)
    desk.tell(f"{spec.heading}, drafted again", proposal)
    return application.review.accept(proposal, [change.id for change in proposal.changes])


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
