"""scribe facts: what was heard, fact by fact; of a kept consultation each can be corrected or rejected."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from scribe_app.cli.letters import CONSULTATION_ID, read_transcript
from scribe_app.cli.output import Output, clock
from scribe_app.cli.unlocking import opened
from scribe_app.domain.fact_corrections import FactState, HeldFact, held_facts
from scribe_app.domain.facts import facts_in
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import Letter
from scribe_app.domain.transcript import Transcript
from scribe_app.errors import UsageError
from scribe_app.ports import AuditAction
from scribe_app.services.application import Application, Workshop

_MADE_OF_IT = {FactState.HEARD: "", FactState.CORRECTED: " (corrected)", FactState.REJECTED: " (not so)"}


def add_arguments(verb: ArgumentParser) -> None:
    """The options of `scribe facts`."""
    verb.add_argument(
        "transcript", metavar="TRANSCRIPT", help="file (JSON or 'Speaker: text' lines) or consultation id"
    )
    verb.add_argument("--language", choices=("en", "nl"), help="language of a transcript file")
    changes = verb.add_mutually_exclusive_group()
    changes.add_argument(
        "--correct", nargs=2, metavar=("FACT", "WORDS"), help="the fact, such as U12.1, in your words"
    )
    changes.add_argument("--reject", metavar="FACT", help="the fact is not so")
    changes.add_argument("--restore", metavar="FACT", help="the fact as it was heard, after all")


def facts(arguments: Namespace, workshop: Workshop) -> int:
    """Print the facts, after the change that was asked for."""
    output = Output(arguments.json)
    changes = bool(arguments.correct or arguments.reject or arguments.restore)
    if CONSULTATION_ID.fullmatch(arguments.transcript):
        with opened(workshop, arguments) as application:
            id = ConsultationId(arguments.transcript)
            application.trail.note(AuditAction.OPENED, id, "facts")
            letters = _changed(arguments, application, id) if changes else []
            _tell(output, application.store.transcript(id), application.review.facts(id), letters)
        return 0
    if changes:
        raise UsageError(
            "Only facts of a consultation that is kept can be corrected.",
            "Nothing was changed.",
            "Give the id of a consultation.",
        )
    language = arguments.language or workshop.settings.language
    transcript = read_transcript(Path(arguments.transcript), language)
    _tell(output, transcript, held_facts(facts_in(transcript), ()), [])
    return 0


def _changed(arguments: Namespace, application: Application, id: ConsultationId) -> list[Letter]:
    named = arguments.correct[0] if arguments.correct else arguments.reject or arguments.restore
    held = next((one for one in application.review.facts(id) if one.fact.id == named.upper()), None)
    if held is None:
        raise UsageError(
            f"This consultation has no fact {named!r}.", "Nothing was changed.", "scribe facts lists them."
        )
    if arguments.correct:
        return application.review.correct_fact(id, held.fact, arguments.correct[1])
    if arguments.reject:
        return application.review.reject_fact(id, held.fact)
    return application.review.restore_fact(id, held.fact)


def _tell(
    output: Output, transcript: Transcript, held: Sequence[HeldFact], letters: Sequence[Letter]
) -> None:
    starts = {utterance.id: utterance.start for utterance in transcript}
    listed: list[dict[str, Any]] = []
    for one in held:
        if one.fact.retracted and one.state is FactState.HEARD:
            continue
        start = starts[one.fact.utterances[-1]]
        output.line(f"{one.fact.id:8} [{clock(start)}] {one.fact.kind:11} {one.text}{_MADE_OF_IT[one.state]}")
        listed.append(
            {
                "id": one.fact.id,
                "kind": one.fact.kind,
                "text": one.text,
                "heard": one.fact.text,
                "state": one.state.value,
                "utterances": list(one.fact.utterances),
                "start": start,
            }
        )
    if not listed:
        output.line("No facts were heard.")
    for letter in letters:
        doubted = [statement.text for statement in letter.statements if statement.needs_settling]
        if doubted:
            output.line(f"\nTo settle in “{letter.title}”:")
        for text in doubted:
            output.line(f"  {text}")
    output.document({"facts": listed})
