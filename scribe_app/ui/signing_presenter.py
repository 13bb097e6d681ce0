"""Signing a letter, and what leaves the program afterwards."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtPrintSupport import QAbstractPrintDialog, QPrintDialog, QPrinter
from PySide6.QtWidgets import QDialog, QFileDialog

from scribe_app.domain.documents import LetterPage
from scribe_app.domain.ids import LetterId
from scribe_app.domain.letter import Letter
from scribe_app.errors import ExportError
from scribe_app.language import tr, trn
from scribe_app.ports import ExportFormat
from scribe_app.services.application import Application
from scribe_app.ui.banner import NOTE, Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.clipboard import LetterClipboard
from scribe_app.ui.dialogs import SignDialog
from scribe_app.ui.printing import new_printer, print_page
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow

NOT_PRINTED = ExportError(
    "The letter was not printed.",
    "The signed letter is kept here.",
    "Check the printer and its paper, and print it again.",
)
SUFFIXES = {ExportFormat.FHIR: "json"}


class SigningPresenter(QObject):
    """Nothing is signed without a name, nothing is copied or exported before it is signed."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self.clipboard = LetterClipboard(self)
        panel = window.letter
        panel.sign_wanted.connect(self.sign)
        panel.copy_wanted.connect(self.copy)
        panel.export_wanted.connect(self._export)
        panel.print_wanted.connect(self.print)
        panel.show_policy(application.policy)

    @Slot()
    def sign(self) -> None:
        """Ask who signs, then freeze the letter."""
        letter = self._screen.letter
        if (
            letter is None
            or not self._window.letter.sign.isEnabled()
            or not self._window.letter.sign.isVisible()
        ):
            return
        settings = self._screen.settings
        dialog = SignDialog(
            self._window,
            letter.title,
            self._screen.patient.name,
            settings.clinician_name,
            settings.clinician_role,
        )
        dialog.signed.connect(self._sign)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str, str)
    def _sign(self, name: str, role: str) -> None:
        letter = self._screen.letter
        if letter is not None:
            self._bridge.run(lambda: self._application.review.sign(letter.id, name, role), self._signed)

    def _signed(self, letter: Letter) -> None:
        if letter.consultation == self._screen.id:
            self._screen.set_letter(letter)

    @Slot()
    def copy(self) -> None:
        """The signed letter to the clipboard; the copying is on the audit trail."""
        letter = self._screen.letter
        if letter is None or letter.signature is None:
            return
        review = self._application.review

        def text_of() -> str:
            text = review.plain_text(letter)
            review.copied(letter.id)
            return text

        self._bridge.run(text_of, self._copied)

    def _copied(self, text: str) -> None:
        seconds = self._screen.settings.clipboard_seconds
        self.clipboard.copy(text, seconds)
        words = tr("Other programs on this computer can now read it.")
        if seconds:
            words += tr(
                " It is cleared after {seconds} seconds, or when Scribe locks or closes.", seconds=seconds
            )
        self._window.banner.say(Message(tr("Copied."), words, NOTE))

    @Slot(object)
    def _export(self, format: ExportFormat) -> None:
        letter = self._screen.letter
        if letter is None or letter.signature is None:
            return
        suffix = SUFFIXES.get(format, format.value)
        dialog = QFileDialog(self._window, tr("Export the letter"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(tr("letter.{suffix}", suffix=suffix))
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path), letter.id, format))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: Path, letter: LetterId, format: ExportFormat) -> None:
        """Write the file beside the window, then say where it is."""

        def write() -> Path:
            content = self._application.review.export(letter, format)
            try:
                path.write_bytes(content)
            except OSError as error:
                raise ExportError(
                    f"The letter could not be written to {path.name} ({error.strerror}).",
                    "The signed letter is kept here.",
                    "Choose another folder, or free some space, and export it again.",
                ) from error
            return path

        self._bridge.run(write, self._exported)

    def _exported(self, path: Path) -> None:
        self._window.banner.say(Message(tr("Exported to {name}.", name=path.name), str(path.parent), NOTE))

    # --- on paper -----------------------------------------------------------------------------------

    @Slot()
    def print(self) -> None:
        """Choose a printer for the signed letter."""
        letter = self._screen.letter
        if letter is None or letter.signature is None or not self._window.letter.print.isEnabled():
            return
        printer = new_printer(tr("letter {id}", id=letter.id[:8]))
        dialog = QPrintDialog(printer, self._window)
        dialog.setOption(QAbstractPrintDialog.PrintDialogOption.PrintPageRange, False)
        dialog.accepted.connect(partial(self.print_on, printer, letter.id))
        dialog.finished.connect(dialog.deleteLater)
        QDialog.open(dialog)  # QPrintDialog's own asks for a receiver

    def print_on(self, printer: QPrinter, letter: LetterId) -> None:
        """Lay the letter out beside the window, then print it, and say so."""
        review, where = self._application.review, "file" if printer.outputFileName() else ""

        def printed(page: LetterPage) -> None:
            sheets = print_page(page, printer)
            if not sheets:
                self._bridge.run(partial(review.print_failed, letter))
                self._window.banner.show_error(NOT_PRINTED)
                return
            words = tr("The print queue may keep a copy.") if not where else printer.outputFileName()
            title = trn("Printed on 1 sheet.", "Printed on {count} sheets.", sheets)
            self._window.banner.say(Message(title, words, NOTE))

        self._bridge.run(partial(review.for_print, letter, where), printed)
