"""Make, sign and check bundles of models, and sign the manifest of a release.

    python packaging/model_bundle.py key KEY.pem                      # once, on a computer that stays offline
    python packaging/model_bundle.py make FOLDER --id ID --key KEY.pem [--output FILE] [--licence FILE]
    python packaging/model_bundle.py check FILE --public-key BASE64
    python packaging/model_bundle.py sign-release FOLDER --key KEY.pem # the models/ folder of a release

`key` prints the line for the policy (model_keys) of the computers that shall trust it. The passphrase of a
key is read from SCRIBE_KEY_PASSPHRASE, or asked for; an empty one leaves the key unprotected.

A bundle's number is the time it was made, so that a newer one has a higher number; --serial gives another.
What the program knows of the model is taken from models/manifest.toml, or from --model FILE (TOML, one row as
there) for a model that is not in it.
"""

from __future__ import annotations

import argparse
import base64
import getpass
import hashlib
import json
import os
import sys
import tomllib
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey  # noqa: E402
from cryptography.hazmat.primitives.serialization import (  # noqa: E402
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from scribe_app.adapters.models.bundles import (  # noqa: E402
    DOCUMENT,
    FORMAT,
    OWN_NAMES,
    SIGNATURE,
    SIGNED_AS,
    SUFFIX,
    read_bundle,
)
from scribe_app.adapters.models.trust import (  # noqa: E402
    MANIFEST_SIGNATURE,
    MANIFEST_SIGNED_AS,
    RELEASE_KEYS,
    Trust,
    fingerprint,
    read_key,
)
from scribe_app.adapters.zips import open_zip  # noqa: E402
from scribe_app.domain.portable_paths import is_portable  # noqa: E402
from scribe_app.errors import ScribeError  # noqa: E402

PASSPHRASE = "SCRIBE_KEY_PASSPHRASE"  # noqa: S105 - the name of a variable
MANIFEST = HERE.parent / "models" / "manifest.toml"
LEFT_OUT = (".DS_Store", "Thumbs.db", "desktop.ini")
FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The same files make the same archive."""


def make_key(file: Path) -> str:
    """Write a new private key, readable by its owner only; its public half in base64."""
    key = Ed25519PrivateKey.generate()
    words = _passphrase("Passphrase for the new key (empty: none): ")
    how = BestAvailableEncryption(words) if words else NoEncryption()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how)
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(pem)
    return base64.b64encode(key.public_key().public_bytes_raw()).decode()


def read_private_key(file: Path) -> Ed25519PrivateKey:
    """Raises SystemExit when it is none."""
    pem = file.read_bytes()
    words = _passphrase(f"Passphrase of {file.name}: ") if b"ENCRYPTED" in pem else None
    try:
        key = load_pem_private_key(pem, words)
    except (ValueError, TypeError) as error:
        raise SystemExit(f"{file} cannot be opened: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise SystemExit(f"{file} is no Ed25519 key; `model_bundle.py key` makes one")
    return key


def document_of(
    row: dict[str, Any], files: list[dict[str, Any]], key: Ed25519PrivateKey, **more: Any
) -> bytes:
    """bundle.json: the row with the files' sizes and hashes."""
    kept = {name: value for name, value in row.items() if name not in ("file", "bundled", "package")}
    signer = fingerprint(key.public_key().public_bytes_raw())
    document = {"format": FORMAT, **more, "signer": signer, "model": {**kept, "file": files}}
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False).encode() + b"\n"


def make(options: argparse.Namespace) -> int:
    """One signed archive out of a model's folder."""
    row, key = _row(options), read_private_key(options.key)
    paths = _paths(options.folder)
    contents = {path: options.folder / path for path in paths}
    licence = ""
    if options.licence is not None:
        licence = "LICENCE.txt"
        contents[licence] = options.licence
    files = [_listed(path, file) for path, file in sorted(contents.items())]
    missing = {file["path"] for file in row.get("file", [])} - set(contents)
    if missing:
        raise SystemExit(f"{options.folder} lacks {', '.join(sorted(missing))}")
    now = datetime.now(UTC)
    document = document_of(
        row, files, key,
        serial=options.serial or int(now.strftime("%Y%m%d%H%M%S")),
        made_at=now.isoformat(timespec="seconds"), made_by=options.made_by, licence_file=licence,
    )  # fmt: skip
    signature = base64.b64encode(key.sign(SIGNED_AS + document)) + b"\n"
    trust = Trust((key.public_key().public_bytes_raw(),))
    bundle = read_bundle("The bundle", document, signature, trust)  # what the program would say to it
    output = options.output or Path(f"{bundle.model.id}{SUFFIX}")
    part = output.with_name(output.name + ".part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_STORED) as archive:
        for name, content in ((DOCUMENT, document), (SIGNATURE, signature)):
            archive.writestr(zipfile.ZipInfo(name, FIXED_TIME), content)
        for path, file in sorted(contents.items()):
            member = zipfile.ZipInfo(path, FIXED_TIME)
            member.file_size = file.stat().st_size
            with file.open("rb") as source, archive.open(member, "w") as target:
                while piece := source.read(1 << 20):
                    target.write(piece)
    part.replace(output)
    print(f"{output}: {bundle.model.id}, number {bundle.serial}, signed by {bundle.signer}")
    return 0


def check(options: argparse.Namespace) -> int:
    """Whether a bundle is whole and signed with this key."""
    with options.bundle.open("rb") as stream, open_zip(stream) as archive:
        document, signature = archive.read(DOCUMENT), archive.read(SIGNATURE)
        bundle = read_bundle(options.bundle.name, document, signature, Trust((read_key(options.public_key),)))
        for file in bundle.model.files:
            with archive.open(file.path) as content:
                if hashlib.file_digest(content, "sha256").hexdigest() != file.sha256:  # type: ignore[arg-type]
                    raise SystemExit(f"{file.path} is not what the list says")
    print(f"{bundle.model.id}, number {bundle.serial}: whole, signed by {bundle.signer}")
    return 0


def sign_release(options: argparse.Namespace) -> int:
    """Sign the manifest of a release, and name the key beside it: from then on it must not change.

    For the folder that is shipped, never for a working tree: there the manifest changes with every model.
    """
    key = read_private_key(options.key)
    content = (options.folder / "manifest.toml").read_bytes()
    signature = base64.b64encode(key.sign(MANIFEST_SIGNED_AS + content)) + b"\n"
    (options.folder / MANIFEST_SIGNATURE).write_bytes(signature)
    public = base64.b64encode(key.public_key().public_bytes_raw()).decode()
    (options.folder / RELEASE_KEYS).write_text(public + "\n", encoding="utf-8")
    print(f"signed {options.folder / 'manifest.toml'}")
    return 0


def _row(options: argparse.Namespace) -> dict[str, Any]:
    if options.model is not None:
        row: dict[str, Any] = tomllib.loads(options.model.read_text(encoding="utf-8"))
        return row
    rows = tomllib.loads(MANIFEST.read_text(encoding="utf-8"))["model"]
    found: dict[str, Any] | None = next((row for row in rows if row["id"] == options.id), None)
    if found is None:
        raise SystemExit(f"{MANIFEST} has no model {options.id}; describe it in a file and give --model FILE")
    return found


def _paths(folder: Path) -> list[str]:
    """Every file below a folder, with forward slashes. Raises SystemExit for one that cannot travel."""
    found = [file for file in sorted(folder.rglob("*")) if file.is_file() and file.name not in LEFT_OUT]
    paths = [file.relative_to(folder).as_posix() for file in found]
    paths = [path for path in paths if path not in OWN_NAMES]
    for path in paths:
        if not is_portable(path):
            raise SystemExit(f"{path!r} cannot be a name in a bundle: letters, figures, . _ + - only")
    if not paths:
        raise SystemExit(f"there is nothing in {folder}")
    return paths


def _listed(path: str, file: Path) -> dict[str, Any]:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return {"path": path, "size": file.stat().st_size, "sha256": digest}


def _passphrase(prompt: str) -> bytes:
    words = os.environ.get(PASSPHRASE)
    return (getpass.getpass(prompt) if words is None else words).encode()


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    verbs = parser.add_subparsers(dest="verb", required=True)
    key = verbs.add_parser("key", help="make a key")
    key.add_argument("file", type=Path)
    making = verbs.add_parser("make", help="make and sign a bundle")
    making.add_argument("folder", type=Path)
    making.add_argument("--id", default="")
    making.add_argument("--model", type=Path, metavar="FILE")
    making.add_argument("--key", type=Path, required=True)
    making.add_argument("--licence", type=Path, metavar="FILE", help="the licence's text, shown at import")
    making.add_argument("--made-by", default="", metavar="NAME", help="who vouches, as it is shown")
    making.add_argument("--serial", type=int, default=0)
    making.add_argument("--output", type=Path)
    checking = verbs.add_parser("check", help="check a bundle")
    checking.add_argument("bundle", type=Path)
    checking.add_argument("--public-key", required=True)
    release = verbs.add_parser("sign-release", help="sign the manifest of a release")
    release.add_argument("folder", type=Path)
    release.add_argument("--key", type=Path, required=True)
    options = parser.parse_args()
    try:
        if options.verb == "key":
            print(f'model_keys = ["{make_key(options.file)}"]')
            return 0
        return {"make": make, "check": check, "sign-release": sign_release}[options.verb](options)
    except (ScribeError, OSError, zipfile.BadZipFile, KeyError, ValueError) as error:
        raise SystemExit(f"model_bundle: {error}") from error


if __name__ == "__main__":
    sys.exit(main())
