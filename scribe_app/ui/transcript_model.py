"""The transcript's rows: utterances and gaps in order of time, and one grey line that is not on record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import IntEnum

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.language import later, tr
from scribe_app.ui.controls import clock

Index = QModelIndex | QPersistentModelIndex

SPEAKERS = {
    SpeakerRole.CLINICIAN: later("Clinician"),
    SpeakerRole.PATIENT: later("Patient"),
    SpeakerRole.OTHER: later("Other"),
    SpeakerRole.UNKNOWN: later("Speaker"),
}
GAPS = {
    GapReason.PAUSED: later("Paused"),
    GapReason.DEVICE_LOST: later("Microphone lost"),
    GapReason.OVERFLOW: later("Audio missed"),
    GapReason.INTERRUPTED: later("Interrupted"),
    GapReason.UNREADABLE: later("Unreadable audio"),
}


class Role(IntEnum):
    """What delegates and tests ask of a row."""

    ROW = Qt.ItemDataRole.UserRole + 1
    LIT = Qt.ItemDataRole.UserRole + 2


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the transcript column. Utterance id 0 is a gap, -1 the preview."""

    id: int
    start: float
    speaker: str
    text: str
    end: float = 0.0
    marks: tuple[tuple[int, int], ...] = ()
    """Characters [start, end) of the text that may have been misheard."""
    note: str = ""
    """What may be done about them, or what was heard and not trusted; below the words."""


@dataclass(frozen=True, slots=True)
class Marked:
    """What is marked in the text of one utterance."""

    text: str
    note: str
    marks: tuple[tuple[int, int], ...] = ()


PREVIEW = -1
GAP = 0


class TranscriptModel(QAbstractListModel):
    """Appending is cheap; the preview is always the last row and never an utterance."""

    edited = Signal(int, str)
    """Utterance id, its new words: a person corrected it."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._rows: list[Row] = []
        self._preview: Row | None = None
        self._utterances: dict[UtteranceId, Utterance] = {}
        self._lit: frozenset[int] = frozenset()
        self._notes: Mapping[UtteranceId, Marked] = {}
        self.correctable = False

    # --- what is there ------------------------------------------------------------------------------

    @property
    def utterances(self) -> tuple[Utterance, ...]:
        """What is on record, in order."""
        return tuple(self._utterances.values())

    def utterance(self, id: int) -> Utterance | None:
        """The utterance with this id, if it is on record."""
        return self._utterances.get(UtteranceId(id))

    @property
    def preview(self) -> str:
        """The grey text now shown; empty where there is none."""
        return self._preview.text if self._preview else ""

    def row_of(self, id: int) -> int:
        """Row number of an utterance; -1 when it is not there."""
        return next((at for at, row in enumerate(self._rows) if row.id == id), -1)

    # --- changes ------------------------------------------------------------------------------------

    def reset(self, utterances: Iterable[Utterance] = (), gaps: Iterable[AudioGap] = ()) -> None:
        """Show another transcript."""
        self.beginResetModel()
        self._utterances = {utterance.id: utterance for utterance in utterances}
        rows = [_row(utterance) for utterance in self._utterances.values()] + [_gap_row(gap) for gap in gaps]
        self._notes = {}
        self._rows = sorted(rows, key=lambda row: (row.start, row.id))
        self._preview = None
        self._lit = frozenset()
        self.endResetModel()

    def append(self, utterance: Utterance) -> None:
        """Put an utterance on record; one that is there already is replaced."""
        if utterance.id in self._utterances:
            self.replace(utterance)
            return
        if self._preview is not None and self._preview.start < utterance.end:
            self.set_preview("", 0.0)
        self._utterances[utterance.id] = utterance
        self._insert(self._row(utterance))

    def add_gap(self, gap: AudioGap) -> None:
        """Show that audio is missing here."""
        row = _gap_row(gap)
        if row not in self._rows:
            self._insert(row)

    def replace(self, utterance: Utterance) -> None:
        """Show corrected words or another speaker."""
        at = self.row_of(utterance.id)
        if at < 0:
            return
        self._utterances[utterance.id] = utterance
        self._rows[at] = self._row(utterance)
        self.dataChanged.emit(self.index(at), self.index(at))

    def set_preview(self, text: str, start: float) -> None:
        """Show, change or (with an empty text) take away the grey line."""
        last = len(self._rows)
        if not text:
            if self._preview is not None:
                self.beginRemoveRows(QModelIndex(), last, last)
                self._preview = None
                self.endRemoveRows()
            return
        if any(utterance.end > start + 0.01 for utterance in self.utterances[-1:]):
            return  # older than what is on record by now
        row = Row(PREVIEW, start, "", text)
        if self._preview is None:
            self.beginInsertRows(QModelIndex(), last, last)
            self._preview = row
            self.endInsertRows()
        else:
            self._preview = row
            self.dataChanged.emit(self.index(last), self.index(last))

    def light(self, ids: Iterable[int]) -> None:
        """Light up these utterances and no others."""
        before, self._lit = self._lit, frozenset(ids)
        for id in before ^ self._lit:
            at = self.row_of(id)
            if at >= 0:
                self.dataChanged.emit(self.index(at), self.index(at), [Role.LIT])

    @property
    def lit(self) -> frozenset[int]:
        """Ids of the utterances that are lit up."""
        return self._lit

    def mark(self, notes: Mapping[UtteranceId, Marked]) -> None:
        """Mark what may have been misheard, in these utterances and in no others."""
        before, self._notes = self._notes, notes
        for id in {*before, *notes}:
            at = self.row_of(id)
            if at >= 0 and before.get(id) != notes.get(id):
                self._rows[at] = self._row(self._utterances[id])
                self.dataChanged.emit(self.index(at), self.index(at))

    def _row(self, utterance: Utterance) -> Row:
        note = self._notes.get(utterance.id)
        if note is None or note.text != utterance.text:  # the words have changed since
            return _row(utterance)
        return replace(_row(utterance), marks=note.marks, note=note.note)

    def _insert(self, row: Row) -> None:
        at = len(self._rows)
        while at and self._rows[at - 1].start > row.start:
            at -= 1
        self.beginInsertRows(QModelIndex(), at, at)
        self._rows.insert(at, row)
        self.endInsertRows()

    # --- for the view -------------------------------------------------------------------------------

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own signature
        """Utterances, gaps and the preview."""
        return 0 if parent.isValid() else len(self._rows) + (self._preview is not None)

    def at(self, number: int) -> Row:
        """The row with this number."""
        if number == len(self._rows) and self._preview is not None:
            return self._preview
        return self._rows[number]

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Texts for people, and the row itself for the delegate."""
        if not index.isValid():
            return None
        row = self.at(index.row())
        if role == Role.ROW:
            return row
        if role == Role.LIT:
            return row.id in self._lit
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.EditRole):
            return row.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return _spoken(row)
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        """Utterances can be corrected once the recording has ended."""
        if not index.isValid():
            return Qt.ItemFlag.NoItemFlags
        flags = Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable
        if self.correctable and self.at(index.row()).id > 0:
            flags |= Qt.ItemFlag.ItemIsEditable
        return flags

    def setData(self, index: Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """A correction typed in place; the services store it and `replace` shows it."""
        row = self.at(index.row())
        text = str(value).strip()
        if role != Qt.ItemDataRole.EditRole or row.id <= 0 or not text or text == row.text:
            return False
        self.edited.emit(row.id, text)
        return True


def _row(utterance: Utterance) -> Row:
    return Row(utterance.id, utterance.start, tr(SPEAKERS[utterance.speaker]), utterance.text, utterance.end)


def _gap_row(gap: AudioGap) -> Row:
    return Row(GAP, gap.position / SAMPLE_RATE, "", f"{tr(GAPS[gap.reason])} {clock(gap.seconds)}")


def _spoken(row: Row) -> str:
    if row.id == PREVIEW:
        return tr("Being heard, not yet final: {text}", text=row.text)
    note = f". {row.note}" if row.note else ""
    return f"{clock(row.start)} {row.speaker} {row.text}{note}" if row.id else row.text
