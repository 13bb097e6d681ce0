"""A strip under the header where the patient is named. Never a dialog, so it can be used while recording."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLineEdit, QWidget

from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.language import later, tr
from scribe_app.ui import controls

CHOICES = (
    (Informed.NOT_STATED, later("Patient not informed yet")),
    (Informed.INFORMED, later("Patient informed")),
    (Informed.OBJECTED, later("Patient objected")),
    (Informed.WITHDRAWN, later("Patient withdrew")),
)


class IdentityStrip(QWidget):
    """Name, date of birth, record number, and whether the patient was told of the recording."""

    saved = Signal(object, object)
    """PatientIdentity, Informed."""
    closed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("identityStrip")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.name = self._field(tr("Patient name, now or later"), tr("Patient name"))
        self.born = self._field(tr("Date of birth"), tr("Date of birth"))
        self.number = self._field(tr("NHS or record no."), tr("NHS or record number"))
        self.informed = QComboBox()
        controls.set_name(self.informed, tr("What the patient was told about the recording"))
        for value, text in CHOICES:
            self.informed.addItem(tr(text), value)
        self.save = controls.button(tr("Save"), name=tr("Save patient details"))
        self.save.clicked.connect(self._save)
        row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(8)
        for widget, stretch in (
            (self.name, 5),
            (self.born, 4),
            (self.number, 4),
            (self.informed, 0),
            (self.save, 0),
        ):
            row.addWidget(widget, stretch)
        self.hide()

    def open_with(self, patient: PatientIdentity, informed: Informed) -> None:
        """Show what is known, ready to be changed."""
        self.name.setText(patient.name)
        self.born.setText(patient.date_of_birth)
        self.number.setText(patient.record_number)
        self.informed.setCurrentIndex([value for value, _ in CHOICES].index(informed))
        self.show()
        self.name.setFocus()
        self.name.selectAll()

    def entered(self) -> tuple[PatientIdentity, Informed]:
        """What the fields hold."""
        patient = PatientIdentity(
            self.name.text().strip(), self.born.text().strip(), self.number.text().strip()
        )
        return patient, CHOICES[self.informed.currentIndex()][0]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc leaves things as they were."""
        if event.key() == Qt.Key.Key_Escape:
            self.hide()
            self.closed.emit()
            return
        super().keyPressEvent(event)

    def _field(self, hint: str, name: str) -> QLineEdit:
        field = controls.private(QLineEdit(placeholderText=hint))
        field.setAccessibleName(name)
        field.setMaxLength(120)
        field.returnPressed.connect(self._save)
        return field

    @Slot()
    def _save(self) -> None:
        self.hide()
        self.saved.emit(*self.entered())
        self.closed.emit()
