"""A letter as a file: plain text, Word, PDF, FHIR or JSON."""

from __future__ import annotations

from scribe_app.adapters.export.exporter import Exporter

__all__ = ["Exporter"]
