"""Numbers in spoken and written text: figures, number words, units, blood pressures, frequencies."""

from __future__ import annotations

from scribe_app.domain.lexicon.numerals import SHOWN
from scribe_app.domain.number_reader import NumberReader
from scribe_app.domain.quantities import NumberKind, Quantity, same_amount

__all__ = ["NumberKind", "Quantity", "figure", "numbers_in", "same_amount", "with_digits"]


def numbers_in(text: str, language: str, lenient: bool = False) -> list[Quantity]:
    """Every number of a text in order.

    "One" (and Dutch "een") counts only before a unit or something countable. `lenient` adds what
    may stand for a number in speech ("one" alone, "a week", "a couple"): for evidence, not for claims.
    """
    reader = NumberReader(text, "nl" if language.startswith("nl") else "en", lenient)
    return reader.read()


def with_digits(text: str, language: str) -> str:
    """The text with spoken numbers in figures and units by their sign.

    "one hundred and forty-eight over eighty-eight" → "148/88"; "five milligrams" → "5 mg"; "a couple" stays.
    """
    dutch = language.startswith("nl")
    result, at = [], 0
    for quantity in numbers_in(text, language):
        said = text[quantity.start : quantity.end]
        shown = _shown(quantity, said, dutch)
        result += [text[at : quantity.start], shown]
        at = quantity.end
    return "".join(result) + text[at:]


def figure(value: float, dutch: bool = False) -> str:
    """A number as a letter writes it: 5, 37.9; with a decimal comma in Dutch."""
    shown = f"{value:.10g}"
    return shown.replace(".", ",") if dutch else shown


def _shown(quantity: Quantity, said: str, dutch: bool) -> str:
    """One quantity as a letter writes it; `said` is its own stretch of the text."""
    if quantity.second is not None and quantity.kind is not NumberKind.DURATION:
        return f"{figure(quantity.value, dutch)}/{figure(quantity.second, dutch)}"
    words = said[: quantity.number_end - quantity.start]
    rest = said[quantity.number_end - quantity.start :]
    if not words or quantity.value in (0.25, 0.5):
        return said  # "half a tablet" and "twice a day" read better as they are
    number = words if words[0].isdigit() else figure(quantity.value, dutch)
    spelled_out = len(rest.strip(" -")) > len(SHOWN.get(quantity.unit, rest))
    if spelled_out and not (dutch and quantity.unit == "mcg"):
        return number + ("" if quantity.unit == "%" else " ") + SHOWN[quantity.unit]
    return number + rest
