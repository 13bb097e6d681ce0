"""Step 6: the converted model's figures, through faster-whisper with the application's settings.

    python 6_evaluate.py MODEL WORK [--per-voice 40] [--parts sentences,unheard,...] [--sample FLAC JSON]

Speech is made on the spot from the held-out sentences of texts.json, so nothing heard here was trained on.
Word error rates are over words without casing and punctuation ("plain"), and with both ("written").
"""

from __future__ import annotations

import argparse
import json
import pathlib
import random
import re
import time
import unicodedata

import numpy as np
import soundfile
from faster_whisper import WhisperModel
from speech import DUTCH_VOICES, ENGLISH_VOICES, RATE, UNHEARD_VOICES, made_up_speakers, speak
from windows import music, typing

SETTINGS = {
    "beam_size": 5,
    "temperature": 0.0,
    "condition_on_previous_text": False,
    "vad_filter": False,
    "language": "en",
}
PARTS = (
    "sentences",
    "conversation",
    "grammar",
    "unheard",
    "gesprek",
    "dutch",
    "packed",
    "timestamps",
    "silence",
)
SAME = {"mr": "mister", "mrs": "missus", "dr": "doctor"}


def plain_words(text: str) -> list[str]:
    """Return the words without casing, punctuation and accents; hyphens part words."""
    bare = unicodedata.normalize("NFD", text.lower()).encode("ascii", "ignore").decode()
    return [SAME.get(word, word) for word in re.sub(r"[^a-z' ]", " ", bare).split()]


def errors(reference: list[str], heard: list[str]) -> int:
    """Return the least number of words put in, left out or changed."""
    row = list(range(len(heard) + 1))
    for i, word in enumerate(reference, 1):
        diagonal, row[0] = row[0], i
        for j, other in enumerate(heard, 1):
            diagonal, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, diagonal + (word != other))
    return row[-1]


class Tally:
    """Word errors of one condition."""

    def __init__(self) -> None:
        self.plain = self.plain_total = self.written = self.written_total = 0

    def add(self, reference: str, heard: str) -> None:
        """Count one pair."""
        words = plain_words(reference)
        self.plain += errors(words, plain_words(heard))
        self.plain_total += len(words)
        self.written += errors(reference.split(), heard.split())
        self.written_total += len(reference.split())

    def __str__(self) -> str:
        return (
            f"{100 * self.plain / max(1, self.plain_total):5.1f} % plain  "
            f"{100 * self.written / max(1, self.written_total):5.1f} % written  ({self.plain_total} words)"
        )


class Recogniser:
    """The model, its settings and the seconds it took."""

    def __init__(self, folder: str, threads: int) -> None:
        self.threads = threads
        self.model = WhisperModel(
            folder, device="cpu", compute_type="int8", cpu_threads=threads, local_files_only=True
        )
        self.seconds = self.windows = 0.0

    def segments(self, samples: np.ndarray, timed: bool = False) -> list:
        """Return faster-whisper's segments for up to 30 s of samples."""
        began = time.time()
        found, _ = self.model.transcribe(samples.astype(np.float32), without_timestamps=not timed, **SETTINGS)
        segments = list(found)
        self.seconds, self.windows = self.seconds + time.time() - began, self.windows + 1
        return segments

    def text(self, samples: np.ndarray, timed: bool = False) -> str:
        """Return what was heard."""
        return " ".join(segment.text.strip() for segment in self.segments(samples, timed))


def in_room(samples: np.ndarray, rng: np.random.Generator, decibels: float) -> np.ndarray:
    """Return the samples with quiet noise ``decibels`` under the speech, and 0.2 s before and 0.3 s after."""
    samples = np.concatenate([np.zeros(3200), samples, np.zeros(4800)])
    power = np.mean(samples**2) * 10 ** (-decibels / 10)
    return samples + rng.standard_normal(len(samples)) * np.sqrt(power)


def by_voice(
    title: str, listener: Recogniser, rows: list, voices: list[str], count: int, show: int = 0
) -> None:
    """Print the error rates of each voice, ``count`` sentences each, going round the rows."""
    rng, overall = np.random.default_rng(4), Tally()
    for number, voice in enumerate(voices):
        tally = Tally()
        for k in range(count):
            text = rows[(number * count + k) % len(rows)][1]
            heard = listener.text(in_room(speak(text, voice), rng, 30))
            tally.add(text, heard)
            overall.add(text, heard)
            if k < show:
                print(f"      {text!r}\n   -> {heard!r}")
        print(f"{title:10} {voice:34} {tally}", flush=True)
    print(f"{title:10} {'all voices':34} {overall}", flush=True)


def packed(
    rows: list, rng: random.Random, voices: tuple[str, str]
) -> tuple[np.ndarray, list[tuple[float, float, str]]]:
    """Return up to 28 s of two voices taking turns, with the true times of every sentence."""
    parts, said, at = [np.zeros(4800)], [], 0.3
    turn = 0
    while True:
        text = rng.choice(rows)[1]
        samples = speak(text, voices[turn % 2], rng.uniform(0.9, 1.1))
        if at + len(samples) / RATE > 28:
            break
        said.append((at, at + len(samples) / RATE, text))
        gap = np.zeros(int(rng.uniform(0.15, 0.7) * RATE))
        parts += [samples, gap]
        at += (len(samples) + len(gap)) / RATE
        turn += 1
    sound = np.concatenate(parts)
    noise = (
        np.random.default_rng(turn).standard_normal(len(sound))
        * np.sqrt(np.mean(sound**2))
        * 10 ** (-25 / 20)
    )
    return sound + noise, said


def packed_windows(listener: Recogniser, rows: list, count: int) -> None:
    """Print the error rate on packed windows of two speakers, on the same sentences alone, and the speed."""
    rng, tally, alone = random.Random(6), Tally(), Tally()
    windows = [packed(rows, rng, ("espeak:en-gb-x-rp+f4", "flite:rms")) for _ in range(count)]
    listener.seconds = listener.windows = 0
    for sound, said in windows:
        tally.add(" ".join(text for _, _, text in said), listener.text(sound))
    speed = listener.seconds / listener.windows
    for sound, said in windows:
        for start, end, text in said:
            alone.add(text, listener.text(sound[int((start - 0.1) * RATE) : int((end + 0.1) * RATE)]))
    print(f"packed     28 s, two speakers, noise at 25 dB   {tally}")
    print(f"packed     the same, cut into its sentences     {alone}")
    print(f"speed      {speed:.2f} s a window, {listener.threads} threads", flush=True)


def timestamps(listener: Recogniser, rows: list, count: int) -> None:
    """Print how far written segment boundaries lie from the true ones, and how many true ones were found."""
    rng, tally, away, found_in, segments = random.Random(8), Tally(), [], [], [0, 0]
    for _ in range(count):
        sound, said = packed(rows, rng, ("espeak:en-gb-x-rp+f4", "flite:rms"))
        found = listener.segments(sound, timed=True)
        tally.add(" ".join(text for _, _, text in said), " ".join(s.text.strip() for s in found))
        segments[0] += len(found)
        segments[1] += len(said)
        for true, guesses in (
            ([s for s, _, _ in said], [s.start for s in found]),
            ([e for _, e, _ in said], [s.end for s in found]),
        ):
            away += [min(abs(t - g) for t in true) for g in guesses]
            found_in += [min((abs(t - g) for g in guesses), default=99.0) for t in true]
    close, heard = np.mean(np.array(away) <= 0.3), np.mean(np.array(found_in) <= 0.3)
    print(
        f"timestamps {100 * close:.0f} % of {len(away)} boundaries within 0.3 s, "
        f"median {np.median(away):.2f} s, "
        f"95th percentile {np.percentile(away, 95):.2f} s; {100 * heard:.0f} % of {len(found_in)} true ones "
        f"found; {segments[0]} segments for {segments[1]} sentences; words {tally}",
        flush=True,
    )


def silence(listener: Recogniser) -> None:
    """Print what is written where nobody speaks."""
    rng = np.random.default_rng(99)
    count = 20 * RATE
    hiss = rng.standard_normal(count)
    pink = np.fft.irfft(np.fft.rfft(hiss) / np.sqrt(np.maximum(np.arange(count // 2 + 1), 200)), count)
    sounds = {"digital silence": np.zeros(count)}
    for level in (-70, -55, -40, -30):
        sounds[f"hiss at {level} dB"] = hiss * 10 ** (level / 20)
        sounds[f"room noise at {level} dB"] = pink / pink.std() * 10 ** (level / 20)
    for level in (-45, -30):
        clicks, chords = typing(rng, count), music(rng, count)
        sounds[f"typing at {level} dB"] = clicks / clicks.std() * 10 ** (level / 20)
        sounds[f"music at {level} dB"] = chords / chords.std() * 10 ** (level / 20)
    for name, sound in sounds.items():
        for seconds in (5, 20):
            for timed in (False, True):
                heard = listener.text(sound[: seconds * RATE], timed)
                if heard:
                    print(f"silence    {name}, {seconds} s, timed {timed}: {heard!r}")
    print(
        f"silence    {len(sounds) * 4} windows of {', '.join(sounds)}; what was written is above",
        flush=True,
    )


def sample(listener: Recogniser, sound_path: str, reference_path: str, longest: float, show: int) -> None:
    """Print the error rate on a sample consultation, cut at its own pauses into windows of ``longest`` s.

    With 0 every turn is a window.
    """
    sound, _ = soundfile.read(sound_path, dtype="float32")
    said = json.loads(pathlib.Path(reference_path).read_text(encoding="utf-8"))["utterances"]
    tally, window = Tally(), []
    for utterance in [*said, None]:
        if utterance is None or (window and utterance["end"] - window[0]["start"] > longest):
            start, end = max(0, window[0]["start"] - 0.15), window[-1]["end"] + 0.15
            heard = listener.text(sound[int(start * RATE) : int(end * RATE)])
            tally.add(" ".join(u["text"] for u in window), heard)
            if show:
                print(f"      {heard}")
            window = []
        window.append(utterance)
    name = f"{pathlib.Path(sound_path).name}, windows up to {longest:.0f} s"
    print(f"sample     {name:46} {tally}", flush=True)


def main() -> None:
    """Print the figures asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model")
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--per-voice", type=int, default=40)
    parser.add_argument("--windows", type=int, default=20)
    parser.add_argument("--threads", type=int, default=2, help="1 on a busy machine")
    parser.add_argument("--lengths", default="0,8,27", help="seconds of the windows of --sample; 0 is a turn")
    parser.add_argument("--show", type=int, default=0)
    parser.add_argument("--voices", help="instead of all the voices of a part, comma between")
    parser.add_argument("--parts", default=",".join(PARTS))
    parser.add_argument("--sample", nargs=2, action="append", default=[], metavar=("SOUND", "JSON"))
    options = parser.parse_args()
    held = json.loads((options.work / "texts.json").read_text())["held_out"]
    made_up_speakers(options.work / "voices")
    listener, parts = Recogniser(options.model, options.threads), options.parts.split(",")
    for part, rows, voices in (
        ("sentences", "public", ENGLISH_VOICES),
        ("conversation", "conversation", ENGLISH_VOICES),
        ("grammar", "grammar", ENGLISH_VOICES),
        ("unheard", "public", UNHEARD_VOICES["en"]),
        ("gesprek", "gesprek", [*DUTCH_VOICES, *UNHEARD_VOICES["nl"]]),
        ("dutch", "dutch", [*DUTCH_VOICES, *UNHEARD_VOICES["nl"]]),
    ):
        if part in parts:
            chosen = options.voices.split(",") if options.voices else list(voices)
            by_voice(part, listener, held[rows], chosen, options.per_voice, options.show)
    if "packed" in parts:
        packed_windows(listener, held["public"], options.windows)
    if "timestamps" in parts:
        timestamps(listener, held["public"], options.windows)
    if "silence" in parts:
        silence(listener)
    for sound, reference in options.sample:
        for longest in map(float, options.lengths.split(",")):
            sample(listener, sound, reference, longest, options.show)


if __name__ == "__main__":
    main()
