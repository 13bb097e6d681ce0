"""What an utterance is about, and which utterances belong to a section of a letter.

Cue words per sentence (scribe_app/domain/lexicon), the speaker, and the question that an utterance answers.
Topics are those of SectionSpec.topics.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.lexicon.drugs import drugs_in
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import (
    FILLERS,
    ends_asking,
    is_question,
    only_confirms,
    phrase_pattern,
    plain,
    sentences,
    words_in,
)

__all__ = [
    "TOPICS",
    "topics_of",
    "topics_in",
    "utterances_for",
    "guess_roles",
    "is_answer",
    "only_asks",
    "is_bare",
]

TOPICS: tuple[str, ...] = tuple(topics_en.TOPIC_CUES)
"""Every topic there is."""

_CLINICIAN_TOPICS = frozenset({"examination", "assessment", "plan", "safety_net", "advice"})
"""A patient's own words make none of these; a patient's answer to a question about them may."""
_PATIENT_STORY = frozenset({"symptom", "history", "social", "family", "concern"})
"""Not what a clinician's plan is about, even where it names a symptom ("if the pain comes back, ring us")."""
_SHORT_ANSWER = 30
"""Words; a longer utterance speaks for itself."""
_THE_COMPLAINT = frozenset({"symptom"})
_COURSE = (
    re.compile(r"\bhow (?:often|many times|long (?:has|have|does|do|did))"),
    re.compile(r"\b(?:hoe vaak|hoe ?lang|sinds wanneer|wanneer (?:is|begon))\b"),
)
"""Questions about the course of what the patient came with, even where they name nothing: English, Dutch."""
_OWN_IDEAS = re.compile(
    r"\b(?:any (?:ideas?|thoughts)|your (?:own )?(?:ideas?|thoughts|worr)|you (?:most )?worried"
    r"|what do you think|were you hoping|(?:enig|zelf een) idee|wat denkt u|waar bent u bang"
    r"|waar maakt u zich|had u gehoopt)\b"
)
"""Questions about what a patient thinks, fears and hopes: their answers run long."""
_NAMED_BEFORE = 4
"""Words of a sentence that only names what the next one asks about."""


def topics_of(utterance: Utterance, previous: Utterance | None, language: str) -> frozenset[str]:
    """The topics of one utterance; empty for small talk and bare acknowledgements.

    `previous` is the utterance before it that was more than a filler; an answer inherits its topics.
    """
    own = _cued(utterance, language)
    asked = _asked(previous, language) if previous is not None else frozenset()
    if (
        not own | asked
        and previous is not None
        and _COURSE[language[:2] == "nl"].search(plain(previous.text))
    ):
        return _THE_COMPLAINT if is_answer(utterance, previous, language) else own
    if not asked or not is_answer(utterance, previous, language):
        return own
    if "allergy" in asked and own <= {"medication", "symptom"}:
        return frozenset({"allergy"})
    return own | (asked - {"concern"} if own & _CLINICIAN_TOPICS else asked)


def topics_in(transcript: Transcript) -> dict[UtteranceId, frozenset[str]]:
    """The topics of every utterance, each read with the one that it follows."""
    return {now.id: topics_of(now, before, transcript.language) for before, now in _with_previous(transcript)}


def utterances_for(spec: SectionSpec, transcript: Transcript) -> tuple[Utterance, ...]:
    """The utterances that a section may rest on, in the order in which they were said.

    Sections for the clinician's own findings and plans get the clinician's statements only; others keep the
    question with its answer, since "No, neither of those" says nothing alone.
    """
    known = guess_roles(transcript)
    topics = topics_in(known)
    wanted = frozenset(spec.topics)
    chosen = [utterance for utterance in known if topics[utterance.id] & wanted]
    if wanted & _PATIENT_STORY:
        chosen = [
            u
            for u in chosen
            if topics[u.id] & wanted & _PATIENT_STORY or not topics[u.id] & {"plan", "safety_net"}
        ]
    if spec.clinician_only:
        chosen = [
            utterance
            for utterance in chosen
            if utterance.speaker is SpeakerRole.CLINICIAN
            and not only_asks(utterance.text, transcript.language)
        ]
    return transcript.cited(utterance.id for utterance in chosen)


def is_answer(utterance: Utterance, previous: Utterance | None, language: str) -> bool:
    """Whether an utterance answers the question before it."""
    if previous is None or only_asks(utterance.text, language):
        return False
    if previous.speaker is utterance.speaker is not SpeakerRole.UNKNOWN:
        return False
    spoken = words_in(utterance.text)
    lexicon = topics_nl if language.startswith("nl") else topics_en
    opening = plain(" ".join(spoken[:6]))
    if len(spoken) <= _SHORT_ANSWER or phrase_pattern(lexicon.YES + lexicon.NO).search(opening):
        return True
    return bool(_OWN_IDEAS.search(plain(" ".join(sentences(previous.text)[-2:]))))


def only_asks(text: str, language: str) -> bool:
    """Whether an utterance is nothing but questions and acknowledgements."""
    parts = sentences(text)
    if not any(is_question(part, language) for part in parts):
        return False
    return all(is_question(part, language) or is_bare(part, language) for part in parts)


def _with_previous(transcript: Transcript) -> Iterator[tuple[Utterance | None, Utterance]]:
    before: Utterance | None = None
    for utterance in transcript:
        next_step()
        yield before, utterance
        asks_still = before is not None and ends_asking(before.text, transcript.language)
        if not (asks_still and is_bare(utterance.text, transcript.language)):
            before = utterance


def is_bare(text: str, language: str) -> bool:
    """Whether nothing is left of a text without fillers and acknowledgements."""
    lexicon = topics_nl if language.startswith("nl") else topics_en
    fillers = FILLERS["nl" if language.startswith("nl") else "en"]
    rest = phrase_pattern(lexicon.ACKNOWLEDGEMENTS + fillers).sub(" ", " ".join(words_in(text)))
    return not rest.strip()


def _cued(utterance: Utterance, language: str) -> frozenset[str]:
    found: set[str] = set()
    for sentence in sentences(utterance.text):
        found |= _sentence_topics(sentence, utterance.speaker, language)
    return frozenset(found)


def _asked(previous: Utterance, language: str) -> frozenset[str]:
    """Topics of the question that an utterance ends with."""
    parts = sentences(previous.text)
    asking = [part for part in parts[-2:] if is_question(part, language)]
    if (
        asking
        and len(parts) > 2
        and not any(_sentence_topics(part, previous.speaker, language, keep_all=True) for part in asking)
    ):  # "Does the pain move anywhere? Towards your back? Your sides?"
        asking = [part for part in parts[-4:] if is_question(part, language)]
    found: set[str] = set()
    for part in asking:
        found |= _sentence_topics(part, previous.speaker, language, keep_all=True)
    if (
        asking
        and not found
        and len(parts) > 1
        and (len(parts[-2].split()) <= _NAMED_BEFORE or only_confirms(parts[-1]))
    ):  # "And the smoking. Would you like some help to stop?" – "It hurts at night. Is that right?"
        return _sentence_topics(parts[-2], previous.speaker, language, keep_all=True)
    return frozenset(found)


def _sentence_topics(
    sentence: str, speaker: SpeakerRole, language: str, keep_all: bool = False
) -> frozenset[str]:
    lexicon = topics_nl if language.startswith("nl") else topics_en
    text = phrase_pattern(lexicon.SMALL_TALK).sub(" ", plain(sentence))
    fluids = phrase_pattern(lexicon.FLUIDS)
    intake, text = fluids.search(text), fluids.sub(" ", text)
    found = {topic for topic, cues in lexicon.TOPIC_CUES.items() if phrase_pattern(cues).search(text)}
    if intake:
        found.add("symptom")
    if drugs_in(text):
        found.add("medication")
    if keep_all:
        return frozenset(found)
    asks = is_question(sentence, language)
    if speaker in (SpeakerRole.PATIENT, SpeakerRole.OTHER):
        found -= _CLINICIAN_TOPICS
    elif asks:
        found -= {"assessment", "plan", "safety_net", "advice"}
    elif found & _CLINICIAN_TOPICS:
        found -= _PATIENT_STORY
        if "plan" in found and not phrase_pattern(lexicon.RESULT_KNOWN).search(text):
            found -= {"result"}
    elif speaker is SpeakerRole.CLINICIAN:
        found -= {"concern"}
    return frozenset(found)
