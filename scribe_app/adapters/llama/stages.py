"""What each sentence of a clinician is, by its words and by how far the consultation has come.

A topic's cue words alone put "Metoprolol 50 mg, to slow the heart" into the story, and "normal breath sounds,
no wheezing" among the complaints: after the examination has begun, a clinician tells no history.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import IntEnum

from scribe_app.adapters.llama.tidying import without_fillers
from scribe_app.adapters.llama.wording import Wording
from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.orders import is_order
from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import is_question, sentences

_NEXT = frozenset({"plan", "safety_net", "advice", "procedure"})
_FOUND = frozenset({"examination", "result"})
_STORY = frozenset({"symptom", "history", "social", "family", "concern", "medication", "allergy"})
_MEDICINE = frozenset({"medication"})


class Stage(IntEnum):
    """How far a consultation has come."""

    STORY = 0
    EXAMINATION = 1
    ASSESSMENT = 2
    PLAN = 3


@dataclass
class Stages:
    """The topics of a clinician's sentences, and the stage at which each utterance was said."""

    at: dict[UtteranceId, Stage] = field(default_factory=dict)
    topics: dict[tuple[UtteranceId, int], frozenset[str]] = field(default_factory=dict)
    """By utterance and index of the sentence in it; questions have none."""

    whole: dict[UtteranceId, frozenset[str]] = field(default_factory=dict)
    """All topics of each utterance of a clinician."""


def stages_of(transcript: Transcript, wording: Wording) -> Stages:
    """Read a transcript whose speakers are known."""
    reading = _Reading(transcript.language, wording)
    found = Stages()
    for utterance in transcript:
        next_step()
        found.at[utterance.id] = reading.stage
        if utterance.speaker is SpeakerRole.CLINICIAN:
            for index, sentence in enumerate(sentences(utterance.text)):
                stage = reading.stage
                found.topics[utterance.id, index] = reading.sentence(sentence, utterance)
                if is_order(sentence, transcript.language):
                    reading.stage = stage  # "AI, note that the ECG was normal" is no examination
            found.at[utterance.id] = reading.stage
            parts = [found.topics[utterance.id, i] for i in range(len(sentences(utterance.text)))]
            found.whole[utterance.id] = frozenset().union(*parts)
    return found


class _Reading:
    """Follows one consultation from sentence to sentence."""

    def __init__(self, language: str, wording: Wording) -> None:
        self.stage = Stage.STORY
        self._found = frozenset({"examination"})
        self._utterance: Utterance | None = None
        self._language, self._cues = language, wording.stages

    def _is(self, cue: str, text: str) -> bool:
        return bool(self._cues[cue].search(text))

    def sentence(self, sentence: str, utterance: Utterance) -> frozenset[str]:
        """The topics of one sentence."""
        if utterance is not self._utterance:
            self._utterance, self._found = utterance, frozenset({"examination"})
        if self._is("examines", sentence) and self.stage is Stage.STORY:
            self.stage = Stage.EXAMINATION
        if is_question(sentence, self._language):
            return frozenset()
        if self._is("examines", sentence) and self._is("announces", sentence):
            return frozenset()
        own = topics_of(replace(utterance, text=sentence), None, self._language)
        told = _bare(without_fillers(sentence, "nl" if self._language.startswith("nl") else "en"))
        if self._is("if_then", told):
            self._reach(Stage.PLAN)
            return frozenset({"safety_net"})
        if self.stage is Stage.STORY:
            return self._in_story(own, told)
        return self._after_story(sentence, own, told)

    def _after_story(self, sentence: str, own: frozenset[str], told: str) -> frozenset[str]:
        """A finding, a conclusion or a next step."""
        if self._is("retells", told):
            return own - _FOUND
        if self.stage is Stage.EXAMINATION and self._is("maybe_found", told):
            return frozenset({"examination"})
        if self.stage >= Stage.ASSESSMENT and self._is("argues", told):
            return frozenset({"assessment"})
        if self._is("plans", told):
            self._reach(Stage.PLAN)
            return self._planned(own)
        if self._is("concludes", told) or (
            self._is("assesses", told) and not (self.stage is Stage.EXAMINATION and own & _FOUND)
        ):
            self._reach(Stage.ASSESSMENT)
            return frozenset({"assessment"})
        return self._by_cues(sentence, own)

    def _in_story(self, own: frozenset[str], told: str) -> frozenset[str]:
        if self._is("recaps", told):
            return frozenset({"symptom"})
        if own & _FOUND and not own & _NEXT:
            self._found = own & _FOUND
            self.stage = Stage.EXAMINATION
        elif "assessment" in own and self._is("assesses", told):
            self.stage = Stage.ASSESSMENT
        return own

    def _finds(self, sentence: str) -> bool:
        """Whether a sentence without a cue word can be a finding: a clinical term, a number, a side."""
        reading = read(sentence, self._language, True)
        clinical = bool(reading.stems & clinical_stems(self._language)) or bool(reading.sides)
        return clinical or bool(numbers_in(sentence, self._language)) or self._is("finds", sentence)

    def _by_cues(self, sentence: str, own: frozenset[str]) -> frozenset[str]:
        """What the cue words say, and the stage where they tell only of complaints and medicines."""
        if "assessment" in own:
            self._reach(Stage.ASSESSMENT)
            return frozenset({"assessment"})
        if self.stage is Stage.EXAMINATION:
            if "plan" in own and not own & _FOUND:
                return own & _NEXT
            if not own and not self._finds(sentence):
                return frozenset()  # "OK." – "I can imagine." – "Just earlier today, OK."
            self._found = own & _FOUND or self._found  # "The ECG shows … The TSH was 0.3."
            return self._found
        if own & _FOUND and not own & _NEXT and self.stage is not Stage.PLAN:
            return own & _FOUND
        if "examination" in own and not own & _NEXT:
            return own & _FOUND
        if own & _NEXT:
            self._reach(Stage.PLAN)
            return self._planned(own)
        if not own:
            return frozenset()
        return (
            self._planned(own) if self.stage is Stage.PLAN or own & _MEDICINE else frozenset({"assessment"})
        )

    def _planned(self, own: frozenset[str]) -> frozenset[str]:
        """A next step; with a medicine it may also stand among the medicines."""
        steps = (own & _NEXT) - {"safety_net"}
        return (steps or frozenset({"plan"})) | (own & _MEDICINE)

    def _reach(self, stage: Stage) -> None:
        self.stage = max(self.stage, stage)


def _bare(sentence: str) -> str:
    """Without what only opens or stresses: "This is the important part: stop …"."""
    for opening in _OPENINGS:
        if sentence.lower().startswith(opening):
            rest = sentence[len(opening) :].lstrip(" ,:–-")
            return _bare(rest) if rest else sentence
    return sentence


_OPENINGS = (
    "dit is het belangrijkste", "this is the important part", "and ", "but ", "en ", "maar ", "nee,", "no,",
    "ja,", "yes,", "oké,", "okay,", "well,", "nou,", "goed,", "now,", "dus dan ",
)  # fmt: skip
