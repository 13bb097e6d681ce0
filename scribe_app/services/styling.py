"""House style over checked statements: nothing is restyled that the checks would then see differently."""

from __future__ import annotations

from dataclasses import replace

from scribe_app.config import Settings
from scribe_app.domain.house_style import HouseStyle, abbreviations_from, styled, wording_for_model
from scribe_app.domain.letter import Letter, Statement, Support
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.domain.transcript import Transcript
from scribe_app.services.evidence import check_statement


def style_of(settings: Settings) -> HouseStyle:
    """What the clinician chose in the settings."""
    return HouseStyle(
        spelling=settings.spelling,
        abbreviations=settings.abbreviations,
        layout=settings.layout,
        person=settings.person,
        dates=settings.dates,
        own=abbreviations_from(settings.own_abbreviations),
    )


def style_for(template: LetterTemplate, style: HouseStyle) -> HouseStyle:
    """The style of one kind of letter: what its template says goes before what the clinician usually wants.

    What was dictated word for word is left as it is.
    """
    if template.verbatim:
        return HouseStyle()
    return replace(style, layout=template.layout or style.layout, person=template.person or style.person)


def with_wording(template: LetterTemplate, style: HouseStyle) -> LetterTemplate:
    """The template with the style in words, for the model."""
    return replace(template, wording=wording_for_model(style_for(template, style), template.language))


def restyled(
    statement: Statement, spec: SectionSpec, style: HouseStyle, language: str, transcript: Transcript
) -> Statement:
    """A checked statement in house style; as it was where its check would come out differently."""
    if statement.quoted or statement.prior:
        return statement
    text = styled(statement.text, style, language, clinician=spec.clinician_only)
    if text == statement.text:
        return statement
    return same_check(statement, text, spec, transcript) or statement


def same_check(
    statement: Statement, text: str, spec: SectionSpec, transcript: Transcript
) -> Statement | None:
    """The statement in these words; None where its check would come out differently, or cannot be made."""
    if statement.prior:
        return None
    again = check_statement(replace(statement, text=text), spec, transcript)
    same = (again.support, again.evidence) == (statement.support, statement.evidence)
    codes = [flag.code for flag in again.flags] == [flag.code for flag in statement.flags]
    return replace(again, flags=statement.flags) if same and codes else None


def reworded(old: Statement, text: str, spec: SectionSpec | None, transcript: Transcript) -> Statement:
    """A statement in other words of the clinician's choosing.

    One that was supported and in these words no longer is becomes the clinician's own.
    """
    new = replace(old, text=text.strip(), quoted=False)
    if old.support is Support.CLINICIAN_ADDED or spec is None:
        return new
    checked = check_statement(replace(new, settled=False), spec, transcript)
    if not old.prior and checked.support in (old.support, Support.SUPPORTED):
        return replace(checked, settled=old.settled)
    return replace(new, support=Support.CLINICIAN_ADDED, flags=(), settled=True)


def section_of(letter: Letter, statement: Statement, template: LetterTemplate) -> SectionSpec | None:
    """What its template says of the section that a statement stands in; None where it says nothing."""
    keys = {section.key for section in letter.sections if statement in section.statements}
    return next((spec for spec in template.sections if spec.key in keys), None)
