"""The letter: streaming in, review, signing, and what leaves the program afterwards."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFileDialog

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import (
    DraftFinished,
    Event,
    LetterReady,
    SectionDrafted,
    StateChanged,
    StatementDrafted,
)
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import Letter, Section, Statement
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import ExportError
from scribe_app.ports import ExportFormat
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dialogs import SignDialog
from scribe_app.ui.screen import LIVE, WORKING, Screen
from scribe_app.ui.window import MainWindow

S = ConsultationState
TRANSCRIBING_TEACHING = "The last words are being transcribed. The letter follows by itself."
DRAFTING_TEACHING = "The letter is being written. Its first words appear in a moment."
NO_LETTER_TEACHING = "There is no letter yet. Choose one under Letters, above."
SUFFIXES = {ExportFormat.FHIR: "json"}


class ReviewPresenter(QObject):
    """Carries decisions to ReviewService, and letters to the panel."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._wanted_template: dict[ConsultationId, str] = {}
        self._notes_wanted = False
        panel, view = window.letter, window.letter.view
        bridge.happened.connect(self.on_event)
        screen.shown.connect(self._show_all)
        screen.changed.connect(self._show)
        screen.letter_changed.connect(self._show)
        view.chosen.connect(self._chosen)
        view.edited.connect(self._edit)
        view.added.connect(self._add)
        view.kept.connect(self._settle)
        view.removed.connect(self._remove)
        panel.box.add_wanted.connect(self._add_covered)
        panel.box.dismiss_wanted.connect(self._dismiss_covered)
        panel.box.show_wanted.connect(self._show_utterance)
        panel.sign_wanted.connect(self.sign)
        panel.amend_wanted.connect(self._amend)
        panel.copy_wanted.connect(self.copy)
        panel.export_wanted.connect(self._export)
        panel.letter_wanted.connect(self._show_letter)
        panel.draft_wanted.connect(self._write)
        panel.notes_wanted.connect(self._show_notes)
        window.notes.letter_wanted.connect(self._show_letter_side)
        window.header.cancel_wanted.connect(self._cancel)
        transcript = window.transcript
        transcript.list.transcript.edited.connect(self._correct)
        transcript.list.speaker_wanted.connect(self._set_speaker)
        transcript.swap.clicked.connect(self._swap)

    # --- showing ------------------------------------------------------------------------------------

    @Slot()
    def _show_all(self) -> None:
        """Another consultation is on screen."""
        self._notes_wanted = False
        self._window.letter.view.clear()
        self._show()

    @Slot()
    def _show(self) -> None:
        screen, panel = self._screen, self._window.letter
        early = screen.state in (LIVE | {S.READY})
        self._window.show_letter_side(not early and not self._notes_wanted)
        self._window.notes.show_stage(ready=screen.state is S.READY, letter=not early)
        if early:
            return
        writing = screen.being_written
        if screen.state is S.TRANSCRIBING:
            panel.show_empty(self._title(), TRANSCRIBING_TEACHING)
        elif writing is not None and writing.statements:
            panel.show_letter(writing, self._start_of, writing=True)
        elif screen.state is S.DRAFTING:
            panel.show_empty(self._title(), DRAFTING_TEACHING)
        elif screen.letter is not None:
            panel.show_letter(screen.letter, self._start_of)
        else:
            panel.show_empty("Letter", NO_LETTER_TEACHING)
        panel.show_choices(
            screen.letters, screen.letter, screen.templates_for(screen.language), screen.state not in WORKING
        )

    def _title(self) -> str:
        consultation = self._screen.consultation
        if consultation is None:
            return "Letter"
        name = self._wanted_template.get(consultation.id, consultation.template)
        template = self._screen.template(name)
        return template.title if template else "Letter"

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
            self._bridge.run(lambda: review.correct_utterance(consultation, UtteranceId(id), text, role))

    @Slot()
    def _swap(self) -> None:
        consultation = self._screen.id
        if consultation is not None:
            self._bridge.run(lambda: self._application.review.swap_speakers(consultation))

    # --- writing ------------------------------------------------------------------------------------

    @Slot(str)
    def _write(self, template: str) -> None:
        id = self._screen.id
        if id is not None:
            self._wanted_template[id] = template
            self._bridge.run(lambda: self._application.consultations.write(id, template))

    @Slot()
    def _cancel(self) -> None:
        id = self._screen.id
        if id is not None:
            self._bridge.run(lambda: self._application.consultations.cancel_writing(id))

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """What the drafter wrote, wherever it belongs."""
        match event:
            case StateChanged(state=S.DRAFTING):
                self._begin_writing(event)
            case StateChanged(state=S.FAILED):
                self._end_writing(event.consultation)
            case StatementDrafted():
                self._add_drafted(event)
            case SectionDrafted():
                self._show_share(event)
            case DraftFinished():
                pass  # LetterReady follows, with the letter as it is stored
            case LetterReady():
                self._letter_ready(event)

    def _begin_writing(self, event: StateChanged) -> None:
        if event.consultation in self._screen.writing:
            return  # only a field changed
        name = self._wanted_template.get(event.consultation, event.value.template)
        template = self._screen.template(name)
        if template is None:
            return
        sections = tuple(Section(spec.key, spec.heading) for spec in template.sections)
        self._screen.writing[event.consultation] = Letter(
            LetterId(""), event.consultation, template.name, template.title, template.language, sections
        )
        if self._screen.id == event.consultation:
            self._notes_wanted = False
            self._window.letter.view.clear()
            self._show()

    def _add_drafted(self, event: StatementDrafted) -> None:
        letter = self._screen.writing.get(event.consultation)
        if letter is None:
            return
        sections = tuple(
            replace(section, statements=(*section.statements, event.statement))
            if section.key == event.section
            else section
            for section in letter.sections
        )
        self._screen.writing[event.consultation] = replace(letter, sections=sections)
        if self._screen.id == event.consultation:
            self._show()

    def _show_share(self, event: SectionDrafted) -> None:
        letter = self._screen.writing.get(event.consultation)
        if letter is None or self._screen.id != event.consultation:
            return
        keys = [section.key for section in letter.sections]
        if event.section in keys:
            self._window.header.show_progress((keys.index(event.section) + 1) / len(keys))

    def _letter_ready(self, event: LetterReady) -> None:
        written = event.consultation in self._screen.writing
        self._end_writing(event.consultation)
        if self._screen.id != event.consultation:
            return
        if written or self._screen.letter is None or self._screen.letter.id == event.letter.id:
            self._screen.set_letter(event.letter)
        else:
            self._screen.put_letters((event.letter,))

    def _end_writing(self, id: ConsultationId) -> None:
        self._screen.writing.pop(id, None)
        self._wanted_template.pop(id, None)

    # --- signing and leaving ------------------------------------------------------------------------

    @Slot()
    def sign(self) -> None:
        """Ask who signs, then freeze the letter."""
        letter = self._screen.letter
        if (
            letter is None
            or not self._window.letter.sign.isEnabled()
            or not self._window.letter.sign.isVisible()
        ):
            return
        settings = self._screen.settings
        dialog = SignDialog(
            self._window,
            letter.title,
            self._screen.patient.name,
            settings.clinician_name,
            settings.clinician_role,
        )
        dialog.signed.connect(self._sign)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot(str, str)
    def _sign(self, name: str, role: str) -> None:
        self._change(lambda id: self._application.review.sign(id, name, role))

    @Slot()
    def copy(self) -> None:
        """The signed letter to the clipboard; the copying is on the audit trail."""
        letter = self._screen.letter
        if letter is None or letter.signature is None:
            return
        review = self._application.review

        def text_of() -> str:
            text = review.plain_text(letter)
            review.copied(letter.id)
            return text

        self._bridge.run(text_of, self._copied)

    def _copied(self, text: str) -> None:
        QGuiApplication.clipboard().setText(text)
        self._window.banner.say(
            "Copied.", "Other programs on this computer can now read it.", "note", key="copied"
        )

    @Slot(object)
    def _export(self, format: ExportFormat) -> None:
        letter = self._screen.letter
        if letter is None or letter.signature is None:
            return
        suffix = SUFFIXES.get(format, format.value)
        dialog = QFileDialog(self._window, "Export the letter")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suffix)
        dialog.selectFile(f"letter.{suffix}")
        dialog.fileSelected.connect(lambda path: self.export_to(Path(path), letter.id, format))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def export_to(self, path: Path, letter: LetterId, format: ExportFormat) -> None:
        """Write the file beside the window, then say where it is."""

        def write() -> Path:
            content = self._application.review.export(letter, format)
            try:
                path.write_bytes(content)
            except OSError as error:
                raise ExportError(
                    f"The letter could not be written to {path.name} ({error.strerror}).",
                    "The signed letter is kept here.",
                    "Choose another folder, or free some space, and export it again.",
                ) from error
            return path

        self._bridge.run(write, self._exported)

    def _exported(self, path: Path) -> None:
        self._window.banner.say(f"Exported to {path.name}.", str(path.parent), "note", key="exported")
