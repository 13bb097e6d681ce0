"""What a patient says of themselves, told of them or said back to them; nothing where a verb is not sure."""

from __future__ import annotations

import re
from collections.abc import Callable

from scribe_app.domain.lexicon.person_words import (
    EN_ADVERBS,
    EN_FORMS,
    EN_TOGETHER,
    EN_UNCHANGED,
    NL_ADJECTIVES,
    NL_ADVERBS,
    NL_BINDING,
    NL_FORMS,
    NL_HET,
    NL_NO_VERB,
    NL_PAST,
    NL_TO_U,
    RELATIVES,
)
from scribe_app.domain.words import words_in

_I_EN = re.compile(
    rf"(?P<lead>^|[.;:,] |\b[\w']+ )I(?P<short>'m|'ve|'d|'ll)?(?P<adverb>(?: (?:{EN_ADVERBS}))*)"
    r"(?P<verb> [a-z]+(?:'t)?)?(?![\w'])"
)
_JOINS_EN = re.compile(r"^(?:and|but|so|or|then) $", re.IGNORECASE)
_TOGETHER = re.compile(r"(?P<join>(?:,| and| or|, and|, or)(?: then| just)? )(?P<verb>[a-z]+)\b")
_MY_EN = re.compile(
    rf"(?P<start>^)?\bmy (?P<own>own )?(?P<kin>(?:older |younger |late )?{RELATIVES['en']}\b)?", re.I
)
_MINE_NL = re.compile(rf"\b(?:mijn|m'n) (?P<adjective>(?:{NL_ADJECTIVES}) )?(?P<noun>[\w-]+)", re.IGNORECASE)
_KIN_NL = re.compile(rf"^(?:{RELATIVES['nl']})$", re.IGNORECASE)
_HET = re.compile(rf"(?:{NL_HET}|[a-z]{{2,}}[tpk]?je)$", re.IGNORECASE)
_IK = re.compile(r"\bik\b", re.IGNORECASE)
_BINDS = re.compile(rf"(?:^|\s)(?:{NL_BINDING})\s$", re.IGNORECASE)
_STARTS = re.compile(r"(?:^|[.;:,]\s*|\b(?:en|maar|want|dus)\s)$", re.IGNORECASE)
_WORD_AFTER = re.compile(r"^\s+([a-zëïéè]+)\b", re.IGNORECASE)
_WORD_BEFORE = re.compile(r"([a-zëïéè]+)\s$", re.IGNORECASE)
_TRAILS = frozenset({"wel", "niet", "ook", "dan", "soms"})
"""Words that may follow the verb at the end of a clause."""
_CLAUSE_END = re.compile(r"[,.;:!?]|\s(?:maar|want|dan)\s|$")


def third_person(sentence: str, language: str) -> str:
    """ "Ik slik lisinopril." → "slikt lisinopril."; empty where it cannot be told.

    A subject that begins the sentence is left out, as records do; elsewhere it is "the patient", "patiënt".
    """
    return _english(sentence) if language == "en" else _dutch(sentence, "patiënt", _third)


def addressed_nl(sentence: str) -> str:
    """ "Als ik hoest." → "als u hoest."; empty where it cannot be told. English changes only its pronouns."""
    return _dutch(sentence, "u", _to_u)


# English


def _english(sentence: str) -> str:
    text = _I_EN.sub(_told_en, sentence)
    if "\0" in text or ("the patient" in text and re.match(r"I\b", sentence)):
        return ""
    text = re.sub(r"\bme\b", "the patient", _MY_EN.sub(_their_en, text))
    if re.search(r"\b(?:I|mine|myself|we|our|us)\b|I'", text):
        return ""
    return _together(sentence, text)


def _told_en(match: re.Match[str]) -> str:
    lead, short, adverb, verb = match["lead"], match["short"], match["adverb"], (match["verb"] or "").strip()
    joined = not lead.strip() or bool(_JOINS_EN.match(lead)) or lead.strip() in ".;:,"
    tag = lead.strip() == "," and verb in ("think", "suppose", "guess", "reckon", "believe")
    subject = "" if joined and not tag else "the patient "
    adverb = f"{adverb.strip()} " if adverb else ""
    if lead.strip().lower() in _INVERTED and not short:
        return f"{lead}the patient {adverb}{verb}".rstrip()
    if short in ("'ve", "'d", "'ll") and (not verb or verb in _NO_VERB_EN):
        return "\0"
    if short:
        form = EN_FORMS[short]
        if short == "'d" and verb in ("been", "had", "never", "taken", "gone", "got"):
            form = "had"
        return f"{lead}{subject}{form} {adverb}{verb}".rstrip()
    form = _third_en(verb)
    return f"{lead}{subject}{adverb}{form}" if form else "\0"


_INVERTED = frozenset({"was", "did", "could", "would", "should", "can", "had", "will", "might", "must"})
"""Verbs before their subject, as in "what was I doing": the one behind it stays as it is."""
_NO_VERB_EN = frozenset(words_in("a an he if it she so that the there these they this those we well you"))
"""What stands behind "I've" where a sentence was begun anew."""


def _third_en(verb: str) -> str:
    if verb in EN_FORMS:
        return EN_FORMS[verb]
    if not verb or verb in EN_UNCHANGED or verb.endswith(("ed", "n't")):
        return verb
    if verb.endswith(("s", "sh", "ch", "x", "z", "o")):
        return verb + "es"
    return verb[:-1] + "ies" if re.search(r"[^aeiou]y$", verb) else verb + "s"


def _together(sentence: str, told: str) -> str:
    """The told sentence with the verbs behind "and" in the form of the first, in the present."""
    first = re.match(r"(?i)(?:[\w']+ )?(?:never |always |just |usually |also )?([a-z]+s)\b", told)
    if first is None or not re.match(r"(?i)I\b", sentence) or first[1] in ("is", "was", "has"):
        return told
    return _TOGETHER.sub(
        lambda m: m["join"] + (_third_en(m["verb"]) if m["verb"] in EN_TOGETHER else m["verb"]), told
    )


_BODY_EN = re.compile(
    r"(?:left |right |upper |lower )*"
    r"(?:heart|chest|eyes?|ears?|head|neck|back|knees?|legs?|arms?|feet|foot|hands?|stomach|"
    r"tummy|throat|bladder|bowels?|skin|shoulders?|hips?|ankles?|toes?|fingers?|nose|jaw|elbows?|wrists?|thyroid)\b",
    re.IGNORECASE,
)


def _their_en(match: re.Match[str]) -> str:
    if match["own"]:
        return "\0"
    if match["kin"]:
        return match["kin"]
    rest = match.string[match.end() :]
    return "" if match["start"] is not None or not _BODY_EN.match(rest) else "the "


# Dutch


def _third(verb: str) -> str:
    """The form of he and she for that of "ik"; empty for what is no verb."""
    word = verb.lower()
    if word in NL_FORMS:
        return NL_FORMS[word]
    if word in NL_PAST:
        return word
    if word in NL_NO_VERB or word in NL_ADVERBS or word.endswith(("en", "ig", "lijk", "a", "o", "u")):
        return ""
    if word.endswith(("de", "te")) and len(word) > 3:
        return word
    return word if word.endswith("t") else word + "t"


def _to_u(verb: str) -> str:
    return NL_TO_U.get(verb.lower()) or _third(verb)


def _dutch(sentence: str, subject: str, form: Callable[[str], str]) -> str:
    text, own = sentence, bool(_IK.search(sentence))
    for _ in range(len(_IK.findall(sentence))):
        text = _one_ik(text, subject, form)
        if not text:
            return ""
    text = _MINE_NL.sub(_your_nl if subject == "u" else _their_nl, text)
    if "\0" in text or re.search(r"(?i)\b(?:mezelf|mijzelf|wij|we|ons|onze)\b", text):
        return ""
    return re.sub(r"(?i)\b(?:me|mij)\b", "zich" if own else subject, text)


def _one_ik(text: str, subject: str, form: Callable[[str], str]) -> str:
    """The text with its first "ik" told of the patient; empty where no verb fits it."""
    found = _IK.search(text)
    assert found is not None
    before, after = text[: found.start()], text[found.end() :]
    if _BINDS.search(before):
        return _verb_at_end(before, after, subject, form)
    follows = _WORD_AFTER.match(after)
    if _STARTS.search(before):
        verb = form(follows[1]) if follows else ""
        if not verb or follows is None:
            return ""
        keep = f"{subject} " if subject == "u" else ""
        return f"{before}{keep}{verb}{after[follows.end() :]}"
    stands = _WORD_BEFORE.search(before)
    verb = form(stands[1]) if stands else ""
    if not verb or stands is None:
        return ""
    if not before[: stands.start()].strip():  # "Wil ik graag …", where only an opening word stood before it
        return f"{subject} {verb}{after}" if subject == "u" else f"{verb}{after}"
    verb = verb.capitalize() if stands[1][0].isupper() else verb
    return f"{before[: stands.start()]}{verb} {subject}{after}"


def _verb_at_end(before: str, after: str, subject: str, form: Callable[[str], str]) -> str:
    """A clause whose verb stands at its end, or before the participle or infinitives there."""
    end = _CLAUSE_END.search(after)
    clause = after[: end.start()] if end else after
    rest = after[len(clause) :]
    words = clause.split()
    tail: list[str] = []
    while words and words[-1].lower() in _TRAILS:
        tail.insert(0, words.pop())
    for place in range(len(words) - 1, -1, -1):
        known = words[place].lower() in NL_FORMS or words[place].lower() in NL_PAST
        if known or (place == len(words) - 1 and not re.match(r"(?i)ge\w+|\w+en$", words[place])):
            told = form(words[place])
            if not told:
                return ""
            words[place] = told
            if place > 1 and words[place - 1] in ("of", "en"):
                words[place - 2] = form(words[place - 2]) or words[place - 2]
            return f"{before}{subject} {' '.join(words + tail)}{rest}"
    return ""


def _their_nl(match: re.Match[str]) -> str:
    noun, adjective = match["noun"], match["adjective"] or ""
    if noun.lower() in ("eigen", "zelf"):
        return "\0"
    if _KIN_NL.match(noun):
        return f"{adjective}{noun}"
    article = "het" if _HET.search(noun) else "de"
    return f"{article} {adjective}{noun}"


def _your_nl(match: re.Match[str]) -> str:
    return f"uw {match['adjective'] or ''}{match['noun']}"


# What a clinician says to the patient


def impersonal(text: str, language: str) -> str:
    """ "Your legs" → "the legs", "uw been" → "het been"; a relative needs no article."""
    if language == "en":
        return re.sub(r"(?i)\byour (?=\w)", "the ", re.sub(rf"(?i)\byour (?=(?:{_NO_ARTICLE})\b)", "", text))
    return re.sub(rf"(?i)\buw (?P<adjective>(?:{NL_ADJECTIVES}) )?(?P<noun>[\w-]+)", _their_nl, text)


def of_the_patient(sentence: str, language: str) -> str:
    """A clinician's sentence told of the patient; with "you" or "u" left in it where that is not sure."""
    text = impersonal(sentence, language)
    if language == "en":
        text = re.sub(r"^You(?:'re| are) (?=\w)", "", text)
        text = re.sub(rf"^You (?=(?:{_MODALS})\b)", "", text)
        text = re.sub(r"\b[Yy]ou don't\b", "the patient doesn't", text)
        text = re.sub(rf"\b[Yy]ou (?=(?:{_MODALS})\b)", "the patient ", text)
        text = re.sub(
            r"(?<=\w )you(?=[.,]?$| (?:because|to|with|in|on|at|for|about|from|by)\b)", "the patient", text
        )
        text = re.sub(r"\b[Yy]ou've (?=\w+(?:ed|n|t)\b)", "the patient has ", text)
        return re.sub(r"\b[Yy]ou're (?=\w)", "the patient is ", text)
    if re.match(r"(?i)u\b", text):
        text = re.sub(r"^[Uu] (\w+)", lambda m: _TO_THIRD.get(m[1], m[1]), text)
    text = re.sub(r"\b(\w+) u\b", lambda m: f"{_TO_THIRD.get(m[1], m[1])} patiënt", text)
    return re.sub(r"\bu (\w+)", lambda m: f"patiënt {_TO_THIRD.get(m[1], m[1])}", text)


_NO_ARTICLE = RELATIVES["en"] + "|food|meals|breakfast|lunch|dinner|supper|bloods|diabetes"
_MODALS = "can|could|couldn't|can't|may|should|shouldn't|must|mustn't|had|need to"
_TO_THIRD = {
    "bent": "is",
    "kunt": "kan",
    "wilt": "wil",
    "zult": "zal",
    "hebt": "heeft",
    "Kunt": "Kan",
    "Bent": "Is",
}
