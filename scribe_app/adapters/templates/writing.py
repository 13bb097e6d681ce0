"""A letter template as the text of its TOML file."""

from __future__ import annotations

import json

from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec


def template_text(template: LetterTemplate) -> str:
    """The template as TOML that reads back to the same template; the name is that of the file."""
    lines = [
        f"title = {_text(template.title)}",
        f"language = {_text(template.language)}",
        f"version = {template.version}",
        f"audience = {_text(template.audience)}",
    ]
    for field in ("opening", "closing", "layout", "person"):
        if value := getattr(template, field):
            lines.append(f"{field} = {_text(value)}")
    if template.verbatim:
        lines.append("verbatim = true")
    for spec in template.sections:
        lines += ["", "[[sections]]", *_section(spec)]
    return "\n".join(lines) + "\n"


def _section(spec: SectionSpec) -> list[str]:
    lines = [
        f"key = {_text(spec.key)}",
        f"heading = {_text(spec.heading)}",
        f"guidance = {_text(spec.guidance)}",
    ]
    if spec.topics:
        lines.append(f"topics = [{', '.join(map(_text, spec.topics))}]")
    if spec.presence is not Presence.OPTIONAL:
        lines.append(f"presence = {_text(spec.presence.value)}")
    if spec.source is not SectionSource.CONVERSATION:
        lines.append(f"source = {_text(spec.source.value)}")
    if spec.clinician_only:
        lines.append("clinician_only = true")
    if spec.snomed_code:
        lines.append(f"snomed_code = {_text(spec.snomed_code)}")
    return lines


def _text(value: str) -> str:
    """A TOML string: JSON's, but for surrogates and U+007F (toml.io/en/v1.0.0#string)."""
    return json.dumps(value.encode(errors="replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
