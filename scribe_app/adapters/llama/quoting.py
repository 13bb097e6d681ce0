"""Candidates as lines by fixed rules: quotes, and the few rewordings that cannot change the meaning."""

from __future__ import annotations

import re

from scribe_app.adapters.llama.candidates import Candidate
from scribe_app.adapters.llama.wording import Wording, spoken_language, wording_for
from scribe_app.domain.letter import Statement
from scribe_app.domain.numbers import with_digits
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import FILLERS, sentences

_SPACES = re.compile(r"\s+")
_LOOSE = re.compile(r"\s+([,.!?;:])")
_DOUBLED = re.compile(r",(?=\s*[,.!?])")


class Quoting:
    """Words a candidate for one audience in one language. Deterministic; invents nothing."""

    def __init__(self, language: str, audience: str) -> None:
        self._language = spoken_language(language)
        self._wording = wording_for(self._language)
        self._to_patient = audience == "patient"

    def statement(self, candidate: Candidate) -> Statement:
        """The line for a candidate; `quoted` where its words are as they were said."""
        text, quoted = self._line(candidate)
        return Statement(text, evidence=candidate.evidence, quoted=quoted)

    def is_plain_quote(self, candidate: Candidate) -> bool:
        """Whether the rules have nothing better than the patient's own words in quotation marks."""
        return candidate.speaker is not SpeakerRole.CLINICIAN and not (
            candidate.question and (self._absent(candidate) or self._label(candidate.question))
        )

    def _line(self, candidate: Candidate) -> tuple[str, bool]:
        words = tidied(candidate.words, self._wording, candidate.speaker)
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        if candidate.speaker is SpeakerRole.CLINICIAN:
            return self._clinician_line(candidate, words, question)
        if absent := self._absent(candidate):
            if self._to_patient:
                return self._form("told_absent", text=absent[0].lower() + absent[1:]), False
            return absent, False
        if candidate.speaker is SpeakerRole.OTHER:
            return self._form("told_other" if self._to_patient else "other", words=words), True
        if not question:
            return self._form("told" if self._to_patient else "said", words=words), True
        if self._to_patient:
            return self._form("told_asked", question=question, words=words), True
        if label := self._label(question):
            return self._form("labelled", label=label, words=words), True
        return self._form("asked", question=question, words=words), True

    def _clinician_line(self, candidate: Candidate, words: str, question: str) -> tuple[str, bool]:
        if question:
            form = "answered_patient" if self._to_patient else "answered"
            return self._form(form, question=question, words=words), True
        if self._to_patient:
            return words, True
        line = " ".join(self._recorded(sentence) for sentence in sentences(words))
        if self._wording.second_person.search(line):
            return self._form("advised" if candidate.advice else "clinician", words=words), True
        return line, line == words

    def _recorded(self, sentence: str) -> str:
        """A clinician's sentence to the patient as a line of the record."""
        for pattern, text in self._wording.record:
            if pattern.search(sentence):
                line = pattern.sub(text, sentence, count=1)
                return _capital(re.sub(r"(,? and) your (?=\w)", r"\1 ", line))
        return sentence

    def _absent(self, candidate: Candidate) -> str:
        """ "No sweating or palpitations." from a question and a plain no; empty when it is anything else."""
        if not candidate.question:
            return ""
        if not self._wording.bare_no.match(candidate.words.strip()):
            return ""
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        for pattern, text in self._wording.absent:
            if pattern.search(question):
                line = pattern.sub(text, question, count=1)
                line = re.sub(r",? or (?:an? |any )?", " or ", re.sub(r"\byour\b", "the", line))
                return _capital(line) + "."
        return ""

    def _label(self, question: str) -> str:
        return next((label for pattern, label in self._wording.labels if pattern.search(question)), "")

    def _form(self, name: str, **parts: str) -> str:
        text = self._wording.forms[name]
        for key, value in parts.items():
            text = text.replace("{" + key + "}", value)  # not format(): spoken words may hold braces
        return text


def tidied(text: str, wording: Wording, speaker: SpeakerRole) -> str:
    """Spoken words without fillers and opening words, numbers in figures, each sentence with a capital."""
    openers = wording.clinician_openers if speaker is SpeakerRole.CLINICIAN else wording.openers
    kept = []
    for sentence in sentences(_without_fillers(text, wording.language)):
        rest = sentence
        while (shorter := openers.sub("", rest, count=1)) != rest and shorter.strip(" .,!?"):
            rest = shorter
        kept.append(_capital(rest.strip(" ,")))
    return with_digits(" ".join(part for part in kept if part), wording.language)


def _without_fillers(text: str, language: str) -> str:
    """Sounds go wherever they are; phrases ("you know") only where commas set them apart."""
    for filler in FILLERS[language]:
        body = re.escape(filler)
        if " " in filler or "'" in filler:
            text = re.sub(rf"(?i)(,\s*{body}(?=[,.!?]|$)|(?<![\w']){body},\s*)", "", text)
        elif filler not in _WORDS_TOO:
            text = re.sub(rf"(?i)(?<![\w'-]){body}(?![\w'-]),?\s*", "", text)
    return _DOUBLED.sub("", _LOOSE.sub(r"\1", _SPACES.sub(" ", text))).strip()


_WORDS_TOO = frozenset({"hoor", "eigenlijk", "nou", "kinda"})
"""Fillers that may carry meaning inside a sentence."""


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
