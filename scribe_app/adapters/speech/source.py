"""Where the samples come from: anything that grows and can be read by sample index."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from scribe_app.domain.recording import AudioGap


class SampleSource(Protocol):
    """16 kHz mono audio that only grows; the sealed journal (JournalReader) is one."""

    def available(self) -> int:
        """Samples that can be read now; what the properties say holds as of this call."""

    def read(self, start: int, end: int) -> npt.NDArray[np.int16]:
        """Samples [start, end); end must not exceed available()."""

    @property
    def closed(self) -> bool:
        """Whether no more samples will come."""

    @property
    def gaps(self) -> Sequence[AudioGap]:
        """Counted losses; what is said before one is not joined to what is said after it."""
