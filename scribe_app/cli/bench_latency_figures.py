"""The figures of scribe bench latency, as values and as a table."""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scribe_app.cli.output import Output
from scribe_app.domain.wer import word_errors
from scribe_app.ports import EngineSpeeds, SpeedPair

_ROWS = {
    "stop_to_transcript_s": "transcript complete",
    "stop_to_first_statement_s": "first statement",
    "stop_to_letter_s": "whole letter",
}
_LABEL, _SECONDS, _TIMES = 20, 9, 8
_ABREAST = 3
"""Lengths beside each other, so that a table keeps to a hundred columns."""


def length_figures(
    minutes: float,
    ours: Mapping[str, float | None],
    theirs: Mapping[str, float | None],
    words: tuple[str, str],
    language: str,
) -> dict[str, Any]:
    """One length of consultation, both ways; `words` are what is said and what was heard."""
    sooner = {}
    for name in _ROWS:
        mine, usual = ours[name], theirs[name]
        sooner[name] = None if mine is None or usual is None else round(usual / max(mine, 0.01), 1)
    return {
        "minutes": minutes,
        "audio_s": ours["audio_s"],
        "ours": dict(ours),
        "usual_way": dict(theirs),
        "times_sooner": sooner,
        "word_error_rate": round(word_errors(*words, language).rate, 4),
    }


def engine_figures(speeds: EngineSpeeds) -> dict[str, Any]:
    """Median tokens a second of both loops, and the median of the ratios of each turn."""
    return {"reading": _pair(speeds.prefill), "writing": _pair(speeds.decode)}


def _pair(pairs: Sequence[SpeedPair]) -> dict[str, float]:
    return {
        "ours_tokens_per_s": round(statistics.median(pair.ours for pair in pairs), 1),
        "bare_tokens_per_s": round(statistics.median(pair.bare for pair in pairs), 1),
        "ratio": round(statistics.median(pair.ratio for pair in pairs), 3),
        "turns": len(pairs),
    }


def tell(output: Output, result: Mapping[str, Any]) -> None:
    """Print the tables."""
    lengths = result["lengths"]
    if lengths:
        way = "reading along" if result["read_along"] else "by its size"
        output.line(f"Sample ({result['language']}) played at {result['speed']:g}x on {result['machine']}")
        output.line(f"models: {result['speech_model']}; {result['drafting_model']}, used {way}")
        if result["load"]:
            output.line(f"load of the machine at the start: {result['load'][0]}")
    for at in range(0, len(lengths), _ABREAST):
        _tell_lengths(output, lengths[at : at + _ABREAST])
    for one in lengths:
        left_out = one["usual_way"]["left_out_s"]
        if left_out:
            output.line(f"{one['minutes']:g} min: the first {left_out:.0f} s did not fit into the one prompt")
    if lengths:
        rates = ", ".join(f"{100 * one['word_error_rate']:.1f} %" for one in lengths)
        output.line(f"word errors of the live transcript: {rates}")
    for name, peak in sorted(result["peak_memory_mb"].items()):
        output.line(f"peak memory, {name}: {peak} MB")
    _tell_engine(output, result["engine"])


def _tell_lengths(output: Output, lengths: Sequence[Mapping[str, Any]]) -> None:
    width = 2 * _SECONDS + _TIMES
    output.line(
        "\n" + " " * _LABEL + "".join(f"{one['audio_s'] / 60:.1f} min".rjust(width) for one in lengths)
    )
    heads = f"{'ours':>{_SECONDS}}{'usual':>{_SECONDS}}{'sooner':>{_TIMES}}"
    output.line(f"{'after Stop, until':{_LABEL}}" + heads * len(lengths))
    for name, words in _ROWS.items():
        cells = ""
        for one in lengths:
            ours, usual, sooner = (one[kind][name] for kind in ("ours", "usual_way", "times_sooner"))
            cells += f"{_seconds(ours):>{_SECONDS}}{_seconds(usual):>{_SECONDS}}"
            cells += f"{'–' if sooner is None else f'{sooner}x':>{_TIMES}}"
        output.line(f"{words:{_LABEL}}{cells}")
    output.line()


def _tell_engine(output: Output, engine: Mapping[str, Any] | None) -> None:
    if engine is None:
        return
    output.line(
        f"\n{'drafting model':{_LABEL}}{'our loop':>14}{'bare llama.cpp':>18}{'ratio':>8}{'turns':>8}"
    )
    for name in ("reading", "writing"):
        pair = engine[name]
        ours, bare = f"{pair['ours_tokens_per_s']} tok/s", f"{pair['bare_tokens_per_s']} tok/s"
        output.line(f"{name:{_LABEL}}{ours:>14}{bare:>18}{pair['ratio']:>8.3f}{pair['turns']:>8}")


def _seconds(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f} s"
