"""Fetch the files of one model on an administrator's computer with a network. No part of the program itself.

    python packaging/fetch_model.py ID --to FOLDER [--source URL] [--ca FILE] [--list]

Scribe opens no connection; this script, which needs nothing but Python, does, when an administrator runs it.
It takes addresses, sizes and hashes from models/manifest.toml, goes on where it was cut off, and refuses a
page that a proxy hands out in a model's place. Where the manifest knows no hash it prints the one that it
found: compare it with the maker's. Then make a bundle (model_bundle.py), or carry the folder to a clinician's
computer and run `scribe models import FOLDER`. Proxies are taken from https_proxy; --ca names a certificate
of your own proxy.
"""

from __future__ import annotations

import argparse
import hashlib
import ssl
import sys
import time
import tomllib
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).resolve().parent.parent / "models" / "manifest.toml"
PIECE = 1 << 20
TELL_SECONDS = 2.0
PATIENCE = 60
LOCAL = ("127.0.0.1", "localhost")


def fetch(url: str, target: Path, size: int, sha256: str, context: ssl.SSLContext) -> str:
    """One file, whole or not at all; what was cut off is taken up again. Returns its SHA-256.

    Raises:
        SystemExit: it cannot be had, or is not what the manifest says.
    """
    if target.exists() and (not size or target.stat().st_size == size):
        digest = _sha256(target)
        if digest == sha256 or not sha256:
            print(f"{target.name}: is there already")
            return digest
    part = target.with_name(target.name + ".part")
    begin = part.stat().st_size if part.exists() else 0
    request = urllib.request.Request(url, headers={"Range": f"bytes={begin}-"} if begin else {})  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE, context=context) as answer:  # noqa: S310
            _require_file(answer, target.name)
            goes_on = begin and answer.status == 206
            with part.open("ab" if goes_on else "wb") as stream:
                _copy(answer, stream, begin if goes_on else 0, size)
    except urllib.error.HTTPError as error:
        if error.code != 416:  # 416: the part is all of it
            raise SystemExit(f"{url}: {error}") from error
    except OSError as error:
        raise SystemExit(f"{url}: {error}; run it again to go on") from error
    digest = _sha256(part)
    if (size and part.stat().st_size != size) or (sha256 and digest != sha256):
        found = part.stat().st_size
        part.unlink()
        raise SystemExit(f"{target.name} is not what the manifest says: {found:,} bytes, SHA-256 {digest}")
    part.replace(target)
    return digest


def _require_file(answer: Any, name: str) -> None:
    kind = answer.headers.get_content_type()
    if kind == "text/html":
        raise SystemExit(f"a page came in the place of {name}: a proxy or a login stands in between")


def _copy(answer: Any, stream: Any, done: int, size: int) -> None:
    told = time.monotonic()
    while piece := answer.read(PIECE):
        stream.write(piece)
        done += len(piece)
        if size and done > size:
            raise SystemExit("more comes than the manifest says")
        if time.monotonic() - told > TELL_SECONDS:
            told = time.monotonic()
            print(f"  {done / 1e6:,.0f} MB" + (f" of {size / 1e6:,.0f}" if size else ""), flush=True)


def _sha256(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _require_safe(source: str) -> None:
    parts = urllib.parse.urlsplit(source)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOCAL):
        raise SystemExit(f"{source or 'the source'} does not begin with https://")


def main() -> int:
    """Returns the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("id")
    parser.add_argument("--to", type=Path, required=True, metavar="FOLDER")
    parser.add_argument(
        "--source", default="", metavar="URL", help="folder of the files, in place of the manifest's"
    )
    parser.add_argument("--ca", type=Path, metavar="FILE", help="certificates to trust besides the system's")
    parser.add_argument("--list", action="store_true", help="only say what would be fetched")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help=argparse.SUPPRESS)
    options = parser.parse_args()
    rows = tomllib.loads(options.manifest.read_text(encoding="utf-8"))["model"]
    row = next((row for row in rows if row["id"] == options.id), None)
    if row is None:
        raise SystemExit(f"{options.manifest} has no model {options.id}")
    source = (options.source or row.get("source", "")).rstrip("/")
    _require_safe(source)
    print(f"{row['name']}: {row['licence']}")
    context = ssl.create_default_context(cafile=str(options.ca) if options.ca else None)
    for file in row["file"]:
        url = f"{source}/{urllib.parse.quote(file['path'])}"
        if options.list:
            print(f"{url}  {file['size'] or 'size not known'}  {file['sha256'] or 'hash not known'}")
            continue
        target = options.to / file["path"]
        target.parent.mkdir(parents=True, exist_ok=True)
        digest = fetch(url, target, file["size"], file["sha256"], context)
        known = (
            "as the manifest says" if file["sha256"] else "NOT in the manifest: compare it with the maker's"
        )
        print(f"{file['path']}  SHA-256 {digest}, {known}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
