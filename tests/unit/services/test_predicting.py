"""How long a letter will take, and which model suits a computer."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from scribe_app.adapters.models import ManifestModels
from scribe_app.ports import DraftingSpeed
from scribe_app.services.predicting import LETTER_TOKENS, VISIT_TOKENS, best_for, waiting

SPEED = DraftingSpeed(50.0, 10.0, 1.0, whole=True, requests=1000, sections=4)
MANIFEST = Path(__file__).resolve().parents[3] / "models" / "manifest.toml"


def test_after_stop_only_the_requests_are_read_and_the_letter_written() -> None:
    soon = waiting(SPEED)
    assert soon.whole == pytest.approx(1000 / 50 + LETTER_TOKENS / 10)
    assert soon.first == pytest.approx(1000 / 50 / 4 + 0.1)
    assert soon.unread - soon.whole == pytest.approx(VISIT_TOKENS / 50)


def test_a_faster_computer_waits_less() -> None:
    assert waiting(replace(SPEED, decode=20.0)).whole < waiting(SPEED).whole


@pytest.mark.parametrize(
    ("memory", "advised"),
    [(4.0, None), (7.8, "qwen3-1.7b"), (16.6, "qwen3-4b-instruct-2507"), (33.0, "qwen3-8b")],
)
def test_each_tier_of_memory_has_its_model(memory: float, advised: str | None) -> None:
    entries = ManifestModels(MANIFEST, []).entries()
    for language in ("en", "nl"):
        best = best_for(entries, language, memory)
        assert (best.id if best else None) == advised


@pytest.mark.parametrize(
    ("memory", "on_card", "advised"),
    [
        (7.8, 8.0, "qwen3-4b-instruct-2507"),
        (7.8, 12.0, "qwen3-8b"),
        (16.6, 15.9, "qwen3-14b"),
        (33.0, 4.0, "qwen3-8b"),
    ],
)
def test_a_graphics_card_that_can_be_used_has_its_model_too(
    memory: float, on_card: float, advised: str
) -> None:
    best = best_for(ManifestModels(MANIFEST, []).entries(), "nl", memory, on_card)
    assert best is not None
    assert best.id == advised


def test_every_drafting_model_says_its_licence_and_the_memory_it_needs() -> None:
    for entry in ManifestModels(MANIFEST, []).entries():
        if entry.task == "drafting":
            assert entry.licence == "Apache-2.0"
            assert bool(entry.unverified) == (not entry.sha256), "what was never at hand says so"
            assert entry.min_ram_mb > 0
            assert entry.for_gb == 0 or entry.for_gb * 1000 > entry.min_ram_mb


def test_every_model_that_does_not_come_along_says_what_was_read_and_what_was_not() -> None:
    absent = [entry for entry in ManifestModels(MANIFEST, []).entries() if not entry.sha256]
    assert absent
    for entry in absent:
        assert entry.checked, entry.id
        assert "exact size and hash" in entry.unverified, entry.id
        assert entry.about_mb > 0, entry.id


def test_an_advised_model_is_one_that_fetch_knows_an_address_of() -> None:
    for entry in ManifestModels(MANIFEST, []).entries():
        assert entry.for_gb == 0 or entry.source.startswith("https://"), entry.id


ENGLISH, DUTCH = "## Drafting models by computer", "## In het Nederlands"


@pytest.mark.parametrize("part", [ENGLISH, DUTCH])
def test_the_guide_says_of_each_model_what_the_manifest_says(part: str) -> None:
    """Tier, licence, size and memory of the tables in models/README.md, English and Dutch."""
    guide = (MANIFEST.parent / "README.md").read_text(encoding="utf-8").split(part, 1)[1].split("\n## ", 1)[0]
    entries = [e for e in ManifestModels(MANIFEST, []).entries() if e.for_gb or e.for_card_gb]
    assert len(entries) == 4
    for entry in entries:
        name = entry.name.split(",")[0]
        (row,) = (line for line in guide.splitlines() if line.startswith("| ") and f"| {name}" in line)
        computer, _, licence, file, memory, _ = (cell.strip() for cell in row.strip("|").split("|"))
        assert f"{entry.for_gb or entry.for_card_gb} GB" in computer
        assert ("card" in computer or "kaart" in computer) == (not entry.for_gb)
        assert licence == entry.licence
        sizes = [float(figure.replace(",", ".")) for figure in re.findall(r"\d+[.,]?\d*", file)]
        assert min(sizes) - 0.06 <= entry.about_mb / 1000 <= max(sizes) + 0.06
        (held,) = re.findall(r"\d+[.,]?\d*", memory)
        assert 0 <= entry.min_ram_mb / 1000 - float(held.replace(",", ".")) < 0.8, (
            "a little more is asked for"
        )
