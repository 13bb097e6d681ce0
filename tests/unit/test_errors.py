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


def test_what_is_quoted_cannot_steer_a_terminal_or_fill_it() -> None:
    error = ScribeError("Unknown \x1b[31m\u202eword\ud800.", "a" * 5000, "Café – “näh”\nline two.")
    assert error.title == "Unknown \\u001b[31m\\u202eword\\ud800."
    assert len(error.detail) <= errors.LONGEST_PART
    assert error.remedy == "Café – “näh”\nline two."
