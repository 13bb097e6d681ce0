"""Everything held of one person: found, handed over as a file, or erased with a receipt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLineEdit, QListWidget, QListWidgetItem, QWidget

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.language import later, tr, translated
from scribe_app.ui import controls, moments, tokens
from scribe_app.ui.dialogs import Dialog

WIDTH = 640
"""Pixels."""
TEXT = later(
    "Finds every consultation with this record number, or with this name and date of birth, in "
    "your own records. Colleagues have records of their own."
)
PERHAPS = later("same name, nothing else to compare: look first")


@dataclass(frozen=True, slots=True)
class Found:
    """One consultation as the list shows it."""

    consultation: Consultation
    held: str
    """What there is of it, in words."""
    certain: bool = True
    """Whether it is this person's for sure."""


class PatientDialog(Dialog):
    """Who is meant, what there is, and what shall be done with what is ticked."""

    find_wanted = Signal(object)
    """PatientIdentity."""
    hand_over_wanted = Signal(object)
    """Consultations."""
    erase_wanted = Signal(object)
    """Consultations."""
    receipt_wanted = Signal()

    def __init__(self, parent: QWidget, who: PatientIdentity) -> None:
        super().__init__(parent, tr("One patient's records"), tr(TEXT))
        self.setMinimumWidth(WIDTH)
        self.name = controls.private(QLineEdit(who.name))
        self.born = controls.private(QLineEdit(who.date_of_birth))
        self.number = controls.private(QLineEdit(who.record_number))
        self.find_button = controls.button(tr("Find"), name=tr("Find this patient's consultations"))
        self.list = QListWidget()
        self.state = controls.label("", wrap=True)
        self.hand_over = controls.button(tr("Hand over as a file…"))
        self.erase = controls.button(tr("Erase for good…"))
        self.receipt = controls.button(tr("Save the receipt…"))
        self.close_button = controls.button(tr("Close"), "primary")
        self._found: list[Found] = []
        self._lay_out()
        self._connect()
        self.show_found([])
        self.finished.connect(self.deleteLater)

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID)
        for words, field in (
            (tr("Name"), self.name),
            (tr("Date of birth"), self.born),
            (tr("Record number"), self.number),
        ):
            self.add_field(words, field, row)
        row.addWidget(self.find_button, 0, Qt.AlignmentFlag.AlignBottom)
        self.column.addLayout(row)
        self.list.setAccessibleName(tr("Consultations found"))
        self.list.setMinimumHeight(150)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setWordWrap(True)
        self.column.addWidget(self.list, 1)
        self.column.addWidget(self.state)
        for action in (self.receipt, self.hand_over, self.erase, self.close_button):
            self.buttons.addWidget(action)
        self.receipt.hide()
        self.finish_layout()

    def _connect(self) -> None:
        for field in (self.name, self.born, self.number):
            field.returnPressed.connect(self._find)
            field.textEdited.connect(self._other_person)
        self.find_button.clicked.connect(self._find)
        self.list.itemChanged.connect(self._count)
        self.hand_over.clicked.connect(lambda: self.hand_over_wanted.emit(self.chosen))
        self.erase.clicked.connect(lambda: self.erase_wanted.emit(self.chosen))
        self.receipt.clicked.connect(self.receipt_wanted)
        self.close_button.clicked.connect(self.accept)

    @property
    def chosen(self) -> list[Consultation]:
        """Those that are ticked."""
        return [
            found.consultation
            for at, found in enumerate(self._found)
            if self.list.item(at).checkState() is Qt.CheckState.Checked
        ]

    def show_found(self, found: Sequence[Found], words: str = "") -> None:
        """List these; what is not certain is left for a person to tick."""
        self._found = list(found)
        self.list.clear()
        for one in self._found:
            name = one.consultation.patient.name or tr("Unnamed patient")
            parts = [
                moments.in_figures(one.consultation.started_at),
                name,
                ", ".join(translated(part) for part in one.held.split(", ")),
                "" if one.certain else tr(PERHAPS),
            ]
            item = QListWidgetItem(" · ".join(filter(None, parts)))
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if one.certain else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.state.setText(words)
        self._count()

    def tell(self, words: str, *, receipt: bool = False) -> None:
        """What came of it."""
        self.state.setText(words)
        self.receipt.setVisible(receipt)
        self._count()

    def set_busy(self, words: str) -> None:
        """While something is under way; show_found() or tell() ends it."""
        self.state.setText(words)
        for widget in (self.find_button, self.hand_over, self.erase):
            widget.setEnabled(False)

    @Slot()
    def _find(self) -> None:
        self.receipt.hide()
        who = PatientIdentity(self.name.text().strip(), self.born.text().strip(), self.number.text().strip())
        self.find_wanted.emit(who)

    @Slot()
    def _other_person(self) -> None:
        if self._found:  # what is listed is of somebody else now
            self.show_found([])

    @Slot()
    def _count(self) -> None:
        self.find_button.setEnabled(True)
        for action in (self.hand_over, self.erase):
            action.setEnabled(bool(self.chosen))
