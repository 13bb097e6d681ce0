"""What is measured on: the bundled sample, or a folder of recordings with what is said in each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import soundfile

from scribe_app.cli.letters import read_transcript
from scribe_app.cli.output import Output
from scribe_app.errors import AudioFileError, TranscriptFileError, UsageError

SOUNDS = (".wav", ".flac", ".ogg", ".opus", ".mp3")
_SPEAKER = re.compile(r"\s*\w[\w ]{0,20}:\s*")
"""Before what a speaker says, where every line has one: nobody says it aloud."""
CUT_AFTER = 0.2
"""Seconds kept after the last turn of a recording of which only the beginning is measured."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A recording and its reference."""

    name: str
    audio: Path
    reference: str
    """What is said in it."""
    seconds: float
    """Its length."""


def samples(folder: Path | None, bundled: Path, language: str, output: Output) -> list[Sample]:
    """Every recording of the folder that has its words beside it; without a folder the bundled one.

    Raises:
        UsageError: there is no such folder, or no such pair in it.
        TranscriptFileError, AudioFileError: a file cannot be read; it is named.
    """
    if folder is not None and not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder.", "Nothing was measured.", "Name one with recordings and their words."
        )
    found: list[Sample] = []
    alone: list[str] = []
    for audio in _recordings(folder, bundled, language):
        words = next((file for file in _words_beside(audio) if file.is_file()), None)
        if words is None:
            alone.append(audio.name)
            continue
        reference = _reference(words, language)
        if not reference.strip():
            raise TranscriptFileError(f"{words.name} holds no words.", "Nothing was measured.")
        found.append(Sample(audio.stem, audio, reference, _length(audio)))
    if not found:
        raise UsageError(
            f"There is no audio with its words in {folder or bundled}.",
            "Nothing was measured.",
            "Put a .txt or .json file with what is said beside each audio file: visit1.wav, visit1.txt.",
        )
    if alone:
        output.note(f"scribe: left out, because no .txt or .json with the words is there: {', '.join(alone)}")
    return found


def beginning(sample: Sample, seconds: float, folder: Path) -> Sample:
    """The first so many seconds of a recording, cut after the last whole turn; a copy in `folder`.

    Raises:
        UsageError: its words have no times, so that nobody knows which of them are in the beginning.
    """
    if seconds >= sample.seconds:
        return sample
    words = sample.audio.with_suffix(".json")
    turns = read_transcript(words, "en").utterances if words.is_file() else ()
    turns = tuple(turn for turn in turns if turn.end <= seconds)
    if not turns or not turns[-1].end:
        raise UsageError(
            f"{sample.name} cannot be cut to {seconds:g} s.",
            "Nothing was measured.",
            "--seconds needs words with times (.json), and one whole turn in that time.",
        )
    audio, rate = soundfile.read(sample.audio, dtype="int16", frames=_frames(sample, turns[-1].end))
    cut = folder / f"{sample.name}.flac"
    soundfile.write(cut, audio, rate)
    return Sample(sample.name, cut, " ".join(turn.text for turn in turns), len(audio) / rate)


def _frames(sample: Sample, end: float) -> int:
    return int((end + CUT_AFTER) * soundfile.info(sample.audio).samplerate)


def _recordings(folder: Path | None, bundled: Path, language: str) -> list[Path]:
    if folder is None:
        return sorted(bundled.glob(f"*-{language}.flac"))
    return sorted(file for file in folder.iterdir() if file.suffix.lower() in SOUNDS)


def _words_beside(audio: Path) -> list[Path]:
    return [audio.with_suffix(".json"), audio.with_suffix(".txt")]


def _reference(words: Path, language: str) -> str:
    if words.suffix == ".json":
        return " ".join(turn.text for turn in read_transcript(words, language))
    try:
        text = words.read_text(encoding="utf-8-sig")
        lines = [line for line in text.splitlines() if line.strip()]
        named = all(_SPEAKER.match(line) for line in lines)
        return " ".join(_SPEAKER.sub("", line) for line in lines) if named else text
    except (OSError, UnicodeDecodeError) as error:
        raise TranscriptFileError(
            f"{words.name} cannot be read as text.", "Nothing was measured.", "Save it as text (UTF-8)."
        ) from error


def _length(audio: Path) -> float:
    try:
        return float(soundfile.info(audio).duration)
    except (OSError, soundfile.LibsndfileError) as error:
        raise AudioFileError(
            f"{audio.name} cannot be read as sound.", "Nothing was measured.", "Take it away, or convert it."
        ) from error
