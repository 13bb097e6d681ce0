"""Step 4: how many utterances get the right speaker, by the bundle and by pitch and timbre (the rules).

    python 4_evaluate.py WORK [FOLDER] [--every 2]

With the Python of the application and sherpa-onnx. First the bundled samples, with the true times of their
utterances; then every pair of held-out voices of a language, and triples of them, who take turns in noise.
The rules are counted only where they trust themselves; they do not know three.
"""

from __future__ import annotations

import argparse
import itertools
import json
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import soundfile

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))
from scribe_app.adapters.diarisation.child import SPAN
from scribe_app.adapters.diarisation.sherpa import SherpaVoices, Spoken
from scribe_app.adapters.diarisation.voices import TRUSTED, features_of, two_voices
from scribe_app.domain.documents import transcript_from_json

RATE = 16_000
SEED = 5
SAMPLES = ("chest-pain-en", "buikpijn-nl")
NOISE_DB = 28
TRIPLES = 12
"""Of each language."""


@dataclass
class Talk:
    """Sound, its utterances, and who said each."""

    name: str
    audio: np.ndarray
    spoken: list[Spoken]
    truth: list[int]

    def right(self, told: dict[int, int]) -> tuple[float, float]:
        """Share of utterances, and of seconds, whose voice is the right person's, numbers aside."""
        voices = [told.get(one.id, -1) for one in self.spoken]
        lengths = np.array([one.end - one.start for one in self.spoken], float)
        best = (0.0, 0.0)
        people = sorted(set(self.truth))
        for order in itertools.permutations(range(max([*voices, len(people) - 1]) + 1), len(people)):
            names = dict(zip(people, order, strict=True))
            hit = np.array([names[who] == voice for who, voice in zip(self.truth, voices, strict=True)])
            best = max(best, (float(hit.mean()), float((hit * lengths).sum() / lengths.sum())))
        return best


def sample(name: str) -> Talk:
    """A bundled sample consultation."""
    folder = ROOT / "resources" / "sample_consultations"
    audio, _ = soundfile.read(folder / f"{name}.flac", dtype="float32")
    said = transcript_from_json((folder / f"{name}.json").read_text(encoding="utf-8"), name[-2:])
    spoken = [Spoken(u.id, int(u.start * RATE), int(u.end * RATE)) for u in said]
    return Talk(name, audio, spoken, [int(u.speaker.value == "patient") for u in said])


def talks(work: Path, people: int, rng: np.random.Generator) -> list[Talk]:
    """Conversations of so many held-out voices: every pair; some triples."""
    sound = np.load(work / "held_out.npy", mmap_mode="r")
    clips: dict[tuple[str, str], list[np.ndarray]] = {}
    for _, language, voice, start, length in json.loads((work / "held_out.json").read_text(encoding="utf-8")):
        clips.setdefault((language, voice), []).append(sound[start : start + length] / np.float32(32_768))
    found = []
    for language in ("en", "nl"):
        voices = [key for key in clips if key[0] == language]
        groups = list(itertools.combinations(voices, people))
        if people > 2:
            groups = [groups[k] for k in rng.permutation(len(groups))[:TRIPLES]]
        found += [
            talk([clips[one] for one in group], " ".join(one[1] for one in group), rng) for group in groups
        ]
    return found


def talk(people: list[list[np.ndarray]], name: str, rng: np.random.Generator) -> Talk:
    """They take turns: mostly the next, sometimes the same again."""
    pieces, spoken, truth, at = [], [], [], 0
    levels = [10 ** rng.uniform(-0.15, 0.15) for _ in people]
    who, used = 0, [0] * len(people)
    while used[who] < len(people[who]):
        clip = people[who][used[who]] * levels[who]
        used[who] += 1
        pause = int(rng.uniform(0.3, 0.9) * RATE)
        pieces += [np.zeros(pause, np.float32), clip]
        spoken.append(Spoken(len(spoken) + 1, at + pause, at + pause + len(clip)))
        truth.append(who)
        at += pause + len(clip)
        if rng.random() < 0.85:
            who = (who + int(rng.integers(1, len(people)))) % len(people)
    audio = np.concatenate(pieces)
    noise = rng.normal(size=len(audio)) * audio.std() * 10 ** (-NOISE_DB / 20)
    return Talk(name, (audio + noise).astype(np.float32), spoken, truth)


def by_bundle(folder: Path, one: Talk, people: int) -> dict[int, int]:
    """As the listening process does it, span by span."""
    voices, span = SherpaVoices(folder, people), list[Spoken]()
    for utterance in one.spoken:
        voices.hear(one.audio[utterance.start : utterance.end], utterance)
        span.append(utterance)
        if span[-1].end - span[0].start >= SPAN or utterance is one.spoken[-1]:
            voices.divide(one.audio[span[0].start : span[-1].end], span[0].start, span)
            span = []
    return voices.told()


def by_rules(one: Talk) -> tuple[dict[int, int], bool]:
    """By pitch and timbre, and whether that is trusted."""
    found = two_voices(
        [features_of(one.audio[u.start : min(u.end, u.start + 10 * RATE)]) for u in one.spoken]
    )
    told = {u.id: label for u, label in zip(one.spoken, found.labels, strict=True)}
    return told, found.apartness >= TRUSTED


def main() -> None:
    """Samples, pairs, triples."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("folder", type=Path, nargs="?", default=ROOT / "models" / "starter-diarisation")
    parser.add_argument("--every", type=int, default=1, help="only every so-many-th conversation")
    options = parser.parse_args()
    folder, rng = options.folder, np.random.default_rng(SEED)
    pairs, triples = (talks(options.work, people, rng)[:: options.every] for people in (2, 3))
    for title, group, people in (
        ("samples", [sample(name) for name in SAMPLES], 2), ("pairs", pairs, 2), ("triples", triples, 3),
    ):  # fmt: skip
        rows = []
        for one in group:
            bundle = one.right(by_bundle(folder, one, people))
            told, trusted = by_rules(one) if people == 2 else ({}, False)
            rows.append((*bundle, *(one.right(told) if told else (0.0, 0.0)), trusted))
            trust = "" if trusted else " (not trusted)"
            print(f"  {one.name}: bundle {rows[-1][0]:.3f}, rules {rows[-1][2]:.3f}{trust}", flush=True)
        bundle, seconds, rules, by_seconds, trust = np.array(rows, float).T
        print(f"{title} ({len(rows)}):")
        for name, right, timed in (("bundle", bundle, seconds), ("rules", rules, by_seconds)):
            print(f"  {name} {right.mean():.1%} of utterances, {timed.mean():.1%} of seconds, "
                  f"least {right.min():.1%}")  # fmt: skip
        print(f"  rules trusted {trust.mean():.0%}")


if __name__ == "__main__":
    main()
