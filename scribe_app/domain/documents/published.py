"""Public consultations in the form in which they are published: aci-bench, MTS-Dialog, PriMock57.

Yim et al., Scientific Data 2023; Ben Abacha et al., EACL 2023; Papadopoulos Korfiatis et al., ACL 2022.
All are CC BY 4.0. Files are read elsewhere; here are their texts.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.errors import TranscriptFileError

_TURN = re.compile(r"^\s*(?:\[([\w ]+)\]|(\w+(?: \w+)?):)\s*(.*)$")
_INTERVAL = re.compile(r'xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = "((?:[^"]|"")*)"')
_NOISE = re.compile(r"<[^>]+>")
_ROLES = {
    "doctor": SpeakerRole.CLINICIAN,
    "guest_clinician": SpeakerRole.CLINICIAN,
    "patient": SpeakerRole.PATIENT,
}
_TURN_SECONDS = 4.0
"""Dialogues that were published without times get a turn every four seconds."""

Turn = tuple[float, float, str, SpeakerRole]
"""Start and end in seconds, words, who speaks."""


def dialogue(text: str) -> Transcript:
    """A dialogue of aci-bench (`[doctor] …`) or MTS-Dialog (`Doctor: …`); third speakers are `other`.

    A line without a speaker goes on with the turn before it.

    Raises:
        TranscriptFileError: nobody speaks in it.
    """
    turns: list[Turn] = []
    for line in text.splitlines():
        match = _TURN.match(line)
        words = (match[3] if match else line).strip()
        if match and words:
            role = _ROLES.get((match[1] or match[2]).lower(), SpeakerRole.OTHER)
            start = _TURN_SECONDS * (len(turns) + 1)
            turns.append((start, start + 3, words, role))
        elif words and turns:
            start, end, before, role = turns[-1]
            turns[-1] = (start, end, f"{before} {words}", role)
    return _transcript(turns)


def two_grids(doctor: str, patient: str) -> Transcript:
    """A consultation of PriMock57: one Praat TextGrid for each speaker, put together by time.

    Raises:
        TranscriptFileError: nobody speaks in it.
    """
    turns: list[Turn] = []
    for role, grid in ((SpeakerRole.CLINICIAN, doctor), (SpeakerRole.PATIENT, patient)):
        for start, end, text in _INTERVAL.findall(grid):
            if words := _NOISE.sub("", text).replace('""', '"').strip():
                turns.append((float(start), float(end), words, role))
    return _transcript(sorted(turns))


def checklist(strings: str, sheet: str) -> tuple[str, ...]:
    """The critical facts of a PriMock57 checklist: those beside which the sheet has a "c".

    Args:
        strings: xl/sharedStrings.xml of the workbook.
        sheet: xl/worksheets/sheet1.xml.
    """
    items = re.findall(r"<si>(.*?)</si>", strings, re.DOTALL)
    texts = [html.unescape("".join(re.findall(r"<t[^>]*>(.*?)</t>", i, re.DOTALL))).strip() for i in items]
    facts: list[str] = []
    for row in re.findall(r"<row .*?</row>", sheet, re.DOTALL):
        cells = {
            column: texts[int(number)]
            for column, number in re.findall(r'<c r="([A-Z]+)\d+"[^>]*t="s"[^>]*><v>(\d+)</v>', row)
        }
        for fact, kind in (("A", "B"), ("C", "D")):
            if cells.get(kind, "").lower() == "c" and cells.get(fact):
                facts.append(cells[fact].lstrip("* ").replace("-", " "))
    return tuple(dict.fromkeys(facts))


def _transcript(turns: Iterable[Turn]) -> Transcript:
    utterances = tuple(
        Utterance(UtteranceId(number), text, start, end, role)
        for number, (start, end, text, role) in enumerate(turns, start=1)
    )
    if not utterances:
        raise TranscriptFileError("Nobody speaks in a dialogue.", "Nothing was measured.")
    return Transcript(utterances)
