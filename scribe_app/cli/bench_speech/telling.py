"""The figures in words and columns, for people."""

from __future__ import annotations

from typing import Any

from scribe_app.cli.bench_speech.figures import AFTER, LIVE, Row
from scribe_app.cli.output import Output
from scribe_app.domain.pace import Pace
from scribe_app.ports import UsualWay

WAYS = {
    LIVE: "live",
    AFTER: "after Stop",
    UsualWay.WHOLE_FILE.value: "whole file",
    UsualWay.BATCHED.value: "batched",
    UsualWay.SLIDING_WINDOW.value: "sliding",
}
LINES = (
    ("word errors", "word_error_rate", " %"),
    ("  basic rules", "word_error_rate_basic", " %"),
    ("medical terms wrong", "medical_terms", ""),
    ("medicines wrong", "medicines", ""),
    ("numbers wrong", "numbers", ""),
    ("encoder passes", "encodings", ""),
    ("final text, median", "final_text_median_s", " s"),
    ("final text, p95", "final_text_p95_s", " s"),
    ("Stop to complete", "stop_to_complete_s", " s"),
    ("CPU per s of audio", "cpu_s_per_audio_s", " s"),
    ("peak memory", "peak_memory_mb", " MB"),
)
PACES = {
    Pace.LIVE: "keeps up, grey preview and all",
    Pace.NO_PREVIEW: "keeps up without the grey preview",
    Pace.FULLER_WINDOWS: "keeps up in longer stretches, without the grey preview",
    Pace.NARROW_SEARCH: "keeps up with a narrower search (unclear words are likelier)",
    Pace.AFTER_STOP: "does not keep up: the transcript is complete after Stop",
}


def tell(output: Output, result: dict[str, Any]) -> None:
    """All of it."""
    output.line(f"{result['model']} on {result['machine']}, played at {result['speed']:g}x")
    for row in result["samples"]:
        _recording(output, row["name"], row)
    if len(result["samples"]) > 1:
        _recording(output, f"all {len(result['samples'])} recordings", result["together"])
    if invented := result["words_per_hour_of_non_speech"]:
        output.line("\nwords shown as final per hour in which nobody speaks")
        output.line("  " + ", ".join(f"{WAYS[way]} {words:g}" for way, words in invented.items()))
    for size in result["sizes"]:
        _size(output, size)


def _recording(output: Output, name: str, row: Row) -> None:
    ways = row["ways"]
    output.line(f"\n{name}: {row['audio_s']:g} s, {row['words']} words")
    output.line(f"{'':28}" + "".join(f"{WAYS[way]:>12}" for way in ways))
    for label, key, unit in LINES:
        if key in ways[LIVE]:
            output.line(f"{label:28}" + "".join(f"{_cell(way[key], unit):>12}" for way in ways.values()))
    gaps = ", ".join(f"{gap:+.2f} to {WAYS[way]}" for way, gap in row["gaps"].items())
    output.line(f"live word errors, in points: {gaps}")
    passes = row["passes"]
    output.line(
        f"live encoder passes: {passes['encodings']}, {passes['ratio']:.2f}x the {passes['least']} that full "
        f"windows need ({passes['for_windows_not_full']} for windows not full, "
        f"{passes['for_doubtful_windows']} for doubtful ones); {passes['previews']} previews, "
        f"{passes['second_decodings_with_names']} second decodings with names; {row['unclear']} unclear"
    )


def _cell(value: Any, unit: str) -> str:
    """A figure; of things that are right or wrong as a whole: wrong of said, and those that nobody said."""
    if value is None:
        return "–"
    if isinstance(value, dict):
        return f"{value['wrong']}/{value['said']} +{value['added']}"
    return f"{value:g}{unit}" if isinstance(value, int) else f"{value:.{_places(unit)}f}{unit}"


def _places(unit: str) -> int:
    return 1 if unit == " %" else 2


def _size(output: Output, size: Row) -> None:
    if "left_out" in size:
        output.line(f"\nmodel of size {size['size']}: left out, {size['left_out']}")
        return
    outlook = size["outlook"]
    output.line(
        f"\nmodel of size {size['size']} (random weights, {size['file_mb']} MB, {size['threads']} threads): "
        f"{size['window_s']:.1f} s for 28 s of speech, {size['real_time_factor']:.2f}x real time, "
        f"{size['cpu_s_per_audio_s']:.2f} CPU s per s of audio, {size['peak_memory_mb']} MB"
    )
    output.line(
        f"  with one beam {size['narrow_window_s']:.1f} s, a preview {size['preview_s']:.1f} s; half an hour "
        f"of talk without a pause: {_outlook(outlook)}"
    )


def _outlook(outlook: Row) -> str:
    pace = PACES[outlook["pace"]]
    when = f", from {outlook['reached_s'] / 60:.0f} min on" if outlook["reached_s"] else ""
    return f"{pace}{when}; complete {outlook['ready_after_stop_s']:.0f} s after Stop"
