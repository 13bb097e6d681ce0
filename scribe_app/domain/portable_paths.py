"""Names of files that mean the same on every system: what a bundle may call its files."""

from __future__ import annotations

import re
from collections.abc import Iterable

LONGEST_NAME = 100
MOST_PARTS = 4
_PART = re.compile(rf"[A-Za-z0-9_][A-Za-z0-9._+-]{{0,{LONGEST_NAME - 1}}}")
_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{name}{number}" for name in ("com", "lpt") for number in range(10)}
)
"""Windows opens a device for these, whatever follows behind a dot."""


def is_portable(path: object) -> bool:
    """Whether it is a path below a folder, with forward slashes: no way out, no drive, no device, no trick.

    ASCII only: two names that look the same are the same.
    """
    if not isinstance(path, str):
        return False
    parts = path.split("/")
    return len(parts) <= MOST_PARTS and all(
        _PART.fullmatch(part) is not None
        and not part.endswith(".")
        and part.split(".")[0].lower() not in _DEVICES
        for part in parts
    )


def clash(paths: Iterable[str]) -> str:
    """A path that is there twice where capitals do not count, or that is another's folder; empty: none is."""
    seen: set[str] = set()
    for path in paths:
        lower = path.lower()
        if lower in seen:
            return path
        seen.add(lower)
    for path in sorted(seen):
        if any(other.startswith(path + "/") for other in seen):
            return path
    return ""
