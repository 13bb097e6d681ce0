"""Changes to a draft that are shown as old and new first: by instruction, or a section drafted again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from scribe_app.domain.ids import LetterId
from scribe_app.domain.instructions import intent_of
from scribe_app.domain.letter import Letter, Statement
from scribe_app.services.instructing import Proposal, applied, proposal_for
from scribe_app.services.letter_changes import LetterChanges
from scribe_app.services.redrafting import applied_section, redrafted


class ProposedChanges(LetterChanges):
    """Proposes, stores nothing, and makes what was accepted."""

    def propose(self, id: LetterId, instruction: str) -> Proposal:
        """What a typed instruction would change; nothing is stored.

        Raises:
            SigningError: the letter is signed.
            UsageError: the instruction is not understood, or changes nothing.
        """
        letter = self._unsigned(id)
        transcript = self._store.transcript(letter.consultation)
        return proposal_for(letter, intent_of(instruction), self._template_of(letter), transcript)

    def propose_section(
        self, id: LetterId, section: str, new: Sequence[Statement], made: str = ""
    ) -> Proposal:
        """What a section drafted again would change, line by line; nothing is stored.

        `made` says by what it was drafted and when (see made_by).

        Raises:
            SigningError: the letter was signed meanwhile.
            UsageError: nothing would change.
        """
        letter = self._unsigned(id)
        return replace(redrafted(letter, self._template_of(letter), section, new), made=made)

    def accept(self, proposal: Proposal, chosen: Collection[str]) -> Letter:
        """Make the chosen changes of a proposal, by their ids: one new version, taken back by one undo."""
        make = applied_section if proposal.redone else applied

        def change(letter: Letter) -> Letter:
            return make(letter, self._template_of(letter), proposal, chosen)

        return self._change(proposal.letter.id, change, f"by instruction: {proposal.intent.kind}")
