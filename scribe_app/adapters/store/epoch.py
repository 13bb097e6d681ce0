"""Keys of recordings, wrapped under an epoch key that is not in the database.

A recording's key wraps the keys of its segments. It is kept wrapped: in its row, and once more in the sealed
file beside the database, which also holds the epoch key (so audio outlives the putting back of a backup).
Erasing audio drops its wrap, wraps all others under a new epoch key and destroys the old one: an old page of
the database, or a backup, then holds a wrap that nothing opens any more (cryptographic erase, SP 800-88).
The limits are said in SideFile.replace_for_good: copies of the file itself, and blocks that a drive kept.
"""

from __future__ import annotations

import base64
import json
import secrets
from collections.abc import Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from scribe_app.adapters.store import sealing
from scribe_app.adapters.store.side_file import SideFile, side_key

EPOCH_FILE = "epoch.key"
KEY_BYTES = 32


@dataclass(slots=True)
class Epochs:
    """Epoch keys by number (one, but for the moment of a change), and each recording's wrap."""

    keys: dict[int, bytes]
    wraps: dict[str, tuple[int, bytes]] = field(default_factory=dict)

    @property
    def newest(self) -> int:
        """The one to wrap under."""
        return max(self.keys)

    def wrap(self, key: bytes) -> tuple[int, bytes]:
        """A recording's key under the newest epoch key."""
        return self.newest, sealing.seal(self.keys[self.newest], key)

    def unwrap(self, epoch: int, wrapped: bytes) -> bytes:
        """The recording's key; nothing where its epoch key is gone."""
        held = self.keys.get(epoch)
        return sealing.unseal(held, wrapped) if held is not None and wrapped else b""


def load(db: Any, folder: Path) -> Epochs:
    """As kept outside the database; a first epoch where there is none yet."""
    held = _file(db, folder).read()
    if held is None:
        _file(db, folder).set_aside()
        return Epochs({1: secrets.token_bytes(KEY_BYTES)})
    content = json.loads(held)
    keys = {int(number): base64.b64decode(key) for number, key in content["keys"].items()}
    wraps = {id: (int(epoch), base64.b64decode(wrap)) for id, (epoch, wrap) in content["wraps"].items()}
    return Epochs(keys, wraps)


def save_key(db: Any, folder: Path, consultation: str, key: bytes) -> tuple[int, bytes]:
    """Keep a recording's key; returns its epoch and its wrap, for its row."""
    epochs = load(db, folder)
    known = epochs.wraps.get(consultation)
    if known is not None and epochs.unwrap(*known) == key:
        return known
    epochs.wraps[consultation] = epochs.wrap(key)
    _file(db, folder).write(_text(epochs))
    return epochs.wraps[consultation]


def key_of(db: Any, folder: Path, consultation: str, epoch: int, wrapped: bytes) -> bytes:
    """A recording's key from its row, or from the file where the row is a backup's; nothing when erased."""
    if not wrapped:
        return b""
    epochs = load(db, folder)
    return epochs.unwrap(epoch, wrapped) or epochs.unwrap(*epochs.wraps.get(consultation, (0, b"")))


def begin(db: Any, folder: Path, without: Collection[str]) -> None:
    """Wrap every recording's key but these under a new epoch key, beside the old one.

    Call `rewrap` in the transaction that erases the rows, then, when that is on disk, `settle`.
    """
    epochs = load(db, folder)
    plain = {id: epochs.unwrap(*wrap) for id, wrap in epochs.wraps.items() if id not in without}
    epochs.keys[epochs.newest + 1] = secrets.token_bytes(KEY_BYTES)
    epochs.wraps = {id: epochs.wrap(key) for id, key in plain.items() if key}
    _file(db, folder).write(_text(epochs))


def rewrap(db: Any, folder: Path) -> None:
    """Bring all rows to the newest wraps; keys from before there were epochs get their first."""
    epochs = load(db, folder)
    fresh = False
    for id, epoch, wrapped in db.execute("SELECT consultation, epoch, key FROM recording").fetchall():
        if not wrapped or epoch == epochs.newest:
            continue
        key = bytes(wrapped) if epoch == 0 else epochs.unwrap(epoch, bytes(wrapped))
        if id not in epochs.wraps:
            if not key:
                continue
            epochs.wraps[id], fresh = epochs.wrap(key), True
        number, wrap = epochs.wraps[id]
        db.execute("UPDATE recording SET epoch = ?, key = ? WHERE consultation = ?", [number, wrap, id])
    if fresh:
        _file(db, folder).write(_text(epochs))


def settle(db: Any, folder: Path) -> None:
    """Destroy the epoch keys that nothing needs any more. After a crash, the next opening does it."""
    epochs = load(db, folder)
    rows = {number for (number,) in db.execute("SELECT DISTINCT epoch FROM recording WHERE key != x''")}
    needed = rows | {number for number, _ in epochs.wraps.values()} | {epochs.newest}
    if set(epochs.keys) - needed:
        epochs.keys = {number: key for number, key in epochs.keys.items() if number in needed}
        _file(db, folder).replace_for_good(_text(epochs))


def is_old(db: Any) -> bool:
    """Whether a key is still in its row as it was before there were epochs."""
    query = "SELECT 1 FROM recording WHERE epoch = 0 AND key != x'' LIMIT 1"
    return db.execute(query).fetchone() is not None


def _text(epochs: Epochs) -> bytes:
    keys = {str(number): base64.b64encode(key).decode() for number, key in epochs.keys.items()}
    wraps = {id: [number, base64.b64encode(wrap).decode()] for id, (number, wrap) in epochs.wraps.items()}
    return json.dumps({"keys": keys, "wraps": wraps}).encode()


def _file(db: Any, folder: Path) -> SideFile:
    return SideFile(folder / EPOCH_FILE, side_key(db, "epoch"))
