"""How the command line gets at the vault's passphrase: never as an argument that others can see."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

from scribe_app.errors import StorageError, UsageError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Application, VaultDoor, Workshop
from scribe_app.services.consultations import UNFINISHED

VARIABLE = "SCRIBE_PASSPHRASE"
MAX_PASSPHRASE_BYTES = 4096


def given_passphrase(arguments: Namespace) -> str | None:
    """From --passphrase-fd or SCRIBE_PASSPHRASE; None when neither is there.

    Raises:
        UsageError: the file descriptor cannot be read.
    """
    descriptor = getattr(arguments, "passphrase_fd", None)
    if descriptor is not None:
        try:
            return os.read(descriptor, MAX_PASSPHRASE_BYTES).decode().rstrip("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise UsageError(
                f"The passphrase cannot be read from file descriptor {descriptor}.", "Nothing was done."
            ) from error
    return os.environ.get(VARIABLE)


@contextmanager
def opened(workshop: Workshop, arguments: Namespace) -> Iterator[Application]:
    """The clinician's vault, opened, or made on first use; closed again at the end."""
    door = workshop.door(workshop.folders.vault)
    passphrase = given_passphrase(arguments)
    if door.exists():
        store = _open(door, passphrase)
    else:
        store = door.create(passphrase if passphrase is not None else _ask_new())
    application = workshop.build(store, workshop.folders)
    try:
        _tell_interrupted(application)
        yield application
    finally:
        application.close()


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
    except StorageError:
        return door.open(getpass.getpass("Passphrase of the vault: "))


def _ask_new() -> str:
    if not sys.stdin.isatty():
        raise UsageError(
            "There is no vault yet, and no passphrase to make one with.",
            "Nothing was recorded.",
            f"Set {VARIABLE}, use --passphrase-fd, or run the command in a terminal.",
        )
    first = getpass.getpass("Choose a passphrase for the new vault (8 characters or more): ")
    if first != getpass.getpass("The same again: "):
        raise UsageError("The two passphrases differ.", "No vault was made.", "Try again.")
    return first
