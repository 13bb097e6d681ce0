"""How the command line speaks: for people, or one JSON document on standard output."""

from __future__ import annotations

import json
import os
import sys
from typing import Any, NoReturn

from scribe_app.domain.letter import UNSETTLED, Letter
from scribe_app.domain.recording import GapReason
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.errors import ScribeError, UsageError

EXIT_FAILURE = 1
EXIT_USAGE = 2

SPEAKERS = {
    "en": {
        SpeakerRole.CLINICIAN: "Clinician",
        SpeakerRole.PATIENT: "Patient",
        SpeakerRole.OTHER: "Other",
        SpeakerRole.UNKNOWN: "Speaker",
    },
    "nl": {
        SpeakerRole.CLINICIAN: "Zorgverlener",
        SpeakerRole.PATIENT: "Patiënt",
        SpeakerRole.OTHER: "Ander",
        SpeakerRole.UNKNOWN: "Spreker",
    },
}

GAPS = {
    GapReason.PAUSED: "paused",
    GapReason.DEVICE_LOST: "microphone lost",
    GapReason.OVERFLOW: "audio overflow",
    GapReason.INTERRUPTED: "interrupted",
    GapReason.UNREADABLE: "unreadable",
}


class Output:
    """Text for people as it happens, or silence until one JSON document at the end."""

    def __init__(self, as_json: bool) -> None:
        self.as_json = as_json
        self._unread = False

    def line(self, text: str = "") -> None:
        """A line for people; nothing in JSON mode."""
        if not self.as_json:
            self._print(text)

    def note(self, text: str) -> None:
        """A remark on standard error, in both modes."""
        print(text, file=sys.stderr, flush=True)

    def document(self, value: Any) -> None:
        """The one JSON document; nothing for people."""
        if self.as_json:
            self._print(json.dumps(value, ensure_ascii=False, indent=2))

    def _print(self, text: str) -> None:
        """Nobody reading any more (`scribe record | head`) must not end a recording."""
        if self._unread:
            return
        try:
            print(text, flush=True)
        except BrokenPipeError:
            self._unread = True
            # Python flushes once more at exit, and would complain there.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    def utterance(self, utterance: Utterance, language: str) -> None:
        """One line of transcript."""
        speaker = SPEAKERS.get(language, SPEAKERS["en"])[utterance.speaker]
        self.line(f"[{clock(utterance.start)}] {speaker}: {utterance.text}")

    def letter(self, letter: Letter, text: str) -> None:
        """The letter's text, then what is doubted in it and what is missing from it."""
        self.line()
        self.line(text.rstrip())
        doubted = [statement for statement in letter.statements if statement.support in UNSETTLED]
        if doubted:
            self.line(f"\nTo settle before signing ({len(doubted)}):")
        for statement in doubted:
            reasons = "; ".join(flag.reason for flag in statement.flags)
            self.line(f"  ! {statement.text}  [{statement.support}: {reasons}]")
        if not letter.coverage.listed:
            self.line("\nWhat was said and is not in the letter has not been listed: writing was cancelled.")
        missing = [item for item in letter.coverage.items if not item.dismissed]
        if missing:
            self.line(f"\nSaid, not in the letter ({len(missing)}):")
        for item in missing:
            self.line(f"  - {item.text}  [{item.section}, utterance {item.utterance}]")


def clock(seconds: float) -> str:
    """Seconds as mm:ss."""
    return f"{int(seconds) // 60:02d}:{int(seconds) % 60:02d}"


def report(error: ScribeError) -> int:
    """One line on standard error: what happened, what was kept, what to do. Returns the exit status."""
    print(f"scribe: {' '.join(str(error).split())}", file=sys.stderr, flush=True)
    return EXIT_USAGE if isinstance(error, UsageError) else EXIT_FAILURE


def wrong_use(message: str) -> NoReturn:
    """Refuse a call that cannot work.

    Raises:
        UsageError: always.
    """
    raise UsageError(message, "Nothing was done.", "See scribe --help.")
