"""What the speech benchmark makes of what it hears; the figures themselves are measured by running it."""

from __future__ import annotations

import json
import queue
from argparse import Namespace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from scribe_app.cli.bench_speech import Run, _listen, _sample, _samples, nobody_speaks
from scribe_app.domain.events import (
    RecordingClosed,
    RecordingStarted,
    SpeechWork,
    TranscriptionFinished,
    UtteranceSettled,
)
from scribe_app.domain.ids import ConsultationId, UtteranceId
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.domain.transcript import UNCLEAR, Utterance
from scribe_app.errors import UsageError

ID = ConsultationId("c1")


class Transcription:
    def __init__(self) -> None:
        self.finished = False

    def finish(self) -> None:
        self.finished = True

    def cancel(self) -> None:
        pass


def told(*events: tuple[float, Any]) -> queue.SimpleQueue[tuple[float, Any]]:
    made: queue.SimpleQueue[tuple[float, Any]] = queue.SimpleQueue()
    for event in events:
        made.put(event)
    return made


def test_waiting_is_counted_from_the_end_of_the_words_and_from_stop() -> None:
    transcription = Transcription()
    run = _listen(
        told(
            (100.0, RecordingStarted(ID, "file", SAMPLE_RATE)),
            (112.0, UtteranceSettled(ID, Utterance(UtteranceId(1), "Hello.", 1.0, 4.0), 1)),
            (160.0, RecordingClosed(ID, Recording(ID, 60 * SAMPLE_RATE))),
            (163.0, UtteranceSettled(ID, Utterance(UtteranceId(2), "Bye.", 50.0, 60.0), 2)),
            (164.5, TranscriptionFinished(ID, 60 * SAMPLE_RATE, SpeechWork(encodings=2))),
        ),
        transcription,
        speed=1.0,
    )
    assert transcription.finished
    assert run.latencies == [8.0, 3.0]
    assert run.stop_to_complete == 4.5
    assert run.text == "Hello. Bye."
    assert run.work.encodings == 2


def test_the_figures_follow_from_what_was_heard() -> None:
    live = Run(
        ["one two three", UNCLEAR], [2.0, 10.0, 4.0], 60.0, 1.5, SpeechWork(4, 50.0, 6, 1, 2, 12.0, 300)
    )
    plain = Run(["one two"], [], 60.0, 9.0)
    after = Run(["one two three four"], [], 60.0, 1.0)
    model, arguments = SimpleNamespace(longest_window=28.0), SimpleNamespace(language="en")
    found = _sample("s", "one two three four", (live, after, plain), model, arguments)  # type: ignore[arg-type]
    assert found["word_error_rate"] == {"live": 25.0, "after": 0.0, "plain": 50.0}
    assert (found["gap_to_after"], found["gap_to_plain"]) == (25.0, -25.0)
    assert (found["encodings_least"], found["work_against_one_pass"]) == (2, 3.0)
    assert (found["latency_median_s"], found["latency_p95_s"]) == (4.0, 4.0)
    assert found["cpu_s_per_audio_s"] == 0.2
    assert found["unclear"] == 1


def test_a_folder_of_audio_with_its_words_is_taken(tmp_path: Path) -> None:
    (tmp_path / "a.wav").touch()
    (tmp_path / "a.txt").write_text("What was said.")
    (tmp_path / "b.flac").touch()
    turns = [{"id": 1, "speaker": "patient", "start": 0, "end": 1, "text": "Hello."}]
    (tmp_path / "b.json").write_text(json.dumps({"utterances": turns}))
    (tmp_path / "c.wav").touch()
    arguments = Namespace(folder=tmp_path, language="en")
    assert _samples(SimpleNamespace(), arguments) == [  # type: ignore[arg-type]  # the folder is enough
        (tmp_path / "a.wav", "What was said."),
        (tmp_path / "b.flac", "Hello."),
    ]
    with pytest.raises(UsageError, match="no audio with its words"):
        _samples(SimpleNamespace(), Namespace(folder=tmp_path / "none", language="en"))  # type: ignore[arg-type]


def test_the_room_without_words_is_as_long_as_wanted_the_same_each_time_and_not_silent() -> None:
    room = nobody_speaks(60)
    assert len(room) == 60 * SAMPLE_RATE
    assert np.array_equal(room, nobody_speaks(60))
    assert 0.001 < float(np.sqrt((room**2).mean())) < 0.2
    assert float(np.abs(room).max()) <= 1
