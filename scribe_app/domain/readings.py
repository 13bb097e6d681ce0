"""What the program remembers of spoken and written text to be fast, and how it forgets that."""

from __future__ import annotations

import re
import sys


def clear_readings() -> None:
    """Empty every cache of this program: they hold what was said, in the words in which it was said.

    Called when the vault locks. Found by looking, so that a cache that is added later is emptied, too.
    """
    for name, module in tuple(sys.modules.items()):
        if not name.startswith("scribe_app."):
            continue
        for value in tuple(vars(module).values()):
            clear = getattr(value, "cache_clear", None)
            if callable(clear):
                clear()
    re.purge()
