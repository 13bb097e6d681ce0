"""Prior letters of the consultation on screen, also of one that has not started yet."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Slot

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.letter import PriorPlace
from scribe_app.domain.prior_letters import PriorLetter, span_of
from scribe_app.errors import ScribeError
from scribe_app.language import error_text, later, tr, translated
from scribe_app.services.application import Application
from scribe_app.services.prior_letters import prior_letter, refuse_more, warning_for
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.prior_dialog import PriorDialog
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow

DRAFTED_ALREADY = later("A letter is drafted already: redo a section, or draft it again, to use this one.")


class PriorPresenter(QObject):
    """Keeps what is given: in the vault, or until Start with the visit that has not begun."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._letters: tuple[PriorLetter, ...] = ()
        self.dialog: PriorDialog | None = None
        screen.shown.connect(self._another)
        screen.changed.connect(self._count)
        window.header.prior_wanted.connect(self.open)
        window.letter.view.source_wanted.connect(self.open_at)

    # --- what there is ------------------------------------------------------------------------------

    @Slot()
    def _another(self) -> None:
        """Another consultation is on screen: its letters, when they are read."""
        self._letters = ()
        self._count()
        id = self._screen.id
        if id is not None:
            self._bridge.run(partial(self._application.prior_letters.of, id), partial(self._read, id))

    def _read(self, id: ConsultationId, letters: tuple[PriorLetter, ...], told: str = "") -> None:
        if id != self._screen.id:
            return
        self._letters = letters
        self._show(told)

    def _show(self, told: str = "") -> None:
        self._count()
        if self.dialog is not None:
            self.dialog.show_letters(self._given, told)

    @property
    def _given(self) -> tuple[PriorLetter, ...]:
        return self._screen.visit.prior if self._screen.id is None else self._letters

    @Slot()
    def _count(self) -> None:
        self._window.header.show_prior(len(self._given))

    # --- the dialog ---------------------------------------------------------------------------------

    @Slot()
    def open(self) -> None:
        """The letters of the consultation on screen."""
        dialog = PriorDialog(self._window)
        self.dialog = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.finished.connect(self._closed)
        dialog.pasted.connect(self._pasted)
        dialog.files_wanted.connect(self._open_files)
        dialog.remove_wanted.connect(self._remove)
        dialog.show_letters(self._given)
        dialog.open()

    @Slot(object)
    def open_at(self, place: PriorPlace) -> None:
        """The sentence that a statement was taken from."""
        self.open()
        assert self.dialog is not None
        letter = next((one for one in self._given if one.number == place.letter), None)
        span = span_of(letter, place.sentence, self._screen.language) if letter else (0, 0)
        self.dialog.show_place(place.letter, *span)

    @Slot()
    def _closed(self) -> None:
        self.dialog = None

    # --- changes ------------------------------------------------------------------------------------

    @Slot(str)
    def _pasted(self, text: str) -> None:
        self._bridge.run(partial(self._made, text, ""), self._add, self._trouble)

    @Slot(object)
    def _open_files(self, files: list[Path]) -> None:
        library = self._application.templates
        for file in files:
            self._bridge.run(
                partial(lambda file: self._made(library.example(file), file.stem), file),
                self._add,
                self._trouble,
            )

    def _made(self, text: str, name: str) -> PriorLetter:
        return prior_letter(text, name, self._application.trail.clock())

    def _add(self, letter: PriorLetter) -> None:
        id = self._screen.id
        told = translated(warning_for(letter, self._screen.patient.date_of_birth))
        if id is None:
            try:
                refuse_more(self._screen.visit.prior, letter)
            except ScribeError as error:
                self._trouble(error)
                return
            self._screen.set_prior((*self._screen.visit.prior, letter))
            self._show(told)
            return
        if not told and self._screen.letters and self._screen.state is not ConsultationState.DRAFTING:
            told = tr(DRAFTED_ALREADY)
        self._bridge.run(partial(self._kept, id, letter), partial(self._changed, id, told), self._trouble)

    def _kept(self, id: ConsultationId, letter: PriorLetter) -> tuple[PriorLetter, ...]:
        self._application.prior_letters.add(id, letter)
        return self._application.prior_letters.of(id)

    @Slot(int)
    def _remove(self, row: int) -> None:
        if not 0 <= row < len(self._given):
            return
        id, gone = self._screen.id, self._given[row]
        if id is None:
            self._screen.set_prior(tuple(one for one in self._given if one is not gone))
            self._show()
            return
        self._bridge.run(partial(self._taken, id, gone.number), partial(self._changed, id, ""), self._trouble)

    def _taken(self, id: ConsultationId, number: int) -> tuple[PriorLetter, ...]:
        self._application.prior_letters.remove(id, number)
        return self._application.prior_letters.of(id)

    def _changed(self, id: ConsultationId, told: str, letters: tuple[PriorLetter, ...]) -> None:
        self._read(id, letters, told)

    def _trouble(self, error: ScribeError) -> None:
        if self.dialog is not None:
            self.dialog.tell(error_text(error))
        else:
            self._window.banner.show_error(error)
