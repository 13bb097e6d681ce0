"""Long consultations out of the sample, and the tables of the latency benchmark."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest
import soundfile
from program import SAMPLES, new_home

from scribe_app.app import make_workshop
from scribe_app.cli import bench_latency, bench_parts
from scribe_app.cli.bench_latency_figures import engine_figures, length_figures, tell
from scribe_app.cli.bench_long import joined
from scribe_app.cli.bench_parts import MemoryWatch, Ticker
from scribe_app.cli.bench_sizes import tell_sizes
from scribe_app.cli.output import Output
from scribe_app.cli.verbs import parse
from scribe_app.ports import DraftingCost, DraftingSize, EngineSpeeds, SpeedPair, Stop

DUTCH = SAMPLES / "buikpijn-nl.flac"


@pytest.mark.parametrize("seconds", [30, 148, 320])
def test_a_consultation_of_the_wanted_length_ends_between_turns(seconds: int, tmp_path: Path) -> None:
    talk = joined(DUTCH, seconds, tmp_path)
    info = soundfile.info(talk.audio)
    assert info.duration == pytest.approx(talk.seconds, abs=0.01)
    assert seconds - 20 < talk.seconds <= seconds
    assert talk.said.count("Goedemorgen mevrouw Voorbeeld") == (3 if seconds == 320 else 1)
    assert info.samplerate == 16000


def test_the_shortest_consultation_is_one_turn(tmp_path: Path) -> None:
    assert joined(DUTCH, 0.1, tmp_path).said.startswith("Goedemorgen")


def test_memory_of_the_usual_way_is_not_told_as_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers of both ways have the same names; the usual one hears the whole file at once."""
    monkeypatch.setattr(bench_parts, "MEMORY_EVERY_SECONDS", 0.01)
    with MemoryWatch() as memory, memory.during("usual way"):
        deadline = time.monotonic() + 10
        while "usual way, main process" not in memory.peaks and time.monotonic() < deadline:
            time.sleep(0.01)
    assert memory.peaks["usual way, main process"] > 0


OURS = {
    "audio_s": 118.0,
    "stop_to_transcript_s": 0.5,
    "stop_to_first_statement_s": 0.0,
    "stop_to_letter_s": None,
}
USUAL = {
    "stop_to_transcript_s": 10.0,
    "stop_to_first_statement_s": 20.0,
    "stop_to_letter_s": 30.0,
    "left_out_s": 61.0,
}


def figures(minutes: float) -> dict[str, object]:
    return length_figures(minutes, OURS, USUAL, ("one two three four", "one two tree four"), "en")


def test_how_many_times_sooner() -> None:
    found = figures(2)
    assert found["times_sooner"] == {
        "stop_to_transcript_s": 20.0,
        "stop_to_first_statement_s": 2000.0,  # never more than a hundredth of a second is counted
        "stop_to_letter_s": None,
    }
    assert found["word_error_rate"] == 0.25


def test_the_engines_figures_are_medians_of_turns() -> None:
    pairs = (SpeedPair(90.0, 100.0), SpeedPair(80.0, 100.0), SpeedPair(10.0, 5.0))
    found = engine_figures(EngineSpeeds(pairs, pairs[:1]))
    assert found["reading"] == {
        "ours_tokens_per_s": 80.0,
        "bare_tokens_per_s": 100.0,
        "ratio": 0.9,
        "turns": 3,
    }
    assert found["writing"]["ratio"] == 0.9


def test_the_tables_fit_a_hundred_columns(capsys: pytest.CaptureFixture[str]) -> None:
    speeds = EngineSpeeds((SpeedPair(1000.0, 1000.0),), (SpeedPair(99.0, 100.0),))
    result = {
        "machine": "x86_64, 16 cores",
        "load": [17.25, 1.0, 1.0],
        "language": "en",
        "speed": 4.0,
        "speech_model": "whisper-large-v3-turbo",
        "drafting_model": "qwen3-4b-instruct-2507",
        "read_along": False,
        "lengths": [figures(2), figures(10), figures(30), figures(60)],
        "engine": engine_figures(speeds),
        "peak_memory_mb": {"drafting": 5000},
    }
    tell(Output(as_json=False), result)
    lines = capsys.readouterr().out.splitlines()
    assert all(len(line) <= 100 for line in lines)
    assert sum("transcript complete" in line for line in lines) == 2
    assert any("did not fit into the one prompt" in line for line in lines)
    assert "writing" in lines[-1]


def test_ctrl_c_leaves_the_figures_so_far(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> Iterator[dict[str, object]]:
        yield figures(2)
        raise KeyboardInterrupt

    monkeypatch.setattr(bench_latency, "_lengths", interrupted)
    workshop = make_workshop(new_home(tmp_path / "home").folders)
    with pytest.raises(KeyboardInterrupt):
        bench_latency.latency(parse(["bench", "latency", "--json"]), workshop)
    printed = capsys.readouterr()
    found = json.loads(printed.out)
    assert (found["complete"], found["engine"], len(found["lengths"])) == (False, None, 1)
    assert "2, 10, 30 minutes" in printed.err


def test_a_long_run_says_that_it_goes_on(capsys: pytest.CaptureFixture[str]) -> None:
    with Ticker("something long", 600.0):
        pass
    assert capsys.readouterr().err == "scribe: something long: begins\n"


class TestSizes:
    COST = DraftingCost(
        DraftingSize.B4,
        1,
        4_022_468_096,
        2495,
        7.9,
        7.8,
        2.4,
        (Stop(0.01, 0.01), Stop(0.22, 0.09)),
        (Stop(0.0, 0.0),),
        5576,
    )

    def test_are_told_with_median_and_longest_stop(self, capsys: pytest.CaptureFixture[str]) -> None:
        sizes = [asdict(self.COST), {"size": "14b", "left_out": "Too big."}]
        tell_sizes(Output(as_json=False), sizes, "x86_64, 4 cores, load 1, 2026-11-28")
        printed = capsys.readouterr().out
        assert "random weights, 1 thread(s), x86_64, 4 cores, load 1, 2026-11-28\n" in printed
        assert "0.12-0.22 (0.09) s" in printed
        assert "7.8 tok/s" in printed
        assert "14b: left out. Too big." in printed
