"""Spherical k-means: as many groups as are told, found again in noise, the same each time."""

from __future__ import annotations

import numpy as np
import pytest

from scribe_app.adapters.diarisation.groups import Directions, grouped


def around(truth: list[int], noise: float, seed: int = 1) -> Directions:
    """A direction for every group, and rows near their group's."""
    rng = np.random.default_rng(seed)
    centres = np.eye(8, dtype=np.float32)
    rows = centres[truth] + noise * rng.normal(size=(len(truth), 8)).astype(np.float32)
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def same_groups(labels: list[int], truth: list[int]) -> bool:
    return len({*zip(labels, truth, strict=True)}) == len({*labels}) == len({*truth})


@pytest.mark.parametrize("people", [2, 3, 6])
def test_groups_are_found_whoever_speaks_most(people: int) -> None:
    truth = [0] * 40 + [who for who in range(people) for _ in range(4)]
    labels = grouped(around(truth, 0.15), [1.0] * len(truth), people).tolist()
    assert same_groups(labels, truth)


def test_a_short_odd_utterance_is_no_group_of_its_own() -> None:
    truth = [0, 1] * 10
    rows = np.concatenate([around(truth, 0.1), around([7], 0.0)])
    labels = grouped(rows, [3.0] * 20 + [0.1], 2).tolist()
    assert same_groups(labels[:20], truth)


def test_equal_rows_and_as_many_groups_as_rows_do_no_harm() -> None:
    rows = around([0, 0, 0], 0.0)
    assert set(grouped(rows, [1.0] * 3, 2).tolist()) <= {0, 1}
    assert sorted(grouped(around([0, 1, 2], 0.0), [1.0] * 3, 3).tolist()) == [0, 1, 2]
