"""Writes what ships as a software bill of materials (CycloneDX 1.5, JSON).

    python packaging/sbom.py [FILE]               standard output without FILE

Run with the Python whose packages ship. Packages, versions and hashes come from packaging/locks/runtime.txt
(a package has one hash for each file that may be installed of it), licences from the packages installed here,
models from models/manifest.toml. Libraries that wheels bring along without saying so are looked for in the
installed files. The same lock on the same machine gives the same bytes: a time stands in it only where
SOURCE_DATE_EPOCH is set.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import re
import sys
import tomllib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "packaging" / "locks" / "runtime.txt"
MANIFEST = ROOT / "models" / "manifest.toml"
Json = dict[str, Any]

LOCKED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)(?: ; (.+?))?(?: \\)?$")
SPDX = re.compile(r"(?!(?:BSD|Apache|L?GPL)$)[A-Za-z0-9.+-]+(?: (?:AND|OR|WITH) [A-Za-z0-9.+-]+)*$")
SYSTEM_FOLDERS = ("/usr/lib/*", "/usr/lib64", "/usr/lib")
VENDORED = re.compile(
    r"\.libs/(?:lib)?([A-Za-z0-9_+]+?)_?-[0-9a-f-]{8,}[.\w]*?\.(?:so|dll|dylib)(?:\.([\d.]+))?$"
)
"""Libraries that auditwheel and delvewheel put beside a package, with a digest in their names."""


@dataclass(frozen=True)
class Native:
    """A library inside an installed file, and how its version can be told."""

    package: str
    name: str
    licence: str
    file: str
    """Pattern of the file's path."""
    version: bytes = b""
    """Pattern in the file's bytes; empty takes the numbers in its name."""
    system: str = ""
    """Where the package brings none: the file's name among the system's libraries."""


SQLCIPHER = r"sqlcipher3/_sqlite3\.[\w.-]+$"
SNDFILE = r"_soundfile_data/libsndfile[\w.]*$"
LLAMA = r"llama_cpp/lib/(?:lib)?{}\.(?:so|dylib|dll|\d)[\w.]*$"
NATIVES = (
    Native("sqlcipher3", "SQLite", "blessing", SQLCIPHER, rb"\0[\x01-\x1f]?(3\.[3-9]\d\.\d+)\0"),
    Native("sqlcipher3", "SQLCipher", "BSD-3-Clause", SQLCIPHER, rb"\0(4\.\d+\.\d+)(?: |\0)"),
    Native("sqlcipher3", "OpenSSL", "Apache-2.0", SQLCIPHER, rb"OpenSSL (\d+\.\d+\.\d+) "),
    Native("cryptography", "OpenSSL", "Apache-2.0", r"bindings/_rust\.[\w.]+$", rb"OpenSSL (\d+\.\d+\.\d+) "),
    Native("llama-cpp-python", "llama.cpp", "MIT", LLAMA.format("llama")),
    Native("llama-cpp-python", "ggml", "MIT", LLAMA.format("ggml")),
    Native(
        "sounddevice", "PortAudio", "MIT", r"_sounddevice_data/.*libportaudio[\w.]*$",
        rb"PortAudio V(\d+\.\d+\.\d+)", "libportaudio.so.2",
    ),
    Native("soundfile", "libsndfile", "LGPL-2.1-or-later", SNDFILE, rb"libsndfile-(\d+\.\d+\.\d+)"),
    Native("soundfile", "FLAC", "BSD-3-Clause", SNDFILE, rb"libFLAC (\d+\.\d+\.\d+)"),
    Native("soundfile", "Opus", "BSD-3-Clause", SNDFILE, rb"libopus (\d+\.\d+(?:\.\d+)?)"),
    Native("soundfile", "Vorbis", "BSD-3-Clause", SNDFILE, rb"Xiph\.Org libVorbis (\d+\.\d+\.\d+)"),
    Native("soundfile", "LAME", "LGPL-2.0-or-later", SNDFILE, rb"LAME(\d+\.\d+)"),
    Native(
        "pyside6-essentials", "Qt", "LGPL-3.0-only OR GPL-2.0-only OR GPL-3.0-only",
        r"(?:libQt6Core\.so[\d.]*|Qt6Core\.dll|QtCore\.framework/Versions/A/QtCore)$",
        rb"Qt (\d+\.\d+\.\d+) \(",
    ),
    Native("onnxruntime", "ONNX Runtime", "MIT", r"capi/(?:lib)?onnxruntime\.(?:so|dylib|dll|\d)[\w.]*$"),
    Native("ctranslate2", "CTranslate2", "MIT", r"/(?:lib)?ctranslate2[\w-]*\.(?:so|dylib|dll|\d)[\w.]*$"),
)  # fmt: skip


@dataclass
class Locked:
    """A package of the lock."""

    name: str
    version: str
    marker: str
    hashes: list[str]
    wanted_by: list[str]

    @property
    def purl(self) -> str:
        """Its package address, which names no registry's host."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_lock(text: str) -> list[Locked]:
    """The packages of a lock as uv writes it."""
    packages: list[Locked] = []
    for line in text.splitlines():
        if found := LOCKED.match(line):
            name = re.sub(r"[-_.]+", "-", found[1]).lower()
            packages.append(Locked(name, found[2], found[3] or "", [], []))
        elif found := re.match(r"\s+--hash=sha256:([0-9a-f]{64})", line):
            packages[-1].hashes.append(found[1])
        elif packages and (found := re.match(r"\s+#(?: via)?\s+([A-Za-z0-9._-]+)", line)):
            packages[-1].wanted_by.append(found[1])
    return packages


def installed(package: Locked) -> metadata.Distribution | None:
    """The package as it is installed here, where it is and in this version."""
    try:
        distribution = metadata.distribution(package.name)
    except metadata.PackageNotFoundError:
        return None
    return distribution if distribution.version == package.version else None


def licences(expression: str, otherwise: Iterable[str] = ()) -> list[Json]:
    """A licence as CycloneDX has it: an SPDX expression, else the first name that says anything."""
    if SPDX.match(expression):
        return [{"expression": expression}]
    for text in (expression, *otherwise):
        name = text.strip().split("\n")[0].split(" :: ")[-1][:120].strip()
        if name and "://" not in name and name.upper() != "UNKNOWN":
            return [{"license": {"name": name}}]
    return []


def licences_of(distribution: metadata.Distribution | None) -> list[Json]:
    """What a package's own metadata says of its licence."""
    if distribution is None:
        return []
    message = distribution.metadata
    classified = [text for text in message.get_all("Classifier") or [] if text.startswith("License ::")]
    stated = message.get_all("License-Expression") or message.get_all("License") or [""]
    return licences(str(stated[0]), classified)


def component(kind: str, name: str, version: str, **more: Any) -> Json:
    """A component without the fields that are empty."""
    return {"type": kind, "name": name} | {
        key.replace("_", "-"): value for key, value in {"version": version, **more}.items() if value
    }


def sha256s(hashes: Iterable[str]) -> list[Json]:
    """Hashes as CycloneDX has them, sorted."""
    return [{"alg": "SHA-256", "content": content} for content in sorted(set(hashes))]


def properties(**values: str | None) -> list[Json]:
    """What has no field of its own, without what is empty."""
    return [{"name": f"scribe:{name}", "value": value} for name, value in sorted(values.items()) if value]


def package_component(package: Locked) -> Json:
    """A package of the lock."""
    distribution = installed(package)
    return component(
        "library", package.name, package.version, bom_ref=package.purl, purl=package.purl,
        hashes=sha256s(package.hashes), licenses=licences_of(distribution),
        properties=properties(only_where=package.marker, installed_here=None if distribution else "no"),
    )  # fmt: skip


def natives_of(package: Locked) -> Iterator[Json]:
    """The libraries that can be told inside an installed package, or that it takes from the system."""
    distribution = installed(package)
    if distribution is None:
        return
    files = {
        str(file).replace("\\", "/"): Path(str(distribution.locate_file(file)))
        for file in distribution.files or ()
    }
    files = {name: path for name, path in sorted(files.items()) if path.is_file()}
    known = set()
    for native in (native for native in NATIVES if native.package == package.name):
        found = [(name, path) for name, path in files.items() if re.search(native.file, name)]
        if found:
            name, path = max(found, key=lambda pair: len(pair[0]))
            known.add(name)
            yield native_component(native, package, name, path)
        elif shared := in_system(native.system):
            yield native_component(native, package, f"{shared.name} (of the operating system)", shared)
    for name, path in files.items():
        if name not in known and (vendored := VENDORED.search(name)):
            yield vendored_component(vendored, package, name, path)


def in_system(file: str) -> Path | None:
    """A library of the operating system (Linux)."""
    folders = SYSTEM_FOLDERS if file and sys.platform == "linux" else ()
    found = (path for folder in folders for path in sorted(Path("/").glob(f"{folder[1:]}/{file}")))
    return next(found, None)


def native_component(native: Native, package: Locked, file: str, path: Path) -> Json:
    """A library whose name is known."""
    content = path.read_bytes()
    if native.version:
        told = re.search(native.version, content)
        version = told[1].decode() if told else ""
    else:
        numbers = re.search(r"\d+\.\d+\.\d+", path.name)
        version = numbers[0] if numbers else ""
    name = native.name.lower().replace(" ", "-")
    return component(
        "library", native.name, version, bom_ref=f"{package.purl}#{name}",
        purl=f"pkg:generic/{name}@{version}" if version else "",
        hashes=sha256s([hashlib.sha256(content).hexdigest()]), licenses=licences(native.licence),
        properties=properties(file=file, used_by=package.name),
    )  # fmt: skip


def vendored_component(found: re.Match[str], package: Locked, file: str, path: Path) -> Json:
    """A library beside a package. The numbers in its name are of its interface, not its release."""
    return component(
        "library", found[1], "", bom_ref=f"{package.purl}#{Path(file).name}",
        hashes=sha256s([hashlib.sha256(path.read_bytes()).hexdigest()]),
        properties=properties(file=file, used_by=package.name, interface_version=found[2]),
    )  # fmt: skip


def model_components(manifest: Json) -> Iterator[Json]:
    """The models that come with the program or are installed with it, file by file."""
    for model in sorted(manifest["model"], key=lambda model: str(model["id"])):
        if not (model.get("bundled") or model.get("package")):
            continue
        files = sorted(model["file"], key=lambda file: str(file["path"]))
        reference = f"model:{model['id']}"
        yield component(
            "machine-learning-model", model["id"], "", bom_ref=reference, description=model["name"],
            hashes=sha256s(file["sha256"] for file in files), licenses=licences(model["licence"]),
            components=[
                component("file", file["path"], "", bom_ref=f"{reference}/{file['path']}",
                          hashes=sha256s([file["sha256"]]))
                for file in files
            ],
            properties=properties(
                task=model["task"], languages=", ".join(model["languages"]), caveat=model.get("caveat"),
                package=model.get("package"),
            ),
        )  # fmt: skip


def dependencies(root: str, packages: list[Locked], natives: list[Json], models: list[Json]) -> list[Json]:
    """Who needs whom: the lock's own notes, and which package brings which library."""
    names = {root: [root]}
    for package in packages:
        names.setdefault(package.name, []).append(package.purl)
    needs: dict[str, set[str]] = {root: {model["bom-ref"] for model in models}}
    needs |= {package.purl: set() for package in packages}
    for package in packages:
        for parent in package.wanted_by:
            for reference in names.get(parent, ()):
                needs[reference].add(package.purl)
    for native in natives:
        needs[native["bom-ref"].split("#")[0]].add(native["bom-ref"])
    return [
        {"ref": ref, "dependsOn": sorted(wanted)} if wanted else {"ref": ref}
        for ref, wanted in sorted(needs.items())
    ]


def bill() -> Json:
    """The whole bill, its serial number derived from everything else in it."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    packages = read_lock(LOCK.read_text(encoding="utf-8"))
    natives = [native for package in packages for native in natives_of(package)]
    models = list(model_components(tomllib.loads(MANIFEST.read_text(encoding="utf-8"))))
    program = component(
        "application", project["name"], project["version"], bom_ref=project["name"],
        description=project["description"], licenses=licences(project["license"]),
    )  # fmt: skip
    written: Json = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": {"component": program},
        "components": sorted(
            [*map(package_component, packages), *natives, *models], key=lambda found: str(found["bom-ref"])
        ),
        "dependencies": dependencies(project["name"], packages, natives, models),
    }
    if epoch := os.environ.get("SOURCE_DATE_EPOCH"):
        stamp = datetime.fromtimestamp(int(epoch), UTC)
        written["metadata"]["timestamp"] = stamp.strftime("%Y-%m-%dT%H:%M:%SZ")
    serial = uuid.uuid5(uuid.NAMESPACE_OID, json.dumps(written, sort_keys=True))
    return written | {"serialNumber": f"urn:uuid:{serial}"}


def main() -> int:
    """Write the bill."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("file", nargs="?", type=Path, help="standard output without it")
    file: Path | None = parser.parse_args().file
    text = json.dumps(bill(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    if file is None:
        sys.stdout.buffer.write(text.encode("utf-8"))
    else:
        file.write_text(text, encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
