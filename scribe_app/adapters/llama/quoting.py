"""Candidates as lines by fixed rules: quotes, and the few rewordings that cannot change the meaning."""

from __future__ import annotations

import re

from scribe_app.adapters.llama.answers import Candidate
from scribe_app.adapters.llama.candidates import OPENING
from scribe_app.adapters.llama.person import impersonal, of_the_patient
from scribe_app.adapters.llama.tidying import (
    capital,
    in_third_person_already,
    readdressed,
    reported,
    tidied,
    without_fillers,
)
from scribe_app.adapters.llama.wording import spoken_language, wording_for
from scribe_app.domain.letter import Statement
from scribe_app.domain.lexicon.person_words import RELATIVES
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import is_question, sentences, words_in


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
        text, quoted = self._line(candidate, reworded)
        return Statement(text, evidence=candidate.evidence, quoted=quoted and not candidate.corrected)

    def is_plain_quote(self, candidate: Candidate) -> bool:
        """Whether the rules have nothing better than the patient's own words in quotation marks."""
        if candidate.speaker in (SpeakerRole.CLINICIAN, SpeakerRole.OTHER) or self._absent(candidate):
            return False
        words = tidied(candidate.words, self._wording, candidate.speaker)
        if self._wording.bare_yes.match(words):
            return False
        return reported(words, self._wording)[0].startswith("“")

    def _line(self, candidate: Candidate, reworded: str) -> tuple[str, bool]:
        words = tidied(candidate.words, self._wording, candidate.speaker)
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        if candidate.speaker is SpeakerRole.CLINICIAN:
            return self._clinician_line(candidate, words, question)
        if absent := self._absent(candidate):
            return self._denied_to(absent), False
        if self._wording.instructions.search(words):
            other = candidate.speaker is SpeakerRole.OTHER
            return self._form(_SAID[other, self._to_patient], words=words), True
        denied = "" if _holds_number(question) else self._denied(candidate)
        if denied and (self._wording.plain_no.match(words) or self._wording.never.match(words)):
            return self._denied_line(denied, words, candidate), False
        if self._wording.bare_yes.match(words) and (named := self._named(question)):
            return capital(named) + ".", False
        if not question:
            words = _without_bare_yes(words)
        text, quoted = (reworded, False) if reworded else self._told(words, candidate)
        if candidate.speaker is SpeakerRole.OTHER and not candidate.proxy:
            line, quoted = self._answer(words, question, text, quoted, candidate.speaker)
            return self._form("told_other" if self._to_patient else "other", words=lowered(line)), quoted
        speaker = SpeakerRole.PATIENT if candidate.proxy and self._to_patient else candidate.speaker
        return self._answer(words, question, text, quoted, speaker)

    def _told(self, words: str, candidate: Candidate) -> tuple[str, bool]:
        """What was said, told of the patient or to the patient; whether that is word for word."""
        if candidate.speaker is SpeakerRole.OTHER and not (candidate.proxy and self._to_patient):
            return in_third_person_already(words, self._wording)
        if self._to_patient:
            text = readdressed(words, self._wording) or f"“{words}”"
            return text, text in (words, f"“{words}”")
        return reported(words, self._wording)

    def _denied_line(self, denied: str, words: str, candidate: Candidate) -> str:
        """What was denied, and what was said besides."""
        more = self._told(capital(self._wording.plain_no.sub("", words, count=1)), candidate)[0]
        more = " ".join(part for part in sentences(more) if not _says_no_more(part, denied))
        return f"{self._denied_to(denied)} {more}".strip()

    def _denied_to(self, denied: str) -> str:
        """What was denied, for the reader of this letter."""
        if not self._to_patient:
            return denied
        denied = denied.replace("patiënt weet", "u weet").replace("the patient knows", "you know")
        if denied.startswith("Does not "):
            return "You do not " + denied.removeprefix("Does not ")
        if self._language == "nl" and re.match(r"(?!Niet\b)[A-Z][a-z]+t (?:niet|geen)\b", denied):
            return f"U {lowered(denied)}"
        return self._form("told_absent", text=lowered(denied))

    def _answer(
        self, words: str, question: str, text: str, quoted: bool, speaker: SpeakerRole
    ) -> tuple[str, bool]:
        """An answer behind what was asked; words that tell by themselves stand alone."""
        if not question:
            if text.startswith("“") and text.endswith("”") and text.count("“") == 1:
                return self._form(_SAID[speaker is SpeakerRole.OTHER, self._to_patient], words=words), True
            return text, quoted
        quoted = quoted and text in (words, f"“{words}”")
        denies = bool(_DENIES.match(words))
        if denies and self._wording.bare_no.match(words) and not self._to_patient:
            return self._form("asked", question=question, words=words), True
        label, named = self._label_for(question, words), ""
        if not label and not denies and not _is_mixed(question, words):
            label = named = self._named(question)
        if label and self._stands_alone(label, named, text):
            return text, quoted
        if label:
            line = self._form("labelled", label=capital(label), words=_without_yes(text))
            return line, quoted and not named
        return self._behind_its_question(words, question, text, denies)

    def _label_for(self, question: str, words: str) -> str:
        """The short name of a common question, where the answer says what it leaves out."""
        label = self._label(question)
        if self._wording.bare_yes.match(words):
            return ""  # "Do you live with anyone?" – "Yeah." is no "Home: yeah."
        if label in _OF_WHAT and (
            len(words_in(words)) < _NAMES_IT
            or _DENIES.match(words)
            or not _RELATIVE[self._language].search(words)
        ):
            return ""  # "Does anyone in the family get migraines?" – "My mum does."
        if len(sentences(question)) > 1 and label not in OPENING:
            return ""  # "Does the pain move anywhere? Towards your back?"
        return label

    def _stands_alone(self, label: str, named: str, text: str) -> bool:
        """Whether an answer says what was asked; a letter to the patient needs fewer labels."""
        if named and _tells_itself(text, named):
            return True
        return self._to_patient and (label in OPENING or bool(_ADDRESSES.match(text)))

    def _behind_its_question(self, words: str, question: str, text: str, denies: bool) -> tuple[str, bool]:
        """An answer to a question that has no short name."""
        if self._to_patient:
            return self._form("told_asked", question=question, words=text), text in (words, f"“{words}”")
        if text == f"“{words}”":
            return self._form("asked", question=question, words=words), True
        if denies or self._wording.second_person.search(question):
            return self._form("asked_reported", question=question, words=text), False
        return f"{question} {text}", False

    def _clinician_line(self, candidate: Candidate, words: str, question: str) -> tuple[str, bool]:
        if question:
            shown = "told_shown" if self._to_patient else "shown"
            asked = "answered_patient" if self._to_patient else "answered"
            form = asked if is_question(candidate.question, self._language) else shown
            return self._form(form, question=question, words=words), True
        if self._to_patient:
            return words, True
        line = words if candidate.safety else " ".join(self._recorded(part) for part in sentences(words))
        if self._wording.second_person.search(line):
            return self._form("advised" if candidate.advice else "clinician", words=words), True
        return line, line == words

    def _recorded(self, sentence: str) -> str:
        """A clinician's sentence to the patient as a line of the record."""
        for pattern, text in self._wording.record:
            if pattern.search(sentence):
                sentence = pattern.sub(text, sentence, count=1)
                break
        sentence = re.sub(
            r"(?i)^(?:no|nee)(?: hoor)?, (?=.*(?:\b(?:no|not|niet|geen)\b|n't\b))", "", sentence
        )
        sentence = self._wording.aside.sub("", sentence)
        return capital(of_the_patient(sentence, self._wording.language))

    def _absent(self, candidate: Candidate) -> str:
        """ "No sweating or palpitations." from a question and a bare no; empty when it is anything else."""
        if not self._wording.bare_no.match(without_fillers(candidate.words, self._language)):
            return ""
        denied = self._denied(candidate)
        unaware, form = self._wording.unaware
        if denied and unaware.search(candidate.words):
            return form.replace("{absent}", denied.rstrip(".")) + "."
        return denied

    def _denied(self, candidate: Candidate) -> str:
        """What a question asked for, as absent; empty when the question has another shape."""
        if not candidate.question or len(sentences(candidate.question)) > 1:
            return ""
        question = tidied(candidate.question, self._wording, SpeakerRole.UNKNOWN)
        for pattern, text in self._wording.absent:
            if pattern.search(question):
                question = _as_inside(question)
                line = impersonal(pattern.sub(text, question, count=1), self._wording.language)
                line = re.sub(r",? or (?:an? |any )?", " or ", re.sub(r", of (?:een )?", " of ", line))
                return "" if self._wording.second_person.search(line) else capital(line) + "."
        return ""

    def _named(self, question: str) -> str:
        """What a question asks for, without its verb and "you"; empty where its shape is not known."""
        if _TAGGED.search(question):
            return ""  # "Aspirin once a day, right?" names nothing, it checks
        for pattern, text in self._wording.asked:
            if match := pattern.search(question):
                named = impersonal(match.expand(text), self._wording.language)
                verb = self._to_patient and named.lower().split()[0] == question.lower().split()[0]
                return "" if verb or self._wording.second_person.search(named) else named
        return ""

    def _label(self, question: str) -> str:
        return next((label for pattern, label in self._wording.labels if pattern.search(question)), "")

    def _form(self, name: str, **parts: str) -> str:
        text = self._wording.forms[name]
        for key, value in parts.items():
            text = text.replace("{" + key + "}", value)  # not format(): spoken words may hold braces
        return text


def lowered(text: str) -> str:
    """With a small first letter, to stand behind other words."""
    return text[:1].lower() + text[1:]


_SAID = {
    (True, True): "told_other",
    (True, False): "other_quoted",
    (False, True): "told",
    (False, False): "said",
}
"""The form of a quote: from another person or not, to the patient or not."""


def _as_inside(question: str) -> str:
    """A question's words as they stand inside a line; "MRI" keeps its capitals."""
    return question if question[1:2].isupper() else lowered(question)


def _holds_number(question: str) -> bool:
    """Whether a "no" may deny the number only: "Gliclazide 80 mg in the morning?" – "No, at night."."""
    return bool(re.search(r"\d", question))


def _is_mixed(question: str, words: str) -> bool:
    """Whether several things were asked of which the answer may deny some: none of them may stand as said."""
    several = bool(_SEVERAL.search(question) and _PARTLY_DENIES.search(words))
    return several or len(sentences(question)) > 1


def _tells_itself(text: str, asked: str) -> bool:
    """Whether an answer names what was asked for: "No sores. Toes tingle." needs no question."""
    named = {word[:_STEM] for word in words_in(asked) if len(word) >= _STEM}
    told = {word[:_STEM] for word in words_in(text)}
    return len(words_in(text)) >= _OF_ITS_OWN and bool(named) and named <= told


def _says_no_more(sentence: str, denied: str) -> bool:
    """Whether a sentence only denies once more what was denied."""
    words = set(words_in(sentence))
    return bool(words & _DENYING) and words <= {*words_in(denied), *_DENYING, *_EMPTY}


_TAGGED = re.compile(r"(?i), (?:right|okay|ok|yeah|toch|hè|hé|klopt dat|is that right)\?$")
_DENYING = frozenset({
    "no", "not", "doesn't", "don't", "hasn't", "haven't", "didn't", "isn't", "geen", "niet",
})  # fmt: skip
"""Not "never": who never smoked is told apart from who does not smoke."""
_EMPTY = frozenset({
    "does", "do", "has", "have", "had", "any", "it", "that", "them", "heeft", "gehad", "gezien", "er", "ook",
})  # fmt: skip
_DENIES = re.compile(
    r"(?i)(?:(?:i|ik|well|um|uh|eh|nou|yeah)\b[, ]+)*"
    r"(?:no|nope|not|never|none|neither|nothing|(?:I )?(?:have|had|did|do|was|is|does|am)(?:n't| not)"
    r"|nee|niet|nooit|geen)\b"
)
"""An answer that must keep its question's mark: a label would assert what was denied."""
_PARTLY_DENIES = re.compile(r"(?i)\b(?:not|no|never|none|geen|niet|nooit)\b|n't\b")
"""Words in an answer that may deny some of what was asked: what was asked must not stand as said."""
_SEVERAL = re.compile(r"(?i),|\b(?:or|of)\b")
_OF_WHAT, _NAMES_IT = ("Family", "Familie"), 7
"""Labels that do not say of what; words of an answer that does."""
_ADDRESSES = re.compile(r"(?:You(?:r|'\w+)?|U|Uw)\b")
_STEM, _OF_ITS_OWN = 5, 3
_RELATIVE = {lang: re.compile(rf"(?i)\b{names}\b") for lang, names in RELATIVES.items()}
_YES = re.compile(r"^(?:yes|yeah|yep|ja)(?: hoor)?[,.]\s+(?=[\w'])", re.IGNORECASE)
_IT_IS = re.compile(
    r"(?i)^(?:(?:it|that|he|she) (?:is|does|was|has|did)|I (?:do|am|have|did|was|can|will)"
    r"|that's (?:right|true|it)"
    r"|dat (?:is (?:zo|waar)|klopt|heb ik|doe ik|ben ik|kan ik)|klopt|inderdaad),\s+"
    r"(?=(?:I|I'm|I've|it|it's|he|she|they|my|the|we|ik|het|hij|ze|zij|mijn|er|we|dan|de)\b)"
)
""" "It is, I keep thinking …": what was affirmed stands nowhere."""


def _without_bare_yes(words: str) -> str:
    """What is told without a question needs no "Yes" before it."""
    return capital(_IT_IS.sub("", _YES.sub("", words)))


def _without_yes(text: str) -> str:
    """An answer behind its label needs no "Yes": "Family: dad died …"."""
    rest = _YES.sub("", text)
    inside = re.match(r"(?:[A-Z][a-zà-ÿ]+ ['\da-z]|(?:No|Nee|None|Geen|He|She|It|They)\b)", rest)
    return lowered(rest) if inside else rest
