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

import csv
import os
import random
import re
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from statistics import mean

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

_INTERVAL = re.compile(r'xmin = ([\d.]+)\s+xmax = ([\d.]+)\s+text = "((?:[^"]|"")*)"')
_ROLES = {"doctor": SpeakerRole.CLINICIAN, "patient": SpeakerRole.PATIENT}
RATES = (None, 0.0, 0.03, 0.1, 0.2, 0.3, 0.5)
"""Share of utterances with the wrong voice; None: no voices."""


def aci(file: Path) -> Iterator[Transcript]:
    """The dialogues of one aci-bench split between two people."""
    with file.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            turns = re.findall(r"^\[(\w+)\]\s*(.*)$", row["dialogue"], re.MULTILINE)
            if all(who in _ROLES for who, _ in turns):
                yield _transcript([(3.0 * n, 3.0 * n + 2, t, _ROLES[w]) for n, (w, t) in enumerate(turns)])


def primock(folder: Path, days: str) -> Iterator[Transcript]:
    """The consultations of these days."""
    for doctor in sorted(folder.glob(f"day[{days}]_*_doctor.TextGrid")):
        turns = []
        for who, role in _ROLES.items():
            text = doctor.with_name(doctor.name.replace("doctor", who)).read_text("utf-8", errors="replace")
            for start, end, said in _INTERVAL.findall(text):
                if words := re.sub(r"<[^>]*>", "", said).strip():
                    turns.append((float(start), float(end), words, role))
        yield _transcript(sorted(turns))


def _transcript(turns: list[tuple[float, float, str, SpeakerRole]]) -> Transcript:
    return Transcript(
        tuple(Utterance(UtteranceId(n), t, a, b, r) for n, (a, b, t, r) in enumerate(turns, 1)), "en"
    )


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
    sets = {
        "aci-bench train": list(aci(folder / "aci-bench/train.csv")),
        "aci-bench valid": list(aci(folder / "aci-bench/valid.csv")),
        "aci-bench test1": list(aci(folder / "aci-bench/clinicalnlp_taskB_test1.csv")),
        "primock57 days 1-2": list(primock(folder / "primock57/transcripts", "12")),
        "primock57 day 3": list(primock(folder / "primock57/transcripts", "3")),
    } if (folder / "aci-bench").is_dir() else {}  # fmt: skip
    if not sets:
        print("No public dialogues given; nothing was measured.")
        return 0
    heads = ["words only" if rate is None else f"voices {rate:.0%} wrong" for rate in RATES]
    print(f"{'mean share of right roles (worst)':34}" + "".join(f"{head:>18}" for head in heads))
    for name, dialogues in sets.items():
        cells = []
        for rate in RATES:
            shares = [right(dialogue, rate, seed) for seed, dialogue in enumerate(dialogues)]
            cells.append(f"{mean(shares):.1%} ({min(shares):.0%})")
        print(f"{f'{name} ({len(dialogues)})':34}" + "".join(f"{cell:>18}" for cell in cells))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
