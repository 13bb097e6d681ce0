"""Key slots: what fits opens, what does not says why, and a flipped bit is never a wrong passphrase."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from scribe_app.adapters.store import slots
from scribe_app.adapters.store.slots import Argon2Cost, SlotKind, SlotsFile, WrongKeyError
from scribe_app.errors import StorageError

QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
KEY = bytes(range(32))
WORDS = "correct horse"


def by_passphrase(passphrase: str = WORDS) -> SlotsFile:
    return SlotsFile("install", (slots.passphrase_slot("install", passphrase, KEY, QUICK),))


def opened(held: SlotsFile, passphrase: str) -> bytes:
    slot = held.of(SlotKind.PASSPHRASE)
    assert slot is not None
    assert slot.cost is not None
    return slots.unwrap(held.install, slot, slots.stretch(passphrase, slot.salt, slot.cost))


def test_the_default_cost_is_the_second_choice_of_rfc_9106() -> None:
    from argon2.profiles import RFC_9106_LOW_MEMORY

    chosen = RFC_9106_LOW_MEMORY
    assert Argon2Cost() == Argon2Cost(chosen.memory_cost, chosen.time_cost, chosen.parallelism)


def test_stretching_agrees_with_argon2s_own_encoder() -> None:
    from argon2.low_level import Type, hash_secret

    encoded = hash_secret(b"password", b"somesalt" * 2, 1, 64, 1, 32, Type.ID).decode()
    import base64

    raw = base64.b64decode(encoded.rsplit("$", 1)[1] + "=")
    assert slots.stretch("password", b"somesalt" * 2, QUICK) == raw


def test_the_right_passphrase_gives_the_key_and_a_wrong_one_does_not() -> None:
    held = by_passphrase()
    assert opened(held, "correct horse") == KEY
    with pytest.raises(WrongKeyError):
        opened(held, "correct Horse")


def test_an_accent_typed_in_two_ways_is_the_same_passphrase() -> None:
    assert opened(by_passphrase("caf\u00e9 caf\u00e9"), "cafe\u0301 cafe\u0301") == KEY


def test_a_slot_opens_only_in_its_own_vault_and_place() -> None:
    held = by_passphrase()
    slot = held.slots[0]
    for moved in (
        replace(held, install="another"),
        replace(held, slots=(replace(slot, id="another"),)),
        replace(held, slots=(replace(slot, version=2),)),
    ):
        with pytest.raises(WrongKeyError):
            opened(moved, "correct horse")


def test_two_slots_of_one_passphrase_share_nothing() -> None:
    first, second = by_passphrase().slots[0], by_passphrase().slots[0]
    assert first.salt != second.salt
    assert first.nonce != second.nonce
    assert first.wrapped != second.wrapped


def test_slots_come_back_as_they_were_written(tmp_path: Path) -> None:
    keychain = slots.keychain_slot("install", b"w" * 32, KEY, "slot")
    held = SlotsFile("install", (*by_passphrase().slots, keychain))
    slots.write(tmp_path / "slots.json", held)
    assert slots.read(tmp_path / "slots.json") == held
    assert (tmp_path / "slots.json").stat().st_mode & 0o077 == 0
    assert [file.name for file in tmp_path.iterdir()] == ["slots.json"]


def test_neither_key_nor_passphrase_is_in_the_file(tmp_path: Path) -> None:
    slots.write(tmp_path / "slots.json", by_passphrase())
    text = (tmp_path / "slots.json").read_text()
    assert "correct" not in text
    assert KEY.hex() not in text


def test_any_changed_character_of_a_slot_is_damage_or_still_opens(tmp_path: Path) -> None:
    # Never WrongKeyError: a clinician must not be told that the passphrase is wrong when the file is.
    file = tmp_path / "slots.json"
    slots.write(file, by_passphrase())
    good = file.read_bytes()
    for place in range(good.index(b'"slots"'), len(good), 3):
        damaged = bytearray(good)
        damaged[place] ^= 4
        file.write_bytes(damaged)
        try:
            held = slots.read(file)
        except StorageError:
            continue
        assert opened(held, WORDS) == KEY


@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b'"x"', b"\xff\xfe", b"{}", b'{"format": 2}', b"[" * 100_000,
     b'{"format": 1, "install": "i", "slots": []}', b'{"format": 1, "install": 5, "slots": [{}]}',
     b'{"format": 1, "install": "i", "slots": [{"check": 1}]}', b'{"format": 1, "install": "i", "slots": 7}'],
)  # fmt: skip
def test_a_file_that_is_no_slots_file_is_damaged(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "slots.json"
    file.write_bytes(content)
    with pytest.raises(StorageError, match="damaged"):
        slots.read(file)
    assert file.read_bytes() == content


def test_a_slot_that_asks_for_all_memory_is_damaged(tmp_path: Path) -> None:
    file = tmp_path / "slots.json"
    slots.write(file, by_passphrase())
    document = json.loads(file.read_text())
    row = document["slots"][0]
    row["kdf"]["memory_kib"] = 2**40
    row["check"] = slots._check({name: value for name, value in row.items() if name != "check"})
    file.write_text(json.dumps(document))
    with pytest.raises(StorageError, match="damaged"):
        slots.read(file)
