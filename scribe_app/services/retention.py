"""How long things are kept: a decision without side effects, and the run that carries it out.

Each part has a clock of its own. Those of audio and transcript begin at signing, so nothing that is recorded,
transcribed, drafted or reviewed ever goes by them; a draft's begins when it was last touched.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from scribe_app.config import FOR_EVER, Settings
from scribe_app.domain.consultation import UNFINISHED, ConsultationState
from scribe_app.domain.erasure import Erasure, Held, Part, Why
from scribe_app.domain.events import Event, StateChanged
from scribe_app.domain.ids import ConsultationId
from scribe_app.language import later
from scribe_app.ports import AuditAction, ConsultationStore
from scribe_app.services.auditing import AuditTrail
from scribe_app.services.events import EventBus

LEAST_LETTER_DAYS = 1
"""A signed letter is kept at least so long after the last time it was copied, printed or exported."""
LEAST_ONLY_COPY_DAYS = 7
"""And so long after signing when it never was: it is the only copy."""
AWAY = timedelta(days=4)
"""A clock further on than this since the last run is doubted; a long weekend is not."""
JUMP = timedelta(days=2)
"""And further than this than the time that this computer counted itself since then."""
LARGE_SHARE = 0.2
FEW = 10
"""Consultations; fewer than these are never a large share."""
ASIDE = timedelta(days=30)
"""What a restore kept aside stays so long: enough to find that it was the wrong backup."""
MOST_AT_ONCE = 200
"""Erasures in one run; the rest goes in the next."""


class Eraser(Protocol):
    """Carries erasures out, but of nothing that is being worked on."""

    def erase(self, erasures: Sequence[Erasure]) -> list[Erasure]:
        """Now; returns what was erased. Raises StorageError."""

    def erase_soon(self, erasures: Sequence[Erasure]) -> None:
        """When it is its turn."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run did, or why it did nothing."""

    due: tuple[Erasure, ...] = ()
    """What has outlived its time."""
    erased: tuple[Erasure, ...] = ()
    doubt: str = ""
    """Why a person is asked first; nothing was erased then."""


def due(held: Sequence[Held], settings: Settings, now: datetime) -> tuple[Erasure, ...]:
    """What has outlived its time, oldest consultation first."""
    return tuple(erasure for one in held for erasure in _of_one(one, settings, now))


def doubt(
    erasures: Sequence[Erasure],
    held: Sequence[Held],
    now: datetime,
    last_run: datetime | None,
    counted: timedelta | None = None,
) -> str:
    """Why a person should be asked first, in words; empty when nothing is odd.

    Args:
        erasures: what is due.
        held: everything there is.
        now: the wall clock.
        last_run: the wall clock then; None on the first run.
        counted: time since then as the computer counted it, where that is known.
    """
    if not erasures:
        return ""
    if last_run is not None and now < last_run:
        return later(f"This computer's clock says {_day(now)}, earlier than when Scribe last looked.")
    passed = now - last_run if last_run is not None else timedelta()
    jumped = passed - counted > JUMP if counted is not None else passed > AWAY
    if last_run is not None and jumped:
        return later(f"This computer's clock says {_day(now)}; Scribe last looked on {_day(last_run)}.")
    touched = len({one.consultation for one in erasures})
    if touched >= FEW and touched > LARGE_SHARE * len(held):
        return later(f"That is {touched} of {len(held)} consultations at once.")
    return ""


def _of_one(one: Held, settings: Settings, now: datetime) -> list[Erasure]:
    if one.state in UNFINISHED:
        return []
    id, over = one.consultation, Why.RETENTION
    if one.signed_at is None:
        expired = _expired(one.touched_at, settings.draft_days, now)
        return [Erasure(id, Part.CONSULTATION, over)] if expired else []
    open = one.open_letters or one.state is not ConsultationState.SIGNED
    if open and not _expired(one.touched_at, settings.draft_days, now):
        return []  # and a second letter that nobody signs must not keep everything for ever
    if settings.letter_days != FOR_EVER:
        last = max(one.signed_at, one.taken_out_at or one.signed_at)
        least = LEAST_LETTER_DAYS if one.taken_out_at else LEAST_ONLY_COPY_DAYS
        if _expired(last, max(settings.letter_days, least), now):
            return [Erasure(id, Part.CONSULTATION, over)]
    found = []
    if one.audio and _expired(one.signed_at, settings.audio_days, now):
        found.append(Erasure(id, Part.AUDIO, over if settings.audio_days else Why.SIGNED))
    if one.transcript and _expired(one.signed_at, settings.transcript_days, now):
        why = over if settings.transcript_days else Why.SIGNED
        found += [Erasure(id, Part.TRANSCRIPT, why), Erasure(id, Part.NOTES, why)]
    return found


def _expired(since: datetime, days: int, now: datetime) -> bool:
    return days != FOR_EVER and now >= since + timedelta(days=days)


def _day(moment: datetime) -> str:
    local = moment.astimezone()
    return f"{local.day} {local:%B %Y}"


class Retention:
    """Looks at the start, daily, and at each signature."""

    def __init__(
        self, store: ConsultationStore, trail: AuditTrail, bus: EventBus, settings: Settings, eraser: Eraser
    ) -> None:
        self._store, self._trail, self._eraser = store, trail, eraser
        self._settings = settings
        self._counted_at: float | None = None
        bus.subscribe(self._on_event)

    def use_settings(self, settings: Settings) -> None:
        """Times as chosen now."""
        self._settings = settings

    def run(self, confirmed: bool = False, dry: bool = False) -> Run:
        """Erase what has outlived its time, at most MOST_AT_ONCE parts of it.

        Args:
            confirmed: a person has said that date and number are right.
            dry: only say what would go.

        Raises:
            StorageError: the records are locked, or nothing could be erased.
        """
        now, held = self._trail.clock(), self._store.held()
        erasures = due(held, self._settings, now)
        question = "" if confirmed else doubt(erasures, held, now, self._last_run(), self._counted())
        if dry or question:
            return Run(erasures, doubt=question)
        erased = tuple(self._eraser.erase(erasures[:MOST_AT_ONCE])) if erasures else ()
        detail = f"{len(erased)} of {len(held)}"
        forgotten = self._forget_aside(now)
        if forgotten:
            detail += f", {forgotten} kept aside by a restore"
        self._trail.note(AuditAction.RETENTION, detail=detail)
        self._counted_at = _counter()
        return Run(erasures, erased)

    def _forget_aside(self, now: datetime) -> int:
        """Only while the clock goes as it should: otherwise the next run sees to it."""
        last = self._last_run()
        steady = last is not None and timedelta() <= now - last <= AWAY
        return self._store.forget_aside(now - ASIDE) if steady else 0

    def due_again(self, hours: int = 24) -> bool:
        """Whether the last run is so long ago."""
        last = self._last_run()
        return last is None or abs(self._trail.clock() - last) >= timedelta(hours=hours)

    def _last_run(self) -> datetime | None:
        last = self._store.last_audit(AuditAction.RETENTION)
        return last.at if last is not None else None

    def _counted(self) -> timedelta | None:
        return None if self._counted_at is None else timedelta(seconds=_counter() - self._counted_at)

    def _on_event(self, event: Event) -> None:
        """What is kept only until signing goes at once."""
        if not isinstance(event, StateChanged) or event.state is not ConsultationState.SIGNED:
            return
        if 0 in (self._settings.audio_days, self._settings.transcript_days):
            self._at_signing(event.consultation)

    def _at_signing(self, id: ConsultationId) -> None:
        now = self._trail.clock()
        held = [one for one in self._store.held() if one.consultation == id]
        erasures = [one for one in due(held, self._settings, now) if one.why is Why.SIGNED]
        if erasures:  # who signs holds the letter, so this waits its turn
            self._eraser.erase_soon(erasures)


def _counter() -> float:
    """Seconds that this computer counted, asleep too where it can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()
