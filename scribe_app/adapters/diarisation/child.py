"""The process that tells voices apart: listens to settled utterances in its own time, answers once."""

from __future__ import annotations

import logging
import time
from collections import deque
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
SPAN = 60 * SAMPLE_RATE
"""Samples that a model diarises at once."""
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
        self._span: list[Spoken] = []
        self._model = _model(request)
        self._pace = 0.0
        """Seconds that the model takes for a sample, as far as it is known."""

    def run(self, connection: Connection) -> None:
        """Hear while there is something to hear; one answer ends it. EOFError when the parent is gone."""
        while True:
            if connection.poll(0 if self._waiting else None):
                message = connection.recv()
                if isinstance(message, Tell):
                    connection.send(self.told(message.limit))
                    return
                if isinstance(message, Hear):
                    self._waiting.extend(message.spoken)
            else:
                self.hear_next()

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
        if self._model is not None:
            self._span.append(one)
            if one.end - self._span[0].start >= SPAN:
                self._diarise()

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
        """The last span is divided only where there is time for it: an answer that comes too late is none."""
        if self._model is not None and self._span:
            length = max(one.end for one in self._span) - self._span[0].start
            self._diarise(divide=time.monotonic() + self._pace * length <= deadline)
        return self._model.told() if self._model is not None else {}

    def _by_sound(self) -> dict[int, int]:
        if self._request.speakers != 2:
            return {}
        found = two_voices(list(self._heard.values()))
        log.info("apartness %.2f of %d utterances", found.apartness, len(found.labels))
        return dict(zip(self._heard, found.labels, strict=True)) if found.apartness >= TRUSTED else {}

    def _diarise(self, *, divide: bool = True) -> None:
        """One closed span. A model that fails once is not asked again."""
        assert self._model is not None
        span, self._span = self._span, []
        begins, ends = span[0].start, max(one.end for one in span)
        began = time.monotonic()
        try:
            self._model.hear(_floats(self._journal.read(begins, ends)), begins, span, divide=divide)
        except (RuntimeError, ValueError, TypeError, RecordingError) as error:
            log.error("diarisation model failed: %s", type(error).__name__)
            self._model = None
        self._pace = (time.monotonic() - began) / max(1, ends - begins)


def _model(request: VoicesRequest) -> SherpaVoices | None:
    if request.model is None or not package_installed():
        return None
    try:
        with checked(request.model, request.contents) as weights:
            return SherpaVoices(weights.folder, request.speakers)
    except (ImportError, RuntimeError, ValueError, TypeError, OSError, ModelError) as error:
        log.error("no diarisation model: %s", type(error).__name__)
        return None


def _floats(audio: npt.NDArray[np.int16]) -> Samples:
    return (audio / np.float32(32_768)).astype(np.float32)
