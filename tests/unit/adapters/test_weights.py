"""Engines load what was checked, whatever lies under its name by then."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from drafting_parts import small_model

from scribe_app.adapters import weights
from scribe_app.adapters.llama.engine import AbortFlag, Engine
from scribe_app.adapters.llama.gguf import read_card
from scribe_app.adapters.speech.decoder import Decoder
from scribe_app.adapters.weights import checked
from scribe_app.errors import ModelError
from scribe_app.paths import bundled_models_folder
from scribe_app.ports import ModelContents, ModelFile

GENUINE, OTHER = b"genuine" * 100, b"another" * 100


def contents_of(folder: Path, notes: Path | None, hashed: bool = True) -> ModelContents:
    files = tuple(
        ModelFile(
            path.relative_to(folder).as_posix(),
            path.stat().st_size if hashed else 0,
            hashlib.sha256(path.read_bytes()).hexdigest() if hashed else "",
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    )
    return ModelContents(folder, files, notes)


@pytest.fixture
def model(tmp_path: Path) -> ModelContents:
    folder = tmp_path / "model"
    (folder / "sub").mkdir(parents=True)
    (folder / "model.bin").write_bytes(GENUINE)
    (folder / "sub" / "x.json").write_bytes(b"{}")
    (tmp_path / "cache").mkdir()
    return contents_of(folder, tmp_path / "cache" / "notes.json")


def swap(model: ModelContents) -> None:
    """Another file of the same size and times, under the same name."""
    file = model.folder / "model.bin"
    held = file.stat()
    other = file.with_name("other")
    other.write_bytes(OTHER)
    os.utime(other, ns=(held.st_atime_ns, held.st_mtime_ns))
    other.replace(file)


def load(model: ModelContents, meanwhile: Callable[[], object]) -> None:
    with checked(model.folder, model):
        meanwhile()


def test_what_was_swapped_after_the_check_is_noticed(model: ModelContents) -> None:
    with checked(model.folder, model):
        pass
    swap(model)
    with pytest.raises(ModelError, match="not the genuine one"), checked(model.folder, model):
        raise AssertionError("it must not be loaded")


def test_what_was_changed_in_place_is_noticed_though_its_time_was_put_back(model: ModelContents) -> None:
    with checked(model.folder, model):
        pass
    file = model.folder / "model.bin"
    held = file.stat()
    file.write_bytes(OTHER)
    os.utime(file, ns=(held.st_atime_ns, held.st_mtime_ns))
    with pytest.raises(ModelError, match="not the genuine one"), checked(model.folder, model):
        raise AssertionError("it must not be loaded")


@pytest.mark.skipif(sys.platform != "linux", reason="links to open files are Linux's")
def test_what_is_swapped_while_it_is_loaded_is_not_what_is_loaded(model: ModelContents) -> None:
    with checked(model.folder, model) as held:
        swap(model)
        assert held.folder != model.folder
        assert (held.folder / "model.bin").read_bytes() == GENUINE
        assert (held.folder / "sub" / "x.json").read_bytes() == b"{}"
    assert not held.folder.exists()


def test_where_there_are_no_links_a_swap_during_loading_is_noticed_afterwards(
    model: ModelContents, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(weights, "OPEN_FILES", Path("/nowhere"))
    with pytest.raises(ModelError, match="changed while it was loaded"):
        load(model, lambda: swap(model))


def test_a_change_in_place_during_loading_is_noticed(model: ModelContents) -> None:
    with pytest.raises(ModelError, match="changed while it was loaded"):
        load(model, lambda: (model.folder / "model.bin").write_bytes(OTHER))


def test_a_hash_is_computed_once(model: ModelContents, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[object] = []
    hashing = weights._sha256
    monkeypatch.setattr(weights, "_sha256", lambda stream: read.append(stream) or hashing(stream))
    for _ in range(3):
        with checked(model.folder, model):
            pass
    assert len(read) == 2, "two files, once each"
    assert model.notes is not None
    model.notes.write_text("{broken")
    with checked(model.folder, model):
        pass
    assert len(read) == 4


def test_a_forged_note_about_another_file_is_of_no_use(model: ModelContents) -> None:
    with checked(model.folder, model):
        pass
    swap(model)
    assert model.notes is not None
    noted = model.notes.read_text()
    assert hashlib.sha256(GENUINE).hexdigest() in noted
    with pytest.raises(ModelError), checked(model.folder, model):
        pass


@pytest.mark.parametrize("notes", [True, False])
def test_a_file_whose_hash_nobody_knows_is_hashed_when_it_is_asked_for(tmp_path: Path, notes: bool) -> None:
    folder = tmp_path / "model"
    folder.mkdir()
    (folder / "w.gguf").write_bytes(GENUINE)
    contents = contents_of(folder, tmp_path / "notes.json" if notes else None, hashed=False)
    for _ in range(2):
        with checked(folder, contents) as held:
            assert held.sha256("w.gguf") == hashlib.sha256(GENUINE).hexdigest()


def test_a_missing_file_and_a_folder_in_its_place_are_told(model: ModelContents) -> None:
    (model.folder / "model.bin").unlink()
    with pytest.raises(ModelError, match="cannot be read"), checked(model.folder, model):
        pass
    (model.folder / "model.bin").mkdir()
    with pytest.raises(ModelError, match=r"model\.bin"), checked(model.folder, model):
        pass


def test_links_of_a_process_that_was_killed_are_tidied(model: ModelContents, tmp_path: Path) -> None:
    (tmp_path / "cache" / "loading-4194305").mkdir()  # above every process id
    with checked(model.folder, model):
        pass
    assert [file.name for file in (tmp_path / "cache").iterdir()] == ["notes.json"]


def test_whisper_is_loaded_from_the_checked_files(tmp_path: Path) -> None:
    folder = bundled_models_folder() / "starter-whisper"
    decoder = Decoder(folder, "en", 1, contents_of(folder, tmp_path / "notes.json"))
    assert decoder.name == "starter-whisper"


def test_llama_is_loaded_from_the_checked_file(tmp_path: Path) -> None:
    path = small_model()
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    contents = ModelContents(
        path.parent, (ModelFile(path.name, path.stat().st_size, digest),), tmp_path / "notes.json"
    )
    with checked(path.parent, contents) as held:
        place = held.folder / path.name
        engine = Engine(place, read_card(place), 1, 256, AbortFlag())
    engine.append(engine.tokens("It still works when the links are gone."))
    assert engine.best() > 0
    engine.close()
