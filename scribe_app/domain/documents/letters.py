"""A letter as JSON values (DESIGN section 6), and the text that a signature covers."""

from __future__ import annotations

import hashlib
import json
from typing import Any

from scribe_app.domain.letter import (
    Coverage,
    Letter,
    PriorPlace,
    Provenance,
    Section,
    Signature,
    Statement,
)

CANONICAL_FORMAT = 1
"""Raised when canonical_text changes, so that older signatures are still understood."""


def letter_as_json(letter: Letter) -> dict[str, Any]:
    """The letter as JSON values: sections → statements → text, support, evidence and flags."""
    return {
        "id": letter.id,
        "consultation": letter.consultation,
        "template": letter.template,
        "title": letter.title,
        "language": letter.language,
        "status": letter.status.value,
        "version": letter.version,
        "signature": _signature(letter.signature),
        "opening": letter.opening,
        "closing": letter.closing,
        "sections": [_section(section) for section in letter.sections],
        "coverage": _coverage(letter.coverage),
        "provenance": _provenance(letter.provenance),
    }


def canonical_text(letter: Letter) -> str:
    """What a signature covers: one byte sequence for one content, whatever the program's version or platform.

    Sections with their statements and evidence, and what made the draft. Status, signature, coverage and
    flags are left out: they are about the letter, not in it.
    """
    content = {
        "format": CANONICAL_FORMAT,
        "id": letter.id,
        "version": letter.version,
        "consultation": letter.consultation,
        "template": letter.template,
        "title": letter.title,
        "language": letter.language,
        "opening": letter.opening,
        "closing": letter.closing,
        "sections": [_signed_section(section) for section in letter.sections],
        "provenance": _provenance(letter.provenance),
    }
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def letter_sha256(letter: Letter) -> str:
    """Hex SHA-256 of the letter's canonical text in UTF-8."""
    return hashlib.sha256(canonical_text(letter).encode()).hexdigest()


def _section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "heading": section.heading,
        "snomed_code": section.snomed_code,
        "absent": section.absent,
        "statements": [_statement(statement) for statement in section.statements],
    }


def _statement(statement: Statement) -> dict[str, Any]:
    return {
        "id": statement.id,
        "text": statement.text,
        "support": statement.support.value,
        "evidence": list(statement.evidence),
        "flags": [{"code": flag.code, "reason": flag.reason} for flag in statement.flags],
        "settled": statement.settled,
        "quoted": statement.quoted,
        "prior": [_place(place) for place in statement.prior],
    }


def _place(place: PriorPlace) -> dict[str, Any]:
    return {"letter": place.letter, "sentence": place.sentence, "title": place.title}


def _signed_section(section: Section) -> dict[str, Any]:
    return {
        "key": section.key,
        "heading": section.heading,
        "absent": section.absent,
        "statements": [
            {
                "text": statement.text,
                "support": statement.support.value,
                "settled": statement.settled,
                "evidence": list(statement.evidence),
                # Only where there is one: letters that were signed without it stay as they were signed.
                **({"prior": [_place(place) for place in statement.prior]} if statement.prior else {}),
            }
            for statement in section.statements
        ],
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    return {
        "items": [
            {
                "utterance": item.utterance,
                "text": item.text,
                "section": item.section,
                "topic": item.topic,
                "dismissed": item.dismissed,
            }
            for item in coverage.items
        ],
        "read_until": coverage.read_until,
        "total": coverage.total,
        "facts_until": coverage.facts_until,
        # Only where nobody looked: letters that were signed without it stay as they were signed.
        **({} if coverage.listed else {"listed": False}),
    }


def _provenance(provenance: Provenance | None) -> dict[str, Any] | None:
    if provenance is None:
        return None
    return {
        "application": provenance.application,
        "template": provenance.template,
        "template_version": provenance.template_version,
        "drafting_model": provenance.drafting_model,
        "drafting_model_sha256": provenance.drafting_model_sha256,
        "prompt_version": provenance.prompt_version,
        "speech_model": provenance.speech_model,
        "settings": dict(provenance.settings),
    }


def _signature(signature: Signature | None) -> dict[str, Any] | None:
    if signature is None:
        return None
    return {
        "name": signature.name,
        "role": signature.role,
        "signed_at": signature.signed_at.isoformat(),
        "sha256": signature.sha256,
    }
