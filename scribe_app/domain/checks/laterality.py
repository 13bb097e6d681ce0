"""Sides of a statement against what was said: by the part of the body, and by the words around them."""

from __future__ import annotations

import re
from collections import Counter
from functools import lru_cache
from itertools import pairwise

from scribe_app.domain.checks.clinical import clinical_stems
from scribe_app.domain.checks.evidence import Spoke
from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import Reading, read
from scribe_app.domain.checks.sides import HANDED, SideMention
from scribe_app.domain.letter import Support
from scribe_app.domain.words import plain

SHOWN_SIDES = {
    "en": {"left": "left", "right": "right", "both": "both sides"},
    "nl": {"left": "links", "right": "rechts", "both": "beide kanten"},
}
_AROUND = 70
"""Characters before and after a side in which the words stand that belong to it."""
_TURN = re.compile(r"[.;!?](?=\s|$)|\b(?:but|whereas|while|compared|maar|terwijl|vergeleken)\b")
_ITEM = re.compile(r"[.;!?](?=\s|$)|, |\b(?:and|but|whereas|while|than|en|maar|terwijl|dan)\b")
_MOSTLY = 2
"""Times as often as the other: then a part of the body without its side has this one."""
_TWICE = re.compile(
    r"(?i)\b(left|right|links|rechts)\b[^.;]{0,60}?\b(?:than|compared (?:to|with)|in comparison (?:to|with)"
    r"|versus|vs|dan|vergeleken met)\s+(?:on )?(?:the |de )?\1\b"
    r"|\b(left|right|links|rechts)(?: and | en |/)\2\b"
    r"|\b(left|right|linker|rechter)[ -]?(\w+),?(?: and| or| en| of|/)? ?(?:the |his |her |de |zijn |haar )?"
    r"\3[ -]?\4\b"
)
"""One side set against itself: "left worse than left", "left and left", "left hand, left hand"."""
_SIDED_WORD = re.compile(r"\b(?:linker|rechter)\w*")
_SIDES, _CLEARLY = 2, 2
_TELLING = 2
"""What a symptom or finding in common weighs against any other word."""
_COMPARED = re.compile(
    r"\b(?:compared (?:to|with)|unlike|vergeleken met|anders dan) (?:the |your |my |de |uw |mijn )?$"
)
"""Before a side that is only what another is held against."""
_OR = re.compile(r"[\s,]*(?:or|of)\b(?: is it| was it| is het)?(?: on)?(?: the| your| de| het| uw)?\s*$")
_EITHER = re.compile(r"\b(?:left|right|links|rechts)(?:handed)?-? (?:or|of) $")
"""Before "left-handed" where either hand was asked for."""
_OTHER = re.compile(r"\b(?:other|opposite|andere) (?:\w+ )?$")

Placed = tuple[SideMention, Reading]
"""A side and the text in which it was said."""


def side_findings(claim: Reading, said: list[Reading], transcript: Spoke) -> list[Finding]:
    """One finding for each side of the claim that was not said.

    A side that the passage leaves out, or has both ways, may come from the rest of the transcript, where the
    part of the body nearly always had this side.
    """
    language = transcript.language
    if _TWICE.search(claim.text):
        return [finding(Support.CONFLICTING, "side_twice", language)]
    same = _same_comparison(claim, said)
    claimed = [m for m, _ in _placed([claim]) if m.body or not _word_for_word(m, claim, said)]
    claimed = [m for m in claimed if same is None or not same.start() <= m.start < same.end()]
    if not claimed:
        return []
    here, anywhere = _placed(said), _everywhere(transcript)
    findings: dict[str, Finding] = {}
    for mention in claimed:
        doubt = _doubt(mention, claim, here, anywhere, said, language)
        if doubt is not None:
            findings.setdefault(doubt.flag.reason, doubt)
    return list(findings.values())


def _doubt(
    mention: SideMention,
    claim: Reading,
    here: list[Placed],
    anywhere: list[Placed],
    said: list[Reading],
    language: str,
) -> Finding | None:
    if mention.side == "both" and (not mention.body or any(_ONE_WORSE.search(plain(r.text)) for r in said)):
        return None  # "clear bilaterally", "the right is worse than the left"
    if mention.body == HANDED:
        told = frozenset(place[0].side for place in anywhere if place[0].body == HANDED)
        return _differs(mention, told, language) if told and mention.side not in told else None
    here, anywhere = _of_illness(here), _of_illness(anywhere)
    near = _of_body(mention, here)
    if mention.body and not near and _named_other(mention.body, said):
        return _other_one(mention, anywhere, language)
    if near:
        if (
            mention.body
            and _named_other(mention.body, said)
            and mention.side not in {p[0].side for p in near}
        ):
            return None
        expected = _expected(mention, claim, near, language, 1)
        if not expected and not {place[0].side for place in near} <= {
            one.side for one in claim.side_mentions
        }:
            expected = _usual(mention, claim, anywhere, language)
        return _differs(mention, expected, language) if expected and mention.side not in expected else None
    if mention.side == "both":
        return None
    if not anywhere:
        shown = _shown(mention.side, mention.body, language)
        return finding(Support.UNSUPPORTED, "side_not_said", language, claimed=shown)
    expected = _usual(mention, claim, anywhere, language)
    if not expected and mention.body and _of_body(mention, anywhere):
        shown = _shown(mention.side, mention.body, language)
        return finding(Support.UNSUPPORTED, "side_open", language, claimed=shown)
    return _differs(mention, expected, language) if expected and mention.side not in expected else None


_ONE_WORSE = re.compile(
    r"\b(?:right|rechts|rechter\w*)\b[^.;]{0,60}\b(?:than|dan) (?:(?:the|on|my|your|in|de) )*(?:left"
    r"|links|linker\w*)\b"
    r"|\b(?:left|links|linker\w*)\b[^.;]{0,60}\b(?:than|dan) (?:(?:the|on|my|your|in|de) )*(?:right"
    r"|rechts|rechter\w*)\b"
)
"""Where one side is worse than the other, it is on both."""


def _same_comparison(claim: Reading, said: list[Reading]) -> re.Match[str] | None:
    """Where a claim holds one side against the other as it was said: "the right worse than the left"."""
    own = _ONE_WORSE.search(plain(claim.text))
    told = [match for reading in said for match in _ONE_WORSE.finditer(plain(reading.text))]
    return own if own and told and all(match[0][:2] == own[0][:2] for match in told) else None


def _word_for_word(mention: SideMention, claim: Reading, said: list[Reading]) -> bool:
    """Whether a side that stands by no part of the body was said before the very same word."""
    following = re.match(r"[ -]+([^\W\d]{4,})", plain(claim.text)[mention.end :])
    if following is None:
        return False
    side = plain(claim.text)[mention.start : mention.end]
    return any(re.search(rf"\b{side}[ -]+{following[1]}\b", plain(reading.text)) for reading in said)


@lru_cache(maxsize=2)
def _everywhere(transcript: Spoke) -> list[Placed]:
    return _placed(transcript.readings)


def _placed(readings: list[Reading]) -> list[Placed]:
    """Every side with its text; a choice that was only asked ("left or right?") is none."""
    places = []
    for reading in readings:
        mentions = reading.side_mentions
        choices = {
            each
            for first, second in pairwise(mentions)
            if first.side != second.side and _OR.match(reading.text[first.end : second.start].lower())
            for each in (first, second)
        }
        choices |= {
            m for m in mentions if m.body == HANDED and _EITHER.search(reading.text[: m.start].lower())
        }
        places += [(mention, reading) for mention in mentions if mention not in choices]
    return places


def _of_illness(places: list[Placed]) -> list[Placed]:
    return [place for place in places if place[0].body != HANDED]


def _of_body(mention: SideMention, places: list[Placed]) -> list[Placed]:
    """The places that name this part of the body with a side; all sides for a claim that names no part."""
    return [place for place in places if not mention.body or place[0].body == mention.body]


def _other_one(mention: SideMention, anywhere: list[Placed], language: str) -> Finding | None:
    """A doubt where "my other ankle" is the one that was spoken of with its side, not the other."""
    sides = {place[0].side for place in _of_body(mention, anywhere) or anywhere} - {"both"}
    other = frozenset({"left", "right"} - sides)
    return _differs(mention, other, language) if sides == {mention.side} else None


def _named_other(body: str, said: list[Reading]) -> bool:
    texts = [plain(reading.text) for reading in said]
    return any(_OTHER.search(text[: m.start()]) for text in texts for m in re.finditer(rf"\b{body}", text))


def _expected(
    mention: SideMention, claim: Reading, near: list[Placed], language: str, clearly: int
) -> frozenset[str]:
    """The sides that a passage lets a claim have: of several, those among the most words of the claim.

    Empty where it is open: both sides were named together, or none has `clearly` more words than the other.
    """
    one_side = [place for place in near if place[0].side != "both"]
    if mention.side != "both" and len(one_side) < len(near):
        near = one_side
    sides = frozenset(placed[0].side for placed in near)
    if len(sides) < _SIDES:
        return sides
    around = _around(claim, mention, _ITEM, language)
    shared: dict[str, int] = {}
    for said, reading in near:
        common = around & _around(reading, said, _TURN if mention.body else _ITEM, language)
        count = sum(_TELLING if word in clinical_stems(language) else 1 for word in common)
        shared[said.side] = max(shared.get(said.side, 0), count)
    (most, count), *others = sorted(shared.items(), key=lambda one: -one[1])
    return frozenset({most}) if all(count >= other + clearly for _, other in others) else frozenset()


def _usual(mention: SideMention, claim: Reading, anywhere: list[Placed], language: str) -> frozenset[str]:
    """The side that a part of the body has in the whole consultation; empty where that is open.

    Where it has both, the words around decide, or else which side is named far more often. A part that is
    never named with a side goes with all others: with one injured arm, "the thumb" is that arm's.
    """
    places = [place for place in _of_body(mention, anywhere) or anywhere if place[0].side != "both"]
    places = [p for p in places if not _COMPARED.search(plain(p[1].text)[: p[0].start])] or places
    told = {(placed[0].side, placed[1].text) for placed in places}  # once an utterance
    ranked = Counter(side for side, _ in told).most_common()
    if len(ranked) == 1 or (ranked and ranked[0][1] >= _MOSTLY * ranked[1][1]):
        return frozenset({ranked[0][0]})
    return _expected(mention, claim, places, language, _CLEARLY) if ranked else frozenset()


def _around(place: Reading, mention: SideMention, ends: re.Pattern[str], language: str) -> frozenset[str]:
    """Stems, medicines and numbers (which count twice) beside a side, up to the next turn of the talk.

    What stands between it and the other side belongs to the one in whose clause it is.
    """
    text = plain(place.text)
    others = [other for other in place.side_mentions if other.side != mention.side]
    start = max((one.end for one in others if one.end <= mention.start), default=0)
    stop = min((one.start for one in others if one.start >= mention.end), default=len(text))
    before = _last_part(text[start : mention.start], _ITEM if start else ends)[-_AROUND:]
    after = text[mention.end : stop]
    if stop < len(text):  # what leads up to the other side is that one's
        after = after[: len(after) - len(_last_part(after, _ITEM))] or after
    end = ends.search(after := after[:_AROUND])
    within = _SIDED_WORD.sub(" ", text[mention.start : mention.end])  # "knee swelling left"
    reading = read(f"{before} {within} {after[: end.start() if end else None]}", language, True)
    numbers = {f"{mark}{q.value:g}/{q.second}" for q in reading.amounts for mark in ("#", "##")}
    return reading.stems | frozenset(reading.drugs) | numbers


def _last_part(text: str, ends: re.Pattern[str]) -> str:
    """What follows the last turn of a text; all of it where it has none."""
    cut = [match.end() for match in ends.finditer(text)]
    return text[cut[-1] :] if cut else text


def _shown(side: str, body: str, language: str) -> str:
    names = SHOWN_SIDES[language]
    if not body:
        return names[side]
    return f"{body} {names[side]}" if language == "nl" else f"{names[side]} {body}"


def _differs(mention: SideMention, expected: frozenset[str], language: str) -> Finding:
    said = " / ".join(_shown(side, mention.body, language) for side in sorted(expected))
    claimed = _shown(mention.side, mention.body, language)
    return finding(Support.CONFLICTING, "side_differs", language, claimed=claimed, said=said)
