"""Letter templates, bundled and own."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import TemplateError


class TemplateLibrary(Protocol):
    """Letter templates, bundled and the clinician's own."""

    def names(self) -> list[str]:
        """All template names, also of files that turn out to be broken."""

    def own(self) -> frozenset[str]:
        """Names of the clinician's own templates, changed bundled ones too."""

    def bundled(self) -> frozenset[str]:
        """Names that come with the program, which `restore` brings back."""

    def template(self, name: str, version: int = 0) -> LetterTemplate:
        """One template; with `version`, as it was then where that is still known.

        Raises TemplateError when it is unknown (listing those that exist) or broken.
        """

    def working(self) -> tuple[list[LetterTemplate], list[TemplateError]]:
        """Every template that can be used, and for each broken file what is wrong with it."""

    def check(self, text: str, name: str) -> LetterTemplate:
        """A template from the text of a file. Raises TemplateError naming the line and the reason."""

    def text_of(self, template: LetterTemplate) -> str:
        """A template as the text of its file."""

    def example(self, file: Path) -> str:
        """The text of a letter in a .txt or .docx file (example, or from before). Raises TemplateError."""

    def save(self, template: LetterTemplate) -> LetterTemplate:
        """Keep it as the clinician's own, as a new version. Raises TemplateError; nothing is changed then."""

    def restore(self, name: str) -> None:
        """Take the clinician's own away, back to the bundled one. Raises TemplateError."""
