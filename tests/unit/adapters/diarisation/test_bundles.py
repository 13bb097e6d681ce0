"""The manifest's diarisation bundles, and the one that is here."""

from __future__ import annotations

from scribe_app.adapters.diarisation.sherpa import EMBEDDING, SEGMENTATION
from scribe_app.adapters.models import ManifestModels
from scribe_app.paths import bundled_models_folder
from scribe_app.ports import ModelTask


def test_every_bundle_of_the_manifest_has_these_two_files() -> None:
    models = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
    entries = [entry for entry in models.entries() if entry.task is ModelTask.DIARISATION]
    assert [{file.path for file in entry.files} for entry in entries] == [{SEGMENTATION, EMBEDDING}] * 2
    assert all(entry.licence for entry in entries)
    picked = models.pick(ModelTask.DIARISATION, "")
    assert picked is not None
    assert picked.path == bundled_models_folder() / "starter-diarisation", "the other one is not here"
    assert picked.caveat
