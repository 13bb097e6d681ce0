"""A letter as JSON, as a page, and as the text that a signature covers."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import canonical_text, letter_as_json, letter_sha256, page_of, plain_text
from scribe_app.domain.ids import ConsultationId, LetterId, StatementId, UtteranceId
from scribe_app.domain.letter import (
    Coverage,
    CoverageItem,
    Flag,
    Letter,
    LetterStatus,
    Provenance,
    Section,
    Signature,
    Statement,
    Support,
)

NOW = datetime(2026, 11, 21, 18, 54, tzinfo=UTC)
CONSULTATION = Consultation(
    ConsultationId("c"),
    NOW,
    "en",
    "soap",
    patient=PatientIdentity("Zoë Example", "1961-03-14", "999 000 0000"),
)
PAIN = Statement("Chest pain.", Support.SUPPORTED, (UtteranceId(2),), id=StatementId("s1"))
PRESSURE = Statement(
    "BP 148/88.", Support.UNSUPPORTED, (), (Flag("number_not_said", "148 was not said."),), StatementId("s2")
)
LETTER = Letter(
    LetterId("0123456789abcdef"),
    ConsultationId("c"),
    "soap",
    "Record",
    "en",
    (
        Section("s", "Subjective", (PAIN, PRESSURE)),
        Section("a", "Allergies", (), "not recorded - ask"),
        Section("x", "Empty"),
    ),
    Coverage((CoverageItem(UtteranceId(9), "I smoke.", "s", "social"),), 10.0, 20.0),
    Provenance("scribe 0.1", "soap", 1, "m", "ab", "1"),
)
SIGNED = replace(
    LETTER, status=LetterStatus.FINAL, signature=Signature("Dr A", "GP", NOW, letter_sha256(LETTER))
)


def test_json_has_the_documented_form() -> None:
    values = json.loads(json.dumps(letter_as_json(LETTER)))
    assert values["sections"][0]["statements"][1] == {
        "id": "s2",
        "text": "BP 148/88.",
        "support": "unsupported",
        "evidence": [],
        "flags": [{"code": "number_not_said", "reason": "148 was not said."}],
        "settled": False,
        "quoted": False,
        "prior": [],
    }
    assert values["sections"][0]["statements"][0]["evidence"] == [2]
    assert values["sections"][1]["absent"] == "not recorded - ask"
    assert values["coverage"]["items"][0]["text"] == "I smoke."
    assert (values["coverage"]["read_until"], values["coverage"]["total"]) == (10.0, 20.0)
    assert values["provenance"]["drafting_model"] == "m"
    assert (values["status"], values["version"], values["signature"]) == ("preliminary", 1, None)
    assert letter_as_json(SIGNED)["signature"]["signed_at"] == "2026-11-21T18:54:00+00:00"


@pytest.mark.parametrize(
    "changed",
    [
        replace(LETTER, title="Other"),
        replace(LETTER, version=2),
        replace(LETTER, sections=LETTER.sections[:1]),
        replace(LETTER, sections=(replace(LETTER.sections[0], heading="Objective"),)),
        replace(LETTER, sections=(replace(LETTER.sections[0], statements=(PRESSURE, PAIN)),)),
        replace(
            LETTER,
            sections=(replace(LETTER.sections[0], statements=(replace(PAIN, text="Chest pain"), PRESSURE)),),
        ),
        replace(
            LETTER, sections=(replace(LETTER.sections[0], statements=(replace(PAIN, evidence=()), PRESSURE)),)
        ),
        replace(LETTER, provenance=None),
    ],
)
def test_a_signature_covers_every_word_its_evidence_and_what_made_it(changed: Letter) -> None:
    assert letter_sha256(changed) != letter_sha256(LETTER)


def test_signing_itself_does_not_change_what_is_signed() -> None:
    assert canonical_text(SIGNED) == canonical_text(LETTER)


def test_the_canonical_form_does_not_move() -> None:
    # A signature must still fit years later: when this fails, raise CANONICAL_FORMAT and keep the old form.
    assert letter_sha256(LETTER) == "a9d3875714abaa225fbe79394a50be316560b7dfef1bcdad3b9d9b6d0f423579"


def test_plain_text_is_ready_to_paste() -> None:
    text = plain_text(SIGNED, CONSULTATION)
    assert "DRAFT" not in text
    assert "Patient: Zoë Example\nDate of birth: 1961-03-14\nRecord number: 999 000 0000\n" in text
    assert "SUBJECTIVE\nChest pain.\n" in text
    assert "ALLERGIES\nnot recorded - ask\n" in text
    assert "EMPTY" not in text
    assert "Signed by Dr A, GP on 21 November 2026" in text
    assert SIGNED.signature is not None
    assert f"Signature code: {SIGNED.signature.sha256[:12]}" in text
    assert "Letter 01234567 · version 1" in text


def test_a_draft_says_so_first_and_marks_what_needs_a_decision() -> None:
    text = plain_text(LETTER, CONSULTATION)
    assert text.startswith("DRAFT - not signed\n")
    assert "[CHECK] BP 148/88." in text
    assert "[CHECK] Chest" not in text
    assert "Signed" not in text


def test_what_was_said_is_on_no_page() -> None:
    assert "smoke" not in plain_text(LETTER, CONSULTATION)
    assert "148 was not said" not in plain_text(LETTER, CONSULTATION)


def test_a_dutch_draft_says_so_in_both_languages() -> None:
    text = plain_text(replace(LETTER, language="nl"), CONSULTATION)
    assert text.startswith("CONCEPT - niet ondertekend (DRAFT)\n")
    assert "[NAKIJKEN] BP" in text
    assert "21 november 2026" in text


def test_identity_is_not_told_twice_where_the_letter_has_it() -> None:
    section = Section(
        "demographics", "Patient demographics", (Statement("Zoë Example, 1961", Support.SUPPORTED),)
    )
    text = plain_text(replace(LETTER, sections=(section,)), CONSULTATION)
    assert text.count("Zoë Example") == 1


def test_control_and_direction_signs_reach_no_page() -> None:
    nasty = replace(PAIN, text="5\u202e mg\x00\x1b[31m\nnext\ud800 \ufffe")
    page = page_of(replace(LETTER, sections=(Section("s", "S", (nasty,)),)), CONSULTATION)
    assert page.sections[0].lines == ("5 mg[31m next",)
