"""A question about this consultation, answered by lighting up what was said."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from scribe_app.domain.questions import Answer, answers_to, names_something
from scribe_app.domain.transcript import Transcript
from scribe_app.language import later, tr, trn
from scribe_app.ui import controls, tokens
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import LIVE, Screen
from scribe_app.ui.transcript_view import TranscriptList

HINT = later("Ask what was said, for instance: allergies?")
NOT_DISCUSSED = later("Not discussed")
NOTHING_NAMED = later("Name what to look for")


class QuestionField(QLineEdit):
    """One line; Esc empties it."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc takes the question back, and with it the light."""
        if event.key() == Qt.Key.Key_Escape and self.text():
            self.clear()
            return
        super().keyPressEvent(event)


class QuestionLine(QWidget):
    """The field, and what came of it."""

    def __init__(self) -> None:
        super().__init__()
        self.field = controls.private(QuestionField(placeholderText=tr(HINT), clearButtonEnabled=True))
        self.field.setToolTip(tr("Answers are places in the transcript, word for word (Ctrl+G)"))
        controls.set_name(self.field, tr("Ask what was said"))
        self.found = controls.pill("", "quiet")
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 0, 8, 0)
        row.setSpacing(tokens.GRID)
        row.addWidget(self.field, 1)
        row.addWidget(self.found)
        self.found.hide()


class AskingPresenter(QObject):
    """Looks for answers beside the window, shows the best first."""

    def __init__(self, line: QuestionLine, shown: TranscriptList, bridge: Bridge, screen: Screen) -> None:
        super().__init__(line)
        self._line, self._list, self._bridge, self._screen = line, shown, bridge, screen
        line.field.returnPressed.connect(self.ask)
        line.field.textChanged.connect(self._changed)
        screen.shown.connect(self._clear)
        screen.changed.connect(self._offer)
        self._offer()

    @Slot()
    def ask(self) -> None:
        """Find what answers the question."""
        question, consultation = self._line.field.text().strip(), self._screen.consultation
        if not question or consultation is None:
            return
        transcript = Transcript(self._list.transcript.utterances, consultation.language)
        named = names_something(question, consultation.language)
        self._bridge.run(
            partial(answers_to, question, transcript), partial(self._answered, question, named=named)
        )

    def _answered(self, question: str, answers: tuple[Answer, ...], *, named: bool) -> None:
        if question != self._line.field.text().strip():
            return
        self._list.show_utterances([answer.utterance for answer in answers])
        places = trn("1 place", "{count} places", len(answers))
        none = tr(NOT_DISCUSSED) if named else tr(NOTHING_NAMED)
        controls.set_tone(self._line.found, places if answers else none, "ok" if answers else "quiet")

    @Slot(str)
    def _changed(self, text: str) -> None:
        controls.set_tone(self._line.found, "", "quiet")
        if not text:
            self._list.show_utterances([])

    @Slot()
    def _clear(self) -> None:
        self._line.field.clear()
        self._offer()

    @Slot()
    def _offer(self) -> None:
        loaded, state = self._screen.consultation is not None, self._screen.state
        self._line.setVisible(loaded and state not in LIVE)
