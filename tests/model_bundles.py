"""Small signed bundles of a model that is a few hundred bytes."""

from __future__ import annotations

import base64
import hashlib
import json
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from scribe_app.adapters.models import BundleImporter, ManifestModels, Trust
from scribe_app.adapters.models.bundles import DOCUMENT, SIGNATURE, SIGNED_AS
from scribe_app.adapters.models.trust import fingerprint

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
PUBLIC = KEY.public_key().public_bytes_raw()
FILES = {"model.bin": b"weights" * 100, "config.json": b"{}", "LICENCE.txt": b"Do with it as you like.\n"}
AT = datetime(2026, 11, 27, 12, tzinfo=UTC)


def listed(files: dict[str, bytes]) -> list[dict[str, Any]]:
    return [
        {"path": path, "size": len(content), "sha256": hashlib.sha256(content).hexdigest()}
        for path, content in files.items()
    ]


def document(serial: int = 5, files: dict[str, bytes] | None = None, **more: Any) -> dict[str, Any]:
    model = {
        "id": "ward-whisper", "name": "Ward Whisper", "task": "speech", "languages": ["en"], "licence": "MIT",
        "rank": 50, "file": listed(files or FILES),
    }  # fmt: skip
    return {
        "format": 1, "serial": serial, "made_at": AT.isoformat(), "made_by": "St Elsewhere IT",
        "signer": fingerprint(PUBLIC), "licence_file": "LICENCE.txt", "model": model, **more,
    }  # fmt: skip


def signed(value: Any, key: Ed25519PrivateKey = KEY) -> dict[str, bytes]:
    """bundle.json and bundle.sig."""
    text = json.dumps(value).encode()
    return {DOCUMENT: text, SIGNATURE: base64.b64encode(key.sign(SIGNED_AS + text)) + b"\n"}


def parts(serial: int = 5, **changed: bytes) -> dict[str, bytes]:
    """Everything in a bundle, by name."""
    return {**signed(document(serial)), **FILES, **changed}


def as_folder(folder: Path, content: dict[str, bytes]) -> Path:
    for path, raw in content.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(raw)
    return folder


def as_zip(file: Path, content: dict[str, bytes], compression: int = zipfile.ZIP_STORED) -> Path:
    with zipfile.ZipFile(file, "w", compression) as archive:
        for path, raw in content.items():
            archive.writestr(path, raw)
    return file


def library(folder: Path, *, unsigned: bool = True, keys: tuple[bytes, ...] = (PUBLIC,)) -> ManifestModels:
    """A manifest with one model whose hashes are known and one whose hashes are not."""
    known = f'size = {len(FILES["model.bin"])}\nsha256 = "{hashlib.sha256(FILES["model.bin"]).hexdigest()}"\n'
    rows = "".join(
        f'[[model]]\nid = "{id}"\nname = "{id}"\ntask = "speech"\nlanguages = ["en"]\nlicence = "MIT"\n'
        f'rank = 1\n[[model.file]]\npath = "model.bin"\n{file}'
        for id, file in (("known", known), ("unknown", 'size = 0\nsha256 = ""\n'))
    )
    manifest = folder / "manifest.toml"
    manifest.write_text("format = 1\n" + rows, encoding="utf-8")
    return ManifestModels(
        manifest,
        [folder / "machine", folder / "user"],
        lambda id: id != "forbidden",
        Trust(keys, unsigned),
        folder / "notes.json",
    )


def importer(folder: Path, models: ManifestModels | None = None) -> BundleImporter:
    return BundleImporter(models or library(folder), folder / "machine", "nurse (ward)", lambda: AT)
