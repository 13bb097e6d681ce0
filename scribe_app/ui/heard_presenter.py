"""Facts of the transcript on screen, read beside the window's thread, for the list of what was heard."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QTimer, Slot

from scribe_app.domain.facts import FactsSoFar
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.transcript import Transcript
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.heard_list import KIND_WORDS, Heard
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow


class HeardPresenter(QObject):
    """Whatever changes in the transcript, also a correction, changes the facts that rest on it."""

    def __init__(self, window: MainWindow, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._bridge, self._screen, self._list = bridge, screen, window.notes.heard_list
        self._panel = window.notes
        self._transcript = window.transcript.list.transcript
        self._consultation: ConsultationId | None = None
        self._facts, self._known = FactsSoFar(screen.language), Transcript((), screen.language)
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(self._read)
        for changed in (
            self._transcript.rowsInserted,
            self._transcript.dataChanged,
            self._transcript.modelReset,
        ):
            changed.connect(self._soon.start)
        window.notes.opened.connect(self._soon.start)

    @Slot()
    def _read(self) -> None:
        if not self._panel.isVisible():
            return  # read when it is looked at
        transcript = Transcript(self._transcript.utterances, self._screen.language)
        if transcript == self._known and self._screen.id == self._consultation:
            return  # a line was lit, or the grey preview has grown
        if self._screen.id != self._consultation or not transcript.utterances:
            self._consultation, self._facts = self._screen.id, FactsSoFar(self._screen.language)
        facts, self._known = self._facts, transcript
        self._bridge.run(partial(_heard, facts, transcript), partial(self._show, facts))

    def _show(self, facts: FactsSoFar, heard: tuple[Heard, ...]) -> None:
        if facts is self._facts:
            self._list.heard.show_all(heard)


def _heard(facts: FactsSoFar, transcript: Transcript) -> tuple[Heard, ...]:
    """What is to be listed; what was taken back is not."""
    facts.settle(transcript)
    starts = {utterance.id: utterance.start for utterance in transcript}
    return tuple(
        Heard(fact.utterances[-1], KIND_WORDS[fact.kind], fact.text, starts[fact.utterances[-1]])
        for fact in facts.facts
        if not fact.retracted
    )
