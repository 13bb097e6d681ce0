"""Errors of a transcript against what was said: in words, in medical terms, in numbers with their units.

Word error rate says little about clinical risk (arXiv 2511.16544): one wrong drug or dose outweighs ten
misheard fillers. So terms and numbers are counted on their own, each as a whole: right, or not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from scribe_app.domain.alignment import Pair, aligned
from scribe_app.domain.normaliser import as_written, normalised
from scribe_app.domain.numbers import Quantity, numbers_in
from scribe_app.domain.vocabulary import Term

__all__ = [
    "WordErrors", "ItemErrors", "MedicalTerms", "word_errors", "number_errors", "normalised", "as_written",
]  # fmt: skip

_INFLECTIONS = ("s", "es", "en", "n", "e", "je", "jes", "tje", "tjes")
"""Endings with which a term is still that term: statins, ontstekingen."""


@dataclass(frozen=True, slots=True)
class WordErrors:
    """Errors of one transcript against its reference."""

    words: int
    """In the reference."""
    substitutions: int = 0
    deletions: int = 0
    insertions: int = 0

    @property
    def rate(self) -> float:
        """Errors per word of the reference; errors per one word where the reference is empty."""
        return (self.substitutions + self.deletions + self.insertions) / max(self.words, 1)


@dataclass(frozen=True, slots=True)
class ItemErrors:
    """Errors in things that are right as a whole or not at all."""

    said: int
    """In the reference."""
    wrong: int
    """Of them, left out or written as something else."""
    added: int
    """In the transcript, and not said there: a drug or a dose out of thin air, or in another's place."""

    @property
    def rate(self) -> float | None:
        """Share of what was said that is wrong; None where none was said."""
        return self.wrong / self.said if self.said else None


def word_errors(reference: str, transcript: str, language: str = "en", basic: bool = False) -> WordErrors:
    """Errors between two texts, both normalised; the fewest possible (Levenshtein over words).

    basic: by Whisper's basic normaliser, which lets "5 mg" and "five milligrams" differ.
    """
    written = as_written if basic else lambda text: normalised(text, language)
    said, heard = written(reference), written(transcript)
    pairs = aligned(said, heard)
    return WordErrors(
        len(said),
        sum(one is not None and other is not None and said[one] != heard[other] for one, other in pairs),
        sum(other is None for _, other in pairs),
        sum(one is None for one, _ in pairs),
    )


class MedicalTerms:
    """Names whose errors are counted, found in normalised words, inflected or not; the longest one counts."""

    def __init__(self, terms: Iterable[Term], language: str) -> None:
        self._language = language
        self._by_first: dict[str, set[tuple[str, ...]]] = {}
        for term in terms:
            words = tuple(normalised(term.text, language))
            if words:
                self._by_first.setdefault(words[0], set()).add(words)

    def errors(self, reference: str, transcript: str) -> ItemErrors:
        """A term is right where each of its words is, with nothing between them."""
        said, heard = normalised(reference, self._language), normalised(transcript, self._language)
        return _item_errors(said, heard, self.spans)

    def spans(self, words: Sequence[str]) -> list[range]:
        """Where terms stand."""
        found: list[range] = []
        at = 0
        while at < len(words):
            length = max(
                (len(term) for term in self._candidates(words[at]) if _is(term, words, at)), default=0
            )
            if length:
                found.append(range(at, at + length))
            at += length or 1
        return found

    def _candidates(self, word: str) -> Iterable[tuple[str, ...]]:
        yield from self._by_first.get(word, ())
        for ending in _INFLECTIONS:
            if word.endswith(ending):
                yield from self._by_first.get(word.removesuffix(ending), ())


def _is(term: tuple[str, ...], words: Sequence[str], at: int) -> bool:
    found = words[at : at + len(term)]
    if len(found) < len(term) or tuple(found[:-1]) != term[:-1]:
        return False
    return found[-1] == term[-1] or any(found[-1] == term[-1] + ending for ending in _INFLECTIONS)


def number_errors(reference: str, transcript: str, language: str = "en") -> ItemErrors:
    """Numbers with their units, in words or figures: "five milligrams" is "5 mg" and is not "5 mcg".

    A blood pressure, a score, a dose and a frequency each count as one; "one" and "een" only where they count
    something.
    """
    said, heard = _with_numbers(reference, language), _with_numbers(transcript, language)
    return _item_errors(said, heard, _numbers)


def _with_numbers(text: str, language: str) -> list[str]:
    """The words, each quantity as one."""
    words, at = list[str](), 0
    for quantity in numbers_in(text, language):
        words += [*normalised(text[at : quantity.start], language), _one_word(quantity)]
        at = quantity.end
    return words + normalised(text[at:], language)


_NUMBER = "#"


def _one_word(quantity: Quantity) -> str:
    second = f"/{quantity.second:.10g}" if quantity.second is not None else ""
    return f"{_NUMBER}{quantity.value:.10g}{second} {quantity.unit}"


def _numbers(words: Sequence[str]) -> list[range]:
    return [range(at, at + 1) for at, word in enumerate(words) if word.startswith(_NUMBER)]


def _item_errors(
    said: Sequence[str], heard: Sequence[str], spans: Callable[[Sequence[str]], list[range]]
) -> ItemErrors:
    pairs = aligned(said, heard)
    there = _equal(pairs, said, heard)
    back = {other: one for one, other in there.items()}
    asked, written = spans(said), spans(heard)
    wrong = sum(not _whole(span, there) for span in asked)
    return ItemErrors(len(asked), wrong, sum(not _whole(span, back) for span in written))


def _equal(pairs: Sequence[Pair], said: Sequence[str], heard: Sequence[str]) -> dict[int, int]:
    """Places of the reference with the same word, and where it stands in the transcript."""
    return {
        one: other
        for one, other in pairs
        if one is not None and other is not None and said[one] == heard[other]
    }


def _whole(span: range, places: dict[int, int]) -> bool:
    found = [places.get(at) for at in span]
    first = found[0]
    return first is not None and found == list(range(first, first + len(span)))
