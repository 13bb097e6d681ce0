"""What may have been misheard in an utterance: marked and suggested, never changed unasked.

Three kinds: words that sound nearly like a name on the lists; a medicine that is easily taken for another,
where something speaks for that one; a number said twice before its unit ("5 5 minutes"), which may be one
number, the same twice, or fifty-five.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon.drugs import LOOK_ALIKES, drug_key
from scribe_app.domain.transcript import UNCLEAR, Transcript, Utterance
from scribe_app.domain.vocabulary import NearMatch

UNSURE = 0.6
"""Mean token probability of an utterance below which a look-alike in it is worth a look."""
_ISMP = (
    ("amlodipine", "amiodarone"), ("bupropion", "buspirone"), ("carvedilol", "captopril"),
    ("cetirizine", "sertraline"), ("clonazepam", "lorazepam"), ("clonidine", "clonazepam"),
    ("dipyridamole", "disopyramide"), ("duloxetine", "fluoxetine"), ("fluoxetine", "fluvoxamine"),
    ("glipizide", "glimepiride"), ("hydroxyzine", "hydralazine"), ("infliximab", "rituximab"),
    ("lamotrigine", "lamivudine"), ("levetiracetam", "levofloxacin"), ("metformin", "metronidazole"),
    ("methotrexate", "methadone"), ("morphine", "hydromorphone"), ("nortriptyline", "amitriptyline"),
    ("oxycodone", "hydrocodone"), ("paroxetine", "pyridoxine"), ("rosuvastatin", "atorvastatin"),
    ("sitagliptin", "saxagliptin"), ("sulfasalazine", "sulfadiazine"), ("tizanidine", "tinidazole"),
    ("valaciclovir", "valganciclovir"), ("vinblastine", "vincristine"), ("zolmitriptan", "sumatriptan"),
    ("apixaban", "edoxaban"), ("dabigatran", "dalteparin"), ("losartan", "valsartan"),
    ("metoprolol", "misoprostol"), ("ropinirole", "risperidone"), ("tamoxifen", "tamsulosin"),
)  # fmt: skip
"""Pairs of the kind that ISMP's lists of confused drug names hold."""
_WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
_TWICE = re.compile(
    r"(?i)(?<![\w.,/])(\d+(?:[.,]\d+)?)[,.]? (\1) (?=(?:mg|mcg|ml|g|milligrams?|micrograms?|millilit\w+"
    r"|units?|eenheden|tablets?|tabletten|puffs?|pufjes|minutes?|minuten|hours?|uur|days?|dagen|weeks?|weken|months?"
    r"|maanden|years?|jaar|times|keer|per cent|percent|procent|%)(?![\w]))"
)


class Names(Protocol):
    """The names to look for; a Vocabulary, or what remembers its answers."""

    def near(self, words: Sequence[str]) -> tuple[NearMatch, ...]:
        """Where heard words sound nearly like a name and are none."""


class SuggestionKind(StrEnum):
    """Why something is marked."""

    SOUNDS_LIKE = "sounds_like"
    LOOK_ALIKE = "look_alike"
    SAID_TWICE = "said_twice"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A place in an utterance's text, and what may have been said there."""

    start: int
    end: int
    """Characters [start, end) of the text."""
    heard: str
    instead: str
    """Empty where there is nothing to put in its place, only something to listen to."""
    kind: SuggestionKind


def with_suggestion(text: str, suggestion: Suggestion) -> str:
    """The text as it reads once a person has accepted the suggestion."""
    if not suggestion.instead or text[suggestion.start : suggestion.end] != suggestion.heard:
        return text
    instead = suggestion.instead
    if suggestion.heard[:1].isupper() and instead[:1].islower():
        instead = instead[:1].upper() + instead[1:]
    return text[: suggestion.start] + instead + text[suggestion.end :]


def suggestions(
    transcript: Transcript, names: Names, settled: Iterable[UtteranceId] = ()
) -> Mapping[UtteranceId, tuple[Suggestion, ...]]:
    """What is marked in each utterance; nothing in those that a person has corrected (`settled`)."""
    done = frozenset(settled)
    named = _named(transcript)
    found: dict[UtteranceId, tuple[Suggestion, ...]] = {}
    for utterance in transcript:
        if utterance.id in done or utterance.text.strip() == UNCLEAR:
            continue
        marked = [*_sounds_like(utterance, names), *_look_alikes(utterance, named), *_twice(utterance)]
        if marked:
            found[utterance.id] = tuple(sorted(marked, key=lambda one: (one.start, one.end, one.instead)))
    return found


def _sounds_like(utterance: Utterance, names: Names) -> list[Suggestion]:
    text = utterance.text
    words = list(_WORD.finditer(text))
    marked = []
    seen: set[int] = set()
    for match in names.near([word.group() for word in words]):
        if match.start in seen:  # the nearest name of a place is enough; the others stand in the list
            continue
        seen.add(match.start)
        start, end = words[match.start].start(), words[match.end - 1].end()
        marked.append(Suggestion(start, end, text[start:end], match.term, SuggestionKind.SOUNDS_LIKE))
    return marked


def _look_alikes(utterance: Utterance, named: Mapping[str, Counter[str]]) -> list[Suggestion]:
    """A medicine with a look-alike, where the recogniser was unsure or the talk is more about the other."""
    unsure = utterance.confidence < UNSURE
    marked = []
    for word in _WORD.finditer(utterance.text):
        key = drug_key(word.group())
        others = sorted(ALIKE.get(key, ()), key=lambda other: -_times(named, other))
        if others and (unsure or _times(named, others[0]) > _times(named, key)):
            said = named.get(others[0])
            instead = said.most_common(1)[0][0] if said else others[0]
            marked.append(
                Suggestion(word.start(), word.end(), word.group(), instead, SuggestionKind.LOOK_ALIKE)
            )
    return marked


def _named(transcript: Transcript) -> dict[str, Counter[str]]:
    """How often each medicine was named, by its spellings."""
    named: dict[str, Counter[str]] = {}
    for utterance in transcript:
        for word in _WORD.finditer(utterance.text.lower()):
            key = drug_key(word.group())
            if key in ALIKE:
                named.setdefault(key, Counter())[word.group()] += 1
    return named


def _times(named: Mapping[str, Counter[str]], key: str) -> int:
    return named[key].total() if key in named else 0


def _twice(utterance: Utterance) -> list[Suggestion]:
    return [
        Suggestion(match.start(), match.end(2), match.group().strip(), "", SuggestionKind.SAID_TWICE)
        for match in _TWICE.finditer(utterance.text)
    ]


def _alike() -> dict[str, tuple[str, ...]]:
    pairs: dict[str, list[str]] = {}
    for one, other in (*_ISMP, *LOOK_ALIKES):
        for name, partner in ((one, other), (other, one)):
            known = pairs.setdefault(drug_key(name), [])
            if drug_key(partner) not in known:
                known.append(drug_key(partner))
    return {name: tuple(partners) for name, partners in pairs.items()}


ALIKE: Mapping[str, tuple[str, ...]] = _alike()
"""Medicine → those that it is taken for, by the name under which drug_key compares them."""
