"""One patient's records: the dialog's wishes, done beside the window."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.errors import ExportError, ScribeError
from scribe_app.language import error_text, tr, translated, trn
from scribe_app.services.application import Application
from scribe_app.services.patient_records import PatientRecords, Receipt
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.erasing_presenter import WORD, EraseDialog
from scribe_app.ui.library_presenter import LibraryPresenter
from scribe_app.ui.patient_dialog import Found, PatientDialog
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow


class PatientPresenter(QObject):
    """Finds, hands over and erases; one dialog at a time."""

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        bridge: Bridge,
        screen: Screen,
        library: LibraryPresenter,
    ) -> None:
        super().__init__(window)
        self._window, self._bridge, self._screen, self._library = window, bridge, screen, library
        self._records = PatientRecords(application.store, application.consultations)
        self.dialog: PatientDialog | None = None
        self._receipt: Receipt | None = None

    @Slot(object)
    def open(self, who: PatientIdentity) -> None:
        """Ask whose records are meant; a patient who is known already is looked for at once."""
        dialog = PatientDialog(self._window, who)
        self.dialog = dialog
        dialog.find_wanted.connect(self._find)
        dialog.hand_over_wanted.connect(self._choose_file)
        dialog.erase_wanted.connect(self._ask)
        dialog.receipt_wanted.connect(self._choose_receipt)
        dialog.finished.connect(self._gone)
        dialog.open()
        if who.record_number or (who.name and who.date_of_birth):
            self._find(who)

    @Slot()
    def _gone(self) -> None:
        self.dialog = None

    @Slot(object)
    def _find(self, who: PatientIdentity) -> None:
        if self.dialog is not None:
            self.dialog.set_busy(tr("Looking…"))
        self._bridge.run(partial(_look, self._records, who), self._show, self._trouble)

    def _show(self, found: list[Found]) -> None:
        if self.dialog is None:
            return
        certain = sum(one.certain for one in found)
        words = (
            tr("{certain} of this patient.", certain=certain)
            if certain
            else tr("Nothing is held of this patient.")
        )
        if len(found) > certain:
            words += tr(
                " {count} more might be: open them and see before you tick them.", count=len(found) - certain
            )
        self.dialog.show_found(found, words)

    def _trouble(self, error: ScribeError) -> None:
        if self.dialog is None:
            self._bridge.failed.emit(error)
        else:
            self.dialog.tell(error_text(error))

    # --- handing over -------------------------------------------------------------------------------

    @Slot(object)
    def _choose_file(self, chosen: list[Consultation]) -> None:
        name, _ = QFileDialog.getSaveFileName(
            self.dialog, tr("Hand over as a file (it is not encrypted)"), "records.zip"
        )
        if name:
            self.hand_over(chosen, Path(name))

    def hand_over(self, chosen: Sequence[Consultation], file: Path) -> None:
        """Write the file, and say what it is."""
        if self.dialog is not None:
            self.dialog.set_busy(tr("Writing…"))

        def written(_none: None) -> None:
            if self.dialog is not None:
                self.dialog.tell(
                    tr(
                        "{count} written to {name}. It is not encrypted: whoever has it can read and "
                        "hear it. Delete your copy when it is handed over.",
                        count=len(chosen),
                        name=file.name,
                    )
                )

        self._bridge.run(partial(self._records.hand_over, chosen, file), written, self._trouble)

    # --- erasing ------------------------------------------------------------------------------------

    @Slot(object)
    def _ask(self, chosen: list[Consultation]) -> None:
        dialog = EraseDialog(
            self.dialog or self._window,
            tr("Erase these records?"),
            trn(
                "1 consultation with sound, transcript, notes and letters, signed ones too.",
                "{count} consultations with sound, transcript, notes and letters, signed ones too.",
                len(chosen),
            )
            + tr(
                " It cannot be brought back. If the patient wants a copy, hand it over first.\n\n"
                "Backups made before keep the text, without sound, until they are replaced."
            ),
            typed=True,
            words=tr("Type {word} to go on", word=tr(WORD)),
        )
        dialog.accepted.connect(partial(self.erase, chosen))
        dialog.open()

    def erase(self, chosen: Sequence[Consultation]) -> None:
        """For good; then what is left, and the receipt."""
        if self._screen.id in {one.id for one in chosen}:
            self._screen.show_new()
        if self.dialog is not None:
            self.dialog.set_busy(tr("Erasing…"))
        self._bridge.run(partial(self._records.erase, chosen), self._erased, self._erasing_failed)

    def _erased(self, receipt: Receipt) -> None:
        self._receipt = receipt
        self._library.refresh()
        if self.dialog is not None:
            self.dialog.show_found([])
            self.dialog.tell(
                trn(
                    "1 consultation erased for good. The audit trail has an entry for it; its head is "
                    "{head}.",
                    "{count} consultations erased for good. The audit trail has an entry for each; its "
                    "head is {head}.",
                    len(receipt.consultations),
                    head=receipt.head,
                ),
                receipt=True,
            )

    def _erasing_failed(self, error: ScribeError) -> None:
        self._library.refresh()
        self._trouble(error)

    @Slot()
    def _choose_receipt(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self.dialog, tr("Save the receipt"), "receipt.txt")
        if name:
            self.save_receipt(Path(name))

    def save_receipt(self, file: Path) -> None:
        """What was erased, when and by whom; it names nobody else."""
        receipt = self._receipt
        assert receipt is not None

        def write() -> str:
            try:
                words = "\n".join(translated(line) for line in receipt.text.split("\n"))
                file.write_text(words, encoding="utf-8")
            except OSError as error:
                raise ExportError(
                    f"{file.name} cannot be written ({error.strerror}).", "", "Choose another place."
                ) from error
            return tr("The receipt is in {name}.", name=file.name)

        self._bridge.run(write, self._told, self._trouble)

    def _told(self, words: str) -> None:
        if self.dialog is not None:
            self.dialog.tell(words, receipt=True)


def _look(records: PatientRecords, who: PatientIdentity) -> list[Found]:
    """Blocks: never on the window's thread."""
    found, perhaps = records.find_all(who)
    certain = [Found(one, records.held(one)) for one in found]
    return certain + [Found(one, records.held(one), certain=False) for one in perhaps]
