"""Citations can only be written with ids that exist."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scribe_app.adapters.llama.lines import MOST_IDS, is_citation_start

NAMES = {"U1", "U3", "U12"}


@pytest.mark.parametrize(
    "text", ["U", "U1", "U12", "U1,", "U1, ", "U1,U", "U1,U1", "U12, U3", "U3]", "U1,U12]"]
)
def test_what_can_become_a_citation_is_let_through(text: str) -> None:
    assert is_citation_start(text, NAMES)


@pytest.mark.parametrize(
    "text", ["V", "U2", "U4]", "U]", "U1,U1]", "U1,,", "U1]]", "U1 U3", "U123", "]", "U1,U1,"]
)
def test_what_cannot_is_refused(text: str) -> None:
    assert not is_citation_start(text, NAMES)


@given(st.sets(st.integers(1, 20_000), min_size=1, max_size=60), st.randoms())
def test_any_walk_ends_in_a_citation_of_existing_ids(ids: set[int], random: object) -> None:
    names = {f"U{id}" for id in ids}
    text = "U"
    for _ in range(8 * MOST_IDS):
        fitting = [sign for sign in "0123456789,U]" if is_citation_start(text + sign, names)]
        assert fitting, text
        text += random.choice(fitting)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
        if text.endswith("]"):
            break
    parts = text.removesuffix("]").split(",")
    assert text.endswith("]")
    assert set(parts) <= names
    assert len(set(parts)) == len(parts) <= MOST_IDS
