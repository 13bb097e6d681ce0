"""Reading a letter template: every rule that a file must keep, and the line that breaks one.

A template is one file NAME.toml of at most 64 KiB with the fields title, language, version, audience,
opening, closing, verbatim, layout, person and a list of sections, each with the fields of SectionSpec.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.topics import TOPICS
from scribe_app.errors import TemplateError
from scribe_app.language import later

MAX_BYTES = 64 * 1024
MAX_SECTIONS = 60
MAX_GUIDANCE = 1000
"""Characters: what a model is told about one section."""
MAX_LINE = 200
"""Characters of a title, heading or key."""

_LETTER_FIELDS: dict[str, type] = {
    "title": str, "language": str, "version": int, "audience": str, "opening": str, "closing": str,
    "verbatim": bool, "layout": str, "person": str, "sections": list,
}  # fmt: skip
_SECTION_FIELDS: dict[str, type] = {
    "key": str, "heading": str, "guidance": str, "topics": list, "presence": str, "source": str,
    "clinician_only": bool, "snomed_code": str,
}  # fmt: skip
_KIND_NAMES = {
    str: later("text in quotes"),
    int: later("a whole number"),
    bool: later("true or false"),
    list: later("a list"),
}
_Choice = TypeVar("_Choice", bound=StrEnum)
_PLACEHOLDER = re.compile(r"\{[{%#]|[%#}]\}|\$\{|<[%?]")
"""What other programs fill in, or loop over: here it would stand in the letter as it is."""
_NO_HEADING = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
"""Signs by which a heading is no line, or reads as another."""
_SECTION_LINE = re.compile(r"\s*\[\[\s*sections\s*\]\]")


def template_from_file(path: Path, name: str = "") -> LetterTemplate:
    """The template in a file, named like the file or as told.

    Raises:
        TemplateError: what is wrong, with file and line.
    """
    name = name or path.stem
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _broken(name, str(path), f"The file is larger than {MAX_BYTES // 1024} KiB.", "Shorten it.")
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise _broken(
            name, str(path), f"It cannot be read: {error.strerror}.", "Check access to the file."
        ) from error
    except UnicodeDecodeError as error:
        raise _broken(name, str(path), "It is not text in UTF-8.", "Save it as UTF-8.") from error
    return template_from_text(text, name, str(path))


def template_from_text(text: str, name: str, where: str) -> LetterTemplate:
    """The template in the text of a file; `where` is named in errors.

    Raises:
        TemplateError: what is wrong, with its line.
    """
    source = _Source(name, where, text)
    if len(text.encode(errors="replace")) > MAX_BYTES:
        raise source.broken(f"The file is larger than {MAX_BYTES // 1024} KiB.", "Shorten it.")
    table = _Table(_parsed(source), source)
    table.allow(_LETTER_FIELDS)
    sections = tuple(
        _section(source, number, value) for number, value in enumerate(table.sections(), start=1)
    )
    keys = [section.key for section in sections]
    twice = sorted({key for key in keys if keys.count(key) > 1})
    if twice:
        second = [number for number, key in enumerate(keys, start=1) if key == twice[0]][1]
        raise source.broken(
            f"Two sections have the same key: {', '.join(twice)}.",
            "Give each section its own key.",
            second,
            "key",
        )
    named: dict[str, int] = {}
    for number, section in enumerate(sections, start=1):
        first = named.setdefault(" ".join(section.heading.casefold().split()), number)
        if first != number:
            raise source.broken(
                f"Sections {first} and {number} have the same heading: {section.heading}.",
                "Give each section its own heading: nobody could tell them apart.",
                number,
                "heading",
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
        verbatim=bool(table.fields.get("verbatim", False)),
        layout=table.one_of("layout", ("lines", "bullets", "prose")),
        person=table.one_of("person", ("first", "third")),
    )


def _section(source: _Source, number: int, value: object) -> SectionSpec:
    where = later(f"Section {number}")
    if not isinstance(value, dict):
        raise source.broken(f"{where} is not a table of fields.", "Start each section with [[sections]].")
    table = _Table(value, source, number)
    table.allow(_SECTION_FIELDS)
    origin = table.choice("source", SectionSource, SectionSource.CONVERSATION)
    topics = table.topics()
    if origin is SectionSource.CONVERSATION and not topics:
        raise source.broken(
            f"{where} names no topics, so nothing would ever stand in it.", _topics_remedy(), number, "topics"
        )
    return SectionSpec(
        key=table.text("key", required=True),
        heading=table.text("heading", required=True),
        guidance=" ".join(table.text("guidance", required=True, most=MAX_GUIDANCE).split()),
        topics=topics,
        presence=table.choice("presence", Presence, Presence.OPTIONAL),
        source=origin,
        clinician_only=bool(table.fields.get("clinician_only", False)),
        snomed_code=table.text("snomed_code"),
    )


def _parsed(source: _Source) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text)
    except tomllib.TOMLDecodeError as error:
        raise source.broken(f"It is not valid TOML: {error}.", "Correct that line.") from error
    except RecursionError as error:
        raise source.broken("Its values are nested too deeply.", "Remove the nesting.") from error


@dataclass(frozen=True, slots=True)
class _Source:
    """The text that a template is read from, and what it is called in errors."""

    name: str
    where: str
    text: str

    def broken(self, detail: str, remedy: str, section: int = 0, field: str = "") -> TemplateError:
        """The error, with the line of that field of that section, where it can be told."""
        line = self._line(section, field) if section or field else 0
        return _broken(self.name, self.where, detail, remedy, line)

    def _line(self, section: int, field: str) -> int:
        """The line of a field; of its section where the field is missing; 0 where neither is found."""
        at = seen = 0
        for number, line in enumerate(self.text.splitlines(), start=1):
            if _SECTION_LINE.match(line):
                seen += 1
                at = number if seen == section else at
            elif seen == section and field and re.match(rf"\s*[\"']?{re.escape(field)}[\"']?\s*=", line):
                return number
        return at


class _Table:
    """The fields of a letter or of one section, checked as they are asked for."""

    def __init__(self, fields: Mapping[str, Any], source: _Source, section: int = 0) -> None:
        self.fields = fields
        self._source = source
        self._section = section

    def allow(self, known: Mapping[str, type]) -> None:
        """Refuse unknown fields and values of another kind."""
        for name, value in self.fields.items():
            if name not in known:
                raise self.broken(
                    f"unknown field “{name[:MAX_LINE]}”.", f"Fields that exist: {', '.join(known)}.", name
                )
            if type(value) is not known[name]:
                raise self.broken(f"“{name}” must be {_KIND_NAMES[known[name]]}.", "Correct its value.", name)

    def text(self, name: str, required: bool = False, most: int = MAX_LINE) -> str:
        """A text field without spaces around it."""
        value = str(self.fields.get(name, "")).strip()
        if required and not value:
            raise self.broken(f"“{name}” is missing or empty.", f'Add {name} = "…".', name)
        if len(value) > most:
            raise self.broken(f"“{name}” is longer than {most} characters.", "Shorten it.", name)
        if found := _PLACEHOLDER.search(value):
            raise self.broken(
                f"“{name}” has “{found[0]}”, but nothing is filled in and nothing is repeated here.",
                "Write the words that shall stand there; who and when come from a section with "
                'source = "application".',
                name,
            )
        if name in ("key", "heading") and _NO_HEADING.search(value):
            raise self.broken(f"“{name}” has a line break or an invisible sign.", "Take it out.", name)
        return value

    def one_of(self, name: str, known: Sequence[str], required: bool = False) -> str:
        """A text field that must be one of a few words."""
        value = self.text(name, required)
        if value and value not in known:
            raise self.broken(f"“{name}” is “{value}”.", f"Use one of: {', '.join(known)}.", name)
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
            raise self.broken(f"unknown topic “{unknown[0]}”.", _topics_remedy(), "topics")
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
                "“version” must be 1 or more.", "Add version = 1, and raise it with each change.", "version"
            )
        return version

    def broken(self, what: str, remedy: str, field: str = "") -> TemplateError:
        """The error that names the file, the line, the section and the field."""
        section = self._section
        detail = later(f"Section {section}: {what}") if section else what[0].upper() + what[1:]
        return self._source.broken(detail, remedy, self._section, field)


def _broken(name: str, where: str, detail: str, remedy: str, line: int = 0) -> TemplateError:
    told = later(f"Line {line}. {detail}") if line else detail
    do = remedy if where == name else later(f"{remedy} File: {where}")
    return TemplateError(f"The letter template “{name}” is broken.", told, do)


def _topics_remedy() -> str:
    return later(f"Topics that exist: {', '.join(TOPICS)}.")
