"""Step 2: texts.json -> WORK/shards/NNN.npy (log-mel frames, float16) and NNN.json (rows of the shard).

    python 2_synthesise.py WORK [--sources conversation,public,grammar] [--processes 2]

Every sentence is spoken as often as ``COPIES`` says, each time in a voice picked by weight, at a random speed
and pitch. What the shards hold already counts, so that the command can be given again after texts.json has
grown. A row is [text, language, voice, first frame, frames]. Training may run meanwhile.
"""

from __future__ import annotations

import argparse
import collections
import json
import pathlib
import random
import subprocess
import time
from concurrent.futures import ProcessPoolExecutor

import numpy as np
from log_mel import log_power
from speech import pick_voice, speak

PER_SHARD = 1000
#: How often a sentence of (source, language) is spoken.
COPIES = {
    ("conversation", "nl"): 4,
    ("conversation", "en"): 3,
    ("public", "en"): 2,
    ("grammar", "nl"): 1,
    ("grammar", "en"): 1,
}
Task = tuple[str, str, str, float, int]


def clip(task: Task) -> tuple[tuple[str, str, str], np.ndarray] | None:
    """Return one row's text, language and voice with its frames; None where the voice failed."""
    text, language, voice, speed, pitch = task
    try:
        samples = speak(text, voice, speed, pitch)
    except (subprocess.CalledProcessError, ValueError):
        return None
    return (text, language, voice), log_power(samples).astype(np.float16)


def spoken(shards: pathlib.Path) -> collections.Counter[tuple[str, str]]:
    """Return how many clips of every (language, text) the shards hold."""
    return collections.Counter(
        (language, text)
        for path in shards.glob("*.json")
        for text, language, *_ in json.loads(path.read_text())
    )


def missing(work: pathlib.Path, sources: list[str]) -> list[Task]:
    """Return the clips still to make, source by source, Dutch before English, first copies first."""
    rows, have = json.loads((work / "texts.json").read_text())["train"], spoken(work / "shards")
    rng = random.Random(2 + sum(have.values()))
    tasks: list[Task] = []
    wanted = [(source, language) for source in sources for language in ("nl", "en")]
    for source, language in wanted:
        for copy in range(COPIES.get((source, language), 0)):
            for spoken_in, text, origin in rows:
                if (origin, spoken_in) == (source, language) and have[language, text] <= copy:
                    voice = pick_voice(language, rng)
                    tasks.append((text, language, voice, rng.uniform(0.82, 1.25), rng.randint(30, 70)))
    return tasks


def main() -> None:
    """Write shards until nothing is missing."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--sources", default="conversation,public,grammar")
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    shards = options.work / "shards"
    shards.mkdir(exist_ok=True)
    tasks, began, seconds = missing(options.work, options.sources.split(",")), time.time(), 0.0
    first = 1 + max((int(path.stem) for path in shards.glob("*.json")), default=-1)
    with ProcessPoolExecutor(options.processes) as pool:
        for number in range(0, len(tasks), PER_SHARD):
            path = shards / f"{first + number // PER_SHARD:03d}.json"
            frames, index, at = [], [], 0
            for made in pool.map(clip, tasks[number : number + PER_SHARD], chunksize=20):
                if made is None:
                    continue
                (text, language, voice), mel = made
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
