"""Speak the written sample consultations with two synthetic voices in a synthetic room.

Reads `resources/sample_consultations/NAME.script.txt` and writes `NAME.flac` (16 kHz mono,
16 bit) and `NAME.json` (the reference transcript with the true times) beside it. Needs the
programs espeak-ng and flite; the same seed gives the same samples. Run from anywhere:

    .venv/bin/python packaging/make_sample_consultations.py [NAME ...]
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import tempfile
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile
import soxr

# Samples: one float a sample, full scale 1.0, at RATE.
Audio = npt.NDArray[np.float64]

FOLDER = Path(__file__).resolve().parent.parent / "resources" / "sample_consultations"
RATE = 16_000  # Hz, of every sample array below
SEED = 2026
SPEECH_TO_NOISE_DB = 28.0
HUM_BELOW_NOISE_DB = 6.0
LEAD_IN_S, TAIL_S = 0.8, 1.2
PAUSE_S = (0.3, 0.9)
PEAK_LIMIT = 0.9  # of full scale: above this the mix is refused, never limited
SILENCE = 0.006  # of full scale: trims what the synthesisers put before and after the words
REFLECTIONS = {  # seconds after the direct sound, gain: desk, two walls, ceiling
    "clinician": ((0.0031, 0.16), (0.0077, 0.11), (0.0124, 0.08), (0.0203, 0.05)),
    "patient": ((0.0043, 0.18), (0.0091, 0.12), (0.0158, 0.09), (0.0247, 0.05)),
}
TAIL_GAIN, TAIL_DECAY_S = 0.012, 0.045


@dataclass(frozen=True, slots=True)
class Voice:
    """One synthetic voice; `level_db` is the speaker's RMS over their words, in dBFS."""

    engine: str
    name: str
    words_per_minute: int | None
    level_db: float


@dataclass(frozen=True, slots=True)
class Sample:
    """What a reference transcript says about its recording besides the words."""

    name: str
    language: str
    title: str
    patient: dict[str, str]
    voices: dict[str, Voice]


@dataclass(frozen=True, slots=True)
class Turn:
    """One utterance of the script and the silence before it, in seconds (None: a usual one)."""

    speaker: str
    text: str
    pause: float | None


SAMPLES = (
    Sample(
        "chest-pain-en",
        "en",
        "Chest tightness on exertion, GP consultation",
        {"name": "Alan Example", "date_of_birth": "1961-03-14", "nhs_number": "999 000 0000"},
        {
            "clinician": Voice("espeak-ng", "en-gb-x-rp+f4", 155, -23.0),
            "patient": Voice("flite", "rms", None, -24.5),
        },
    ),
    Sample(
        "buikpijn-nl",
        "nl",
        "Buikpijn links onderin, huisartsconsult",
        {"name": "Mevrouw V. Voorbeeld", "date_of_birth": "1958-09-02"},
        {
            "clinician": Voice("espeak-ng", "nl+m3", 165, -23.0),
            "patient": Voice("espeak-ng", "nl+f2", 165, -24.5),
        },
    ),
)


def read_script(path: Path) -> list[Turn]:
    """Read the turns of a script; raises ValueError on a line that is none of its three kinds."""
    turns: list[Turn] = []
    pause: float | None = None
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        if silence := re.fullmatch(r"\(pause ([0-9.]+)\)", line):
            pause = float(silence[1])
        elif words := re.fullmatch(r"(clinician|patient): (.+)", line):
            turns.append(Turn(words[1], words[2], pause))
            pause = None
        else:
            raise ValueError(f"{path.name}, line {number}: neither a turn nor a pause: {line}")
    return turns


def decibels(value: float) -> float:
    """Express an amplitude (1.0 is full scale) in decibels."""
    return float(20 * np.log10(value))


def rms(audio: Audio) -> float:
    """Root mean square of an array of samples."""
    return float(np.sqrt(np.mean(audio**2)))


def speak(voice: Voice, text: str) -> Audio:
    """Synthesise one turn: samples at RATE, without the silence round the words."""
    with tempfile.TemporaryDirectory() as folder:
        wav = Path(folder) / "turn.wav"
        if voice.engine == "flite":
            command = ["flite", "-voice", voice.name, "-t", text, "-o", str(wav)]
        else:
            speed = str(voice.words_per_minute)
            command = ["espeak-ng", "-v", voice.name, "-s", speed, "-w", str(wav), text]
        subprocess.run(command, check=True, capture_output=True)
        audio, rate = soundfile.read(wav, dtype="float64")
    if rate != RATE:
        audio = soxr.resample(audio, rate, RATE, quality="VHQ")
    loud = np.flatnonzero(np.abs(audio) > SILENCE)
    return np.asarray(audio[loud[0] : loud[-1] + 1], dtype=np.float64)


def room_response(speaker: str, rng: np.random.Generator) -> Audio:
    """Impulse response of a small furnished room: direct sound, early reflections, faint tail."""
    response = np.zeros(int(0.2 * RATE))
    response[0] = 1.0
    for delay, gain in REFLECTIONS[speaker]:
        # Walls absorb the high frequencies: spread each reflection over three samples.
        at = round(delay * RATE)
        response[at - 1 : at + 2] += gain * np.array([0.25, 0.5, 0.25])
    since = np.arange(len(response)) / RATE
    tail = rng.standard_normal(len(response)) * TAIL_GAIN * np.exp(-since / TAIL_DECAY_S)
    response[int(0.025 * RATE) :] += tail[int(0.025 * RATE) :]
    return response


def convolve(audio: Audio, response: Audio) -> Audio:
    """Linear convolution through the FFT; the result is as long as both together less one."""
    length = len(audio) + len(response) - 1
    size = 1 << (length - 1).bit_length()
    product = np.fft.rfft(audio, size) * np.fft.rfft(response, size)
    return np.asarray(np.fft.irfft(product, size)[:length])


def room_noise(length: int, rng: np.random.Generator) -> Audio:
    """Pink noise from 40 Hz up (power falling as 1/f) with a faint 50 Hz hum, RMS 1."""
    spectrum = np.fft.rfft(rng.standard_normal(length))
    frequency = np.fft.rfftfreq(length, 1 / RATE)
    spectrum *= np.where(frequency < 40, 0, 1 / np.sqrt(np.maximum(frequency, 40)))
    pink = np.fft.irfft(spectrum, length)
    since = np.arange(length) / RATE
    hum = np.sum([np.sin(2 * np.pi * f * since) / f for f in (50, 100, 150)], axis=0)
    noise = pink / rms(pink) + hum / rms(hum) * 10 ** (-HUM_BELOW_NOISE_DB / 20)
    return np.asarray(noise / rms(noise))


def lay_out(
    turns: list[Turn], spoken: list[Audio], rng: np.random.Generator
) -> tuple[list[tuple[int, int]], int]:
    """Place the turns on one line: the first and last sample of each, and the whole length."""
    spans, at = [], int(LEAD_IN_S * RATE)
    for number, (turn, audio) in enumerate(zip(turns, spoken, strict=True)):
        usual = rng.uniform(*PAUSE_S)
        if number:
            at += int((usual if turn.pause is None else turn.pause) * RATE)
        spans.append((at, at + len(audio)))
        at += len(audio)
    return spans, at + int(TAIL_S * RATE)


def mix(sample: Sample, turns: list[Turn], rng: np.random.Generator) -> tuple[Audio, list[tuple[int, int]]]:
    """Render one consultation: its samples, and the span of each turn in samples."""
    spoken = [speak(sample.voices[turn.speaker], turn.text) for turn in turns]
    spans, length = lay_out(turns, spoken, rng)
    mixed = np.zeros(length)
    active = np.zeros(length, dtype=bool)
    for speaker, voice in sample.voices.items():
        dry = np.zeros(length)
        own = np.zeros(length, dtype=bool)
        for turn, audio, (start, end) in zip(turns, spoken, spans, strict=True):
            if turn.speaker == speaker:
                dry[start:end] = audio
                own[start:end] = True
        wet = convolve(dry, room_response(speaker, rng))[:length]
        mixed += wet * 10 ** (voice.level_db / 20) / rms(wet[own])
        active |= own
    noise = room_noise(length, rng) * rms(mixed[active]) * 10 ** (-SPEECH_TO_NOISE_DB / 20)
    return mixed + noise, spans


def transcript(sample: Sample, turns: list[Turn], spans: list[tuple[int, int]]) -> dict[str, object]:
    """Make the reference transcript: DESIGN section 6 with the sample's own description."""
    return {
        "title": sample.title,
        "language": sample.language,
        "licence": "CC0-1.0",
        "voices": {role: f"{v.engine} {v.name}" for role, v in sample.voices.items()},
        "patient": sample.patient,
        "utterances": [
            {
                "id": number,
                "speaker": turn.speaker,
                "start": round(start / RATE, 2),
                "end": round(end / RATE, 2),
                "text": turn.text,
            }
            for number, (turn, (start, end)) in enumerate(zip(turns, spans, strict=True), 1)
        ],
    }


def describe(name: str, turns: list[Turn], spans: list[tuple[int, int]]) -> str:
    """Measure the file as written, not the mix it came from."""
    path = FOLDER / f"{name}.flac"
    audio, rate = soundfile.read(path, dtype="float64")
    silent = np.ones(len(audio), dtype=bool)
    levels = {}
    for start, end in spans:
        silent[start : end + int(0.2 * RATE)] = False
    for speaker in ("clinician", "patient"):
        own = [audio[a:b] for turn, (a, b) in zip(turns, spans, strict=True) if turn.speaker == speaker]
        levels[speaker] = rms(np.concatenate(own))
    noise = rms(audio[silent])
    words = sum(len(turn.text.split()) for turn in turns)
    return (
        f"{name}: {len(audio) / rate:.1f} s at {rate} Hz, {path.stat().st_size / 1e6:.2f} MB, "
        f"{len(turns)} turns, {words} words, peak {decibels(float(np.max(np.abs(audio)))):.1f} dBFS, "
        + ", ".join(
            f"{who} {decibels(level):.1f} dBFS (SNR {decibels(level / noise):.1f} dB)"
            for who, level in levels.items()
        )
    )


def make(sample: Sample) -> str:
    """Write one consultation's audio and transcript; raises ValueError if it would clip."""
    turns = read_script(FOLDER / f"{sample.name}.script.txt")
    rng = np.random.default_rng([SEED, zlib.crc32(sample.name.encode())])
    audio, spans = mix(sample, turns, rng)
    peak = float(np.max(np.abs(audio)))
    if peak > PEAK_LIMIT:
        raise ValueError(f"{sample.name}: peak {peak:.2f} of full scale; lower the voices' levels")
    soundfile.write(FOLDER / f"{sample.name}.flac", audio, RATE, subtype="PCM_16")
    document = json.dumps(transcript(sample, turns, spans), ensure_ascii=False, indent=1)
    (FOLDER / f"{sample.name}.json").write_text(document + "\n", "utf-8")
    return describe(sample.name, turns, spans)


def main() -> int:
    """Make the samples named on the command line, or all of them."""
    names = [sample.name for sample in SAMPLES]
    parser = argparse.ArgumentParser(description="Speak the written sample consultations.")
    parser.add_argument("name", nargs="*", help=f"any of: {', '.join(names)} (default: all)")
    wanted = parser.parse_args().name
    if unknown := set(wanted) - set(names):
        parser.error(f"no such sample: {', '.join(sorted(unknown))}")
    for sample in SAMPLES:
        if not wanted or sample.name in wanted:
            print(make(sample))
    return 0


if __name__ == "__main__":
    sys.exit(main())
