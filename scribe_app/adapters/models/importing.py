"""The ModelImporter port: from a share or stick into the models folder, whole or not at all.

What is copied is what is checked: bytes are hashed as they are read and written, the copy is read back from
the disk, and only then it takes its name. Nothing that is brought is run or parsed, but for its list.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from scribe_app.adapters import zips
from scribe_app.adapters.models import records
from scribe_app.adapters.models.bundles import (
    DOCUMENT,
    MOST_DOCUMENT,
    MOST_SIGNATURE,
    RECORD,
    SIGNATURE,
    Bundle,
    read_bundle,
)
from scribe_app.adapters.models.copying import Copying, Progress
from scribe_app.adapters.models.library import ManifestModels
from scribe_app.adapters.models.manifest import Model
from scribe_app.adapters.models.placed import LIST
from scribe_app.adapters.models.sources import NOTHING, FolderSource, Source, source_of
from scribe_app.errors import ModelError
from scribe_app.ports import FoundModel, ModelFile, ModelImport

SHOWN_LICENCE = 2_000
"""Characters of the licence's beginning."""


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What is to be copied, and who vouches for it."""

    model: Model
    vouched: str
    bundle: Bundle | None = None
    papers: tuple[tuple[str, bytes], ...] = ()
    """The bundle's own document and signature, as they were checked."""


class BundleImporter:
    """Imports into the user's models folder, or for everyone into the machine's."""

    def __init__(
        self, models: ManifestModels, machine: Path, user: str, clock: Callable[[], datetime]
    ) -> None:
        """`machine` is where models for everyone on this computer lie; only administrators write there."""
        self._models, self._machine = models, machine
        self._user, self._clock = user, clock

    def bring(
        self,
        source: Path,
        id: str = "",
        *,
        machine: bool = False,
        unsigned: bool = False,
        found: Callable[[FoundModel], None] = lambda found: None,
        progress: Progress = lambda done, size: None,
    ) -> ModelImport:
        """Check, copy, check the copy, put it in its place in one step. See the port."""
        root = self._machine if machine else self._models.folders[-1]
        try:
            with source_of(source) as opened:
                wanted = self._wanted(opened, id, unsigned)
                self._require_allowed(wanted)
                size = sum(_size(opened, file) for file in wanted.model.files)
                found(self._told(wanted, size, root, opened))
                copying = Copying(root, wanted.model, progress, size)
                files = copying.copy(opened, wanted.papers)
        except zips.BROKEN as error:
            raise ModelError(
                f"{source.name} is damaged: it cannot be unpacked.",
                NOTHING,
                "Get it anew from whoever made it.",
            ) from error
        except OSError as error:
            raise ModelError(
                f"{source.name} cannot be read: {error.strerror or f'it has no {error}'}.",
                NOTHING,
                "Check the share or stick, and your access to it.",
            ) from error
        return self._settle(copying, wanted, files, root)

    # --- before copying -----------------------------------------------------------------------------

    def _wanted(self, source: Source, id: str, unsigned: bool) -> _Wanted:
        if source.has(DOCUMENT):
            return self._signed(source, id)
        if not isinstance(source, FolderSource):
            raise ModelError(
                f"{source.name} is not a model bundle: it has no {DOCUMENT}.",
                NOTHING,
                "Get a bundle made with packaging/model_bundle.py, or give the model's folder.",
            )
        return self._plain(source, id, unsigned)

    def _signed(self, source: Source, id: str) -> _Wanted:
        if not source.has(SIGNATURE):
            raise ModelError(
                f"{source.name} is a bundle without a signature.",
                NOTHING,
                "Get it anew from whoever made it.",
            )
        document = _read(source, DOCUMENT, MOST_DOCUMENT)
        signature = _read(source, SIGNATURE, MOST_SIGNATURE)
        bundle = read_bundle(source.name, document, signature, self._models.trust)
        if id and id != bundle.model.id:
            raise ModelError(
                f"{source.name} holds the model {bundle.model.id}, not {id}.", NOTHING, "Give another bundle."
            )
        source.require_only([DOCUMENT, SIGNATURE, *(file.path for file in bundle.model.files)])
        self._require_new(bundle)
        papers = ((DOCUMENT, document), (SIGNATURE, signature))
        return _Wanted(bundle.model, f"{bundle.made_by or 'key'} ({bundle.signer})", bundle, papers)

    def _require_new(self, bundle: Bundle) -> None:
        serial, digest = records.highest_serial(self._models.folders, bundle.model.id)
        if bundle.serial > serial or (bundle.serial == serial and bundle.digest == digest):
            return
        what = "older than" if bundle.serial < serial else "another bundle with the same number as"
        raise ModelError(
            f"This bundle of {bundle.model.id} (number {bundle.serial}) is {what} what was imported before "
            f"(number {serial}).",
            NOTHING,
            "Get the newest bundle. To go back on purpose, have IT make a new bundle of the older model.",
        )

    def _plain(self, source: Source, id: str, unsigned: bool) -> _Wanted:
        model = self._named(source, id)
        if model.package:
            raise ModelError(
                f"The model {model.id} comes as a Python package.", NOTHING, "Run packaging/setup.sh."
            )
        for file in model.files:
            if not source.has(file.path):
                raise ModelError(
                    f"{source.name} is not the model {model.id}: it has no {file.path}.",
                    NOTHING,
                    f"It must hold {', '.join(file.path for file in model.files)}.",
                )
        if model.hashed:
            return _Wanted(model, LIST)
        if not self._models.trust.unsigned:
            raise ModelError(
                f"Nobody signed these files of {model.id}, and your organisation allows only signed models.",
                NOTHING,
                "Ask IT for a signed bundle of it.",
            )
        if not unsigned:
            raise ModelError(
                f"Nobody vouches for these files of {model.id}: they are not signed, and their hashes are "
                "not known here.",
                NOTHING,
                "Get a signed bundle; or, if you know where they come from, import with --unsigned.",
            )
        return _Wanted(model, "")

    def _named(self, source: Source, id: str) -> Model:
        known = [entry.id for entry in self._models.entries()]
        fitting = [
            model
            for one in known
            if (model := self._models.listed(one)) is not None
            and len(model.files) == 1
            and source.has(model.files[0].path)
        ]
        model = self._models.listed(id or source.name)
        if model is None and not id and len(fitting) == 1:
            model = fitting[0]
        if model is None:
            raise ModelError(
                f"Which model {source.name} is, is not known.",
                NOTHING,
                f"Say it with --id; known are: {', '.join(known)}.",
            )
        return model

    def _require_allowed(self, wanted: _Wanted) -> None:
        if not self._models.allows(wanted.model.id):
            raise ModelError(
                f"Your organisation does not allow the model {wanted.model.id}.",
                NOTHING,
                "Choose another one.",
            )

    def _told(self, wanted: _Wanted, size: int, root: Path, source: Source) -> FoundModel:
        model, text = wanted.model, ""
        if wanted.bundle is not None and wanted.bundle.licence_file:
            with source.open(wanted.bundle.licence_file) as stream:
                text = stream.read(SHOWN_LICENCE).decode("utf-8", errors="replace")
        return FoundModel(
            id=model.id,
            name=model.name,
            licence=model.licence,
            licence_text="".join(sign for sign in text if sign.isprintable() or sign == "\n"),
            size=size,
            serial=wanted.bundle.serial if wanted.bundle is not None else 0,
            vouched=wanted.vouched,
            target=root / model.id,
        )

    # --- after copying ------------------------------------------------------------------------------

    def _settle(
        self, copying: Copying, wanted: _Wanted, files: tuple[ModelFile, ...], root: Path
    ) -> ModelImport:
        """The serial number first: a crash in between may make an import be done again, never undone."""
        model, bundle = wanted.model, wanted.bundle
        weights = next(file for file in files if file.path == model.weights.path)
        done = ModelImport(
            number=secrets.token_hex(4),
            at=self._clock(),
            user=self._user,
            id=model.id,
            serial=bundle.serial if bundle is not None else 0,
            sha256=weights.sha256,
            vouched=wanted.vouched,
        )
        with copying.told_as_errors():
            copying.keep(RECORD, records.file_record(files))
            if bundle is not None:
                records.keep_serial(root, model.id, bundle.serial, bundle.digest)
            copying.put_in_place()
            records.add_import(root, done)
        return done


def _read(source: Source, path: str, most: int) -> bytes:
    try:
        with source.open(path) as stream:
            content = stream.read(most + 1)
    except OSError as error:
        raise ModelError(
            f"{path} in {source.name} cannot be read: {error.strerror or 'it is damaged'}.",
            NOTHING,
            "Check the share or stick.",
        ) from error
    if len(content) > most:
        raise ModelError(f"{path} in {source.name} is too large.", NOTHING, "Get the bundle anew.")
    return content


def _size(source: Source, file: ModelFile) -> int:
    """By the list; for a file whose size nobody has written down, as it lies there."""
    if file.size:
        return file.size
    try:
        with source.open(file.path) as stream:
            return stream.seek(0, 2)
    except OSError as error:
        raise ModelError(
            f"{file.path} in {source.name} cannot be read: {error.strerror}.",
            NOTHING,
            "Check the share or stick.",
        ) from error
