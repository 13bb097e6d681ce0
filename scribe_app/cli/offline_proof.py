"""scribe doctor --offline-proof: the whole line is run under observation, and what it did is shown.

A consultation is played into a home of its own. Every process of the run must be under the kernel's filter
(which refuses IP sockets); where strace is installed each attempt at a socket and each file made is counted
too. Then every file that appeared is searched for what was said: a canary.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from scribe_app.errors import EngineError
from scribe_app.services.application import Workshop

LANGUAGE, SAMPLE = "nl", "buikpijn-nl"
"""The shorter sample."""
LIMIT_S = 600.0
SAMPLED_EVERY_S = 0.1
SYSTEM_CALLS = "trace=socket,open,openat,openat2,creat,mkdir,mkdirat,rename,renameat,renameat2"
IP_SOCKET = re.compile(r"socket\((?:AF|PF)_(?:INET6?|PACKET)")
CREATED = re.compile(r'(?:openat2?|open)\(.*?"([^"]+)",.*O_CREAT|(?:creat|mkdir(?:at)?)\(.*?"([^"]+)"')
OURS = (".local/share/scribe", ".local/state/scribe", ".config/scribe", ".cache/scribe", "tmp", "trace")
ABOVE = (".local", ".local/share", ".local/state", ".config", ".cache")
SHARED_PLACES = ("/tmp", "/var/tmp", "/dev/shm", "/var/crash", "/var/lib/systemd/coredump")  # noqa: S108 - only read
CANARY_LETTERS = 9
"""Shorter words occur in any file."""
CANARY_WORDS = 5
"""In a row: other programs of the same user write files of their own meanwhile."""


@dataclass
class Observed:
    """What a run did. Counts that this system cannot give are None."""

    exit_status: int = -1
    statements: int = 0
    processes: int = 0
    unfiltered: list[str] = field(default_factory=list)
    """Processes that ran without the kernel's filter."""
    ip_sockets_held: int = 0
    """Seen in the system's own list, where there is no filter."""
    ip_sockets_asked: int | None = None
    files_created: int | None = None
    unexpected_files: list[str] = field(default_factory=list)
    files_searched: int = 0
    leaks: list[str] = field(default_factory=list)
    """Files that hold a word of what was said."""


def observe(workshop: Workshop) -> Observed:
    """Play the sample in a private home and watch.

    Raises:
        EngineError: the run did not end in time.
    """
    home = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="offline-proof-"))
    (home / "tmp").mkdir()
    began = time.time()
    observed = Observed()
    try:
        printed = _run(home, observed)
        if observed.exit_status == 0:
            sections = json.loads(printed)["letter"]["sections"]
            observed.statements = sum(len(section["statements"]) for section in sections)
        _read_trace(home, observed)
        _search(home, workshop, began, observed)
    finally:
        shutil.rmtree(home, ignore_errors=True)
    return observed


def _run(home: Path, observed: Observed) -> str:
    # A frozen program is its own interpreter.
    program = [sys.executable] if getattr(sys, "frozen", False) else [sys.executable, "-m", "scribe_app"]
    demo = [*program, "demo", "--headless", "--fast", "--language", LANGUAGE, "--json"]
    strace = shutil.which("strace") if sys.platform == "linux" else None
    before = [strace, "-f", "-qq", "-e", SYSTEM_CALLS, "-o", str(home / "trace")] if strace else []
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("XDG_", "SCRIBE_"))}
    environment = kept | {"HOME": str(home), "TMPDIR": str(home / "tmp")}
    with (home / "printed").open("w+", encoding="utf-8") as printed:
        process = subprocess.Popen(
            [*before, *demo], env=environment, stdout=printed, stderr=subprocess.DEVNULL
        )
        try:
            _watch(process, bool(strace), observed)
        finally:
            if process.poll() is None:
                process.kill()
                process.wait()
        printed.seek(0)
        return printed.read()


def _watch(process: subprocess.Popen[bytes], traced: bool, observed: Observed) -> None:
    deadline = time.monotonic() + LIMIT_S
    seen: dict[int, bool] = {}
    while process.poll() is None:
        if time.monotonic() > deadline:
            raise EngineError(
                "The observed run did not end in ten minutes.", "Nothing was kept of it.", "Try again."
            )
        for child in _family(process.pid):
            if traced and child.pid == process.pid:
                continue  # strace itself
            seen[child.pid] = seen.get(child.pid, False) or _filtered(child.pid)
            observed.ip_sockets_held += _held(child)
        time.sleep(SAMPLED_EVERY_S)
    observed.exit_status = process.returncode
    observed.processes = len(seen)
    observed.unfiltered = [str(pid) for pid, filtered in seen.items() if not filtered]


def _family(pid: int) -> list[psutil.Process]:
    try:
        parent = psutil.Process(pid)
        return [parent, *parent.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _filtered(pid: int) -> bool:
    """Whether the kernel runs a seccomp filter on this process (proc(5): Seccomp 2)."""
    try:
        return "\nSeccomp:\t2" in Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    except OSError:
        return False


def _held(process: psutil.Process) -> int:
    try:
        return len(process.net_connections(kind="inet"))
    except (psutil.Error, OSError):
        return 0  # ended since, or hardened against being looked into


def _read_trace(home: Path, observed: Observed) -> None:
    trace = home / "trace"
    if not trace.exists():
        return
    lines = trace.read_text(encoding="utf-8", errors="replace").splitlines()
    observed.ip_sockets_asked = sum(IP_SOCKET.search(line) is not None for line in lines)
    created = set(_created(home, lines))
    observed.files_created = len(created)
    observed.unexpected_files = sorted(str(path) for path in created if not _is_ours(home, path))


def _created(home: Path, lines: list[str]) -> Iterator[Path]:
    for line in lines:
        match = CREATED.search(line)
        if match is not None and "= -1" not in line:
            yield (home / (match.group(1) or match.group(2))).resolve()


def _is_ours(home: Path, path: Path) -> bool:
    if path.is_relative_to("/dev") or path.is_relative_to("/proc") or path.parent.name == "__pycache__":
        return True
    relative = os.path.relpath(path, home.resolve())
    return relative.startswith(OURS) or relative in ABOVE


def _search(home: Path, workshop: Workshop, began: float, observed: Observed) -> None:
    """Look for the canary: single words in the private home, word groups in places shared with others."""
    script = json.loads((workshop.samples / f"{SAMPLE}.json").read_text(encoding="utf-8"))
    spoken = [utterance["text"] for utterance in script["utterances"]]
    name = script["patient"]["name"].lower().encode()
    private = [file for file in home.rglob("*") if file.is_file() and file.name not in ("printed", "trace")]
    for files, canary in (
        (private, {name, *_words(spoken)}),
        (_new_files(home, workshop, began), {name, *_groups(spoken)}),
    ):
        for file in files:
            try:
                content = file.read_bytes().lower()
            except OSError:
                continue
            observed.files_searched += 1
            if any(words in content for words in canary):
                observed.leaks.append(str(file))


def _words(spoken: list[str]) -> Iterator[bytes]:
    for text in spoken:
        yield from (
            word.encode() for word in re.findall(r"[a-zà-ÿ]+", text.lower()) if len(word) >= CANARY_LETTERS
        )


def _groups(spoken: list[str]) -> Iterator[bytes]:
    """Words in a row, as long as nobody else is likely to write them."""
    for text in spoken:
        words = text.lower().split()
        for at in range(len(words) - CANARY_WORDS + 1):
            yield " ".join(words[at : at + CANARY_WORDS]).encode()


def _new_files(home: Path, workshop: Workshop, began: float) -> Iterator[Path]:
    """New or changed files of this user in temporary, crash and the program's own folders."""
    folders = workshop.folders
    for place in {*map(Path, SHARED_PLACES), folders.logs, folders.cache, folders.config}:
        for file in place.rglob("*"):
            try:
                state = file.lstat()
                own = sys.platform == "win32" or state.st_uid == os.getuid()
                if own and file.is_file() and state.st_mtime >= began and not file.is_relative_to(home):
                    yield file
            except OSError:
                continue
