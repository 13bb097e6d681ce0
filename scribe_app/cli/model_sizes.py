"""Models of the usual sizes, made with random weights and measured one after the other, by any yardstick."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable
from dataclasses import asdict
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeVar

import psutil

from scribe_app.errors import ScribeError

ROOM = 1.1
"""Disk and memory that must be free, as a share of what is needed."""

Size = TypeVar("Size", bound=StrEnum, contravariant=True)


class SizeYardstick(Protocol[Size]):
    """What the yardsticks of speech recognition and of drafting have in common; see ports."""

    def needs(self, size: Size) -> tuple[int, int]:
        """Bytes of disk and of memory."""

    def cost(self, size: Size, folder: Path, threads: int = 0) -> Any:
        """A dataclass of figures. Raises ScribeError."""


def size_costs(
    sizes: Iterable[Size],
    yardstick: SizeYardstick[Size],
    folder: Path,
    threads: int,
    making: Callable[[str], None],
    reason: Callable[[str], str] = str,
) -> list[dict[str, Any]]:
    """Each size measured, or why it was left out ("left_out").

    `making` is told each size before it is made; `reason` words what this computer lacks.
    """
    found: list[dict[str, Any]] = []
    for size in sizes:
        lacking = _lacking(folder, *yardstick.needs(size))
        if lacking:
            found.append({"size": size.value, "left_out": reason(lacking)})
            continue
        making(size.value)
        try:
            found.append(asdict(yardstick.cost(size, folder, threads)))
        except ScribeError as error:
            found.append({"size": size.value, "left_out": str(error)})
    return found


def _lacking(folder: Path, disk: int, memory: int) -> str:
    """What this computer lacks for it, in words; empty where nothing."""
    free, available = shutil.disk_usage(folder).free, psutil.virtual_memory().available
    if free < ROOM * disk:
        return f"needs {disk // 1_000_000} MB of disk, {free // 1_000_000} MB are free"
    if available < ROOM * memory:
        return f"needs {memory // 1_000_000} MB of memory, {available // 1_000_000} MB are free"
    return ""
