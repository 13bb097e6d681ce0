"""Opens the window: the vault first, then everything else."""

from __future__ import annotations

import logging
import sys
from collections.abc import Sequence
from types import TracebackType

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication

from scribe_app.domain.events import Event, LetterReady
from scribe_app.errors import ScribeError
from scribe_app.services.application import Application, Workshop
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.entrance import Entrance
from scribe_app.ui.heartbeat import Heartbeat, Lateness
from scribe_app.ui.signals import OrderlyEnd
from scribe_app.ui.speaking import speak
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
    speak(qt, workshop.settings.interface_language)
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
    speak(qt, application.settings.interface_language)
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
