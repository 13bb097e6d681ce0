"""Questions about a consultation, answered by what was said, word for word, or not at all."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.reading import Reading, read, stem_of
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon.question_forms import FORMS, LEANS
from scribe_app.domain.lexicon.question_words import CONCEPTS, NOT_ASKED_FOR, NUMBERS_WANTED, Concept
from scribe_app.domain.lexicon.verb_forms import verb_forms
from scribe_app.domain.transcript import UNCLEAR, SpeakerRole, Transcript
from scribe_app.domain.words import is_question, plain, sentences, words_in

MOST_ANSWERS = 3
ENOUGH = 0.6
"""Share of what a question names that an utterance must carry, together with the question it answers."""
_CLOSE = 0.75
"""Further answers carry at least this share of what the best one carries."""
_STEM_WEIGHT, _CONCEPT_WEIGHT, _DRUG_WEIGHT = 2.0, 3.0, 4.0
_LONG_STEM = 5
_NUMBER_BONUS, _OWN_WORDS_BONUS, _SAME_WORDS_BONUS = 0.3, 0.1, 0.05
_FORM_BONUS, _SAME_QUESTION_BONUS = 0.3, 0.3
_TOLD_BEFORE = 9
"""Utterances in which stands what "it" is: "How long has it been going on?" – "Four weeks"."""


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

    stems: dict[str, frozenset[str]]
    """With the keys of the other forms of its word."""
    drugs: frozenset[str]
    concepts: tuple[Concept, ...]
    number: bool
    words: frozenset[str] = frozenset()
    form: str = ""
    """What its first words want to hear, a key of FORMS; empty for none."""

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
    if not _names(wanted, said.language):
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
    language = "nl" if language.startswith("nl") else "en"
    return _names(_wanted(question, language), language)


def _names(wanted: _Wanted, language: str) -> bool:
    """Whether there is something to look for: "how often?" alone is, "when?" is not."""
    return wanted.weight > 0 or bool(wanted.form and FORMS[language][wanted.form].needed)


def _form_of(text: str, language: str) -> str:
    """The first form that a plain question asks in."""
    asked = (name for name, form in FORMS[language].items() if re.search(rf"\b(?:{form.asked})", text))
    return next(asked, "")


def _wanted(question: str, language: str) -> _Wanted:
    text = plain(question)
    reading = read(question, language, True)
    concepts = [
        concept for concept in CONCEPTS[language].values() if re.search(rf"\b(?:{concept.asked})", text)
    ]
    covered = " ".join(
        match[0] for concept in concepts for match in re.finditer(rf"\b(?:{concept.asked})[^\W\d_]*", text)
    )
    idle, idle_forms = _idle(language)
    stems = {
        stem: forms
        for stem in reading.stems
        if stem not in idle
        and (word := reading.shown[stem]) not in idle
        and word not in covered
        and not (forms := verb_forms(word, language)) & idle_forms
    }
    number = re.search(rf"\b(?:{NUMBERS_WANTED[language]})\b", text) is not None
    form = _form_of(text, language)
    return _Wanted(stems, frozenset(reading.drugs), tuple(concepts), number, frozenset(words_in(text)), form)


@lru_cache(maxsize=2)
def _idle(language: str) -> tuple[frozenset[str], frozenset[str]]:
    """Words and stems that name nothing, and the keys of all forms of these words."""
    words = NOT_ASKED_FOR[language]
    forms = frozenset().union(*(verb_forms(word, language) for word in words))
    return words | {stem_of(word, language) for word in words}, forms


def _score(wanted: _Wanted, spoken: Spoken, said: Spoke) -> float:
    """The share of the question that an utterance carries, with a little more for what sounds like it."""
    told, asked = _told(spoken, said.language), _asked(spoken, said)
    same_form = bool(wanted.form) and _form_of(plain(asked), said.language) == wanted.form
    fits = same_form or _sounds_like(wanted.form, told, said.language)
    if not told or (not fits and _needs_form(wanted, spoken, said)):
        return 0.0
    context = f"{said.spoken[spoken.answers].utterance.text} {told}" if spoken.answers >= 0 else told
    if same_form:
        context = f"{_pointed_at(asked, spoken.answers, said)} {context}"
    own, both = (_share(wanted, text, said.language) for text in (told, context))
    if both < ENOUGH:
        return 0.0
    numbered = wanted.number and bool(spoken.reading.amounts) and _counts_it(wanted, told, said.language)
    score = both + _OWN_WORDS_BONUS * own + _NUMBER_BONUS * numbered
    score += _FORM_BONUS * (fits and bool(wanted.form)) + _SAME_QUESTION_BONUS * same_form
    return score + _SAME_WORDS_BONUS * len(wanted.words & set(words_in(context))) / len(wanted.words)


def _asked(spoken: Spoken, said: Spoke) -> str:
    """The question in the consultation that an utterance answers; empty for none."""
    if spoken.answers < 0:
        return ""
    parts = sentences(said.spoken[spoken.answers].utterance.text)
    return next((part for part in reversed(parts) if is_question(part, said.language)), "")


def _counts_it(wanted: _Wanted, told: str, language: str) -> bool:
    """Whether a number stands beside what is asked for, and is no "if it goes above 39"."""
    parts = {part: _carried(wanted, part, language) for part in sentences(told)}
    most = max(parts.values(), default=0.0)
    return any(
        read(part, language, True).amounts and not _CONDITION[language].search(plain(part))
        for part, carried in parts.items()
        if carried == most
    )


_CONDITION = {"en": re.compile(r"\b(?:if|unless)\b"), "nl": re.compile(r"\b(?:als|indien|tenzij)\b")}


def _sounds_like(form: str, told: str, language: str) -> bool:
    return bool(form) and re.search(rf"\b(?:{FORMS[language][form].told})", plain(told)) is not None


def _needs_form(wanted: _Wanted, spoken: Spoken, said: Spoke) -> bool:
    """Whether words that do not sound like it are no answer: "No, never" answers any question."""
    if not wanted.form or not FORMS[said.language][wanted.form].needed:
        return False
    return spoken.answers < 0 or spoken.yes is not False


def _pointed_at(asked: str, position: int, said: Spoke) -> str:
    """What the patient told before a question that only points back at it: "how often do you get it?"."""
    if not re.search(rf"\b(?:{LEANS[said.language]})\b", plain(asked)):
        return ""
    before = said.spoken[max(0, position - _TOLD_BEFORE) : position]
    return " ".join(
        _told(one, said.language) for one in before if one.utterance.speaker is SpeakerRole.PATIENT
    )


def _told(spoken: Spoken, language: str) -> str:
    """An utterance without the questions in it."""
    return " ".join(part for part in sentences(spoken.utterance.text) if not is_question(part, language))


def _share(wanted: _Wanted, text: str, language: str) -> float:
    """How much of what a question names a text carries, 0 to 1; all of it where it names only a form."""
    return _carried(wanted, text, language) / wanted.weight if wanted.weight else 1.0


def _carried(wanted: _Wanted, text: str, language: str) -> float:
    reading, flat = read(text, language, True), plain(text)
    weight = _DRUG_WEIGHT * len(wanted.drugs & set(reading.drugs))
    forms = _forms_in(reading, language) if wanted.stems else frozenset[str]()
    weight += sum(
        _STEM_WEIGHT for stem, own in wanted.stems.items() if own & forms or _is_said(stem, reading)
    )
    return weight + sum(
        _CONCEPT_WEIGHT for concept in wanted.concepts if re.search(rf"\b(?:{concept.told})", flat)
    )


def _forms_in(reading: Reading, language: str) -> frozenset[str]:
    """Keys of all forms of the content words of a text."""
    return frozenset().union(*(verb_forms(word, language) for word in reading.shown.values()))


def _is_said(stem: str, reading: Reading) -> bool:
    """The stem itself, or at the beginning of a longer word. No part of a compound: a headache is no pain."""
    if stem in reading.polarity:
        return True
    return len(stem) >= _LONG_STEM and any(word.startswith(stem) for word in reading.words)


def _answer(spoken: Spoken, said: Spoke, score: float) -> Answer:
    asked = said.spoken[spoken.answers].utterance.id if spoken.answers >= 0 else None
    utterance = spoken.utterance
    return Answer(utterance.id, utterance.text, asked, utterance.start, round(score, 3))
