"""Speech from text with espeak-ng, flite and festival: 16 kHz mono float32, ends cut to 50 ms of silence."""

from __future__ import annotations

import random
import subprocess
import tempfile
from pathlib import Path

import numpy as np

RATE = 16000

#: Voices of the training speech with their weights; the sample consultation's voices weigh most.
ENGLISH_VOICES: dict[str, float] = {
    "espeak:en-gb-x-rp+f4": 3,
    "flite:rms": 3,
    "flite:slt": 2,
    "flite:awb": 1.2,
    "flite:kal16": 1,
    "espeak:en-gb": 1.5,
    "espeak:en-gb+f3": 1.5,
    "espeak:en-us+m3": 1,
    "espeak:en-us+f2": 1,
    "espeak:en-gb-scotland+m5": 1,
    "espeak:en-gb+m7": 0.6,
    "espeak:en-us+f1": 0.6,
    "espeak:en-gb-x-rp+m2": 0.6,
    "espeak:en-us": 0.6,
    "espeak:en-gb-x-gbcwmd+m4": 0.5,
    "espeak:en-gb+f5": 0.5,
    "espeak:en-us+m1": 0.5,
    "flite:kal": 0.3,
    "espeak:en-us-nyc+f2": 0.3,
    "espeak:en-us-nyc+m2": 0.3,
    "espeak:en-gb+m4": 0.3,
    "espeak:en-gb-scotland+f1": 0.3,
    "espeak:en-gb-x-rp+m6": 0.3,
    "espeak:en-us+m8": 0.3,
    "espeak:en-us+steph": 0.3,
    "espeak:en-gb+klatt": 0.3,
    "espeak:en-gb-x-gbcwmd+f4": 0.3,
    "espeak:en-gb+belinda": 0.3,
    "espeak:en-us+Mike": 0.3,
}
DUTCH_VOICES: dict[str, float] = {
    "espeak:nl+m3": 3,
    "espeak:nl+f2": 3,
    "espeak:nl": 1,
    "espeak:nl+f3": 1,
    "espeak:nl+m1": 1,
    "espeak:nl+f4": 1,
    "espeak:nl+m7": 0.7,
    "espeak:nl+f1": 0.7,
    "espeak:nl+m2": 0.4,
    "espeak:nl+m4": 0.4,
    "espeak:nl+steph": 0.4,
    "espeak:nl+belinda": 0.4,
}
#: How much more often a voice's clips are drawn while training than they were made; others by 0.6. The voices
#: of the sample consultations come first; flite's take more examples than espeak-ng's to learn.
EMPHASIS = {
    "espeak:en-gb-x-rp+f4": 1.8,
    "flite:rms": 2.2,
    "flite:slt": 1.2,
    "flite:awb": 0.8,
    "flite:kal16": 0.8,
    "espeak:en-gb": 0.8,
    "espeak:nl+m3": 1.8,
    "espeak:nl+f2": 1.8,
}
#: Shares of the sources among a voice's clips, as far as it has each of them.
SOURCE_SHARES = {"public": 0.55, "conversation": 0.3, "grammar": 0.15}
#: Never trained on: the figures "in a voice it never heard" come from these.
UNHEARD_VOICES: dict[str, tuple[str, ...]] = {
    "en": (
        "espeak:en-029+f4",
        "espeak:en-gb-x-gbclan+m6",
        "festival:cmu_us_slt_arctic_hts",
        "festival:ked_diphone",
    ),
    "nl": ("espeak:nl+m5", "espeak:nl+f5"),
}


def _resampled(samples: np.ndarray, source_rate: int) -> np.ndarray:
    """Return ``samples`` at 16 kHz, band-limited through the Fourier transform."""
    if source_rate == RATE:
        return samples
    count = round(len(samples) * RATE / source_rate)
    spectrum = np.fft.rfft(samples)
    if count < len(samples):
        spectrum = spectrum[: count // 2 + 1]
    return np.fft.irfft(spectrum, count) * (count / len(samples))


def _read(wav: bytes) -> np.ndarray:
    """Return the samples of a RIFF file at 16 kHz (espeak-ng leaves its sizes open when it pipes)."""
    start = wav.find(b"data") + 8
    rate = int.from_bytes(wav[24:28], "little")
    body = wav[start : len(wav) - (len(wav) - start) % 2]
    return _resampled(np.frombuffer(body, "<i2").astype(np.float32) / 32768, rate).astype(np.float32)


def _written(engine: str, name: str, text: str, speed: float, path: Path) -> None:
    """Let flite or festival write ``text`` to ``path``."""
    if engine == "flite":
        stretch = f"duration_stretch={1 / speed:.2f}"
        command = ["flite", "-voice", name, "--setf", stretch, "-t", text, "-o", str(path)]
        subprocess.run(command, capture_output=True, check=True)
    else:
        setting = f"(voice_{name})(Parameter.set 'Duration_Stretch {1 / speed:.2f})"
        command = ["text2wave", "-eval", setting, "-o", str(path)]
        subprocess.run(command, input=text.encode("latin-1", "ignore"), capture_output=True, check=True)


def speak(text: str, voice: str, speed: float = 1.0, pitch: int = 50) -> np.ndarray:
    """Return ``text`` spoken by ``voice`` ("engine:name"); speed 1.0 is espeak-ng's 155 words a minute."""
    engine, name = voice.split(":", 1)
    if engine == "espeak":
        command = ["espeak-ng", "-v", name, "-s", str(round(155 * speed)), "-p", str(pitch), "--stdout", text]
        wav = subprocess.run(command, capture_output=True, check=True).stdout
    else:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "speech.wav"
            _written(engine, name, text, speed, path)
            wav = path.read_bytes()
    samples = _read(wav)
    loud = np.flatnonzero(np.abs(samples) > 0.006)
    if len(loud) < 800:
        raise ValueError(f"{voice} said nothing for {text!r}")
    samples = samples[max(0, loud[0] - 800) : loud[-1] + 800]
    return samples * np.float32(0.35 / np.abs(samples).max())


def pick_voice(language: str, rng: random.Random) -> str:
    """Return a training voice for ``language``, by weight."""
    voices = DUTCH_VOICES if language == "nl" else ENGLISH_VOICES
    return rng.choices(list(voices), list(voices.values()))[0]
