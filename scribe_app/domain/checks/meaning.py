"""Denial, certainty, whose illness it is, and words that nobody said."""

from __future__ import annotations

import re

from scribe_app.domain.checks.amounts import carries
from scribe_app.domain.checks.clinical import clinical_stems, condition_stems, organ_stems
from scribe_app.domain.checks.evidence import Spoke, Spoken
from scribe_app.domain.checks.findings import Finding, finding, phrase
from scribe_app.domain.checks.kin import CHILDREN, relatives_in, spoken_of
from scribe_app.domain.checks.pairing import things_asked_for
from scribe_app.domain.checks.questions import Sense
from scribe_app.domain.checks.reading import Reading, read, stem_of
from scribe_app.domain.checks.trouble import is_troubled
from scribe_app.domain.checks.when import tells_when
from scribe_app.domain.letter import Support
from scribe_app.domain.lexicon.polarity import FAMILY_WORDS, HEDGES, NEGATIONS
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import phrase_pattern, plain, sentences, words_in

_MANY_NEW = 0.7
"""Share of content words that nobody said from which on a statement is unsupported."""
_SOME_NEW = 0.4
"""From here on it is inferred."""
_HE_OR_SHE = 4
"""Utterances back in which "he" or "she" may have been named."""


def polarity_findings(
    claim: Reading, context: list[Spoken], transcript: Spoke, *, searched: bool, own_finding: bool
) -> list[Finding]:
    """A finding where what the claim denies was asserted, or the other way round.

    Evidence that was searched for, not cited, may be the wrong passage: then another that agrees excuses, and
    a word counts only where it stands beside another of the claim; not so for the clinician's own findings
    and plans (`own_finding`), which nothing but their words may carry.
    """
    language = transcript.language
    context = _who_can_tell(claim, context, language)
    said = transcript.senses(claim, context)
    shared = [stem for stem in claim.polarity if stem in said]
    turned = [stem for stem in shared if not claim.polarity[stem] & said[stem].senses]
    turned = [s for s in turned if s not in organ_stems(language) or claim.polarity[s] == _PRESENT]
    turned = [s for s in turned if not (claim.polarity[s] == _PRESENT and _called_normal(claim, s))]
    if _NONE_FOUND.search(plain(claim.text)):  # "head and neck show no deformity"
        others = [s for s in turned if s not in organ_stems(language) or claim.polarity[s] != _PRESENT]
        turned = turned if others else []
    turned = [s for s in turned if not is_troubled(s, claim, context, language)]
    turned += [s for s in shared if s not in turned and _says_both(claim, s, said[s])]
    if _WORRY[language] in claim.polarity.keys() - set(turned):  # who fears something hopes that it is not so
        turned = [stem for stem in turned if claim.polarity[stem] != _PRESENT]
    if any(q.value == 0 and not q.unit for q in claim.amounts):  # "nocturia 0" denies it
        turned = [stem for stem in turned if claim.polarity[stem] != _PRESENT]
    asked_for = things_asked_for((s.utterance.text for s in context if s.ends_asking), language)
    telling = [
        stem
        for stem in turned
        if _is_clinical(stem, claim, language) or (stem in asked_for and _is_outright(stem, claim, language))
    ]
    asserted = all(claim.polarity[stem] == _PRESENT for stem in turned)  # "no heart sounds" denies no heart
    organs = organ_stems(language) if asserted else frozenset[str]()
    several = len(turned) >= _WHOLE and 2 * len(turned) >= len(shared) and len(claim.stems) <= _SHORT
    nearly_all = len(turned) > _WHOLE and 3 * len(turned) >= 2 * len(claim.stems)
    all_that_tells = turned == [s for s in shared if s not in organs | (_CARRIERS - set(turned))]
    if not telling and (several or nearly_all or (all_that_tells and len(claim.stems) <= _WHOLE + 1)):
        telling = turned
    if searched:
        telling = [s for s in telling if own_finding or said[s].beside or len(claim.stems) <= 1]
        telling = [stem for stem in telling if not _said_elsewhere(stem, claim, context, transcript)]
    if not telling:
        return _only_asked(claim, said, context, transcript)
    kinds = (phrase("absent", language), phrase("present", language))
    claimed, meant = kinds if claim.polarity[telling[0]] == _ABSENT else kinds[::-1]
    word = claim.shown[telling[0]]
    return [
        finding(Support.CONFLICTING, "negation_differs", language, claimed=claimed, said=meant, word=word)
    ]


def _is_outright(stem: str, claim: Reading, language: str) -> bool:
    """Whether a claim asserts a word with no denial before it."""
    before = claim.text[: max(0, plain(claim.text).find(claim.shown[stem]))]
    return claim.polarity[stem] == _PRESENT and not NEGATIONS[language] & set(words_in(before))


def _who_can_tell(claim: Reading, context: list[Spoken], language: str) -> list[Spoken]:
    """The passages without the clinician's own statements where the claim is what the patient denies, and
    without the patient's where it is what the clinician did not see.
    """
    text = plain(claim.text)
    if _DENIES[language].search(text):
        told = [s for s in context if s.utterance.speaker is not SpeakerRole.CLINICIAN or s.ends_asking]
        return told or context
    if _SEEN[language].search(text) and any(senses == _ABSENT for senses in claim.polarity.values()):
        return [s for s in context if s.utterance.speaker is not SpeakerRole.PATIENT or s.answers >= 0]
    return context


_NONE_FOUND = re.compile(
    r"\w.*\b(?:no|without|denies|denied|geen|zonder|ontkent)\b(?! (?:one|more|longer)\b)"
)
_DENIES = {"en": re.compile(r"\b(?:denie[sd]|denying)\b"), "nl": re.compile(r"\bontken(?:t|de|d)\b")}
_SEEN = {
    "en": re.compile(r"\b(?:seen|visible|observed|to see)\b"),
    "nl": re.compile(r"\b(?:gezien|zichtbaar|te zien)\b"),
}
_WORRY = {language: stem_of(word, language) for language, word in (("en", "worry"), ("nl", "zorgen"))}
"""The stem of fears and concerns."""
_WHOLE = 2
"""Content words turned round, and half of those shared, that tell where none is clinical."""
_SHORT = 6
"""Content words of a claim up to which that holds: in longer ones two small words mean little."""
_CARRIERS = frozenset({"sign", "symptom", "evidenc", "history", "finding", "complai", "klacht", "teken"})
"""Stems that only carry what is named beside them: "no peritoneal signs"."""
_PRESENT, _ABSENT = frozenset({False}), frozenset({True})


def _is_clinical(stem: str, claim: Reading, language: str) -> bool:
    """Whether a word is a symptom, condition or finding: by the lists, or by its ending."""
    return stem in clinical_stems(language) or _sounds_like_a_disease(claim.shown[stem])


def _says_both(claim: Reading, stem: str, said: Sense) -> bool:
    """Whether a claim asserts in one place what it denies in another, where it was only denied.

    "Allergies, to medications. No allergies." is a denial with its "no" lost.
    """
    if re.search(rf"\b{re.escape(claim.shown[stem])}\w*\s*:", plain(claim.text)):
        return False  # "Allergies: no known allergies"
    there = {m.clause for m in claim.mentions if m.stem == stem and m.senses == _PRESENT}
    denied = {m.clause for m in claim.mentions if m.stem == stem and m.senses == _ABSENT}
    return bool(there - denied and denied) and said.senses == _ABSENT and not said.only_asked


def _called_normal(reading: Reading, stem: str) -> bool:
    """Whether a text names something to call it normal: "temperature within normal limits" is no fever."""
    clauses = {mention.clause for mention in reading.mentions if mention.stem == stem}
    return any(
        mention.clause in clauses and mention.stem in _NORMAL and mention.stem != stem
        for mention in reading.mentions
    )


_NORMAL = frozenset({"normal", "normaal", "limit", "intact", "stabl", "stabiel", "goed"})


def _only_asked(
    claim: Reading, said: dict[str, Sense], context: list[Spoken], transcript: Spoke
) -> list[Finding]:
    """A finding where a symptom stands as present that was asked about, and nobody said so."""
    language = transcript.language
    asked = [
        stem
        for stem, sense in said.items()
        if sense.only_asked and claim.polarity[stem] == _PRESENT and stem in clinical_stems(language)
    ]
    told_stems = [stem for stem, sense in said.items() if not sense.only_asked]
    told = any(stem in clinical_stems(language) for stem in told_stems)
    told = told or (len(asked) == 1 and len(told_stems) > 1)
    if told or any(_said_elsewhere(stem, claim, context, transcript) for stem in asked) or not asked:
        return []
    return [finding(Support.UNSUPPORTED, "only_asked", language)]


def _said_elsewhere(stem: str, claim: Reading, context: list[Spoken], transcript: Spoke) -> bool:
    """Whether another passage says this as the claim does, and has as much of the claim as the cited one."""
    here = max(len(claim.stems & spoken.reading.stems) for spoken in context)
    for spoken in (transcript.spoken[position] for position in transcript.having.get(stem, ())):
        if spoken in context or len(claim.stems & spoken.reading.stems) < here:
            continue
        sense = transcript.senses(claim, transcript.context([spoken])).get(stem)
        told = sense is not None and not sense.only_asked and not sense.presupposed
        if sense is not None and told and sense.senses & claim.polarity[stem]:
            return True
    return False


def certainty_findings(claim: Reading, context: list[Spoken], language: str) -> list[Finding]:
    """A finding where a condition was said with doubt and is written without."""
    hedges = phrase_pattern(HEDGES[language])
    if hedges.search(plain(claim.text)) or "?" in claim.text:
        return []
    named = {
        stem
        for stem in claim.stems
        if stem in condition_stems(language) or _sounds_like_a_disease(claim.shown[stem])
    }
    for stem in named:
        saying = [
            sentence
            for spoken in context
            if not spoken.asks_only
            for sentence in sentences(spoken.utterance.text)
            if stem in read(sentence, language, True).stems
        ]
        if saying and all(hedges.search(plain(sentence)) for sentence in saying):
            return [finding(Support.INFERRED, "certainty_dropped", language)]
    return []


def family_findings(
    claim: Reading, context: list[Spoken], transcript: Spoke, family_section: bool
) -> list[Finding]:
    """A finding where a relative's illness became the patient's, or another relative's."""
    language = transcript.language
    claimed = relatives_in(_REPORTER.sub(" ", claim.text))
    near = transcript.before(context, _HE_OR_SHE) if claimed else []
    companion = any(one.speaker is SpeakerRole.OTHER for one in transcript.utterances)
    said = spoken_of((spoken.utterance.text for spoken in [*near, *context]), companion)
    if companion and _PARENT_TELLS.search(claim.text):  # whose child is the patient
        claimed = {name: word for name, word in claimed.items() if name not in CHILDREN}
    if claimed:
        missing = sorted(word for name, word in claimed.items() if name not in said)
        return [finding(Support.UNSUPPORTED, "relative_not_said", language, claimed=word) for word in missing]
    if family_word := phrase_pattern(FAMILY_WORDS[language]).search(plain(claim.text)):
        return _patient_not_family(claim, context, family_word[0], language)
    if family_section or _DIED.search(plain(claim.text)):
        return []
    conditions = [stem for stem in claim.stems if stem in condition_stems(language)]
    for stem in conditions:
        sayings = [
            sentence
            for spoken in context
            for sentence in sentences(spoken.utterance.text)
            if stem in read(sentence, language, True).stems
        ]
        if sayings and all(_of_a_relative(sentence, companion) for sentence in sayings):
            return [finding(Support.CONFLICTING, "family_not_patient", language)]
    return []


def _patient_not_family(
    claim: Reading, context: list[Spoken], family_word: str, language: str
) -> list[Finding]:
    """A finding where what the patient has is written as the family's: nobody spoke of relatives."""
    ill = [
        stem for stem in claim.stems if stem in clinical_stems(language) and claim.polarity[stem] == _PRESENT
    ]
    texts = [spoken.utterance.text for spoken in context]
    spoken_of = phrase_pattern(FAMILY_WORDS[language])
    if (
        not ill
        or len(claim.stems) > _WHOLE + 1
        or any(relatives_in(text) or spoken_of.search(plain(text)) for text in texts)
    ):
        return []
    return [finding(Support.UNSUPPORTED, "relative_not_said", language, claimed=family_word)]


_PARENT_TELLS = re.compile(
    r"(?i)\b(?:mother|father|mom|mum|dad|parents?|moeder|vader|ouders?) (?:also )?(?:states?|stated"
    r"|notes?|noted"
    r"|reports?|reported|says?|said|denie[sd]|describes?|mentions?|vertelt|vertellen|zegt|meldt|melden)\b"
)
_DIED = re.compile(r"\b(?:died|passed away|deceased|overleden|gestorven|overleed)\b")
"""Told of a relative only."""
_REPORTER = re.compile(
    r"(?i)\b\w+(?= (?:also )?(?:states|stated|notes|noted|reports|reported|says|said|denies|denied|adds"
    r"|describes|mentions|vertelt|zegt|meldt|geeft aan))"
    r"|\b(?:accompanied (?:to \w+ )?by|according to(?: the patient and)?|vergezeld door|samen met|volgens"
    r"|with)"
    r" (?:his|her|zijn|haar|the|de) \w+"
)
"""A relative who tells is no relative who is ill."""


def new_word_findings(claim: Reading, said: list[Reading], language: str) -> list[Finding]:
    """A finding where many of the content words were said by nobody."""
    content = sorted(stem for stem in claim.stems if claim.shown[stem].lower() not in _LABEL_WORDS)
    if not content:
        return []
    new = [stem for stem in content if not said_somehow(stem, claim.shown[stem], said)]
    share = len(new) / len(content)
    held = any(carries(q, reading) for q in claim.amounts for reading in said)
    held = held or any(key in reading.drugs for key in claim.drugs for reading in said)
    held = held or any(tells_when(claim, reading) for reading in said)
    shown = ", ".join(claim.shown[stem] for stem in new[:5])
    if share >= _MANY_NEW and (len(new) > 1 or len(content) == 1) and not held:
        return [finding(Support.UNSUPPORTED, "words_not_said", language, words=shown)]
    ill = [s for s in new if s in condition_stems(language) and claim.polarity[s] == _PRESENT]
    if ill and len(content) <= _WHOLE and not held:
        return [finding(Support.UNSUPPORTED, "words_not_said", language, words=shown)]
    if share >= _SOME_NEW:
        return [finding(Support.INFERRED, "words_inferred", language, words=shown)]
    return []


_LABEL_WORDS = frozenset(
    words_in(
        "reason visit site frequency previous episodes taken far known general duration gebruik reden "
        "komst vroegen zei asked said wilt ziet kunt bent heeft doet gaat staat plaats vertelde told far "
        "zover knows weet frequentie duur zelf gedaan hulpvraag bekend patient patiënt"
    )
)
"""Words that a letter puts before or behind what was said, not part of it."""


def said_somehow(stem: str, word: str, said: list[Reading]) -> bool:
    """Whether a stem was said, whole, as part of a compound (buikpijn, buik), or within a longer word."""
    for reading in said:
        if stem in reading.polarity:
            return True
    if len(stem) < 5:
        return False
    spoken = {other for reading in said for other in reading.words if len(other) >= 4}
    part = _SIDE_OF.sub("", word)
    if part != word and any(other.endswith(part) for other in spoken):
        return True  # "linkerknie", where a side was corrected: sides are checked by themselves
    return any(
        word.startswith(other) or word.endswith(other) or other.startswith(stem[:6]) or stem in other
        for other in spoken
    )


_SIDE_OF = re.compile(r"^(?:linker|rechter)(?=\w{3})", re.IGNORECASE)
_ENDINGS = (
    "itis", "osis", "oma", "emia", "aemia", "pathy", "algia", "ism", "iasis", "ose", "emie", "pathie",
    "ontsteking", "kanker", "infarct", "breuk", "fractuur", "ruptuur", "scheur", "tumor", "infectie",
    "embolie", "syndroom", "gezwel", "laxis", "axie", "uria", "urie", "rrhoea", "rrhea", "rroe", "phagia",
    "fagie", "pnoea", "pnea", "pneu", "plegia", "plegie", "megaly", "megalie", "oedema", "oedeem", "rrhagia",
)  # fmt: skip


def _sounds_like_a_disease(word: str) -> bool:
    return len(word) > 6 and word.endswith(_ENDINGS)


def _of_a_relative(sentence: str, companion: bool) -> bool:
    """Whether the illness in a sentence is a relative's: a relative is named and no "I have".

    `companion`: a parent may speak, whose child is the patient.
    """
    text = plain(sentence)
    if re.search(r"\b(?:i have|i had|i've|i'm|ik heb|ik had|ik ben|do you have|have you)\b", text):
        return False
    named = relatives_in(text).keys() - (CHILDREN if companion else frozenset())
    return bool(named) or bool(re.search(r"\b(?:in the family|family history|in de familie)\b", text))
