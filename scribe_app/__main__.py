"""Entry point of `scribe` and of `python -m scribe_app`."""

from __future__ import annotations

import multiprocessing
import sys

from scribe_app import offline


def main() -> int:
    """Harden the process, then hand over to the application."""
    multiprocessing.freeze_support()
    offline.enforce()
    from scribe_app.app import run  # after enforce(): nothing native may load before it

    return run(sys.argv[1:])


if __name__ == "__main__":
    sys.exit(main())
