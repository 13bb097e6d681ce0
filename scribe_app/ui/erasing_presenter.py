"""Deleting, objecting, withdrawing, and what has outlived its time: each says first what goes."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, QPoint, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QLineEdit, QMenu, QWidget

from scribe_app.domain.consultation import Consultation, Informed
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import VaultLockedError
from scribe_app.language import later, tr, translated, trn
from scribe_app.services.application import Application
from scribe_app.services.retention import Run
from scribe_app.ui import controls, moments
from scribe_app.ui.banner import NOTE, Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.dialogs import ChoiceDialog, Dialog
from scribe_app.ui.library_presenter import LibraryPresenter
from scribe_app.ui.screen import LIVE, Loaded, Screen, load
from scribe_app.ui.sidebar import ROW_ROLE
from scribe_app.ui.window import MainWindow

LOOK_EVERY_MS = 3_600_000
RETENTION = "retention"
WORD = later("delete")
"""Typed before a signed letter goes."""


class EraseDialog(Dialog):
    """What goes, for good; where a signed letter is among it, a word is typed first."""

    def __init__(
        self,
        parent: QWidget,
        title: str,
        text: str,
        *,
        typed: bool,
        words: str = "",
    ) -> None:
        super().__init__(parent, title, text)
        self.word = controls.private(QLineEdit())
        self.keep = controls.button(tr("Keep it"), "primary")
        self.erase = controls.button(tr("Delete for good"))
        if typed:
            self.add_field(
                words or tr("A signed letter goes with it. Type {word} to go on", word=tr(WORD)), self.word
            )
            self.word.textChanged.connect(self._judge)
            self.erase.setEnabled(False)
        self.buttons.addWidget(self.erase)
        self.buttons.addWidget(self.keep)
        self.keep.setDefault(True)
        self.finish_layout()
        self.keep.clicked.connect(self.reject)
        self.erase.clicked.connect(self.accept)
        self.finished.connect(self.deleteLater)
        (self.word if typed else self.keep).setFocus()

    @Slot(str)
    def _judge(self, text: str) -> None:
        self.erase.setEnabled(text.strip().casefold() == tr(WORD))


def what_goes(held: Loaded) -> str:
    """Everything that is deleted with a consultation, in words."""
    parts = []
    if held.seconds and held.audio_erased_at is None:
        parts.append(tr("{length} of sound", length=controls.clock(held.seconds)))
    if held.transcript.utterances:
        parts.append(tr("the transcript"))
    signed = sum(letter.signature is not None for letter in held.letters)
    drafts = len(held.letters) - signed
    if drafts:
        parts.append(trn("1 draft", "{count} drafts", drafts))
    if signed:
        parts.append(trn("1 signed letter", "{count} signed letters", signed))
    if held.consultation.notes:
        parts.append(tr("your notes"))
    listed = ", ".join(parts) or tr("nothing but the name")
    return tr(
        "{name}, {when}: {listed}.\n\nIt cannot be brought back. Backups made before keep it, without sound, "
        "until they are replaced.",
        name=held.consultation.patient.name or tr("An unnamed patient"),
        when=moments.in_figures(held.consultation.started_at),
        listed=listed,
    )


class ErasingPresenter(QObject):
    """The list's menu, the patient's objection, and the hourly look at the clocks of retention."""

    patient_wanted = Signal(object)
    """PatientIdentity: everything that is held of this person."""

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        bridge: Bridge,
        screen: Screen,
        library: LibraryPresenter,
    ) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen, self._library = bridge, screen, library
        view = window.sidebar.list
        view.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        view.customContextMenuRequested.connect(self.open_menu)
        window.header.more.clicked.connect(self.open_more)
        key = QShortcut(QKeySequence(Qt.Key.Key_Delete), view)
        key.setContext(Qt.ShortcutContext.WidgetShortcut)
        key.activated.connect(self._delete_chosen)
        self._hourly = QTimer(self, interval=LOOK_EVERY_MS)
        self._hourly.timeout.connect(self.look)

    # --- deleting -----------------------------------------------------------------------------------

    @Slot(QPoint)
    def open_menu(self, at: QPoint) -> None:
        """What may be done with the consultation under the cursor."""
        one = self._at(at)
        if one is not None:
            self.menu_for(one).popup(self._window.sidebar.list.viewport().mapToGlobal(at))

    @Slot()
    def open_more(self) -> None:
        """The same for the consultation on screen, from the header."""
        one, button = self._screen.consultation, self._window.header.more
        if one is not None:
            self.menu_for(one).popup(button.mapToGlobal(button.rect().bottomLeft()))

    def menu_for(self, one: Consultation) -> QMenu:
        """What may be done with a consultation; it goes when it is closed."""
        menu = QMenu(self._window)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        patient = controls.add_action(menu, tr("All of this patient…"))
        patient.triggered.connect(lambda: self.patient_wanted.emit(one.patient))
        menu.addSeparator()
        withdraw = controls.add_action(menu, tr("Patient withdraws…"))
        withdraw.triggered.connect(partial(self.refuse, one.id, Informed.WITHDRAWN))
        delete = controls.add_action(menu, tr("Delete…"))
        delete.triggered.connect(partial(self.delete, one.id))
        for action in (withdraw, delete):
            action.setEnabled(one.state not in LIVE)
        return menu

    def _at(self, point: QPoint | None = None) -> Consultation | None:
        view = self._window.sidebar.list
        index = view.indexAt(point) if point is not None else view.currentIndex()
        row = index.data(ROW_ROLE) if index.isValid() else None
        return row.summary.consultation if row is not None and row.summary is not None else None

    @Slot()
    def _delete_chosen(self) -> None:
        one = self._at()
        if one is not None and one.state not in LIVE:
            self.delete(one.id)

    def delete(self, id: ConsultationId) -> None:
        """Say what goes, and when that is wanted, erase it."""
        self._bridge.run(partial(load, self._application.store, id), self._ask_to_delete)

    def _ask_to_delete(self, held: Loaded) -> None:
        signed = any(letter.signature is not None for letter in held.letters)
        dialog = EraseDialog(self._window, tr("Delete this consultation?"), what_goes(held), typed=signed)
        dialog.accepted.connect(partial(self._delete, held.consultation.id))
        dialog.open()

    def _delete(self, id: ConsultationId) -> None:
        self._leave(id)
        service = self._application.consultations
        self._bridge.run(partial(service.delete, id), lambda _: self._told(tr("Deleted."), ""))

    def _leave(self, id: ConsultationId) -> None:
        if self._screen.id == id:
            self._screen.show_new()

    # --- objecting and withdrawing ------------------------------------------------------------------

    def refuse(self, id: ConsultationId, informed: Informed) -> None:
        """The patient objects or withdraws. A running recording pauses while the question is open."""
        live = self._screen.recording
        pausing = live is not None and live.id == id
        if pausing:
            self._bridge.run(partial(self._application.consultations.pause, id), None, lambda _: None)
        objects = informed is Informed.OBJECTED
        dialog = ChoiceDialog(
            self._window,
            tr("The patient objects") if objects else tr("The patient withdraws"),
            tr(
                "Recording stops. Sound and transcript are erased for good, and what was drafted "
                "from them; a signed letter and your notes stay. That it happened is noted, without "
                "any content."
            )
            if objects
            else tr(
                "Sound and transcript are erased for good. Letters and your notes stay; to erase "
                "these too, delete the consultation. That it happened is noted, without any content."
            ),
            tr("Back"),
            tr("Erase sound and transcript"),
            partial(self._erase_captured, id, informed),
        )
        if pausing:
            dialog.rejected.connect(partial(self._go_on, id))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def _go_on(self, id: ConsultationId) -> None:
        self._bridge.run(partial(self._application.consultations.resume, id), None, lambda _: None)

    def _erase_captured(self, id: ConsultationId, informed: Informed) -> None:
        service = self._application.consultations

        def erased(_: object) -> None:
            self._told(
                tr("Sound and transcript were erased."),
                tr("You can still type notes and have a letter written."),
            )
            if self._screen.id == id:
                self._bridge.run(partial(load, self._application.store, id), self._screen.show_loaded)

        self._bridge.run(partial(service.set_informed, id, informed), erased)

    # --- retention ----------------------------------------------------------------------------------

    def begin(self) -> None:
        """Look now, and every hour whether a day has gone by."""
        if self._application.retention is not None:
            self._hourly.start()
            self.look()

    @Slot()
    def look(self) -> None:
        """Erase what has outlived its time, or ask."""
        retention = self._application.retention
        if retention is not None:
            self._bridge.run(
                lambda: retention.run() if retention.due_again() else Run(), self._ran, self._later
            )

    def _later(self, error: Exception) -> None:
        if not isinstance(error, VaultLockedError):
            self._bridge.failed.emit(error)

    def _ran(self, run: Run) -> None:
        if run.doubt:
            question = Message(
                tr("{count} records or parts of them have outlived their time.", count=len(run.due)),
                tr("{doubt} Nothing was erased. Is that right?", doubt=translated(run.doubt)),
                key=RETENTION,
                action=tr("Erase them"),
                then=self._confirmed,
            )
            self._window.banner.say(question)
        elif run.erased:
            self._library.refresh()

    def _confirmed(self) -> None:
        retention = self._application.retention
        if retention is not None:
            self._bridge.run(partial(retention.run, confirmed=True), self._ran)

    def _told(self, title: str, text: str) -> None:
        self._library.refresh()
        self._window.banner.say(Message(title, text, NOTE))
