"""scribe vault: ways in, backups and restoring, for people and for IT."""

from __future__ import annotations

import getpass
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from scribe_app.cli.output import Output
from scribe_app.cli.unlocking import given_secret, make_vault, new_passphrase
from scribe_app.domain.recovery_key import new_recovery_key
from scribe_app.errors import UsageError
from scribe_app.services.application import Workshop
from scribe_app.services.retention import ASIDE

ACTIONS_HELP = {
    "status": "where it is, its ways in, backups, whether it is in use",
    "create": "make a new vault and print its recovery key",
    "passphrase": "set a new passphrase",
    "recovery-key": "make a new recovery key; the old one stops working",
    "keychain": "on or off: let this computer's keychain open the vault",
    "rotate": "give the vault a new database key and a new recovery key",
    "backup": "make a verified encrypted copy, in FOLDER or where the settings say",
    "restore": "put the backup FILE back; what is there is kept aside",
}


def add_options(verb: ArgumentParser) -> None:
    """The options of scribe vault."""
    verb.add_argument(
        "action", choices=tuple(ACTIONS), help="; ".join(f"{k}: {v}" for k, v in ACTIONS_HELP.items())
    )
    verb.add_argument(
        "what", nargs="?", default="", metavar="FILE|FOLDER|on|off", help="for restore, backup, keychain"
    )
    verb.add_argument(
        "--new-passphrase-fd", type=int, metavar="N", help="read the new passphrase from file descriptor N"
    )
    verb.add_argument(
        "--recovery-key-fd", type=int, metavar="N", help="open with the recovery key from file descriptor N"
    )
    verb.add_argument(
        "--escrow-key", type=Path, metavar="FILE", help="open with the organisation's private key"
    )


def vault(arguments: Namespace, workshop: Workshop) -> int:
    """Do what was asked; nothing is deleted by any of it."""
    document = ACTIONS[arguments.action](arguments, workshop, Output(arguments.json))
    Output(arguments.json).document(document)
    return 0


def _status(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    status = workshop.door(workshop.folders.vault).status()
    output.line(f"Vault      {status.folder}{'' if status.exists else ' (none yet)'}")
    for way in status.ways_in:
        output.line(f"Way in     {way.kind}{', DAMAGED' if way.damaged else ''}{_in_brackets(way.strength)}")
    if status.exists:
        output.line(
            f"Size       {status.bytes_on_disk / 1e6:.1f} MB, {'in use' if status.in_use else 'not in use'}"
        )
    folder = Path(workshop.settings.backup_folder or workshop.folders.data / "backups").expanduser()
    backups = sorted(folder.glob("scribe-*.scribevault"), reverse=True) if folder.exists() else []
    for backup in backups:
        output.line(f"Backup     {backup}")
    if status.warning:
        output.line(f"Warning    {status.warning}")
    return {
        "folder": str(status.folder),
        "exists": status.exists,
        "ways_in": [{"kind": w.kind, "damaged": w.damaged, "strength": w.strength} for w in status.ways_in],
        "bytes": status.bytes_on_disk,
        "in_use": status.in_use,
        "backups": [str(backup) for backup in backups],
        "warning": status.warning,
    }


def _create(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    make_vault(workshop, arguments).close()
    return _status(arguments, workshop, output)


def _passphrase(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    secret = given_secret(arguments)
    new = new_passphrase(arguments)
    workshop.door(workshop.folders.vault).change_passphrase(secret, new)
    output.line("The passphrase is changed. The recovery key stays as it is.")
    return {"changed": "passphrase"}


def _recovery_key(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    secret, key = given_secret(arguments), new_recovery_key()
    workshop.door(workshop.folders.vault).renew_recovery_key(secret, key)
    output.line("The recovery key is changed; the old one no longer opens the vault. The new one:")
    output.line(str(key))
    return {"changed": "recovery-key", "recovery_key": str(key)}


def _keychain(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    if arguments.what not in ("on", "off"):
        raise UsageError("Say whether the keychain may open the vault: on or off.", "Nothing was changed.")
    workshop.door(workshop.folders.vault).use_keychain(given_secret(arguments), arguments.what == "on")
    output.line(f"The keychain is {arguments.what} for this vault.")
    return {"keychain": arguments.what}


def _rotate(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    secret, key = given_secret(arguments), new_recovery_key()
    if not isinstance(secret, str):
        raise UsageError(
            "Rotation needs the passphrase: both ways in are wrapped anew.",
            "Nothing was changed.",
            "Set a passphrase first: scribe vault passphrase.",
        )
    workshop.door(workshop.folders.vault).rotate(secret, key)
    output.line("The database has a new key, on a verified copy. The new recovery key:")
    output.line(str(key))
    return {"changed": "database-key", "recovery_key": str(key)}


def _backup(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    store = workshop.door(workshop.folders.vault).open(given_secret(arguments))
    try:
        application = workshop.build(store, workshop.folders)
        assert application.backups is not None
        made = application.backups.make(Path(arguments.what).expanduser() if arguments.what else None)
        application.close()
    finally:
        store.close()
    output.line(
        f"{made.file} ({made.bytes / 1e6:.1f} MB, {made.consultations} consultations, {made.seconds} s)"
    )
    return {
        "file": str(made.file),
        "bytes": made.bytes,
        "consultations": made.consultations,
        "seconds": made.seconds,
    }


def _restore(arguments: Namespace, workshop: Workshop, output: Output) -> dict[str, Any]:
    if not arguments.what:
        raise UsageError(
            "Say which backup file to restore.", "Nothing was changed.", "See scribe vault status."
        )
    secret = given_secret(arguments, "Passphrase of the backup: ")
    door = workshop.door(workshop.folders.vault)
    done = door.restore(Path(arguments.what).expanduser(), secret, datetime.now(UTC), _user())
    output.line(f"Restored {done.consultations} consultations of {done.made_at:%d %B %Y, %H:%M} UTC.")
    if done.erased_again:
        output.line(f"{done.erased_again} that had been deleted since were deleted again.")
    if done.kept_aside is not None:
        output.line(
            f"What was there before is kept in {done.kept_aside} for {ASIDE.days} days. "
            "What is erased from now on is erased there too."
        )
    return {
        "consultations": done.consultations,
        "made_at": done.made_at.isoformat(),
        "erased_again": done.erased_again,
        "kept_aside": str(done.kept_aside) if done.kept_aside else None,
    }


def _user() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        return "unknown"


def _in_brackets(text: str) -> str:
    return f" ({text})" if text else ""


ACTIONS: dict[str, Callable[[Namespace, Workshop, Output], dict[str, Any]]] = {
    "status": _status,
    "slots": _status,
    "create": _create,
    "passphrase": _passphrase,
    "recovery-key": _recovery_key,
    "keychain": _keychain,
    "rotate": _rotate,
    "backup": _backup,
    "restore": _restore,
}
