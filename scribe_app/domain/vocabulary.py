"""Names worth listening for: drugs, conditions, colleagues, places; and where a text nearly has one.

A term list is plain text, one term a line, with how it sounds where its spelling does not say so:

    # my own list
    amlodipine
    Sjögren's syndrome = show grens, sjeugren
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from scribe_app.domain.lexicon.ordinary_words import LITTLE, ORDINARY
from scribe_app.domain.sounds import likeness, sound
from scribe_app.errors import TermListError

MOST_TERMS = 60_000
"""Of one list; a longer one would find a name in every phrase."""
LONGEST_TERM = 80
MOST_WORDS = 6
ENOUGH_LETTERS = 5
"""A sound of fewer letters is never guessed: "gout" and "goat" are too near each other."""
NEAR = ((6, 0.92), (8, 0.84), (99, 0.78))
"""Least likeness of a heard word to a term, by letters of the longer sound: short ones must be the same but
for a vowel. Chosen on misheard drug names (rammipril 1.0, metropolol 0.80) against PriMock57's transcripts
and Dutch practice sentences."""
NEAR_IN_PARTS = 0.86
"""The same for several heard words run together."""
NEAR_WITH_LITTLE = 0.95
"""The same where the first or the last of them is an article, a pronoun or the like: "een ontsteking" is no
oorontsteking, while "a moxie cillin" is amoxicillin."""
LONGEST_SPAN = 4
"""Heard words that may be one term in pieces ("am lodi peen")."""
_ENDINGS = ("s", "'s", "’s", "es", "en", "n", "e", "je", "jes", "tje", "tjes")
"""Inflections: "statins" is no misheard "statin"."""
_KINDS = (
    *("ation", "ations", "ion", "ed", "ing", "ive", "ic", "ical", "al", "ous", "ant", "ents", "ent"),
    *("xis", "ctic", "sis", "tic", "is", "a", "s", "y", "isch", "ische", "ie", "atie", "eerd", "isme"),
)
"""Endings that make another word of the same kind: "hypertensive" is no misheard "hypertension"."""
_LONG_STEM = 6
"""Letters that must stay for that."""
_TAILS = (
    *("ontsteking", "operatie", "aandoening", "ziekte", "infectie", "kanker", "breuk", "klachten"),
    *("esthesia", "glycemia", "cytosis", "cythemia", "lithiasis", "pathy", "penia", " disease"),
)
"""What many names end with: their likeness is in what comes before."""
_LIKE_HEADS = 0.75
_SPELLINGS = (("ae", "e"), ("oe", "e"), ("ph", "f"), ("'s", ""), ("’s", ""))
"""American and British spelling, and names of people with and without their s: edema, oedema."""


@dataclass(frozen=True, slots=True)
class Term:
    """One name as it is written, with how it may sound besides."""

    text: str
    sounds: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Problem:
    """A line that cannot be used, and why."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


def read_terms(text: str) -> tuple[tuple[Term, ...], tuple[Problem, ...]]:
    """The terms of a list, each once, in order, and the lines that cannot be used."""
    found: dict[str, Term] = {}
    problems: list[Problem] = []
    for number, line in enumerate(text.split("\n"), 1):
        try:
            term = _term(line.rstrip("\r"))
        except ValueError as error:
            problems.append(Problem(number, str(error)))
            continue
        if term is None:
            continue
        known = found.get(term.text.casefold())
        if known is not None:
            term = Term(known.text, tuple(dict.fromkeys(known.sounds + term.sounds)))
        elif len(found) >= MOST_TERMS:
            problems.append(Problem(number, f"a list holds {MOST_TERMS:,} terms at the most"))
            break
        found[term.text.casefold()] = term
    return tuple(found.values()), tuple(problems)


def checked_terms(text: str, name: str) -> tuple[Term, ...]:
    """The terms of a list.

    Raises:
        TermListError: lines cannot be used; the first three are named with their numbers.
    """
    terms, problems = read_terms(text)
    if problems:
        first = "; ".join(str(problem) for problem in problems[:3])
        more = f"; and {len(problems) - 3} more" if len(problems) > 3 else ""
        raise TermListError(
            f"{name} cannot be used: {first}{more}.",
            "The earlier list is kept.",
            "One term a line; '=' before how it sounds; '#' before a remark.",
        )
    return terms


def write_terms(terms: Iterable[Term]) -> str:
    """The list as text that read_terms reads back."""
    return "".join(
        f"{term.text} = {', '.join(term.sounds)}\n" if term.sounds else f"{term.text}\n" for term in terms
    )


def _term(line: str) -> Term | None:
    """Raises ValueError with the reason in words."""
    line = unicodedata.normalize("NFC", line.removeprefix("\ufeff")).replace("\t", " ")
    if any(unicodedata.category(sign) in ("Cc", "Cf", "Cs", "Co", "Cn") or sign == "\ufffd" for sign in line):
        raise ValueError("signs that cannot be read (is the file plain text?)")
    words = line if not line.lstrip().startswith("#") else ""
    words = words.split(" #", 1)[0].strip()
    if not words:
        return None
    text, equals, heard = words.partition("=")
    text = _checked(text)
    sounds = tuple(_checked(part) for part in heard.split(",")) if equals else ()
    return Term(text, sounds)


def _checked(text: str) -> str:
    text = " ".join(text.split())
    if not text:
        raise ValueError("something is missing beside '=' or ','")
    if len(text) > LONGEST_TERM or len(text.split()) > MOST_WORDS:
        raise ValueError(f"longer than {LONGEST_TERM} letters or {MOST_WORDS} words")
    if sum(letter.isalnum() for letter in text) < 2:
        raise ValueError("fewer than 2 letters")
    if "=" in text:
        raise ValueError("more than one '='")
    return text


@dataclass(frozen=True, slots=True)
class NearMatch:
    """Heard words [start, end) that sound nearly like a term."""

    start: int
    end: int
    heard: str
    term: str
    likeness: float


class Vocabulary:
    """Terms, ready to be looked for. Built once (about 1 s for 50,000 terms), then read by one thread."""

    def __init__(self, terms: Iterable[Term] = ()) -> None:
        self._terms: list[str] = []
        self._known: set[str] = set()
        self._keys: list[tuple[str, int]] = []
        self._exact: dict[str, list[int]] = {}
        self._parts: dict[str, list[int]] = {}
        self._longest = 1
        for term in terms:
            self._add(term)

    def __len__(self) -> int:
        return len(self._terms)

    def knows(self, words: str) -> bool:
        """Whether this is a term as it is written, inflected or not."""
        bare = _folded(words)
        return bare in self._known or any(
            bare.endswith(ending) and bare.removesuffix(ending) in self._known for ending in _ENDINGS
        )

    def near(self, words: Sequence[str]) -> tuple[NearMatch, ...]:
        """Where heard words sound nearly like a term and are not one; best first, none overlapping.

        Several terms may be equally near to the same words; each is given.
        """
        taken = self._exactly(words)
        found: list[NearMatch] = []
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + LONGEST_SPAN) + 1):
                if taken & set(range(start, end)):
                    break
                found += self._near(words, start, end)
        found.sort(key=lambda match: (-match.likeness, match.start, match.end))
        kept: list[NearMatch] = []
        for match in found:
            if all(_same_or_apart(match, other) for other in kept):
                kept.append(match)
        return tuple(kept)

    def _add(self, term: Term) -> None:
        number = len(self._terms)
        self._terms.append(term.text)
        folded = _folded(term.text)
        first = folded.split(" ")[0]
        self._known |= {folded, first} if len(first) > ENOUGH_LETTERS else {folded}
        self._longest = max(self._longest, len(term.text.split()))
        spoken = [sound(text) for text in term.sounds]
        for key in dict.fromkeys([sound(term.text), *spoken]):
            if len(key) < (2 if key in spoken else ENOUGH_LETTERS):
                continue
            self._exact.setdefault(key, []).append(number)
            if len(key) >= ENOUGH_LETTERS:
                place = len(self._keys)
                self._keys.append((key, number))
                for part in _trigrams(key):
                    self._parts.setdefault(part, []).append(place)

    def _exactly(self, words: Sequence[str]) -> set[int]:
        """Places of words that are terms, or part of one, as they stand."""
        taken: set[int] = set()
        for start in range(len(words)):
            for end in range(start + 1, min(len(words), start + self._longest) + 1):
                if self.knows(" ".join(words[start:end])):
                    taken |= set(range(start, end))
        return taken

    def _near(self, words: Sequence[str], start: int, end: int) -> list[NearMatch]:
        parts = [_bare(word) for word in words[start:end]]
        if all(part in ORDINARY or not part for part in parts):
            return []
        heard = " ".join(parts)
        key = sound(heard)
        in_parts = NEAR_WITH_LITTLE if {parts[0], parts[-1]} & LITTLE else NEAR_IN_PARTS
        least = 0.0 if end - start == 1 else in_parts
        likenesses = dict.fromkeys(self._exact.get(key, ()), 1.0)
        if len(key) >= ENOUGH_LETTERS:
            for place in self._candidates(key, max(least, NEAR[-1][1])):
                other, number = self._keys[place]
                found = likeness(key, other, max(least, _least(key, other)))
                if found:
                    likenesses[number] = max(found, likenesses.get(number, 0.0))
        return [
            NearMatch(start, end, heard, self._terms[number], found)
            for number, found in likenesses.items()
            if not _of_a_kind(heard, self._terms[number])
        ]

    def _candidates(self, key: str, least: float) -> list[int]:
        """Places of keys that share enough runs of three letters; a change breaks three of them at most."""
        parts = _trigrams(key)
        shared = Counter(place for part in parts for place in self._parts.get(part, ()))
        enough = max(1, round(len(parts) - 3 * len(key) * (1 - least) * 1.2))
        slack = len(key) * (1 - least) + 1
        return [
            place
            for place, count in shared.items()
            if count >= enough and abs(len(self._keys[place][0]) - len(key)) <= slack
        ]


def _least(one: str, other: str) -> float:
    longest = max(len(one), len(other))
    return next(least for letters, least in NEAR if longest <= letters or letters == NEAR[-1][0])


def _trigrams(key: str) -> set[str]:
    padded = f"^{key}$"
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _bare(words: str) -> str:
    kept = (word.strip(".,;:!?\"“”'’()[]") for word in words.casefold().split())
    return " ".join(word for word in kept if word)


def _folded(words: str) -> str:
    """Without what differs between spellings of the same word."""
    bare = _bare(words)
    for one, other in _SPELLINGS:
        bare = bare.replace(one, other)
    return bare


def _of_a_kind(heard: str, term: str) -> bool:
    """Whether a heard word is a relative of the term, not the term misheard."""
    one, other = _folded(heard), _folded(term)
    if one == other:
        return False
    tail = next((tail for tail in _TAILS if one.endswith(tail) and other.endswith(tail)), "")
    if tail:
        heads = sound(one.removesuffix(tail)), sound(other.removesuffix(tail))
        return likeness(*heads) < _LIKE_HEADS
    return bool(_stems(one) & _stems(other))


def _stems(word: str) -> frozenset[str]:
    """The word without each of the endings that it may have."""
    stems = (word.removesuffix(ending) for ending in ("", *_KINDS) if word.endswith(ending))
    return frozenset(stem for stem in stems if len(stem) >= _LONG_STEM)


def _same_or_apart(one: NearMatch, other: NearMatch) -> bool:
    same = (one.start, one.end) == (other.start, other.end)
    return same or one.end <= other.start or other.end <= one.start
