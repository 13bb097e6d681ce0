"""The catalogue: placeholders, counts, and sentences from below the window found again with their values."""

from __future__ import annotations

import pytest

from scribe_app import language
from scribe_app.errors import ScribeError
from scribe_app.language import Catalogue, error_text, later, tr, translated, trn

CATALOGUE = Catalogue(
    "nl",
    {
        "Start recording": "Opname starten",
        "Remove: {text}": "Verwijderen: {text}",
        "1 place": ["1 plaats", "{count} plaatsen"],
        "A letter": "Een brief",
    },
    {
        "Nothing was changed.": "Er is niets gewijzigd.",
        "The file {name} is broken: {why}.": "Het bestand {name} is beschadigd: {why}.",
        "{file} is broken.": "{file} is beschadigd.",
        "no room": "geen ruimte",
    },
)


@pytest.fixture
def dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_in_use", [CATALOGUE])


@pytest.mark.usefixtures("dutch")
def test_texts_are_found_and_filled_in() -> None:
    assert tr("Start recording") == "Opname starten"
    assert tr("Remove: {text}", text="{text} 5 mg {x}") == "Verwijderen: {text} 5 mg {x}"
    assert tr("Not in the catalogue") == "Not in the catalogue"
    assert [trn("1 place", "{count} places", count) for count in (0, 1, 2)] == [
        "0 plaatsen", "1 plaats", "2 plaatsen",
    ]  # fmt: skip
    assert later("Start recording") == "Start recording"


def test_english_needs_no_catalogue() -> None:
    assert language.current() == "en"
    assert tr("Remove: {text}", text="a") == "Remove: a"
    assert [trn("1 place", "{count} places", count) for count in (1, 2)] == ["1 place", "2 places"]
    assert translated("The file a is broken: b.") == "The file a is broken: b."


@pytest.mark.usefixtures("dutch")
def test_sentences_from_below_are_found_by_their_shape() -> None:
    assert translated("Nothing was changed.") == "Er is niets gewijzigd."
    assert translated("The file a.txt is broken: no room.") == "Het bestand a.txt is beschadigd: geen ruimte."
    assert translated("The file a.txt is broken: x\ny.") == "Het bestand a.txt is beschadigd: x\ny."
    assert translated("a.txt is broken.") == "a.txt is beschadigd."
    assert translated("No room") == "Geen ruimte", "as it begins a sentence"
    assert (
        translated("The file a is broken: b is broken..") == "Het bestand a is beschadigd: b is beschadigd.."
    )
    assert translated("A letter") == "Een brief", "the window's own texts count as well"
    assert translated("Never seen.") == "Never seen."
    error = ScribeError("b.docx is broken.", "Nothing was changed.", "Never seen.")
    assert error_text(error) == "b.docx is beschadigd. Er is niets gewijzigd. Never seen."


@pytest.mark.usefixtures("dutch")
def test_the_log_and_the_command_line_keep_to_english() -> None:
    assert str(ScribeError("Nothing was changed.")) == "Nothing was changed."
