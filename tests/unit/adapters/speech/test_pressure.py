"""What gives way when the computer is too slow, and in which order."""

from __future__ import annotations

import pytest

from scribe_app.adapters.speech.decoder import BEAM
from scribe_app.adapters.speech.pressure import Effort, effort


@pytest.mark.parametrize(
    ("lag", "expected"),
    [
        (3, Effort(preview=True, pack=False, beam=BEAM)),
        (20, Effort(preview=False, pack=False, beam=BEAM)),
        (45, Effort(preview=False, pack=True, beam=BEAM)),
        (90, Effort(preview=False, pack=True, beam=1)),
    ],
)
def test_the_preview_goes_first_then_beams(lag: float, expected: Effort) -> None:
    assert effort(lag, live=True) == expected


def test_a_file_is_decoded_with_all_beams_however_long_it_is() -> None:
    assert effort(4000, live=False) == Effort(preview=False, pack=True, beam=BEAM)
