"""The words in which tests speak of the window."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot
from ui.scripted import Stage, sample_utterances

from scribe_app.domain.consultation import ConsultationState
from scribe_app.ui.conductor import Conductor

WAIT_MS = 30_000


class Driver:
    """A window on a stage."""

    def __init__(self, stage: Stage, conductor: Conductor, qtbot: QtBot) -> None:
        self.stage, self.conductor, self.qtbot = stage, conductor, qtbot
        self.window, self.screen = conductor.window, conductor.screen

    def activate(self) -> None:
        """Give the window the keyboard; the offscreen platform does so only when asked again."""

        def active() -> bool:
            self.window.activateWindow()
            return self.window.isActiveWindow()

        self.until(active)

    def press(self, keys: str, widget: QWidget | None = None) -> None:
        """Press a key or a combination ("Ctrl+Z") where the focus is, or on a widget."""
        self.activate()
        combination = QKeySequence(keys)[0]
        target = widget or self.window.focusWidget() or self.window
        self.qtbot.keyClick(target, combination.key(), combination.keyboardModifiers())

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT_MS)

    def until_state(self, state: ConsultationState) -> None:
        self.until(lambda: self.screen.state is state)

    def record(self, utterances: int = 12, template: str = "soap") -> None:
        """Start, and hear the beginning of the sample consultation."""
        self.window.notes.choose_template(template)
        self.window.header.start.click()
        self.until_state(ConsultationState.RECORDING)
        self.hear(utterances)

    def hear(self, utterances: int) -> None:
        """The first utterances of the sample, as the transcriber settles them."""
        for utterance in sample_utterances()[:utterances]:
            self.stage.transcriber.settle(utterance)
            self.stage.recorder.hear(utterance.end)
        rows = self.window.transcript.list.transcript
        self.until(lambda: len(rows.utterances) == utterances)

    def review(self, utterances: int = 40, template: str = "soap") -> None:
        """Record, stop, and have the letter on screen."""
        self.record(utterances, template)
        self.window.header.stop.click()
        self.until(
            lambda: self.screen.state is ConsultationState.IN_REVIEW and self.screen.letter is not None
        )
