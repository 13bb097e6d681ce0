"""The ModelLibrary port: the manifest, and which of its models lie on this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from scribe_app.domain.portable_paths import is_portable
from scribe_app.errors import ModelError
from scribe_app.ports import ModelEntry, ModelTask

_FORMAT = 1
_ALL_OK = "Nothing was loaded and nothing was changed."


_WHISPER_WINDOW = 28.0
"""Seconds: what every real Whisper takes at once."""


@dataclass(frozen=True, slots=True)
class _File:
    path: str
    """Inside the model's folder, with forward slashes."""
    size: int
    """Bytes; 0 where the manifest does not know it."""
    sha256: str
    """Hexadecimal; empty where the manifest does not know it."""


@dataclass(frozen=True, slots=True)
class _Model:
    id: str
    name: str
    task: ModelTask
    languages: tuple[str, ...]
    licence: str
    rank: int
    caveat: str
    longest_window: float
    min_ram_mb: int
    second_look: bool
    package: str
    """Python package that carries the files; empty for a folder of the model's own."""
    files: tuple[_File, ...]

    @property
    def weights(self) -> _File:
        """The one file that holds the weights: model.bin, or the GGUF file."""
        return next((file for file in self.files if file.path.endswith((".bin", ".gguf"))), self.files[0])


class ManifestModels:
    """Models by manifest. Sizes are checked whenever one is picked, hashes on demand (`verify`)."""

    def __init__(
        self, manifest: Path, folders: list[Path], allowed: Callable[[str], bool] = lambda id: True
    ) -> None:
        """Read the manifest.

        Args:
            manifest: TOML file; see models/README.md.
            folders: each may hold one folder per model, named by its id; the first that has it counts.
            allowed: says whether the organisation's policy lets a model be used.

        Raises:
            ModelError: the manifest cannot be read.
        """
        self._models = _read(manifest)
        self._folders = folders
        self._allowed = allowed

    def entries(self) -> list[ModelEntry]:
        """Every model of the manifest, installed or not."""
        return [self._entry(model) for model in self._models.values()]

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        """The wanted model, or the best installed one for task and language; None when there is none.

        Raises:
            ModelError: the wanted model is unknown, for another task, or not installed; or a file of the
                model picked is missing or has another size. A damaged model is never passed over in silence.
        """
        if id:
            model = self._known(id)
            if not self._allowed(id):
                raise ModelError(
                    f"Your organisation does not allow the model {id}.", _ALL_OK, "Choose another one."
                )
            if model.task is not task:
                raise ModelError(
                    f"The model {id} is for {model.task.value}, not for {task.value}.",
                    _ALL_OK,
                    "Choose another one.",
                )
            return self._checked(model)
        fitting = [
            model
            for model in self._models.values()
            if model.task is task
            and (language in model.languages or task is ModelTask.DIARISATION)
            and self._allowed(model.id)
        ]
        for model in sorted(fitting, key=lambda model: model.rank, reverse=True):
            if self._folder(model) is not None:
                return self._checked(model)
        return None

    def verify(self, id: str) -> None:
        """Hash every file of a model against the manifest.

        Raises:
            ModelError: unknown, not installed, a file differs (named), or no hash to compare with is known.
        """
        model = self._known(id)
        self._checked(model)
        folder = self._folder(model)
        assert folder is not None, "checked above"
        for file in model.files:
            if not file.sha256:
                raise ModelError(
                    f"The model {id} cannot be verified: its hashes are not recorded.",
                    "Its files are all there; whether they are the genuine ones is not known.",
                    "Compare them yourself with what the maker of the model publishes.",
                )
            found = _sha256(folder / file.path)
            if found != file.sha256:
                raise ModelError(
                    f"The file {file.path} of the model {id} is not the genuine one: its SHA-256 is "
                    f"{found[:12]}…, it should be {file.sha256[:12]}….",
                    _ALL_OK,
                    f"Copy it anew into {folder}.",
                )

    # --- inside -------------------------------------------------------------------------------------

    def _known(self, id: str) -> _Model:
        try:
            return self._models[id]
        except KeyError as error:
            raise ModelError(
                f"There is no model called {id}.", _ALL_OK, f"Known are: {', '.join(self._models)}."
            ) from error

    def _checked(self, model: _Model) -> ModelEntry:
        folder = self._folder(model)
        if folder is None:
            raise ModelError(
                f"The model {model.id} is not on this computer.", _ALL_OK, self._where_to_put(model)
            )
        for file in model.files:
            self._check_size(model, folder, file)
        return self._entry(model)

    def _check_size(self, model: _Model, folder: Path, file: _File) -> None:
        path = folder / file.path
        should = f"it should be {file.size:,} bytes" if file.size else "it should not be empty"
        copy = f"Copy {file.path} there anew, or take {folder} away."
        if not path.is_file():
            raise ModelError(
                f"The model {model.id} is incomplete: {file.path} is missing in {folder}; {should}.",
                _ALL_OK,
                copy,
            )
        size = path.stat().st_size
        if size == 0 or (file.size and size != file.size):
            raise ModelError(
                f"The model {model.id} is damaged: {file.path} in {folder} has {size:,} bytes; {should}.",
                _ALL_OK,
                copy,
            )

    def _where_to_put(self, model: _Model) -> str:
        if model.package:
            return "Run packaging/setup.sh, which brings it, or choose another model."
        places = " or ".join(str(folder / model.id) for folder in self._folders[:2])
        return f"Copy {', '.join(file.path for file in model.files)} into {places}."

    def _folder(self, model: _Model) -> Path | None:
        """Where the model's files lie, complete or not; None when it is not installed."""
        if model.package:
            # find_spec reads where a top-level package lies and does not import it.
            found = importlib.util.find_spec(model.package)
            return (
                Path(found.submodule_search_locations[0])
                if found and found.submodule_search_locations
                else None
            )
        return next((root / model.id for root in self._folders if (root / model.id).is_dir()), None)

    def _entry(self, model: _Model) -> ModelEntry:
        folder = self._folder(model)
        path = None
        if folder is not None:
            path = folder / model.weights.path if model.task is ModelTask.DRAFTING else folder
        return ModelEntry(
            id=model.id,
            name=model.name,
            task=model.task,
            languages=model.languages,
            licence=model.licence,
            size=sum(file.size for file in model.files),
            path=path,
            sha256=model.weights.sha256,
            rank=model.rank,
            caveat=model.caveat,
            longest_window=model.longest_window,
            min_ram_mb=model.min_ram_mb,
            second_look=model.second_look,
        )


def _read(manifest: Path) -> dict[str, _Model]:
    try:
        document = tomllib.loads(manifest.read_text(encoding="utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError(f"format {document['format']} is not {_FORMAT}")
        models = [_model(row) for row in document["model"]]
        if len({model.id for model in models}) != len(models):
            raise ValueError("two models have the same id")
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        reason = f"{error} is missing" if isinstance(error, KeyError) else str(error)
        raise ModelError(
            f"The list of models cannot be read: {reason}.",
            _ALL_OK,
            f"Install the program again, or correct {manifest}.",
        ) from error
    return {model.id: model for model in models}


def _model(row: dict[str, Any]) -> _Model:
    files = tuple(
        _File(_inside(file["path"]), int(file["size"]), str(file["sha256"])) for file in row["file"]
    )
    if not files:
        raise ValueError(f"{row['id']} has no files")
    return _Model(
        id=_inside(row["id"]),
        name=str(row["name"]),
        task=ModelTask(row["task"]),
        languages=tuple(row["languages"]),
        licence=str(row["licence"]),
        rank=int(row["rank"]),
        caveat=str(row.get("caveat", "")),
        longest_window=float(row.get("longest_window_s", _WHISPER_WINDOW)),
        min_ram_mb=int(row.get("min_ram_mb", 0)),
        second_look=bool(row.get("second_look", False)),
        package=str(row.get("package", "")),
        files=files,
    )


def _inside(path: Any) -> str:
    """A path that stays in the model's folder, on every system. Raises ValueError."""
    if not is_portable(path):
        raise ValueError(f"{str(path)[:80]!r} is not a path inside the model's folder")
    return str(path)


def _sha256(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(
            f"The file {file.name} cannot be read: {error.strerror}.",
            _ALL_OK,
            f"Check {file} or copy it anew.",
        ) from error
