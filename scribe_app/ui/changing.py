"""Changes a letter by a typed instruction: proposed first, made where it is accepted."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.letter import Letter
from scribe_app.errors import ScribeError, SigningError
from scribe_app.language import error_text, later, translated
from scribe_app.services.application import Application
from scribe_app.services.instructing import Change, Proposal, summary
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow

DONE = later("Done. Undo takes it back (Ctrl+Z).")


class ChangingPresenter(QObject):
    """Carries instructions to ReviewService, and what they would change to the box."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._proposal: Proposal | None = None
        self._open: tuple[Change, ...] = ()
        box = window.letter.change
        box.asked.connect(self._ask)
        box.accepted.connect(self._accept)
        box.rejected.connect(self._reject)
        box.closed.connect(self.close)
        window.letter.change_wanted.connect(self.open)
        screen.shown.connect(self.close)
        screen.letter_changed.connect(self._another)

    @Slot()
    def open(self) -> None:
        """Show the field, where there is a letter that can be changed."""
        letter = self._screen.letter
        if letter is None or self._screen.being_written is not None or not self._window.letter.isVisible():
            return
        if letter.signature is not None:
            error = SigningError(
                "This letter is signed and cannot be changed.",
                "The signed letter is unchanged.",
                "Amend it first.",
            )
            self._window.banner.show_error(error)
            return
        self._window.letter.show_change(True)
        self._window.letter.change.field.setFocus()

    @Slot()
    def close(self) -> None:
        """Forget what was proposed; the letter is as it was."""
        panel = self._window.letter
        had_focus = panel.change.isAncestorOf(self._window.focusWidget() or self._window)
        self._forget("")
        panel.change.field.clear()
        panel.show_change(False)
        row = panel.view.chosen_row or next(iter(panel.view.rows), None)
        if had_focus and row is not None:
            row.setFocus()

    def _forget(self, told: str) -> None:
        self._proposal, self._open = None, ()
        self._window.letter.change.show_changes((), told)

    @Slot()
    def _another(self) -> None:
        """Another letter, or this one signed: what was proposed is not about it."""
        letter, proposal = self._screen.letter, self._proposal
        gone = letter is None or letter.signature is not None
        if gone or (proposal is not None and letter is not None and letter.id != proposal.letter.id):
            self.close()

    @Slot(str)
    def _ask(self, instruction: str) -> None:
        letter = self._screen.letter
        if letter is None or self._screen.being_written is not None:
            return
        propose = partial(self._application.review.propose, letter.id, instruction)
        self._bridge.run(propose, self._proposed, self._refused)

    def tell(self, text: str) -> None:
        """Open the box with a word in it, and nothing proposed."""
        self._window.letter.show_change(True)
        self._forget(text)

    def show(self, proposal: Proposal) -> None:
        """Show what was proposed elsewhere (a section drafted again)."""
        self._proposed(proposal)
        self._window.letter.show_change(True)
        self._window.letter.change.focus_first()

    def _proposed(self, proposal: Proposal) -> None:
        if self._screen.letter is None or self._screen.letter.id != proposal.letter.id:
            return
        self._proposal, self._open = proposal, proposal.changes
        told = summary(proposal.changes, proposal.kept_because, translated)
        self._window.letter.change.show_changes(self._open, told)

    def _refused(self, error: ScribeError) -> None:
        self._forget(error_text(error))

    @Slot(str)
    def _accept(self, id: str) -> None:
        proposal, chosen = self._proposal, tuple(one.id for one in self._open if id in ("", one.id))
        if proposal is not None and chosen:
            self._bridge.run(
                partial(self._application.review.accept, proposal, chosen),
                partial(self._accepted, proposal, chosen),
                self._refused,
            )

    def _accepted(self, proposal: Proposal, chosen: tuple[str, ...], letter: Letter) -> None:
        if letter.consultation == self._screen.id:
            self._screen.set_letter(letter)
        if proposal is self._proposal:
            self._settle(chosen)

    @Slot(str)
    def _reject(self, id: str) -> None:
        rejected = tuple(one.id for one in self._open if id in ("", one.id))
        self._settle(rejected, "" if len(rejected) == len(self._open) else DONE)

    def _settle(self, ids: tuple[str, ...], told: str = DONE) -> None:
        """These are decided; the others stay listed."""
        self._open = tuple(one for one in self._open if one.id not in ids)
        box = self._window.letter.change
        if self._open:
            box.show_changes(self._open, box.told.text())
            box.focus_first()
            return
        self._forget(told)
        box.field.clear()
        box.field.setFocus()
