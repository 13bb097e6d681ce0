"""A dictated letter: what was spoken, in order; spoken punctuation is carried out, nothing else changed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.transcript import Transcript, Utterance

PARAGRAPH = "\n\n"
_MARKS: dict[str, dict[str, str]] = {
    "en": {
        "new paragraph": PARAGRAPH, "next paragraph": PARAGRAPH, "new line": PARAGRAPH,
        "next line": PARAGRAPH,
        "full stop": ".", "comma": ",", "semicolon": ";", "semi colon": ";", "question mark": "?",
        "exclamation mark": "!", "open bracket": " (", "open brackets": " (", "close bracket": ")",
        "close brackets": ")", "open quotes": " “", "close quotes": "”",
    },
    "nl": {
        "nieuwe alinea": PARAGRAPH, "nieuwe regel": PARAGRAPH, "punt": ".", "komma": ",", "puntkomma": ";",
        "punt komma": ";", "dubbele punt": ":", "vraagteken": "?", "uitroepteken": "!",
        "haakje openen": " (", "haakjes openen": " (", "haakje sluiten": ")", "haakjes sluiten": ")",
        "aanhalingstekens openen": " “", "aanhalingstekens sluiten": "”",
    },
}  # fmt: skip
"""Spoken commands and what they stand for. "Period" and "colon" are not among them: both are also words of
medicine; "colon" is one only after a heading."""
_HEADED_COLON = re.compile(
    r"\b(re|diagnos[ei]s|impression|plan|history|examination|findings|medications?|allergies|assessment|"
    r"investigations|results|summary|problems?)[\s,]+colon\b[,.]?",
    re.IGNORECASE,
)
_NOT_A_COMMAND = {
    # "36 komma 8", "op dat punt": a number, or a noun with something before it.
    "en": re.compile(r"(?!)"),
    "nl": re.compile(
        r"(?:\d|\b(?:nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen|tien|\w+tig|\w+tien))\s+(?:komma|punt)"
        r"\s+(?=\d|nul|een|één|twee|drie|vier|vijf|zes|zeven|acht|negen)"
        r"|\b(?:een|het|dit|dat|op|elk|ieder|geen|belangrijk|belangrijkste|eerste|tweede|laatste)\s+punt\b",
        re.IGNORECASE,
    ),
}
_WORD = re.compile(r"[^\W_]+(?:[-'’.,/][^\W_]+)*")
_OPENS_SENTENCE = re.compile(r"(^|[.!?]\s+)([a-zà-ÿ])")
_HELD = "\ue000"
"""Stands before a word that looks like a command and is none."""


def dictated(transcript: Transcript) -> list[Statement]:
    """One quoted statement for each dictated paragraph, citing the utterances that it came from.

    Where no paragraph was ever dictated, each utterance is one.
    """
    language = _language(transcript.language)
    pieces = [(piece, utterance.id) for utterance in transcript for piece in _pieces(utterance, language)]
    by_command = any(piece == PARAGRAPH for piece, _ in pieces)
    return [
        Statement(text, evidence=tuple(dict.fromkeys(id for _, id in paragraph)), quoted=True)
        for paragraph in _paragraphs(pieces, by_command)
        if (text := _joined([piece for piece, _ in paragraph]))
    ]


def is_dictated(text: str, said: Sequence[Utterance], language: str) -> bool:
    """Whether a text is, word for word, one whole dictated paragraph of these utterances.

    Never a part of one: "had chest pain" is not what "never had chest pain" says.
    """
    pieces = [(piece, u.id) for u in said for piece in _pieces(u, _language(language))]
    whole = [*_paragraphs(pieces, True), *_paragraphs(pieces, False)]
    words = _words(text)
    return bool(words) and any(words == _words(" ".join(p for p, _ in paragraph)) for paragraph in whole)


def _paragraphs(
    pieces: Sequence[tuple[str, UtteranceId]], by_command: bool
) -> list[list[tuple[str, UtteranceId]]]:
    """The pieces between two commands; or, without commands, those of each utterance."""
    paragraphs: list[list[tuple[str, UtteranceId]]] = [[]]
    for piece, id in pieces:
        last = paragraphs[-1]
        if piece == PARAGRAPH or (not by_command and last and last[-1][1] != id):
            paragraphs.append([])
        if piece != PARAGRAPH:
            paragraphs[-1].append((piece, id))
    return [paragraph for paragraph in paragraphs if paragraph]


def _pieces(utterance: Utterance, language: str) -> Iterable[str]:
    """Stretches of text with their marks, and PARAGRAPH where one was dictated."""
    text = " ".join(utterance.text.split())
    if language == "en":
        text = _HEADED_COLON.sub(r"\1:", text)
    text = _NOT_A_COMMAND[language].sub(lambda found: _held(found[0]), text)
    marks = _MARKS[language]
    text = _commands(language).sub(lambda found: marks[" ".join(found[1].lower().split())] + " ", text)
    text = text.replace(_HELD, "")
    for number, part in enumerate(text.split(PARAGRAPH)):
        if number:
            yield PARAGRAPH
        if part.strip():
            yield part.strip()


def _held(text: str) -> str:
    return re.sub(r"(?i)\b(komma|punt)\b", rf"{_HELD}\1", text)


@lru_cache(maxsize=2)
def _commands(language: str) -> re.Pattern[str]:
    phrases = sorted(_MARKS[language], key=len, reverse=True)
    spoken = "|".join(re.escape(phrase).replace(r"\ ", r"[\s,]+") for phrase in phrases)
    # What the recogniser wrote around a command ("clear, full stop.") goes with it.
    return re.compile(rf"[\s,.;]*(?<![\w{_HELD}-])({spoken})(?![\w-])[,.;]*", re.IGNORECASE)


def _joined(pieces: Sequence[str]) -> str:
    text = " ".join(" ".join(pieces).split())
    text = re.sub(r"\s+([,.;:?!)”])", r"\1", text)
    text = re.sub(r"([(“])\s+", r"\1", text)
    text = re.sub(r"([.?!;,])(?:\s*\1)+", r"\1", text)
    return _OPENS_SENTENCE.sub(lambda found: found[1] + found[2].upper(), text).strip()


def _words(text: str) -> list[str]:
    return [word.lower() for word in _WORD.findall(text)]


def _language(language: str) -> str:
    return "nl" if language.startswith("nl") else "en"
