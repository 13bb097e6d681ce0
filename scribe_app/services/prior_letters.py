"""Letters from before that the clinician gives with a consultation: kept, listed, taken away again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.prior_letters import (
    MOST_CHARACTERS,
    MOST_LETTERS,
    PriorLetter,
    other_birth_date,
    title_for,
)
from scribe_app.errors import UsageError
from scribe_app.language import later
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.auditing import AuditTrail

_KEPT = "Nothing was added."


@dataclass(frozen=True, slots=True)
class PriorLetters:
    """The prior letters of consultations in the vault."""

    store: ConsultationStore
    trail: AuditTrail

    def of(self, id: ConsultationId) -> tuple[PriorLetter, ...]:
        """All of one consultation, in the order in which they were added."""
        return self.store.prior(id)

    def add(self, id: ConsultationId, letter: PriorLetter) -> PriorLetter:
        """Keep one. Letters that are drafted from now on take it into account.

        Raises:
            UsageError: it is there already, or there are too many.
        """
        self.store.consultation(id)  # raises StorageError for an unknown id
        refuse_more(self.store.prior(id), letter)
        kept = self.store.add_prior(id, letter)
        self.trail.note(AuditAction.EDITED, id, f"prior letter {kept.number} added")
        return kept

    def remove(self, id: ConsultationId, number: int) -> None:
        """Take one away; what letters took from it stays there and keeps its title."""
        self.store.remove_prior(id, number)
        self.trail.note(AuditAction.EDITED, id, f"prior letter {number} removed")

    def warning(self, id: ConsultationId, letter: PriorLetter) -> str:
        """What speaks for its being another patient's letter; empty for nothing."""
        return warning_for(letter, self.store.consultation(id).patient.date_of_birth)


def prior_letter(text: str, name: str, now: datetime) -> PriorLetter:
    """A letter as it was pasted or read, not stored yet.

    Raises:
        UsageError: there are no words in it, or it is too long for a letter.
    """
    kept = "".join(sign for sign in text if sign in "\n\t" or sign.isprintable()).strip()
    if not any(sign.isalpha() for sign in kept):
        raise UsageError("There is nothing to read in this letter.", _KEPT, "Paste its text.")
    if len(kept) > MOST_CHARACTERS:
        raise UsageError(
            f"This is longer than a letter ({len(kept):,} characters, {MOST_CHARACTERS:,} at most).",
            _KEPT,
            "Give the part that matters today.",
        )
    return PriorLetter(0, title_for(kept, name), kept, now)


def refuse_more(held: Sequence[PriorLetter], letter: PriorLetter) -> None:
    """Raises UsageError when a letter is there already, or there are too many."""
    same = next((one for one in held if one.text == letter.text), None)
    if same is not None:
        raise UsageError(f"This letter is there already: “{same.title}”.", _KEPT)
    if len(held) >= MOST_LETTERS:
        raise UsageError(
            f"There are {MOST_LETTERS} prior letters already.", _KEPT, "Take away what matters least today."
        )


def warning_for(letter: PriorLetter, date_of_birth: str) -> str:
    """What speaks for its being another patient's letter; empty for nothing."""
    other = other_birth_date(letter.text, date_of_birth)
    if not other:
        return ""
    return later(f"“{letter.title}” names another date of birth ({other}). Is it this patient's letter?")
