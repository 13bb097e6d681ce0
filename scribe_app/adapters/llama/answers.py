"""Candidates for lines of a letter: answers with their questions, repetitions merged."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scribe_app.domain.checks.answers import answer_kind
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import is_bare
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import ends_asking, is_question, only_confirms, sentences, words_in

_BARE_WORDS = 3
_IN_A_ROW = 2
"""Questions before the last one that one "no" answers, too."""
_JUST_BEFORE = 8
"""Lines among which a repetition is looked for."""
_GOES_ON = re.compile(
    r"(?i)\W*(?:(?:uh|um|eh)\W+)*(?:or\b|i mean\b|for example\b|like\b|(?:does|is|has) it\b|of\b|ik bedoel\b"
    r"|bijvoorbeeld\b|zoals\b)"
)
"""How a question begins that only goes on with the one before: "Suddenly? Or was it gradual?"."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """Something said that fits a heading; `words` and `question` are as spoken."""

    words: str
    speaker: SpeakerRole
    evidence: tuple[UtteranceId, ...]
    question: str = ""
    """The question this answers; empty when the words speak for themselves."""
    advice: bool = False
    """The clinician tells the patient what to do."""
    safety: bool = False
    """The clinician tells the patient what to look out for: the words count."""
    corrected: bool = False
    """Words stand in the place of those said: of a value that was taken back, of "it"."""
    proxy: bool = False
    """Someone speaks for a patient who tells nothing: a mother for her child."""


def questions_before(transcript: Transcript) -> dict[UtteranceId, Utterance]:
    """For each utterance the asking one it may answer; a bare "mm-hm" in between does not break the pair."""
    found: dict[UtteranceId, Utterance] = {}
    asking: Utterance | None = None
    after = (*transcript.utterances[1:], None)
    for utterance, following in zip(transcript.utterances, after, strict=False):
        next_step()
        if asking is not None and utterance.speaker is not asking.speaker:
            found[utterance.id] = asking
        bare = len(words_in(utterance.text)) <= _BARE_WORDS
        if _asks(utterance.text, transcript.language):
            asking = utterance
        elif not bare or (utterance.id in found and not _more_comes(utterance, following)):
            asking = None
    return found


def _asks(text: str, language: str) -> bool:
    """Whether it ends with a question that is more than "okay?"."""
    return ends_asking(text, language) and not is_bare(_questions(text, language)[-1], language)


def _questions(text: str, language: str) -> list[str]:
    return [part for part in sentences(text) if is_question(part, language)]


def _more_comes(utterance: Utterance, following: Utterance | None) -> bool:
    """Whether the same speaker goes on at once: "Yeah." – "It's a bit warm, yes." is one answer."""
    return following is not None and following.speaker is utterance.speaker


def asked_with(utterance: Utterance, language: str, all_of_them: bool = False) -> str:
    """The question an utterance ends with, and what it leans on; `all_of_them`: with those just before it.

    One "no" to several questions in a row denies them all: "Any head injury? Any falls?" – "No."
    """
    parts = sentences(utterance.text)
    last = next(at for at in reversed(range(len(parts))) if is_question(parts[at], language))
    first = last
    leans = len(words_in(parts[last])) <= _BARE_WORDS or _GOES_ON.match(parts[last])
    if last and (only_confirms(parts[last]) or (leans and is_question(parts[last - 1], language))):
        first = last - 1  # "Are you sexually active? At the moment?"
    while all_of_them and first > max(0, last - _IN_A_ROW) and is_question(parts[first - 1], language):
        first -= 1
    return " ".join(parts[first : last + 1])


def merged_answers(candidates: Iterable[Candidate], language: str) -> tuple[Candidate, ...]:
    """Repetitions of what was said just before become evidence of it instead of a line of their own."""
    kept: list[Candidate] = []
    for candidate in candidates:
        next_step()
        if kept and _one_answer(kept[-1], candidate):
            kept[-1] = _joined(kept[-1], candidate, language)
            continue
        words = set(words_in(candidate.words))
        for index in range(max(0, len(kept) - _JUST_BEFORE), len(kept)):
            earlier = kept[index]
            if not candidate.question and words and words <= set(words_in(earlier.words)) | SAYING_AGAIN:
                evidence = tuple(sorted({*earlier.evidence, *candidate.evidence}))
                kept[index] = replace(earlier, evidence=evidence)
                break
        else:
            kept.append(candidate)
    return tuple(kept)


def _one_answer(first: Candidate, second: Candidate) -> bool:
    """Whether two candidates answer the same question, the first in a word or two."""
    same = bool(second.question) and first.question.endswith(second.question)
    return same and first.evidence[0] == second.evidence[0] and first.speaker is second.speaker


def _joined(first: Candidate, second: Candidate, language: str) -> Candidate:
    """A bare "yes" and what follows it as one answer; "Yep." before the answer itself goes."""
    evidence = tuple(sorted({*first.evidence, *second.evidence}))
    kind, then = answer_kind(first.words, language), answer_kind(second.words, language)
    sound = len(words_in(first.words)) <= 1 or is_bare(first.words, language)
    if sound and (kind is None or then is False or kind is then):
        return replace(first, words=second.words, evidence=evidence)
    opening = first.words.rstrip()
    words = f"{opening}{'' if opening.endswith(_ENDS) else '.'} {second.words}"
    return replace(first, words=words, evidence=evidence)


_ENDS = (".", "!", "?")
SAYING_AGAIN = frozenset({"so", "right", "okay", "and", "the", "a", "that's", "dus", "ja", "en", "de", "het"})
