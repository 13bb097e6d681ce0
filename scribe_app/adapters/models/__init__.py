"""The ModelLibrary and ModelImporter ports: which models are known, which are here, how one comes here."""

from __future__ import annotations

from scribe_app.adapters.models.importing import BundleImporter
from scribe_app.adapters.models.library import ManifestModels
from scribe_app.adapters.models.trust import Trust

__all__ = ["BundleImporter", "ManifestModels", "Trust"]
