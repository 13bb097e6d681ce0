"""Log files: what they do when the disk is full."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from scribe_app.logs import LOG_FILE, log_folder, start_logging


@pytest.fixture(autouse=True)
def loggers_as_before() -> Iterator[None]:
    root, ours = logging.getLogger(), logging.getLogger("scribe_app")
    handlers, levels = root.handlers[:], (root.level, ours.level)
    yield
    for handler in [handler for handler in root.handlers if handler not in handlers]:
        root.removeHandler(handler)
        with contextlib.suppress(OSError):  # the full disk once more
            handler.close()
    root.setLevel(levels[0])
    ours.setLevel(levels[1])


def test_a_process_logs_to_a_file_of_its_own(tmp_path: Path) -> None:
    start_logging(tmp_path, "recorder")
    logging.getLogger("scribe_app.test").info("count %d", 3)
    assert log_folder() == tmp_path
    assert "INFO scribe_app.test count 3" in (tmp_path / "scribe-recorder.log").read_text(encoding="utf-8")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_does_not_make_the_log_speak_on_standard_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / LOG_FILE).symlink_to("/dev/full")
    start_logging(tmp_path)
    logging.getLogger("scribe_app.test").warning("nobody can read this")
    assert capsys.readouterr().err == ""
