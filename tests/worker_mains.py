"""Main functions for children of tests; spawned children import them from here by name."""

from __future__ import annotations

import os
from multiprocessing.connection import Connection


def answer_once(parent: Connection) -> None:
    """One message back, then a clean end."""
    parent.send(parent.recv())


def crash(parent: Connection) -> None:
    """Ends as a native library does that found itself broken."""
    parent.recv()
    os.abort()
