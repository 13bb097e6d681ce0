"""What of a transcript may stand under a heading: sentences, with the question that they answer."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.adapters.llama.answers import (
    SAYING_AGAIN,
    Candidate,
    asked_with,
    merged_answers,
    questions_before,
)
from scribe_app.adapters.llama.said_back import (
    heading_of_answer,
    naming_it,
    places_shown,
    said_back,
    without_yes,
)
from scribe_app.adapters.llama.self_corrections import mended
from scribe_app.adapters.llama.stages import Stage, stages_of
from scribe_app.adapters.llama.tidying import without_fillers, without_hesitation
from scribe_app.adapters.llama.wording import Wording, spoken_language, wording_for
from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.steps import next_step
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.topics import guess_roles, is_answer, is_bare, only_asks, topics_in, topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import is_question, sentences, words_in

_NEXT_STEPS = frozenset({"plan", "safety_net", "advice"})
_SAID_BACK = frozenset({"plan", "safety_net"})
_ANSWERED = frozenset({"plan", "assessment"})
_OWN_HEADING = frozenset({"allergy", "medication", "family", "social", "concern"})
"""What goes under its own heading, where the template has one, and not also under the story."""
_STORY = frozenset({"symptom", "history"})
OPENING = ("Reason for visit", "Reden van komst")
_TOLD = frozenset({"symptom", "history", "medication", "allergy", "family", "social", "concern"})
_ANYWHERE = frozenset({"allergy", "family", "medication", "concern", "history"})
"""What belongs under its heading, whatever was asked."""
_HOME = frozenset({"social"})
_COMPLAINT = frozenset({"symptom"})
_SHORTEST = 3
"""Signs of an answer; "ja" alone is told with its question only where the question has a topic."""
_FRAGMENT = 4
"""Words of an answer that says little alone."""
_AT_LENGTH = 20
"""Words of what is told in one go; more is told part by part."""
_A_LINE = 8
"""Words from which on what is told is enough for a line of its own."""
_TELLING = 2
"""Content words from which on an utterance may go on with the story."""
_SPEAKS_FOR = 4
"""Times the patient's words."""
_BARE_WORDS = 3
_LOOK_BACK = 2
"""Utterances in which "it" is looked for: the patient may have asked in between."""


class Candidates:
    """The candidates of every section of one template over one transcript."""

    def __init__(self, template: LetterTemplate, transcript: Transcript) -> None:
        self._transcript, self._corrected_by = mended(guess_roles(transcript))
        self._language = transcript.language
        self._wording = wording_for(spoken_language(transcript.language))
        self._stages = stages_of(self._transcript, self._wording)
        self._said_back = said_back(self._transcript, self._wording)
        following = zip(self._transcript.utterances, self._transcript.utterances[1:], strict=False)
        self._previous = {now.id: before for before, now in following}
        self._before = questions_before(self._transcript)
        self._shown = places_shown(self._transcript, self._stages, self._wording) if _finds(template) else {}
        self._opening = [pattern for pattern, label in self._wording.labels if label in OPENING]
        self._told_on: set[UtteranceId] = set()
        self._topics = self._all_topics()
        self._proxy = _speaks_for_patient(self._transcript)
        conversation = [spec for spec in template.sections if spec.source is SectionSource.CONVERSATION]
        self._plans = any(_NEXT_STEPS & frozenset(spec.topics) for spec in conversation)
        self._headed = frozenset(topic for spec in conversation for topic in spec.topics) & _OWN_HEADING

    def section(self, spec: SectionSpec) -> tuple[Candidate, ...]:
        """What fits this section, in the order in which it was said, repetitions merged."""
        found: list[Candidate] = []
        for utterance in self._belonging(spec):
            next_step()
            if not only_asks(utterance.text, self._language) and self._fits(utterance, spec):
                found.extend(map(self._with_correction, self._from(utterance, spec)))
        merged = merged_answers(found, self._language)
        if self._wording.referring.search(spec.heading):  # whom to and what for is what the reader looks for
            merged = tuple(sorted(merged, key=lambda one: not self._wording.referring.search(one.words)))
        return merged

    def _with_correction(self, candidate: Candidate) -> Candidate:
        """Resting on the later words that correct it, too."""
        later = {by for id in candidate.evidence for by in self._corrected_by.get(id, ())}
        if not later and not self._corrected_by.keys() & set(candidate.evidence):
            return candidate
        return replace(candidate, evidence=tuple(sorted({*candidate.evidence, *later})), corrected=True)

    def _all_topics(self) -> dict[UtteranceId, frozenset[str]]:
        """Of a clinician by stage; an answer without a cue word goes on with what was asked before."""
        topics, thread = topics_in(self._transcript), frozenset[str]()
        self._asked_about: dict[UtteranceId, frozenset[str]] = {}
        for utterance in self._transcript:
            next_step()
            asked = self._before.get(utterance.id)
            if utterance.speaker is SpeakerRole.CLINICIAN:
                told = self._stages.whole[utterance.id]
                topics[utterance.id] = told
                continue
            about = topics_of(asked, None, self._language) & _TOLD if asked is not None else frozenset()
            self._asked_about[utterance.id] = about
            if (
                about and topics[utterance.id]
            ):  # "Short of breath?" – "On the stairs." tells nothing of the home
                topics[utterance.id] = about | (topics[utterance.id] & _ANYWHERE)
            elif topics[utterance.id] == _HOME and thread and asked is not None:
                topics[utterance.id] = thread & _STORY or _COMPLAINT
            if not topics[utterance.id] and asked is not None and self._goes_on(utterance, asked, thread):
                topics[utterance.id] = thread & _STORY or _COMPLAINT
            if not topics[utterance.id] and asked is None and self._tells_on(utterance, topics):
                self._told_on.add(utterance.id)
                topics[utterance.id] = thread & _STORY or _COMPLAINT
            thread = topics[utterance.id] or thread
        return topics

    def _tells_on(self, utterance: Utterance, topics: dict[UtteranceId, frozenset[str]]) -> bool:
        """Whether a patient goes on with what they just told: "And sometimes it's a bit softer."."""
        before, chat = self._previous.get(utterance.id), self._wording.stages["chat"]
        if before is not None and is_bare(before.text, self._language):
            before = self._previous.get(before.id)  # "Right." while they talk
        if before is None or before.speaker is not utterance.speaker or not topics.get(before.id):
            return False
        if chat.search(before.text):
            return False
        told = self._stages.at[utterance.id] is Stage.STORY and not self._is_polite(utterance.text)
        return told and len(read(utterance.text, self._language, False).stems) >= _TELLING

    def _is_polite(self, text: str) -> bool:
        """Whether it is chat or courtesy."""
        parts = [
            _without_openers(without_fillers(part, self._wording.language), self._wording)
            for part in sentences(text)
        ]
        return bool(self._wording.stages["chat"].search(text)) or any(
            pattern.search(part) for part in parts for pattern in self._wording.courtesy
        )

    def _goes_on(self, utterance: Utterance, asked: Utterance, thread: frozenset[str]) -> bool:
        """Whether an answer without a cue word of its own still belongs to the patient's story."""
        if self._stages.at[asked.id] is not Stage.STORY or not is_answer(utterance, asked, self._language):
            return False
        if (
            self._wording.stages["chat"].search(f"{asked.text} {utterance.text}")
            or len(utterance.text) < _SHORTEST
        ):
            return False
        question = asked_with(asked, self._language)
        opens = any(pattern.search(_without_openers(question, self._wording)) for pattern in self._opening)
        return bool(thread) or opens

    def _belonging(self, spec: SectionSpec) -> list[Utterance]:
        """The utterances that a section may rest on, in the order in which they were said."""
        wanted = frozenset(spec.topics)
        return [
            utterance
            for utterance in self._transcript
            if (self._topics[utterance.id] & wanted or self._leans_on(utterance, wanted))
            and (utterance.speaker is SpeakerRole.CLINICIAN or not spec.clinician_only)
        ]

    def _leans_on(self, utterance: Utterance, wanted: frozenset[str]) -> bool:
        """Whether a clinician's short answer to a patient's question may belong here."""
        clinician = utterance.speaker is SpeakerRole.CLINICIAN
        return clinician and bool(wanted & _ANSWERED) and utterance.id in self._before

    def _fits(self, utterance: Utterance, spec: SectionSpec) -> bool:
        topics, wanted = self._topics[utterance.id], frozenset(spec.topics)
        if utterance.speaker is SpeakerRole.CLINICIAN:
            return True
        if topics & _SAID_BACK and not wanted & _SAID_BACK:
            return False  # the patient says the plan back
        elsewhere = (topics & self._headed) - wanted
        if "allergy" in elsewhere:
            return False  # a drug that is not tolerated does not belong among the medicines
        if self._asked_about.get(utterance.id, frozenset()) & wanted:
            return True
        return not (elsewhere and topics & wanted <= _STORY)

    def _from(self, utterance: Utterance, spec: SectionSpec) -> list[Candidate]:
        before = self._before.get(utterance.id)
        asked = before if before is not None and is_answer(utterance, before, self._language) else None
        if utterance.speaker is SpeakerRole.CLINICIAN:
            return self._from_clinician(utterance, asked, spec)
        kept = [
            part
            for part in sentences(utterance.text)
            if (not self._is_empty(part, utterance.speaker) or (asked and self._wording.bare_yes.match(part)))
            and part != self._shown.get(utterance.id)
            and (asked or not (self._repeats(part, utterance) or self._concludes(part, utterance)))
        ]
        words = " ".join([*self._what_is_meant(utterance.text, kept), *kept])
        told = without_fillers(words, self._wording.language).strip(" .,!?")
        if (
            not told
            or self._wording.deictic.match(told)
            or (asked is None and not self._tells(words, utterance))
        ):
            return []
        first, *more = self._in_parts(words, utterance)
        alone = [Candidate(part, utterance.speaker, (utterance.id,), proxy=self._proxy) for part in more]
        if asked is None:
            return [Candidate(first, utterance.speaker, (utterance.id,), proxy=self._proxy), *alone]
        denies_all = bool(self._wording.bare_no.match(words.strip()))
        question = asked_with(asked, self._language, denies_all)
        answer = Candidate(first, utterance.speaker, (asked.id, utterance.id), question, proxy=self._proxy)
        return [answer, *alone]

    def _in_parts(self, words: str, utterance: Utterance) -> list[str]:
        """What somebody says at length, part by part; a sentence that needs the one before stays with it.

        Instructions to the writer stay whole, so that they are quoted as such.
        """
        said = sentences(words)
        if len(words_in(words)) <= _AT_LENGTH or self._wording.instructions.search(words):
            return [words]
        parts = [said[0]]
        for sentence in said[1:]:
            if self._stands_alone(sentence, utterance) and len(words_in(parts[-1])) >= _A_LINE:
                parts.append(sentence)
            else:
                parts[-1] = f"{parts[-1]} {sentence}"
        return parts

    def _stands_alone(self, sentence: str, utterance: Utterance) -> bool:
        """Whether it names who or what it is about, refers to nothing before it, and matters by itself."""
        bare = _without_openers(without_fillers(sentence, self._wording.language), self._wording)
        begins = self._wording.first_person.search(" ".join(bare.split()[:_FRAGMENT]))
        alone = topics_of(replace(utterance, text=sentence), None, self._language)
        return bool(begins and alone) and not self._wording.refers.search(bare)

    def _tells(self, words: str, utterance: Utterance) -> bool:
        """Whether words matter by themselves, or go on with what did."""
        alone = topics_of(replace(utterance, text=words), None, self._language)
        return bool(alone) or utterance.id in self._told_on

    def _what_is_meant(self, text: str, kept: list[str]) -> list[str]:
        """ "Is it meningitis? That's what I'm scared of.": the question that "that" stands for."""
        parts = sentences(text)
        at = parts.index(kept[0]) if kept else 0
        if at and self._wording.pointing.match(kept[0]) and is_question(parts[at - 1], self._language):
            return [parts[at - 1]]
        return []

    def _from_clinician(
        self, utterance: Utterance, asked: Utterance | None, spec: SectionSpec
    ) -> list[Candidate]:
        """One candidate for each sentence that belongs here; a finding, a decision, a piece of advice."""
        found: list[Candidate] = []
        just_kept, said_before = False, ""
        for index, part in enumerate(sentences(utterance.text)):
            topics = self._stages.topics[utterance.id, index]
            leans = self._leans(part) or (index == 0 and asked is not None and self._is_fragment(part))
            if (leans and (asked is None or index > 0)) or (utterance.id, index) in self._said_back:
                continue  # "I don't think so." to nothing that was asked here
            follows = just_kept and bool(self._wording.following.match(part))
            just_kept = not self._is_empty(part, utterance.speaker) and (
                follows
                or (leans and asked is not None and self._answers_here(part, asked, spec))
                or (not leans and self._belongs(part, topics, spec))
            )
            context, said_before = said_before, part
            if not just_kept:
                continue
            if found and follows:
                found[-1] = replace(found[-1], words=f"{found[-1].words} {part}")
            elif leans and asked is not None:
                question = asked_with(asked, self._language)
                found.append(Candidate(part, utterance.speaker, (asked.id, utterance.id), question))
            else:
                advice, safety = bool(topics & _NEXT_STEPS), "safety_net" in topics
                made = Candidate(part, utterance.speaker, (utterance.id,), "", advice, safety)
                made = self._with_where_it_hurts(made, utterance) if index == 0 else made
                if self._wording.dangling.match(_without_openers(part, self._wording)):
                    made = self._with_what_it_means(made, context, utterance)
                found.append(made)
        return found

    def _with_where_it_hurts(self, candidate: Candidate, utterance: Utterance) -> Candidate:
        """ "Here, at the bottom left." with the patient's "Ouch, it hurts there." whose place it shows."""
        before = self._previous.get(utterance.id)
        if before is None or before.id not in self._shown:
            return candidate
        said = replace(candidate, question=self._shown[before.id], evidence=(before.id, utterance.id))
        return replace(said, words=without_yes(candidate.words, self._wording))

    def _with_what_it_means(self, candidate: Candidate, context: str, utterance: Utterance) -> Candidate:
        """ "We'll keep an eye on it." with the sentence that says what "it" is, where there is one."""
        evidence, before, words = candidate.evidence, self._previous.get(utterance.id), candidate.words
        for _ in range(_LOOK_BACK):
            if not context and before is not None and before.speaker is utterance.speaker:
                context, evidence = sentences(before.text)[-1], (before.id, *evidence)
            before = self._previous.get(before.id) if before is not None else None
        if not context or is_question(context, self._language):
            return candidate
        told = naming_it(words, _without_openers(context, self._wording), self._wording)
        if told:
            return replace(candidate, words=told, evidence=evidence, corrected=True)
        return replace(candidate, words=f"{context} {words}", evidence=evidence)

    def _answers_here(self, answer: str, asked: Utterance, spec: SectionSpec) -> bool:
        """Whether a short answer to a patient's question goes under this heading."""
        question = _without_openers(asked_with(asked, self._language), self._wording)
        return heading_of_answer(asked, question, answer, self._wording) in spec.topics

    def _belongs(self, sentence: str, topics: frozenset[str], spec: SectionSpec) -> bool:
        """Whether a clinician's sentence goes under this heading; next steps go under theirs, once."""
        wanted = frozenset(spec.topics)
        if not topics & wanted or len(words_in(_without_openers(sentence, self._wording))) < _BARE_WORDS:
            return False
        next_step = bool(topics & _NEXT_STEPS) and self._plans and not wanted & _NEXT_STEPS
        return not next_step or ("medication" in topics & wanted and not wanted & _STORY)

    def _repeats(self, sentence: str, utterance: Utterance) -> bool:
        """Whether the patient only says again what was said just before ("Aspirin once a day. Right.")."""
        previous = self._previous.get(utterance.id)
        return previous is not None and set(words_in(sentence)) <= SAYING_AGAIN | set(words_in(previous.text))

    def _concludes(self, sentence: str, utterance: Utterance) -> bool:
        """Whether the patient only says what they made of it: "Right, so I'm not having a heart attack."."""
        told = self._stages.at[utterance.id] >= Stage.ASSESSMENT
        return told and bool(self._wording.stages["patient_concludes"].search(sentence))

    def _is_fragment(self, sentence: str) -> bool:
        """Whether an answer of a few words needs its question: "Probably about four weeks."."""
        return len(words_in(sentence)) <= _FRAGMENT and not is_question(sentence, self._language)

    def _leans(self, sentence: str) -> bool:
        return any(pattern.search(sentence) for pattern in self._wording.leaning)

    def _is_empty(self, sentence: str, speaker: SpeakerRole) -> bool:
        """Whether a sentence only asks, thanks or, from the clinician, steers the consultation."""
        if is_question(sentence, self._language):
            return True
        rest = _without_openers(without_fillers(sentence, self._wording.language), self._wording)
        if self._wording.broken.match(without_hesitation(rest, self._wording)):
            return True
        if speaker is SpeakerRole.CLINICIAN and is_bare(rest, self._language):
            return not self._leans(sentence)
        steering = self._wording.steering if speaker is SpeakerRole.CLINICIAN else ()
        return any(pattern.search(rest) for pattern in self._wording.courtesy + steering)


def _finds(template: LetterTemplate) -> bool:
    """Whether a template has a heading for what the examination finds."""
    return any("examination" in spec.topics for spec in template.sections)


def _speaks_for_patient(transcript: Transcript) -> bool:
    """Whether someone else tells the story and the patient next to nothing."""
    said = dict.fromkeys(SpeakerRole, 0)
    for utterance in transcript:
        next_step()
        said[utterance.speaker] += len(words_in(utterance.text))
    return said[SpeakerRole.OTHER] > _SPEAKS_FOR * said[SpeakerRole.PATIENT]


def _without_openers(sentence: str, wording: Wording) -> str:
    rest = sentence
    while (shorter := wording.openers.sub("", rest, count=1)) != rest:
        rest = shorter
    return rest
