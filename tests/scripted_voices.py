"""A VoiceListener without ears, for tests of what becomes of its answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from scribe_app.domain.events import VoicesTold, VoiceWay
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import Utterance
from scribe_app.errors import EngineError
from scribe_app.ports import EventSink, VoicesRequest

Told = Callable[[Sequence[Utterance]], Any]


def true_voices(heard: Sequence[Utterance]) -> tuple[tuple[UtteranceId, int], ...]:
    """The sample's speakers take turns."""
    return tuple((utterance.id, utterance.id % 2) for utterance in heard)


class ScriptedVoices:
    """A VoiceListener that says what the test wants; None: it dies without a word."""

    def __init__(self, told: Told = true_voices) -> None:
        self.told = told
        self.requests: list[VoicesRequest] = []
        self.heard: list[Utterance] = []
        self.asked = self.cancelled = 0
        self.refuses: EngineError | None = None
        self.holds = False

    def start(self, request: VoicesRequest, sink: EventSink) -> ScriptedVoices:
        if self.refuses is not None:
            raise self.refuses
        self.requests.append(request)
        self.heard, self._sink = [], sink
        return self

    def way(self, model: Path | None) -> VoiceWay:
        return VoiceWay.SOUND

    def hear(self, utterances: Sequence[Utterance]) -> None:
        self.heard += utterances

    def tell(self, limit: float) -> None:
        self.asked += 1
        assert limit <= 3.0, "the letter waits for it"
        if not self.holds:
            self.answer()

    def answer(self) -> None:
        self._sink(VoicesTold(self.requests[-1].consultation, self.told(self.heard), VoiceWay.SOUND))

    def cancel(self) -> None:
        self.cancelled += 1
