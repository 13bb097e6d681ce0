"""How the command line gets at the vault's passphrase: never as an argument that others can see."""

from __future__ import annotations

import getpass
import os
import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager

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
        given = os.environ.get(VARIABLE) if descriptor is None else _read_line(descriptor)
        arguments.passphrase = given or None
    passphrase: str | None = arguments.passphrase
    return passphrase


def _read_line(descriptor: int) -> str:
    """The first line; a pipe may hand it over in pieces."""
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
    if door.exists():
        store = _open(door, passphrase)
    else:
        store = door.create(passphrase if passphrase is not None else _ask_new())
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
