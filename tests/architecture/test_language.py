"""The Dutch catalogue and the code are the same list, and no text of the window bypasses it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from translatable import PACKAGE, PLACEHOLDER, Text, catalogue, texts_below, window_texts

SHOWING = {
    "setText", "setToolTip", "setPlaceholderText", "setAccessibleName", "setAccessibleDescription",
    "setWindowTitle", "QLabel", "QPushButton", "QCheckBox", "Message", "addTab", "addAction", "button",
    "label", "add_action", "add_field", "set_name", "set_text", "set_tone", "pill", "set_busy", "tell",
    "show_empty", "show_trouble", "getSaveFileName", "getOpenFileName", "getOpenFileNames",
}  # fmt: skip
"""What puts a text on the screen."""
PROGRAM_NAME = "Scribe"


def spoken(name: str) -> list[Text]:
    return window_texts() if name == "window" else texts_below()


@pytest.mark.parametrize("name", ["window", "below"])
def test_every_text_has_its_dutch_and_nothing_is_left_over(name: str) -> None:
    known, wanted = catalogue(name), {text.text: text.place for text in spoken(name)}
    assert {text: place for text, place in wanted.items() if text not in known} == {}
    assert [text for text in known if text not in wanted] == [], "nobody says this any more"


@pytest.mark.parametrize("name", ["window", "below"])
def test_the_same_is_filled_in(name: str) -> None:
    known = catalogue(name)
    for text in spoken(name):
        dutch = known[text.text]
        forms = dutch if isinstance(dutch, list) else [dutch]
        assert len(forms) == (2 if text.many else 1), text
        for form, english in zip(forms, (text.text, text.many), strict=False):
            assert set(PLACEHOLDER.findall(form)) == set(PLACEHOLDER.findall(english)), (text.place, form)
            assert form.strip()
            assert (form[:1] == " ", form[-1:] == " ") == (english[:1] == " ", english[-1:] == " "), form


def test_what_is_looked_up_by_its_shape_has_a_shape() -> None:
    """With too few words of its own, a sentence from below would be found in any other."""
    vague = [text for text in catalogue("below") if PLACEHOLDER.search(text) and len(_letters(text)) < 4]
    assert vague == []


def _letters(text: str) -> str:
    return re.sub(r"[\W\d_]", "", PLACEHOLDER.sub("", text))


def test_no_text_of_the_window_bypasses_the_catalogue() -> None:
    """A literal that is put on the screen directly; what goes round by a variable, test_dutch finds."""
    assert list(untranslated()) == []


def untranslated() -> Iterator[str]:
    for file in sorted((PACKAGE / "ui").glob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            function = node.func if isinstance(node, ast.Call) else None
            name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
            if not isinstance(node, ast.Call) or name not in SHOWING:
                continue
            for argument in [*node.args, *(word.value for word in node.keywords if word.arg != "key")]:
                if _is_text(argument):
                    yield f"{file.name}:{node.lineno}: {ast.unparse(argument)}"


def _is_text(node: ast.expr) -> bool:
    """A literal of words: with a capital or a space; names of styles have neither."""
    if isinstance(node, ast.JoinedStr):
        words = "".join(part.value for part in node.values if isinstance(part, ast.Constant))
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        words = node.value
    else:
        return False
    return re.search(r"[^\W\d_]{2}", words) is not None and re.search(r"[A-Z ]", words) is not None


def test_the_catalogue_is_not_english() -> None:
    same = [text for text, dutch in catalogue("window").items() if text == dutch and len(text.split()) > 1]
    assert same == []


def test_the_catalogues_lie_where_the_program_looks() -> None:
    assert {file.name for file in (Path(PACKAGE).parent / "resources" / "locale" / "nl").iterdir()} == {
        "window.toml", "below.toml",
    }  # fmt: skip
