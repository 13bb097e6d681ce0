"""The letter under review: what is shown of it, and the clinician's decisions."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.ids import LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import Letter, Statement
from scribe_app.domain.template import SectionSource
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.language import later, tr
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import LIVE, WORKING, Screen
from scribe_app.ui.window import MainWindow

S = ConsultationState
TRANSCRIBING_TEACHING = later("What was said is still being transcribed. The letter follows by itself.")
DRAFTING_TEACHING = later("The letter is being written. Its first words appear in a moment.")
NO_LETTER_TEACHING = later("There is no letter yet. Choose one under Letters, above.")


class ReviewPresenter(QObject):
    """Carries decisions to ReviewService, and letters to the panel."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._notes_wanted = False
        panel, view = window.letter, window.letter.view
        screen.shown.connect(self._show_all)
        screen.changed.connect(self._show)
        screen.letter_changed.connect(self._show)
        view.chosen.connect(self._chosen)
        view.edited.connect(self._edit)
        view.added.connect(self._add)
        view.kept.connect(self._settle)
        view.put_in.connect(self._put_in)
        view.removed.connect(self._remove)
        panel.box.add_wanted.connect(self._add_covered)
        panel.box.dismiss_wanted.connect(self._dismiss_covered)
        panel.box.show_wanted.connect(self._show_utterance)
        panel.amend_wanted.connect(self._amend)
        panel.letter_wanted.connect(self._show_letter)
        panel.notes_wanted.connect(self._show_notes)
        window.notes.letter_wanted.connect(self._show_letter_side)
        transcript = window.transcript
        transcript.list.transcript.edited.connect(self._correct)
        transcript.list.speaker_wanted.connect(self._set_speaker)
        transcript.swap.clicked.connect(self.swap)

    # --- showing ------------------------------------------------------------------------------------

    @Slot()
    def _show_all(self) -> None:
        """Another consultation is on screen."""
        self._notes_wanted = False
        self._window.letter.view.clear()
        self._show()

    @Slot()
    def begin_writing(self) -> None:
        """A new letter starts to stream in."""
        self._show_all()

    @Slot()
    def _show(self) -> None:
        screen, panel = self._screen, self._window.letter
        early = screen.state in (LIVE | {S.READY})
        self._window.show_letter_side(not early and not self._notes_wanted)
        self._window.notes.show_stage(ready=screen.state is S.READY, letter=not early)
        if early:
            return
        writing = screen.being_written
        panel.view.drafted = self._drafted()
        if screen.state is S.TRANSCRIBING:
            panel.show_empty(self._title(), tr(TRANSCRIBING_TEACHING))
        elif writing is not None and writing.statements:
            panel.show_letter(writing, self._heading_of, self._start_of, writing=True)
        elif screen.state is S.DRAFTING:
            panel.show_empty(self._title(), tr(DRAFTING_TEACHING))
        elif screen.letter is not None:
            panel.show_letter(screen.letter, self._heading_of, self._start_of)
        else:
            panel.show_empty(tr("Letter"), tr(NO_LETTER_TEACHING))
        panel.show_choices(
            screen.letters,
            screen.letter,
            screen.templates_for(screen.language),
            screen.state not in WORKING,
            screen.stale,
        )

    def _drafted(self) -> frozenset[str]:
        """Sections of the letter on screen that are drafted from what was said."""
        letter = self._screen.letter
        template = self._screen.template(letter.template) if letter else None
        sections = template.sections if template and not template.verbatim else ()
        return frozenset(spec.key for spec in sections if spec.source is SectionSource.CONVERSATION)

    def _title(self) -> str:
        consultation = self._screen.consultation
        if consultation is None:
            return tr("Letter")
        name = self._screen.wanted_template.get(consultation.id, consultation.template)
        template = self._screen.template(name)
        return template.title if template else tr("Letter")

    def _heading_of(self, key: str) -> str:
        """A section's words; those of the template where the letter leaves the section out."""
        letter = self._screen.letter
        template = self._screen.template(letter.template) if letter else None
        headings = {section.key: section.heading for section in template.sections} if template else {}
        headings |= {section.key: section.heading for section in letter.sections} if letter else {}
        return headings.get(key, key)

    def _start_of(self, id: int) -> float:
        utterance = self._window.transcript.list.transcript.utterance(id)
        return utterance.start if utterance else 0.0

    @Slot(object)
    def _chosen(self, statement: Statement | None) -> None:
        if statement is None:
            self._window.transcript.list.transcript.light(())
        else:
            self._window.transcript.list.show_utterances(statement.evidence)

    @Slot(int)
    def _show_utterance(self, id: int) -> None:
        self._window.transcript.list.show_utterances([id])

    @Slot()
    def _show_notes(self) -> None:
        self._notes_wanted = True
        self._show()
        self._window.notes.notes.setFocus()

    @Slot()
    def _show_letter_side(self) -> None:
        self._notes_wanted = False
        self._show()

    @Slot(str)
    def _show_letter(self, id: str) -> None:
        letter = next((letter for letter in self._screen.letters if letter.id == id), None)
        if letter is not None:
            self._screen.set_letter(letter)

    # --- decisions ----------------------------------------------------------------------------------

    def _change(self, work: Callable[[LetterId], Letter]) -> None:
        """Have a service change the letter on screen; the new one is shown when it is stored."""
        letter = self._screen.letter
        if letter is not None and self._screen.being_written is None:
            self._bridge.run(partial(work, letter.id), self._changed)

    @property
    def _shown_id(self) -> LetterId | None:
        return self._screen.letter.id if self._screen.letter else None

    def _changed(self, letter: Letter) -> None:
        if letter.consultation == self._screen.id:
            self._screen.set_letter(letter)

    @Slot(str, str)
    def _edit(self, statement: str, text: str) -> None:
        self._change(lambda id: self._application.review.edit(id, StatementId(statement), text))

    @Slot(str, str)
    def _add(self, section: str, text: str) -> None:
        self._change(lambda id: self._application.review.add(id, section, text))

    @Slot(str)
    def _settle(self, statement: str) -> None:
        self._change(lambda id: self._application.review.settle(id, StatementId(statement)))

    @Slot(str)
    def _put_in(self, statement: str) -> None:
        self._change(lambda id: self._application.review.put_fact_in(id, StatementId(statement)))

    @Slot(str)
    def _remove(self, statement: str) -> None:
        self._change(lambda id: self._application.review.remove(id, StatementId(statement)))

    @Slot(int)
    def _add_covered(self, utterance: int) -> None:
        self._change(lambda id: self._application.review.add_covered(id, UtteranceId(utterance)))

    @Slot(int)
    def _dismiss_covered(self, utterance: int) -> None:
        self._change(lambda id: self._application.review.dismiss_covered(id, UtteranceId(utterance)))

    @Slot()
    def _amend(self) -> None:
        self._change(lambda id: self._application.review.amend(id))

    @Slot()
    def undo(self) -> None:
        """Take back the last change to the letter."""
        self._change(lambda id: self._application.review.undo(id))

    @Slot()
    def keep_chosen(self) -> None:
        """Settle the statement under the cursor and go on to the next that is doubted."""
        view = self._window.letter.view
        statement = view.chosen_statement
        if statement is not None and statement.needs_settling and view.isVisible():
            self._settle(statement.id)
            view.choose_next_unsettled()

    @Slot(int, str)
    def _correct(self, id: int, text: str) -> None:
        utterance = self._window.transcript.list.transcript.utterance(id)
        if utterance is not None:
            self._correct_utterance(id, text, utterance.speaker)

    @Slot(int, object)
    def _set_speaker(self, id: int, role: SpeakerRole) -> None:
        utterance = self._window.transcript.list.transcript.utterance(id)
        if utterance is not None:
            self._correct_utterance(id, utterance.text, role)

    def _correct_utterance(self, id: int, text: str, role: SpeakerRole) -> None:
        consultation = self._screen.id
        if consultation is not None:
            review = self._application.review
            self._bridge.run(
                lambda: review.correct_utterance(consultation, UtteranceId(id), text, role, self._shown_id)
            )

    @Slot()
    def swap(self) -> None:
        """Clinician becomes patient and the other way round, in every utterance of each voice."""
        consultation = self._screen.id
        if consultation is not None and self._window.transcript.swap.isVisible():
            self._bridge.run(lambda: self._application.review.swap_speakers(consultation, self._shown_id))
