"""Candidates as lines by fixed rules: quotes, and the few rewordings that cannot change the meaning."""

from __future__ import annotations

import re
from dataclasses import replace

from scribe_app.adapters.llama.candidates import Candidate
from scribe_app.adapters.llama.self_corrections import as_corrected
from scribe_app.adapters.llama.tidying import capital, readdressed, reported, tidied
from scribe_app.adapters.llama.wording import spoken_language, wording_for
from scribe_app.domain.letter import Statement
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import sentences


class Quoting:
    """Words a candidate for one audience in one language. Deterministic; invents nothing."""

    def __init__(self, language: str, audience: str) -> None:
        self._language = spoken_language(language)
        self._wording = wording_for(self._language)
        self._to_patient = audience == "patient"

    def statement(self, candidate: Candidate, reworded: str = "") -> Statement:
        """The line for a candidate; `quoted` where its words are as they were said.

        `reworded` stands for the patient's words, where a model had a faithful way to put them.
        """
        meant = self._meant(candidate)
        text, quoted = self._line(meant, reworded)
        return Statement(text, evidence=candidate.evidence, quoted=quoted and meant is candidate)

    def _meant(self, candidate: Candidate) -> Candidate:
        """With the amount that the speaker put in the place of another in the same breath."""
        words = as_corrected(candidate.words, self._language)
        return candidate if words == candidate.words else replace(candidate, words=words)

    def is_plain_quote(self, candidate: Candidate) -> bool:
        """Whether the rules have nothing better than the patient's own words in quotation marks."""
        if candidate.speaker in (SpeakerRole.CLINICIAN, SpeakerRole.OTHER) or self._absent(candidate):
            return False
        words = tidied(self._meant(candidate).words, self._wording, candidate.speaker)
        return reported(words, self._wording)[0].startswith("“")

    def _line(self, candidate: Candidate, reworded: str) -> tuple[str, bool]:
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
        if self._wording.instructions.search(words):
            return self._form("told" if self._to_patient else "said", words=words), True
        if self._wording.plain_no.match(words) and (denied := self._denied(candidate)):
            return self._denied_line(denied, words), False
        if self._to_patient:
            return self._line_to_patient(words, question)
        if question and self._wording.bare_no.match(words):
            return self._form("asked", question=question, words=words), True
        return self._line_on(words, question, reworded)

    def _denied_line(self, denied: str, words: str) -> str:
        """What was denied, and what the patient said besides."""
        rest = capital(self._wording.plain_no.sub("", words, count=1))
        if not self._to_patient:
            return f"{denied} {reported(rest, self._wording)[0]}"
        more = readdressed(rest, self._wording) or f"“{rest}”"
        return f"{self._form('told_absent', text=denied[0].lower() + denied[1:])} {more}"

    def _line_on(self, words: str, question: str, reworded: str) -> tuple[str, bool]:
        """A patient's words for a clinician to read."""
        text, quoted = (reworded, False) if reworded else reported(words, self._wording)
        if question:
            quoted = text == f"“{words}”"
        if label := self._label(question):
            return self._form("labelled", label=label, words=_without_yes(text)), quoted
        if question and text in (words, f"“{words}”"):
            return self._form("asked", question=question, words=words), True
        if question:
            return self._form("asked_reported", question=question, words=text), False
        if text.startswith("“"):
            return self._form("said", words=words), True
        return text, quoted

    def _line_to_patient(self, words: str, question: str) -> tuple[str, bool]:
        """A patient's words said back to them."""
        text = readdressed(words, self._wording) or f"“{words}”"
        quoted = text == f"“{words}”" or (text == words and not question)
        if label := self._label(question):
            return self._form("labelled", label=label, words=_without_yes(text)), quoted
        if question:
            return self._form("told_asked", question=question, words=text), quoted
        if text.startswith("“"):
            return self._form("told", words=words), True
        return text, quoted

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
                return capital(re.sub(r"(,? and) your (?=\w)", r"\1 ", line))
        return sentence

    def _absent(self, candidate: Candidate) -> str:
        """ "No sweating or palpitations." from a question and a bare no; empty when it is anything else."""
        if not self._wording.bare_no.match(candidate.words.strip()):
            return ""
        return self._denied(candidate)

    def _denied(self, candidate: Candidate) -> str:
        """What a question asked for, as absent; empty when the question has another shape."""
        if not candidate.question:
            return ""
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        for pattern, text in self._wording.absent:
            if pattern.search(question):
                line = pattern.sub(text, question, count=1)
                line = re.sub(r",? or (?:an? |any )?", " or ", re.sub(r"\byour\b", "the", line))
                return capital(line) + "."
        return ""

    def _label(self, question: str) -> str:
        return next((label for pattern, label in self._wording.labels if pattern.search(question)), "")

    def _form(self, name: str, **parts: str) -> str:
        text = self._wording.forms[name]
        for key, value in parts.items():
            text = text.replace("{" + key + "}", value)  # not format(): spoken words may hold braces
        return text


def _without_yes(text: str) -> str:
    """An answer behind its label needs no "Yes": "Family: dad died …"."""
    rest = re.sub(r"^(?:yes|yeah|ja)[,.]\s+", "", text, flags=re.IGNORECASE)
    return rest[:1].lower() + rest[1:] if re.match(r"[A-Z][a-z]+ (?:[a-z\d])", rest) else rest
