"""scribe ask: a question about one consultation, answered by what was said."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path

from scribe_app.cli.letters import CONSULTATION_ID, read_transcript
from scribe_app.cli.output import SPEAKERS, Output, clock
from scribe_app.cli.unlocking import opened
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.questions import answers_to, names_something
from scribe_app.domain.transcript import Transcript
from scribe_app.ports import AuditAction
from scribe_app.services.application import Workshop

NOT_DISCUSSED = "Not discussed."
NOTHING_NAMED = (
    "The question names nothing to look for: ask about one thing, such as a medicine or a complaint."
)


def add_arguments(verb: ArgumentParser) -> None:
    """The options of `scribe ask`."""
    verb.add_argument(
        "transcript", metavar="TRANSCRIPT", help="file (JSON or 'Speaker: text' lines) or consultation id"
    )
    verb.add_argument("question", metavar="QUESTION", help="in the consultation's language")
    verb.add_argument("--language", choices=("en", "nl"), help="language of a transcript file")


def ask(arguments: Namespace, workshop: Workshop) -> int:
    """Print the utterances that answer, the best first, or that it was not discussed."""
    output = Output(arguments.json)
    transcript = _transcript(arguments, workshop)
    answers = answers_to(arguments.question, transcript)
    speakers = SPEAKERS.get(transcript.language, SPEAKERS["en"])
    said = {utterance.id: utterance for utterance in transcript}
    for answer in answers:
        for id in filter(None, (answer.asked, answer.utterance)):
            utterance = said[id]
            output.line(f"[{clock(utterance.start)}] {speakers[utterance.speaker]}: {utterance.text}")
        output.line()
    understood = names_something(arguments.question, transcript.language)
    if not answers:
        output.line(NOT_DISCUSSED if understood else NOTHING_NAMED)
    found = [
        {"utterance": answer.utterance, "asked": answer.asked, "start": answer.start, "text": answer.text}
        for answer in answers
    ]
    output.document(
        {
            "question": arguments.question,
            "understood": understood,
            "discussed": bool(answers),
            "answers": found,
        }
    )
    return 0


def _transcript(arguments: Namespace, workshop: Workshop) -> Transcript:
    if not CONSULTATION_ID.fullmatch(arguments.transcript):
        language = arguments.language or workshop.settings.language
        return read_transcript(Path(arguments.transcript), language)
    with opened(workshop, arguments) as application:
        id = ConsultationId(arguments.transcript)
        transcript = application.store.transcript(id)
        application.trail.note(AuditAction.OPENED, id, "question")
        return transcript
