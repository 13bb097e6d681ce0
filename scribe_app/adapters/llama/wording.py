"""The tables that turn spoken words into plain lines, read from resources/prompts/wording.*.toml."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import lru_cache

from scribe_app.paths import resources_folder

LANGUAGES = ("en", "nl")


@dataclass(frozen=True, slots=True)
class Wording:
    """One language's tables; patterns ignore case."""

    language: str
    openers: re.Pattern[str]
    clinician_openers: re.Pattern[str]
    deictic: re.Pattern[str]
    pointing: re.Pattern[str]
    greeting: re.Pattern[str]
    steering: tuple[re.Pattern[str], ...]
    courtesy: tuple[re.Pattern[str], ...]
    leaning: tuple[re.Pattern[str], ...]
    following: re.Pattern[str]
    dangling: re.Pattern[str]
    named: re.Pattern[str]
    aside: re.Pattern[str]
    tail: re.Pattern[str]
    it: re.Pattern[str]
    interrupting: re.Pattern[str]
    hesitating: re.Pattern[str]
    trailing: re.Pattern[str]
    pause: re.Pattern[str]
    answering: re.Pattern[str]
    broken: re.Pattern[str]
    begun: re.Pattern[str]
    pointed: re.Pattern[str]
    hurts: re.Pattern[str]
    referring: re.Pattern[str]
    refers: re.Pattern[str]
    first_person: re.Pattern[str]
    second_person: re.Pattern[str]
    instructions: re.Pattern[str]
    plain_no: re.Pattern[str]
    unaware: tuple[re.Pattern[str], str]
    never: re.Pattern[str]
    bare_yes: re.Pattern[str]
    bare_no: re.Pattern[str]
    record: tuple[tuple[re.Pattern[str], str], ...]
    asked: tuple[tuple[re.Pattern[str], str], ...]
    absent: tuple[tuple[re.Pattern[str], str], ...]
    report: tuple[tuple[re.Pattern[str], str], ...]
    readdress: tuple[tuple[re.Pattern[str], str], ...]
    keep_words: re.Pattern[str]
    labels: tuple[tuple[re.Pattern[str], str], ...]
    forms: dict[str, str]
    stages: dict[str, re.Pattern[str]]


def spoken_language(language: str) -> str:
    """The language whose tables and prompts are used: English where there are none of its own."""
    short = language[:2].lower()
    return short if short in LANGUAGES else "en"


@lru_cache(maxsize=len(LANGUAGES))
def wording_for(language: str) -> Wording:
    """The tables of a language from `spoken_language`."""
    file = resources_folder() / "prompts" / f"wording.{language}.toml"
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    return Wording(
        language=language,
        openers=_opening(table["openers"]),
        clinician_openers=_opening(table["openers"] + table["agreeing"]),
        deictic=_pattern(table["deictic"]),
        pointing=_pattern(table["pointing"]),
        greeting=_pattern(table["greeting"]),
        steering=tuple(_pattern(text) for text in table["steering"]),
        courtesy=tuple(_pattern(text) for text in table["courtesy"]),
        leaning=tuple(_pattern(text) for text in table["leaning"]),
        following=_opening(table["following"]),
        dangling=_pattern(table["dangling"]),
        named=_pattern(table["named"]),
        aside=_pattern(table["aside"]),
        tail=_pattern(table["tail"]),
        it=_pattern(table["it"]),
        interrupting=_pattern(table["interrupting"]),
        hesitating=_pattern(table["hesitating"]),
        trailing=_pattern(table["trailing"]),
        pause=_pattern(table["pause"]),
        answering=_pattern(table["answering"]),
        broken=_pattern(table["broken"]),
        begun=_pattern(table["begun"]),
        pointed=_pattern(table["pointed"]),
        hurts=_pattern(table["hurts"]),
        referring=_pattern(table["referring"]),
        refers=_pattern(table["refers"]),
        first_person=_pattern(table["first_person"]),
        second_person=_pattern(table["second_person"]),
        instructions=_pattern(table["instructions"]),
        plain_no=_pattern(table["plain_no"]["pattern"]),
        unaware=(_pattern(table["unaware"]["pattern"]), table["unaware"]["text"]),
        never=_pattern(table["never"]["pattern"]),
        bare_yes=_pattern(table["bare_yes"]["pattern"]),
        bare_no=_pattern(table["bare_no"]["pattern"]),
        record=tuple((_pattern(row["pattern"]), row["text"]) for row in table["record"]),
        asked=tuple((_pattern(row["pattern"]), row["text"]) for row in table["asked"]),
        absent=tuple((_pattern(row["pattern"]), row["text"]) for row in table["absent"]),
        report=tuple((_pattern(row["pattern"]), row["text"]) for row in table.get("report", ())),
        readdress=tuple((_pattern(row["pattern"]), row["text"]) for row in table.get("readdress", ())),
        keep_words=_pattern(table["keep_words"]["pattern"]),
        labels=tuple((_pattern(row["pattern"]), row["label"]) for row in table["labels"]),
        forms=table["forms"],
        stages={name: _pattern(text) for name, text in table["stages"].items()},
    )


def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text, re.IGNORECASE)


def _opening(phrases: list[str]) -> re.Pattern[str]:
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"^(?:{'|'.join(map(re.escape, longest_first))})(?:[\s,.:!–-]+|$)", re.IGNORECASE)
