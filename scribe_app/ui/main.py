"""Opens the window: the vault first, then everything else."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from scribe_app.config import Settings
from scribe_app.domain.consultation import PatientIdentity
from scribe_app.domain.events import Event, LetterReady
from scribe_app.errors import ScribeError, VaultInUseError, WrongPassphraseError
from scribe_app.ports import ConsultationStore, FileSource
from scribe_app.services.application import Application, VaultDoor
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.heartbeat import Heartbeat, Lateness
from scribe_app.ui.theme import Theme

log = logging.getLogger(__name__)

Build = Callable[[ConsultationStore], Application]


@dataclass(frozen=True, slots=True)
class DemoPlay:
    """A consultation that the window starts by itself."""

    source: FileSource
    template: str
    language: str = "en"
    patient: PatientIdentity = field(default_factory=PatientIdentity)


def run_window(door: VaultDoor, build: Build, settings: Settings | None = None) -> int:
    """Unlock the vault (make it on the first run), show the window; returns the exit status."""
    application = _qt_application()
    theme = Theme(application, (settings or Settings()).theme)
    entrance = Entrance(door, build, theme)
    entrance.begin()
    return _execute(application, entrance)


def run_window_with(scribe: Application, demo: DemoPlay | None = None) -> int:
    """Show the window on a vault that is open already, and play the demonstration if there is one."""
    application = _qt_application()
    entrance = Entrance(None, None, Theme(application, scribe.settings.theme))
    entrance.enter(scribe)
    if demo is not None and entrance.conductor is not None:
        entrance.conductor.play(demo.source, demo.template, demo.language, demo.patient)
    return _execute(application, entrance)


def measure_window(scribe: Application, demo: DemoPlay, limit_s: float) -> Lateness:
    """Play a demonstration before nobody's eyes and time the window's heartbeat until its letter is there.

    Ends after limit_s seconds at the latest. For `scribe bench ui`.
    """
    application = _qt_application()
    entrance = Entrance(None, None, Theme(application, scribe.settings.theme))
    entrance.enter(scribe)
    assert entrance.conductor is not None
    conductor = entrance.conductor
    heart = Heartbeat()
    beats: list[Lateness] = []

    def end() -> None:
        if not beats:
            beats.append(heart.stop())
            conductor.close_down()

    def watch(event: Event) -> None:
        if isinstance(event, LetterReady):
            end()

    conductor.bridge.happened.connect(watch)
    QTimer.singleShot(round(limit_s * 1000), conductor, end)
    heart.start()
    conductor.play(demo.source, demo.template, demo.language, demo.patient)
    _execute(application, entrance)
    return beats[0] if beats else heart.stop()


class Entrance(QObject):
    """From the first click to the open window, without ever blocking it."""

    left = Signal()
    """The person gave up at the door."""

    def __init__(self, door: VaultDoor | None, build: Build | None, theme: Theme) -> None:
        super().__init__()
        self._door, self._build = door, build
        self._theme = theme
        self._dialog: NewVaultDialog | UnlockDialog | NoticeDialog | None = None
        self.bridge = Bridge()
        self.conductor: Conductor | None = None

    def begin(self) -> None:
        """Is there a vault, and does the keychain open it?"""
        assert self._door is not None
        door = self._door
        self.bridge.run(
            lambda: self._built(door.open(None)) if door.exists() else None, self._first_try, self._not_opened
        )

    def enter(self, scribe: Application) -> None:
        """The vault is open: show the window."""
        self.conductor = Conductor(scribe, self.bridge, self._theme)
        self.conductor.begin()
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None

    def _built(self, store: ConsultationStore) -> Application:
        assert self._build is not None
        return self._build(store)

    def _first_try(self, scribe: Application | None) -> None:
        if scribe is not None:
            self.enter(scribe)
            return
        dialog = NewVaultDialog()
        dialog.chosen.connect(self._create)
        self._show(dialog)

    def _not_opened(self, error: ScribeError) -> None:
        if isinstance(error, VaultInUseError) or not _passphrase_may_help(error):
            text = " ".join(part for part in (error.detail, error.remedy) if part)
            self._show(NoticeDialog(error.title, text))
            return
        dialog = UnlockDialog()
        dialog.entered.connect(self._open)
        self._show(dialog)

    def _show(self, dialog: NewVaultDialog | UnlockDialog | NoticeDialog) -> None:
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
        self._dialog = dialog
        dialog.rejected.connect(self.left)
        dialog.show()

    @Slot(str)
    def _create(self, passphrase: str) -> None:
        assert self._door is not None
        assert isinstance(self._dialog, NewVaultDialog)
        door = self._door
        self._dialog.set_busy("Making the vault…")
        self.bridge.run(lambda: self._built(door.create(passphrase)), self.enter, self._trouble)

    @Slot(str)
    def _open(self, passphrase: str) -> None:
        assert self._door is not None
        assert isinstance(self._dialog, UnlockDialog)
        door = self._door
        self._dialog.set_busy("Unlocking…")
        self.bridge.run(lambda: self._built(door.open(passphrase)), self.enter, self._trouble)

    def _trouble(self, error: ScribeError) -> None:
        if isinstance(self._dialog, UnlockDialog) and isinstance(error, WrongPassphraseError):
            self._dialog.show_trouble(" ".join(part for part in (error.title, error.remedy) if part))
        elif isinstance(self._dialog, NewVaultDialog):
            self._dialog.set_busy("")
            self._dialog.advice.setText(str(error))
        else:
            self._show(NoticeDialog(error.title, " ".join(filter(None, (error.detail, error.remedy)))))


def _passphrase_may_help(error: ScribeError) -> bool:
    return isinstance(error, WrongPassphraseError) or error.title.startswith("A passphrase is needed")


def _qt_application() -> QApplication:
    existing = QApplication.instance()
    application = existing if isinstance(existing, QApplication) else QApplication(_arguments())
    application.setApplicationName("scribe")
    application.setApplicationDisplayName("Scribe")
    application.setQuitOnLastWindowClosed(False)
    return application


def _arguments() -> Sequence[str]:
    return ["scribe"]


def _execute(application: QApplication, entrance: Entrance) -> int:
    """Run until the window has closed down, or the person left at the door."""
    previous = sys.excepthook
    sys.excepthook = _Excepthook(entrance)
    entrance.left.connect(application.quit)
    if entrance.conductor is not None:
        entrance.conductor.closed.connect(application.quit)
    try:
        return int(application.exec())
    finally:
        sys.excepthook = previous
        entrance.bridge.close()


class _Excepthook:
    """The boundary for slots: an unforeseen error is logged by type and place, shown, and ends nothing."""

    def __init__(self, entrance: Entrance) -> None:
        self._entrance = entrance

    def __call__(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        while trace is not None and trace.tb_next is not None:
            trace = trace.tb_next
        place = f"{trace.tb_frame.f_code.co_name}:{trace.tb_lineno}" if trace is not None else "unknown place"
        log.error("unforeseen %s in the window at %s", kind.__name__, place)
        conductor = self._entrance.conductor
        if conductor is not None:
            conductor.window.banner.show_error(
                ScribeError(
                    f"Something failed in the window ({kind.__name__}).",
                    "A running recording goes on; what is stored is kept.",
                    "If it happens again, run scribe doctor.",
                )
            )
