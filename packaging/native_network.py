"""Which native libraries that we ship could reach a network, compared with what was looked at before.

    python packaging/native_network.py            write packaging/native_network.toml
    python packaging/native_network.py --check    exit 1 and say what differs

Run with the Python whose packages ship. For every package of the runtime lock, each native library is
searched for the names of network calls that it imports and for hosts in addresses (http, https, ws). A change
of the lock that brings a new one must be looked at by a person before the file is written anew: this would
have shown the telemetry that came with onnxruntime 1.29. Hosts of registries stand there as digests.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

HERE = Path(__file__).resolve().parent
LOCK = HERE / "locks" / "runtime.txt"
RECORD = HERE / "native_network.toml"
SUFFIXES = re.compile(r"\.(so(\.[\d.]+)?|pyd|dll|dylib)$")
CALLS = (
    "socket", "connect", "sendto", "sendmsg", "getaddrinfo", "gethostbyname", "res_query", "res_nquery",
    "WSAStartup", "InternetOpenW", "WinHttpOpen", "CFStreamCreatePairWithSocketToHost", "curl_easy_perform",
    "SSL_connect",
)  # fmt: skip
SCHEME = re.compile(rb"(?:https?|wss?)$")
HOST = re.compile(rb"[A-Za-z0-9][A-Za-z0-9.-]*\.[A-Za-z]{2,}")


def shipped() -> Iterator[metadata.Distribution]:
    """The packages of the runtime lock that are installed here."""
    names = re.findall(r"^([A-Za-z0-9._-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    for name in sorted(set(names)):
        try:
            yield metadata.distribution(name)
        except metadata.PackageNotFoundError:
            continue  # for another system


def found_in(distribution: metadata.Distribution) -> dict[str, list[str]]:
    """Network calls and hosts in a package's native libraries, sorted."""
    calls: set[str] = set()
    hosts: set[str] = set()
    for file in distribution.files or ():
        path = Path(str(distribution.locate_file(file)))
        if SUFFIXES.search(file.name) and path.exists():  # strip_qt.py takes some away
            content = path.read_bytes()
            calls |= {call for call in CALLS if f"\0{call}\0".encode() in content}
            hosts |= {_named(host) for host in hosts_in(content)}
    return {kind: sorted(names) for kind, names in (("calls", calls), ("hosts", hosts)) if names}


def hosts_in(content: bytes) -> Iterator[str]:
    """Hosts of addresses in a file's bytes. Searching for the colon is many times faster than one pattern."""
    at = content.find(b"://")
    while at >= 0:
        host = HOST.match(content, at + 3)
        if host and SCHEME.search(content[max(0, at - 5) : at]):
            yield host[0].decode().lower()
        at = content.find(b"://", at + 3)


def _named(host: str) -> str:
    """The host, or a digest of it where it belongs to a registry: nothing in this repository names one."""
    registry = re.search(r"regist|docker|crates|pypi|npmjs|conda", host) is not None
    return f"sha256:{hashlib.sha256(host.encode()).hexdigest()[:16]}" if registry else host


def main() -> int:
    """Write the record, or compare with it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true")
    parser.add_argument("--only", default="", help="one package of the lock")
    parser.add_argument("--record", type=Path, default=RECORD)
    arguments = parser.parse_args()
    wanted = [d for d in shipped() if arguments.only in ("", d.metadata["Name"].lower())]
    now = {d.metadata["Name"].lower(): found for d in wanted if (found := found_in(d))}
    if not arguments.check:
        arguments.record.write_text(_as_toml(now), encoding="utf-8")
        return 0
    before = tomllib.loads(arguments.record.read_text(encoding="utf-8"))
    new = [
        f"{name}: {kind[:-1]} {what}"
        for name, found in now.items()
        for kind, names in found.items()
        for what in names
        if what not in before.get(name, {}).get(kind, [])
    ]
    for line in new:
        print(f"new: {line}", file=sys.stderr)
    return 1 if new else 0


def _as_toml(found: dict[str, dict[str, list[str]]]) -> str:
    lines = ["# Written by packaging/native_network.py; see there. Looked at by a person on each change.\n"]
    for name, kinds in found.items():
        lines.append(f"\n[{name}]\n")
        for kind, names in kinds.items():
            lines.append(f"{kind} = [\n" + "".join(f'  "{one}",\n' for one in names) + "]\n")
    return "".join(lines)


if __name__ == "__main__":
    sys.exit(main())
