"""Who wants to know what happens to consultations."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from scribe_app.domain.events import Event

log = logging.getLogger(__name__)

Subscriber = Callable[[Event], None]


class EventBus:
    """Hands each event to every subscriber, in the order of publishing per thread."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._subscribers: list[Subscriber] = []

    def subscribe(self, callback: Subscriber) -> Callable[[], None]:
        """Call `callback` for every event, from worker threads, until the returned function is called."""
        with self._lock:
            self._subscribers.append(callback)

        def unsubscribe() -> None:
            with self._lock:
                if callback in self._subscribers:
                    self._subscribers.remove(callback)

        return unsubscribe

    def publish(self, event: Event) -> None:
        """Tell everybody. A subscriber that fails is logged by type and does not keep others from hearing."""
        with self._lock:
            subscribers = tuple(self._subscribers)
        for subscriber in subscribers:
            try:
                subscriber(event)
            except Exception as error:  # noqa: BLE001 - a broken view must never stop a recording
                log.error("subscriber failed on %s: %s", type(event).__name__, type(error).__name__)
