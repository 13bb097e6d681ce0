"""Who sounds like whom: settled utterances to groups of one voice, in a process of its own.

journal → features of each settled utterance, while there is time → at the end, one look at all of them:
two channels that tell two people apart; else a diarisation model (sherpa-onnx) where one is installed;
else pitch and timbre. Which group is the clinician is for the words to say (domain/roles.py).
"""

from __future__ import annotations

from scribe_app.adapters.diarisation.diariser import Diarisation, Diariser

__all__ = ["Diarisation", "Diariser"]
