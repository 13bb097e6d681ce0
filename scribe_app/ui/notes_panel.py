"""The right column while recording: the clinician's own notes, and what has been heard so far."""

from __future__ import annotations

from PySide6.QtCore import QModelIndex, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from scribe_app.domain.template import LetterTemplate
from scribe_app.language import tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.dropping import FileProofEdit
from scribe_app.ui.fact_actions import FactActions
from scribe_app.ui.heard_list import HEARD_ROLE, Heard, HeardList
from scribe_app.ui.theme import Theme

SAVE_DELAY_MS = 600
MOST_SPEAKERS = 4


class NotesPanel(QWidget):
    """Notes are saved while typing; the template chooser says which letter will be drafted."""

    notes_changed = Signal(str)
    speakers_chosen = Signal(int)
    """How many people will speak."""
    utterance_wanted = Signal(int)
    letter_wanted = Signal()
    opened = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.template = QComboBox()
        controls.set_name(self.template, tr("Letter to draft"))
        self.template.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.speakers = self._number_of_speakers()
        self.back = controls.button(tr("Back to the letter"), "quiet")
        self.notes = controls.private(FileProofEdit())
        self.notes.setObjectName("notes")
        self.notes.setAccessibleName(tr("Your notes"))
        self.notes.setTabChangesFocus(True)
        self.notes.setPlaceholderText(
            tr("Anything that is not said aloud: findings, thoughts, codes. Saved as you type.")
        )
        self.heard_list = HeardList(theme)
        self.fact_actions = FactActions(self.heard_list)
        self.teaching = controls.label(
            tr("Symptoms, medicines, allergies, findings and plans appear here as they are said."),
            "muted",
            wrap=True,
        )
        self._save_soon = QTimer(self, singleShot=True, interval=SAVE_DELAY_MS)
        self._save_soon.timeout.connect(self.flush)
        self._saved = ""
        self.notes.textChanged.connect(self._save_soon.start)
        self.heard_list.clicked.connect(self._heard_chosen)
        self.heard_list.activated.connect(self._heard_chosen)
        self.back.clicked.connect(self.letter_wanted)
        self.heard_list.heard.rowsInserted.connect(self._heard_more)
        self.heard_list.heard.modelReset.connect(self._heard_more)
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addStrut(tokens.CONTROL_HEIGHT)
        head.addWidget(controls.label(tr("Your notes"), "title"))
        head.addStretch(1)
        head.addWidget(self.speakers)
        self.template_label = controls.label(tr("Letter"), "small")
        head.addWidget(self.template_label)
        head.addWidget(self.template)
        head.addWidget(self.back)
        card = QFrame()
        card.setObjectName("card")
        inside = QVBoxLayout(card)
        inside.setContentsMargins(6, 8, 6, 8)
        self.teaching.setContentsMargins(8, 2, 8, 2)
        self.teaching.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        inside.addWidget(self.teaching)
        inside.addWidget(self.heard_list, 1)
        inside.addWidget(self.fact_actions)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 20, 16)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.notes, 2)
        column.addSpacing(tokens.GRID)
        column.addWidget(controls.label(tr("Heard so far"), "title"))
        column.addWidget(card, 3)

    def showEvent(self, event: QShowEvent) -> None:
        """What is listed may be older than what was said."""
        super().showEvent(event)
        self.opened.emit()

    def show_templates(self, templates: list[LetterTemplate], chosen: str) -> None:
        """Which letters can be drafted."""
        self.template.clear()
        for template in templates:
            self.template.addItem(template.title, template.name)
        self.choose_template(chosen)

    def choose_template(self, name: str) -> None:
        """Which letter will be drafted; an unknown name leaves the choice as it is."""
        at = self.template.findData(name)
        if at >= 0:
            self.template.setCurrentIndex(at)

    def choose_speakers(self, number: int) -> None:
        """How many people will speak."""
        self.speakers.setCurrentIndex(self.speakers.findData(number))

    def show_notes(self, text: str) -> None:
        """The notes of another consultation."""
        self._saved = text
        self.notes.setPlainText(text)
        self._save_soon.stop()

    def show_stage(self, *, ready: bool, letter: bool) -> None:
        """Speakers and letter are chosen before Start; afterwards there is a way back to the letter."""
        self.speakers.setVisible(ready)
        self.template.setVisible(ready)
        self.template_label.setVisible(ready)
        self.back.setVisible(letter)

    def _number_of_speakers(self) -> QComboBox:
        choice = QComboBox()
        controls.set_name(choice, tr("How many people speak"))
        choice.setToolTip(
            tr("You and the patient are two. To keep more apart, a model for voices must be installed.")
        )
        for number in range(2, MOST_SPEAKERS + 1):
            choice.addItem(tr("{count} people", count=number), number)
        choice.currentIndexChanged.connect(lambda: self.speakers_chosen.emit(choice.currentData()))
        return choice

    @Slot()
    def flush(self) -> None:
        """Tell what was typed, if it is new."""
        self._save_soon.stop()
        text = self.notes.toPlainText()
        if text != self._saved:
            self._saved = text
            self.notes_changed.emit(text)

    @Slot()
    def _heard_more(self) -> None:
        any_heard = self.heard_list.heard.rowCount() > 0
        self.teaching.setVisible(not any_heard)
        self.heard_list.setVisible(any_heard)
        if self.heard_list.here is None:  # whoever is at a fact stays there
            QTimer.singleShot(0, self.heard_list, self.heard_list.scrollToBottom)

    @Slot(QModelIndex)
    def _heard_chosen(self, index: QModelIndex) -> None:
        heard: Heard = index.data(HEARD_ROLE)
        self.utterance_wanted.emit(heard.utterance)
