"""Log files with ids, codes and counts. What anyone said never reaches them."""

from __future__ import annotations

import logging
import logging.handlers
import time
from pathlib import Path

LOG_FILE = "scribe.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3


def start_logging(folder: Path, level: int = logging.INFO) -> None:
    """Write this process's log to folder/scribe.log, UTC times, rotated at 1 MB.

    Other libraries log at WARNING only: their messages may quote the text they were given.
    """
    handler = logging.handlers.RotatingFileHandler(
        folder / LOG_FILE, maxBytes=MAX_BYTES, backupCount=KEPT_FILES, encoding="utf-8", delay=True
    )
    formatter = logging.Formatter("%(asctime)sZ %(process)d %(levelname)s %(name)s %(message)s")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(lambda record: record.name.startswith("scribe_app") or record.levelno >= logging.ERROR)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(handler)
    logging.getLogger("scribe_app").setLevel(level)
