"""One consultation's transcript while it grows: recognition restarted where it died, speakers judged."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.events import (
    ConsultationFailed,
    MemoryGrown,
    TextRejected,
    UtteranceSettled,
    VoicesTold,
    WindowTaken,
)
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.topics import guess_roles
from scribe_app.domain.transcript import UNCLEAR, SpeakerRole, Transcript, Utterance
from scribe_app.errors import ScribeError, StorageError
from scribe_app.language import later
from scribe_app.ports import ConsultationStore, EventSink
from scribe_app.services.checking import Checks
from scribe_app.services.engines import Engines
from scribe_app.services.events import EventBus
from scribe_app.services.persevering import Perseverance, Step, not_heard, unclear
from scribe_app.services.voices import Voices

log = logging.getLogger(__name__)


class Transcribing:
    """Recording to stored transcript. All calls come from the coordinator thread."""

    def __init__(
        self,
        consultation: Consultation,
        engines: Engines,
        store: ConsultationStore,
        bus: EventBus,
        voices: Voices,
        sink: EventSink,
    ) -> None:
        """`sink` brings what is judged beside the coordinator back to it."""
        self._id, self._language = consultation.id, consultation.language
        self._engines, self._store, self._bus = engines, store, bus
        self._voices, self._sink = voices, sink
        self._judging = Checks(self._id, sink, "judging")
        self._then: Callable[[], None] = lambda: None
        self._folder, self._key = Path(), b""
        self._ended = False
        self._persevering = Perseverance()
        self._window: list[Utterance] = []
        """What was told of a window that is not whole yet."""

    def start(self, folder: Path, key: bytes) -> None:
        """Listen along with a recording that runs. What fails is told; finish() tries it again."""
        self._folder, self._key = folder, key
        self._voices.listen(folder, key)
        self._run()

    def resume(self) -> None:
        """Go on listening along after a break, at the sample where the stored transcript ends."""
        self._persevering.begin_again()
        self._run()

    def finish(self) -> None:
        """The recording has ended: transcribe what is left.

        Recognition that gave up while recording gets one more try without that beside it.

        Raises:
            ScribeError: that failed, too.
        """
        self._ended = True
        if self._engines.transcribing:
            self._engines.finish_transcribing()
        else:
            self._persevering.last_try()
            self._run()

    def take_up(self, folder: Path, key: bytes) -> None:
        """Transcribe what is left of an ended recording. Raises what finish raises."""
        self._folder, self._key = folder, key
        self._voices.listen(folder, key)
        self.finish()

    def _run(self) -> None:
        self._window.clear()
        self._persevering.on_start()
        try:
            self._engines.start_transcribing(self._folder, self._key, careful=self._persevering.careful)
        except ScribeError as error:
            self.on_failed(error)
            return
        if self._ended:
            self._engines.finish_transcribing()

    def on_failed(self, error: ScribeError) -> None:
        """Once more at the same sample; then pass over the window that it dies of, or give up.

        A recording that runs goes on either way.

        Raises:
            ScribeError: given up, and no recording runs.
        """
        self._engines.end_transcribing()
        step, taken = self._persevering.after(error)
        if step is Step.GIVE_UP and self._ended:
            raise error
        if step is Step.GIVE_UP:
            self._bus.publish(ConsultationFailed(self._id, error))
            return
        if step is Step.PASS_OVER and taken is not None:
            self._pass_over(taken)
        self._run()

    def _pass_over(self, taken: WindowTaken) -> None:
        """Mark a window as not understood, so that what follows it is heard. Raises StorageError."""
        id = UtteranceId(self._store.last_said(self._id)[0] + 1)
        self._keep([unclear(taken, id)], taken.until_sample)
        log.warning("window until sample %d passed over", taken.until_sample)
        kept = later("Their sound is kept, and the transcript goes on after them.")
        remedy = later(f"Play them where the transcript says {UNCLEAR}.")
        self._bus.publish(ConsultationFailed(self._id, not_heard(taken, kept, remedy)))

    def on_memory_grown(self, event: MemoryGrown) -> None:
        """Go on in a new process where the last window ended. Raises what on_failed raises."""
        log.info("speech process of %s started again for its memory", event.consultation)
        self._engines.end_transcribing()
        self._run()

    def on_window(self, event: WindowTaken) -> None:
        """Know of what the recogniser would die."""
        self._persevering.on_window(event)

    def on_utterance(self, event: UtteranceSettled) -> None:
        """Keep an utterance until its window is whole: its last one carries the window's end."""
        self._window.append(event.utterance)
        if event.until_sample > self._store.transcribed_until(self._id):
            window, self._window = self._window, []
            self._keep(window, event.until_sample)
            self._persevering.on_heard()

    def _keep(self, window: list[Utterance], until: int) -> None:
        """Store a window with a first guess at who speaks, and let the drafter read along.

        All of it at once: half a window would be told again, perhaps as another number of utterances.
        """
        count, last = self._store.last_said(self._id)
        if window[0].id > count + 1:
            return  # the one before it could not be stored; both will be told again
        self._persevering.on_kept()
        judged = _with_roles(window, last, self._language)
        self._store.add_utterances(self._id, judged, until)
        fresh = [utterance for utterance in judged if utterance.id > count]
        self._engines.read(fresh)
        self._voices.hear(fresh)
        for utterance in fresh:
            self._bus.publish(UtteranceSettled(self._id, utterance, until))

    def on_rejected(self, event: TextRejected) -> None:
        """Keep what the recogniser wrote and was not trusted with; it goes nowhere but into the vault."""
        self._store.add_rejected(self._id, event.rejected)
        self._bus.publish(event)

    def settle_speakers(self, transcript: Transcript, then: Callable[[], None]) -> None:
        """Hear what the voices have to say, for two seconds at the most; judge who spoke; then go on."""
        self._then = then
        if not self._voices.ask(transcript):
            self._settle_with(VoicesTold(self._id))

    def on_voices(self, event: VoicesTold) -> None:
        """The answer that was awaited; any other is not heard."""
        if self._voices.asked:
            self._settle_with(event)

    @property
    def judging(self) -> bool:
        """Whether it is being judged who spoke."""
        return self._judging.waiting > 0

    def end_judging(self) -> None:
        """Give it up; nothing of it is stored. It is judged again when the consultation is taken up."""
        self._judging.stop()

    def _settle_with(self, told: VoicesTold) -> None:
        """Long visits take seconds to judge: beside the coordinator, so that the lock need not wait."""
        self._keep_voices(self._voices.accept(told, self._store.transcript(self._id)))
        before, corrected = self._store.transcript(self._id), self._store.corrected(self._id)
        self._judging = Checks(self._id, self._sink, "judging")
        self._judging.run(partial(_newly_judged, before, corrected), self._settle_roles)

    def _keep_voices(self, voices: Mapping[UtteranceId, int]) -> None:
        """Store who sounds alike. Without it the words decide, so that a failure here costs nothing else."""
        if not voices:
            return
        try:
            self._store.set_voices(self._id, voices)
        except StorageError as error:
            log.warning("voices of %s not stored: %s", self._id, type(error).__name__)

    def _settle_roles(self, roles: Mapping[UtteranceId, SpeakerRole] | None) -> None:
        """Store who spoke; utterances with another role than before are told anew."""
        self._judging.stop()  # it was all there was to judge: its thread ends
        corrected = self._store.corrected(self._id)  # also what was corrected while it was judged
        changed = {id: role for id, role in (roles or {}).items() if id not in corrected}
        self._store.set_speakers(self._id, changed, by_person=False)
        until = self._store.transcribed_until(self._id)
        for new in self._store.transcript(self._id).cited(changed):
            self._bus.publish(UtteranceSettled(self._id, new, until))
        self._then()


def _newly_judged(before: Transcript, corrected: frozenset[UtteranceId]) -> dict[UtteranceId, SpeakerRole]:
    """Who spoke, by voices and words of the whole transcript, where that is not who was thought to.

    Speakers that a person corrected stay, and count as known for the others.
    """
    open = tuple(u if u.id in corrected else replace(u, speaker=SpeakerRole.UNKNOWN) for u in before)
    after = guess_roles(replace(before, utterances=open))
    return {
        new.id: new.speaker
        for old, new in zip(before, after, strict=True)
        if old.speaker is not new.speaker and new.id not in corrected
    }


def _with_roles(window: Sequence[Utterance], last: Utterance | None, language: str) -> list[Utterance]:
    """A first guess at who speaks; the whole transcript decides at the end.

    The utterance before, whose speaker counts as known, is all of the visit that such a guess rests on.
    """
    judged: list[Utterance] = []
    for utterance in window:
        pair = (utterance,) if last is None else (last, utterance)
        judged.append(guess_roles(Transcript(pair, language)).utterances[-1])
        last = last if judged[-1].speaker is SpeakerRole.OTHER else judged[-1]
    return judged
