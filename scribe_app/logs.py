"""Log files with ids, codes and counts. What anyone said never reaches them."""

from __future__ import annotations

import logging
import logging.handlers
import time
from pathlib import Path

LOG_FILE = "scribe.log"
MAX_BYTES = 1_000_000
KEPT_FILES = 3


class _LogFile(logging.handlers.RotatingFileHandler):
    """A log that cannot be written, as on a full disk, stays silent: the work goes on without it."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's own name
        """Say nothing: logging's own way is a traceback on standard error, quoting what led there."""


def log_folder() -> Path | None:
    """Where this process logs to; None when it does not, and then its workers do not either."""
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.handlers.RotatingFileHandler):
            return Path(handler.baseFilename).parent
    return None


def start_logging(folder: Path, process: str = "", level: int = logging.INFO) -> None:
    """Write this process's log to folder/scribe.log, or scribe-PROCESS.log; UTC times, rotated at 1 MB.

    Each process has its own file: two of them rotating one file would lose lines. Other libraries log at
    WARNING only: their messages may quote the text they were given.
    """
    handler = _LogFile(
        folder / (f"scribe-{process}.log" if process else LOG_FILE),
        maxBytes=MAX_BYTES,
        backupCount=KEPT_FILES,
        encoding="utf-8",
        delay=True,
    )
    formatter = logging.Formatter("%(asctime)sZ %(process)d %(levelname)s %(name)s %(message)s")
    formatter.converter = time.gmtime
    handler.setFormatter(formatter)
    handler.addFilter(lambda record: record.name.startswith("scribe_app") or record.levelno >= logging.ERROR)
    root = logging.getLogger()
    root.setLevel(logging.WARNING)
    root.addHandler(handler)
    logging.getLogger("scribe_app").setLevel(level)
