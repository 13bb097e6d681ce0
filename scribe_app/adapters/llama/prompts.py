"""The prompt texts of resources/prompts, with one version for all of them."""

from __future__ import annotations

import hashlib
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass

from scribe_app.adapters.llama.wording import spoken_language
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.template import LetterTemplate, SectionSource, SectionSpec
from scribe_app.domain.transcript import Utterance
from scribe_app.paths import resources_folder

_VERSION = "3"


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts of one language."""

    letter: str
    section: str
    rewrite: str
    """Worked examples for small models; empty where there are none for this language."""
    judge: str
    """Asks yes or no about one statement and the lines it cites."""
    one_prompt: str
    """Asks for a whole letter at once: the usual way, to compare with."""
    phrases: dict[str, str]
    speakers: dict[str, str]

    def line(self, utterance: Utterance) -> str:
        """One line of the transcript as the model reads it."""
        # A line break in it could pass for a line of ours; none are left where the clinician rejected it all.
        words = " ".join(utterance.text.split()) or self.phrases["rejected"]
        return f"[U{utterance.id}] {self.speakers[utterance.speaker.value]}: {words}\n"

    def fact_line(self, fact: Fact) -> str:
        """One fact as the model reads it where the words themselves do not fit."""
        ids = ",".join(f"U{id}" for id in fact.utterances)
        return f"[{ids}] {self.speakers[fact.said_by.value]}: {' '.join(fact.text.split())}\n"

    def request(
        self,
        spec: SectionSpec,
        template: LetterTemplate,
        belonging: Sequence[UtteranceId] = (),
        taken_back: Sequence[Fact] = (),
        earlier: Sequence[str] = (),
    ) -> str:
        """What asks for one section: guidance, the lines that belong there, what no longer holds.

        `earlier` holds sentences of earlier letters; the model may name them as P1, P2 …
        """
        before = "".join(f"[P{number}] {' '.join(text.split())}\n" for number, text in enumerate(earlier, 1))
        back = "; ".join(f"“{fact.text}” (U{fact.utterances[-1]})" for fact in taken_back)
        parts = {
            "title": template.title,
            "heading": spec.heading,
            "guidance": spec.guidance,
            "address": self._address(template),
            "belonging": ", ".join(f"U{id}" for id in belonging),
            "earlier": f"{self.phrases['letters']}\n{before}" if before else "",
            "taken_back": f"{self.phrases['taken_back']} {back}\n" if back else "",
        }
        return _filled(self.section, parts)

    def spoken(self, utterance: Utterance) -> str:
        """One line of the transcript without an id, as other programs hand it over."""
        return f"{self.speakers[utterance.speaker.value]}: {' '.join(utterance.text.split())}\n"

    def whole_request(self, template: LetterTemplate) -> str:
        """What asks for a whole letter at once."""
        headings = [s.heading for s in template.sections if s.source is SectionSource.CONVERSATION]
        parts = {
            "title": template.title,
            "headings": ", ".join(headings),
            "address": self._address(template),
        }
        return _filled(self.one_prompt, parts)

    def _address(self, template: LetterTemplate) -> str:
        """Whom to write to, and the house style in words."""
        reader = self.phrases["patient" if template.audience == "patient" else "clinician"]
        return " ".join(filter(None, (reader, template.wording)))

    def judged(self, claim: str, lines: str) -> str:
        """Asks whether some lines of the transcript say a statement."""
        return _filled(self.judge, {"lines": lines, "claim": claim})


def _filled(text: str, parts: dict[str, str]) -> str:
    """A text with its fields filled in one pass: what is filled in is never read for fields again."""
    return re.sub(r"\{(\w+)\}", lambda field: parts.get(field[1], field[0]), text)


def prompts_for(language: str) -> Prompts:
    """The texts for a language; English where it has none of its own."""
    language = spoken_language(language)
    folder = resources_folder() / "prompts"
    phrases = tomllib.loads((folder / "phrases.toml").read_text(encoding="utf-8"))[language]
    rewrite = folder / f"rewrite.{language}.txt"
    return Prompts(
        letter=(folder / f"letter.{language}.txt").read_text(encoding="utf-8"),
        section=(folder / f"section.{language}.txt").read_text(encoding="utf-8"),
        judge=(folder / f"judge.{language}.txt").read_text(encoding="utf-8"),
        one_prompt=(folder / f"one_prompt.{language}.txt").read_text(encoding="utf-8"),
        rewrite=rewrite.read_text(encoding="utf-8") if rewrite.exists() else "",
        speakers=phrases.pop("speakers"),
        phrases=phrases,
    )


def prompt_version() -> str:
    """A number for people and a hash over every prompt file, so that a draft can be repeated."""
    digest = hashlib.sha256()
    for file in sorted((resources_folder() / "prompts").iterdir()):
        if file.is_file():
            digest.update(file.name.encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{_VERSION}-{digest.hexdigest()[:12]}"
