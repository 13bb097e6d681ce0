"""scribe bench vault: how long locking, unlocking, a backup, restoring and rotation take on this machine."""

from __future__ import annotations

import secrets
import shutil
import statistics
import time
from argparse import Namespace
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scribe_app.cli.output import Output
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.recovery_key import RecoveryKey, new_recovery_key
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.vault import Secret
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import VaultDoor, Workshop

CONSULTATIONS, UTTERANCES = 250, 120
"""Two weeks of a busy practice."""
TIMES = 5
WORDS = "we have no known allergies and the blood pressure was one hundred and forty over eighty eight"


FIGURES = """\
unlock_*   seconds to open 250 consultations, by passphrase or recovery key (median of five)
lock_s     seconds until keys are wiped and the database is closed
backup_s   seconds for a backup that is checked page by page; restore_s, rotate_s likewise"""


def vault(arguments: Namespace, workshop: Workshop) -> int:
    """Fill a vault of its own, time what a clinician waits for, and remove it."""
    output = Output(arguments.json)
    root = workshop.folders.data / "bench-vault"
    shutil.rmtree(root, ignore_errors=True)
    folders = replace(workshop.folders, data=root)
    folders.create()
    try:
        figures = _measure(workshop.door(folders.vault), root)
    finally:
        shutil.rmtree(root, ignore_errors=True)
    for name, value in figures.items():
        output.line(f"{name:28} {value}")
    output.document(figures)
    return 0


def _measure(door: VaultDoor, root: Path) -> dict[str, Any]:
    passphrase, recovery = secrets.token_urlsafe(24), new_recovery_key()
    store = door.create(passphrase, recovery, keychain=False)
    _fill(store)
    figures: dict[str, Any] = {"consultations": CONSULTATIONS, "utterances": CONSULTATIONS * UTTERANCES}
    for name, secret in (("passphrase", passphrase), ("recovery_key", recovery)):
        figures[f"unlock_{name}_s"] = statistics.median(_unlock(door, store, secret) for _ in range(TIMES))
    figures["lock_s"] = statistics.median(_lock(door, store, recovery) for _ in range(TIMES))
    made = store.backup(root / "backups", 1, datetime.now(UTC))
    figures |= {"backup_s": made.seconds, "backup_mb": round(made.bytes / 1e6, 1)}
    store.close()
    figures["restore_s"] = _seconds(lambda: door.restore(made.file, passphrase, datetime.now(UTC)))
    figures["rotate_s"] = _seconds(lambda: door.rotate(passphrase, new_recovery_key()))
    figures["argon2id"] = next(way.strength for way in door.status().ways_in if way.kind == "passphrase")
    return figures


def _fill(store: ConsultationStore) -> None:
    window = [
        Utterance(UtteranceId(number), WORDS, number, number + 1) for number in range(1, UTTERANCES + 1)
    ]
    for _ in range(CONSULTATIONS):
        consultation = Consultation(new_consultation_id(), datetime.now(UTC), "en", "soap")
        store.save_consultation(consultation)
        store.add_utterances(consultation.id, window, 16_000 * UTTERANCES)


def _unlock(door: VaultDoor, store: ConsultationStore, secret: Secret) -> float:
    store.lock()
    return _seconds(lambda: door.reopen(store, secret))


def _lock(door: VaultDoor, store: ConsultationStore, recovery: RecoveryKey) -> float:
    taken = _seconds(store.lock)
    door.reopen(store, recovery)
    return taken


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return round(time.perf_counter() - started, 3)
