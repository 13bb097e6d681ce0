"""Write sizes and SHA-256 hashes of the models that come with the program into models/manifest.toml.

Run it after a bundled model was made anew:

    .venv/bin/python packaging/hash_models.py            # write
    .venv/bin/python packaging/hash_models.py --check    # only tell whether something differs (exit status 1)

Models marked `bundled` get one entry per file in models/<id>/; models with a `package` get the listed files
hashed where that Python package lies. Everything else in the manifest, comments too, stays as it is.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

MANIFEST = Path(__file__).resolve().parent.parent / "models" / "manifest.toml"
NOT_WEIGHTS = {".md", ".part", ".py"}


def refreshed(text: str, models: Path) -> str:
    """The manifest's text with the file entries of bundled models made anew.

    Raises:
        SystemExit: the manifest is broken, or a bundled model has no files.
    """
    try:
        known = {model["id"]: model for model in tomllib.loads(text)["model"]}
    except (tomllib.TOMLDecodeError, KeyError) as error:
        raise SystemExit(f"the manifest cannot be read: {error}") from error
    blocks = re.split(r"(?m)^(?=\[\[model\]\]\s*$)", text)
    return "".join(_refreshed_block(block, known, models) for block in blocks)


def _refreshed_block(block: str, known: dict[str, Any], models: Path) -> str:
    named = re.search(r'(?m)^id\s*=\s*"([^"]+)"', block)
    if not block.startswith("[[model]]") or named is None:
        return block
    model = known[named[1]]
    files = _files(model, models)
    if files is None:
        return block
    # A comment line after the last entry introduces the next part of the manifest.
    after = re.search(r"(?m)^#", block)
    body, tail = (block[: after.start()], block[after.start() :]) if after else (block, "")
    head = re.split(r"(?m)^\[\[model\.file\]\]\s*$", body)[0].rstrip("\n")
    entries = "".join(_entry(root / path, path) for root, path in files)
    return f"{head}\n{entries}\n{tail}"


def _files(model: dict[str, Any], models: Path) -> list[tuple[Path, str]] | None:
    if model.get("bundled"):
        folder = models / model["id"]
        found = sorted(
            file for file in folder.rglob("*") if file.is_file() and file.suffix not in NOT_WEIGHTS
        )
        if not found:
            raise SystemExit(f"the bundled model {model['id']} has no files in {folder}")
        return [(folder, file.relative_to(folder).as_posix()) for file in found]
    if "package" in model:
        found_package = importlib.util.find_spec(model["package"])  # does not import it
        if found_package is None or not found_package.submodule_search_locations:
            print(
                f"{model['id']}: the package {model['package']} is not installed; left as it is",
                file=sys.stderr,
            )
            return None
        folder = Path(found_package.submodule_search_locations[0])
        return [(folder, entry["path"]) for entry in model["file"]]
    return None


def _entry(file: Path, path: str) -> str:
    with file.open("rb") as stream:
        digest = hashlib.file_digest(stream, "sha256").hexdigest()
    return f'\n[[model.file]]\npath = "{path}"\nsize = {file.stat().st_size}\nsha256 = "{digest}"\n'


def main() -> int:
    """Write or check the manifest. Returns the exit status."""
    parser = argparse.ArgumentParser(
        description="Write sizes and hashes of bundled models into the manifest."
    )
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when something differs")
    parser.add_argument("--manifest", type=Path, default=MANIFEST, help=argparse.SUPPRESS)
    options = parser.parse_args()
    before = options.manifest.read_text(encoding="utf-8")
    after = refreshed(before, options.manifest.parent)
    if after == before:
        print("The manifest is up to date.")
        return 0
    if options.check:
        print("The manifest is not up to date: run packaging/hash_models.py.", file=sys.stderr)
        return 1
    part = options.manifest.with_suffix(".part")
    part.write_text(after, encoding="utf-8")
    part.replace(options.manifest)
    print(f"Wrote {options.manifest}.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
