"""The window opens whole on the screen it opens on."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSize

from scribe_app.ui.window import opening_size


@pytest.mark.parametrize(
    ("room", "opens"),
    [
        ((1920, 1040), (1280, 800)),
        ((1366, 728), (1280, 696)),
        ((1024, 728), (1024, 696)),
        ((1024, 640), (1024, 640)),
        ((800, 600), (1024, 640)),
    ],
)
def test_it_opens_as_large_as_the_screen_lets_it(room: tuple[int, int], opens: tuple[int, int]) -> None:
    """Smaller than the smallest it never gets: there the system's own scrolling or moving has to do."""
    assert opening_size(QSize(*room)) == QSize(*opens)
