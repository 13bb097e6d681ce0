"""What may have been misheard: marked in the transcript, accepted with one click, never changed unasked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from PySide6.QtCore import QObject, QTimer, Slot

from scribe_app.domain.checks.suggestions import (
    Suggestion,
    SuggestionKind,
    suggestions,
    with_suggestion,
)
from scribe_app.domain.events import Event, TextRejected, TranscriptionFinished, UtteranceSettled
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.transcript import UNCLEAR, RejectedText
from scribe_app.domain.vocabulary import NearMatch, Vocabulary
from scribe_app.errors import ScribeError
from scribe_app.language import later, tr
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import Screen
from scribe_app.ui.transcript_model import Marked
from scribe_app.ui.window import MainWindow

SOON_MS = 700
"""After the last utterance: a window brings several."""
REASONS = {
    "loop": later("it repeated itself"),
    "improbable": later("too improbable"),
    "too_much": later("too many words for so little speech"),
    "invented": later("a phrase that is made of noise"),
    "cut_off": later("cut off"),
    "too_little": later("too few words for so much speech"),
    "better_with_term": later("a name on your lists fitted at least as well"),
}


@dataclass(slots=True)
class _Remembered:
    """A vocabulary that remembers its answers for one consultation."""

    vocabulary: Vocabulary
    known: dict[tuple[str, ...], tuple[NearMatch, ...]] = field(default_factory=dict)

    def near(self, words: Sequence[str]) -> tuple[NearMatch, ...]:
        """As Vocabulary.near."""
        key = tuple(words)
        if key not in self.known:
            self.known[key] = self.vocabulary.near(key)
        return self.known[key]


@dataclass(frozen=True, slots=True)
class _Found:
    """What was found in one consultation."""

    consultation: ConsultationId
    suggestions: Mapping[UtteranceId, tuple[Suggestion, ...]]
    rejected: tuple[RejectedText, ...]


class _Search:
    """Looks for doubts beside the window, one after the other."""

    def __init__(self, application: Application, deliver: Callable[[_Found], None]) -> None:
        self._application, self._deliver = application, deliver
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="doubts")
        self._wanted: ConsultationId | None = None
        self._lock = threading.Lock()
        self._names: tuple[ConsultationId, _Remembered] | None = None

    def look(self, id: ConsultationId) -> None:
        """Search this consultation; a search that waits is not doubled."""
        with self._lock:
            waits, self._wanted = self._wanted == id, id
        if not waits:
            self._thread.submit(self._run, id)

    def close(self, _gone: object = None) -> None:
        """Take no more work, and forget what was said."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._names = None

    def _run(self, id: ConsultationId) -> None:
        with self._lock:
            if self._wanted != id:
                return
            self._wanted = None
        try:
            store = self._application.store
            found = suggestions(store.transcript(id), self._vocabulary(id), store.corrected(id))
            self._deliver(_Found(id, found, store.rejected(id)))
        except ScribeError:  # deleted or locked meanwhile: nothing is marked
            return

    def _vocabulary(self, id: ConsultationId) -> _Remembered:
        if self._names is None or self._names[0] != id:
            consultation = self._application.store.consultation(id)
            library = self._application.vocabularies
            terms = library.terms(consultation.template, consultation.language) if library else ()
            self._names = (id, _Remembered(Vocabulary(terms)))
        return self._names[1]


class DoubtsPresenter(QObject):
    """Marks, notes below utterances, and what a click on them does."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._found: _Found | None = None
        self._open: set[UtteranceId] = set()
        self._search = _Search(application, bridge.crossing(self._show))
        self._soon = QTimer(self, singleShot=True, interval=SOON_MS)
        self._soon.timeout.connect(self._look)
        bridge.happened.connect(self._on_event)
        screen.shown.connect(self._another)
        screen.changed.connect(self._note)
        transcript = window.transcript.list
        transcript.note_chosen.connect(self._chosen)
        transcript.kept.connect(self._keep)
        window.destroyed.connect(self._search.close)  # also when the vault locks: it forgets what was said

    @Slot(object)
    def _on_event(self, event: Event) -> None:
        wanted = isinstance(event, UtteranceSettled | TextRejected | TranscriptionFinished)
        if wanted and event.consultation == self._screen.id:
            self._soon.start()

    @Slot()
    def _another(self) -> None:
        self._found = None
        self._open.clear()
        if self._screen.id is not None:
            self._soon.start()

    @Slot()
    def _look(self) -> None:
        if self._screen.id is not None:
            self._search.look(self._screen.id)

    def _show(self, found: _Found) -> None:
        if found.consultation == self._screen.id:
            self._found = found
            self._note()

    @Slot()
    def _note(self) -> None:
        """Write the notes anew: what may be done depends on the consultation's state."""
        if self._found is None or self._found.consultation != self._screen.id:
            return
        model = self._window.transcript.list.transcript
        notes: dict[UtteranceId, Marked] = {}
        for utterance in model.utterances:
            marked = self._found.suggestions.get(utterance.id, ())
            heard = self._heard(utterance.id)
            if marked:
                places = tuple(dict.fromkeys((one.start, one.end) for one in marked))
                notes[utterance.id] = Marked(utterance.text, note_of(marked[0], model.correctable), places)
            elif heard and UNCLEAR in utterance.text:
                note = (
                    heard_words(heard) if utterance.id in self._open else tr("What was heard? Click to see")
                )
                notes[utterance.id] = Marked(utterance.text, note)
        model.mark(notes)

    def _heard(self, id: UtteranceId) -> tuple[RejectedText, ...]:
        """What was rejected where this utterance is; the retry of its own stretch before the whole window."""
        utterance = self._window.transcript.list.transcript.utterance(id)
        if utterance is None or self._found is None:
            return ()
        here = [
            one
            for one in self._found.rejected
            if one.text and one.start < utterance.end and utterance.start < one.end
        ]
        own = [one for one in here if one.attempt > 1]
        return tuple(own or here)

    @Slot(int)
    def _chosen(self, id: int) -> None:
        """Do what the note says: put the name in, play, or show what was heard."""
        transcript = self._window.transcript.list
        utterance = transcript.transcript.utterance(id)
        if utterance is None or self._found is None:
            return
        marked = self._found.suggestions.get(utterance.id, ())
        if not marked:
            self._open ^= {utterance.id}
            self._note()
        elif marked[0].instead and transcript.transcript.correctable:
            transcript.transcript.edited.emit(id, with_suggestion(utterance.text, marked[0]))
        else:
            transcript.play_wanted.emit(id)

    @Slot(int)
    def _keep(self, id: int) -> None:
        """Heard rightly: a person has said so, and it is marked no more."""
        utterance = self._window.transcript.list.transcript.utterance(id)
        if utterance is not None:
            self._window.transcript.list.transcript.edited.emit(id, utterance.text)


def note_of(suggestion: Suggestion, correctable: bool) -> str:
    """What is noted below an utterance."""
    act = tr("click to put it in") if correctable else tr("click to play")
    return {
        SuggestionKind.SOUNDS_LIKE: tr("Perhaps “{instead}”: {act}", instead=suggestion.instead, act=act),
        SuggestionKind.LOOK_ALIKE: tr(
            "Easily taken for “{instead}”: {act}", instead=suggestion.instead, act=act
        ),
        SuggestionKind.SAID_TWICE: tr("A number twice: click to play"),
    }[suggestion.kind]


def heard_words(rejected: Sequence[RejectedText]) -> str:
    """What the recogniser wrote there, and why it does not stand in the transcript."""
    parts = []
    for one in rejected:
        reasons = ", ".join(tr(REASONS.get(reason, reason)) for reason in one.reasons)
        parts.append(tr("Heard, not trusted ({reasons}): “{text}”", reasons=reasons, text=one.text))
    return "\n".join(parts)
