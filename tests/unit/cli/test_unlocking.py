"""Getting at the passphrase, and at the vault."""

from __future__ import annotations

import os
import secrets
import sys
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.slots import Argon2Cost
from scribe_app.cli import unlocking
from scribe_app.cli.unlocking import given_passphrase, opened
from scribe_app.domain.recovery_key import new_recovery_key, read_recovery_key
from scribe_app.errors import ScribeError, StorageError, UsageError, VaultInUseError, WrongPassphraseError
from scribe_app.policy import Policy
from scribe_app.ports import ConsultationStore

WORDS = "four ordinary words"


def piped(*pieces: bytes) -> int:
    """A file descriptor from which these bytes come, then nothing."""
    read, write = os.pipe()
    for piece in pieces:
        os.write(write, piece)
    os.close(write)
    return read


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SCRIBE_PASSPHRASE", raising=False)


class TestGivenPassphrase:
    def test_neither_way(self) -> None:
        assert given_passphrase(Namespace()) is None
        assert given_passphrase(Namespace(passphrase_fd=None)) is None

    def test_from_the_environment(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SCRIBE_PASSPHRASE", WORDS)
        assert given_passphrase(Namespace()) == WORDS

    def test_an_empty_variable_is_no_passphrase(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("SCRIBE_PASSPHRASE", "")
        assert given_passphrase(Namespace()) is None

    @pytest.mark.parametrize(
        "pieces",
        [
            (b"four ordinary words",),
            (b"four ordinary words\n",),
            (b"four ordinary words\r\n",),
            (b"four ordi", b"nary words\nsecond line"),
        ],
    )
    def test_the_first_line_of_a_file_descriptor(self, pieces: tuple[bytes, ...]) -> None:
        assert given_passphrase(Namespace(passphrase_fd=piped(*pieces))) == WORDS

    def test_a_file_descriptor_is_read_once_and_goes_before_the_environment(
        self, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("SCRIBE_PASSPHRASE", "another one")
        arguments = Namespace(passphrase_fd=piped(b"four ordinary words\n"))
        assert given_passphrase(arguments) == WORDS
        assert given_passphrase(arguments) == WORDS

    def test_letters_of_all_languages(self) -> None:
        descriptor = piped("wachtwoord één 😀\n".encode())
        assert given_passphrase(Namespace(passphrase_fd=descriptor)) == "wachtwoord één 😀"

    @pytest.mark.parametrize("descriptor", [-1, 9999, 10**30], ids=str)
    def test_a_descriptor_that_is_none(self, descriptor: int) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            given_passphrase(Namespace(passphrase_fd=descriptor))

    @pytest.mark.parametrize("content", [b"", b"\n", b"\r\n"])
    def test_nothing_in_it(self, content: bytes) -> None:
        with pytest.raises(UsageError, match="no passphrase"):
            given_passphrase(Namespace(passphrase_fd=piped(content)))

    def test_no_text_in_it(self) -> None:
        with pytest.raises(UsageError, match="cannot be read"):
            given_passphrase(Namespace(passphrase_fd=piped(b"\xff\xfe\n")))


class Bench:
    """A workshop with a real vault; what is built on it is only watched for being closed."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.folders = SimpleNamespace(vault=root / "vault")
        self.policy = Policy()
        self.fails: ScribeError | None = None

    def door(self, folder: Path) -> VaultDoor:
        cheap = Argon2Cost(memory_kib=64, passes=1, lanes=1)
        return VaultDoor(folder, use_keychain=False, cost=cheap)

    def build(self, store: ConsultationStore, folders: Any) -> Any:
        if self.fails is not None:
            raise self.fails
        return SimpleNamespace(store=store, close=store.close)


@pytest.fixture
def bench(tmp_path: Path) -> Any:
    return Bench(tmp_path)


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """A terminal at which these are typed, the first first; nothing more is the end of input."""
    typed: list[str] = []

    def ask(_: str) -> str:
        if not typed:
            raise EOFError
        return typed.pop(0)

    monkeypatch.setattr(unlocking.getpass, "getpass", ask)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    return typed


def given(passphrase: str = WORDS) -> Namespace:
    return Namespace(passphrase=passphrase)


class TestOpened:
    def test_the_vault_is_made_on_first_use_and_closed_at_the_end(self, bench: Any) -> None:
        for _ in range(2):
            with opened(bench, given()) as application:
                assert application.store.consultations() == []
            with pytest.raises(StorageError, match="locked"):
                application.store.consultations()

    def test_a_wrong_passphrase(self, bench: Any) -> None:
        with opened(bench, given()):
            pass
        with pytest.raises(WrongPassphraseError), opened(bench, given("another passphrase")):
            pass

    def test_what_cannot_be_built_leaves_the_vault_closed(self, bench: Any) -> None:
        bench.fails = StorageError("The records are damaged.")
        with pytest.raises(StorageError, match="damaged"), opened(bench, given()):
            pass
        bench.fails = None
        with opened(bench, given()) as application:
            assert application.store.consultations() == []

    def test_without_terminal_or_passphrase_it_is_said_how_to_give_one(
        self, bench: Any, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
        with pytest.raises(UsageError) as caught, opened(bench, Namespace()):
            pass
        assert "SCRIBE_PASSPHRASE" in str(caught.value)
        assert not bench.door(bench.folders.vault).exists()

    def test_a_new_passphrase_is_asked_twice_and_the_recovery_key_typed_back(
        self,
        bench: Any,
        terminal: list[str],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        key = new_recovery_key()
        monkeypatch.setattr(unlocking, "new_recovery_key", lambda: key)
        monkeypatch.setattr(secrets.SystemRandom, "sample", lambda *_: [5, 2])
        terminal += [WORDS, "four ordinary swords"]
        with pytest.raises(UsageError, match="differ"), opened(bench, Namespace()):
            pass
        terminal += [WORDS, WORDS, key.groups[2], key.groups[4]]
        with pytest.raises(UsageError, match="not group 6"), opened(bench, Namespace()):
            pass
        assert not bench.door(bench.folders.vault).exists()
        terminal += [WORDS, WORDS, key.groups[2].lower(), key.groups[5]]
        with opened(bench, Namespace()):
            pass
        assert str(key) in capsys.readouterr().err
        bench.door(bench.folders.vault).check(key)
        terminal += [WORDS]
        with opened(bench, Namespace()) as application:
            assert application.store.consultations() == []

    def test_unattended_the_recovery_key_is_told_once(
        self, bench: Any, capsys: pytest.CaptureFixture[str]
    ) -> None:
        with opened(bench, given()):
            pass
        told = capsys.readouterr().err
        key = read_recovery_key(told.strip().rpartition(" ")[2])
        bench.door(bench.folders.vault).check(key)
        with opened(bench, given()):
            pass
        assert capsys.readouterr().err == ""

    def test_ctrl_d_is_no_passphrase(self, bench: Any, terminal: list[str]) -> None:
        with pytest.raises(UsageError, match="No passphrase was typed"), opened(bench, Namespace()):
            pass

    def test_a_vault_in_use_is_not_asked_about(self, bench: Any, terminal: list[str]) -> None:
        with (
            opened(bench, given()),
            pytest.raises(VaultInUseError),
            opened(bench, Namespace()),
        ):
            pass
