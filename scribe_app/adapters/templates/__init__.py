"""Letter templates as TOML files, bundled and the clinician's own, each with its earlier versions."""

from __future__ import annotations

from scribe_app.adapters.templates.library import TomlTemplates
from scribe_app.adapters.templates.writing import template_text

__all__ = ["TomlTemplates", "template_text"]
