"""What a speaker corrects: "About 3 weeks. No, sorry, closer to 4.", "The right. Sorry, I mean the left."

The new value takes the place of the old one, and the words of correction go. Only where both are plainly
values of one kind (amounts of one unit, sides, days) and the old one stands once; whatever else is said stays
as it was said, correction and all.
"""

from __future__ import annotations

import re
from dataclasses import replace

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.numbers import Quantity, numbers_in
from scribe_app.domain.steps import next_step
from scribe_app.domain.transcript import Transcript
from scribe_app.domain.words import sentences, words_in

_MARK = {
    "en": r"(?:(?:oh|or|well|ah)[,.]? )?(?:no[,.]? )?"
    r"(?:(?:wait|sorry|hang on|I mean|I meant|I tell a lie|correction|rather)"
    r"\b[,.]?\s*)+(?:no[,.]? )?(?:(?:that's|it's|it was|make that)\s+)?",
    "nl": r"(?:(?:o|oh|of|ach)[,.]? )?(?:nee[,.]? )?"
    r"(?:(?:wacht|sorry|pardon|ik bedoel|ik bedoelde|correctie|of liever)"
    r"\b[,.]?\s*)+(?:nee[,.]? )?(?:(?:dat is|het is|het was|dat was)\s+)?",
}
_MARKS = {
    language: re.compile(rf"(?:^|(?<=[.!?,;] )|(?<=– )){mark}", re.I) for language, mark in _MARK.items()
}
_BEGINS = {language: re.compile(rf"^{mark}", re.I) for language, mark in _MARK.items()}
_MARKED = re.compile(
    r"(?i)\b(?:sorry|wait|hang on|mean|meant|lie|correction|rather|wacht|bedoel\w*|pardon|correctie|liever)\b"
)
_AROUND = frozenset(
    words_in(
        "closer to about nearly almost around more like maybe perhaps it its was is make that roughly or the "
        "on my since only just eerder het al ongeveer bijna zo'n meer dat maak daar van "
        "misschien een stuk of "
        "de aan mijn "
        "sinds pas kort op toch alleen doe maar"
    )
)
"""Words that may stand before a value that takes another's place."""
_SIDES = {
    "en": re.compile(r"\b(left|right)\b", re.I),
    "nl": re.compile(r"\b(link|recht)(s|er(?=\b|[a-z]))", re.I),
}
_DAYS = {
    "en": re.compile(
        r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day(?: (?:morning|afternoon|evening|night))?\b", re.I
    ),
    "nl": re.compile(
        r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:ochtend|middag|avond|nacht)?\b", re.I
    ),
}
_Span = tuple[int, int]


def as_corrected(text: str, language: str) -> str:
    """The words with each value that is taken back in the same breath replaced by what was meant."""
    for _ in range(_MOST):
        changed = _once(text, language)
        if changed == text:
            return text
        text = changed
    return text


def corrects(before: str, after: str, language: str) -> str:
    """What was said with the correction of a later utterance; empty where that corrects none of it."""
    if not _BEGINS[language].match(after.strip()):
        return ""
    joined = f"{before} {after.strip()}"
    changed = _once(joined, language)
    return "" if changed == joined else changed


def mended(transcript: Transcript) -> tuple[Transcript, dict[UtteranceId, tuple[UtteranceId, ...]]]:
    """The transcript with values as they were meant, without what only corrects an earlier utterance.

    Beside it the utterances that were changed, each with the later ones that correct it.
    """
    said, language = list(transcript), "nl" if transcript.language.startswith("nl") else "en"
    by: dict[UtteranceId, tuple[UtteranceId, ...]] = {}
    gone: set[UtteranceId] = set()
    for at, now in enumerate(said):
        next_step()
        text = as_corrected(now.text, language)
        if text != now.text:
            by[now.id] = ()
        said[at] = replace(now, text=text)
    for at, now in enumerate(said):
        next_step()
        if len(words_in(now.text)) > _LONG:
            continue
        for before in reversed(range(max(0, at - _NEAR), at)):
            if said[before].speaker is not now.speaker or said[before].id in gone:
                continue
            if text := corrects(said[before].text, now.text, language):
                said[before] = replace(said[before], text=text)
                by[said[before].id] = (*by.get(said[before].id, ()), now.id)
                gone.add(now.id)
            break
    kept = tuple(utterance for utterance in said if utterance.id not in gone)
    return replace(transcript, utterances=kept), by


_LONG = 25
"""Words; a longer utterance corrects nothing before it."""
_NEAR = 4
"""Utterances back within which the same speaker may have said what is corrected."""
_MOST = 3


def _once(text: str, language: str) -> str:
    for mark in _MARKS[language].finditer(text):
        before, after = text[: mark.start()], text[mark.end() :]
        if not before.strip() or not _is_marked(mark[0]):
            continue
        changed = _amount(before, after, language) or _value(before, after, language)
        if changed:
            return changed
    return text


def _is_marked(words: str) -> bool:
    """A bare "no" may deny something else."""
    return bool(_MARKED.search(words))


def _amount(before: str, after: str, language: str) -> str:
    """With the amount at the end of what was said before replaced by the one that follows."""
    said, new = numbers_in(before, language), numbers_in(after, language)
    if not said or not new or not _leads(after[: new[0].start]):
        return ""
    old, now = said[-1], new[0]
    bare = not old.unit and old.end >= len(
        before.rstrip(" ,.")
    )  # "two fifty, no wait, five hundred milligrams"
    roughly = _ROUGHLY.search(before) if language == "nl" and now.unit else None
    if not roughly and not _of_one_kind(old, now) and not (bare and now.unit):
        return ""
    start, end = roughly.span() if roughly else (old.start, old.end)
    lead = _hedge(after[: now.start])
    head = _HEDGED.sub("", before[:start]) if lead else before[:start]
    return _joined(head, f"{lead}{after[now.start : now.end]}", before[end:], after[now.end :])


_HEDGES = (
    "closer to|about|nearly|almost|around|roughly|maybe"
    "|eerder|ongeveer|bijna|zo'n|misschien|sinds kort|nu|pas"
)
_HEDGED = re.compile(rf"(?i)\b(?:{_HEDGES}) $")
_ROUGHLY = re.compile(r"(?i)een (?:dag|week|maand|jaar|uur|keer) of \w+(?:,? denk ik)?(?=[ .,]*$)")
""" "Een maand of twee"."""


def _of_one_kind(old: Quantity, now: Quantity) -> bool:
    return bool(old.unit) and (old.unit, old.kind) == (now.unit, now.kind)


def _hedge(lead: str) -> str:
    """ "Closer to", "about": what keeps an amount as unsure as it was said."""
    found = re.search(rf"(?i)\b(?:{_HEDGES})\b", lead)
    return f"{found[0].lower()} " if found else ""


def _value(before: str, after: str, language: str) -> str:
    """With a side or a day replaced, where one stands just before and one follows."""
    for table, same in ((_SIDES, _same_form), (_DAYS, _as_said)):
        now = table[language].search(after)
        said = list(table[language].finditer(_last_sentence(before)))
        if now is None or len({found[0].lower() for found in said}) != 1 or not _leads(after[: now.start()]):
            continue
        old = list(table[language].finditer(before))[-1]
        value = same(old, now)
        if value.lower() == old[0].lower():
            continue
        end = now.end()
        if table is _SIDES:  # "the left one", "de linker knie": what the side belongs to was said before
            noun = re.compile(rf"(?i)[a-z]*(?: (?:side|one|kant|{_noun_after(before, old)})\b)?")
            end += len((noun.match(after[end:]) or [""])[0])
        return _joined(before[: old.start()], value, before[old.end() :], after[end:])
    return ""


def _noun_after(before: str, old: re.Match[str]) -> str:
    """The word that the old side belongs to."""
    noun = re.match(r"\w*\s+(\w+)", before[old.end() :])
    return re.escape(noun[1]) if noun else "side"


def _same_form(old: re.Match[str], now: re.Match[str]) -> str:
    """The other side in the form of the old: "rechter" with "links" becomes "linker"."""
    value = now[1] if now.lastindex == 1 else now[1] + old[2]
    return value.capitalize() if old[0][0].isupper() else value.lower()


def _as_said(old: re.Match[str], now: re.Match[str]) -> str:
    return now[0]


def _leads(text: str) -> bool:
    """Whether nothing but small words stands before the value that takes another's place."""
    return not set(words_in(text)) - _AROUND


def _last_sentence(text: str) -> str:
    parts = sentences(text)
    return parts[-1] if parts else text


def _joined(start: str, value: str, rest: str, after: str) -> str:
    """The sentence with its new value, and what was said after the correction."""
    rest, after = rest.rstrip(" ,;–"), after.strip()
    head = f"{start}{value}" if start.strip() else value[:1].upper() + value[1:]
    if not after.strip(" .,!"):
        return f"{head}{rest}" if re.search(r"[.!?]$", f"{head}{rest}") else f"{head}{rest}."
    rest = rest.rstrip(".") if not after[0].isupper() else rest
    if after[0] in ".,;!?":
        return f"{head}{rest.rstrip('.')}{after}"
    return (
        f"{head}{rest} {after}"
        if rest.endswith((".", "!", "?")) or not after[0].isupper()
        else f"{head}{rest}. {after}"
    )
