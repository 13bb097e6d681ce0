"""Always in the same place: who the patient is, whether it records, and the one main action."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QVBoxLayout, QWidget

from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.language import later, tr, trn
from scribe_app.ui import controls, tokens
from scribe_app.ui.level_meter import LevelMeter
from scribe_app.ui.theme import Theme

S = ConsultationState
INFORMED = {
    Informed.NOT_STATED: (later("Informed: not stated"), "quiet"),
    Informed.INFORMED: (later("Informed"), "ok"),
    Informed.OBJECTED: (later("Objected"), "warning"),
    Informed.WITHDRAWN: (later("Withdrawn"), "warning"),
}


class StateDot(QWidget):
    """Filled while recording, two bars while paused: shape as well as colour."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._paused = False
        self.setFixedSize(QSize(14, 14))
        self.setAccessibleName(tr("Recording sign"))

    def set_paused(self, paused: bool) -> None:
        """Bars or disc."""
        self._paused = paused
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The sign."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        colours = self._theme.tokens
        painter.setBrush(QColor(colours.warning if self._paused else colours.recording))
        if self._paused:
            painter.drawRect(2, 1, 4, 12)
            painter.drawRect(8, 1, 4, 12)
        else:
            painter.drawEllipse(1, 1, 12, 12)
        painter.end()


class Header(QWidget):
    """Identity at the left, recording state and actions at the right."""

    edit_identity = Signal()
    prior_wanted = Signal()
    """Letters from before this consultation."""
    start_wanted = Signal()
    typed_wanted = Signal()
    """A letter from typed notes: nothing may be recorded."""
    pause_wanted = Signal()
    resume_wanted = Signal()
    stop_wanted = Signal()
    cancel_wanted = Signal()
    go_to_recording = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.setObjectName("header")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumHeight(tokens.HEADER_HEIGHT)
        self.name = controls.OneLine("name")
        self.details = controls.OneLine("small")
        self.informed = controls.pill()
        self.edit = controls.button(tr("Edit"), "quiet", tr("Edit patient details"))
        self.more = controls.button("⋯", "quiet", tr("More: this patient, withdraw, delete"))
        self.more.setToolTip(tr("All of this patient, withdraw, delete"))
        self.more.hide()
        self.prior = controls.button(tr("Prior letters"), "link")
        self.dot = StateDot(theme)
        self.state = controls.label("", "clock")
        self.meter = LevelMeter(theme)
        self.progress = QProgressBar(textVisible=False)
        self.progress.setFixedWidth(96)
        self.progress.setAccessibleName(tr("Progress"))
        self.start = controls.button(tr("Start recording"), "recording")
        self.typed = controls.button(tr("Write letter from notes"), "primary")
        self.typed.setToolTip(
            tr("The patient objected: nothing is recorded. The letter rests on your notes.")
        )
        self.typed.hide()
        self.pause = controls.button(tr("Pause"))
        self.stop = controls.button(tr("Stop and draft"), "recording")
        self.cancel = controls.button(tr("Cancel"), name=tr("Cancel drafting"))
        self.elsewhere = controls.button("", "recording", tr("Go to the recording"))
        self._state, self._begun = S.READY, False
        self._connect()
        self._lay_out()

    def _connect(self) -> None:
        self.edit.clicked.connect(self.edit_identity)
        self.prior.clicked.connect(self.prior_wanted)
        self.start.clicked.connect(self.start_wanted)
        self.typed.clicked.connect(self.typed_wanted)
        self.pause.clicked.connect(self._pause_clicked)
        self.stop.clicked.connect(self.stop_wanted)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.elsewhere.clicked.connect(self.go_to_recording)

    def _lay_out(self) -> None:
        first = self._first = QHBoxLayout()
        first.setSpacing(8)
        first.addWidget(self.name)
        first.addWidget(self.informed)
        first.addWidget(self.edit)
        first.addWidget(self.more)
        first.addStretch(1)
        second = self._second = QHBoxLayout()
        second.setSpacing(8)
        second.addWidget(self.details)
        second.addWidget(self.prior)
        second.addStretch(1)
        identity = QVBoxLayout()
        identity.setSpacing(0)
        identity.addStretch(1)
        identity.addLayout(first)
        identity.addLayout(second)
        identity.addStretch(1)
        row = self._row = QHBoxLayout(self)
        row.setContentsMargins(20, 8, 20, 8)
        row.setSpacing(12)
        row.addLayout(identity, 1)
        for widget in (self.dot, self.state, self.meter, self.progress):
            row.addWidget(widget, 0, Qt.AlignmentFlag.AlignVCenter)
        for action in (self.elsewhere, self.start, self.typed, self.pause, self.stop, self.cancel):
            row.addWidget(action)

    # --- what it shows ------------------------------------------------------------------------------

    def show_patient(self, patient: PatientIdentity, informed: Informed) -> None:
        """Who it is, and what they were told."""
        self.name.setText(patient.name or tr("Unnamed patient"))
        details = " · ".join(part for part in (patient.date_of_birth, patient.record_number) if part)
        self.details.setText(details or tr("No date of birth or record number"))
        words, tone = INFORMED[informed]
        controls.set_tone(self.informed, tr(words), tone)
        self._make_room()

    def show_prior(self, number: int) -> None:
        """How many letters from before were given."""
        given = trn("1 given", "{count} given", number) if number else tr("none")
        controls.set_text(
            self.prior,
            tr("Prior letters · {number}", number=number) if number else tr("Prior letters"),
            tr("Prior letters, {given}", given=given),
        )

    def show_state(
        self, consultation: Consultation | None, seconds: float, startable: bool, importing: bool = False
    ) -> None:
        """Show the controls of this state and no others. None is a consultation not yet started."""
        self._state = consultation.state if consultation else S.READY
        recording, paused = self._state is S.RECORDING, self._state is S.PAUSED
        working = self._state in (S.TRANSCRIBING, S.DRAFTING)
        self._begun = consultation is not None
        self.dot.setVisible(recording or paused)
        self.dot.set_paused(paused)
        self.meter.setVisible(recording)
        self.progress.setVisible(working)
        self.start.setVisible(self._state is S.READY)
        self.start.setEnabled(startable)
        self.pause.setVisible(recording or paused)
        controls.set_text(
            self.pause, tr("Resume") if paused else tr("Pause"), tr("Resume recording") if paused else ""
        )
        self.stop.setVisible(recording or paused)
        self.cancel.setVisible(self._state is S.DRAFTING or importing)
        controls.set_text(
            self.cancel, tr("Cancel"), tr("Cancel import") if importing else tr("Cancel drafting")
        )
        if working:
            self.progress.setRange(0, 0)
        self.show_seconds(seconds)
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Less room, or more."""
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """While it records, what has keys and menus elsewhere yields where the name would be cut."""
        live = self._state in (S.RECORDING, S.PAUSED)
        for yielding, line, wanted in (
            (self.more, self._first, self._begun),
            (self.prior, self._second, True),
        ):
            yielding.setVisible(wanted and not (live and self._needs(line, yielding) > self._room()))

    def _room(self) -> int:
        """Width that sign, clock and actions leave to who it is."""
        row = self._row
        widgets = [item.widget() for at in range(row.count()) if (item := row.itemAt(at)) is not None]
        others = [widget for widget in widgets if widget is not None and not widget.isHidden()]
        taken = sum(max(one.sizeHint().width(), one.minimumWidth()) + row.spacing() for one in others)
        margins = row.contentsMargins()
        return self.width() - margins.left() - margins.right() - taken

    def _needs(self, line: QHBoxLayout, yielding: QWidget) -> int:
        """Width of a line with nothing of it cut."""
        widgets = [item.widget() for at in range(line.count()) if (item := line.itemAt(at)) is not None]
        shown = [one for one in widgets if one is not None and (one is yielding or not one.isHidden())]
        return sum(one.sizeHint().width() + line.spacing() for one in shown)

    def show_seconds(self, seconds: float) -> None:
        """The words beside the sign, with the length of the recording."""
        length = controls.clock(seconds)
        words = {
            S.READY: "",
            S.RECORDING: tr("Recording {length}", length=length),
            S.PAUSED: tr("Paused {length}", length=length),
            S.TRANSCRIBING: tr("Transcribing…"),
            S.DRAFTING: tr("Drafting…"),
            S.FAILED: tr("Needs attention"),
        }
        before = len(self.state.text())
        self.state.setText(words.get(self._state, tr("Recorded {length}", length=length) if seconds else ""))
        if len(self.state.text()) != before:
            self._make_room()  # a clock with hours is wider
        big = self._state in (S.RECORDING, S.PAUSED, S.TRANSCRIBING, S.DRAFTING, S.FAILED)
        controls.set_property(self.state, "role", "clock" if big else "small")

    def show_progress(self, share: float) -> None:
        """How far transcribing or drafting is, 0 to 1."""
        self.progress.setRange(0, 100)
        self.progress.setValue(round(share * 100))

    def show_elsewhere(self, text: str) -> None:
        """Another consultation is being recorded; empty when none is."""
        self.elsewhere.setVisible(bool(text))
        self.start.setVisible(self._state is S.READY and not text and self.typed.isHidden())
        controls.set_text(
            self.elsewhere, text, tr("{text}, go to it", text=text) if text else tr("Go to the recording")
        )

    @Slot()
    def _pause_clicked(self) -> None:
        if self._state is S.PAUSED:
            self.resume_wanted.emit()
        else:
            self.pause_wanted.emit()
