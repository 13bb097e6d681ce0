"""Step 2: texts.json -> WORK/shards/NNN.npy (log-mel frames, float16) and NNN.json (rows of the shard).

    python 2_synthesise.py WORK [--processes 2]

Each sentence is spoken once, in a voice picked by weight, at a random speed and pitch. A row is
[text, language, voice, first frame, frames]. Training may start while shards are still being made.
"""

from __future__ import annotations

import argparse
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


def clip(task: tuple[str, str, str, float, int]) -> tuple[tuple[str, str, str], np.ndarray] | None:
    """Return one row's text, language and voice with its frames; None where the voice failed."""
    text, language, voice, speed, pitch = task
    try:
        samples = speak(text, voice, speed, pitch)
    except (subprocess.CalledProcessError, ValueError):
        return None
    return (text, language, voice), log_power(samples).astype(np.float16)


def main() -> None:
    """Write the shards that are not there yet."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--processes", type=int, default=2)
    options = parser.parse_args()
    shards = options.work / "shards"
    shards.mkdir(exist_ok=True)
    rows = json.loads((options.work / "texts.json").read_text())["train"]
    rng, began, seconds = random.Random(2), time.time(), 0.0
    tasks = [
        (text, lang, pick_voice(lang, rng), rng.uniform(0.85, 1.2), rng.randint(35, 65))
        for lang, text in rows
    ]
    with ProcessPoolExecutor(options.processes) as pool:
        for number in range(0, len(tasks), PER_SHARD):
            path = shards / f"{number // PER_SHARD:03d}.json"
            if path.exists():
                continue
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
