"""Training windows put together from the shards: one or two speakers, room, noise, and the tokens."""

from __future__ import annotations

import json
import pathlib
import random
import unicodedata
from dataclasses import dataclass

import numpy as np
from log_mel import FLOOR, log_power, normalised
from speech import SOURCE_SHARES, emphasis
from tokenizers import Tokenizer
from turns import sentence_frames
from whisper_model import CTC_CHARACTERS, MAX_TOKENS

IGNORED = -100
LN10 = np.float32(np.log(10))  # exp and log of float32 are several times faster than powers of ten


@dataclass(frozen=True, slots=True)
class Window:
    """One example: mel (80, frames), input tokens, the label of each, the characters for CTC."""

    mel: np.ndarray
    tokens: list[int]
    labels: list[int]
    characters: list[int]


def noise_bank(seed: int = 5, seconds: int = 60) -> dict[str, np.ndarray]:
    """Return the log-mel power, mean 0, of hiss, pink noise, rumble, a fan, hum, typing and music."""
    rng = np.random.default_rng(seed)
    count = seconds * 16000
    spectrum = np.fft.rfft(rng.standard_normal(count))
    hertz = np.maximum(np.fft.rfftfreq(count, 1 / 16000), 20)
    sounds = {
        "hiss": np.fft.irfft(spectrum, count),
        "pink": np.fft.irfft(spectrum / np.sqrt(hertz), count),
        "rumble": np.fft.irfft(spectrum / hertz, count),
        "fan": np.fft.irfft(spectrum / (1 + (hertz / 300) ** 2), count),
        "typing": typing(rng, count),
        "music": music(rng, count),
    }
    time = np.arange(count) / 16000
    sounds["hum"] = sum(np.sin(2 * np.pi * 50 * k * time) / k for k in (1, 2, 3, 5)) + 0.05 * sounds["hiss"]
    bank = {}
    for name, samples in sounds.items():
        mel = log_power((samples / np.sqrt(np.mean(samples**2))).astype(np.float32))
        bank[name] = (mel - np.log10(np.mean(10**mel))).astype(np.float32)
    return bank


def typing(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return ``count`` samples of keyboard clicks, about six a second in bursts."""
    samples = rng.standard_normal(count) * 0.002
    at = 0
    while at < count - 1600:
        length = int(rng.integers(200, 900))
        click = rng.standard_normal(length) * np.exp(-np.arange(length) / rng.uniform(40, 250))
        samples[at : at + length] += click * rng.uniform(0.2, 1)
        at += int(rng.exponential(0.15) * 16000) + 800 + (16000 if rng.random() < 0.04 else 0)
    return samples


def music(rng: np.random.Generator, count: int) -> np.ndarray:
    """Return ``count`` samples of plucked and held chords with a beat."""
    samples = np.zeros(count)
    at = 0
    while at < count - 16000:
        length = int(rng.uniform(0.2, 1.0) * 16000)
        time = np.arange(length) / 16000
        root = 110 * 2 ** (rng.integers(0, 25) / 12)
        for step in rng.choice([0, 3, 4, 5, 7, 9, 12, 16], 3, replace=False):
            pitch = root * 2 ** (step / 12)
            tone = sum(np.sin(2 * np.pi * pitch * k * time) / k**1.5 for k in range(1, 7))
            samples[at : at + length] += tone * np.exp(-time * rng.uniform(0.5, 6))
        samples[at : at + 400] += rng.standard_normal(400) * rng.uniform(0, 0.6)
        at += length if rng.random() < 0.7 else length // 2
    return samples


def warps() -> list[np.ndarray]:
    """Return matrices that stretch the mel axis by 0.88 to 1.14: other vocal tracts from the same voice."""
    matrices = []
    for factor in np.linspace(0.88, 1.14, 27):
        matrix = np.zeros((80, 80), np.float32)
        for target in range(80):
            source = min(target * factor, 79.0)
            low = min(int(source), 78)
            matrix[low, target] = 1 - (source - low)
            matrix[low + 1, target] = source - low
        matrices.append(matrix)
    return matrices


#: Shard, first frame, frames, text, and for a turn its sentences: first frame in the clip, end, text.
Clip = tuple[str, int, int, str, list[tuple[int, int, str]]]


class Voice:
    """The clips of one voice by source; ``draw`` takes them in the shares of the sources."""

    def __init__(self) -> None:
        self.sources: dict[str, list[Clip]] = {}

    def add(self, source: str, clip: Clip) -> None:
        """Take in one clip."""
        self.sources.setdefault(source, []).append(clip)

    def __len__(self) -> int:
        return sum(len(clips) for clips in self.sources.values())

    def draw(self, rng: random.Random, shares: dict[str, float]) -> Clip:
        """Return a clip of a source drawn by its share."""
        names = list(self.sources)
        source = rng.choices(names, [shares[name] for name in names])[0]
        return rng.choice(self.sources[source])


class WindowMaker:
    """Draws windows from every shard found; ``refresh`` takes in the shards made since."""

    def __init__(self, work: pathlib.Path, seed: int) -> None:
        self.work, self.rng, self.warped, self.masked = work, random.Random(seed), 0.4, 0.4
        self.shares = SOURCE_SHARES
        self.tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
        number = self.tokenizer.token_to_id
        self.sot, self.eot, self.prev = (
            number("<|startoftranscript|>"),
            number("<|endoftext|>"),
            number("<|startofprev|>"),
        )
        self.untimed, self.nospeech, self.stamp0 = (
            number("<|notimestamps|>"),
            number("<|nospeech|>"),
            number("<|0.00|>"),
        )
        self.noises, self.warps = noise_bank(), warps()
        self.shards: dict[str, np.ndarray] = {}
        self.clips: dict[str, list[Clip]] = {"en": [], "nl": []}
        self.by_voice: dict[str, dict[str, Voice]] = {"en": {}, "nl": {}}
        self.refresh()

    def refresh(self) -> int:
        """Load the index of new shards; return how many shards are known.

        Only clips whose text is in texts.json for training are taken.
        """
        new = [p for p in sorted((self.work / "shards").glob("*.json")) if p.stem not in self.shards]
        if not new:
            return len(self.shards)
        rows = json.loads((self.work / "texts.json").read_text())["train"]
        sources = {(language, text): source for language, text, source in rows}
        for path in new:
            self.shards[path.stem] = np.load(path.with_suffix(".npy"), mmap_mode="r")
            for text, language, voice, at, length in json.loads(path.read_text()):
                if (source := sources.get((language, text))) is None:
                    continue
                sentences = [(0, length, text)]
                if source == "turns":
                    parted = sentence_frames(self.shards[path.stem][at : at + length], text)
                    source, sentences = ("turns", parted) if parted else ("run on", sentences)
                clip = (path.stem, at, length, text, sentences)
                self.clips[language].append(clip)
                self.by_voice[language].setdefault(voice, Voice()).add(source, clip)
        return len(self.shards)

    def speakers(self, language: str) -> list[Voice]:
        """Return one or two voices, by how much they speak and their emphasis."""
        voices = self.by_voice[language]
        weights = [len(clips) * emphasis(name) for name, clips in voices.items()]
        names = self.rng.choices(list(voices), weights, k=2 if self.rng.random() < 0.7 else 1)
        return [voices[name] for name in names]

    def voiced(self, clip: Clip) -> np.ndarray:
        """Return the clip's power, (frames, 80), its tempo, tract and room varied."""
        shard, at, length, *_ = clip
        mel = np.asarray(self.shards[shard][at : at + length], np.float32)
        if self.rng.random() < 0.2:
            count = int(length * self.rng.uniform(0.9, 1.12))
            source = np.linspace(0, length - 1.001, count)
            low = source.astype(int)
            part = (source - low)[:, None].astype(np.float32)
            mel = mel[low] * (1 - part) + mel[low + 1] * part
        if self.rng.random() < self.warped:
            mel = mel @ self.rng.choice(self.warps)
        if self.rng.random() < 0.6:
            tilt = self.rng.gauss(0, 0.5)
            knots = [self.rng.gauss(0, 0.3) + tilt * (0.5 - k / 5) for k in range(6)]
            mel = mel + np.interp(np.arange(80), np.linspace(0, 79, 6), knots).astype(np.float32)
        if self.rng.random() < 0.35:
            mel = self.dynamics(mel)
        power = np.exp(mel * LN10)
        return self.in_room(power) if self.rng.random() < 0.12 else power

    def dynamics(self, mel: np.ndarray) -> np.ndarray:
        """Return log10 power with its quiet frames quieter or louder: consonants differ more than spectra."""
        level = np.log10(np.exp(mel * LN10).sum(1, keepdims=True))
        under = np.maximum(level - np.percentile(level, 90), -3.0)
        return mel + np.minimum(under, 0) * np.float32(self.rng.uniform(-0.15, 0.45))

    def in_room(self, power: np.ndarray) -> np.ndarray:
        """Return ``power`` with a decaying tail: a room of 0.15 to 0.5 s reverberation time."""
        tail, decay = np.zeros_like(power), 10 ** (-6 / (self.rng.uniform(0.15, 0.5) * 100))
        for lag in range(1, 25):
            tail[lag:] += decay**lag * power[:-lag]
        return power + tail * (self.rng.uniform(0.03, 0.35) * (1 - decay) / decay)

    def noise(self, frames: int) -> np.ndarray:
        """Return the mean-1 power of a noise, (frames, 80)."""
        name = self.rng.choices(list(self.noises), [6, 4, 3, 2, 1.5, 0.7, 1])[0]
        bank = self.noises[name]
        start = self.rng.randrange(len(bank))
        rows = np.arange(start, start + frames) % len(bank)
        tilt = np.linspace(self.rng.uniform(-0.5, 0.5), 0, 80, dtype=np.float32)
        return np.exp((bank[rows] + tilt) * LN10)

    def window(
        self, frames: int, fill: float, language: str, timed: bool, silent: bool = False, position: int = 0
    ) -> Window:
        """Return one window of ``frames`` 10 ms frames, at most the share ``fill`` of it speech.

        ``position`` (20 ms each) is added to every timestamp.
        """
        rng, canvas = self.rng, np.zeros((frames, 80), np.float32)
        segments: list[tuple[int, int, str]] = []
        latest = 95 if timed or rng.random() < 0.9 else frames // 4
        at, speakers = rng.randint(0, latest), self.speakers(language)
        loudness = [10 ** rng.uniform(-1.2, 0.4) for _ in speakers]
        who, tokens_used, misses = 0, 0, 0
        shares = self.shares | ({"run on": 0.0} if timed else {})
        while not silent and misses < 6:
            clip = speakers[who].draw(rng, shares)
            if at + clip[2] > max(fill * frames, 140):
                misses += 1
                continue
            power = self.voiced(clip)
            end = at + len(power)
            length = len(self.tokenizer.encode(" " + clip[3]).ids) + 2 * len(clip[4])
            if end > frames or tokens_used + length > 310:
                misses += 1
                continue
            canvas[at:end] += power * loudness[who]
            tempo = len(power) / clip[2]
            segments += [(at + round(a * tempo), at + round(b * tempo), text) for a, b, text in clip[4]]
            tokens_used += length
            at = end + int(rng.uniform(5, 90) if rng.random() < 0.9 else rng.uniform(90, 250))
            who = rng.randrange(len(speakers)) if rng.random() < 0.7 else who
        last = segments[-1][1] if segments else rng.randint(50, frames)
        heard = frames if rng.random() < 0.15 else min(frames, last + rng.randint(0, 100))
        return self.finished(canvas, heard, segments, self.written(segments, timed, position))

    def finished(
        self,
        canvas: np.ndarray,
        heard: int,
        segments: list[tuple[int, int, str]],
        written: tuple[list[int], list[int]],
    ) -> Window:
        """Add noise, scale as faster-whisper does (zeros alone after ``heard``), spell for CTC."""
        rng, part = self.rng, canvas[:heard]
        if segments:
            if rng.random() < 0.8:
                speech = part.sum(0).sum() / (80 * sum(e - s for s, e, _ in segments))
                part += self.noise(heard) * (speech * 10 ** (-rng.uniform(1.2, 4.2)))
        elif rng.random() < 0.93:
            part += self.noise(heard) * 10 ** rng.uniform(-7, 1)
        mel = np.zeros((80, len(canvas)), np.float32)
        mel[:, :heard] = normalised(np.log(np.maximum(part, np.float32(10**FLOOR))) / LN10).T
        if rng.random() < self.masked:
            self.mask(mel[:, :heard])
        text = " ".join(text for _, _, text in segments).lower()
        bare = unicodedata.normalize("NFD", text).encode("ascii", "ignore").decode().replace("-", " ")
        return Window(mel, *written, [CTC_CHARACTERS.index(c) for c in bare if c in CTC_CHARACTERS])

    def mask(self, mel: np.ndarray) -> None:
        """Hide a band or two and, every three seconds or so, up to a tenth of a second (Park et al. 2019)."""
        rng, mean = self.rng, mel.mean()
        for _ in range(rng.randint(0, 2)):
            band, height = rng.randrange(72), rng.randint(2, 9)
            mel[band : band + height] = mean
        for _ in range(rng.randint(0, mel.shape[1] // 300)):
            start = rng.randrange(mel.shape[1])
            mel[:, start : start + rng.randint(2, 10)] = mean

    def written(
        self, segments: list[tuple[int, int, str]], timed: bool, position: int
    ) -> tuple[list[int], list[int]]:
        """Return the decoder's input tokens and the label of each."""
        encode = self.tokenizer.encode
        if timed:
            body = [] if segments else [self.stamp0]
            for start, end, text in segments:
                body += [
                    self.stamp0 + position + round(start / 2),
                    *encode(" " + text).ids,
                    self.stamp0 + position + round(end / 2),
                ]
        else:
            body = [self.untimed]
            for _, _, text in segments:
                body += encode(" " + text).ids
        before: list[int] = []
        if self.rng.random() < 0.2:
            clips = self.clips[self.rng.choice(["en", "nl"])]
            said = " ".join(self.rng.choice(clips)[3] for _ in range(self.rng.randint(1, 9)))
            before = [self.prev, *encode(" " + said).ids[:120]]
        tokens = [*before, self.sot, *body]
        labels = [IGNORED] * len(before) + [*body, self.eot]
        if not segments:
            labels[len(before)] = self.nospeech
        return tokens[:MAX_TOKENS], labels[:MAX_TOKENS]
