"""The prompt texts of resources/prompts, with one version for all of them."""

from __future__ import annotations

import hashlib
import tomllib
from dataclasses import dataclass

from scribe_app.adapters.llama.wording import spoken_language
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import Utterance
from scribe_app.paths import resources_folder

_VERSION = "1"


@dataclass(frozen=True, slots=True)
class Prompts:
    """The texts of one language."""

    letter: str
    section: str
    rewrite: str
    """Worked examples for small models; empty where there are none for this language."""
    phrases: dict[str, str]
    speakers: dict[str, str]

    def line(self, utterance: Utterance) -> str:
        """One line of the transcript as the model reads it."""
        words = " ".join(utterance.text.split())  # a line break in it could pass for a line of ours
        return f"[U{utterance.id}] {self.speakers[utterance.speaker.value]}: {words}\n"

    def request(self, spec: SectionSpec, template: LetterTemplate) -> str:
        """What asks for one section."""
        parts = {
            "title": template.title,
            "heading": spec.heading,
            "guidance": spec.guidance,
            "address": self.phrases["patient" if template.audience == "patient" else "clinician"],
        }
        text = self.section
        for key, value in parts.items():
            text = text.replace("{" + key + "}", value)
        return text


def prompts_for(language: str) -> Prompts:
    """The texts for a language; English where it has none of its own."""
    language = spoken_language(language)
    folder = resources_folder() / "prompts"
    phrases = tomllib.loads((folder / "phrases.toml").read_text(encoding="utf-8"))[language]
    rewrite = folder / f"rewrite.{language}.txt"
    return Prompts(
        letter=(folder / f"letter.{language}.txt").read_text(encoding="utf-8"),
        section=(folder / f"section.{language}.txt").read_text(encoding="utf-8"),
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
