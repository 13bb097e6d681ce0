"""The governance kit points only at what exists, and claims no approval that is not held."""

from __future__ import annotations

import re
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
        "dcb0160-template.md", "dpia-template.md", "dtac-evidence.md",
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


def test_hazards_are_numbered_without_gaps_and_none_is_left_without_an_owner() -> None:
    rows = [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in (KIT / "hazard-log.md").read_text(encoding="utf-8").splitlines()
        if re.match(r"\| H\d", line)
    ]
    assert len(rows) >= 20
    assert [row[0] for row in rows] == [f"H{number:02}" for number in range(1, len(rows) + 1)]
    assert [row[0] for row in rows if len(row) != 9 or not all(row)] == []
