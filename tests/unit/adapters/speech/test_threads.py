"""Threads are measured once for each model and power source, and give way to real work."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from scribe_app.adapters.speech.threads import (
    FILE,
    ThreadBook,
    Trial,
    candidates,
    fastest,
    physical_cores,
    power_source,
)
from scribe_app.adapters.speech.transcriber import WhisperTranscriber
from scribe_app.paths import bundled_models_folder
from scribe_app.ports import Calibration, Power

MODEL = bundled_models_folder() / "starter-whisper"


def supply(folder: Path, name: str, **values: str) -> None:
    (folder / name).mkdir(parents=True)
    for file, text in values.items():
        (folder / name / file).write_text(text + "\n")


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is Linux's")
@pytest.mark.parametrize(
    ("online", "status", "power"),
    [("1", "Charging", Power.MAINS), ("0", "Discharging", Power.BATTERY), ("1", "Discharging", Power.MAINS)],
)
def test_the_power_source_is_read_from_the_system(
    tmp_path: Path, online: str, status: str, power: Power
) -> None:
    supply(tmp_path, "AC", type="Mains", online=online)
    supply(tmp_path, "BAT0", type="Battery", status=status)
    assert power_source(tmp_path) is power


@pytest.mark.skipif(sys.platform != "linux", reason="/sys is Linux's")
def test_a_computer_without_a_battery_is_on_mains(tmp_path: Path) -> None:
    assert power_source(tmp_path / "none") is Power.MAINS
    supply(tmp_path, "BAT0", type="Battery", status="Discharging")
    assert power_source(tmp_path) is Power.BATTERY


@pytest.mark.parametrize(
    ("cores", "counts"), [(1, (1,)), (2, (1, 2)), (4, (1, 2)), (6, (1, 2, 4)), (8, (1, 2, 4, 6))]
)
def test_never_all_cores_of_a_large_processor_are_tried(cores: int, counts: tuple[int, ...]) -> None:
    assert candidates(cores) == counts


def test_trials_end_where_more_threads_are_clearly_slower() -> None:
    times = {1: 4.0, 2: 2.0, 4: 8.0, 6: 1.0}
    assert fastest(lambda count: times[count], (1, 2, 4, 6)) == {1: 4.0, 2: 2.0, 4: 8.0}


def test_the_fastest_count_is_used_and_the_smaller_one_of_equals() -> None:
    assert Calibration(Power.MAINS, {1: 3.0, 2: 2.0, 4: 2.0}).threads == 2


def test_each_power_source_and_each_model_has_its_own_figures(tmp_path: Path) -> None:
    book = ThreadBook(tmp_path)
    mains = Calibration(Power.MAINS, {2: 2.0, 4: 1.0})
    battery = Calibration(Power.BATTERY, {2: 3.0, 4: 5.0})
    book.keep(MODEL, mains)
    book.keep(MODEL, battery)
    assert ThreadBook(tmp_path).find(MODEL, Power.MAINS) == mains
    assert ThreadBook(tmp_path).find(MODEL, Power.BATTERY) == battery
    assert ThreadBook(tmp_path).find(tmp_path / "other", Power.MAINS) is None


@pytest.mark.parametrize("text", ["", "[]", '{"x": 1}', "{", '{"k": {"mains": {"a": "b"}}}'])
def test_a_broken_book_is_as_good_as_none(tmp_path: Path, text: str) -> None:
    (tmp_path / FILE).write_text(text)
    book = ThreadBook(tmp_path)
    assert book.find(MODEL, Power.MAINS) is None
    book.keep(MODEL, Calibration(Power.MAINS, {1: 1.0}))
    assert book.find(MODEL, Power.MAINS) is not None


def test_the_real_model_is_measured_once_and_then_known(tmp_path: Path) -> None:
    transcriber = WhisperTranscriber(tmp_path)
    found = transcriber.calibrate(MODEL, "en")
    assert found is not None
    assert set(found.seconds) <= set(candidates(physical_cores()))
    assert all(0 < took < 60 for took in found.seconds.values())
    began = time.monotonic()
    assert WhisperTranscriber(tmp_path).calibrate(MODEL, "en") == found
    assert time.monotonic() - began < 1


def test_a_measurement_gives_way_at_once_and_leaves_nothing(tmp_path: Path) -> None:
    book = ThreadBook(tmp_path)
    trial = Trial(MODEL, "en", Power.MAINS, book, 5)
    trial.stop()
    assert trial.wait() is None
    assert book.find(MODEL, Power.MAINS) is None


def test_a_model_that_cannot_be_loaded_is_no_calibration(tmp_path: Path) -> None:
    assert WhisperTranscriber(tmp_path).calibrate(tmp_path / "missing", "en") is None
