"""Colours that everybody can read."""

from __future__ import annotations

import dataclasses

import pytest

from scribe_app.ui.tokens import CONTRASTS, DARK, LIGHT, Tokens, contrast


@pytest.mark.parametrize(("ink", "paper", "least"), CONTRASTS)
@pytest.mark.parametrize("colours", [LIGHT, DARK], ids=["light", "dark"])
def test_every_pair_with_meaning_has_the_contrast_that_wcag_asks_for(
    colours: Tokens, ink: str, paper: str, least: float
) -> None:
    assert contrast(getattr(colours, ink), getattr(colours, paper)) >= least


def test_contrast_is_that_of_wcag() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)


def test_every_colour_but_the_hairline_is_part_of_a_checked_pair() -> None:
    checked = {name for ink, paper, _ in CONTRASTS for name in (ink, paper)}
    assert {field.name for field in dataclasses.fields(Tokens)} - checked == {"line"}
