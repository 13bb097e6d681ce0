"""Step 2: texts.json -> WORK/shards/NNN.npy (log-mel frames, float16) and NNN.json (rows of the shard).

    python 2_synthesise.py WORK [--processes 2] [--only SOURCE]

Every sentence is spoken as often as ``COPIES`` says, each time in a voice picked by weight, at a random speed
and pitch; recorded voices also with another tract. What the shards hold already counts, so that the command
can be given again after texts.json has grown. A row is [text, language, voice, first frame, frames]. Training
may run meanwhile.
"""

from __future__ import annotations

import argparse
import collections
import itertools
import json
import pathlib
import random
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from log_mel import log_power
from speech import made_up_speakers, pick_voice, speak, speak_together

PER_SHARD = 1000
#: How often a sentence of (source, language) is spoken, on average.
COPIES = {
    ("conversation", "nl"): 7.0,
    ("conversation", "en"): 6.0,
    ("public", "en"): 2.0,
    ("turns", "nl"): 1.0,
    ("turns", "en"): 1.0,
    ("names", "nl"): 1.0,
    ("names", "en"): 1.4,
    ("spliced", "nl"): 1.0,
    ("spliced", "en"): 1.0,
    ("grammar", "nl"): 0.4,
    ("grammar", "en"): 0.3,
}
#: Rounds in which the copies are made, each in random order: training can begin after the first.
ROUNDS = 3
Task = tuple[str, str, str, float, int, float]


Clip = tuple[tuple[str, str, str], np.ndarray]


def clips(tasks: list[Task]) -> list[Clip]:
    """Return each row's text, language and voice with its frames, without those whose voice failed."""
    made: list[tuple[Task, np.ndarray | None]] = []
    together = [task for task in tasks if task[2].startswith(("festival", "hts"))]
    if together:
        spoken_rows = speak_together([(text, *rest) for text, _, *rest in together])
        made += zip(together, spoken_rows, strict=True)
    for task in tasks:
        if task in together:
            continue
        text, _, voice, *how = task
        try:
            made.append((task, speak(text, voice, *how)))
        except (subprocess.CalledProcessError, ValueError):
            continue
    return [
        (task[:3], log_power(samples).astype(np.float16)) for task, samples in made if samples is not None
    ]


def spoken(shards: pathlib.Path) -> collections.Counter[tuple[str, str]]:
    """Return how many clips of every (language, text) the shards hold."""
    return collections.Counter(
        (language, text)
        for path in shards.glob("*.json")
        for text, language, *_ in json.loads(path.read_text())
    )


def manner(voice: str, rng: random.Random) -> tuple[float, int, float]:
    """Return a speed, a pitch and a tract's scale for ``voice``."""
    speed = rng.uniform(0.82, 1.25)
    if voice.endswith("~"):
        return speed, rng.randint(5, 60), rng.uniform(0.86, 1.18)
    if voice.startswith("espeak"):
        return speed, rng.randint(15, 85) if "+r" in voice else rng.randint(30, 70), 1.0
    return speed, 50, 1.0


def missing(work: pathlib.Path, only: str) -> list[Task]:
    """Return the clips still to make, in rounds; of the source ``only``, or of all."""
    rows, have = json.loads((work / "texts.json").read_text())["train"], spoken(work / "shards")
    rows = [row for row in rows if only in ("", row[2])]
    tasks: list[Task] = []
    for number in range(ROUNDS):
        rng = random.Random(100 * number + 2)
        whole = []
        for language, text, source in rows:
            copies = COPIES[source, language] / ROUNDS
            for _ in range(int(copies) + (rng.random() < copies % 1)):
                voice = pick_voice(language, rng)
                whole.append((text, language, voice, *manner(voice, rng)))
        rng.shuffle(whole)
        tasks += whole
    done: collections.Counter[tuple[str, str]] = collections.Counter()
    kept = []
    for task in tasks:
        done[task[1], task[0]] += 1
        if done[task[1], task[0]] > have[task[1], task[0]]:
            kept.append(task)
    return kept


def main() -> None:
    """Write shards until nothing is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--only", default="", help="a source of sentences: turns, names, ...")
    options = parser.parse_args()
    shards = options.work / "shards"
    shards.mkdir(exist_ok=True)
    made_up_speakers(options.work / "voices")
    tasks, began, seconds = missing(options.work, options.only), time.time(), 0.0
    first = 1 + max((int(path.stem) for path in shards.glob("*.json")), default=-1)
    with ProcessPoolExecutor(options.processes) as pool:
        for number in range(0, len(tasks), PER_SHARD):
            path = shards / f"{first + number // PER_SHARD:03d}.json"
            frames, index, at = [], [], 0
            shard = tasks[number : number + PER_SHARD]
            for (text, language, voice), mel in itertools.chain.from_iterable(
                pool.map(clips, (shard[k : k + 100] for k in range(0, len(shard), 100)))
            ):
                frames.append(mel)
                index.append([text, language, voice, at, len(mel)])
                at += len(mel)
            np.save(path.with_suffix(".npy"), np.concatenate(frames))
            temporary = path.with_suffix(".tmp")
            temporary.write_text(json.dumps(index, ensure_ascii=False))
            temporary.replace(path)
            seconds += at / 100
            print(f"{path.name}: {seconds / 3600:.1f} h of speech in {time.time() - began:.0f} s", flush=True)


if __name__ == "__main__":
    main()
