"""Step 2: WORK/speech.* -> voice_model.npz: who of the speakers says this clip of 1.2 to 3 s?

    nice python 2_train.py WORK [--minutes 8]

Additive angular margin (Deng et al., CVPR 2019). Clips are changed as rooms and microphones do: another
level, a tilt and bends of the spectrum, a tail, noise.
"""

from __future__ import annotations

import argparse
import json
import time
from pathlib import Path

import numpy as np
import torch
from fbank import MELS, fbank
from torch import Tensor, nn
from torch.nn import functional
from voice_model import VOICE, VoiceModel

SEED = 28
SPEAKERS, CLIPS = 64, 2
"""Of a batch: speakers, and clips of each."""
SCALE, MARGIN = 24.0, 0.2
SHORTEST, LONGEST = 120, 300
"""Frames."""
RATE = 2e-3


def heard(work: Path) -> list[list[np.ndarray]]:
    """Log-mel frames of each speaker's clips that are long enough."""
    speech = np.load(work / "speech.npy", mmap_mode="r")
    found: dict[int, list[np.ndarray]] = {}
    for speaker, _, _, start, length in json.loads((work / "speech.json").read_text(encoding="utf-8")):
        frames = fbank(speech[start : start + length])
        if len(frames) >= SHORTEST:
            found.setdefault(speaker, []).append(frames.astype(np.float16))
    return [clips for clips in found.values() if len(clips) >= CLIPS]


def cut(clips: list[np.ndarray], length: int, rng: np.random.Generator) -> np.ndarray:
    """One clip's frames at a random place; a short clip goes on from its beginning."""
    clip = clips[rng.integers(len(clips))]
    start = rng.integers(max(1, len(clip) - length + 1))
    piece = clip[start : start + length]
    return piece if len(piece) == length else np.resize(piece, (length, MELS))


def as_in_a_room(frames: Tensor, rng: torch.Generator) -> Tensor:
    """(batch, frames, MELS) after a room and a microphone, each clip another."""
    count, _, mels = frames.shape
    at = torch.linspace(0, torch.pi, mels)
    bends = sum(
        torch.randn(count, 1, 1, generator=rng) * size * torch.cos(k * at)
        for k, size in ((1, 0.5), (2, 0.35), (3, 0.25), (5, 0.15))
    )
    power = (frames + bends + 2 * torch.randn(count, 1, 1, generator=rng)).exp()
    decay = 0.2 + 0.5 * torch.rand(count, 1, generator=rng)
    gain = 0.3 * torch.rand(count, 1, generator=rng) ** 2
    tail, out = torch.zeros(count, mels), []
    for now in power.unbind(dim=1):
        out.append(now + gain * tail)
        tail = decay * tail + (1 - decay) * now
    power = torch.stack(out, dim=1)
    below = 10 ** (-(12 + 28 * torch.rand(count, 1, 1, generator=rng)) / 10)
    shape = (torch.randn(count, 1, 1, generator=rng) * 1.2 * torch.cos(at)).exp()
    noise = power.mean(dim=(1, 2), keepdim=True) * below * shape
    return (power + noise * torch.empty_like(power).exponential_(generator=rng).clamp(0.05)).log()


def main() -> None:
    """Train for the minutes given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=Path)
    parser.add_argument("--minutes", type=float, default=8)
    options = parser.parse_args()
    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    rng, chance = np.random.default_rng(SEED), torch.Generator().manual_seed(SEED)
    speakers = heard(options.work)
    print(f"{len(speakers)} speakers", flush=True)
    model, names = VoiceModel(), nn.Parameter(torch.randn(len(speakers), VOICE))
    optimizer = torch.optim.AdamW([*model.parameters(), names], lr=RATE, weight_decay=0.02)
    began, step = time.monotonic(), 0
    while (gone := (time.monotonic() - began) / 60 / options.minutes) < 1:
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1, (step + 1) / 50) * (1 - gone)
        who = rng.choice(len(speakers), min(SPEAKERS, len(speakers)), replace=False).repeat(CLIPS)
        length = int(rng.integers(SHORTEST, LONGEST + 1))
        clips = np.stack([cut(speakers[one], length, rng) for one in who]).astype(np.float32)
        voices = functional.normalize(model(as_in_a_room(torch.from_numpy(clips), chance)), dim=1)
        cosines = voices @ functional.normalize(names, dim=1).T
        truth = torch.from_numpy(who)
        own = functional.one_hot(truth, len(speakers)).bool()
        further = torch.cos(torch.acos(cosines.clamp(-1 + 1e-5, 1 - 1e-5)) + MARGIN * min(1, 2 * gone))
        loss = functional.cross_entropy(SCALE * torch.where(own, further, cosines), truth)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step % 25 == 0:
            right = (cosines.argmax(dim=1) == truth).float().mean()
            print(f"{step} loss {loss:.3f} right {right:.2f} {gone:.0%}", flush=True)
        step += 1
    learned = {name: value.numpy().astype(np.float16) for name, value in model.state_dict().items()}
    np.savez(Path(__file__).resolve().parent / "voice_model.npz", **learned)
    print(f"{step} steps")


if __name__ == "__main__":
    main()
