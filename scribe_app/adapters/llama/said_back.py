"""What a clinician only says back or confirms, and what their "it" stands for."""

from __future__ import annotations

from scribe_app.adapters.llama.tidying import without_fillers
from scribe_app.adapters.llama.wording import Wording
from scribe_app.domain.checks.reading import read
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.steps import next_step
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import sentences

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
