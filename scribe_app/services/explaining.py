"""Terms in a letter to the patient, explained where they stand first."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.domain.letter import Section, Support
from scribe_app.domain.patient_language import RemarkKind, mended, remarks_on, terms_in
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.domain.transcript import Transcript
from scribe_app.services.styling import same_check

_EXPLAINABLE = frozenset({RemarkKind.TERM, RemarkKind.ABBREVIATION})


def with_terms_explained(
    sections: tuple[Section, ...], template: LetterTemplate, transcript: Transcript
) -> tuple[Section, ...]:
    """The sections with plain words in brackets behind each term of the list, once in a letter.

    Only statements that are supported, and only where their check comes out as before: an explanation is the
    program's, not something that was said.
    """
    if template.audience != "patient" or template.verbatim:
        return sections
    explained: set[str] = set()
    result = []
    for section in sections:
        spec = template.section(section.key)
        statements = []
        for statement in section.statements:
            if spec.source is SectionSource.CONVERSATION and statement.support is Support.SUPPORTED:
                text = _explained(statement.text, template.language, explained)
                if text != statement.text:
                    plain = replace(statement, quoted=False)
                    statement = same_check(plain, text, spec, transcript) or statement
            explained |= set(terms_in(statement.text, template.language))
            statements.append(statement)
        result.append(replace(section, statements=tuple(statements)))
    return tuple(result)


def _explained(text: str, language: str, explained: set[str]) -> str:
    """The text with its unexplained terms explained, last first so that places stay right."""
    for remark in reversed(remarks_on(text, language, explained)):
        if remark.kind in _EXPLAINABLE and remark.replacement:
            text = mended(text, remark)
    return text
