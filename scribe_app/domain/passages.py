"""Spoken passages made readable: what only steers the visit left out, fillers gone, numbers in figures."""

from __future__ import annotations

import re

from scribe_app.domain.lexicon import topics_en, topics_nl
from scribe_app.domain.numbers import with_digits
from scribe_app.domain.topics import is_bare
from scribe_app.domain.words import (
    is_question,
    phrase_pattern,
    plain,
    sentences,
    without_fillers,
    without_repeats,
)


def last_question(text: str, language: str) -> str:
    """The last question of an utterance; empty for none."""
    return next((part for part in reversed(sentences(text)) if is_question(part, language)), "")


def course(sentence: str, language: str) -> bool:
    """Whether a sentence asks, or only steers the visit."""
    lexicon = topics_nl if language == "nl" else topics_en
    text = plain(sentence)
    steers = text.count(" ") <= _LONGEST_STEERING and phrase_pattern(lexicon.STEERING).search(text)
    said = steers or _PREFACE[language].match(text)
    return is_question(sentence, language) or bool(said)


_LONGEST_STEERING = 25
"""Spaces; a longer sentence says more: "Having listened to your story, just to recap: for three days …"."""
_PREFACE = {
    "en": re.compile(
        r"^\W*(?:(?:oh|um|uh|well|so|now|okay|ok|wow|no|right|yeah|and)\W+)*(?:"
        r"(?:this|that|here) is (?:a |an |the )?(?:very |really |most )?important (?:part|bit|thing|question)"
        r"|(?:i'm |we're )?(?:so |very |really )?sorry (?:to hear|about)\b[^,.]{0,40}"
        r"(?:, and i hope it gets better)?|(?:i )?hope (?:it|that) gets better"
        r"|(?:that's|that is) (?:brilliant|great|perfect|lovely)"
        r"|let's (?:focus on|talk about|start with your) [^,.]{0,30})\W*$"
    ),
    "nl": re.compile(
        r"^\W*(?:(?:oh|eh|nou|dus|nu|oké|zo|ja|nee|goed|en)\W+)*(?:"
        r"(?:dit|dat|nu) (?:is|komt) (?:een |het |de )?(?:heel |erg )?belangrijk(?:e|ste)?"
        r"(?: deel| punt| vraag)?|(?:wat|dat is) (?:erg )?vervelend\b[^,.]{0,30}"
        r"|hopelijk (?:gaat|wordt) het snel beter|(?:dat is )?(?:fantastisch|mooi|heel goed)"
        r"|laten we (?:beginnen met|het hebben over) [^,.]{0,30})\W*$"
    ),
}
"""Whole sentences that only go before what matters, or are kind."""


def readable(text: str, language: str) -> str:
    """The words as said, for people: figures, no fillers or stutters, no bare acknowledgements."""
    parts = [part for part in sentences(without_fillers(text, language)) if not is_bare(part, language)]
    kept = " ".join(parts) or text
    return without_repeats(with_digits(kept[:1].upper() + kept[1:], language))
