"""What workers report, and the time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from scribe_app.domain.events import Event

EventSink = Callable[[Event], None]
"""Called from the worker's reader thread; must return quickly and never raise."""

Clock = Callable[[], datetime]
"""The time now, UTC."""
