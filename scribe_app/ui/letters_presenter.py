"""What a letter's statements rest on elsewhere, and how a letter to the patient is worded."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.ids import ConsultationId, LetterId, StatementId
from scribe_app.domain.letter import Letter
from scribe_app.domain.patient_language import Remark, remarks_in
from scribe_app.domain.readability import readability
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.letter_notes import reading_words
from scribe_app.ui.screen import WORKING, Screen
from scribe_app.ui.window import MainWindow


class LettersPresenter(QObject):
    """Keeps the bar of stale statements and the remarks on wording up to date."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        panel = window.letter
        screen.shown.connect(self._another)
        screen.changed.connect(self._show)
        screen.letter_changed.connect(self._look)
        panel.stale.check_wanted.connect(self._check)
        panel.box.list_wanted.connect(self._check)
        panel.stale.amend_wanted.connect(panel.amend_wanted)
        panel.stale.draft_wanted.connect(self._draft_again)
        panel.view.reworded.connect(self._reword)

    # --- what is shown ------------------------------------------------------------------------------

    @Slot()
    def _another(self) -> None:
        self._screen.stale = {}
        self._look()

    @Slot()
    def _look(self) -> None:
        """Ask which letters rest on what was changed; the answer is shown when it is there."""
        self._show()
        id = self._screen.id
        if id is not None and len(self._screen.letters) > 1:
            self._bridge.run(partial(self._application.review.stale, id), partial(self._found, id))

    def _found(self, id: ConsultationId, stale: dict[LetterId, tuple[StatementId, ...]]) -> None:
        if id == self._screen.id:
            counts = {letter: len(statements) for letter, statements in stale.items()}
            if counts != self._screen.stale:
                self._screen.stale = counts
                self._screen.changed.emit()

    @Slot()
    def _show(self) -> None:
        screen, panel = self._screen, self._window.letter
        letter = screen.letter
        if letter is None or screen.being_written is not None:
            panel.stale.hide()
            panel.show_wording({}, "")
            return
        panel.stale.show_stale(
            screen.stale.get(letter.id, 0),
            signed=letter.signature is not None,
            may_write=screen.state not in WORKING,
        )
        template = screen.template(letter.template)
        if template is None or template.audience != "patient":
            panel.show_wording({}, "")
            return
        remarks = _remarks(letter)
        text = " ".join(_ended(statement.text) for statement in letter.statements)
        number = sum(len(found) for found in remarks.values())
        shown = remarks if letter.signature is None else {}
        words = reading_words(readability(text, letter.language), number if shown else 0)
        panel.show_wording(shown, words)

    # --- what is done -------------------------------------------------------------------------------

    def _change(self, work: Callable[[LetterId], Letter]) -> None:
        letter = self._screen.letter
        if letter is not None and self._screen.being_written is None:
            self._bridge.run(partial(work, letter.id), self._changed)

    def _changed(self, letter: Letter) -> None:
        if letter.consultation == self._screen.id:
            self._screen.set_letter(letter)
            self._window.letter.view.choose_next_unsettled()

    @Slot()
    def _check(self) -> None:
        self._change(self._application.review.check_again)

    @Slot(str, str)
    def _reword(self, statement: str, text: str) -> None:
        self._change(lambda id: self._application.review.reword(id, StatementId(statement), text))

    @Slot()
    def _draft_again(self) -> None:
        if self._screen.letter is not None:
            self._window.letter.draft_wanted.emit(self._screen.letter.template)


def _remarks(letter: Letter) -> dict[str, tuple[Remark, ...]]:
    """Remarks by statement id; a term is remarked on where it stands first."""
    statements = letter.statements
    found = remarks_in([statement.text for statement in statements], letter.language)
    return {statement.id: remarks for statement, remarks in zip(statements, found, strict=True) if remarks}


def _ended(text: str) -> str:
    return text if text[-1:] in ".!?" else f"{text}."
