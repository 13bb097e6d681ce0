"""The process that tells voices apart: listens to settled utterances in its own time, answers once."""

from __future__ import annotations

import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection

import numpy as np
import numpy.typing as npt

from scribe_app.adapters.diarisation.channels import two_channels
from scribe_app.adapters.diarisation.sherpa import SherpaVoices, Spoken, package_installed
from scribe_app.adapters.diarisation.voices import TRUSTED, Features, Samples, features_of, two_voices
from scribe_app.adapters.journal import JournalReader
from scribe_app.adapters.weights import checked
from scribe_app.domain.events import VoicesTold, VoiceWay
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ModelError, RecordingError
from scribe_app.ports import VoicesRequest

log = logging.getLogger(__name__)

LONGEST_HEARD = 10 * SAMPLE_RATE
"""Samples of one utterance that pitch and timbre are taken from."""
SPAN = 10 * SAMPLE_RATE
"""Samples that a model diarises at once: as much as it looks at. More would keep an answer waiting."""
JUDGED_AGAIN = 8
"""Utterances after which it is looked again whether pitch and timbre tell voices apart."""
ANSWER_SHARE = 0.6
"""Of the time that the answer may take; the rest is for clustering and the way back."""


@dataclass(frozen=True, slots=True)
class Hear:
    """Utterances to listen to."""

    spoken: tuple[Spoken, ...]


@dataclass(frozen=True, slots=True)
class Tell:
    """Answer within so many seconds."""

    limit: float


def listen(connection: Connection, request: VoicesRequest) -> None:
    """Process main: until the answer is given."""
    Listening(request, JournalReader(request.folder, request.key)).run(connection)


class Listening:
    """What has been heard of one recording's utterances."""

    def __init__(self, request: VoicesRequest, journal: JournalReader) -> None:
        self._request, self._journal = request, journal
        self._waiting: deque[Spoken] = deque()
        self._heard: dict[int, Features] = {}
        self._balances: dict[int, float | None] = {}
        self._for_model: deque[Spoken] = deque()
        self._span: list[Spoken] = []
        self._spans: deque[list[Spoken]] = deque()
        """Closed, to be divided when there is nothing else to do."""
        self._model: SherpaVoices | None = None
        self._has_model = request.model is not None and package_installed()
        """Until it fails. It is loaded when there is time: where pitch and timbre suffice, nobody waits."""
        self._judged, self._suffices = 0, True
        """Of how many utterances pitch and timbre were judged, and whether they told them apart."""
        self._pace = 0.0
        """Seconds that the model takes for a sample, as far as it is known."""

    def run(self, connection: Connection) -> None:
        """Hear while there is something to hear; one answer ends it. EOFError when the parent is gone."""
        while True:
            if connection.poll(0 if self._waiting or self._model_wanted else None):
                message = connection.recv()
                if isinstance(message, Tell):
                    connection.send(self.told(message.limit))
                    return
                if isinstance(message, Hear):
                    self._waiting.extend(message.spoken)
            else:
                self.work()

    def work(self) -> None:
        """One piece of it, the quick ones first."""
        if self._waiting:
            self.hear_next()
        elif self._for_model:
            self._embed_next()
        elif self._spans:
            self._divide()

    @property
    def _model_wanted(self) -> bool:
        """Whether there is something for the model to do, and pitch and timbre do not suffice."""
        if not (self._for_model or self._spans):
            return False
        if self._request.model_first or self._request.speakers != 2:
            return True
        if len(self._heard) >= self._judged + JUDGED_AGAIN:
            self._judged, self._suffices = len(self._heard), bool(self._by_sound())
        return not self._suffices

    def hear(self, spoken: tuple[Spoken, ...]) -> None:
        """Take these up; they are listened to one by one."""
        self._waiting.extend(spoken)

    def hear_next(self) -> None:
        """Listen to the utterance that waits longest."""
        one = self._waiting.popleft()
        end = min(one.end, one.start + LONGEST_HEARD)
        audio = self._journal.read(one.start, max(one.start, end))
        self._balances[one.id] = self._journal.balance(one.start, end)
        if len(audio):
            self._heard[one.id] = features_of(_floats(audio))
        if self._has_model:
            self._for_model.append(one)

    def _embed_next(self) -> None:
        one = self._for_model.popleft()
        self._ask_model(lambda model: model.hear(self._sound(one.start, one.end), one))
        self._span.append(one)
        if one.end - self._span[0].start >= SPAN:
            self._spans.append(self._span)
            self._span = []

    def told(self, limit: float) -> VoicesTold:
        """Voices of what was heard, and of what can still be heard in the time that there is."""
        deadline = time.monotonic() + limit * ANSWER_SHARE
        while self._waiting and time.monotonic() < deadline:
            self.hear_next()
        ways = {
            VoiceWay.CHANNELS: self._by_channels,
            VoiceWay.MODEL: lambda: self._by_model(deadline),
            VoiceWay.SOUND: self._by_sound,
        }
        one_channel = (VoiceWay.MODEL, VoiceWay.SOUND)
        for way in (VoiceWay.CHANNELS, *(one_channel if self._request.model_first else one_channel[::-1])):
            found = ways[way]()
            if found:
                log.info("voices of %d utterances by %s", len(found), way)
                told = tuple((UtteranceId(id), voice) for id, voice in sorted(found.items()))
                return VoicesTold(self._request.consultation, told, way)
        return VoicesTold(self._request.consultation)

    def _by_channels(self) -> dict[int, int]:
        labels = two_channels(list(self._balances.values())) if self._request.speakers == 2 else None
        if labels is None:
            return {}
        return {id: label for id, label in zip(self._balances, labels, strict=True) if label >= 0}

    def _by_model(self, deadline: float) -> dict[int, int]:
        """Spans are divided as far as there is time for it: an answer that comes too late is none."""
        while self._for_model and time.monotonic() < deadline:
            self._embed_next()
        if self._span:
            self._spans.append(self._span)
        while self._has_model and self._spans:
            if time.monotonic() + self._pace * _length(self._spans[0]) >= deadline:
                break
            self._divide()
        return self._model.told() if self._model is not None else {}

    def _by_sound(self) -> dict[int, int]:
        if self._request.speakers != 2:
            return {}
        found = two_voices(list(self._heard.values()))
        log.info("apartness %.2f of %d utterances", found.apartness, len(found.labels))
        return dict(zip(self._heard, found.labels, strict=True)) if found.apartness >= TRUSTED else {}

    def _divide(self) -> None:
        """The span that waits longest."""
        span = self._spans.popleft()
        begins, began = span[0].start, time.monotonic()
        self._ask_model(lambda model: model.divide(self._sound(begins, begins + _length(span)), begins, span))
        self._pace = (time.monotonic() - began) / max(1, _length(span))

    def _sound(self, start: int, end: int) -> Samples:
        return _floats(self._journal.read(start, end))

    def _ask_model(self, wish: Callable[[SherpaVoices], None]) -> None:
        """A model that fails once is not asked again."""
        if self._has_model and self._model is None:
            self._model = _model(self._request)
            self._has_model = self._model is not None
        try:
            if self._model is not None:
                wish(self._model)
        except (RuntimeError, ValueError, TypeError, RecordingError) as error:
            log.error("diarisation model failed: %s", type(error).__name__)
            self._model, self._has_model = None, False


def _length(span: Sequence[Spoken]) -> int:
    """Samples from its first to its last."""
    return max(one.end for one in span) - span[0].start


def _model(request: VoicesRequest) -> SherpaVoices | None:
    if request.model is None:
        return None
    try:
        with checked(request.model, request.contents) as weights:
            return SherpaVoices(weights.folder, request.speakers)
    except (ImportError, RuntimeError, ValueError, TypeError, OSError, ModelError) as error:
        log.error("no diarisation model: %s", type(error).__name__)
        return None


def _floats(audio: npt.NDArray[np.int16]) -> Samples:
    return (audio / np.float32(32_768)).astype(np.float32)
