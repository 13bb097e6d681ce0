"""Whether a folder is a safe place for a database with a write-ahead log.

SQLite's WAL needs shared memory between programs and honest locks; network file systems have neither
(sqlite.org/wal.html, "All processes using a database must be on the same host computer").
"""

from __future__ import annotations

import sys
from pathlib import Path

from scribe_app.language import later

NETWORK = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "ncpfs", "afs", "9p", "ceph", "glusterfs", "lustre",
     "fuse.sshfs", "fuse.rclone", "davfs", "fuse.davfs2", "webdav", "afpfs"}
)  # fmt: skip
_DRIVE_REMOTE = 4
"""GetDriveTypeW (winbase.h)."""


def network_warning(folder: Path, mounts: Path = Path("/proc/self/mountinfo")) -> str:
    """Why this folder is not safe for the vault; empty where nothing is known against it."""
    kind = _network_kind(folder, mounts)
    return (
        later(f"{folder} is on a network drive ({kind}), where a crash can damage the records.")
        if kind
        else ""
    )


def _network_kind(folder: Path, mounts: Path) -> str:
    if sys.platform == "win32":
        import ctypes

        path = str(folder.resolve())
        if path.startswith("\\\\"):
            return "UNC path"
        remote = ctypes.windll.kernel32.GetDriveTypeW(folder.resolve().anchor) == _DRIVE_REMOTE
        return "mapped drive" if remote else ""
    kind = _mounted_as(folder, mounts)
    return kind if kind in NETWORK else ""


def _mounted_as(folder: Path, mounts: Path) -> str:
    """File system type of the mount that holds a folder (proc_pid_mountinfo(5))."""
    path = folder.resolve()
    best, kind = -1, ""
    try:
        lines = mounts.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""  # macOS: not known
    for line in lines:
        fields, _, rest = line.partition(" - ")
        parts = fields.split()
        if len(parts) < 5 or not rest:
            continue
        point = Path(parts[4].replace("\\040", " "))
        if path.is_relative_to(point) and len(point.parts) >= best:
            best, kind = len(point.parts), rest.split()[0]
    return kind
