"""After checking, house style leaves every finding as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from unit.services.true_statements import cases

from scribe_app.config import Settings
from scribe_app.domain.house_style import HouseStyle
from scribe_app.domain.numbers import numbers_in
from scribe_app.domain.planted_errors import with_other_numbers
from scribe_app.domain.template import LetterTemplate, SectionSpec
from scribe_app.services.evidence import check_statement
from scribe_app.services.styling import restyled, style_for, style_of, with_wording

STYLES = (
    HouseStyle("british", "long", "", "first", "words"),
    HouseStyle("american", "short", "", "third", "figures"),
    HouseStyle("american", "long", "", "third", "words"),
)


@pytest.mark.parametrize("name", ["chest-pain-en", "buikpijn-nl"])
def test_findings_before_and_after_are_the_same(name: str) -> None:
    """True statements and ones with planted wrong numbers, in every style."""
    changed = 0
    for case in cases(name):
        language = case.transcript.language
        wrong = [
            replace(case.statement, text=text) for text in with_other_numbers(case.statement.text, language)
        ]
        for statement in (case.statement, *wrong[:2]):
            before = check_statement(statement, case.spec, case.transcript)
            for style in STYLES:
                after = restyled(before, case.spec, style, language, case.transcript)
                again = check_statement(after, case.spec, case.transcript)
                assert (again.support, again.evidence) == (before.support, before.evidence)
                assert [flag.code for flag in again.flags] == [flag.code for flag in before.flags]
                assert _amounts(after.text, language) == _amounts(before.text, language)
                changed += after.text != before.text
    if name.endswith("-en"):
        assert changed > 0, "no style changed anything: the test shows nothing"


def _amounts(text: str, language: str) -> list[tuple[float, str]]:
    return sorted((quantity.value, quantity.unit) for quantity in numbers_in(text, language))


def test_the_settings_become_a_style_and_the_template_goes_before_them() -> None:
    settings = Settings(
        spelling="british", layout="bullets", person="first", own_abbreviations="HTN = hypertension"
    )
    style = style_of(settings)
    assert (style.spelling, style.layout, style.own) == ("british", "bullets", (("HTN", "hypertension"),))
    spec = SectionSpec("s", "S", "", ("symptom",))
    template = LetterTemplate("t", "T", "en", 1, (spec,), layout="prose")
    assert style_for(template, style).layout == "prose"
    assert style_for(template, style).person == "first"
    assert "British spelling" in with_wording(template, style).wording
    assert style_for(replace(template, verbatim=True), style) == HouseStyle()
