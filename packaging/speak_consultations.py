"""Speak written consultations, for measuring the live transcript on more than the two samples.

Reads `tests/consultations/NAME-LANGUAGE.txt` and writes NAME.flac and NAME.json (what is said, with its
times) into OUT/LANGUAGE, as `scribe bench speech --folder` takes them. Each has another pair of voices.
Needs espeak-ng and flite; the same seed gives the same sound.

    .venv/bin/python packaging/speak_consultations.py OUT
"""

from __future__ import annotations

import argparse
import json
import sys
import zlib
from pathlib import Path

import numpy as np
import soundfile
from make_sample_consultations import PEAK_LIMIT, RATE, SEED, Sample, Turn, Voice, mix, transcript

from scribe_app.cli.letters import read_transcript
from scribe_app.domain.transcript import SpeakerRole

SCRIPTS = Path(__file__).resolve().parent.parent / "tests" / "consultations"
CLINICIAN_DB, PATIENT_DB = -23.0, -24.5
VOICES = {
    "en": (
        ("espeak-ng en-gb-x-rp+f4", "flite rms"),
        ("espeak-ng en-gb", "flite slt"),
        ("flite awb", "espeak-ng en-gb+f3"),
        ("espeak-ng en-us+f2", "espeak-ng en-us+m3"),
        ("flite slt", "espeak-ng en-gb-scotland+m5"),
    ),
    "nl": (
        ("espeak-ng nl+m3", "espeak-ng nl+f2"),
        ("espeak-ng nl+f4", "espeak-ng nl+m1"),
        ("espeak-ng nl", "espeak-ng nl+f3"),
        ("espeak-ng nl+f1", "espeak-ng nl+m7"),
        ("espeak-ng nl+m2", "espeak-ng nl+f3"),
    ),
}
"""Clinician and patient of each consultation, in the order of their names; all are voices the starter model
was trained on."""


def voice(named: str, level_db: float) -> Voice:
    """The voice of a table's entry, "engine name"."""
    engine, name = named.split()
    return Voice(engine, name, 160 if engine == "espeak-ng" else None, level_db)


def speak(script: Path, language: str, pair: tuple[str, str], folder: Path) -> float:
    """Write one consultation; its length in seconds. Raises ValueError if it would clip."""
    voices = {"clinician": voice(pair[0], CLINICIAN_DB), "patient": voice(pair[1], PATIENT_DB)}
    sample = Sample(script.stem, language, script.stem, {}, voices)
    turns = [
        Turn("clinician" if said.speaker is SpeakerRole.CLINICIAN else "patient", said.text, None)
        for said in read_transcript(script, language)
    ]
    audio, spans = mix(sample, turns, np.random.default_rng([SEED, zlib.crc32(script.stem.encode())]))
    if np.max(np.abs(audio)) > PEAK_LIMIT:
        raise ValueError(f"{script.stem} would clip; lower the voices' levels")
    soundfile.write(folder / f"{script.stem}.flac", audio, RATE, subtype="PCM_16")
    document = json.dumps(transcript(sample, turns, spans), ensure_ascii=False, indent=1)
    (folder / f"{script.stem}.json").write_text(document + "\n", "utf-8")
    return len(audio) / RATE


def main() -> int:
    """Speak all of them."""
    parser = argparse.ArgumentParser(description="Speak the written consultations of the tests.")
    parser.add_argument("out", type=Path)
    out = parser.parse_args().out
    for language, pairs in VOICES.items():
        folder = out / language
        folder.mkdir(parents=True, exist_ok=True)
        scripts = sorted(SCRIPTS.glob(f"*-{language}.txt"))
        for script, pair in zip(scripts, pairs, strict=True):
            print(f"{script.stem}: {speak(script, language, pair, folder):.0f} s, {pair[0]} and {pair[1]}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
