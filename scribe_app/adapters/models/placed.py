"""A model's folder on this machine: which list it is held against, and who vouches for that list."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from scribe_app.adapters.models.bundles import (
    DOCUMENT,
    MOST_DOCUMENT,
    MOST_SIGNATURE,
    RECORD,
    SIGNATURE,
    Bundle,
    read_bundle,
)
from scribe_app.adapters.models.manifest import Model
from scribe_app.adapters.models.records import highest_serial, recorded_files
from scribe_app.adapters.models.trust import Trust
from scribe_app.domain.portable_paths import is_portable
from scribe_app.errors import ModelError
from scribe_app.language import later

NOBODY = later("Not signed: nobody vouches for this model's files.")
LIST = "this program's own list"
_NOT_LOADED = "It was not loaded, and nothing was changed."


@dataclass(frozen=True, slots=True)
class Placed:
    """A model as it lies here."""

    model: Model
    """Its files with the sizes and hashes that they must have, as far as they are known."""
    folder: Path
    vouched: str
    """By whom; empty for nobody."""
    problem: ModelError | None = None
    """Why it must not be loaded."""
    serial: int = 0


def placed_in(root: Path, id: str, listed: Model | None, trust: Trust, own: bool) -> Placed | None:
    """The model's folder below `root`; None when there is none, or when nothing says what it should hold.

    Args:
        own: whether the folder is the user's, not one that only administrators write to.
    """
    folder = root / id
    if not folder.is_dir():
        return None
    if (folder / DOCUMENT).is_file():
        return _from_bundle(folder, id, listed, trust)
    if listed is None:
        return None
    if listed.hashed:
        return Placed(listed, folder, LIST)
    files = recorded_files(folder / RECORD, listed)
    model = replace(listed, files=files) if files else listed
    problem = _nobody(id, folder) if own and not trust.unsigned else None
    return Placed(model, folder, "", problem)


def bundle_in(folder: Path, trust: Trust) -> Bundle:
    """The bundle that a model's folder was made from. Raises ModelError."""
    try:
        document = _short(folder / DOCUMENT, MOST_DOCUMENT)
        signature = _short(folder / SIGNATURE, MOST_SIGNATURE)
    except OSError as error:
        raise ModelError(
            f"The model in {folder} cannot be checked: {error.strerror}.", _NOT_LOADED, "Import it anew."
        ) from error
    return read_bundle(f"The model in {folder}", document, signature, trust)


def placed_ids(roots: Sequence[Path]) -> list[str]:
    """Ids of the folders that were made from a bundle, in the order of the roots."""
    found: dict[str, None] = {}
    for root in roots:
        try:
            names = sorted(file.parent.name for file in root.glob(f"*/{DOCUMENT}"))
        except OSError:
            continue
        found |= dict.fromkeys(name for name in names if is_portable(name))
    return list(found)


def _from_bundle(folder: Path, id: str, listed: Model | None, trust: Trust) -> Placed | None:
    try:
        bundle = bundle_in(folder, trust)
        if bundle.model.id != id:
            raise ModelError(
                f"The folder {folder} holds the model {bundle.model.id}, under another name.",
                _NOT_LOADED,
                "Import that model anew, and take this folder away.",
            )
    except ModelError as error:
        return Placed(listed, folder, "", error) if listed is not None else None
    vouched = f"{bundle.made_by or 'key'} ({bundle.signer})"
    try:
        newest, _ = highest_serial((folder.parent,), id)
        problem = _older(id, folder) if bundle.serial < newest else None
    except ModelError as error:
        problem = error
    return Placed(bundle.model, folder, vouched, problem, bundle.serial)


def _older(id: str, folder: Path) -> ModelError:
    return ModelError(
        f"The model {id} in {folder} is an older one than was imported last.",
        _NOT_LOADED,
        "Import the newest bundle of it again.",
    )


def _nobody(id: str, folder: Path) -> ModelError:
    return ModelError(
        f"The model {id} is not signed, and your organisation allows only signed models.",
        _NOT_LOADED,
        f"Ask IT for a signed bundle of it, or take {folder} away.",
    )


def _short(file: Path, most: int) -> bytes:
    with file.open("rb") as stream:
        return stream.read(most)


__all__ = ["LIST", "NOBODY", "Placed", "bundle_in", "placed_ids", "placed_in"]
