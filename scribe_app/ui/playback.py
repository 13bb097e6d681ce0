"""Lets the clinician hear what a statement rests on."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QObject, Slot

from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import ScribeError
from scribe_app.language import tr
from scribe_app.services.application import Application
from scribe_app.services.consultations import ConsultationService
from scribe_app.ui import controls
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import LIVE, Screen
from scribe_app.ui.window import MainWindow

LEAD_SECONDS = 0.3
"""Played before and after an utterance, so that no first sound is cut."""
JOIN_SECONDS = 2.0
"""Utterances this close are played as one stretch."""
PAUSE = bytes(2 * int(SAMPLE_RATE * 0.4))
"""Silence between stretches that are not."""


def stretches(utterances: Sequence[Utterance]) -> list[tuple[float, float]]:
    """From and to, in seconds, of what is to be heard, in order, close ones joined."""
    found: list[tuple[float, float]] = []
    for utterance in sorted(utterances, key=lambda utterance: utterance.start):
        start, end = max(0.0, utterance.start - LEAD_SECONDS), utterance.end + LEAD_SECONDS
        if found and start - found[-1][1] < JOIN_SECONDS:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def audio_of(service: ConsultationService, id: ConsultationId, utterances: Sequence[Utterance]) -> bytes:
    """Their audio with a short silence between. Blocks: never on the window's thread."""
    return PAUSE.join(service.audio(id, start, end) for start, end in stretches(utterances))


class Playback(QObject):
    """One button: plays what is lit up in the transcript, or stops."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._playing = False
        self._round = 0
        transcript = window.transcript
        transcript.play.clicked.connect(self.toggle)
        transcript.list.play_wanted.connect(self._play_one)
        transcript.list.transcript.dataChanged.connect(self._offer)
        transcript.list.selectionModel().currentChanged.connect(self._offer)
        screen.shown.connect(self._leave)
        screen.changed.connect(self._offer)

    @Slot()
    def toggle(self) -> None:
        """Play, or stop what plays."""
        if self._playing:
            self._application_stop()
        elif self._screen.state not in LIVE:
            self._play(self._wanted())

    def _wanted(self) -> list[Utterance]:
        """The utterance under the cursor where the transcript has it, else those lit up."""
        view = self._window.transcript.list
        current = view.transcript.utterance(view.current_utterance()) if view.hasFocus() else None
        lit = [view.transcript.utterance(id) for id in view.transcript.lit]
        if current is None and not lit:
            current = view.transcript.utterance(view.current_utterance())
        chosen = [current] if current is not None else lit
        return [utterance for utterance in chosen if utterance is not None]

    @Slot(int)
    def _play_one(self, id: int) -> None:
        utterance = self._window.transcript.list.transcript.utterance(id)
        if utterance is not None:
            self._play([utterance])

    def _play(self, utterances: list[Utterance]) -> None:
        id = self._screen.id
        if id is None or not utterances:
            return
        self._playing = True
        self._round += 1
        this_round = self._round
        ended = self._bridge.crossing(lambda error: self._ended(this_round, error))
        service, player = self._application.consultations, self._application.player
        self._bridge.run(lambda: player.play(audio_of(service, id, utterances), ended), None, self._failed)
        self._offer()

    def _application_stop(self) -> None:
        self._playing = False
        self._bridge.run(self._application.player.stop)
        self._offer()

    def _failed(self, error: ScribeError) -> None:
        self._playing = False
        self._offer()
        self._window.banner.show_error(error)

    def _ended(self, which: int, error: ScribeError | None) -> None:
        if which != self._round:
            return
        self._playing = False
        self._offer()
        if error is not None:
            self._window.banner.show_error(error)

    @Slot()
    def _leave(self) -> None:
        if self._playing:
            self._application_stop()
        self._offer()

    @Slot()
    @Slot(QModelIndex, QModelIndex)
    def _offer(self, *_indexes: QModelIndex) -> None:
        button = self._window.transcript.play
        if self._playing:
            controls.set_text(button, tr("Stop playing"))
            button.setVisible(True)
            return
        loaded = self._screen.loaded
        silent = loaded is None or self._screen.state in LIVE or loaded.audio_erased_at is not None
        wanted = [] if silent else self._wanted()
        button.setVisible(bool(wanted))
        if wanted:
            start = min(utterance.start for utterance in wanted)
            controls.set_text(
                button, tr("Play {start}", start=controls.clock(start)), tr("Play the marked words")
            )
