"""Ways into the vault: each is proven, each failure is told apart, none deletes anything."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)

from scribe_app.adapters.store import SqlCipherStore, VaultDoor, administering, copying, slots
from scribe_app.adapters.store.place import network_warning
from scribe_app.adapters.store.slots import Argon2Cost, SlotKind
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recovery_key import RecoveryKey, new_recovery_key
from scribe_app.domain.vault import EscrowKey
from scribe_app.errors import (
    PassphraseNeededError,
    StorageError,
    UsageError,
    VaultInUseError,
    WrongPassphraseError,
)
from scribe_app.ports import AuditAction
from scribe_app.services.auditing import AuditTrail, note_opening

QUICK = Argon2Cost(memory_kib=64, passes=1, lanes=1)
WORDS, OTHER_WORDS = "correct horse battery", "another four words"


class MemoryKeychain:
    """Keeps secrets in a dict; the real one is tested in test_store_keychain.py."""

    def __init__(self) -> None:
        self.held: dict[str, str] = {}

    def read(self, name: str) -> str | None:
        return self.held.get(name)

    def store(self, name: str, secret: str) -> bool:
        self.held[name] = secret
        return True


def door(folder: Path, keychain: MemoryKeychain | None = None, **options: object) -> VaultDoor:
    return VaultDoor(folder / "vault", keychain=lambda: keychain, **{"cost": QUICK, **options})  # type: ignore[arg-type]  # options of the door


def a_consultation() -> Consultation:
    return Consultation(new_consultation_id(), datetime(2026, 11, 21, tzinfo=UTC), "en", "soap")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file but the note of attempts, which the audit trail takes over at the next opening."""
    files = sorted(file for file in (folder / "vault").iterdir() if file.is_file())
    return {file.name: file.read_bytes() for file in files if file.name != "attempts"}


def pair() -> tuple[str, EscrowKey]:
    private = X25519PrivateKey.generate()
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return public, EscrowKey(pem)


@pytest.fixture
def recovery() -> RecoveryKey:
    return new_recovery_key()


class TestRecoveryKey:
    def test_it_opens_the_vault_and_then_a_new_passphrase_may_be_set(
        self, tmp_path: Path, recovery: RecoveryKey
    ) -> None:
        store = door(tmp_path).create(WORDS, recovery)
        store.save_consultation(value := a_consultation())
        store.close()
        door(tmp_path).change_passphrase(recovery, OTHER_WORDS)
        with pytest.raises(WrongPassphraseError):
            door(tmp_path).open(WORDS)
        for secret in (OTHER_WORDS, recovery):
            store = door(tmp_path).open(secret)
            assert store.consultations() == [value]
            store.close()

    def test_another_key_and_an_old_one_are_refused(self, tmp_path: Path, recovery: RecoveryKey) -> None:
        door(tmp_path).create(WORDS, recovery).close()
        before = contents(tmp_path)
        with pytest.raises(WrongPassphraseError, match="recovery key, but not the one"):
            door(tmp_path).open(new_recovery_key())
        assert contents(tmp_path) == before
        newer = new_recovery_key()
        door(tmp_path).renew_recovery_key(WORDS, newer)
        with pytest.raises(WrongPassphraseError, match="newer one"):
            door(tmp_path).open(recovery)
        door(tmp_path).open(newer).close()

    def test_it_is_not_in_any_file(self, tmp_path: Path, recovery: RecoveryKey) -> None:
        door(tmp_path).create(WORDS, recovery).close()
        for content in contents(tmp_path).values():
            assert recovery.secret not in content
            assert recovery.secret.hex().encode() not in content
            assert recovery.groups[0].encode() not in content

    def test_two_ways_are_proven_before_the_vault_is_there(
        self, tmp_path: Path, recovery: RecoveryKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        real = slots.recovery_slot
        monkeypatch.setattr(slots, "recovery_slot", lambda i, r, key: real(i, r, bytes(32)))
        with pytest.raises(StorageError, match="does not open"):
            door(tmp_path).create(WORDS, recovery)
        assert not door(tmp_path).exists()


class TestFailuresAreToldApart:
    def titles(self, tmp_path: Path, recovery: RecoveryKey) -> dict[str, StorageError]:
        keychain = MemoryKeychain()
        door(tmp_path, keychain).create(WORDS, recovery).close()
        changed, emptied = MemoryKeychain(), MemoryKeychain()
        changed.held = dict.fromkeys(keychain.held, "00" * 32)
        told: dict[str, StorageError] = {}
        for name, chain, secret in (
            ("wrong passphrase", keychain, "wrong horse battery"),
            ("no keychain", None, None),
            ("entry gone", emptied, None),
            ("entry changed", changed, None),
            ("wrong recovery key", keychain, new_recovery_key()),
            ("no escrow", keychain, pair()[1]),
        ):
            with pytest.raises(StorageError) as caught:
                door(tmp_path, chain).open(secret)  # type: ignore[arg-type]  # a secret of each kind
            told[name] = caught.value
        return told

    def test_each_has_its_own_words_and_what_to_do(self, tmp_path: Path, recovery: RecoveryKey) -> None:
        told = self.titles(tmp_path, recovery)
        assert len({(error.title, error.detail) for error in told.values()}) == len(told)
        assert all(error.remedy for error in told.values())
        assert all("changed" in f"{e.detail}" or isinstance(e, PassphraseNeededError) for e in told.values())
        door(tmp_path).open(WORDS).close()

    @pytest.mark.parametrize("kind", [SlotKind.PASSPHRASE, SlotKind.RECOVERY, SlotKind.KEYCHAIN])
    def test_one_damaged_slot_leaves_the_others_usable_and_is_kept(
        self, tmp_path: Path, recovery: RecoveryKey, kind: SlotKind
    ) -> None:
        keychain = MemoryKeychain()
        door(tmp_path, keychain).create(WORDS, recovery).close()
        file = tmp_path / "vault" / "slots.json"
        document = json.loads(file.read_text())
        row = next(row for row in document["slots"] if row["kind"] == kind)
        row["wrapped"] = row["wrapped"][::-1]
        file.write_text(json.dumps(document))
        secrets = {SlotKind.PASSPHRASE: WORDS, SlotKind.RECOVERY: recovery, SlotKind.KEYCHAIN: None}
        with pytest.raises(StorageError, match=f"{kind} slot of this vault is damaged") as caught:
            door(tmp_path, keychain).open(secrets[kind])  # type: ignore[arg-type]  # one of the three
        assert "others" in str(caught.value) or "other ways" in str(caught.value)
        for other, secret in secrets.items():
            if other is not kind:
                door(tmp_path, keychain).open(secret).close()  # type: ignore[arg-type]  # one of the three
        assert row in json.loads(file.read_text())["slots"]
        good = recovery if kind is SlotKind.PASSPHRASE else WORDS
        door(tmp_path, keychain).change_passphrase(good, WORDS)
        door(tmp_path, keychain).renew_recovery_key(WORDS, recovery)
        assert not [way for way in door(tmp_path).status().ways_in if way.damaged and way.kind != "keychain"]

    def test_a_changed_head_is_damage_and_never_a_wrong_passphrase(
        self, tmp_path: Path, recovery: RecoveryKey
    ) -> None:
        door(tmp_path).create(WORDS, recovery).close()
        file = tmp_path / "vault" / "slots.json"
        document = json.loads(file.read_text())
        for name, value in (
            ("install", "0" * 32),
            ("database", "vault-00000000.db"),
            ("database", "../x.db"),
        ):
            file.write_text(json.dumps({**document, name: value}))
            with pytest.raises(StorageError, match=r"slots in slots\.json are damaged"):
                door(tmp_path).open(WORDS)


class TestPassphrase:
    def test_a_short_new_one_is_refused(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        with pytest.raises(UsageError, match="at least 8"):
            door(tmp_path).change_passphrase(WORDS, "seven77")
        door(tmp_path).open(WORDS).close()

    def test_it_is_changed_while_the_vault_is_open_here_but_not_elsewhere(self, tmp_path: Path) -> None:
        store = door(tmp_path).create(WORDS)
        with pytest.raises(VaultInUseError):
            door(tmp_path).change_passphrase(WORDS, OTHER_WORDS)
        door(tmp_path).change_passphrase(WORDS, OTHER_WORDS, store)
        store.close()
        door(tmp_path).open(OTHER_WORDS).close()

    def test_a_cheaper_slot_is_raised_at_opening_and_a_dearer_one_left(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        dearer = Argon2Cost(memory_kib=256, passes=2, lanes=1)
        door(tmp_path, cost=dearer).open(WORDS).close()
        held = slots.read(tmp_path / "vault" / "slots.json")
        slot = held.of(SlotKind.PASSPHRASE)
        assert slot is not None
        assert slot.cost == dearer
        before = contents(tmp_path)["slots.json"]
        door(tmp_path, cost=QUICK).open(WORDS).close()
        assert contents(tmp_path)["slots.json"] == before


class TestEscrow:
    def test_the_organisation_opens_it_with_its_private_key(self, tmp_path: Path) -> None:
        public, private = pair()
        door(tmp_path, escrow_public_key=public).create(WORDS).close()
        door(tmp_path).change_passphrase(private, OTHER_WORDS)
        door(tmp_path).open(OTHER_WORDS).close()
        ways = {way.kind: way for way in door(tmp_path).status().ways_in}
        assert "X25519 key" in ways["escrow"].strength

    def test_a_key_that_the_policy_gets_later_is_added_at_the_next_opening(self, tmp_path: Path) -> None:
        door(tmp_path).create(WORDS).close()
        public, private = pair()
        for _ in range(2):
            door(tmp_path, escrow_public_key=public).open(WORDS).close()
        door(tmp_path).open(private).close()
        newer, newest = pair()
        door(tmp_path, escrow_public_key=newer).open(WORDS).close()
        door(tmp_path).open(newest).close()
        with pytest.raises(WrongPassphraseError, match="private key"):
            door(tmp_path).open(private)

    def test_a_mistake_in_the_policy_shuts_nobody_out(self, tmp_path: Path) -> None:
        with pytest.raises(StorageError, match="no X25519 public key"):
            door(tmp_path, escrow_public_key="nonsense").create(WORDS)
        assert not door(tmp_path).exists()
        door(tmp_path).create(WORDS).close()
        door(tmp_path, escrow_public_key="nonsense").open(WORDS).close()

    @pytest.mark.parametrize("pem", [b"", b"nonsense", pair()[0].encode()])
    def test_a_file_that_is_no_private_key(self, tmp_path: Path, pem: bytes) -> None:
        door(tmp_path, escrow_public_key=pair()[0]).create(WORDS).close()
        with pytest.raises(UsageError, match="no X25519 private key"):
            door(tmp_path).open(EscrowKey(pem))


class TestKeychain:
    def test_it_can_be_left_and_taken_up(self, tmp_path: Path) -> None:
        keychain = MemoryKeychain()
        door(tmp_path, keychain).create(WORDS).close()
        door(tmp_path, keychain).use_keychain(WORDS, False)
        with pytest.raises(PassphraseNeededError, match="passphrase only"):
            door(tmp_path, keychain).open(None)
        with pytest.raises(StorageError, match="no keychain"):
            door(tmp_path).use_keychain(WORDS, True)
        door(tmp_path, keychain).use_keychain(WORDS, True)
        door(tmp_path, keychain).open(None).close()

    def test_a_locked_vault_is_not_opened_by_starting_the_program_anew(self, tmp_path: Path) -> None:
        keychain = MemoryKeychain()
        store = door(tmp_path, keychain).create(WORDS)
        store.lock()
        store.close()
        with pytest.raises(PassphraseNeededError, match="It was locked"):
            door(tmp_path, keychain).open(None)
        door(tmp_path, keychain).open(WORDS).close()
        door(tmp_path, keychain).open(None).close()


class TestRotation:
    def test_everything_is_there_under_a_new_key_and_the_old_ways_are_shut(
        self, tmp_path: Path, recovery: RecoveryKey
    ) -> None:
        keychain, (public, private) = MemoryKeychain(), pair()
        here = door(tmp_path, keychain, escrow_public_key=public)
        store = here.create(WORDS, recovery)
        store.save_consultation(value := a_consultation())
        side = store.derived_key("x")
        store.close()
        old = slots.read(tmp_path / "vault" / "slots.json")
        old_key = administering.ways_in.database_key(old, WORDS, None)
        newer = new_recovery_key()
        here.rotate(WORDS, newer)
        names = [file.name for file in (tmp_path / "vault").glob("vault*.db*")]
        assert len(names) == 1
        assert names[0] != "vault.db"
        with pytest.raises(StorageError):
            copying.inspect(tmp_path / "vault" / names[0], old_key)
        with pytest.raises(WrongPassphraseError):
            here.open(recovery)
        for secret in (WORDS, newer, None, private):
            store = here.open(secret)
            assert store.consultations() == [value]
            assert store.derived_key("x") == side
            store.close()

    def test_with_a_wrong_passphrase_nothing_changes(self, tmp_path: Path, recovery: RecoveryKey) -> None:
        door(tmp_path).create(WORDS, recovery).close()
        before = contents(tmp_path)
        with pytest.raises(WrongPassphraseError):
            door(tmp_path).rotate("wrong horse battery", new_recovery_key())
        assert contents(tmp_path) == before

    def test_a_copy_that_differs_is_thrown_away(
        self, tmp_path: Path, recovery: RecoveryKey, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        door(tmp_path).create(WORDS, recovery).close()
        before = contents(tmp_path)
        monkeypatch.setattr(copying, "inspect", lambda *_: copying.Contents({"consultation": 5}))
        with pytest.raises(StorageError, match="does not hold"):
            door(tmp_path).rotate(WORDS, new_recovery_key())
        assert contents(tmp_path) == before


class TestLocking:
    def test_a_locked_store_tells_nothing_and_gives_back_what_it_kept(self, tmp_path: Path) -> None:
        store = door(tmp_path).create(WORDS)
        store.save_consultation(value := a_consultation())
        thread = store._thread
        store.lock(b"a name typed before Start")
        assert bytes(thread._key) == bytes(32)
        assert b"typed" not in store._parked
        for call in (store.consultations, store.audit, lambda: store.backup(tmp_path, 1, datetime.now(UTC))):
            with pytest.raises(StorageError, match="locked"):
                call()  # type: ignore[operator]  # three calls of the store
        with pytest.raises(VaultInUseError):
            door(tmp_path).open(WORDS)  # it is still this program's
        with pytest.raises(WrongPassphraseError):
            door(tmp_path).reopen(store, "wrong horse battery")
        with pytest.raises(StorageError, match="locked"):
            store.consultations()
        assert door(tmp_path).reopen(store, WORDS) == b"a name typed before Start"
        assert store.consultations() == [value]
        store.lock()
        store.lock()
        assert door(tmp_path).reopen(store, WORDS) == b""
        store.close()
        door(tmp_path).open(WORDS).close()

    def test_a_locked_store_may_be_closed(self, tmp_path: Path) -> None:
        store = door(tmp_path).create(WORDS)
        store.lock()
        store.close()
        store.close()
        door(tmp_path).open(WORDS).close()


MOUNTS = """22 1 0:20 / / rw - ext4 /dev/sda1 rw
30 22 0:33 / /mnt/share rw - cifs //server/share rw
31 22 0:34 / /home/me/My\\040Docs rw - nfs4 server:/x rw
"""


def test_a_network_drive_is_told_by_its_mount(tmp_path: Path) -> None:
    table = tmp_path / "mountinfo"
    table.write_text(MOUNTS)
    assert "cifs" in network_warning(Path("/mnt/share/vault"), table)
    assert "nfs4" in network_warning(Path("/home/me/My Docs/a/b"), table)
    assert network_warning(Path("/mnt/shared"), table) == ""
    assert network_warning(tmp_path, tmp_path / "none") == ""
    assert network_warning(tmp_path) == ""


def test_no_vault_is_made_on_a_network_drive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scribe_app.adapters.store.vault.network_warning", lambda _: "It is on cifs.")
    with pytest.raises(StorageError, match="on cifs"):
        door(tmp_path).create(WORDS)
    assert list(tmp_path.iterdir()) == []


def noted(store: SqlCipherStore) -> list[tuple[str, str, str]]:
    return [(one.user, one.object, one.detail) for one in store.audit() if one.object == "ways in"]


class TestTheTrail:
    """A changed way in is noted at once, by which way it was opened, whether the vault is open or not."""

    def test_of_a_closed_vault(self, tmp_path: Path) -> None:
        recovery, newer = new_recovery_key(), new_recovery_key()
        keychain = MemoryKeychain()
        made = door(tmp_path, keychain, user="help desk")
        made.create(WORDS, recovery).close()
        made.change_passphrase(recovery, OTHER_WORDS)
        made.renew_recovery_key(OTHER_WORDS, newer)
        made.use_keychain(OTHER_WORDS, False)
        made.rotate(OTHER_WORDS, new_recovery_key())
        with pytest.raises(WrongPassphraseError):
            made.change_passphrase(WORDS, "never to be set")
        store = made.open(OTHER_WORDS)
        assert noted(store) == [
            ("help desk", "ways in", "new passphrase, opened by recovery key"),
            ("help desk", "ways in", "new recovery key, opened by passphrase"),
            ("help desk", "ways in", "keychain off, opened by passphrase"),
            ("help desk", "ways in", "new database key, new recovery key"),
        ]
        assert store.check_audit().faults == ()
        store.close()

    def test_of_an_open_and_of_a_locked_one(self, tmp_path: Path) -> None:
        recovery = new_recovery_key()
        made = door(tmp_path, user="ann")
        store = made.create(WORDS, recovery)
        made.change_passphrase(WORDS, OTHER_WORDS, store)
        store.lock()
        made.change_passphrase(recovery, WORDS, store)
        assert made.reopen(store, WORDS) == b""
        assert [detail for _, _, detail in noted(store)] == [
            "new passphrase, opened by passphrase",
            "new passphrase, opened by recovery key",
        ]
        assert store.check_audit().faults == ()
        store.close()

    def test_says_by_which_way_it_was_opened(self, tmp_path: Path) -> None:
        recovery, keychain = new_recovery_key(), MemoryKeychain()
        private = X25519PrivateKey.generate()
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        made = door(tmp_path, keychain, escrow_public_key=public)
        made.create(WORDS, recovery).close()
        told = []
        for secret in (WORDS, recovery, EscrowKey(pem), None):
            store = made.open(secret)
            note_opening(AuditTrail(store, "ann", lambda: datetime.now(UTC)))
            last = store.last_audit(AuditAction.UNLOCKED)
            assert last is not None
            told.append(last.detail)
            store.close()
        assert told == ["passphrase", "recovery key", "organisation's key", "keychain"]
