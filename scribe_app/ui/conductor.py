"""Puts one window together on an open vault, and takes it apart again."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QDialog

from scribe_app.domain.consultation import Consultation
from scribe_app.language import tr
from scribe_app.services.application import Application
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.asking import AskingPresenter
from scribe_app.ui.banner import NOTE, Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.changing import ChangingPresenter
from scribe_app.ui.dialogs import ChoiceDialog, HelpDialog
from scribe_app.ui.doubts_presenter import DoubtsPresenter
from scribe_app.ui.drafting_presenter import DraftingPresenter
from scribe_app.ui.erasing_presenter import ErasingPresenter
from scribe_app.ui.heard_presenter import HeardPresenter
from scribe_app.ui.identity_presenter import IdentityPresenter
from scribe_app.ui.import_presenter import ImportPresenter
from scribe_app.ui.letters_presenter import LettersPresenter
from scribe_app.ui.library_presenter import LibraryPresenter
from scribe_app.ui.parking import opened, park, unpark
from scribe_app.ui.patient_presenter import PatientPresenter
from scribe_app.ui.playback import Playback
from scribe_app.ui.prior_presenter import PriorPresenter
from scribe_app.ui.recording_presenter import RecordingPresenter
from scribe_app.ui.redoing import RedoingPresenter
from scribe_app.ui.review_presenter import ReviewPresenter
from scribe_app.ui.screen import Screen
from scribe_app.ui.settings_presenter import SettingsPresenter
from scribe_app.ui.signing_presenter import SigningPresenter
from scribe_app.ui.templates_presenter import Shelf, TemplatesPresenter, shelf_of
from scribe_app.ui.theme import Theme
from scribe_app.ui.window import MainWindow


class Conductor(QObject):
    """Owns window, screen and presenters. Closes the application beside the window, then says `closed`."""

    closed = Signal()
    lock_wanted = Signal()

    def __init__(self, application: Application, bridge: Bridge, theme: Theme, *, owned: bool = True) -> None:
        super().__init__()
        self._owned = owned
        self.application, self.bridge, self._theme = application, bridge, theme
        self.screen = Screen(application.settings)
        self.window = MainWindow(theme)
        self.recording = RecordingPresenter(self.window, application, bridge, self.screen)
        self.heard = HeardPresenter(self.window, application, bridge, self.screen)
        self.review = ReviewPresenter(self.window, application, bridge, self.screen)
        self.letters = LettersPresenter(self.window, application, bridge, self.screen)
        self.drafting = DraftingPresenter(self.window, application, bridge, self.screen)
        self.signing = SigningPresenter(self.window, application, bridge, self.screen)
        self.library = LibraryPresenter(self.window, application, bridge, self.screen)
        self.imports = ImportPresenter(self.window, application, bridge, self.screen)
        self.imports.came.connect(self.library.refresh)
        self.imports.show_wanted.connect(self.library.open)
        self.identity = IdentityPresenter(self.window, application, bridge, self.screen)
        self.erasing = ErasingPresenter(self.window, application, bridge, self.screen, self.library)
        self.identity.refused.connect(self.erasing.refuse)
        self.patients = PatientPresenter(self.window, application, bridge, self.screen, self.library)
        self.erasing.patient_wanted.connect(self.patients.open)
        transcript = self.window.transcript
        self.asking = AskingPresenter(transcript.question, transcript.list, bridge, self.screen)
        self.changing = ChangingPresenter(self.window, application, bridge, self.screen)
        self.redoing = RedoingPresenter(self.window, application, bridge, self.screen, self.changing)
        self.redoing.show_wanted.connect(self.library.open)
        self.prior = PriorPresenter(self.window, application, bridge, self.screen)
        self.playback = Playback(self.window, application, bridge, self.screen)
        self.doubts = DoubtsPresenter(self.window, application, bridge, self.screen)
        self.templates = TemplatesPresenter(application.templates, bridge, application.folders.config)
        self.templates.changed.connect(self._show_templates)
        self.window.letter.templates_wanted.connect(self._edit_templates)
        self.settings = SettingsPresenter(
            self.window, application, bridge, self.screen, self.templates, theme, owned
        )
        self.settings.patient_wanted.connect(self.patients.open)
        self._closing = False
        self.drafting.begun.connect(self.review.begin_writing)
        bridge.failed.connect(self.window.banner.show_error)
        self.window.close_wanted.connect(self.close_wanted)
        self.window.sidebar.settings.clicked.connect(self.settings.open)
        self.window.sidebar.help.clicked.connect(self.open_help)
        self.window.sidebar.lock.clicked.connect(self.lock_wanted)
        self.window.sidebar.lock.setVisible(owned)  # a demonstration's vault has no passphrase to unlock it
        self.window.bind_keys(self._actions())

    def begin(self, parked: bytes | None = None) -> None:
        """Show the window at once; list, templates and models come as they are read.

        `parked` is what was on screen when the vault was locked.
        """
        self.bridge.attach(self.application.bus)
        self.screen.show_new()
        self.window.show()
        self.settings.capture.use(self.screen.settings.hide_from_capture)
        self.window.notes.notes.setFocus()  # a stray key here starts nothing
        self.bridge.run(partial(shelf_of, self.application.templates), self._show_templates)
        self.library.refresh()
        self.settings.look_for_caveats()
        if parked is None:
            self.bridge.run(self.application.consultations.recover, self._recovered)
        else:
            self._come_back(parked)
        self._begin_backups()
        self.erasing.begin()

    def _begin_backups(self) -> None:
        if self._owned and self.application.backups is not None:
            self.application.backups.begin(self.bridge.crossing(self.window.banner.show_error))

    def _come_back(self, parked: bytes) -> None:
        """What waited while it was locked goes on, and what was on screen is there again."""
        application = self.application
        self.bridge.run(partial(_recording_now, application), self._show_recording)
        self.bridge.run(application.consultations.recover, lambda _recovered: self.library.refresh())
        unpark(parked, self.window, self.screen)
        before = opened(parked)
        if before is not None:
            self.library.open(before)

    def _show_recording(self, consultation: Consultation | None) -> None:
        if consultation is not None:
            self.screen.note_recording(consultation)
            self.screen.changed.emit()

    def leave(self) -> bytes:
        """The vault locks: keep what was typed, then let go of everything that shows a patient.

        The bridge still does what it was asked; nothing is told any more. Returns what begin() takes.
        """
        self._closing = True
        for dialog in self.window.findChildren(QDialog):
            dialog.reject()
        focus = self.window.focusWidget()
        if focus is not None:
            focus.clearFocus()  # an open edit is kept
        for row in self.window.letter.view.rows:
            if row.editing:
                row.leave_edit()
        self.window.notes.flush()
        self.signing.clipboard.clear_if_timed()
        parked = park(self.window, self.screen)
        self.bridge.finish()
        self.window.may_close = True
        self.window.hide()
        self.window.deleteLater()
        self.screen.show_new()
        self.deleteLater()
        return parked

    def play(self, new: NewConsultation) -> None:
        """Start this consultation on screen by itself."""
        self.screen.set_visit(new.patient, new.informed)
        self.recording.start_with(new)

    # --- keys ---------------------------------------------------------------------------------------

    def _actions(self) -> dict[str, Callable[[], None]]:
        window = self.window
        return {
            "new": self.library.new,
            "start": self.recording.start,
            "pause": self.recording.pause_or_resume,
            "stop": self.recording.stop,
            "patient": self.identity.edit,
            "find": window.sidebar.search.setFocus,
            "next_unsettled": window.letter.view.choose_next_unsettled,
            "keep": self.review.keep_chosen,
            "add": window.letter.view.add_here,
            "change": self.changing.open,
            "redo": window.letter.view.redo_here,
            "ask": window.transcript.question.field.setFocus,
            "undo": self.review.undo,
            "play": self.playback.toggle,
            "sign": self.signing.sign,
            "copy": self.signing.copy,
            "export": window.letter.open_export_menu,
            "print": self.signing.print,
            "import": self.imports.choose,
            "prior": self.prior.open,
            "swap": self.review.swap,
            "next_pane": window.next_pane,
            "larger": partial(self._theme.zoom, 1),
            "smaller": partial(self._theme.zoom, -1),
            "normal": partial(self._theme.zoom, 0),
            "lock": self._lock_by_key,
            "settings": self.settings.open,
            "help": self.open_help,
        }

    @Slot()
    def _lock_by_key(self) -> None:
        if self._owned:
            self.lock_wanted.emit()

    # --- what was read ------------------------------------------------------------------------------

    @Slot(object)
    def _show_templates(self, shelf: Shelf) -> None:
        self.screen.templates = list(shelf.working)
        for problem in shelf.problems[:1]:  # the others are named in the editor
            self.window.banner.show_error(problem)
        settings = self.screen.settings
        self.window.notes.show_templates(self.screen.templates_for(settings.language), settings.template)
        self.screen.changed.emit()

    @Slot()
    def _edit_templates(self) -> None:
        letter = self.screen.letter
        self.templates.open(self.window, letter.template if letter else self.screen.settings.template)

    def _recovered(self, recovered: list[Consultation]) -> None:
        if not recovered:
            return
        number = len(recovered)
        what = (
            tr("A consultation was interrupted")
            if number == 1
            else tr("{number} consultations were interrupted", number=number)
        )
        self.library.refresh()
        self.window.banner.say(
            Message(
                tr("{what} and brought back.", what=what),
                tr("What was recorded until then is kept; it is being transcribed now."),
                NOTE,
                action=tr("Show it"),
                then=partial(self.library.open, recovered[0].id),
            )
        )

    # --- dialogs ------------------------------------------------------------------------------------

    @Slot()
    def open_help(self) -> None:
        """The keys."""
        dialog = HelpDialog(self.window)
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    # --- closing ------------------------------------------------------------------------------------

    @Slot()
    def close_wanted(self) -> None:
        """Close at once, or ask first while a recording runs."""
        if self._closing:
            return
        if self.screen.recording is None:
            self.close_down()
            return
        dialog = ChoiceDialog(
            self.window,
            tr("A recording is running"),
            tr(
                "Stop it and close? Everything recorded is kept; the transcript and the letter are "
                "finished when you open Scribe again."
            ),
            tr("Go on recording"),
            tr("Stop, keep and close"),
            self.close_down,
        )
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    @Slot()
    def close_down(self) -> None:
        """Hide, let the services seal and close beside the window, then say so."""
        if self._closing:
            return
        self._closing = True
        self.window.notes.flush()
        self.signing.clipboard.clear_if_timed()
        self.window.may_close = True
        self.window.hide()
        live = self.screen.recording
        if self._owned:
            self.bridge.run(self.application.close, self._closed, self._closed)
        elif live is not None:
            self.bridge.run(partial(self.application.consultations.stop, live.id), self._closed, self._closed)
        else:
            self._closed(None)

    def _closed(self, _outcome: object) -> None:
        self.bridge.close()
        self.window.close()
        self.window.deleteLater()
        self.closed.emit()


def _recording_now(application: Application) -> Consultation | None:
    """The vault is open again: let go on what waited. Blocks: never on the window's thread."""
    application.unlocked()
    active = application.consultations.active
    return application.store.consultation(active) if active is not None else None
