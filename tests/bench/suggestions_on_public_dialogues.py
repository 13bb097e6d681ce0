"""How often ordinary talk is taken for a misheard name, and how many misheard names are found.

    python -m tests.bench.suggestions_on_public_dialogues FOLDER    # holds primock57, mts-dialog, aci-bench

Without FOLDER: the conversation texts of this repository, English and Dutch.
"""

from __future__ import annotations

import csv
import random
import re
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from scribe_app.domain.vocabulary import Term, Vocabulary, read_terms
from scribe_app.paths import resources_folder

ROOT = Path(__file__).parents[2]
WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")


def bundled(language: str) -> tuple[Term, ...]:
    """The names that are listened for in a language."""
    files = sorted((resources_folder() / "vocabularies").glob(f"{language}-*.txt"))
    return tuple(term for file in files for term in read_terms(file.read_text(encoding="utf-8"))[0])


def suggested(vocabulary: Vocabulary, lines: Iterable[str]) -> tuple[int, Counter[tuple[str, str]]]:
    """Words of the lines, and what would be marked in them, once for each place."""
    count, found = 0, Counter[tuple[str, str]]()
    for line in lines:
        words = WORD.findall(line)
        count += len(words)
        nearest = {match.start: match for match in reversed(vocabulary.near(words))}
        found.update((match.heard, match.term) for match in nearest.values())
    return count, found


def conversation(language: str) -> list[str]:
    """This repository's own conversation, one sentence a line."""
    name = {"en": "english", "nl": "dutch"}[language]
    file = ROOT / "models" / "make_starter_whisper" / f"{name}_conversation.txt"
    return [line for line in file.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]


def _doubled(name: str, chance: random.Random) -> str:
    at = chance.choice([n for n, letter in enumerate(name) if letter in "lmnprst"] or [1])
    return name[:at] + name[at] + name[at:]


def _other_vowel(name: str, chance: random.Random) -> str:
    at = chance.choice([n for n, letter in enumerate(name) if letter in "aeiou"] or [0])
    return name[:at] + chance.choice([vowel for vowel in "aeio" if vowel != name[at]]) + name[at + 1 :]


def _in_two(name: str, chance: random.Random) -> str:
    at = chance.randrange(3, len(name) - 2)
    return f"{name[:at]} {name[at:]}"


def _letter_lost(name: str, chance: random.Random) -> str:
    at = chance.randrange(1, len(name) - 1)
    return name[:at] + name[at + 1 :]


MUTATIONS: tuple[Callable[[str, random.Random], str], ...] = (_doubled, _other_vowel, _in_two, _letter_lost)


def misheard(terms: Iterable[Term], seed: int = 1) -> Iterator[tuple[str, str, str]]:
    """(kind, heard, name) for each name of one word and 7 letters or more."""
    chance = random.Random(seed)
    for term in terms:
        if len(term.text) >= 7 and term.text.isalpha():
            for mutate in MUTATIONS:
                yield mutate.__name__.strip("_"), mutate(term.text.lower(), chance), term.text


def found_again(vocabulary: Vocabulary, terms: Iterable[Term]) -> dict[str, float]:
    """Share of misheard names whose name is suggested, by kind; those that are another name do not count."""
    tried, hit = Counter[str](), Counter[str]()
    for kind, heard, name in misheard(terms):
        if vocabulary.knows(heard):
            continue
        tried[kind] += 1
        near = vocabulary.near(["she", "takes", *heard.split(), "every", "day"])
        hit[kind] += any(match.term.casefold() == name.casefold() for match in near)
    return {kind: hit[kind] / count for kind, count in tried.items()}


def _public(folder: Path) -> Iterator[tuple[str, list[str]]]:
    files = sorted((folder / "primock57").rglob("*.TextGrid"))
    texts = (re.findall(r'text = "([^"]*)"', file.read_text(encoding="utf-8")) for file in files)
    yield "PriMock57", [re.sub(r"<[^>]*>", " ", text) for said in texts for text in said]
    csv.field_size_limit(10**9)
    for name, pattern in (("MTS-Dialog", "MTS-Dialog-*.csv"), ("aci-bench", "*a*.csv")):
        lines: list[str] = []
        for file in sorted((folder / name.lower()).glob(pattern)):
            with file.open(encoding="utf-8", newline="") as opened:
                for row in csv.DictReader(opened):
                    said = (row.get("dialogue") or "").split("\n")
                    lines += [re.sub(r"^(\[\w+\]|\w[\w ]*:)", "", line) for line in said]
        yield name, lines


def main(arguments: list[str]) -> None:
    """Print both rates."""
    english, dutch = (Vocabulary(bundled(language)) for language in ("en", "nl"))
    corpora = [("own English", english, conversation("en")), ("own Dutch", dutch, conversation("nl"))]
    corpora += [(name, english, lines) for name, lines in (_public(Path(arguments[0])) if arguments else ())]
    for name, vocabulary, lines in corpora:
        words, found = suggested(vocabulary, lines)
        print(
            f"{name}: {found.total()} marked in {words} words, {1000 * found.total() / words:.2f} per 1,000"
        )
        print("   ", ", ".join(f"{heard} → {term} ({n})" for (heard, term), n in found.most_common(12)))
    for name, vocabulary, terms in (("English", english, bundled("en")), ("Dutch", dutch, bundled("nl"))):
        rates = found_again(vocabulary, terms)
        print(f"{name} names found again: " + ", ".join(f"{kind} {rate:.0%}" for kind, rate in rates.items()))


if __name__ == "__main__":
    main(sys.argv[1:])
