"""Erasing in the order that leaves nothing half-way: ledger, epoch, rows with receipts, log, old key."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from scribe_app.adapters.store import aside, audit, audit_chain, consultations, epoch, ledger
from scribe_app.adapters.store.deletion import erase_rows, exists
from scribe_app.adapters.store.side_file import side_key
from scribe_app.adapters.store.writer import StoreThread
from scribe_app.domain.erasure import Erasure, Part
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.recording import Recording
from scribe_app.ports import AuditEntry

_OF_AUDIO = (Part.AUDIO, Part.CONSULTATION)


def erase(
    thread: StoreThread,
    folder: Path,
    erasures: Sequence[Erasure],
    receipts: Sequence[AuditEntry],
    at: datetime,
) -> None:
    """Erase for good. A crash before the rows go changes nothing; after it, the next opening goes on."""
    if not erasures:
        return
    audio = {one.consultation for one in erasures if one.part in _OF_AUDIO}

    def prepare(db: Any) -> bool:
        ledger.append(folder, side_key(db, ledger.PURPOSE), erasures, at)
        keyed = any(exists(db, id, Part.AUDIO) for id in audio)
        if keyed:
            epoch.begin(db, folder, audio)
        return keyed

    def remove(db: Any) -> audit_chain.Head | None:
        head = None
        for receipt in receipts:  # first: the patient's pseudonym is still to be had
            head = audit.add(db, folder, receipt)
        for one in erasures:
            erase_rows(db, one.consultation, one.part, at)
        epoch.rewrap(db, folder)
        return head

    keyed = thread.write(prepare)
    head = thread.write(remove)
    thread.read(_empty_log)
    if keyed:
        thread.write(lambda db: epoch.settle(db, folder))
    if head is not None:
        thread.write(lambda db: audit_chain.keep_head(db, folder, head))
    aside.erase(folder, thread.key, erasures, at)


def finish(thread: StoreThread, folder: Path) -> None:
    """After opening: what a crash left of an erasure, and keys from before there were epochs."""

    def look(db: Any) -> bool:
        old = epoch.is_old(db)
        if old:
            epoch.rewrap(db, folder)
        epoch.settle(db, folder)
        return old

    if thread.write(look):
        thread.read(_empty_log)
    aside.settle(
        folder,
        thread.key,
        lambda: thread.write(lambda db: ledger.read(folder, lambda purpose: side_key(db, purpose))),
    )


def settle_restored(thread: StoreThread, folder: Path, entry: AuditEntry) -> int:
    """Erase in a restored database what was erased since its backup was made, and go on with the trail."""

    def run(db: Any) -> tuple[int, audit_chain.Head]:
        count = ledger.apply(db, ledger.read(folder, lambda purpose: side_key(db, purpose)))
        return count, audit.add(db, folder, entry, restored=True)

    count, head = thread.write(run)
    thread.read(_empty_log)
    thread.write(lambda db: audit_chain.keep_head(db, folder, head))
    return count


def save_recording(db: Any, folder: Path, recording: Recording, key: bytes) -> None:
    """Keep a recording with its key wrapped; a key that was erased does not come back."""
    held = consultations.recording(db, recording.consultation)
    if held is not None and held[0].erased_at is not None:
        return
    number, wrapped = epoch.save_key(db, folder, recording.consultation, key)
    consultations.save_recording(db, recording, number, wrapped)


def recording(db: Any, folder: Path, id: ConsultationId) -> tuple[Recording, bytes] | None:
    """The recording and its key, unwrapped."""
    held = consultations.recording(db, id)
    if held is None:
        return None
    return held[0], epoch.key_of(db, folder, id, held[1], held[2])


def _empty_log(db: Any) -> None:
    """What the write-ahead log still holds goes into the database, where secure_delete overwrites it."""
    db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
