"""Under which heading a line that the clinician typed belongs: clinical shorthand first, then spoken cues."""

from __future__ import annotations

import re

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.topics import topics_of
from scribe_app.domain.transcript import SpeakerRole, Utterance

_NOT_SPOKEN = UtteranceId(0)


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


_SHORTHAND: tuple[tuple[tuple[str, ...], re.Pattern[str]], ...] = (
    (("allergy",), _pattern(r"\b(nkda|nka|allerg\w*|intoleran\w*|overgevoelig\w*)\b")),
    (("family",), _pattern(r"^\s*(fh|fhx|fam|familie|famanamnese)\b\s*[:.]?")),
    (("history",), _pattern(r"^\s*(pmh|pmhx|psh|vg|voorgeschiedenis)\b\s*[:.]?")),
    (
        ("social",),
        _pattern(r"^\s*(sh|shx|soc|sociaal)\b\s*[:.] | \b(smok\w+|ex-smoker|etoh|pack\ years?|rookt)\b"),
    ),
    (
        ("plan",),
        _pattern(
            r"""^\s*(p|plan|beleid|b)\s*: |
            ^\s*(rx|tx|ref|refer|start|stop|f/?u|rv|tci|verwijs\w*|controle|recept)\b"""
        ),
    ),
    (
        ("assessment",),
        _pattern(
            r"""^\s*(a|e|imp|impression|dx|ddx|dd|conclusie|c)\s*[:=] |
            ^\s*(imp|impression|ddx?)\b | ^\s*\?\s*\w"""
        ),
    ),
    (
        ("result", "examination"),
        _pattern(
            r"""\b(hba1c|egfr|crp|hb|fbc|u&e|u\+e|lft|tsh|trop\w*|d-dimer|ecg|x-?ray|cxr|mri|ct|echo|
            urine\ dip|msu|bse|kreat\w*|glucose|lab)\b"""
        ),
    ),
    (
        ("examination",),
        _pattern(
            r"""^\s*(o|o/e|oe|lo)\s*[:.] | \bo/e\b |
            \b(bp|rr|hr|pulse|pols|spo2|sats?|saturatie|temp|bmi|gcs|news2?|tensie|hs|heart\ sounds|
            chest\ clear|abdo(men)?|snt|jvp|o?edema|oedeem|cor|pulm|reflexes|tender\w*|drukpijn\w*|
            gewicht|wt)\b | \b\d{2,3}/\d{2,3}\b | \b3[5-9][.,]\d\b"""
        ),
    ),
    (
        ("medication",),
        _pattern(
            r"""\b\d+([.,]\d+)?\s?(mg|mcg|µg|microgram\w*|g|ml|units?|eenheden|ie)\b |
            \b[1-4]\s?dd\b | \b(od|bd|tds|qds|prn)\b"""
        ),
    ),
)
"""Topics and the shorthand that tells them; the first that is found decides."""


def heading_for(note: str, sections: list[SectionSpec], language: str) -> SectionSpec | None:
    """The section a typed line belongs to; the first one where nothing tells; None without sections."""
    for topics, pattern in _SHORTHAND:
        if pattern.search(note):
            for topic in topics:
                if found := _with_topic(topic, sections):
                    return found
    spoken = topics_of(Utterance(_NOT_SPOKEN, note, 0.0, 0.0, SpeakerRole.CLINICIAN), None, language)
    fitting = [spec for spec in sections if spoken & frozenset(spec.topics)]
    return next(iter(fitting or sections), None)


def _with_topic(topic: str, sections: list[SectionSpec]) -> SectionSpec | None:
    """The section for a topic; the one that is about little else goes first."""
    fitting = [spec for spec in sections if topic in spec.topics]
    return min(fitting, key=lambda spec: len(spec.topics), default=None)
