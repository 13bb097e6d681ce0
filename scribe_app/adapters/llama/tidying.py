"""Spoken words made readable without changing what they say."""

from __future__ import annotations

import re

from scribe_app.adapters.llama.guard import says_the_same
from scribe_app.adapters.llama.person import addressed_nl, third_person
from scribe_app.adapters.llama.wording import Wording
from scribe_app.domain.numbers import with_digits
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.domain.words import FILLERS, sentences, without_repeats

_SPACES = re.compile(r"\s+")
_LOOSE = re.compile(r"\s+([,.!?;:])(?!\d)")
_DOUBLED = re.compile(r",(?=\s*[,.!?])")
_AFTER_AN_END = re.compile(r"(?<=[.!?])\s*,\s*")
"""What a sound leaves behind: "daily. Uh, but" without its "uh"."""
_VOCATIVE = re.compile(r"(?i)(?<=\w), (?:doctor|doc|dokter)(?=[.,!?]|$)")
_TAG_NL = re.compile(r"(?i),? hoor(?=[.,!?]|$)|(?<=\w) eerlijk gezegd\b")
_WORDS_TOO = frozenset({"hoor", "eigenlijk", "nou", "kinda"})
"""Fillers that may carry meaning inside a sentence."""
_MEANWHILE = re.compile(r"\b(when|while|after|before) I (?!(?:kind|sort) of\b)([a-z]+)\b", re.IGNORECASE)
_IT = re.compile(r"(?:(?:it(?:'s| is)?|het(?: is)?) )?")
_WORD = re.compile(r"\w")
_PAST = re.compile(r"(?:ed|t|ew|id|ad)$|^(?:was|came|took|woke|ran|began|saw|fell|stood|drank|could|would)$")
"""Verb forms that "when I …" is not turned into "when …ing" for."""


def capital(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def tidied(text: str, wording: Wording, speaker: SpeakerRole) -> str:
    """Spoken words without fillers and opening words, numbers in figures, each sentence with a capital."""
    openers = wording.clinician_openers if speaker is SpeakerRole.CLINICIAN else wording.openers
    kept: list[str] = []
    for sentence in sentences(without_fillers(text, wording.language)):
        rest = wording.greeting.sub("", sentence)
        while (shorter := openers.sub("", rest, count=1)) != rest and shorter.strip(" .,!?"):
            rest = shorter
        rest = without_hesitation(rest, wording).strip(" ,")
        if _WORD.search(rest) and not (kept and (wording.bare_yes.match(rest) or wording.broken.match(rest))):
            kept.append(capital(rest))
    return without_repeats(with_digits(" ".join(kept), wording.language))


def without_hesitation(sentence: str, wording: Wording) -> str:
    """A sentence without words between commas that carry nothing, and from where it was begun for good."""
    sentence = _SPACES.sub(" ", wording.hesitating.sub(" ", wording.interrupting.sub("", sentence)))
    sentence = wording.answering.sub(lambda found: f"{found[1]}, " if found[1] else "", sentence)
    ended = wording.trailing.sub("", sentence)
    if ended != sentence and not ended.endswith((".", "!", "?")):
        ended += "."
    begun = wording.begun.sub(lambda found: found[1] or "", ended)
    return wording.pause.sub(lambda found: f"{found[1] or found[2]} ", begun)


def reported(words: str, wording: Wording) -> tuple[str, bool]:
    """What a patient said of themselves, as the record puts it; sentences that resist stay quoted.

    "My dad died when he was 52." → "Dad died when he was 52."; "I keep thinking I'm next." → “I keep thinking
    I'm next.” Returns the text and whether every word is as it was said. Each rewording passes the same guard
    as a model's.
    """
    if wording.keep_words.search(words):
        return f"“{words}”", True
    parts: list[tuple[str, bool]] = []
    for sentence in sentences(words):
        line = _reported_sentence(sentence, wording)
        quoted = not line
        line = line or sentence
        if parts and parts[-1][1] and quoted:
            parts[-1] = (f"{parts[-1][0]} {line}", True)
        else:
            parts.append((line, quoted))
    text = " ".join(f"“{line}”" if quoted else line for line, quoted in parts)
    return text, all(quoted or line in words or _only_without_it(line, words) for line, quoted in parts)


def _only_without_it(text: str, words: str) -> bool:
    """Whether each sentence is as it was said, but for an "it" at its beginning."""
    said = [sentence.lower() for sentence in sentences(words)]
    return all(
        any(one.endswith(line) and _IT.fullmatch(one.removesuffix(line)) for one in said)
        for line in map(str.lower, sentences(text))
    )


def in_third_person_already(words: str, wording: Wording) -> tuple[str, bool]:
    """What someone says of the patient; sentences about the speaker or to the clinician stay quoted."""
    parts = []
    for sentence in sentences(words):
        own = wording.first_person.search(sentence) or wording.second_person.search(sentence)
        parts.append(f"“{sentence}”" if own else sentence)
    return " ".join(parts).replace("” “", " "), True


def readdressed(words: str, wording: Wording) -> str:
    """What the patient said, said back to them ("I" → "you"); in quotation marks where that would mislead."""
    if wording.second_person.search(words) or wording.keep_words.search(words):
        return f"“{words}”"
    words = " ".join(wording.tail.sub("", sentence) for sentence in sentences(words))
    if wording.language == "nl":
        words = " ".join(addressed_nl(sentence) or sentence for sentence in sentences(words))
    for pattern, text in wording.readdress:
        words = pattern.sub(text, words)
    if wording.first_person.search(words):
        return ""
    return " ".join(capital(sentence) for sentence in sentences(words))


def _reported_sentence(sentence: str, wording: Wording) -> str:
    line = sentence = wording.tail.sub("", sentence)
    for pattern, text in wording.report:
        line = pattern.sub(text, line)
    if wording.language == "en":
        line = _MEANWHILE.sub(_gerund, line)
    if wording.second_person.search(line):
        return ""
    if wording.first_person.search(line):
        line = third_person(line, wording.language)
    if line == sentence:
        return line
    return capital(line) if line and says_the_same(line, sentence, "", wording) else ""


def _gerund(match: re.Match[str]) -> str:
    """ "when I walk" → "when walking"; left alone where the verb is not plainly present tense."""
    conjunction, verb = match.groups()
    if _PAST.search(verb) or len(verb) < 3:
        return match.group()
    stem = verb[:-1] if verb.endswith("e") and not verb.endswith("ee") else verb
    if re.search(r"^[^aeiou]*[aeiou][bdgmnpt]$", stem) and stem == verb:
        stem += stem[-1]
    return f"{conjunction} {stem}ing"


def _without_pause(match: re.Match[str]) -> str:
    """ "For, er, six weeks" is one stretch; "Yes, um, I do" keeps a comma behind its first word."""
    return f"{match[1]}, " if match[1] else " "


def without_fillers(text: str, language: str) -> str:
    """Sounds go wherever they are; phrases ("you know") only where commas set them apart."""
    text = _VOCATIVE.sub("", text)
    for filler in FILLERS[language]:
        body = re.escape(filler)
        if " " in filler or "'" in filler:
            text = re.sub(rf"(?i)(,\s*{body}(?=[,.!?]|$)|(?<![\w']){body},\s*)", "", text)
        elif filler not in _WORDS_TOO:
            text = re.sub(rf"(?i)((?:^|[.!?] )\w+)?,\s*{body},\s+", _without_pause, text)
            text = re.sub(rf"(?i)(?<![\w'-]){body}(?![\w'-]),?\s*", "", text)
    text = _TAG_NL.sub("", text) if language == "nl" else text
    return _AFTER_AN_END.sub(" ", _DOUBLED.sub("", _LOOSE.sub(r"\1", _SPACES.sub(" ", text)))).strip()
