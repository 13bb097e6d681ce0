"""What an import may cost, and what its process may do."""

from __future__ import annotations

import contextlib
import os
import sys

LONGEST_SECONDS = 4 * 3600
MOST_CHANNELS = 2
RATES = range(8_000, 192_001)
"""Hz."""
MOST_MEMORY_BYTES = 1 << 30
"""Of address space; libsndfile needs 150 MB with NumPy, PyAV 250 MB (measured)."""
MOST_CPU_SECONDS = 900
"""Four hours of MP3 decode in about a minute."""


def confine() -> None:
    """No core, no new file descriptor, no byte written to a file, bounded memory and CPU time. For ever.

    Call when everything that is needed is imported and the audio file is open. Without descriptors no file,
    socket or program can be opened, whatever code runs. Does nothing on Windows, which has no such limits.
    """
    if sys.platform == "win32":
        return
    import resource

    for limit, most in (
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, MOST_MEMORY_BYTES),
        (resource.RLIMIT_CPU, MOST_CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_NOFILE, 0),
    ):
        # macOS does not know every limit; those that it refuses must not keep a good file out.
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(limit, (most, most))


def silence_native_output() -> None:
    """Decoders write their complaints, and names from inside the file, to standard error."""
    with contextlib.suppress(OSError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.dup2(nowhere, 2)
        os.close(nowhere)
