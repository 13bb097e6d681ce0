"""The audit trail as a chain: each entry is sealed together with the seal of the entry before it.

seal(n) = HMAC-SHA-256(key, seal(n - 1) ‖ canonical JSON of entry n), as in research on tamper-evident logs.
An entry of the kind "sealed" begins anew from a SHA-256 over everything before it: what was written before
there was a chain, or came with a backup whose key is not here. The key and the head (how many entries, and
the last seal) are files outside the database. Whoever has both the open vault and these files can make a new
chain: it shows tampering, it does not prevent it.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribe_app.adapters.store.side_file import SideFile, side_key
from scribe_app.language import later

KEY_FILE = "audit.key"
KEY_BYTES = 32
GENESIS = bytes(KEY_BYTES)
SEALED = "sealed"
"""Action of an entry from which the chain begins anew."""
FIELDS = (
    "number", "at", "user", "responsible", "action", "consultation", "patient", "object", "detail", "outcome",
    "workstation",
)  # fmt: skip
KEY_MISSING = ", their key missing"
"""In the detail of such an entry, where that was not to be expected."""
_CODE_SIGNS = 8


@dataclass(frozen=True, slots=True)
class Head:
    """How far a trail reaches, and the seal of its last entry."""

    trail: str
    count: int
    seal: bytes

    @property
    def code(self) -> str:
        """Short enough for the foot of a letter."""
        return head_code(self.count, self.seal)


def head_code(count: int, seal: bytes) -> str:
    """Number of an entry with the beginning of its seal."""
    return f"{count}-{seal.hex()[:_CODE_SIGNS]}" if count else ""


def canonical(row: dict[str, Any]) -> bytes:
    """One byte sequence for one entry."""
    entry = {name: row[name] for name in FIELDS}
    return json.dumps(entry, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode()


def link(key: bytes, previous: bytes, content: bytes) -> bytes:
    """The seal of an entry after the one before it."""
    return hmac.digest(key, previous + content, "sha256")


class EverythingBefore:
    """A running digest over all entries with their seals, in order."""

    def __init__(self) -> None:
        self._digest = hashlib.sha256()

    def add(self, content: bytes, seal: bytes | None) -> None:
        """One more entry."""
        self._digest.update(len(content).to_bytes(4, "big") + content + (seal or b""))

    def value(self) -> bytes:
        """So far."""
        return self._digest.digest()


def chain_key(db: Any, folder: Path) -> tuple[bytes, bool]:
    """The key of the chain, and whether it had to be made just now."""
    file = SideFile(folder / KEY_FILE, side_key(db, "audit key"))
    held = file.read()
    if held is not None:
        return held, False
    file.set_aside()
    made = secrets.token_bytes(KEY_BYTES)
    file.write(made)
    return made, True


def trail_id(db: Any) -> str:
    """Names the head of this database's trail; a restored one gets another."""
    for (value,) in db.execute("SELECT value FROM vault_secret WHERE name = 'trail'"):
        return bytes(value).hex()
    return new_trail_id(db)


def new_trail_id(db: Any) -> str:
    """From here on, another head counts."""
    value = secrets.token_bytes(8)
    db.execute("INSERT OR REPLACE INTO vault_secret VALUES ('trail', ?)", [value])
    return value.hex()


def kept_head(db: Any, folder: Path) -> Head | None:
    """The head as the file outside the database has it."""
    trail = trail_id(db)
    held = SideFile(_head_file(folder, trail), side_key(db, "audit head")).read()
    if held is None:
        return None
    content = json.loads(held)
    return Head(trail, int(content["count"]), bytes.fromhex(content["seal"]))


def keep_head(db: Any, folder: Path, head: Head) -> None:
    """Write the head outside the database; an older one never replaces a newer one.

    After the entry is committed: a crash in between leaves the head behind, which verifying accepts, because
    the entries after it carry seals of their own.
    """
    before = kept_head(db, folder)
    if before is not None and before.count >= head.count:
        return
    content = json.dumps({"count": head.count, "seal": head.seal.hex()}).encode()
    SideFile(_head_file(folder, head.trail), side_key(db, "audit head")).write(content)


def faults(
    rows: Iterable[dict[str, Any]], key: bytes, head: Head | None, codes: Iterable[str]
) -> tuple[int, str, list[str]]:
    """Check a whole trail: how many entries, the code of its head, and what is wrong, in words.

    Args:
        rows: FIELDS and `mac`, oldest first.
        key: of the chain.
        head: from outside the database; None where there is none.
        codes: heads written into signed letters.
    """
    found: list[str] = []
    for_good: list[str] = []
    before = EverythingBefore()
    seals: list[bytes] = []
    unsealed_from = 0
    previous = GENESIS
    for position, row in enumerate(rows, 1):
        content, seal = canonical(row), row["mac"]
        if row["number"] != position and not found:
            found.append(later(f"Entry {position} is missing."))
        if row["action"] == SEALED:
            if link(key, before.value(), content) == seal:
                unsealed_from, found = 0, []  # the digest vouches for all before it
                if row["detail"].endswith(KEY_MISSING):
                    for_good.append(
                        later(f"The key had gone at entry {position}; what is before it may be changed.")
                    )
            else:
                found.append(later(f"Something before entry {position} was changed."))
        elif seal is None:
            unsealed_from = unsealed_from or position
        elif link(key, previous, content) != seal:
            found.append(
                later(f"Entry {position} is not what was written, or does not follow entry {position - 1}.")
            )
        previous = seal or b""
        before.add(content, seal)
        seals.append(previous)
    if unsealed_from:
        found.append(later(f"Entry {unsealed_from} was written without a seal."))
    found += for_good + _against_anchors(seals, head, codes)
    return len(seals), head_code(len(seals), previous), found


def _against_anchors(seals: list[bytes], head: Head | None, codes: Iterable[str]) -> list[str]:
    found = []
    if head is None:
        if seals:
            found.append(later("The head that is kept outside the database is missing."))
    elif head.count > len(seals):
        found.append(
            later(f"The trail ends at entry {len(seals)}; {head.count - len(seals)} are missing at its end.")
        )
    elif head.count and seals[head.count - 1] != head.seal:
        found.append(later(f"Entry {head.count} is not the one whose head was kept outside the database."))
    for code in codes:
        count = int(code.split("-")[0])
        if count > len(seals) or head_code(count, seals[count - 1]) != code:
            found.append(later(f"A signed letter names entry {code}, which is not in the trail."))
    return found


def _head_file(folder: Path, trail: str) -> Path:
    return folder / f"audit-{trail}.head"
