"""The audit trail to look at: filtered, checked, exported. Read-only."""

from __future__ import annotations

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Slot
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QTableView,
    QWidget,
)

from scribe_app.errors import ExportError
from scribe_app.language import later, tr, translated
from scribe_app.ports import AuditAction, AuditCheck, AuditEntry
from scribe_app.services.audit_log import AuditFilter, AuditLog
from scribe_app.ui import controls, tokens
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dialogs import Dialog

Index = QModelIndex | QPersistentModelIndex
COLUMNS = (later("No."), later("Time"), later("Event"), later("User"), later("Consultation"), later("What"))
WIDTHS = (52, 168, 116, 150, 124)
NARROWEST = 880


def event_words(action: AuditAction) -> str:
    """What was done, in words."""
    return tr(action.value.replace("_", " "))


def cells(entry: AuditEntry) -> tuple[str, ...]:
    """One entry as the table shows it."""
    what = " ".join(part for part in (entry.object, entry.detail) if part)
    event = event_words(entry.action)
    return (
        str(entry.number),
        f"{entry.at.astimezone():%Y-%m-%d %H:%M:%S}",
        event if entry.outcome == "done" else f"{event}, {tr(entry.outcome)}",
        entry.user,
        (entry.consultation or "")[:12],
        what,
    )


class AuditModel(QAbstractTableModel):
    """Entries, newest first."""

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[str, ...]] = []

    def show_all(self, entries: list[AuditEntry]) -> None:
        """Show these and no others."""
        self.beginResetModel()
        self._rows = [cells(entry) for entry in reversed(entries)]
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Entries."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Fields."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Plain texts; the whole one as a tip where a column is narrow."""
        if index.isValid() and role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole):
            return self._rows[index.row()][index.column()]
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> object:
        """Names of the columns."""
        if orientation is Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return tr(COLUMNS[section])
        return None


class AuditDialog(Dialog):
    """Who did what, when. Opening it is itself noted."""

    def __init__(self, parent: QWidget, log: AuditLog, bridge: Bridge) -> None:
        super().__init__(parent, tr("Audit trail"))
        self._log, self._bridge = log, bridge
        self.setMinimumWidth(NARROWEST)
        self.day = QLineEdit(placeholderText=tr("Day: 2026-11-21"))
        self.user = controls.private(QLineEdit(placeholderText=tr("User")))
        self.consultation = QLineEdit(placeholderText=tr("Consultation, patient"))
        self.kind = QComboBox()
        self.kind.addItem(tr("Every event"), "")
        for action in AuditAction:
            self.kind.addItem(event_words(action), action.value)
        for field, name in (
            (self.day, tr("Day")),
            (self.user, tr("User")),
            (self.consultation, tr("Consultation")),
        ):
            controls.set_name(field, name)
            field.returnPressed.connect(self.read)
        controls.set_name(self.kind, tr("Event"))
        self.kind.currentIndexChanged.connect(self.read)
        self.model = AuditModel()
        self.table = self._make_table()
        self.state = controls.label(tr("Reading…"), wrap=True)
        self._lay_out()
        self.finished.connect(self.deleteLater)
        self.read()

    def _make_table(self) -> QTableView:
        table = QTableView()
        table.setModel(self.model)
        table.setAccessibleName(tr("Entries, newest first"))
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setShowGrid(False)
        table.setWordWrap(False)
        table.setTabKeyNavigation(False)
        table.verticalHeader().hide()
        table.horizontalHeader().setStretchLastSection(True)
        table.setMinimumHeight(300)
        for column, width in enumerate(WIDTHS):
            table.setColumnWidth(column, width)
        return table

    def _lay_out(self) -> None:
        self.show_button = controls.button(tr("Show"), name=tr("Show the entries that fit"))
        self.show_button.setAutoDefault(False)
        row = QHBoxLayout()
        row.setSpacing(tokens.GRID)
        for field in (self.day, self.user, self.consultation, self.kind, self.show_button):
            row.addWidget(field)
        self.column.addLayout(row)
        self.column.addWidget(self.table, 1)
        self.column.addWidget(self.state)
        self.export = controls.button(tr("Export…"), name=tr("Export the entries shown, signed"))
        close = controls.button(tr("Close"), "primary")
        close.clicked.connect(self.accept)
        self.export.clicked.connect(self._choose_file)
        self.show_button.clicked.connect(self.read)
        self.buttons.addWidget(self.export)
        self.buttons.addWidget(close)
        self.finish_layout()

    def wanted(self) -> AuditFilter | None:
        """What the fields ask for; None when the day is none."""
        day = None
        if self.day.text().strip():
            try:
                day = date.fromisoformat(self.day.text().strip())
            except ValueError:
                return None
        return AuditFilter(
            day, day, self.user.text().strip(), self.consultation.text().strip(), self.kind.currentData()
        )

    @Slot()
    def read(self) -> None:
        """Read it again, as the fields ask."""
        wanted = self.wanted()
        if wanted is None:
            self.state.setText(tr("A day is written as 2026-11-21."))
            return
        shown = self._bridge.crossing(self._show)
        self._bridge.run(lambda: shown(self._log.read(wanted)))

    def _show(self, found: tuple[list[AuditEntry], AuditCheck]) -> None:
        entries, check = found
        self.model.show_all(entries)
        faults = " ".join(translated(fault) for fault in check.faults) or tr(
            "The trail is whole: nothing was changed, taken out or cut off."
        )
        self.state.setText(
            tr(
                "{shown} of {count} entries, head {code}. {faults}",
                shown=len(entries),
                count=check.count,
                code=check.code,
                faults=faults,
            )
        )

    @Slot()
    def _choose_file(self) -> None:
        name, _ = QFileDialog.getSaveFileName(self, tr("Export the audit trail"), "scribe-audit.jsonl")
        if name:
            self.export_to(Path(name))

    def export_to(self, file: Path) -> None:
        """The entries that fit, as signed JSON Lines."""
        wanted = self.wanted()
        if wanted is not None:
            self._bridge.run(partial(_export, self._log, wanted, file), self.state.setText)


def _export(log: AuditLog, wanted: AuditFilter, file: Path) -> str:
    """Blocks: never on the window's thread."""
    made = log.export(wanted)
    try:
        file.write_bytes(made.content)
    except OSError as error:
        raise ExportError(
            f"{file} cannot be written ({error.strerror}).", "", "Choose another place."
        ) from error
    return tr(
        "{count} entries written to {name}, signed with the key {public_key}…",
        count=made.count,
        name=file.name,
        public_key=made.public_key[:16],
    )
