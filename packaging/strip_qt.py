"""Takes out of an installed PySide6 what Scribe does not use: above all its network, TLS and VNC parts.

    python packaging/strip_qt.py [--list]

Kept are the modules and plugins named here and the libraries that these need (found by name in their bytes).
Nothing that is kept may need QtNetwork: then nothing is removed and the exit status is 1. It may run again at
any time.
"""

from __future__ import annotations

import argparse
import re
import shutil
import sys
from pathlib import Path

MODULES = {"QtCore", "QtGui", "QtWidgets", "QtSvg", "QtDBus", "QtPrintSupport", "QtTest"}
"""QtTest is for pytest-qt; it reaches nothing."""
PLUGINS = {
    "platforms": "xcb wayland offscreen minimal windows cocoa",
    "imageformats": "jpeg svg gif ico",
    "iconengines": "svgicon",
    "platformthemes": "gtk3 xdgdesktopportal",
    "platforminputcontexts": "compose ibus",
    "printsupport": "cups",
    "styles": "modernwindows mac",
    "xcbglintegrations": "egl glx",
    "wayland-decoration-client": "",
    "wayland-graphics-integration-client": "",
    "wayland-shell-integration": "",
}
"""Folder to the plugins in it that are used; an empty text keeps all."""
NETWORK = re.compile(r"(Network|Qml|Quick|WebSockets|HttpServer)", re.IGNORECASE)
FOLDERS = (
    "Qt/qml",
    "Qt/metatypes",
    "Qt/libexec",
    "include",
    "typesystems",
    "doc",
    "glue",
    "scripts",
    "support",
)
NATIVE = re.compile(r"\.(so(\.[\d.]+)?|pyd|dll|dylib)$|^(?!qmldir|LICENSE)[A-Za-z]+$")


def natives(root: Path) -> list[Path]:
    """Every native library and tool of the package."""
    return sorted(file for file in root.rglob("*") if file.is_file() and NATIVE.search(file.name))


def is_wanted(root: Path, file: Path) -> bool:
    """Whether a module or plugin is named above."""
    relative = file.relative_to(root).parts
    if "plugins" in relative[:-1]:
        folder = relative[relative.index("plugins") + 1]
        names = PLUGINS.get(folder)
        return names is not None and (not names or any(name in file.name for name in names.split()))
    return file.name.split(".")[0] in MODULES


def kept(root: Path) -> set[Path]:
    """What is named above, with all that it needs."""
    files = natives(root)
    by_name = {file.name.encode(): file for file in files if "." in file.name}
    keep, todo = set(), [file for file in files if is_wanted(root, file)]
    while todo:
        file = todo.pop()
        if file in keep:
            continue
        keep.add(file)
        content = file.read_bytes()
        todo += [other for name, other in by_name.items() if other not in keep and name + b"\0" in content]
    return keep


def main() -> int:
    """Remove the rest, or list it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--list", action="store_true", help="say what would go")
    parser.add_argument("--root", type=Path, help="the PySide6 folder; this Python's own without it")
    arguments = parser.parse_args()
    root = arguments.root or _own()
    keep = kept(root)
    reaching = sorted(file.name for file in keep if NETWORK.search(file.name))
    if reaching:
        print(f"strip_qt: what is kept needs {', '.join(reaching)}. Nothing was removed.", file=sys.stderr)
        return 1
    gone = [file for file in natives(root) if file not in keep]
    size = sum(file.stat().st_size for file in gone)
    for file in gone:
        if arguments.list:
            print(file.relative_to(root))
        else:
            file.unlink()
    if not arguments.list:
        for folder in FOLDERS:
            shutil.rmtree(root / folder, ignore_errors=True)
    print(f"strip_qt: {len(gone)} files of Qt that are not used, {size / 1e6:.0f} MB")
    return 0


def _own() -> Path:
    import PySide6

    return Path(PySide6.__path__[0])


if __name__ == "__main__":
    sys.exit(main())
