"""The TemplateLibrary port over folders of TOML files.

The last folder is the clinician's own: what is saved goes there, with a version one above every version
that there ever was. The file that it replaces is kept in `earlier/NAME.VERSION.toml`, so that a letter can
always be read with the template it was written with.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from scribe_app.adapters.templates.examples import text_of
from scribe_app.adapters.templates.reading import MAX_LINE, template_from_file, template_from_text
from scribe_app.adapters.templates.writing import template_text
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import TemplateError

log = logging.getLogger(__name__)

EARLIER = "earlier"
"""Subfolder of replaced versions."""
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_NO_NAMES = frozenset(
    {"con", "prn", "aux", "nul", *(f"com{n}" for n in range(10)), *(f"lpt{n}" for n in range(10))}
)
"""Names that Windows keeps for devices."""
_EARLIER_FILE = re.compile(r"(?P<name>.+)\.(?P<version>[0-9]{1,9})")


class TomlTemplates:
    """Templates by name; of two with one name the later folder's wins."""

    def __init__(self, folders: Sequence[Path], allowed: Callable[[str], bool] = lambda name: True) -> None:
        """`allowed` is the organisation's policy: other templates are not offered, but letters keep them."""
        self._folders = list(folders)
        self._allowed = allowed

    # --- reading ------------------------------------------------------------------------------------

    def names(self) -> list[str]:
        """Names to choose from, in alphabetical order; broken files too: they are refused when used."""
        return sorted(name for name in self._files() if self._allowed(name))

    def replaced(self) -> dict[str, Path]:
        """Names that occur in more than one folder, with the file that is used, to be shown."""
        seen: dict[str, int] = {}
        for folder in self._folders:
            for path in _toml_files(folder):
                seen[path.stem] = seen.get(path.stem, 0) + 1
        files = self._files()
        return {name: files[name] for name, count in seen.items() if count > 1 and name in files}

    def own(self) -> frozenset[str]:
        """Names of the clinician's own templates, changed bundled ones too."""
        if len(self._folders) < 2:
            return frozenset()
        return frozenset(path.stem for path in _toml_files(self._folders[-1]))

    def bundled(self) -> frozenset[str]:
        """Names that come with the program (or from IT), which restoring brings back."""
        return frozenset(path.stem for folder in self._folders[:-1] for path in _toml_files(folder))

    def template(self, name: str, version: int = 0) -> LetterTemplate:
        """One template, read afresh from its file; with `version`, as it was then, where that is still known.

        Raises:
            TemplateError: there is none of this name (the remedy lists them) or its file is broken.
        """
        if version and (then := self._as_it_was(name, version)):
            return then
        files = self._files()
        if name not in files:
            raise TemplateError(
                f"There is no letter template named “{name[:MAX_LINE]}”.",
                "Nothing was changed.",
                f"Choose one of: {', '.join(self.names()) or 'none found; the installation is incomplete'}.",
            )
        if name in self.replaced():
            log.info("template %s is read from the later folder", name)
        return template_from_file(files[name])

    def working(self) -> tuple[list[LetterTemplate], list[TemplateError]]:
        """Every template that can be used, and for each broken file what is wrong with it."""
        templates, problems = [], []
        for name in self.names():
            try:
                templates.append(self.template(name))
            except TemplateError as error:
                problems.append(error)
        return templates, problems

    def check(self, text: str, name: str) -> LetterTemplate:
        """A template from the text of a file, checked like a file of that name.

        Raises:
            TemplateError: what is wrong, with its line.
        """
        return template_from_text(text, name, name)

    def text_of(self, template: LetterTemplate) -> str:
        """A template as the text of its file."""
        return template_text(template)

    def example(self, file: Path) -> str:
        """The text of an example letter, .txt or .docx. Raises TemplateError."""
        return text_of(file)

    # --- changing -----------------------------------------------------------------------------------

    def save(self, template: LetterTemplate) -> LetterTemplate:
        """Keep a template as the clinician's own, as a new version; what it replaces is kept as earlier.

        Raises:
            TemplateError: it breaks a rule, or cannot be written; nothing is changed then.
        """
        name = self._fit(template.name)
        saved = replace(template, name=name, version=self._newest(name) + 1, wording="")
        text = template_text(saved)
        self.check(text, name)
        folder = self._folders[-1]
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._put_aside(name)
            _write(folder / f"{name}.toml", text)
        except OSError as error:
            raise self._not_written(name, error) from error
        return saved

    def restore(self, name: str) -> None:
        """Take the clinician's own file away, so that the bundled template of that name is used again.

        A template of their own that replaces none is taken away altogether. Both stay among the earlier ones.

        Raises:
            TemplateError: there is no such file, or it cannot be moved.
        """
        if name not in self.own():
            raise TemplateError(
                f"You have no template of your own named “{name[:MAX_LINE]}”.", "Nothing was changed."
            )
        try:
            self._put_aside(name)
            (self._folders[-1] / f"{name}.toml").unlink(missing_ok=True)
        except OSError as error:
            raise self._not_written(name, error) from error

    # --- inside -------------------------------------------------------------------------------------

    def _files(self) -> dict[str, Path]:
        return {path.stem: path for folder in self._folders for path in _toml_files(folder)}

    def _as_it_was(self, name: str, version: int) -> LetterTemplate | None:
        places = [folder / f"{name}.toml" for folder in reversed(self._folders)]
        places += [folder / EARLIER / f"{name}.{version}.toml" for folder in reversed(self._folders)]
        if not _NAME.fullmatch(name):
            places = [path for path in places if path.parent.name != EARLIER]
        for path in places:
            try:
                found = template_from_file(path, name) if path.is_file() else None
            except TemplateError:
                continue  # a broken file is told of where it is listed
            if found is not None and found.version == version:
                return found
        return None

    def _newest(self, name: str) -> int:
        """The highest version that there ever was; 0 when the name is new."""
        versions = [0]
        for folder in self._folders:
            for path in _toml_files(folder / EARLIER):
                match = _EARLIER_FILE.fullmatch(path.stem)
                if match and match["name"] == name:
                    versions.append(int(match["version"]))
            try:
                versions.append(template_from_file(folder / f"{name}.toml").version)
            except TemplateError:
                continue  # none there, or a broken one, which has no version
        return max(versions)

    def _put_aside(self, name: str) -> None:
        """Keep the own file that is about to be replaced, under its version; a broken one under 0."""
        path = self._folders[-1] / f"{name}.toml"
        if not path.is_file():
            return
        try:
            version = template_from_file(path).version
        except TemplateError:
            version = 0
        aside = self._folders[-1] / EARLIER
        aside.mkdir(exist_ok=True, mode=0o700)
        _write_bytes(aside / f"{name}.{version}.toml", path.read_bytes())

    def _fit(self, name: str) -> str:
        if len(self._folders) < 2:
            raise TemplateError("There is no folder for templates of your own.", "Nothing was changed.")
        lower = name.strip().lower()
        if not _NAME.fullmatch(lower) or lower in _NO_NAMES:
            raise TemplateError(
                f"“{name[:MAX_LINE]}” cannot be the name of a template.",
                "Nothing was saved.",
                "Use small letters, figures, - and _, at most 64, beginning with a letter or figure.",
            )
        return lower

    def _not_written(self, name: str, error: OSError) -> TemplateError:
        return TemplateError(
            f"The template “{name}” cannot be saved: {error.strerror}.",
            "The earlier one is kept.",
            f"Check free space and permissions of {self._folders[-1]}.",
        )


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.toml") if path.is_file())
    except OSError as error:
        raise TemplateError(
            "A folder of letter templates cannot be read.",
            "Nothing was changed.",
            f"Check access to {folder}: {error.strerror}.",
        ) from error


def _write(path: Path, text: str) -> None:
    _write_bytes(path, text.encode())


def _write_bytes(path: Path, content: bytes) -> None:
    """In one step, so that a crash leaves the old file or the new one."""
    part = path.with_suffix(".part")
    with part.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
