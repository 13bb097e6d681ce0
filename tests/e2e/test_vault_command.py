"""scribe vault: the whole life of a vault from the command line, without a secret in any argument."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
)
from program import Home

from scribe_app.adapters.store import VaultDoor
from scribe_app.domain.recovery_key import read_recovery_key


def scribe(home: Home, *arguments: str, status: int = 0, **secrets: str) -> subprocess.CompletedProcess[str]:
    """Run scribe vault, each secret through a pipe of its own (new_passphrase, recovery_key)."""
    descriptors, options = [], []
    for name, secret in secrets.items():
        read, write = os.pipe()
        os.write(write, secret.encode())
        os.close(write)
        descriptors.append(read)
        options += [f"--{name.replace('_', '-')}-fd", str(read)]
    result = subprocess.run(
        home.command("vault", *arguments, *options),
        cwd=home.path,
        env=home.environment,
        capture_output=True,
        text=True,
        timeout=110,
        pass_fds=descriptors,
        check=False,
    )
    for descriptor in descriptors:
        os.close(descriptor)
    assert result.returncode == status, result.stderr[-2000:]
    return result


def told(result: subprocess.CompletedProcess[str]) -> Any:
    return json.loads(result.stdout)


def opens(home: Home, secret: object) -> bool:
    VaultDoor(home.folders.vault, use_keychain=False).check(secret)  # type: ignore[arg-type]  # a secret of any kind
    return True


def test_made_backed_up_recovered_rotated_and_restored(home: Home, tmp_path: Path) -> None:
    words = home.environment["SCRIBE_PASSPHRASE"]
    made = scribe(home, "create", "--json")
    assert [way["kind"] for way in told(made)["ways_in"]] == ["passphrase", "recovery"]
    recovery = made.stderr.strip().rpartition(" ")[2]
    assert opens(home, read_recovery_key(recovery))
    again = scribe(home, "create", status=1)
    assert "already" in again.stderr

    backup = told(scribe(home, "backup", str(tmp_path / "b"), "--json"))
    assert Path(backup["file"]).stat().st_size == backup["bytes"]

    # Forgotten: the key from the paper sets a new passphrase.
    mistyped = ("B" if recovery[0] != "B" else "C") + recovery[1:]
    typo = scribe(home, "passphrase", status=1, recovery_key=mistyped, new_passphrase="another four words")
    assert "group 1" in typo.stderr
    scribe(home, "passphrase", recovery_key=recovery, new_passphrase="another four words")
    assert opens(home, "another four words")
    assert scribe(home, "backup", status=1).stderr.startswith("scribe: That passphrase does not open")
    scribe(home, "passphrase", passphrase="another four words", new_passphrase=words)

    newer = told(scribe(home, "recovery-key", "--json"))["recovery_key"]
    assert (
        "not the one"
        in scribe(
            home, "passphrase", status=1, recovery_key=recovery, new_passphrase="never to be set"
        ).stderr
    )
    newest = told(scribe(home, "rotate", "--json"))["recovery_key"]
    assert newest != newer
    assert opens(home, read_recovery_key(newest))

    restored = told(scribe(home, "restore", backup["file"], "--json"))
    assert restored["consultations"] == 0
    assert Path(restored["kept_aside"]).is_dir()
    assert opens(home, read_recovery_key(recovery))  # the backup's own
    status = scribe(home, "status").stdout
    assert "Argon2id, 64 MiB, 3 passes, 4 lanes" in status
    assert str(home.folders.vault) in status


def test_wrong_use_is_said_and_nothing_done(home: Home) -> None:
    assert told(scribe(home, "status", "--json"))["exists"] is False
    for arguments in (
        ("passphrase",),
        ("keychain",),
        ("restore",),
        ("passphrase", "--escrow-key", "none.pem"),
    ):
        result = scribe(home, *arguments, status=2)
        assert result.stderr.count("\n") == 1
    assert "no X25519" not in scribe(home, "backup", status=1).stderr
    assert not (home.folders.vault / "slots.json").exists()


@pytest.mark.parametrize("private", [X25519PrivateKey.generate()], ids=["x25519"])
def test_the_organisation_opens_a_vault_with_its_private_key(home: Home, private: X25519PrivateKey) -> None:
    public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    door = VaultDoor(home.folders.vault, use_keychain=False, escrow_public_key=public)
    door.create("nobody knows this any more").close()
    file = home.path / "escrow.pem"
    file.write_bytes(private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    scribe(home, "passphrase", "--escrow-key", str(file), new_passphrase="set by the help desk")
    assert opens(home, "set by the help desk")
