"""What a clinician only says back, confirms or points at, and what their "it" stands for."""

from __future__ import annotations

from scribe_app.adapters.llama.stages import Stages
from scribe_app.adapters.llama.tidying import without_fillers
from scribe_app.adapters.llama.wording import Wording
from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import is_question, sentences

_SAYING = frozenset({"mention", "said", "say", "told", "tell", "describ", "zei", "zegt", "vertel", "noemd"})
_AILMENTS = frozenset({"history", "symptom", "concern"})


def said_back(transcript: Transcript, wording: Wording) -> frozenset[tuple[UtteranceId, int]]:
    """Sentences of the clinician that tell the patient what the patient told, by utterance and index.

    "You mentioned some pain in your tummy." doubles what stands in the letter already; one that names
    anything new, or a number, is none.
    """
    language = transcript.language
    heard: set[str] = set()
    found: set[tuple[UtteranceId, int]] = set()
    for utterance in transcript:
        next_step()
        if utterance.speaker is not SpeakerRole.CLINICIAN:
            heard |= read(utterance.text, language, False).stems
            continue
        for index, sentence in enumerate(sentences(utterance.text)):
            told = without_fillers(sentence, wording.language)
            if not wording.stages["retells"].search(told) or numbers_in(told, language):
                continue
            if read(told, language, True).stems - _SAYING <= heard:
                found.add((utterance.id, index))
    return frozenset(found)


def heading_of_answer(asked: Utterance, question: str, answer: str, wording: Wording) -> str:
    """Where a clinician's short answer to a patient's question goes: plan, assessment, or nowhere ("").

    What is to be done and what the patient fears count; "Is that when the arteries fur up?" – "That's right."
    only explains, and "yes" answers no "why".
    """
    cues = wording.stages
    confirms = bool(cues["right"].match(answer))
    if confirms and cues["open"].search(question):
        return ""
    if cues["ahead"].search(question) or numbers_in(answer, wording.language, lenient=True):
        return "plan"
    about = topics_of(
        Utterance(asked.id, question, asked.start, asked.end, asked.speaker), None, wording.language
    )
    if about & _AILMENTS and not confirms:
        return "assessment"
    return "plan" if about & {"medication", "allergy", "result"} else ""


def naming_it(sentence: str, context: str, wording: Wording) -> str:
    """ "We'll keep an eye on it." after "Your blood pressure is a little high.": "… on your blood pressure".

    Empty where the sentence before does not name it so plainly.
    """
    subject = wording.named.search(context)
    if subject is None or not wording.it.search(sentence):
        return ""
    named = subject[1][:1].lower() + subject[1][1:]
    return wording.it.sub(lambda found: named if found.start() else named.capitalize(), sentence, count=1)


def places_shown(transcript: Transcript, stages: Stages, wording: Wording) -> dict[UtteranceId, str]:
    """What a patient says hurts "there", where the clinician's next finding only points at the place.

    "Ouch, it hurts there." – "Yes, here, on the left." The sentence of the patient, by its utterance.
    """
    found: dict[UtteranceId, str] = {}
    for before, now in zip(transcript.utterances, transcript.utterances[1:], strict=False):
        next_step()
        if before.speaker is SpeakerRole.CLINICIAN or "examination" not in stages.topics.get((now.id, 0), ()):
            continue
        told = next((part for part in sentences(before.text) if wording.hurts.search(part)), "")
        shows = wording.pointed.match(without_yes(sentences(now.text)[0], wording))
        if shows and told and not is_question(told, transcript.language):
            found[before.id] = told
    return found


def without_yes(sentence: str, wording: Wording) -> str:
    """A clinician's sentence without the words that only open it."""
    rest = sentence
    while (shorter := wording.clinician_openers.sub("", rest, count=1)) != rest:
        rest = shorter
    return rest
