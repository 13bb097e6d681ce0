"""The language of the window. The texts stand in the code in English; resources/locale has their Dutch.

    tr("Start recording")
    tr("Remove: {text}", text=statement.text)          placeholders by name
    trn("1 place", "{count} places", count)            one and many; {count} is filled in
    LABELS = {"light": later("Light")}                 a table made at import; tr(LABELS[…]) where it is shown
    translated(error.title)                            what was written below the window, in English

Below the window everything is English: log, database, --json and the command line do not depend on who looks.
Errors and other texts from there are looked up whole when they are shown, with what was filled in taken out
of them and put into the Dutch sentence. A text that the catalogue lacks is shown in English.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from scribe_app.errors import ScribeError
from scribe_app.paths import resources_folder

ENGLISH, DUTCH = "en", "nl"
SYSTEM = "system"
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Catalogue:
    """English to another language. `texts` are the window's own, `below` those written below it."""

    language: str = ENGLISH
    texts: Mapping[str, str | list[str]] = field(default_factory=dict)
    below: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def patterns(self) -> list[tuple[re.Pattern[str], str]]:
        """Sentences with something filled in; those that say most come first."""
        filled = [text for text in self.below if _PLACEHOLDER.search(text)]
        filled.sort(key=lambda text: -len(_PLACEHOLDER.sub("", text)))
        return [(_pattern(text), self.below[text]) for text in filled]

    def one(self, text: str) -> str:
        """The window's text in this language."""
        found = self.texts.get(text, text)
        return found if isinstance(found, str) else found[0]

    def many(self, one: str, many: str, count: int) -> str:
        """The form for this count. English and Dutch have two forms, split alike."""
        found = self.texts.get(one, [one, many])
        return found if isinstance(found, str) else found[0 if count == 1 else 1]

    def whole(self, text: str) -> str:
        """A text from below the window, with what was filled in; as it is where it is not known."""
        if not self.below:
            return text
        found = self._known(text)
        if found is None and text[:1].isupper():  # begins a sentence here, and stands within one elsewhere
            found = self._known(text[0].lower() + text[1:])
            found = found and found[0].upper() + found[1:]
        return self.one(text) if found is None else found

    def _known(self, text: str) -> str | None:
        if text in self.below:
            return self.below[text]
        for pattern, dutch in self.patterns:
            match = pattern.fullmatch(text)
            if match:
                return _filled(dutch, {name: self.whole(value) for name, value in match.groupdict().items()})
        return None


def _pattern(text: str) -> re.Pattern[str]:
    parts = _PLACEHOLDER.split(text)
    return re.compile(
        "".join(f"(?P<{part}>.*?)" if at % 2 else re.escape(part) for at, part in enumerate(parts)), re.DOTALL
    )


def _filled(text: str, values: Mapping[str, object]) -> str:
    """Placeholders filled in; braces in what a person wrote are left alone."""
    return _PLACEHOLDER.sub(lambda match: str(values.get(match[1], match[0])), text)


def load_catalogue(language: str) -> Catalogue:
    """The catalogue of a language, from resources/locale; English needs none."""
    folder = resources_folder() / "locale" / language
    if language == ENGLISH:
        return Catalogue()
    return Catalogue(language, _read(folder / "window.toml"), _read(folder / "below.toml"))


def _read(file: Path) -> dict[str, str]:
    return tomllib.loads(file.read_text(encoding="utf-8"))


_in_use = [Catalogue()]


def use(language: str) -> None:
    """Speak this language from here on: en or nl. What is on the screen already keeps its words."""
    _in_use[0] = load_catalogue(language)


def current() -> str:
    """en or nl."""
    return _in_use[0].language


def later(text: str) -> str:
    """The same text, marked: it has its Dutch, and is translated where it is shown."""
    return text


def tr(text: str, /, **values: object) -> str:
    """A text of the window, with its placeholders filled in."""
    found = _in_use[0].one(text)
    return _filled(found, values) if values else found


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """A text of the window that counts something; {count} is the count."""
    return _filled(_in_use[0].many(one, many, count), {"count": count, **values})


def translated(text: str) -> str:
    """A text that was written below the window, in the window's language."""
    return _in_use[0].whole(text)


def error_text(error: ScribeError) -> str:
    """What happened, what was kept and what to do, in the window's language."""
    return " ".join(translated(part) for part in (error.title, error.detail, error.remedy) if part)
