"""The governance kit points only at what exists, and claims no approval that is not held."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KIT = ROOT / "resources" / "governance"
DOCUMENTS = sorted(KIT.glob("*.md"))
LINK = re.compile(r"\]\(([^)\s]+)\)")
REFERENCE = re.compile(r"`((?:scribe_app|tests|packaging|models|resources)/[^`\s]*)")
CLAIM = re.compile(
    r"approved by|certified|compliant with|conforms to|\bCE[- ]marked|\bUKCA\b"
    r"|goedgekeurd door|gecertificeerd|voldoet aan|CE-gemarkeerd",
    re.IGNORECASE,
)
DENIAL = re.compile(r"\b(not|niet)\b", re.IGNORECASE)


def test_the_kit_has_its_documents() -> None:
    names = {file.name for file in DOCUMENTS}
    assert names >= {
        "README.md", "intended-purpose.md", "known-limits.md", "hazard-log.md", "safety-case.md",
        "dcb0160-template.md", "dpia-template.md", "dpia-sjabloon-nl.md", "dtac-evidence.md",
        "leaflet-en.md", "leaflet-nl.md", "poster-en.md", "poster-nl.md", "network-silence.md",
        "model-cards.md", "modelkaarten-nl.md",
    }  # fmt: skip


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_what_a_document_points_at_exists(document: Path) -> None:
    text = document.read_text(encoding="utf-8")
    links = [link.split("#")[0] for link in LINK.findall(text) if "://" not in link]
    missing = [link for link in links if link and not (KIT / link).exists()]
    missing += [named for named in REFERENCE.findall(text) if not any(ROOT.glob(named.split("::")[0]))]
    assert missing == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda file: file.name)
def test_no_document_claims_an_approval(document: Path) -> None:
    lines = document.read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if CLAIM.search(line) and not DENIAL.search(line)] == []


def test_the_dutch_model_cards_tell_of_the_same_models() -> None:
    rows, headings = [], []
    for name in ("model-cards.md", "modelkaarten-nl.md"):
        text = (KIT / name).read_text(encoding="utf-8")
        rows.append(
            [row.replace(" met ", " with ") for row in re.findall(r"^\| ([^|]+) \| [^|]*\|", text, re.M)]
        )
        headings.append(len(re.findall(r"^## ", text, re.M)))
    assert rows[0] == rows[1]
    assert len(rows[0]) > 5
    assert headings[0] == headings[1]


def test_every_drafting_and_speech_model_of_the_manifest_has_a_card() -> None:
    cards = (KIT / "model-cards.md").read_text(encoding="utf-8").lower()
    listed = tomllib.loads((ROOT / "models" / "manifest.toml").read_text(encoding="utf-8"))["model"]
    nameless = [
        model["id"]
        for model in listed
        if model["task"] != "diarisation" and not _is_named(model["name"].lower(), cards)
    ]
    assert nameless == []


def _is_named(name: str, cards: str) -> bool:
    """By its family and its size: "Qwen3 4B Instruct 2507, Q4_K_M" is in "Qwen3 1.7B, 4B Instruct 2507"."""
    words = name.split(",")[0].split()
    return words[0] in cards and all(word in cards for word in words)


def test_hazards_are_numbered_without_gaps_and_none_is_left_without_an_owner() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (KIT / "hazard-log.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| H\d", line)
    ]
    assert len(rows) >= 20
    assert [row[0] for row in rows] == [f"H{number:02}" for number in range(1, len(rows) + 1)]
    assert [row[0] for row in rows if len(row) != 9 or not all(row)] == []


def test_each_rating_is_what_the_table_gives_and_the_high_ones_are_listed() -> None:
    text = (KIT / "hazard-log.md").read_text(encoding="utf-8")
    table = re.search(r"\| likelihood \|(.*)\n\|[-|]+\n((?:\|.*\n)+)", text)
    assert table is not None
    severities = [cell.strip() for cell in table[1].split("|") if cell.strip()]
    rated = {}
    for line in table[2].splitlines():
        likelihood, *numbers = [cell.strip() for cell in line.strip("|").split("|")]
        rated |= {f"{severity} / {likelihood}": n for severity, n in zip(severities, numbers, strict=True)}
    wrong, high = [], []
    for row in re.findall(r"^\| H\d\d .*$", text, re.MULTILINE):
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        ratings = [rating.split(" = ") for rating in cells[5:7]]
        wrong += [f"{cells[0]}: {where}" for where, number in ratings if rated.get(where) != number]
        high += [cells[0]] if int(ratings[1][1]) >= 3 else []
    assert wrong == []
    assert f"Residual 3 or more as proposed: {', '.join(high)}." in text


QUOTED = {
    "lost when the recorder": r"(\d\.\d+) s",
    "lost by a power cut": r"most (\d\.\d+) s",
    "attempts to steer the letter by speech": r"of (\d+)",
    "planted errors found on aci-bench": r"(\d+\.\d)",
    "critical facts of PriMock57": r"(\d+\.\d) %",
}
"""Rows of the README whose figures known-limits.md quotes, and how the figures look there."""


@pytest.mark.parametrize("row", QUOTED)
def test_known_limits_quotes_the_figures_of_the_readme(row: str) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    found = re.search(rf"^\| [^|]*{re.escape(row)}[^|]*\| ([^|]*) \|", readme, re.MULTILINE)
    assert found is not None, f"the README has no row {row!r} any more: known-limits.md quotes it"
    figures = re.findall(QUOTED[row], found[1])
    limits = (KIT / "known-limits.md").read_text(encoding="utf-8")
    missing = [figure for figure in figures if not re.search(rf"\b{re.escape(figure)}\b", limits)]
    assert figures
    assert missing == [], f"resources/governance/known-limits.md must say what the README says: {found[1]}"
