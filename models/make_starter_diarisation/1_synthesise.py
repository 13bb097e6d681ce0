"""Step 1: sentences spoken -> WORK/speech.npy (16 kHz, int16, end to end) and WORK/speech.json (its rows).

    nice python 1_synthesise.py WORK [--minutes 9]
    python 1_synthesise.py WORK --held-out          WORK/held_out.*: the voices that step 4 hears

The sentences are those of ../make_starter_whisper/*_conversation.txt. A row is [speaker, language, voice,
first sample, samples]. A speaker is a voice of a synthesiser with a pitch and, where it is a recorded one, a
tract of its own. The voices of the samples and those that step 4 hears are left out, in every accent.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import subprocess
import sys
import time
from pathlib import Path

import numpy as np

RECIPE = Path(__file__).resolve().parent.parent / "make_starter_whisper"
sys.path.insert(0, str(RECIPE))
from speech import DUTCH_VOICES, ENGLISH_VOICES, made_up_speakers, random_speakers, speak, speak_together

SEED = 20261128
UTTERANCES = 8
"""Of each speaker."""
HELD_OUT = re.compile(r"flite:rms|\+(f2|f4|f5|m3|m5|m6)$")
"""The samples' voices and those of 4_evaluate.py."""
UNHEARD = {
    "en": ("flite:rms", "espeak:en-gb-x-rp+f4", "espeak:en-us+m3", "espeak:en-gb+f2", "espeak:en-029+f5",
           "espeak:en-gb-x-gbclan+m6", "espeak:en-gb-scotland+m5", "festival:cmu_us_slt_arctic_hts",
           "festival:ked_diphone"),
    "nl": ("espeak:nl+m3", "espeak:nl+f2", "espeak:nl+m5", "espeak:nl+f5", "espeak:nl+m6", "espeak:nl+f4"),
}  # fmt: skip
UNHEARD_UTTERANCES = 14
RECORDED = ("pico:en-GB", "pico:en-US", "hts:bdl", "hts:clb", "flite:awb", "flite:kal16", "flite:slt",
            "festival:kal_diphone")  # fmt: skip
OF_EACH_RECORDED = 14
WORDS = (7, 18)

Speaker = tuple[str, str, int, float]
"""Voice, language, pitch, tract."""


def speakers(rng: random.Random) -> list[Speaker]:
    """Every speaker to be heard, in random order."""
    found: list[Speaker] = []
    for language, named in (("en", ENGLISH_VOICES), ("nl", DUTCH_VOICES)):
        espeak = [voice for voice in named if voice.startswith("espeak") and not HELD_OUT.search(voice)]
        for voice in [*random_speakers(language), *espeak]:
            found += [(voice, language, rng.randint(*pitch), 1.0) for pitch in ((15, 45), (50, 85))]
    for voice in RECORDED:
        for tract in np.linspace(0.84, 1.2, OF_EACH_RECORDED):
            found.append((voice, "en", rng.randint(5, 60), float(tract * rng.uniform(0.99, 1.01))))
    rng.shuffle(found)
    return found


def spoken(speaker: Speaker, texts: list[str], rng: random.Random) -> list[np.ndarray]:
    """The sentences as this speaker says them: speed differs, pitch a little."""
    voice, _, pitch, tract = speaker
    rows = [(text, voice, rng.uniform(0.85, 1.25), pitch + rng.randint(-3, 3), tract) for text in texts]
    if voice.startswith(("festival", "hts")):
        return [samples for samples in speak_together(rows) if samples is not None]
    found = []
    for row in rows:
        try:
            found.append(speak(*row))
        except (subprocess.CalledProcessError, ValueError):
            continue
    return found


def main() -> None:
    """Write what was spoken until all speakers were heard or the time is over."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=9)
    parser.add_argument("--held-out", action="store_true")
    options = parser.parse_args()
    rng, ends = random.Random(SEED), time.monotonic() + 60 * options.minutes
    made_up_speakers(options.work / "voices")
    texts: dict[str, list[str]] = {}
    for language, kind in (("en", "english"), ("nl", "dutch")):
        lines = (RECIPE / f"{kind}_conversation.txt").read_text(encoding="utf-8").splitlines()
        texts[language] = [line for line in lines if WORDS[0] <= len(line.split()) <= WORDS[1]]
    sounds, index, at = [], [], 0
    name, count, wanted = "speech", UTTERANCES, speakers(rng)
    if options.held_out:
        name, count = "held_out", UNHEARD_UTTERANCES
        wanted = [(voice, language, 50, 1.0) for language, voices in UNHEARD.items() for voice in voices]
    for number, speaker in enumerate(wanted):
        if time.monotonic() > ends:
            break
        for samples in spoken(speaker, rng.sample(texts[speaker[1]], count), rng):
            sounds.append(np.rint(samples * 32_767).astype(np.int16))
            index.append([number, speaker[1], speaker[0], at, len(samples)])
            at += len(samples)
    np.save(options.work / f"{name}.npy", np.concatenate(sounds))
    (options.work / f"{name}.json").write_text(json.dumps(index), encoding="utf-8")
    print(f"{len({row[0] for row in index})} speakers, {at / 16_000 / 3600:.2f} h")


if __name__ == "__main__":
    main()
