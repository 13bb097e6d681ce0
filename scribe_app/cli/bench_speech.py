"""scribe bench speech: the live transcript against the usual way, on samples with known words."""

from __future__ import annotations

import math
import queue
import secrets
import shutil
import statistics
import tempfile
import time
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import psutil
import soundfile

from scribe_app.cli.bench_parts import add_sample_options
from scribe_app.cli.output import Output
from scribe_app.cli.transcribe import speech_model, transcription_of
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.events import (
    Event,
    RecordingClosed,
    RecordingStarted,
    SpeechWork,
    TranscriptionFinished,
    UtteranceSettled,
    WorkerFailed,
)
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import UNCLEAR
from scribe_app.domain.wer import WordErrors, normalised, word_errors
from scribe_app.errors import UsageError
from scribe_app.ports import (
    ActiveTranscription,
    EventSink,
    FileSource,
    ModelEntry,
    RecordingRequest,
    TranscriptionRequest,
)
from scribe_app.services.application import Workshop

NOISE_SECONDS = 600
SOUNDS = ("*.wav", "*.flac", "*.ogg", "*.mp3")

Start = Callable[[TranscriptionRequest, EventSink], ActiveTranscription]


@dataclass
class Run:
    """One recording, transcribed one way."""

    texts: list[str] = field(default_factory=list)
    latencies: list[float] = field(default_factory=list)
    """Seconds from the end of an utterance to its final text."""
    seconds: float = 0.0
    stop_to_complete: float = 0.0
    work: SpeechWork = field(default_factory=SpeechWork)

    @property
    def text(self) -> str:
        """All that was heard."""
        return " ".join(self.texts)


FIGURES = """\
word errors       wrong, missing and added words against what is said, live, after the fact, and by
                  plain faster-whisper over the whole file
encoder passes    runs of the model's encoder, and how many the packed speech needs at the least
final text after  seconds from the end of an utterance to its final text
Stop to complete  seconds after Stop until the last word is written
words per hour    words shown as final while nobody speaks"""


def add_options(parser: ArgumentParser) -> None:
    """What may follow `scribe bench speech`."""
    add_sample_options(parser)
    parser.add_argument(
        "--folder", type=Path, metavar="FOLDER", help="audio files beside .txt or .json with the words"
    )


def speech(arguments: Namespace, workshop: Workshop) -> int:
    """Word errors live, after the fact and as faster-whisper does it; work, waiting, invention, memory."""
    output = Output(arguments.json)
    model = speech_model(workshop, arguments.language)
    samples = _samples(workshop, arguments)
    found: list[dict[str, Any]] = []
    for audio, reference in samples:
        output.note(f"scribe: {audio.name} live, at {arguments.speed:g} times its speed …")
        live = _run(workshop, model, arguments.language, audio, arguments.speed, workshop.transcriber.start)
        output.note(f"scribe: {audio.name} after the fact …")
        after = _run(workshop, model, arguments.language, audio, 0.0, workshop.transcriber.start)
        plain = _run(workshop, model, arguments.language, audio, 0.0, workshop.transcriber.start_plain)
        found.append(_sample(audio.stem, reference, (live, after, plain), model, arguments))
    output.note("scribe: ten minutes in which nobody speaks …")
    result = {
        "machine": f"{psutil.cpu_count(logical=False)} cores",
        "model": model.id,
        "speed": arguments.speed,
        "samples": found,
        "words_per_hour_of_non_speech": _invented(workshop, model, arguments.language),
    }
    _tell(output, result)
    output.document(result)
    return 0


def _samples(workshop: Workshop, arguments: Namespace) -> list[tuple[Path, str]]:
    """Audio with what is said in it: the bundled sample, or a folder of audio beside .json or .txt files.

    Raises:
        UsageError: the folder holds no such pair.
    """
    folder = arguments.folder or workshop.samples
    pattern = SOUNDS if arguments.folder else (f"*-{arguments.language}.flac",)
    pairs = []
    for audio in sorted(file for kind in pattern for file in folder.glob(kind)):
        spoken, written = audio.with_suffix(".json"), audio.with_suffix(".txt")
        if spoken.exists():
            turns = transcript_from_json(spoken.read_text(encoding="utf-8"))
            pairs.append((audio, " ".join(turn.text for turn in turns)))
        elif written.exists():
            pairs.append((audio, written.read_text(encoding="utf-8")))
    if not pairs:
        raise UsageError(
            f"There is no audio with its words in {folder}.",
            "Nothing was measured.",
            "Put a .txt or .json file with what is said beside each audio file.",
        )
    return pairs


def _run(
    workshop: Workshop, model: ModelEntry, language: str, audio: Path, speed: float, start: Start
) -> Run:
    """Record the file and transcribe it; live where `speed` is not 0."""
    id, key = new_consultation_id(), secrets.token_bytes(32)
    folder = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="bench-"))
    events: queue.SimpleQueue[tuple[float, Event]] = queue.SimpleQueue()

    def note(event: Event) -> None:
        events.put((time.monotonic(), event))

    request = transcription_of(workshop, model, language, id, folder, key)
    recording = workshop.recorder.start(RecordingRequest(id, folder, key, FileSource(audio, speed)), note)
    transcription = start(request, note)
    try:
        return _listen(events, transcription, speed)
    finally:
        recording.kill()
        transcription.cancel()
        shutil.rmtree(folder, ignore_errors=True)


def _listen(
    events: queue.SimpleQueue[tuple[float, Event]], transcription: ActiveTranscription, speed: float
) -> Run:
    run, began, stopped = Run(), time.monotonic(), 0.0
    while True:
        at, event = events.get()
        match event:
            case RecordingStarted():
                began = at
            case UtteranceSettled(utterance=said):
                run.texts.append(said.text)
                if speed:
                    run.latencies.append(max(0.0, (at - began) * speed - said.end) / speed)
            case RecordingClosed(recording=recording):
                stopped, run.seconds = at, recording.seconds
                transcription.finish()
            case TranscriptionFinished():
                run.stop_to_complete, run.work = at - stopped, event.work
                return run
            case WorkerFailed(error=error):
                raise error
            case _:
                pass


def _sample(
    name: str, reference: str, runs: tuple[Run, Run, Run], model: ModelEntry, arguments: Namespace
) -> dict[str, Any]:
    live, _, plain = runs
    errors = [word_errors(reference, run.text, arguments.language) for run in runs]
    rates = [100 * one.rate for one in errors]
    least = max(1, math.ceil(live.work.packed_seconds / model.longest_window))
    waits = sorted(live.latencies)
    return {
        "name": name,
        "audio_s": round(live.seconds, 1),
        "words": errors[0].words,
        "word_error_rate": {"live": _round(rates[0]), "after": _round(rates[1]), "plain": _round(rates[2])},
        "live_errors": _kinds(errors[0]),
        "gap_to_after": _round(rates[0] - rates[1]),
        "gap_to_plain": _round(rates[0] - rates[2]),
        "unclear": sum(UNCLEAR in text for text in live.texts),
        "windows": live.work.windows,
        "encodings": live.work.encodings,
        "encodings_least": least,
        "encodings_per_window": round(live.work.encodings / max(1, live.work.windows), 2),
        "work_against_one_pass": round(live.work.encodings / least, 2),
        "previews": live.work.previews,
        "with_names": live.work.with_names,
        "latency_median_s": round(statistics.median(waits), 1) if waits else None,
        "latency_p95_s": round(waits[int(0.95 * (len(waits) - 1))], 1) if waits else None,
        "stop_to_complete_s": round(live.stop_to_complete, 2),
        "plain_stop_to_complete_s": round(plain.stop_to_complete, 2),
        "cpu_s_per_audio_s": round(live.work.cpu_seconds / max(1.0, live.seconds), 3),
        "peak_memory_mb": live.work.peak_memory_mb,
    }


def _round(rate: float) -> float:
    return round(rate, 2)


def _kinds(errors: WordErrors) -> dict[str, int]:
    return {
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
    }


def _invented(workshop: Workshop, model: ModelEntry, language: str) -> float:
    """Words shown as final per hour in which nobody speaks."""
    folder = Path(tempfile.mkdtemp(dir=workshop.folders.cache, prefix="bench-"))
    try:
        file = folder / "nobody.wav"
        soundfile.write(file, nobody_speaks(NOISE_SECONDS), SAMPLE_RATE, subtype="PCM_16")
        run = _run(workshop, model, language, file, 0.0, workshop.transcriber.start)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return round(len(normalised(run.text, language)) * 3600 / NOISE_SECONDS, 1)


def nobody_speaks(seconds: int) -> npt.NDArray[np.float32]:
    """16 kHz audio of a room without words: silence, ventilation, typing, knocks, mains hum, a printer.

    Made, not recorded, and the same each time.
    """
    chance = np.random.default_rng(20261121)
    part = seconds * SAMPLE_RATE // 6
    time_s = np.arange(part) / SAMPLE_RATE
    quiet = chance.normal(0, 0.0008, part)
    air = np.convolve(chance.normal(0, 0.05, part), np.ones(24) / 24, "same")
    typing, knocks = quiet.copy(), quiet.copy()
    for at in chance.integers(0, part - 3200, part // (SAMPLE_RATE // 4)):
        typing[at : at + 320] += chance.normal(0, 0.15, 320) * np.exp(-np.arange(320) / 60)
    for at in chance.integers(0, part - 3200, part // (5 * SAMPLE_RATE)):
        knocks[at : at + 3200] += np.sin(np.arange(3200) * 0.04) * np.exp(-np.arange(3200) / 500) * 0.5
    hum = 0.02 * sum(np.sin(2 * np.pi * 50 * n * time_s) / n for n in (1, 2, 3, 5)) + quiet
    printer = chance.normal(0, 0.06, part) * (np.sin(2 * np.pi * 1.7 * time_s) > 0.3) + quiet
    made = np.concatenate([quiet, air, typing, knocks, hum, printer]).clip(-1, 1)
    return np.asarray(made, np.float32)


def _tell(output: Output, result: dict[str, Any]) -> None:
    for one in result["samples"]:
        rates = one["word_error_rate"]
        output.line(
            f"{one['name']}: {one['audio_s']} s, {one['words']} words, played at {result['speed']:g}x, "
            f"{result['model']} on {result['machine']}"
        )
        output.line(
            f"  word errors       live {rates['live']} %, after the fact {rates['after']} %, "
            f"plain faster-whisper {rates['plain']} %"
        )
        output.line(
            f"  encoder passes    {one['encodings']} for {one['windows']} windows "
            f"({one['work_against_one_pass']}x the least possible, {one['encodings_least']}), "
            f"{one['previews']} previews, {one['with_names']} with names"
        )
        output.line(f"  final text after  median {one['latency_median_s']} s, p95 {one['latency_p95_s']} s")
        output.line(
            f"  Stop to complete  {one['stop_to_complete_s']} s, plain faster-whisper "
            f"{one['plain_stop_to_complete_s']} s"
        )
        output.line(
            f"  cost              {one['cpu_s_per_audio_s']} CPU s per s of audio, "
            f"{one['peak_memory_mb']} MB at most, {one['unclear']} passages unclear"
        )
    output.line(f"Words shown as final per hour without speech: {result['words_per_hour_of_non_speech']}")
