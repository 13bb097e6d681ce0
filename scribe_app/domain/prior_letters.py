"""Letters from before this consultation: pasted or read from a file, kept apart from what was said today.

A statement taken from one names its place there (PriorPlace) and no utterance. Only background goes into a
new letter (history, medicines, allergies, family, social, procedures, results); what another clinician found,
thought or planned then is not today's finding, opinion or plan.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from scribe_app.domain.checks.reading import read
from scribe_app.domain.example_letters import BULLET, CLOSING, SALUTATION, heading_of
from scribe_app.domain.example_topics import topics_named
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import PriorPlace, Statement
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.topics import only_asks, topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import sentences

MOST_CHARACTERS = 60_000
"""About twenty pages: more is no letter."""
MOST_LETTERS = 20
MOST_STATEMENTS = 8
"""Of prior letters under one heading: a letter is about today. The others are listed in the window."""
_BACKGROUND = ("allergy", "medication", "history", "family", "social", "procedure", "result")
"""Of several kinds that fit, the first decides."""
_THEN = frozenset({"examination", "plan", "advice", "safety_net", "concern", "symptom"})
"""What was found, thought or planned then."""
_ENOUGH = 0.7
"""Share of a passage's content words with which an utterance says the same."""
_FEW_WORDS = 3
_TITLE = 60
"""Characters of a title."""


@dataclass(frozen=True, slots=True)
class PriorLetter:
    """One letter from before, as it was pasted or read."""

    number: int
    """Counts from 1 within one consultation; 0 until it is stored."""
    title: str
    """What it is called: its file's name, or its first line."""
    text: str
    added_at: datetime
    """UTC."""


@dataclass(frozen=True, slots=True)
class Passage:
    """One sentence of a prior letter."""

    place: PriorPlace
    text: str
    raw: str
    """As it stands there; `text` has the heading before it where it says nothing alone."""
    kind: str
    """Which background it tells, as a topic of SectionSpec; empty for all that stays out of new letters."""


@lru_cache(maxsize=32)
def passages_of(letter: PriorLetter, language: str) -> tuple[Passage, ...]:
    """Every sentence of a letter in order, numbered from 1, with the kind of background that it tells.

    What stands above the salutation and below the closing (addresses, identity, names) tells none.
    """
    found: list[Passage] = []
    lines = [" ".join(line.split()) for line in letter.text.replace("\r", "\n").split("\n")]
    begun, ended = not any(SALUTATION.match(line) for line in lines), False
    label, under = "", None
    for line in filter(None, lines):
        ended = ended or (begun and bool(CLOSING.match(line)))
        for part in sentences(BULLET.sub("", line)):
            heading, rest = heading_of(part)
            if heading:
                label, under = heading, frozenset(topics_named(heading) or ())
            tells = begun and not ended and (not heading or bool(rest))
            kind = _kind(part, under, language) if tells else ""
            bare = kind and label and not heading and len(part.split()) <= _FEW_WORDS
            text = f"{label}: {part}" if bare else part  # "None known." says nothing alone
            found.append(Passage(PriorPlace(letter.number, len(found) + 1, letter.title), text, part, kind))
        begun = begun or bool(SALUTATION.match(line))
    return tuple(found)


def background(
    spec: SectionSpec, template: LetterTemplate, letters: Iterable[PriorLetter], transcript: Transcript
) -> tuple[Passage, ...]:
    """What of prior letters belongs under a heading and was not said today, newest letter first.

    Nothing under headings for the clinician's own findings and plans, nor in letters to the patient or
    dictated ones. Of too many, allergies and medicines stay, then what today's words are about.
    """
    if spec.clinician_only or template.audience == "patient" or template.verbatim:
        return ()
    fitting = [
        passage
        for letter in sorted(letters, key=lambda letter: -letter.number)
        for passage in passages_of(letter, template.language)
        if passage.kind and _place(passage.kind, template) == spec.key
    ]
    once = {" ".join(passage.text.casefold().split()): passage for passage in reversed(fitting)}
    fitting = [
        passage for passage in fitting if passage in once.values() and not is_said(passage, transcript)
    ]
    if len(fitting) > MOST_STATEMENTS:
        spoken = {stem for said in transcript for stem in read(said.text, transcript.language, True).stems}
        ranked = sorted(fitting, key=lambda passage: _rank(passage, spoken, template.language))
        kept = set(ranked[:MOST_STATEMENTS])
        fitting = [passage for passage in fitting if passage in kept]
    return tuple(fitting)


def is_said(passage: Passage, transcript: Transcript) -> bool:
    """Whether one utterance of today says the same: all its amounts and medicines, and most of its words.

    An allergy counts as said only by the name of what is not tolerated: "none" is held against today's words.
    """
    text = heading_of(passage.text)[1] or passage.text
    claim = read(text, transcript.language, False)
    if not (claim.stems or claim.drugs) or (passage.kind == "allergy" and not claim.drugs):
        return False
    for utterance in transcript:
        if only_asks(utterance.text, transcript.language):
            continue
        said = read(utterance.text, transcript.language, True)
        if set(claim.drugs) - set(said.drugs) or len(claim.stems & said.stems) < _ENOUGH * len(claim.stems):
            continue
        values = {(quantity.value, quantity.unit) for quantity in said.amounts}
        same_sense = all(said.polarity.get(stem) == sense for stem, sense in claim.polarity.items())
        if same_sense and all((q.value, q.unit) in values for q in claim.amounts):
            return True
    return False


def statement_of(passage: Passage) -> Statement:
    """A passage as a statement: word for word, with its place."""
    return Statement(passage.text, quoted=True, prior=(passage.place,))


def as_transcript(
    letters: Iterable[PriorLetter], language: str
) -> tuple[Transcript, dict[UtteranceId, PriorPlace]]:
    """The passages as if a clinician had said them, for the checks; and where each stands."""
    found = [passage for letter in letters for passage in passages_of(letter, language)]
    places = {UtteranceId(number): passage.place for number, passage in enumerate(found, start=1)}
    lines = tuple(
        Utterance(UtteranceId(number), passage.text, 0.0, 0.0, SpeakerRole.CLINICIAN)
        for number, passage in enumerate(found, start=1)
    )
    return Transcript(lines, language), places


def title_for(text: str, name: str = "") -> str:
    """What to call a letter: the file's name without its ending, or the first line with words in it."""
    first = next((line for line in text.splitlines() if re.search(r"[^\W\d_]{3}", line)), "")
    title = " ".join((name or first).split())
    return title if len(title) <= _TITLE else f"{title[: _TITLE - 1].rstrip()}…"


def _kind(text: str, under: frozenset[str] | None, language: str) -> str:
    """By the heading it stands under, else by its own words."""
    own = topics_of(Utterance(UtteranceId(1), text, 0.0, 0.0, SpeakerRole.CLINICIAN), None, language)
    topics = under if under is not None else own
    if under is not None and "assessment" in under:
        topics = frozenset({"history"})  # a diagnosis of then is history now
    elif under is None and "assessment" in own:
        topics = (own - _THEN) | {"history"}
    elif topics & _THEN and not (under is None and topics & {"allergy", "medication"}):
        return ""
    return next((kind for kind in _BACKGROUND if kind in topics), "")


def _place(kind: str, template: LetterTemplate) -> str:
    """Key of the first section for a kind; of one without its own, the one for the history."""
    open_to = [
        spec
        for spec in template.sections
        if spec.source is SectionSource.CONVERSATION and not spec.clinician_only
    ]
    for wanted in (kind, "history"):
        for spec in sorted(open_to, key=lambda spec: len(spec.topics) if wanted == kind else 0):
            if wanted in spec.topics:
                return spec.key
    return ""


def _rank(passage: Passage, spoken: set[str], language: str) -> tuple[int, int]:
    first = ("allergy", "medication").index(passage.kind) if passage.kind in ("allergy", "medication") else 2
    return first, -len(read(passage.text, language, False).stems & spoken)


def span_of(letter: PriorLetter, sentence: int, language: str) -> tuple[int, int]:
    """Where a sentence stands in the letter's text, [start, end); (0, 0) where it is not there."""
    passages = passages_of(letter, language)
    if not 1 <= sentence <= len(passages):
        return 0, 0
    at = 0
    for passage in passages[:sentence]:
        words = passage.raw.split()
        found = re.compile(r"\s+".join(map(re.escape, words))).search(letter.text, at)
        if found is None:
            return 0, 0
        start, at = found.span()
    return start, at


_MONTHS = {
    word: number
    for words in (
        "jan feb mar apr may jun jul aug sep oct nov dec",
        "jan feb maa apr mei jun jul aug sep okt nov dec",
    )
    for number, word in enumerate(words.split(), start=1)
}
_MONTH_WORD = re.compile(rf"\b(?:{'|'.join(_MONTHS)})[a-z]*\b")
_BORN = re.compile(
    r"\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?|geb(?:oren)?\.?(?: op)?|geboortedatum)\s*[:.]?\s*"
    r"(\d{1,4}[-/. ](?:\d{1,2}|[a-z]{3,9}\.?)[-/. ]\d{1,4})",
    re.IGNORECASE,
)


def other_birth_date(text: str, date_of_birth: str) -> str:
    """A date of birth in a letter that is not the patient's; empty where none says so, or none is known."""
    own = _day(date_of_birth)
    if own is None:
        return ""
    found = ((named, _day(named)) for named in _BORN.findall(text))
    return next((named for named, day in found if day is not None and day != own), "")


def _day(text: str) -> tuple[int, int, int] | None:
    """Year, month, day of a date, day first unless the year is; of years the last two figures."""
    low = _MONTH_WORD.sub(lambda found: str(_MONTHS[found[0][:3]]), text.lower())
    parts = [int(part) for part in re.findall(r"\d+", low)]
    if len(parts) != 3:
        return None
    day, month, year = parts if parts[0] < 32 else parts[::-1]
    return year % 100, month, day
