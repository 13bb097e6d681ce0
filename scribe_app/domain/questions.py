"""Questions about a consultation, answered by what was said, word for word, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.reading import Reading, read, stem_of
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon.question_words import CONCEPTS, NOT_ASKED_FOR, NUMBERS_WANTED, Concept
from scribe_app.domain.transcript import UNCLEAR, Transcript
from scribe_app.domain.words import is_question, plain, sentences

MOST_ANSWERS = 3
ENOUGH = 0.6
"""Share of what a question names that an utterance must carry, together with the question it answers."""
_CLOSE = 0.75
"""Further answers carry at least this share of what the best one carries."""
_STEM_WEIGHT, _CONCEPT_WEIGHT, _DRUG_WEIGHT = 2.0, 3.0, 4.0
_LONG_STEM = 5
_NUMBER_BONUS, _OWN_WORDS_BONUS = 0.3, 0.1


@dataclass(frozen=True, slots=True)
class Answer:
    """What was said about it."""

    utterance: UtteranceId
    text: str
    asked: UtteranceId | None = None
    """The question in the consultation that it answers."""
    start: float = 0.0
    """Seconds."""
    score: float = 0.0


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What a question names."""

    stems: frozenset[str]
    drugs: frozenset[str]
    concepts: tuple[Concept, ...]
    number: bool

    @property
    def weight(self) -> float:
        return (
            _STEM_WEIGHT * len(self.stems)
            + _DRUG_WEIGHT * len(self.drugs)
            + _CONCEPT_WEIGHT * len(self.concepts)
        )


def answers_to(question: str, transcript: Transcript) -> tuple[Answer, ...]:
    """Up to three utterances that answer a typed question, the best first; none when it was not discussed.

    A rule, no model: nothing is said that was not said. The question is in the consultation's language.
    """
    said = Spoke(transcript)
    wanted = _wanted(question, said.language)
    if not wanted.weight:
        return ()
    scored = [
        (score, spoken)
        for spoken in said.spoken
        if not spoken.asks_only
        and UNCLEAR not in spoken.utterance.text
        and (score := _score(wanted, spoken, said)) >= ENOUGH
    ]
    if not scored:
        return ()
    best = max(score for score, _ in scored)
    chosen = sorted(scored, key=lambda pair: (-pair[0], pair[1].utterance.start))
    return tuple(_answer(spoken, said, score) for score, spoken in chosen if score >= _CLOSE * best)[
        :MOST_ANSWERS
    ]


def names_something(question: str, language: str) -> bool:
    """Whether a question names anything that could have been said: else nobody can tell that it was not."""
    return bool(_wanted(question, "nl" if language.startswith("nl") else "en").weight)


def _wanted(question: str, language: str) -> _Wanted:
    text = plain(question)
    reading = read(question, language, True)
    concepts = [
        concept for concept in CONCEPTS[language].values() if re.search(rf"\b(?:{concept.asked})", text)
    ]
    covered = " ".join(
        match[0] for concept in concepts for match in re.finditer(rf"\b(?:{concept.asked})[^\W\d_]*", text)
    )
    idle = {stem_of(word, language) for word in NOT_ASKED_FOR[language]} | NOT_ASKED_FOR[language]
    stems = frozenset(
        stem
        for stem in reading.stems
        if stem not in idle and reading.shown[stem] not in idle and reading.shown[stem] not in covered
    )
    number = re.search(rf"\b(?:{NUMBERS_WANTED[language]})\b", text) is not None
    return _Wanted(stems, frozenset(reading.drugs), tuple(concepts), number)


def _score(wanted: _Wanted, spoken: Spoken, said: Spoke) -> float:
    """The share of the question that an utterance carries, with a little more for numbers and own words."""
    told = _told(spoken, said.language)
    own = _carried(wanted, told, said.language)
    both = own
    if spoken.answers >= 0:
        both = _carried(wanted, f"{said.spoken[spoken.answers].utterance.text} {told}", said.language)
    share = both / wanted.weight
    if not told or share < ENOUGH:
        return 0.0
    numbered = wanted.number and bool(spoken.reading.amounts)
    return share + _OWN_WORDS_BONUS * own / wanted.weight + _NUMBER_BONUS * numbered


def _told(spoken: Spoken, language: str) -> str:
    """An utterance without the questions in it."""
    return " ".join(part for part in sentences(spoken.utterance.text) if not is_question(part, language))


def _carried(wanted: _Wanted, text: str, language: str) -> float:
    reading, flat = read(text, language, True), plain(text)
    weight = _DRUG_WEIGHT * len(wanted.drugs & set(reading.drugs))
    weight += sum(_STEM_WEIGHT for stem in wanted.stems if _is_said(stem, reading))
    return weight + sum(
        _CONCEPT_WEIGHT for concept in wanted.concepts if re.search(rf"\b(?:{concept.told})", flat)
    )


def _is_said(stem: str, reading: Reading) -> bool:
    """The stem itself, or at the beginning of a longer word. No part of a compound: a headache is no pain."""
    if stem in reading.polarity:
        return True
    return len(stem) >= _LONG_STEM and any(word.startswith(stem) for word in reading.words)


def _answer(spoken: Spoken, said: Spoke, score: float) -> Answer:
    asked = said.spoken[spoken.answers].utterance.id if spoken.answers >= 0 else None
    utterance = spoken.utterance
    return Answer(utterance.id, utterance.text, asked, utterance.start, round(score, 3))
