"""The verbs of the scribe command and their options (DESIGN section 6)."""

from __future__ import annotations

import argparse
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn, TypeAlias

from scribe_app import __version__
from scribe_app.cli import (
    asking,
    bench,
    doctor,
    draft,
    facts,
    letters,
    models,
    record,
    records,
    templates,
    transcribe,
    vault,
    vocabulary,
)
from scribe_app.cli.bench_parts import positive
from scribe_app.cli.output import report
from scribe_app.errors import UsageError
from scribe_app.ports import OWN_TERMS, ExportFormat
from scribe_app.services.application import Workshop

Verb = Callable[[Namespace, Workshop], int]

AUDIO_HELP = "WAV, FLAC, Ogg, Opus or MP3; M4A, MP4 and AAC where PyAV is installed"

VERBS: dict[str, Verb] = {
    "demo": record.demo,
    "doctor": doctor.doctor,
    "record": record.record,
    "transcribe": transcribe.transcribe,
    "draft": draft.draft,
    "export": letters.export,
    "ask": asking.ask,
    "facts": facts.facts,
    "models": models.models,
    "templates": templates.templates,
    "vocabulary": vocabulary.vocabulary,
    "vault": vault.vault,
    "consultations": records.consultations,
    "retention": records.retention,
    "audit": records.audit,
    "bench": bench.bench,
}


class _Parser(ArgumentParser):
    """An argument parser that keeps the error contract: one line, exit status 2."""

    def error(self, message: str) -> NoReturn:
        raise UsageError(
            f"{message[:1].upper()}{message[1:]}.", "Nothing was done.", f"See {self.prog} --help."
        )


def parse(argv: list[str]) -> Namespace:
    """Read the command line.

    Raises:
        UsageError: the call cannot work.
        SystemExit: --help or --version was asked for.
    """
    return parser().parse_args(argv)


def run(arguments: Namespace, workshop: Workshop) -> int:
    """Run the verb. Returns the exit status."""
    return VERBS[arguments.verb](arguments, workshop)


_Verbs: TypeAlias = "argparse._SubParsersAction[_Parser]"
"""The library offers no public name for it."""


def parser() -> ArgumentParser:
    """The whole command line; without a verb the window opens."""
    top = _Parser(prog="scribe", description="Offline ambient scribe. Without a verb, the window opens.")
    top.add_argument("--version", action="version", version=f"scribe {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", parser_class=_Parser)
    _add_recording(verbs)
    _add_letters(verbs)
    _add_libraries(verbs)
    _add_keeping(verbs)
    _add_measuring(verbs)
    return top


def _add_recording(verbs: _Verbs) -> None:
    demo = _verb(verbs, "demo", "play the bundled sample consultation through the whole line")
    demo.add_argument("--headless", action="store_true", help="print instead of opening the window")
    demo.add_argument("--fast", action="store_true", help="as fast as the machine allows, not in real time")
    _language_and_template(demo)
    _passphrase(demo)

    checking = _verb(
        verbs, "doctor", "check this computer: hardware, microphone, models, encryption, offline"
    )
    checking.add_argument(
        "--offline-proof", action="store_true", help="play a consultation under observation: nothing leaves"
    )

    recording = _verb(verbs, "record", "record a consultation without the window")
    recording.add_argument("--seconds", type=positive, metavar="N", help="stop by itself after N seconds")
    recording.add_argument(
        "--device", default="", metavar="NAME", help="microphone by name (see scribe doctor)"
    )
    recording.add_argument(
        "--from",
        dest="audio",
        type=Path,
        metavar="AUDIO",
        help="import an audio file in place of a microphone",
    )
    _speakers(recording)
    recording.add_argument("--patient", default="", metavar="NAME", help="whom the consultation is with")
    recording.add_argument("--informed", action="store_true", help="the patient was told about the recording")
    _language_and_template(recording)
    _passphrase(recording)

    transcription = _verb(verbs, "transcribe", "audio file to transcript")
    transcription.add_argument("audio", type=Path, metavar="AUDIO", help=AUDIO_HELP)
    transcription.add_argument("--language", choices=("en", "nl"), help="spoken language")
    _speakers(transcription)


def _add_letters(verbs: _Verbs) -> None:
    drafting = _verb(verbs, "draft", "transcript to letter, with evidence, checks and coverage")
    draft.add_arguments(drafting)
    _passphrase(drafting)

    heard = _verb(verbs, "facts", "what was heard, fact by fact; each can be corrected or rejected")
    facts.add_arguments(heard)
    questioning = _verb(verbs, "ask", "what was said about something, word for word")
    asking.add_arguments(questioning)
    _passphrase(questioning)

    exporting = _verb(verbs, "export", "a consultation's letter as a file")
    exporting.add_argument("consultation", metavar="CONSULTATION", help="consultation id")
    exporting.add_argument("--format", default="txt", choices=[format.value for format in ExportFormat])
    exporting.add_argument("--template", metavar="NAME", help="which letter, where there are several")
    exporting.add_argument("--output", type=Path, metavar="FILE", help="where to write it")
    _passphrase(exporting)


def _add_libraries(verbs: _Verbs) -> None:
    library = _verb(verbs, "models", "the models on this computer")
    models.add_arguments(library)

    letters_library = _verb(verbs, "templates", "the letter templates, bundled and your own")
    templates.add_arguments(letters_library)

    names = _verb(verbs, "vocabulary", "names to listen for: medicines, conditions, colleagues")
    names.add_argument("action", choices=tuple(vocabulary.ACTIONS))
    names.add_argument(
        "what", nargs="*", metavar="TERM|FILE", help="'term', 'term = how it sounds', or a file"
    )
    names.add_argument(
        "--list", default=OWN_TERMS, metavar="NAME", help="clinician (your own), or a letter template"
    )
    names.add_argument("--column", default="", metavar="NAME", help="column of a table that holds the names")


def _add_keeping(verbs: _Verbs) -> None:
    keys = _verb(verbs, "vault", "passphrase, recovery key, backup and restoring of the encrypted records")
    vault.add_options(keys)
    _passphrase(keys)

    held = _verb(verbs, "consultations", "list, hand over or erase consultations, of one patient too")
    records.add_consultation_options(held)
    _passphrase(held)

    clocks = _verb(verbs, "retention", "erase what has been kept as long as the settings say")
    records.add_retention_options(clocks)
    _passphrase(clocks)

    trail = _verb(verbs, "audit", "who did what: list, verify, export")
    records.add_audit_options(trail)
    _passphrase(trail)


def _add_measuring(verbs: _Verbs) -> None:
    measuring = verbs.add_parser(
        "bench", help="measure this computer", description="Measure this computer and the letters it writes."
    )
    kinds = measuring.add_subparsers(dest="what", metavar="WHAT", required=True, parser_class=_Parser)
    for name, benchmark in bench.BENCHMARKS.items():
        kind = _verb(kinds, name, benchmark.help)
        kind.formatter_class = argparse.RawDescriptionHelpFormatter
        kind.epilog = f"figures:\n{benchmark.figures}"
        benchmark.add_options(kind)
        _passphrase(kind)


def _verb(verbs: _Verbs, name: str, help: str) -> ArgumentParser:
    verb = verbs.add_parser(name, help=help, description=f"{help[:1].upper()}{help[1:]}.")
    verb.add_argument("--json", action="store_true", help="one JSON document on standard output")
    return verb


def _language_and_template(verb: ArgumentParser) -> None:
    verb.add_argument("--language", choices=("en", "nl"), help="spoken language")
    verb.add_argument("--template", metavar="NAME", help="letter template, such as soap, soep or outpatient")


def _speakers(verb: ArgumentParser) -> None:
    verb.add_argument(
        "--speakers",
        type=int,
        choices=range(2, 7),
        default=2,
        metavar="N",
        help="how many people speak (2 to 6)",
    )


def _passphrase(verb: ArgumentParser) -> None:
    verb.add_argument(
        "--passphrase-fd", type=int, metavar="N", help="read the vault's passphrase from file descriptor N"
    )


__all__ = ["parse", "report", "run"]
