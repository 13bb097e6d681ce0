"""The ModelLibrary port: what manifest and imported bundles list, and what of it lies on this machine."""

from __future__ import annotations

import hashlib
import importlib.util
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scribe_app.adapters.models.manifest import BROKEN, Model, model_of, reason
from scribe_app.adapters.models.placed import NOBODY, Placed, placed_ids, placed_in
from scribe_app.adapters.models.records import read_imports
from scribe_app.adapters.models.trust import Trust, check_release
from scribe_app.errors import ModelError
from scribe_app.language import later
from scribe_app.ports import ModelContents, ModelEntry, ModelFile, ModelImport, ModelTask

_FORMAT = 1
_ALL_OK = "Nothing was loaded and nothing was changed."


class ManifestModels:
    """Models by manifest. Sizes are checked when one is picked, hashes where it is loaded and on demand."""

    def __init__(
        self,
        manifest: Path,
        folders: Sequence[Path],
        allowed: Callable[[str], bool] = lambda id: True,
        trust: Trust | None = None,
        notes: Path | None = None,
    ) -> None:
        """Read the manifest.

        Args:
            manifest: TOML file; see models/README.md.
            folders: each may hold one folder per model, named by its id; the first that has it counts. The
                last is the user's own, where models that nobody vouches for need the policy's leave.
            allowed: says whether the organisation's policy lets a model be used.
            trust: whose signatures count.
            notes: where engines note that they have compared a file's hash.

        Raises:
            ModelError: the manifest cannot be read, or is not as it was released.
        """
        self._listed = _read(manifest)
        self.folders = tuple(folders)
        self._allowed = allowed
        self.trust = trust or Trust()
        self._notes = notes

    def entries(self) -> list[ModelEntry]:
        """Every model of the manifest and of the imported bundles, installed or not."""
        return [self._entry(*one) for one in self._all()]

    def listed(self, id: str) -> Model | None:
        """A model as the manifest has it; None when it does not."""
        return self._listed.get(id)

    def allows(self, id: str) -> bool:
        """Whether the organisation lets it be used."""
        return self._allowed(id)

    def pick(self, task: ModelTask, language: str, id: str = "") -> ModelEntry | None:
        """The wanted model, or the best installed one for task and language; None when there is none.

        A wanted speech model that does not know the language is passed over: it would write nonsense.

        Raises:
            ModelError: the wanted model is unknown, for another task, or not installed; or a file of the
                model picked is missing or has another size, or its signature does not hold. A damaged model
                is never passed over in silence.
        """
        if id:
            model, placed = self._known(id)
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
            if task is not ModelTask.SPEECH or language in model.languages:
                return self._checked(model, placed)
        fitting = [
            (model, placed)
            for model, placed in self._all()
            if model.task is task
            and (language in model.languages or task is ModelTask.DIARISATION)
            and self._allowed(model.id)
        ]
        for model, placed in sorted(fitting, key=lambda one: one[0].rank, reverse=True):
            if placed is not None:
                return self._checked(model, placed)
        return None

    def verify(self, id: str) -> None:
        """Hash every file of a model against its list.

        Raises:
            ModelError: unknown, not installed, a file differs (named), or no hash to compare with is known.
        """
        model, placed = self._known(id)
        self._checked(model, placed)
        assert placed is not None, "checked above"
        for file in placed.model.files:
            if not file.sha256:
                raise ModelError(
                    f"The model {id} cannot be verified: its hashes are not recorded.",
                    "Its files are all there; whether they are the genuine ones is not known.",
                    "Compare them yourself with what the maker of the model publishes.",
                )
            found = _sha256(placed.folder / file.path)
            if found != file.sha256:
                raise ModelError(
                    f"The file {file.path} of the model {id} is not the genuine one: its SHA-256 is "
                    f"{found[:12]}…, it should be {file.sha256[:12]}….",
                    _ALL_OK,
                    f"Import it anew, or copy it anew into {placed.folder}.",
                )

    def imports(self) -> list[ModelImport]:
        """What was imported on this computer, oldest first."""
        return sorted(
            (one for folder in self.folders for one in read_imports(folder)), key=lambda one: one.at
        )

    # --- inside -------------------------------------------------------------------------------------

    def _all(self) -> list[tuple[Model, Placed | None]]:
        found = [(model, self._placed(model.id)) for model in self._listed.values()]
        more = [id for id in placed_ids(self.folders) if id not in self._listed]
        for id in more:
            if (placed := self._placed(id)) is not None:
                found.append((placed.model, placed))
        return [(placed.model if placed is not None else model, placed) for model, placed in found]

    def _known(self, id: str) -> tuple[Model, Placed | None]:
        known = {model.id: (model, placed) for model, placed in self._all()}
        if id not in known:
            raise ModelError(f"There is no model called {id}.", _ALL_OK, f"Known are: {', '.join(known)}.")
        return known[id]

    def _placed(self, id: str) -> Placed | None:
        """Where the model's files lie, complete or not; None when it is not installed."""
        listed = self._listed.get(id)
        if listed is not None and listed.package:
            # find_spec reads where a top-level package lies and does not import it.
            found = importlib.util.find_spec(listed.package)
            places = found.submodule_search_locations if found else None
            return Placed(listed, Path(places[0]), "this program's own list") if places else None
        for number, root in enumerate(self.folders):
            own = number == len(self.folders) - 1
            if (placed := placed_in(root, id, listed, self.trust, own)) is not None:
                return placed
        return None

    def _checked(self, model: Model, placed: Placed | None) -> ModelEntry:
        if placed is None:
            raise ModelError(
                f"The model {model.id} is not on this computer.", _ALL_OK, self._where_to_put(model)
            )
        if placed.problem is not None:
            raise placed.problem
        for file in placed.model.files:
            self._check_size(model, placed.folder, file)
        return self._entry(model, placed)

    def _check_size(self, model: Model, folder: Path, file: ModelFile) -> None:
        path = folder / file.path
        should = later(f"it should be {file.size:,} bytes") if file.size else later("it should not be empty")
        copy = later(f"Copy {file.path} there anew, or take {folder} away.")
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

    def _where_to_put(self, model: Model) -> str:
        if model.package:
            return later("Run packaging/setup.sh, which brings it, or choose another model.")
        places = " or ".join(str(folder / model.id) for folder in self.folders[:2])
        names = ", ".join(file.path for file in model.files)
        return later(f"scribe models import brings one here; or copy {names} into {places}.")

    def _entry(self, model: Model, placed: Placed | None) -> ModelEntry:
        entry = ModelEntry(
            id=model.id,
            name=model.name,
            task=model.task,
            languages=model.languages,
            licence=model.licence,
            size=model.size,
            path=None,
            sha256=model.weights.sha256,
            rank=model.rank,
            caveat=model.caveat,
            longest_window=model.longest_window,
            min_ram_mb=model.min_ram_mb,
            for_gb=model.for_gb,
            for_card_gb=model.for_card_gb,
            about_mb=model.about_mb,
            measured=model.measured,
            checked=model.checked,
            unverified=model.unverified,
            second_look=model.second_look,
            source=model.source,
            files=model.files,
        )
        if placed is None:
            return entry
        folder = placed.folder
        return replace(
            entry,
            path=folder / model.weights.path if model.task is ModelTask.DRAFTING else folder,
            caveat=model.caveat if placed.vouched or model.caveat else NOBODY,
            contents=ModelContents(folder, placed.model.files, self._notes),
            vouched=placed.vouched,
        )


def _read(manifest: Path) -> dict[str, Model]:
    try:
        content = manifest.read_bytes()
        check_release(manifest, content)
        document = tomllib.loads(content.decode("utf-8"))
        if document["format"] != _FORMAT:
            raise ValueError(f"format {str(document['format'])[:80]} is not {_FORMAT}")
        models = [model_of(row) for row in document["model"]]
        if len({model.id.lower() for model in models}) != len(models):
            raise ValueError("two models have the same id")
    except BROKEN as error:
        raise ModelError(
            f"The list of models cannot be read: {reason(error)}.",
            _ALL_OK,
            f"Install the program again, or correct {manifest}.",
        ) from error
    return {model.id: model for model in models}


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
