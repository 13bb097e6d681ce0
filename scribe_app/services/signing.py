"""The gate before a signature, and the signature itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from scribe_app.domain.documents import letter_sha256
from scribe_app.domain.letter import Letter, LetterStatus, Signature
from scribe_app.errors import SigningError

AUDIT = "audit"
"""Name in a letter's provenance of the audit trail's head at signing."""


def signed(letter: Letter, name: str, role: str, now: datetime) -> Letter:
    """The letter, final and frozen under a name; `now` is UTC.

    Raises:
        SigningError: it is signed already, something is unsettled, it is empty, or no name is given.
    """
    if letter.signature is not None:
        raise SigningError("This letter is signed already.", "It is unchanged.", "Amend it to change it.")
    if letter.unsettled:
        raise SigningError(
            f"{letter.unsettled} statement(s) still need a decision.",
            "The draft is kept.",
            "Keep each marked statement as yours, or remove it, then sign.",
        )
    if not letter.statements:
        raise SigningError("The letter is empty.", "The draft is kept.", "Add what belongs in it, then sign.")
    if not name.strip():
        raise SigningError(
            "A letter is signed with a name.", "The draft is kept.", "Type your name and sign."
        )
    status = LetterStatus.AMENDED if letter.version > 1 else LetterStatus.FINAL
    final = replace(letter, status=status)
    return replace(final, signature=Signature(name.strip(), role.strip(), now, letter_sha256(final)))


def anchored(letter: Letter, audit_head: str) -> Letter:
    """The letter with the head of the audit trail in what made it: a trail that was cut off later shows."""
    if letter.provenance is None or not audit_head or letter.signature is not None:
        return letter
    settings = tuple(one for one in letter.provenance.settings if one[0] != AUDIT)
    return replace(letter, provenance=replace(letter.provenance, settings=(*settings, (AUDIT, audit_head))))
