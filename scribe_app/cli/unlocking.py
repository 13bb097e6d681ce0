"""How the command line gets at the vault's passphrase: never as an argument that others can see."""

from __future__ import annotations

import getpass
import os
import secrets
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from scribe_app.domain.recovery_key import (
    GROUPS,
    RecoveryKey,
    new_recovery_key,
    read_recovery_key,
    same_group,
)
from scribe_app.domain.vault import EscrowKey, Secret
from scribe_app.errors import SchemaTooNewError, StorageError, UsageError, VaultInUseError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, VaultDoor, Workshop
from scribe_app.services.consultations import UNFINISHED

VARIABLE = "SCRIBE_PASSPHRASE"
MAX_PASSPHRASE_BYTES = 4096


def given_passphrase(arguments: Namespace) -> str | None:
    """From --passphrase-fd or SCRIBE_PASSPHRASE; None when neither is there. Read once, then remembered.

    Raises:
        UsageError: the file descriptor cannot be read, or holds nothing.
    """
    if not hasattr(arguments, "passphrase"):
        descriptor = getattr(arguments, "passphrase_fd", None)
        given = os.environ.get(VARIABLE) if descriptor is None else read_line(descriptor)
        arguments.passphrase = given or None
    passphrase: str | None = arguments.passphrase
    return passphrase


def read_line(descriptor: int) -> str:
    """The first line of a file descriptor; a pipe may hand it over in pieces. Raises UsageError."""
    held = b""
    try:
        while b"\n" not in held and len(held) < MAX_PASSPHRASE_BYTES:
            piece = os.read(descriptor, MAX_PASSPHRASE_BYTES)
            if not piece:
                break
            held += piece
        line = held.split(b"\n")[0].decode().removesuffix("\r")
    except (OSError, OverflowError, UnicodeDecodeError) as error:
        raise UsageError(
            f"The passphrase cannot be read from file descriptor {descriptor}.", "Nothing was done."
        ) from error
    if not line:
        raise UsageError(f"There is no passphrase in file descriptor {descriptor}.", "Nothing was done.")
    return line


@contextmanager
def opened(workshop: Workshop, arguments: Namespace) -> Iterator[Application]:
    """The clinician's vault, opened, or made on first use; closed again at the end."""
    door = workshop.door(workshop.folders.vault)
    passphrase = given_passphrase(arguments)
    store = _open(door, passphrase) if door.exists() else make_vault(workshop, arguments)
    try:
        application = workshop.build(store, workshop.folders)
    except BaseException:
        store.close()
        raise
    try:
        _tell_interrupted(application)
        yield application
    finally:
        application.close()


def make_vault(workshop: Workshop, arguments: Namespace) -> ConsultationStore:
    """A new vault with two proven ways in: the passphrase, and a recovery key or the organisation's key.

    At a terminal two groups of the recovery key are typed back before anything is made. Unattended, it goes
    to standard error once, beside a passphrase that came from the same place, for IT to keep; where the
    policy has an escrow key, IT has its own way in and no recovery key is made.
    """
    door = workshop.door(workshop.folders.vault)
    passphrase = given_passphrase(arguments)
    if passphrase is not None and workshop.policy.escrow_public_key:
        return door.create(passphrase)
    key = new_recovery_key()
    if passphrase is None:
        passphrase = _ask_new()
        tell_recovery_key(key, "The recovery key, shown only now. Write it down, away from this computer:")
        _have_typed_back(key)
        return door.create(passphrase, key)
    store = door.create(passphrase, key)
    tell_recovery_key(key, "scribe: recovery key of the new vault, shown only now (keep it elsewhere):")
    return store


def tell_recovery_key(key: RecoveryKey, words: str) -> None:
    """On standard error: it is no part of what a command answers."""
    print(f"{words} {key}", file=sys.stderr, flush=True)


def _have_typed_back(key: RecoveryKey) -> None:
    for place in sorted(secrets.SystemRandom().sample(range(GROUPS), 2)):
        if not same_group(_ask(f"Type group {place + 1} from your paper: "), key.groups[place]):
            raise UsageError(
                f"That is not group {place + 1}.", "No vault was made.", "Try again; there will be a new key."
            )


def given_secret(arguments: Namespace, prompt: str = "Passphrase of the vault: ") -> Secret:
    """What is to open the vault: the organisation's key, the recovery key, or the passphrase; asked for at a
    terminal. None, the keychain, where nothing is given.

    Raises:
        UsageError: a file or a file descriptor that cannot be read.
        MistypedKeyError: which group of the recovery key.
    """
    if getattr(arguments, "escrow_key", None) is not None:
        try:
            return EscrowKey(arguments.escrow_key.read_bytes())
        except OSError as error:
            raise UsageError(
                f"The key file cannot be read: {error.strerror}.", "Nothing was done.", "Check its name."
            ) from error
    if getattr(arguments, "recovery_key_fd", None) is not None:
        return read_recovery_key(read_line(arguments.recovery_key_fd))
    passphrase = given_passphrase(arguments)
    return _ask(prompt) if passphrase is None and sys.stdin.isatty() else passphrase


def new_passphrase(arguments: Namespace) -> str:
    """From --new-passphrase-fd, or asked twice at a terminal. Raises UsageError."""
    descriptor = getattr(arguments, "new_passphrase_fd", None)
    if descriptor is not None:
        return read_line(descriptor)
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no new passphrase.", "Nothing was changed.", "Give it by --new-passphrase-fd N."
        )
    first = _ask("New passphrase (8 characters or more): ")
    if first != _ask("The same again: "):
        raise UsageError("The two passphrases differ.", "Nothing was changed.", "Try again.")
    return first


def _tell_interrupted(application: Application) -> None:
    """Name what a crash or a power cut left unfinished; the window brings it back by itself."""
    for consultation in application.store.consultations():
        if consultation.state in UNFINISHED:
            print(
                f"scribe: consultation {consultation.id} was interrupted; what was recorded is kept. "
                f"To finish it: scribe draft {consultation.id}",
                file=sys.stderr,
                flush=True,
            )


def _open(door: VaultDoor, passphrase: str | None) -> ConsultationStore:
    if passphrase is not None or not sys.stdin.isatty():
        return door.open(passphrase)
    try:
        return door.open(None)
    except (VaultInUseError, SchemaTooNewError):
        raise  # no passphrase would help
    except StorageError:
        return door.open(_ask("Passphrase of the vault: "))


def _ask(prompt: str) -> str:
    try:
        return getpass.getpass(prompt)
    except EOFError as error:
        raise UsageError("No passphrase was typed.", "Nothing was done.") from error


def _ask_new() -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no vault yet, and no passphrase to make one with.",
            "Nothing was recorded.",
            f"Set {VARIABLE}, use --passphrase-fd, or run the command in a terminal.",
        )
    first = _ask("Choose a passphrase for the new vault (8 characters or more): ")
    if first != _ask("The same again: "):
        raise UsageError("The two passphrases differ.", "No vault was made.", "Try again.")
    return first
