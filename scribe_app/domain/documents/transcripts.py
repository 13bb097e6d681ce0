"""A transcript as JSON (DESIGN section 6) or as `Speaker: text` lines, and back."""

from __future__ import annotations

import json
import math
import re
import unicodedata
from collections.abc import Mapping
from typing import Any, NoReturn

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.errors import TranscriptFileError

_FIELDS = frozenset({"id", "speaker", "start", "end", "text", "confidence"})
_HEADER = frozenset({"utterances", "language", "title", "licence", "voices", "patient"})
"""What may stand beside the utterances; only the language is read, the rest describes a sample."""
_MOST = 2**53
"""Largest whole number that every JSON reader keeps exact."""

_SPEAKERS = {
    SpeakerRole.CLINICIAN: "clinician doctor dr d gp physician nurse consultant "
    "arts huisarts dokter zorgverlener",
    SpeakerRole.PATIENT: "patient patiënt pt p client cliënt",
    SpeakerRole.OTHER: "other mother father mum dad parent partner wife husband son daughter carer relative "
    "interpreter moeder vader ouder vrouw zoon dochter mantelzorger tolk ander",
}
_SPEAKER_WORDS = {word: role for role, words in _SPEAKERS.items() for word in words.split()}

_LABEL = re.compile(
    r"^\s*(?:\[(?P<bracket>[^\]:]{1,40})\]:?|(?P<plain>[^\W_][\w.'-]*(?: [\w.'-]+){0,2}) ?:)\s*(?P<text>.*)$"
)


def transcript_as_json(transcript: Transcript) -> dict[str, Any]:
    """The transcript as JSON values; times in seconds, confidence from 0 to 1."""
    return {
        "language": transcript.language,
        "utterances": [
            {
                "id": utterance.id,
                "speaker": utterance.speaker.value,
                "start": utterance.start,
                "end": utterance.end,
                "text": utterance.text,
                "confidence": utterance.confidence,
            }
            for utterance in transcript
        ],
    }


def transcript_from_json(text: str, language: str = "en") -> Transcript:
    """Read `{"utterances": [{"id", "speaker", "start", "end", "text"}]}`.

    Only `text` is needed: ids default to the order, the speaker to unknown, times to 0. A language named
    in the file goes before `language`.

    Raises:
        TranscriptFileError: broken JSON, unknown fields, wrong types, equal ids, or nothing said.
    """
    try:
        document = json.loads(text.removeprefix("\ufeff"), parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = (
            f"line {error.lineno}: {error.msg}" if isinstance(error, json.JSONDecodeError) else str(error)
        )
        raise _error(f"The transcript is not JSON that can be read ({reason}).") from error
    if not isinstance(document, dict) or not isinstance(document.get("utterances"), list):
        _refuse('The transcript has no list called "utterances".')
    _refuse_unknown(document, _HEADER, "The transcript")
    language = _of_type(document, "language", str, language, "The transcript")
    rows = document["utterances"]
    utterances = tuple(_utterance(row, number) for number, row in enumerate(rows, start=1))
    return _checked(utterances, language)


def transcript_from_lines(text: str, language: str = "en") -> Transcript:
    """Read one utterance per line, `Doctor: text` or `[doctor] text`; times are 0.

    A line without a speaker goes on with the utterance before it. A speaker that is no known word
    (English or Dutch) is unknown.

    Raises:
        TranscriptFileError: nothing was said.
    """
    spoken: list[tuple[SpeakerRole, str]] = []
    for line in text.removeprefix("\ufeff").splitlines():
        role, said = _speaker_and_text(line)
        if role is None and said and spoken:
            spoken[-1] = (spoken[-1][0], f"{spoken[-1][1]} {said}")
        elif said:
            spoken.append((role or SpeakerRole.UNKNOWN, said))
    utterances = tuple(
        Utterance(UtteranceId(number), said, 0.0, 0.0, role)
        for number, (role, said) in enumerate(spoken, start=1)
    )
    return _checked(utterances, language)


def _speaker_and_text(line: str) -> tuple[SpeakerRole | None, str]:
    match = _LABEL.match(line)
    if match is None:
        return None, _clean(line)
    words = re.findall(r"[^\W_]+", match["bracket"] or match["plain"])
    roles = [_SPEAKER_WORDS.get(word.casefold()) for word in words]
    if not all(role or _is_part_of_a_name(word) for role, word in zip(roles, words, strict=True)):
        return None, _clean(line)  # "The doctor said: stop" is speech with a colon in it
    return next(filter(None, roles), SpeakerRole.UNKNOWN), _clean(match["text"])


def _is_part_of_a_name(word: str) -> bool:
    return word[0].isupper() or word[0].isdigit()


def _utterance(row: object, number: int) -> Utterance:
    where = f"Utterance {number}"
    if not isinstance(row, dict):
        _refuse(f"{where} is not an object with fields.")
    _refuse_unknown(row, _FIELDS, where)
    if "text" not in row:
        _refuse(f'{where} has no "text".')
    text = _clean(_of_type(row, "text", str, "", where))
    if not text:
        _refuse(f'The "text" of utterance {number} is empty.')
    id = _of_type(row, "id", int, number, where)
    if not 1 <= id <= _MOST:
        _refuse(f'The "id" of utterance {number} must be 1 or more.')
    start = _seconds(row, "start", 0.0, where)
    end = _seconds(row, "end", start, where)
    if end < start:
        _refuse(f"{where} ends before it starts.")
    confidence = _seconds(row, "confidence", 1.0, where)
    if confidence > 1:
        _refuse(f'The "confidence" of utterance {number} must be between 0 and 1.')
    return Utterance(UtteranceId(id), text, start, end, _role(row, where), confidence)


def _role(row: Mapping[str, Any], where: str) -> SpeakerRole:
    word = _of_type(row, "speaker", str, SpeakerRole.UNKNOWN.value, where)
    if word not in set(SpeakerRole):
        known = ", ".join(role.value for role in SpeakerRole)
        _refuse(f'{where} has the speaker "{_short(word)}"; known are {known}.')
    return SpeakerRole(word)


def _seconds(row: Mapping[str, Any], field: str, default: float, where: str) -> float:
    value = row.get(field, default)
    if isinstance(value, bool) or not isinstance(value, int | float):
        _refuse(f'{where} has a "{field}" that is not a number.')
    if not 0 <= value <= _MOST or not math.isfinite(value):
        _refuse(f'{where} has a "{field}" that is below 0 or too large.')
    return float(value)


def _of_type(row: Mapping[str, Any], field: str, kind: type, default: Any, where: str) -> Any:
    value = row.get(field, default)
    if not isinstance(value, kind) or isinstance(value, bool):
        names = {str: "text", int: "a whole number"}
        _refuse(f'{where} has a "{field}" that is not {names[kind]}.')
    return value


def _checked(utterances: tuple[Utterance, ...], language: str) -> Transcript:
    if not utterances:
        _refuse("Nothing is said in the transcript.")
    seen: set[UtteranceId] = set()
    for utterance in utterances:
        if utterance.id in seen:
            _refuse(f"Two utterances have the id {utterance.id}.")
        seen.add(utterance.id)
    return Transcript(utterances, language)


def _refuse_unknown(row: Mapping[str, Any], known: frozenset[str], where: str) -> None:
    unknown = sorted(set(row) - known)
    if unknown:
        named = ", ".join(f'"{_short(name)}"' for name in unknown[:5])
        plural = "unknown fields" if len(unknown) > 1 else "an unknown field"
        _refuse(f"{where} has {plural}: {named}.")


def _clean(text: str) -> str:
    # Cc control, Cs lone surrogate, Cf invisible (direction marks could show another text than is stored).
    kept = (
        " " if sign.isspace() else sign
        for sign in text
        if sign.isspace() or unicodedata.category(sign) not in {"Cc", "Cs", "Cf"}
    )
    return " ".join("".join(kept).split())


def _short(text: str) -> str:
    return _clean(text)[:40]


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is not a number")


def _refuse(title: str) -> NoReturn:
    raise _error(title)


def _error(title: str) -> TranscriptFileError:
    return TranscriptFileError(
        title,
        "Nothing was drafted.",
        'A transcript is {"utterances": [{"id": 1, "speaker": "clinician", "start": 0.0, "end": 2.4, '
        '"text": "…"}]} or lines such as `Doctor: text`.',
    )
