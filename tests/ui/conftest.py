"""Qt without a screen (or with one: --onscreen), a window on a scripted application, and no leftovers."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

if "--onscreen" not in sys.argv:
    os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pytest
from PySide6.QtCore import QThread, QTimer
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot
from ui.driver import WAIT_MS, Driver
from ui.scripted import Stage, make_stage

from scribe_app.ui.bridge import Bridge
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.theme import Theme


def pytest_configure(config: pytest.Config) -> None:
    # The offscreen platform says this each time a window with a smallest size is shown.
    config.addinivalue_line("qt_log_ignore", "propagateSizeHints")


@pytest.fixture
def theme(qapp: QApplication) -> Theme:
    return Theme(qapp, "light")


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    made = make_stage(tmp_path)
    yield made
    made.application.close()


@pytest.fixture
def drive(stage: Stage, theme: Theme, qtbot: QtBot) -> Iterator[Driver]:
    conductor = Conductor(stage.application, Bridge(), theme)
    conductor.begin()
    driver = Driver(stage, conductor, qtbot)
    driver.until(lambda: bool(driver.screen.templates))
    driver.activate()
    yield driver
    with qtbot.waitSignal(conductor.closed, timeout=WAIT_MS):
        conductor.close_down()


@pytest.fixture(autouse=True)
def nothing_left_behind(qapp: QApplication, request: pytest.FixtureRequest) -> Iterator[None]:
    """No thread, timer or window outlives its test."""
    threads = set(threading.enumerate())
    request.getfixturevalue("qtbot")
    yield
    qapp.processEvents()
    QApplication.sendPostedEvents(None, 52)  # DeferredDelete: what deleteLater was called on
    late = [thread for thread in threading.enumerate() if thread not in threads]
    for thread in late:
        thread.join(5)
    assert not [thread.name for thread in late if thread.is_alive()]
    windows = [window for window in QApplication.topLevelWidgets() if window.isVisible()]
    assert not [(type(window).__name__, window.windowTitle()) for window in windows]
    assert not [timer for timer in qapp.findChildren(QTimer) if timer.isActive()]
    assert not [thread for thread in qapp.findChildren(QThread) if thread.isRunning()]
