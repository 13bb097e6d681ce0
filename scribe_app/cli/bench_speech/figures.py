"""From what was heard to figures: errors in words, terms and numbers, waiting, work and memory."""

from __future__ import annotations

import math
import statistics
from collections.abc import Mapping, Sequence
from typing import Any

from scribe_app.cli.bench_speech.material import Sample
from scribe_app.cli.bench_speech.runs import Run
from scribe_app.domain.transcript import UNCLEAR
from scribe_app.domain.wer import ItemErrors, MedicalTerms, number_errors, word_errors

LIVE, AFTER = "live", "after"
"""This program, while it is recorded and on the finished recording."""
Row = dict[str, Any]
ITEMS = ("medical_terms", "medicines", "numbers")


def sample_figures(
    sample: Sample,
    runs: Mapping[str, Run],
    terms: Mapping[str, MedicalTerms],
    language: str,
    longest_window: float,
) -> Row:
    """All figures of one recording; `runs` and the result's "ways" by way, `terms` by kind of list."""
    live = runs[LIVE]
    ways = {way: _way(sample.reference, run, terms, language) for way, run in runs.items()}
    return {
        "name": sample.name,
        "audio_s": round(live.seconds, 1),
        "words": word_errors(sample.reference, "", language).words,
        "ways": ways,
        "gaps": gaps(ways),
        "passes": passes(live, longest_window),
        "unclear": sum(UNCLEAR in text for text in live.texts),
    }


def _way(reference: str, run: Run, terms: Mapping[str, MedicalTerms], language: str) -> Row:
    errors = word_errors(reference, run.text, language)
    waits = sorted(run.waits)
    return {
        "word_error_rate": round(100 * errors.rate, 2),
        "word_error_rate_basic": round(100 * word_errors(reference, run.text, language, basic=True).rate, 2),
        "substitutions": errors.substitutions,
        "deletions": errors.deletions,
        "insertions": errors.insertions,
        **{kind: items(found.errors(reference, run.text)) for kind, found in terms.items()},
        "numbers": items(number_errors(reference, run.text, language)),
        "encodings": run.work.encodings,
        "final_text_median_s": round(statistics.median(waits), 1) if waits else None,
        "final_text_p95_s": round(percentile(waits, 0.95), 1) if waits else None,
        "stop_to_complete_s": round(run.stop_to_complete, 2),
        "cpu_s_per_audio_s": round(run.work.cpu_seconds / max(1.0, run.seconds), 3),
        "peak_memory_mb": run.work.peak_memory_mb,
    }


def items(errors: ItemErrors) -> Row:
    """Counts, and the share of what was said that is wrong, in per cent."""
    rate = None if errors.rate is None else round(100 * errors.rate, 1)
    return {"said": errors.said, "wrong": errors.wrong, "added": errors.added, "error_rate": rate}


def percentile(ordered: Sequence[float], share: float) -> float:
    """The nearest rank: at least `share` of the values are no larger."""
    return ordered[math.ceil(share * len(ordered)) - 1]


def gaps(ways: Mapping[str, Row]) -> Row:
    """Points by which the live word error rate is above each other way's; below 0: live is better."""
    live = ways[LIVE]["word_error_rate"]
    return {way: round(live - row["word_error_rate"], 2) for way, row in ways.items() if way != LIVE}


def passes(live: Run, longest_window: float) -> Row:
    """Encoder passes of the live transcript against the fewest that its packed speech can do with."""
    work = live.work
    least = max(1, math.ceil(work.packed_seconds / longest_window))
    return {
        "packed_speech_s": work.packed_seconds,
        "longest_window_s": longest_window,
        "least": least,
        "encodings": work.encodings,
        "ratio": round(work.encodings / least, 2),
        "for_windows_not_full": work.windows - least,
        "for_doubtful_windows": work.encodings - work.windows,
        "previews": work.previews,
        "second_decodings_with_names": work.with_names,
    }


def together(rows: Sequence[Row]) -> Row:
    """All recordings as one: rates by their words, counts added up, the worst of waits and memory."""
    words = sum(row["words"] for row in rows)
    audio = sum(row["audio_s"] for row in rows)
    ways = {way: _sum([row["ways"][way] for row in rows], rows, words, audio) for way in rows[0]["ways"]}
    counted = ("least", "encodings", "for_windows_not_full", "for_doubtful_windows", "previews",
               "second_decodings_with_names")  # fmt: skip
    added: Row = {name: sum(row["passes"][name] for row in rows) for name in counted}
    return {
        "recordings": len(rows),
        "audio_s": round(audio, 1),
        "words": words,
        "ways": ways,
        "gaps": gaps(ways),
        "passes": {**added, "ratio": round(added["encodings"] / added["least"], 2)},
        "unclear": sum(row["unclear"] for row in rows),
        "worst_word_error_rate": max(row["ways"][LIVE]["word_error_rate"] for row in rows),
    }


def _sum(ways: Sequence[Row], rows: Sequence[Row], words: int, audio: float) -> Row:
    kinds = [kind for kind in ITEMS if kind in ways[0]]
    errors = {name: sum(way[name] for way in ways) for name in ("substitutions", "deletions", "insertions")}
    basic = sum(way["word_error_rate_basic"] * row["words"] for way, row in zip(ways, rows, strict=True))
    cpu = sum(way["cpu_s_per_audio_s"] * row["audio_s"] for way, row in zip(ways, rows, strict=True))
    counts = {kind: [sum(way[kind][n] for way in ways) for n in ("said", "wrong", "added")] for kind in kinds}
    medians = [way["final_text_median_s"] for way in ways if way["final_text_median_s"] is not None]
    return {
        "word_error_rate": round(100 * sum(errors.values()) / max(1, words), 2),
        "word_error_rate_basic": round(basic / max(1, words), 2),
        **errors,
        **{kind: items(ItemErrors(*counted)) for kind, counted in counts.items()},
        "encodings": sum(way["encodings"] for way in ways),
        "final_text_median_s": round(statistics.median(medians), 1) if medians else None,
        "final_text_p95_s": max((way["final_text_p95_s"] or 0.0 for way in ways), default=None),
        "stop_to_complete_s": max(way["stop_to_complete_s"] for way in ways),
        "cpu_s_per_audio_s": round(cpu / max(1.0, audio), 3),
        "peak_memory_mb": max(way["peak_memory_mb"] for way in ways),
    }
