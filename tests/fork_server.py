"""Children forked from a process that has loaded what they need: a hundred start in the time of ten spawned.

Only their birth differs from the program's; what runs in them is the same. Test plugin.
"""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

import pytest

from scribe_app.adapters import worker

LOADED = (
    "__main__",
    "scribe_app.adapters.diarisation.child",
    "scribe_app.adapters.export",
    "scribe_app.adapters.llama.child",
    "scribe_app.adapters.models",
    "scribe_app.adapters.recorder.child",
    "scribe_app.adapters.speech.child",
    "scribe_app.adapters.store",
    "scribe_app.adapters.templates",
    "scribe_app.services.consultations",
    "scribe_app.services.review",
    "faster_whisper",
    "soundfile",
    "soxr",
)


@pytest.fixture
def fork_server(monkeypatch: pytest.MonkeyPatch) -> ForkServerContext:
    """While a test has this, workers come from a fork server, and those of children that it starts, too."""
    if "forkserver" not in multiprocessing.get_all_start_methods():
        pytest.skip("no fork server on this platform")
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(list(LOADED))
    monkeypatch.setattr(worker, "BIRTH", context)
    return context
