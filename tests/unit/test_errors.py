from __future__ import annotations

import pickle

import pytest

from scribe_app import errors
from scribe_app.errors import Cancelled, ScribeError

KINDS = [kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, ScribeError)]


@pytest.mark.parametrize("kind", KINDS)
def test_every_part_of_an_error_crosses_a_process_pipe(kind: type[ScribeError]) -> None:
    error = kind("What happened.", "What was kept.", "What to do.")
    back = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own error, made in this line
    assert type(back) is kind
    assert (back.title, back.detail, back.remedy) == (error.title, error.detail, error.remedy)
    assert str(back) == "What happened. What was kept. What to do."


def test_missing_parts_leave_no_gap() -> None:
    assert str(ScribeError("Only this.")) == "Only this."
    assert str(ScribeError("This.", "", "Do that.")) == "This. Do that."


def test_the_picture_in_the_module_names_every_error() -> None:
    assert errors.__doc__ is not None
    for kind in [*KINDS, Cancelled]:
        assert kind.__name__ in errors.__doc__
