"""Two hundred hostile texts are shown as they are, everywhere, and open no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QLabel
from ui.driver import Driver
from ui.payloads import payloads
from ui.scripted import sample_utterances
from ui.test_review import said

A_DAY_S = 86_400


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    """A picture that was last read a day before it was written: the next reading shows."""
    file = tmp_path / "picture.png"
    image = QImage(4, 4, QImage.Format.Format_RGB32)
    image.fill(0)
    assert image.save(str(file))
    written = file.stat().st_mtime
    os.utime(file, (written - A_DAY_S, written))
    return file


def was_read(file: Path) -> bool:
    """By the access time, which every usual way of mounting moves when it lies before the writing."""
    return file.stat().st_atime > file.stat().st_mtime - A_DAY_S / 2


@pytest.mark.parametrize("part", range(5))
def test_two_hundred_payloads_are_shown_as_text_and_open_nothing(
    drive: Driver, picture: Path, part: int
) -> None:
    assert len(set(payloads(str(picture)))) == 200
    hostile = payloads(str(picture))[part::5]
    first = sample_utterances()[0]
    drive.stage.drafter.script = {"subjective": [said(text, int(first.id)) for text in hostile]}
    drive.window.sidebar.new.click()
    drive.window.identity.name.setText(hostile[0])
    drive.window.identity.save.click()
    drive.window.notes.notes.setPlainText("\n".join(hostile))
    drive.review(6)
    shown = {label.text() for label in drive.window.findChildren(QLabel)}
    assert [text for text in hostile if text.strip() not in {one.strip() for one in shown}] == []
    for size in ((1280, 800), (1024, 640)):
        drive.window.resize(*size)
        drive.window.letter.view.verticalScrollBar().setValue(9_999)
        drive.window.grab()
    assert not was_read(picture)


def test_a_picture_that_is_opened_would_be_noticed(picture: Path) -> None:
    picture.read_bytes()
    if not was_read(picture):
        pytest.skip("this file system keeps no access times")
