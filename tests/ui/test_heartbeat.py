"""The measure of how late the window is."""

from __future__ import annotations

import time

import pytest
from pytestqt.qtbot import QtBot

from scribe_app.ui.heartbeat import Heartbeat, lateness


def test_quantiles_are_those_of_the_values() -> None:
    late = lateness([float(value) for value in range(100)])
    assert (late.beats, late.median_ms, late.p95_ms, late.p99_ms, late.max_ms) == (100, 50, 95, 99, 99)
    assert lateness([]).max_ms == 0.0


def test_a_window_that_is_kept_waiting_shows_in_the_heartbeat(qtbot: QtBot) -> None:
    heart = Heartbeat()
    heart.start()
    qtbot.wait(100)
    time.sleep(0.2)
    qtbot.wait(100)
    late = heart.stop()
    assert late.beats >= 5
    assert late.max_ms == pytest.approx(195, abs=60)
