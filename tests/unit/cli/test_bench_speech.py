"""What the speech benchmark makes of what it hears; the figures themselves are measured by running it."""

from __future__ import annotations

import json
import queue
from argparse import Namespace
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import soundfile
from line_stage import ScriptedYardstick

from scribe_app.cli import bench_speech
from scribe_app.cli.bench_speech.figures import percentile, sample_figures, together
from scribe_app.cli.bench_speech.material import Sample, beginning, samples
from scribe_app.cli.bench_speech.nobody import nobody_speaks
from scribe_app.cli.bench_speech.runs import Bench, Run, listen
from scribe_app.cli.bench_speech.sizes import size_figures
from scribe_app.cli.output import Output
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
from scribe_app.domain.vocabulary import Term
from scribe_app.domain.wer import MedicalTerms
from scribe_app.errors import AudioFileError, EngineError, TranscriptFileError, UsageError
from scribe_app.ports import ModelEntry, ModelSize, ModelTask

ID = ConsultationId("c1")
QUIET = Output(as_json=True)


class Transcription:
    def __init__(self) -> None:
        self.finished = self.cancelled = False

    def finish(self) -> None:
        self.finished = True

    def cancel(self) -> None:
        self.cancelled = True


def told(*events: tuple[float, Any]) -> queue.SimpleQueue[tuple[float, Any]]:
    made: queue.SimpleQueue[tuple[float, Any]] = queue.SimpleQueue()
    for event in events:
        made.put(event)
    return made


def settled(id: int, text: str, start: float, end: float) -> UtteranceSettled:
    return UtteranceSettled(ID, Utterance(UtteranceId(id), text, start, end), int(end * SAMPLE_RATE))


def nobody(text: str) -> None:
    pass


# --- waiting ----------------------------------------------------------------------------------------


def test_waiting_is_counted_from_the_end_of_the_words_and_from_stop() -> None:
    transcription = Transcription()
    run = listen(
        told(
            (100.0, RecordingStarted(ID, "file", SAMPLE_RATE)),
            (112.0, settled(1, "Hello.", 1.0, 4.0)),
            (160.0, RecordingClosed(ID, Recording(ID, 60 * SAMPLE_RATE))),
            (163.0, settled(2, "Bye.", 50.0, 60.0)),
            (164.5, TranscriptionFinished(ID, 60 * SAMPLE_RATE, SpeechWork(encodings=2))),
        ),
        transcription,
        1.0,
        nobody,
    )
    assert transcription.finished
    assert run.waits == [8.0, 3.0]
    assert run.stop_to_complete == 4.5
    assert run.text == "Hello. Bye."
    assert run.work.encodings == 2


@pytest.mark.parametrize(("speed", "waits"), [(4.0, [11.0]), (0.0, [56.0 + 8.0])])
def test_waiting_at_another_speed_and_after_the_fact(speed: float, waits: list[float]) -> None:
    closed = 100.0 + (60 / speed if speed else 2.0)
    heard = 112.0 if speed else closed + 8.0
    run = listen(
        told(
            (100.0, RecordingStarted(ID, "file", SAMPLE_RATE)),
            *([(heard, settled(1, "Hello.", 1.0, 4.0))] if speed else []),
            (closed, RecordingClosed(ID, Recording(ID, 60 * SAMPLE_RATE))),
            *([] if speed else [(heard, settled(1, "Hello.", 1.0, 4.0))]),
            (closed + 9, TranscriptionFinished(ID, 60 * SAMPLE_RATE)),
        ),
        Transcription(),
        speed,
        nobody,
    )
    assert run.waits == waits


def test_a_long_run_tells_each_minute_how_far_it_is() -> None:
    said: list[str] = []
    turns = [(float(end), settled(end, "Yes.", end - 1.0, float(end))) for end in range(10, 200, 10)]
    listen(
        told(*turns, (200.0, RecordingClosed(ID, Recording(ID, 1))), (201.0, TranscriptionFinished(ID, 1))),
        Transcription(),
        1.0,
        said.append,
    )
    assert said == ["01:00 heard", "02:00 heard", "03:00 heard"]


# --- figures ----------------------------------------------------------------------------------------

SAID = "He takes five milligrams of amlodipine, a statin, and has had two attacks today."
TERMS = {
    "medical_terms": MedicalTerms([Term("amlodipine"), Term("statin"), Term("angina")], "en"),
    "medicines": MedicalTerms([Term("amlodipine"), Term("statin")], "en"),
}
"""13 words, as the normaliser counts them."""


def figures(**texts: str) -> dict[str, Any]:
    live = Run([texts["live"], UNCLEAR], [2.0, 10.0, 4.0], 60.0, 1.5, SpeechWork(4, 50.0, 6, 1, 2, 12.0, 300))
    others = {way: Run([text], [], 60.0, 9.0) for way, text in texts.items() if way != "live"}
    sample = Sample("s", Path("s.wav"), SAID, 60.0)
    return sample_figures(sample, {"live": live} | others, TERMS, "en", 28.0)


def test_planted_errors_are_counted_each_in_its_kind() -> None:
    """One number, one medicine; one symptom and one medicine that nobody named."""
    found = figures(
        live="He takes 50 mg of amlodipine, a sitting, and has had angina, 2 attacks today on statins.",
        after="he takes 5 mg of amlodipine a statin and has had 2 attacks today",
    )
    assert found["words"] == 14
    live, after = found["ways"]["live"], found["ways"]["after"]
    assert live["numbers"] == {"said": 2, "wrong": 1, "added": 1, "error_rate": 50.0}
    assert live["medicines"] == {"said": 2, "wrong": 1, "added": 1, "error_rate": 50.0}
    assert live["medical_terms"] == {"said": 2, "wrong": 1, "added": 2, "error_rate": 50.0}
    assert (live["substitutions"], live["deletions"], live["insertions"]) == (2, 0, 3)
    assert live["word_error_rate"] == round(500 / 14, 2)
    assert after["word_error_rate"] == 0.0
    assert after["word_error_rate_basic"] == round(300 / 14, 2), "five, milligrams, two"
    assert (after["numbers"]["wrong"], after["medicines"]["wrong"]) == (0, 0)
    assert found["gaps"] == {"after": live["word_error_rate"]}


def test_work_waiting_and_memory_follow_from_what_was_counted() -> None:
    found = figures(live=SAID, after=SAID)
    assert found["passes"] == {
        "packed_speech_s": 50.0,
        "longest_window_s": 28.0,
        "least": 2,
        "encodings": 6,
        "ratio": 3.0,
        "for_windows_not_full": 2,
        "for_doubtful_windows": 2,
        "previews": 2,
        "second_decodings_with_names": 1,
    }
    live = found["ways"]["live"]
    assert (live["final_text_median_s"], live["final_text_p95_s"]) == (4.0, 10.0)
    assert (live["cpu_s_per_audio_s"], live["peak_memory_mb"]) == (0.2, 300)
    assert (live["stop_to_complete_s"], found["ways"]["after"]["stop_to_complete_s"]) == (1.5, 9.0)
    assert found["ways"]["after"]["final_text_p95_s"] is None
    assert found["unclear"] == 1


def test_percentiles_are_nearest_ranks() -> None:
    values = [float(number) for number in range(1, 101)]
    assert (percentile(values, 0.95), percentile(values, 0.5), percentile([3.0], 0.95)) == (95.0, 50.0, 3.0)


def test_several_recordings_together_weigh_by_their_words_and_keep_the_worst() -> None:
    right, wrong = figures(live=SAID, after=SAID), figures(live="he takes", after=SAID)
    every = together([right, wrong])
    assert every["words"] == 28
    assert every["ways"]["live"]["word_error_rate"] == round(1200 / 28, 2)
    assert every["ways"]["live"]["medicines"] == {"said": 4, "wrong": 2, "added": 0, "error_rate": 50.0}
    assert every["gaps"]["after"] == every["ways"]["live"]["word_error_rate"]
    assert (every["passes"]["encodings"], every["passes"]["least"], every["passes"]["ratio"]) == (12, 4, 3.0)
    assert every["worst_word_error_rate"] == wrong["ways"]["live"]["word_error_rate"]


# --- material ---------------------------------------------------------------------------------------


def sound(file: Path, seconds: float = 3.0, rate: int = SAMPLE_RATE) -> Path:
    soundfile.write(file, np.zeros(int(seconds * rate), np.int16), rate)
    return file


def spoken(file: Path, *turns: tuple[float, float, str]) -> None:
    rows = [
        {"id": n, "speaker": "patient", "start": start, "end": end, "text": text}
        for n, (start, end, text) in enumerate(turns, 1)
    ]
    file.write_text(json.dumps({"utterances": rows}))


def test_a_folder_of_audio_with_its_words_is_taken_and_what_has_none_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    sound(tmp_path / "a.WAV")
    (tmp_path / "a.txt").write_text("What was said.\nAt 9: it hurt.")
    sound(tmp_path / "b.flac")
    spoken(tmp_path / "b.json", (0, 1, "Hello."))
    sound(tmp_path / "c.wav")
    sound(tmp_path / "d.wav")
    (tmp_path / "d.txt").write_text("Doctor: Good morning.\n\nPatient: Morning.\n")
    found = samples(tmp_path, tmp_path, "en", QUIET)
    assert [(one.name, one.reference, one.seconds) for one in found] == [
        ("a", "What was said.\nAt 9: it hurt.", 3.0),
        ("b", "Hello.", 3.0),
        ("d", "Good morning. Morning.", 3.0),
    ]
    assert "c.wav" in capsys.readouterr().err


def broken(name: str, text: bytes) -> Callable[[Path], None]:
    def make(folder: Path) -> None:
        sound(folder / "a.wav")
        (folder / name).write_bytes(text)

    return make


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda folder: folder.rmdir(), UsageError, "no folder"),
        (lambda folder: None, UsageError, "no audio with its words"),
        (lambda folder: sound(folder / "a.wav"), UsageError, "no audio with its words"),
        (broken("a.txt", b"\xff\xfe\x00bad"), TranscriptFileError, "a.txt cannot be read"),
        (broken("a.json", b'{"utterances": 3}'), TranscriptFileError, "a.json"),
        (broken("a.txt", b"  \n"), TranscriptFileError, "a.txt holds no words"),
    ],
)
def test_a_folder_that_cannot_be_measured_is_refused_before_anything_runs(
    tmp_path: Path, make: Callable[[Path], None], error: type[Exception], words: str
) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    make(folder)
    with pytest.raises(error, match=words):
        samples(folder, tmp_path, "en", QUIET)


def test_sound_that_is_none_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(b"no sound")
    (tmp_path / "a.txt").write_text("Words.")
    with pytest.raises(AudioFileError, match=r"a\.wav cannot be read as sound"):
        samples(tmp_path, tmp_path, "en", QUIET)


def test_only_the_beginning_is_cut_after_a_whole_turn(tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 30.0, 8000)
    spoken(tmp_path / "a.json", (0, 4, "One."), (5, 9.5, "Two."), (9.8, 14, "Three."))
    cut = beginning(Sample("a", audio, "One. Two. Three.", 30.0), 12.0, tmp_path)
    assert (cut.reference, cut.seconds) == ("One. Two.", 9.7)
    assert soundfile.info(cut.audio).duration == 9.7
    whole = Sample("a", audio, "One.", 30.0)
    assert beginning(whole, 40.0, tmp_path) is whole
    with pytest.raises(UsageError, match="cannot be cut"):
        beginning(whole, 2.0, tmp_path)


def test_words_without_times_cannot_be_cut(tmp_path: Path) -> None:
    audio = sound(tmp_path / "a.wav", 30.0)
    (tmp_path / "a.txt").write_text("One two.")
    with pytest.raises(UsageError, match="cannot be cut"):
        beginning(Sample("a", audio, "One two.", 30.0), 12.0, tmp_path)


def test_the_room_without_words_is_as_long_as_wanted_the_same_each_time_and_not_silent() -> None:
    room = nobody_speaks(60)
    assert len(room) == 60 * SAMPLE_RATE
    assert np.array_equal(room, nobody_speaks(60))
    assert 0.001 < float(np.sqrt((room**2).mean())) < 0.2
    assert float(np.abs(room).max()) <= 1


# --- the whole command, with played engines -----------------------------------------------------------


class PlayedRecording:
    def __init__(self) -> None:
        self.killed = False

    def kill(self) -> None:
        self.killed = True


class PlayedLine:
    """A recorder and a transcriber of which the test says what they tell."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.recordings: list[PlayedRecording] = []
        self.transcriptions: list[Transcription] = []

    def start(self, request: Any, sink: Any) -> Any:
        if hasattr(request, "source"):
            sink(RecordingStarted(request.consultation, "file", SAMPLE_RATE))
            sink(RecordingClosed(request.consultation, Recording(request.consultation, 3 * SAMPLE_RATE)))
            self.recordings.append(PlayedRecording())
            return self.recordings[-1]
        self.transcriptions.append(Transcription())
        sink(settled(1, self.text, 0.0, 2.0))
        sink(TranscriptionFinished(request.consultation, 3, SpeechWork(1, 3.0, 1, 0, 0, 1.0, 100)))
        return self.transcriptions[-1]


def workshop(folder: Path, line: PlayedLine) -> Any:
    (folder / "cache").mkdir()
    model = ModelEntry("m", "M", ModelTask.SPEECH, ("en",), "", 1, folder)
    return SimpleNamespace(
        folders=SimpleNamespace(cache=folder / "cache"),
        settings=SimpleNamespace(speech_model="", speech_threads=0),
        models=SimpleNamespace(pick=lambda *_: model),
        samples=folder,
        recorder=line,
        transcriber=line,
        vocabularies=SimpleNamespace(
            bundled=lambda _: {"medicines": (Term("amlodipine"),)}, terms=lambda *_: ()
        ),
        yardstick=ScriptedYardstick("he takes amlodipine"),
    )


@pytest.fixture
def options(tmp_path: Path) -> Namespace:
    folder = tmp_path / "recordings"
    folder.mkdir()
    for name in "ab":
        sound(folder / f"{name}.wav")
        (folder / f"{name}.txt").write_text("He takes amlodipine.")
    return Namespace(
        folder=folder, language="en", speed=1.0, seconds=None, no_sizes=False, ours=False, json=True
    )


def test_one_document_has_everything_side_by_side(
    tmp_path: Path, options: Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    line = PlayedLine("he takes a pin")
    assert bench_speech.speech(options, workshop(tmp_path, line)) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["complete"]
    assert [row["name"] for row in found["samples"]] == ["a", "b"]
    ways = found["together"]["ways"]
    assert list(ways) == ["live", "after", "whole_file", "batched", "sliding_window"]
    assert ways["live"]["medicines"] == {"said": 2, "wrong": 2, "added": 0, "error_rate": 100.0}
    assert ways["batched"]["medicines"]["wrong"] == 0
    assert found["words_per_hour_of_non_speech"]["live"] == 4 * 6
    assert set(found["words_per_hour_of_non_speech"]) == {"live", "whole_file", "batched", "sliding_window"}
    assert [size["size"] for size in found["sizes"]] == ["small", "large-v3-turbo"]
    assert all(one.cancelled for one in line.transcriptions)
    assert all(one.killed for one in line.recordings)
    assert list((tmp_path / "cache").iterdir()) == [], "sealed copies are erased"


def test_ours_alone_leaves_out_the_usual_ways_silence_and_sizes(
    tmp_path: Path, options: Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    options.ours = True
    bench_speech.speech(options, workshop(tmp_path, PlayedLine("he takes a pin")))
    found = json.loads(capsys.readouterr().out)
    assert found["complete"]
    assert list(found["together"]["ways"]) == ["live", "after"]
    assert found["together"]["gaps"] == {"after": 0.0}
    assert (found["words_per_hour_of_non_speech"], found["sizes"]) == ({}, [])


def test_people_read_the_same_in_columns(
    tmp_path: Path, options: Namespace, capsys: pytest.CaptureFixture[str]
) -> None:
    bench_speech.speech(
        Namespace(**vars(options) | {"json": False}), workshop(tmp_path, PlayedLine("he takes a pin"))
    )
    printed = capsys.readouterr()
    lines = printed.out.splitlines()
    assert max(map(len, lines)) <= 200
    medicines = next(line for line in lines if line.startswith("medicines wrong")).split()
    assert medicines[2:] == ["1/1", "+0", "1/1", "+0", *["0/1", "+0"] * 3]
    assert "all 2 recordings: 6 s, 6 words" in printed.out
    assert "2 of 2, b: sliding" in printed.err


def test_an_interrupt_prints_what_is_measured_and_leaves_nothing_behind(
    tmp_path: Path, options: Namespace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = PlayedLine("he takes")
    run, started = Bench.run, []

    def interrupted(bench: Bench, *arguments: Any) -> Run:
        started.append(1)
        if len(started) == 6 + 1:
            raise KeyboardInterrupt
        return run(bench, *arguments)

    monkeypatch.setattr(Bench, "run", interrupted)
    with pytest.raises(KeyboardInterrupt):
        bench_speech.speech(options, workshop(tmp_path, line))
    found = json.loads(capsys.readouterr().out)
    assert not found["complete"]
    assert [row["name"] for row in found["samples"]] == ["a"]
    assert list((tmp_path / "cache").iterdir()) == []


def test_a_size_that_does_not_fit_this_computer_is_left_out_with_the_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stage = workshop(tmp_path, PlayedLine(""))
    big = ScriptedYardstick("")
    big.bytes_needed = {ModelSize.SMALL: (10**15, 1), ModelSize.TURBO: (1, 10**15)}
    left_out = [row["left_out"] for row in size_figures(stage, big, QUIET)]
    assert "1000000000 MB of disk" in left_out[0]
    assert "1000000000 MB of memory" in left_out[1]
    failing = ScriptedYardstick("")
    failing.refuses = EngineError("It cannot be run.")
    assert [row["left_out"] for row in size_figures(stage, failing, QUIET)] == ["It cannot be run."] * 2


def test_a_failed_engine_ends_it_with_its_own_words(tmp_path: Path, options: Namespace) -> None:
    stage = workshop(tmp_path, PlayedLine("he takes"))
    stage.yardstick.refuses = EngineError("It stopped.")
    with pytest.raises(EngineError, match="It stopped"):
        bench_speech.speech(options, stage)
    assert list((tmp_path / "cache").iterdir()) == []
