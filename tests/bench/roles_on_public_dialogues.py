"""How often clinician and patient are told apart: by words alone, and with voices that are right, or wrong.

    python -m tests.bench.roles_on_public_dialogues FOLDER

FOLDER (or the environment variable SCRIBE_PUBLIC_DATA) holds aci-bench/*.csv (Yim et al., Scientific Data
2023, CC BY 4.0) and primock57/transcripts (Papadopoulos Korfiatis et al., ACL 2022, CC BY 4.0). Without it
the script says so and ends well. The cues were set by hand and checked on primock57 days 1 and 2 and
aci-bench train and valid; day 3 and the test split are figures to quote. Dialogues that name a third speaker
are left out. Some aci-bench dialogues (train 6, valid 1, test 1 or 2) carry their labels the wrong way
round: they count as errors here, and are the worst cases. Voices are simulated: each utterance's true voice,
changed at random at the rate given.
"""

from __future__ import annotations

import os
import random
import sys
from dataclasses import replace
from pathlib import Path
from statistics import mean

from scribe_app.cli.bench_material import collections
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript

RATES = (None, 0.0, 0.03, 0.1, 0.2, 0.3, 0.5)
"""Share of utterances with the wrong voice; None: no voices."""


def dialogues(folder: Path, split: str) -> dict[str, list[Transcript]]:
    """Dialogues between two people, by collection."""
    two = {SpeakerRole.CLINICIAN, SpeakerRole.PATIENT}
    found = {c.name: [case.transcript for case in c.cases] for c in collections(folder, folder, split)}
    return {
        name: [talk for talk in talks if {utterance.speaker for utterance in talk} <= two]
        for name, talks in found.items()
        if name.startswith(("aci-bench", "PriMock57")) and "recogniser" not in name
    }


def right(truth: Transcript, rate: float | None, seed: int) -> float:
    """Share of utterances with the right role."""
    chance = random.Random(seed)
    asked = []
    for utterance in truth:
        voice = None
        if rate is not None:
            voice = int((utterance.speaker is SpeakerRole.PATIENT) != (chance.random() < rate))
        asked.append(replace(utterance, speaker=SpeakerRole.UNKNOWN, voice=voice))
    told = guess_roles(replace(truth, utterances=tuple(asked)))
    return mean(a.speaker is b.speaker for a, b in zip(truth, told, strict=True))


def main() -> int:
    """Print a table. Returns the exit status."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("SCRIBE_PUBLIC_DATA", ""))
    sets: dict[str, list[Transcript]] = {}
    if (folder / "aci-bench").is_dir():
        for split in ("train", "valid", "test"):
            sets |= dialogues(folder, split)
    if not sets:
        print("No public dialogues given; nothing was measured.")
        return 0
    heads = ["words only" if rate is None else f"voices {rate:.0%} wrong" for rate in RATES]
    print(f"{'mean share of right roles (worst)':34}" + "".join(f"{head:>18}" for head in heads))
    for name, talks in sets.items():
        cells = []
        for rate in RATES:
            shares = [right(dialogue, rate, seed) for seed, dialogue in enumerate(talks)]
            cells.append(f"{mean(shares):.1%} ({min(shares):.0%})")
        print(f"{f'{name} ({len(talks)})':34}" + "".join(f"{cell:>18}" for cell in cells))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
