"""Who sounds like whom in one consultation: heard beside the transcript, told once, never needed."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path

from scribe_app.domain.events import Event, VoicesTold
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import EngineError, ModelError
from scribe_app.ports import (
    ActiveVoices,
    EventSink,
    ModelEntry,
    ModelLibrary,
    ModelTask,
    VoiceListener,
    VoicesRequest,
)

log = logging.getLogger(__name__)

TELLING_SECONDS = 2.0
"""What the letter waits for voices at the most; listening was done beside the recording, mostly."""
MOST_VOICES = 10


class Voices:
    """Utterances to voices. Whatever fails here is logged, and the words alone decide who speaks."""

    def __init__(
        self,
        id: ConsultationId,
        listener: VoiceListener | None,
        models: ModelLibrary,
        sink: EventSink,
        speakers: int = 2,
    ) -> None:
        self._id, self._listener, self._models, self._sink = id, listener, models, sink
        self._folder, self._key = Path(), b""
        self._active: ActiveVoices | None = None
        self._heard: set[UtteranceId] = set()
        self.asked = False
        """Whether an answer is awaited."""
        self.speakers = speakers
        """How many people speak."""

    def listen(self, folder: Path, key: bytes) -> None:
        """Where the recording is. The process starts with the first utterance."""
        self._folder, self._key = folder, key

    def hear(self, utterances: Sequence[Utterance]) -> None:
        """These are settled: there is time to listen to them while others are spoken."""
        fresh = [utterance for utterance in utterances if utterance.id not in self._heard]
        if not fresh or not self._key or not self._start():
            return
        assert self._active is not None
        self._heard.update(utterance.id for utterance in fresh)
        self._active.hear(fresh)

    def ask(self, transcript: Transcript) -> bool:
        """Whether VoicesTold will come, within two seconds."""
        self.hear(transcript.utterances)
        if self._active is None or not transcript.utterances:
            return False
        self.asked = True
        self._active.tell(TELLING_SECONDS)
        return True

    def accept(self, told: VoicesTold, transcript: Transcript) -> dict[UtteranceId, int]:
        """What was told of utterances that there are; anything else is left out. Listening is over."""
        self.end()
        known = {utterance.id for utterance in transcript}
        return {
            id: voice
            for id, voice in told.voices
            if id in known and isinstance(voice, int) and 0 <= voice < MOST_VOICES
        }

    def end(self) -> None:
        """Listen no more."""
        self.asked = False
        if self._active is not None:
            self._active.cancel()
            self._active = None
            self._heard.clear()

    def _start(self) -> bool:
        if self._active is not None or self._listener is None:
            return self._active is not None
        model = self._model()
        request = VoicesRequest(
            self._id,
            self._folder,
            self._key,
            self.speakers,
            model.path if model is not None else None,
            model.contents if model is not None else None,
            # One that is made of synthetic voices has not been heard on people: it only fills in.
            model_first=model is None or not model.caveat,
        )
        try:
            self._active = self._listener.start(request, self._pass_on)
        except EngineError as error:
            log.warning("nobody listens to the voices of %s: %s", self._id, type(error).__name__)
            self._listener = None
        return self._active is not None

    def _model(self) -> ModelEntry | None:
        try:
            return self._models.pick(ModelTask.DIARISATION, "")
        except ModelError as error:
            log.warning("no diarisation model: %s", type(error).__name__)
            return None

    def _pass_on(self, event: Event) -> None:
        if self.asked:
            self._sink(event)
