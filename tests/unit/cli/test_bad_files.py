"""Every verb that takes a file, given what is none: one clear error, and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from fuzzing import check_words

from scribe_app.app import make_workshop
from scribe_app.cli import verbs
from scribe_app.errors import ScribeError
from scribe_app.paths import UserFolders
from scribe_app.services.application import Workshop

TAKES_A_FILE = (
    "draft FILE --template soap --no-model", "templates check FILE", "templates add FILE",
    "templates learn FILE", "vocabulary import FILE", "audit verify FILE", "vault restore FILE",
    "models import FILE",
    "models import FILE --unsigned --id whisper-small", "ask FILE cough",
)  # fmt: skip
CONTENTS = {
    "an empty file": b"",
    "a program": b"\x7fELF" + bytes(range(256)) * 40,
    "UTF-16": "Doctor: hello".encode("utf-16"),
    "half a letter": b"Doctor: \xc3",
    "a zip archive": b"PK\x03\x04" + bytes(200),
    "nested lists": b"[" * 100_000,
    "control signs": b"\x1b[2J\x00\x1b]0;gone\x07" * 100,
}


@pytest.fixture(scope="module")
def workshop(tmp_path_factory: pytest.TempPathFactory) -> Workshop:
    home = tmp_path_factory.mktemp("home")
    return make_workshop(UserFolders(*(home / name for name in ("data", "config", "cache", "logs"))))


@pytest.fixture
def places(tmp_path: Path) -> dict[str, str]:
    """What may be given for a file, by what is wrong with it."""
    found = {
        "nothing": tmp_path / "missing.txt",
        "a folder": tmp_path / "folder",
        "an endless name": tmp_path / ("x" * 300),
    }
    (tmp_path / "folder").mkdir()
    for what, content in CONTENTS.items():
        found[what] = tmp_path / f"{what.replace(' ', '-')}.txt"
        found[what].write_bytes(content)
    return {what: str(path) for what, path in found.items()}


@pytest.mark.parametrize("call", TAKES_A_FILE)
def test_what_is_no_such_file_is_refused_in_clear_words(
    call: str, workshop: Workshop, places: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SCRIBE_PASSPHRASE", "correct horse battery")
    verb, before = call.split()[0], _files(workshop)
    for what, path in places.items():
        words = [path if word == "FILE" else word for word in call.split()]
        try:
            verbs.run(verbs.parse(words), workshop)
        except ScribeError as error:
            check_words(error)
        else:
            assert (verb, what) in USED, f"{what} was taken by {call}"
    assert verb == "vocabulary" or _files(workshop) == before


USED = {("vocabulary", what) for what in ("an empty file", "UTF-16", "half a letter")}
"""Lists of names come in UTF-16 and in Windows' own encoding too."""


def _files(workshop: Workshop) -> set[Path]:
    return {
        path for path in workshop.folders.data.parent.rglob("*") if path.is_file() and path.suffix != ".lock"
    }
