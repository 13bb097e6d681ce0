"""Opens the window: the vault first, then everything else."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication

from scribe_app.domain.events import Event, LetterReady
from scribe_app.errors import ScribeError, VaultInUseError, WrongPassphraseError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, VaultDoor, Workshop
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.heartbeat import Heartbeat, Lateness
from scribe_app.ui.signals import OrderlyEnd
from scribe_app.ui.theme import Theme

log = logging.getLogger(__name__)


def run_window(
    workshop: Workshop, application: Application | None = None, demo: NewConsultation | None = None
) -> int:
    """Show the window until it is closed; returns the exit status.

    Without an application the clinician unlocks the vault (or makes it, on the first run), and closing the
    window closes it. With one, its owner closes it; a demonstration is started by itself.
    """
    qt = _qt_application()
    entrance = Entrance(workshop, Theme(qt, workshop.settings.theme))
    if application is None:
        entrance.begin()
    else:
        conductor = entrance.enter(application, owned=False)
        if demo is not None:
            conductor.play(demo)
    return _execute(qt, entrance)


def measure_window(application: Application, demo: NewConsultation | None, limit_s: float) -> Lateness:
    """Play a consultation and time the window's heartbeat until its letter is there. For `scribe bench ui`.

    Ends after limit_s seconds at the latest; without a consultation, it is a window at rest that is timed.
    The application stays open.
    """
    qt = _qt_application()
    entrance = Entrance(None, Theme(qt, application.settings.theme))
    conductor = entrance.enter(application, owned=False)
    heart = Heartbeat(conductor)
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
    if demo is not None:
        conductor.play(demo)
    _execute(qt, entrance)
    return beats[0] if beats else heart.stop()


class Entrance(QObject):
    """From the first click to the open window, without ever blocking it."""

    left = Signal()
    """The person gave up at the door, or the window has closed."""

    def __init__(self, workshop: Workshop | None, theme: Theme) -> None:
        super().__init__()
        self._workshop, self._theme = workshop, theme
        self._dialog: NewVaultDialog | UnlockDialog | NoticeDialog | None = None
        self.bridge = Bridge()
        self.conductor: Conductor | None = None

    def begin(self) -> None:
        """Is there a vault, and does the keychain open it?"""

        def open_or_none() -> Application | None:
            return self._built(self._door().open(None)) if self._door().exists() else None

        self.bridge.run(open_or_none, self._first_try, self._not_opened)

    def enter(self, application: Application, owned: bool = True) -> Conductor:
        """The vault is open: show the window. An owned application is closed with it."""
        conductor = Conductor(application, self.bridge, self._theme, owned=owned)
        self.conductor = conductor
        conductor.closed.connect(self.left)
        conductor.begin()
        if self._dialog is not None:
            self._dialog.hide()
            self._dialog.deleteLater()
            self._dialog = None
        return conductor

    def end(self) -> None:
        """The session ends: seal what is running and go, without asking."""
        if self.conductor is not None:
            self.conductor.close_down()
        else:
            self.left.emit()

    def _door(self) -> VaultDoor:
        assert self._workshop is not None
        return self._workshop.door(self._workshop.folders.vault)

    def _built(self, store: ConsultationStore) -> Application:
        assert self._workshop is not None
        return self._workshop.build(store, self._workshop.folders)

    def _entered(self, application: Application) -> None:
        self.enter(application)

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
        assert isinstance(self._dialog, NewVaultDialog)
        self._dialog.set_busy("Making the vault…")
        self.bridge.run(lambda: self._built(self._door().create(passphrase)), self._entered, self._trouble)

    @Slot(str)
    def _open(self, passphrase: str) -> None:
        assert isinstance(self._dialog, UnlockDialog)
        self._dialog.set_busy("Unlocking…")
        self.bridge.run(lambda: self._built(self._door().open(passphrase)), self._entered, self._trouble)

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
    signals = OrderlyEnd(entrance.end)
    try:
        return int(application.exec())
    finally:
        signals.release()
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
