"""Letter templates as TOML files: the bundled ones and the clinician's own.

A template is one file NAME.toml of at most 64 KiB with the fields title, language, version, audience,
opening, closing and a list of sections, each with the fields of SectionSpec. Names are those of the files.
"""

from __future__ import annotations

import logging
import tomllib
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.topics import TOPICS
from scribe_app.errors import TemplateError

log = logging.getLogger(__name__)

MAX_BYTES = 64 * 1024
MAX_SECTIONS = 60
MAX_GUIDANCE = 1000
"""Characters: what a model is told about one section."""
MAX_LINE = 200
"""Characters of a title, heading or key."""

_LETTER_FIELDS: dict[str, type] = {
    "title": str, "language": str, "version": int, "audience": str, "opening": str, "closing": str,
    "sections": list,
}  # fmt: skip
_SECTION_FIELDS: dict[str, type] = {
    "key": str, "heading": str, "guidance": str, "topics": list, "presence": str, "source": str,
    "clinician_only": bool, "snomed_code": str,
}  # fmt: skip
_KIND_NAMES = {str: "text in quotes", int: "a whole number", bool: "true or false", list: "a list"}
_KEPT = "Nothing was changed."
_Choice = TypeVar("_Choice", bound=StrEnum)


class TomlTemplates:
    """The TemplateLibrary port over folders of TOML files; of two with one name the later folder's wins."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = list(folders)

    def names(self) -> list[str]:
        """All template names in alphabetical order, broken files too: they are refused when used."""
        return sorted(self._files())

    def replaced(self) -> dict[str, Path]:
        """Names that occur in more than one folder, with the file that is used, to be shown."""
        seen: dict[str, int] = {}
        for folder in self._folders:
            for path in _toml_files(folder):
                seen[path.stem] = seen.get(path.stem, 0) + 1
        files = self._files()
        return {name: files[name] for name, count in seen.items() if count > 1}

    def template(self, name: str) -> LetterTemplate:
        """One template, read afresh from its file.

        Raises:
            TemplateError: there is none of this name (the remedy lists them) or its file is broken.
        """
        files = self._files()
        if name not in files:
            raise TemplateError(
                f"There is no letter template named “{name[:MAX_LINE]}”.",
                _KEPT,
                f"Choose one of: {', '.join(sorted(files)) or 'none found; the installation is incomplete'}.",
            )
        if name in self.replaced():
            log.info("template %s is read from the later folder", name)
        return _template(name, files[name])

    def _files(self) -> dict[str, Path]:
        return {path.stem: path for folder in self._folders for path in _toml_files(folder)}


def _toml_files(folder: Path) -> list[Path]:
    try:
        return sorted(path for path in folder.glob("*.toml") if path.is_file())
    except OSError as error:
        raise TemplateError(
            "A folder of letter templates cannot be read.",
            _KEPT,
            f"Check access to {folder}: {error.strerror}.",
        ) from error


def _template(name: str, path: Path) -> LetterTemplate:
    table = _Table(_parsed(path), path, "")
    table.allow(_LETTER_FIELDS)
    sections = tuple(_section(path, number, value) for number, value in enumerate(table.sections(), start=1))
    keys = [section.key for section in sections]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        raise _broken(
            path, f"Two sections have the same key: {', '.join(twice)}.", "Give each section its own key."
        )
    return LetterTemplate(
        name=name,
        title=table.text("title", required=True),
        language=table.one_of("language", ("en", "nl"), required=True),
        version=table.version(),
        sections=sections,
        audience=table.one_of("audience", ("clinician", "patient")) or "clinician",
        opening=table.text("opening", most=MAX_GUIDANCE),
        closing=table.text("closing", most=MAX_GUIDANCE),
    )


def _section(path: Path, number: int, value: object) -> SectionSpec:
    where = f"Section {number}"
    if not isinstance(value, dict):
        raise _broken(path, f"{where} is not a table of fields.", "Start each section with [[sections]].")
    table = _Table(value, path, f"{where}: ")
    table.allow(_SECTION_FIELDS)
    source = table.choice("source", SectionSource, SectionSource.CONVERSATION)
    topics = table.topics()
    if source is SectionSource.CONVERSATION and not topics:
        raise _broken(path, f"{where} names no topics, so nothing would ever stand in it.", _topics_remedy())
    return SectionSpec(
        key=table.text("key", required=True),
        heading=table.text("heading", required=True),
        guidance=" ".join(table.text("guidance", required=True, most=MAX_GUIDANCE).split()),
        topics=topics,
        presence=table.choice("presence", Presence, Presence.OPTIONAL),
        source=source,
        clinician_only=bool(table.fields.get("clinician_only", False)),
        snomed_code=table.text("snomed_code"),
    )


def _parsed(path: Path) -> dict[str, Any]:
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _broken(path, f"The file is larger than {MAX_BYTES // 1024} KiB.", "Shorten it.")
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise _broken(path, f"It cannot be read: {error.strerror}.", "Check access to the file.") from error
    except UnicodeDecodeError as error:
        raise _broken(path, "It is not text in UTF-8.", "Save it as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        raise _broken(path, f"It is not valid TOML: {error}.", "Correct that line.") from error
    except RecursionError as error:
        raise _broken(path, "Its values are nested too deeply.", "Remove the nesting.") from error


class _Table:
    """The fields of a letter or of one section, checked as they are asked for."""

    def __init__(self, fields: Mapping[str, Any], path: Path, where: str) -> None:
        self.fields = fields
        self._path = path
        self._where = where

    def allow(self, known: Mapping[str, type]) -> None:
        """Refuse unknown fields and values of another kind."""
        for name, value in self.fields.items():
            if name not in known:
                raise self.broken(
                    f"unknown field “{name[:MAX_LINE]}”.", f"Fields that exist: {', '.join(known)}."
                )
            if type(value) is not known[name]:
                raise self.broken(f"“{name}” must be {_KIND_NAMES[known[name]]}.", "Correct its value.")

    def text(self, name: str, required: bool = False, most: int = MAX_LINE) -> str:
        """A text field without spaces around it."""
        value = str(self.fields.get(name, "")).strip()
        if required and not value:
            raise self.broken(f"“{name}” is missing or empty.", f'Add {name} = "…".')
        if len(value) > most:
            raise self.broken(f"“{name}” is longer than {most} characters.", "Shorten it.")
        return value

    def one_of(self, name: str, known: Sequence[str], required: bool = False) -> str:
        """A text field that must be one of a few words."""
        value = self.text(name, required)
        if value and value not in known:
            raise self.broken(f"“{name}” is “{value}”.", f"Use one of: {', '.join(known)}.")
        return value

    def choice(self, name: str, kind: type[_Choice], default: _Choice) -> _Choice:
        """A text field that names a member of an enumeration."""
        value = self.one_of(name, [member.value for member in kind])
        return kind(value) if value else default

    def topics(self) -> tuple[str, ...]:
        """The topics of a section, each one that exists."""
        topics = self.fields.get("topics", [])
        unknown = [str(topic)[:MAX_LINE] for topic in topics if topic not in TOPICS]
        if unknown:
            raise self.broken(f"unknown topic “{unknown[0]}”.", _topics_remedy())
        return tuple(topics)

    def sections(self) -> list[object]:
        """The list of sections, neither empty nor huge."""
        sections = list(self.fields.get("sections", []))
        if not sections:
            raise self.broken(
                "there is no section.", "Add at least one [[sections]] with key, heading and guidance."
            )
        if len(sections) > MAX_SECTIONS:
            raise self.broken(
                f"there are more than {MAX_SECTIONS} sections.", "Split the letter into two templates."
            )
        return sections

    def version(self) -> int:
        """The version, 1 or more; it rises with each change, so that a letter says which one made it."""
        version = self.fields.get("version")
        if not isinstance(version, int) or version < 1:
            raise self.broken(
                "“version” must be 1 or more.", "Add version = 1, and raise it with each change."
            )
        return version

    def broken(self, what: str, remedy: str) -> TemplateError:
        """The error that names the file, the section and the field."""
        detail = self._where + what
        return _broken(self._path, detail[0].upper() + detail[1:], remedy)


def _broken(path: Path, detail: str, remedy: str) -> TemplateError:
    return TemplateError(f"The letter template “{path.stem}” is broken.", detail, f"{remedy} File: {path}")


def _topics_remedy() -> str:
    return f"Topics that exist: {', '.join(TOPICS)}."
