"""A template from one to three example letters: their headings and manner, and nothing of their patients.

Kept: headings in their order, prose or lines, person, opening and closing. In what is kept as text, names,
dates, numbers, addresses and the like become placeholders; a line that has more of them than words is left
out. The contents of the sections are read for their topics and not kept.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from scribe_app.domain.example_topics import TOPIC_WORDS, guidance_for, housed, topics_named, with_story
from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.lexicon.drugs import drugs_in
from scribe_app.domain.lexicon.letter_words import APPLICATION, HEADINGS, LETTER_WORDS, MORE_HEADINGS
from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.words import phrase_pattern, plain, sentences, words_in
from scribe_app.language import later

MOST_EXAMPLES = 3
MOST_CHARACTERS = 100_000
_LONGEST_HEADING = 60
_LONGEST_KEPT = 300

_CLINICIANS = frozenset({"examination", "result", "assessment", "plan", "advice", "safety_net"})
_MUST = frozenset({"assessment", "plan", "allergy"})
_REFERRED = re.compile(r"verwijzing|referral|referred")
_DUTCH = frozenset(words_in("de het een en van ik is dat niet geen met voor bij patiënt wordt werd u uw"))
SALUTATION = re.compile(r"^(?:dear|geachte|beste)\b", re.IGNORECASE)
CLOSING = re.compile(
    r"^(?:yours (?:sincerely|faithfully|truly)|kind regards|best wishes|with best wishes|with kind regards|"
    r"met (?:vriendelijke|collegiale|hartelijke) groet(?:en)?|hoogachtend|vriendelijke groet)",
    re.IGNORECASE,
)
BULLET = re.compile(r"^\s*(?:[-•*–]|\d{1,2}[.)])\s+")
_HAS_FIGURE = re.compile(r"\d")
_CONTACT = re.compile(r"@|www\.|https?:|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b|\b\d{4} ?[A-Z]{2}\b")
_TITLES = re.compile(
    r"\b(?:dr|prof|mr|mrs|ms|miss|mx|master|sir|lady|dhr|mevr|mw|drs|heer|mevrouw|meneer|dokter|doctor)\.?"
    r"(?:\s+(?:[A-Z][\w'’.-]*|van|de|der|den|ter|te|von|el|al))+",
    re.IGNORECASE,
)
_MONTHS = (
    "january february march april may june july august september october november december "
    "januari februari maart mei juni juli augustus oktober"
)
_DAYS = (
    "monday tuesday wednesday thursday friday saturday sunday "
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag"
)
_DATE_WORDS = frozenset(f"{_MONTHS} {_DAYS}".split()) - {"may", "march"}
_WORD = re.compile(r"[^\W\d_][\w'’-]*")


@dataclass(frozen=True, slots=True)
class Found:
    """What the examples showed, for the clinician to look at before anything is saved."""

    template: LetterTemplate
    remarks: tuple[str, ...]
    """What could not be told, or was left out."""


@dataclass(frozen=True, slots=True)
class _Example:
    opening: tuple[str, ...]
    sections: tuple[tuple[str, tuple[str, ...]], ...]
    closing: tuple[str, ...]


def template_from(examples: Sequence[str], name: str, title: str = "") -> Found:
    """A template after the manner of these letters; version 0 until it is saved.

    Raises:
        ValueError: there are no or too many letters, one is too long, or no heading is found in them.
    """
    texts = [text for text in examples if text.strip()]
    if not 1 <= len(texts) <= MOST_EXAMPLES:
        raise ValueError(later(f"Give one to {MOST_EXAMPLES} letters."))
    if any(len(text) > MOST_CHARACTERS for text in texts):
        raise ValueError(later("A letter is too long to be an example."))
    language = language_of(" ".join(texts))
    letters = [_read(text) for text in texts]
    headings = _headings(letters)
    if not headings:
        raise ValueError(
            later("No headings were found. A heading stands on a line of its own, such as “Plan:”.")
        )
    bodies = {heading: _body(heading, letters) for heading in headings}
    body = [line for lines in bodies.values() for line in lines]
    listed = [_section(heading, bodies[heading], language) for heading in headings]
    told = _tells_a_story([*body, *(line for letter in letters for line in letter.opening)], language)
    story = with_story(listed, language) if told else listed
    sections, homeless = housed(story)
    template = LetterTemplate(
        name=name,
        title=title or ("Brief" if language == "nl" else "Letter"),
        language=language,
        version=0,
        sections=tuple(_with_own_keys(sections)),
        audience=_audience(body + [line for one in letters for line in one.opening], language),
        opening=_kept([one.opening for one in letters]),
        closing=_kept([one.closing for one in letters]),
        layout=_layout(list(bodies.values())),
        person=_person(body, language),
    )
    added = [
        later(f"The story stands under no heading there: it gets “{spec.heading}”, to be moved or renamed.")
        for spec in story
        if spec not in listed
    ]
    return Found(template, (*_remarks(template, letters), *added, *_without_home(homeless)))


def _tells_a_story(lines: Sequence[str], language: str) -> bool:
    """Whether the letters tell of complaints in whole sentences, wherever they stand."""
    cues = phrase_pattern((topics_nl if language == "nl" else topics_en).TOPIC_CUES["symptom"])
    parts = [plain(part) for line in lines for part in sentences(line)]
    return any(len(part.split()) >= _SENTENCE and cues.search(part) for part in parts)


_SENTENCE = 6
"""Words; "Stable angina" under Diagnosis tells no story."""


def _without_home(topics: Sequence[str]) -> list[str]:
    told = [later(f"No heading has room for {words}.") for words in (TOPIC_WORDS[t] for t in topics)]
    return [*told, later("What is said of that is listed, not written.")] if told else []


def _body(heading: str, letters: Sequence[_Example]) -> list[str]:
    """What stands under a heading in all the letters."""
    held = (lines for letter in letters for other, lines in letter.sections if _same(other, heading))
    return [line for lines in held for line in lines]


def language_of(text: str) -> str:
    """Dutch or English, by the commonest small words."""
    words = words_in(text)
    return "nl" if words and sum(word in _DUTCH for word in words) / len(words) > _DUTCH_SHARE else "en"


_DUTCH_SHARE = 0.08


# --- reading one letter -----------------------------------------------------------------------------


def _read(text: str) -> _Example:
    """Opening, sections and closing. What stands above the salutation (addresses, identity) is left."""
    lines = [" ".join(line.split()) for line in text.replace("\r", "\n").split("\n")]
    lines = [line for line in lines if line]
    start = next((n + 1 for n, line in enumerate(lines) if SALUTATION.match(line)), 0)
    end = next((n for n, line in enumerate(lines) if n >= start and CLOSING.match(line)), len(lines))
    closing = tuple(lines[end : end + 1])
    opening: list[str] = []
    sections: list[tuple[str, list[str]]] = []
    for line in lines[start:end]:
        heading, rest = heading_of(line)
        if heading:
            sections.append((heading, [rest] if rest else []))
        elif sections:
            sections[-1][1].append(line)
        elif start:
            opening.append(line)
    salutation = [lines[start - 1]] if start else []
    kept = tuple((heading, tuple(body)) for heading, body in sections)
    return _Example((*salutation, *opening), kept, closing)


def heading_of(line: str) -> tuple[str, str]:
    """A heading with what follows it on its line; ("", "") for a line of text."""
    label, colon, rest = line.partition(":")
    if colon and _is_heading(label):
        return _clean_heading(label), rest.strip()
    if _is_heading(line) and not line.endswith((".", ",", "?", "!", ";")):
        known = any(re.search(words, line.lower()) for both in HEADINGS.values() for _, words in both)
        if known or (line.isupper() and len(line) > _ACRONYM):
            return _clean_heading(line), ""
    return "", ""


_ACRONYM = 4


def _clean_heading(text: str) -> str:
    """A heading without words that could be a name: those in no list of ours."""
    words = text.strip().rstrip(":").split()
    kept = [word for word in words if not _WORD.search(word) or _is_known(word)]
    cleaned = " ".join(kept).strip(" '’&/-")
    return cleaned[:1].upper() + cleaned[1:]


def _is_known(word: str) -> bool:
    parts = _WORD.findall(plain(word).replace("'s", ""))
    return "'s" not in plain(word) and all(part in _vocabulary() or part in LETTER_WORDS for part in parts)


@lru_cache(maxsize=1)
def _vocabulary() -> frozenset[str]:
    """Every word of the topic lists and of headings."""
    cues = [c for lexicon in (topics_en, topics_nl) for cues in lexicon.TOPIC_CUES.values() for c in cues]
    lists = " ".join([*cues, *(words for both in HEADINGS.values() for _, words in both), MORE_HEADINGS])
    return frozenset(_WORD.findall(lists.lower().replace("*", " ").replace("|", " "))) | frozenset(
        MORE_HEADINGS.split()
    )


def _is_heading(text: str) -> bool:
    text = _clean_heading(BULLET.sub("", text.strip()))
    return (
        bool(text)
        and len(text) <= _LONGEST_HEADING
        and len(text.split()) <= _HEADING_WORDS
        and not _HAS_FIGURE.search(text)
        and not _CONTACT.search(text)
        and not _TITLES.search(text)
        and text[:1].isupper()
        and topics_named(text) is not None
    )


_HEADING_WORDS = 7


# --- what they have in common -----------------------------------------------------------------------


def _headings(letters: Sequence[_Example]) -> list[str]:
    """Headings in order: those of the letter that has most, the others' where they stood."""
    longest = max(letters, key=lambda letter: len(letter.sections))
    order = list(dict.fromkeys(heading for heading, _ in longest.sections))
    for letter in letters:
        before = -1
        for heading, _ in letter.sections:
            at = next((n for n, known in enumerate(order) if _same(known, heading)), None)
            if at is None:
                order.insert(before + 1, heading)
                at = before + 1
            before = at
    return list(dict.fromkeys(order))


def _same(one: str, other: str) -> bool:
    return plain(one).strip(" :") == plain(other).strip(" :")


def _section(heading: str, body: Sequence[str], language: str) -> SectionSpec:
    shown = heading.capitalize() if heading.isupper() else heading
    for key, words in APPLICATION[language].items():
        if re.search(words, plain(heading)):
            guidance = (
                "Uit de velden van het programma." if language == "nl" else "From the application's fields."
            )
            return SectionSpec(
                key, shown, guidance, presence=Presence.REQUIRED, source=SectionSource.APPLICATION
            )
    topics = topics_named(heading) or _topics_by_text(body, language)
    if _REFERRED.search(plain(heading)) and body:
        topics = _topics_by_text(body, language)  # what for, in one letter; what is asked, in another
    must = bool(set(topics) & _MUST)
    return SectionSpec(
        key=re.sub(r"[^a-z0-9]+", "_", plain(heading)).strip("_")[:40] or "section",
        heading=shown,
        guidance=guidance_for(topics, language),
        topics=topics,
        presence=Presence.MANDATORY if must else Presence.OPTIONAL,
        clinician_only=bool(topics) and set(topics) <= _CLINICIANS,
    )


def _topics_by_text(body: Sequence[str], language: str) -> tuple[str, ...]:
    """The commonest topic of a section's sentences; symptoms where nothing tells."""
    lexicon = topics_nl if language == "nl" else topics_en
    counts: Counter[str] = Counter()
    for line in body:
        for sentence in sentences(line):
            text = plain(sentence)
            counts.update(t for t, cues in lexicon.TOPIC_CUES.items() if phrase_pattern(cues).search(text))
            counts.update(["medication"] if drugs_in(text) else [])
    return (counts.most_common(1)[0][0],) if counts else ("symptom",)


def _with_own_keys(sections: Sequence[SectionSpec]) -> list[SectionSpec]:
    seen: Counter[str] = Counter()
    result = []
    for spec in sections:
        seen[spec.key] += 1
        number = seen[spec.key]
        result.append(replace(spec, key=f"{spec.key}_{number}") if number > 1 else spec)
    return result


def _layout(bodies: Sequence[Sequence[str]]) -> str:
    """Bullets or prose by what most sections have; empty where it is even."""
    filled = [lines for lines in bodies if lines]
    bullets = sum(any(BULLET.match(line) for line in lines) for lines in filled)
    prose = sum(
        any(len(sentences(line)) > 1 for line in lines) and not any(BULLET.match(line) for line in lines)
        for lines in filled
    )
    if 2 * bullets > len(filled):
        return "bullets"
    return "prose" if 2 * prose > len(filled) else ""


def _person(body: Sequence[str], language: str) -> str:
    first = re.compile(r"\b(?:I|ik|Ik)\b" if language == "nl" else r"\bI\b")
    return "first" if any(first.search(line) for line in body) else "third"


def _audience(lines: Sequence[str], language: str) -> str:
    words = Counter(word for line in lines for word in words_in(line))
    to_reader = sum(words[word] for word in (("u", "uw", "je") if language == "nl" else ("you", "your")))
    of_patient = sum(words[word] for word in ("patient", "patiënt", "patiënte", "he", "she", "hij", "zij"))
    return "patient" if to_reader > max(2, of_patient) else "clinician"


# --- text that is kept, without the patient ---------------------------------------------------------


def _kept(blocks: Sequence[Sequence[str]]) -> str:
    """The lines that the letters open or close with, as placeholders and general words; the first letter's.

    With several letters only lines that all of them have in the same general form are kept.
    """
    forms = [[general(line) for line in block] for block in blocks]
    common = [line for line in forms[0] if line and all(line in other for other in forms[1:])]
    return "\n".join(line for line in common if len(line) <= _LONGEST_KEPT)


def general(line: str) -> str:
    """A line with names, dates and numbers as […]; empty where little else would be left.

    A word is kept only when it is a common word of letters: whatever else it is could be a name.
    """
    if _CONTACT.search(line):
        return ""
    text = _TITLES.sub("[…]", line)
    text = _WORD.sub(lambda found: found[0] if _is_common(found[0]) else "[…]", text)
    text = re.sub(r"[^\s\[\]…]*\d[^\s\[\]…]*", "[…]", text)
    text = re.sub(r"\[…\](?:[\s/.,:-]*\[…\])+", "[…]", text)
    words = _WORD.findall(text)
    return text.strip() if len(words) > text.count("[…]") and words else ""


def _is_common(word: str) -> bool:
    low = plain(word).replace("'s", "")
    return low in LETTER_WORDS and low not in _DATE_WORDS


def _remarks(template: LetterTemplate, letters: Sequence[_Example]) -> tuple[str, ...]:
    remarks = []
    if template.opening or template.closing:
        held = "[…]" in template.opening + template.closing
        remarks.append(
            later("Names, dates and numbers were replaced by […] in opening and closing: write them anew.")
            if held
            else later("Opening and closing are general words only.")
        )
    guessed = [
        s.heading for s in template.sections if s.source is not SectionSource.APPLICATION and not s.topics
    ]
    if guessed:
        remarks.append(later(f"What belongs here could not be told: {', '.join(guessed)}."))
    if len(letters) == 1:
        remarks.append(later("One letter shows little: two or three make headings and manner surer."))
    return tuple(remarks)
