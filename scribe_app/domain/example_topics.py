"""What sections of an example letter are for: by the words of their headings; and a home for every topic."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from scribe_app.domain.lexicon.letter_words import APPLICATION, HEADINGS
from scribe_app.domain.template import SectionSource, SectionSpec
from scribe_app.domain.topics import TOPICS
from scribe_app.domain.words import plain
from scribe_app.language import later

_AND = re.compile(r"\b(?:and|en|und)\b|[&/,+]")
_HOMES = {
    "symptom": ("history", "concern", "assessment"),
    "history": ("symptom",),
    "medication": ("history", "symptom"),
    "allergy": ("medication", "history", "symptom"),
    "family": ("history", "social", "symptom"),
    "social": ("history", "family", "symptom"),
    "concern": ("symptom", "history"),
    "examination": ("result",),
    "result": ("examination", "assessment"),
    "assessment": ("plan",),
    "plan": ("assessment", "advice"),
    "advice": ("safety_net", "plan", "assessment"),
    "safety_net": ("advice", "plan", "assessment"),
    "procedure": ("plan", "history"),
}
"""Where a topic without a heading of its own goes: with the first of these that has one."""
TOPIC_WORDS = {
    "symptom": later("symptoms"),
    "history": later("past illness"),
    "medication": later("medicines"),
    "allergy": later("allergies"),
    "family": later("illness in the family"),
    "social": later("work, home and habits"),
    "concern": later("worries and wishes"),
    "examination": later("findings of the examination"),
    "result": later("results"),
    "assessment": later("what it may be"),
    "plan": later("the plan"),
    "advice": later("advice"),
    "safety_net": later("safety-net advice"),
    "procedure": later("what was done"),
}
_GUIDANCE = {
    "en": {
        "symptom": "The problem, its course, symptoms present and absent.",
        "history": "Past illness and operations.",
        "medication": "Medicines with dose, frequency and route, and what changes.",
        "allergy": "Allergies, and what happened.",
        "family": "Illness in the family.",
        "social": "Work, home, smoking, alcohol.",
        "concern": "Worries, hopes and wishes.",
        "examination": "Findings that were stated aloud, with their numbers; nothing that was not examined.",
        "result": "Results, with numbers and dates.",
        "assessment": "What it is or may be, as the clinician said.",
        "plan": "What is decided, started and arranged, by whom and when.",
        "advice": "Advice that was given.",
        "safety_net": "When to seek help.",
        "procedure": "What was done.",
    },
    "nl": {
        "symptom": "De klacht, het beloop, wat er wel en niet is.",
        "history": "Eerdere ziekten en operaties.",
        "medication": "Medicijnen met dosis, frequentie en toedieningsweg, en wat verandert.",
        "allergy": "Allergieën, en wat er gebeurde.",
        "family": "Ziekten in de familie.",
        "social": "Werk, thuis, roken, alcohol.",
        "concern": "Zorgen, verwachtingen en wensen.",
        "examination": "Wat hardop is vastgesteld, met getallen; niets dat niet is onderzocht.",
        "result": "Uitslagen, met getallen en data.",
        "assessment": "Wat het is of kan zijn, zoals de arts het zei.",
        "plan": "Wat is besloten, gestart en afgesproken, door wie en wanneer.",
        "advice": "Welk advies is gegeven.",
        "safety_net": "Wanneer contact op te nemen.",
        "procedure": "Wat is gedaan.",
    },
}


def topics_named(heading: str) -> tuple[str, ...] | None:
    """Topics that a heading's words name, both of "Impression and plan"; None where no list knows it.

    Only known words become headings: a patient's name on a line of its own must not.
    """
    low = plain(heading)
    named = [_first_named(part.strip()) for part in (low, *_AND.split(low))]
    if all(topics is None for topics in named):
        return (
            () if any(re.search(w, low) for known in APPLICATION.values() for w in known.values()) else None
        )
    found = [topic for topics in named for topic in topics or ()]
    return tuple(dict.fromkeys(found))


def _first_named(low: str) -> tuple[str, ...] | None:
    for language in ("en", "nl"):
        for topics, words in HEADINGS[language]:
            if low and re.search(rf"(?:^|\W)(?:{words})", low):
                return topics
    return None


def guidance_for(topics: Sequence[str], language: str) -> str:
    """What a model is told about a section with these topics."""
    return " ".join(_GUIDANCE[language][topic] for topic in topics)


def with_story(sections: Sequence[SectionSpec], language: str) -> list[SectionSpec]:
    """With a heading for what the patient tells, where none of them takes that: before the findings.

    Letters often tell it in a paragraph of its own without any heading.
    """
    named = {topic for spec in sections for topic in spec.topics}
    if named & {"symptom", "history", "concern"}:
        return list(sections)
    topics = tuple(topic for topic in _STORY if topic not in named)
    story = SectionSpec("history", _STORY_HEADING[language], guidance_for(topics, language), topics)
    at = next((n for n, spec in enumerate(sections) if set(spec.topics) & _AFTER_STORY), len(sections))
    return [*sections[:at], story, *sections[at:]]


_STORY = ("symptom", "history", "concern", "family", "social")
_STORY_HEADING = {"en": "History", "nl": "Anamnese"}
_AFTER_STORY = {"examination", "result", "plan", "advice"}


def housed(sections: Sequence[SectionSpec]) -> tuple[tuple[SectionSpec, ...], tuple[str, ...]]:
    """The sections with a home for every topic that none of them names, and the topics without one.

    Else what was said of it could stand nowhere in the letter.
    """
    found = list(sections)
    homeless = []
    named = {topic for spec in sections for topic in spec.topics}
    for topic in sorted(set(TOPICS) - named):
        at = next(
            (n for home in _HOMES[topic] for n, spec in enumerate(sections) if _is_home(spec, home)), -1
        )
        if at < 0:
            homeless.append(topic)
        else:
            found[at] = replace(found[at], topics=(*found[at].topics, topic))
    return tuple(found), tuple(homeless)


def _is_home(spec: SectionSpec, topic: str) -> bool:
    return spec.source is SectionSource.CONVERSATION and topic in spec.topics
