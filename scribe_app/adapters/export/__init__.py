"""A letter as a file: plain text, Word, PDF, FHIR or JSON."""

from __future__ import annotations

from scribe_app.adapters.export.exporter import Exporter
from scribe_app.adapters.export.letterhead import LOGO_FILE, letterhead_from

__all__ = ["LOGO_FILE", "Exporter", "letterhead_from"]
