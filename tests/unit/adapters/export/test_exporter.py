"""Letters as files, read back by other means than those that wrote them."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import uuid
import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import docx
import pytest
from pdf_text import pdf_text

from scribe_app.adapters.export import Exporter
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import letter_as_json, letter_sha256
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
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
from scribe_app.domain.transcript import Transcript, Utterance
from scribe_app.errors import ExportError
from scribe_app.ports import ExportFormat

NOW = datetime(2026, 11, 21, 18, 54, tzinfo=UTC)
SPOKEN = "whispered secret"
CONSULTATION = Consultation(
    ConsultationId("c"),
    NOW,
    "nl",
    "outpatient",
    patient=PatientIdentity("Zoë van Égér", "14-03-1961", "999 000 0000"),
)
TRANSCRIPT = Transcript((Utterance(UtteranceId(1), SPOKEN, 0, 1),), "nl")
MARKUP = "<b>37,5 °C</b> & <img src='file:///etc/passwd'/> µg coëfficiënt"
LETTER = Letter(
    LetterId("0123456789abcdef"),
    ConsultationId("c"),
    "outpatient",
    "Polikliniekbrief",
    "nl",
    (
        Section("history", "Anamnese", (
            Statement(MARKUP, Support.SUPPORTED, (UtteranceId(1),)),
            Statement("Bloeddruk 148/88.", Support.UNSUPPORTED, (), (Flag("c", "not said"),), settled=True),
        ), snomed_code="717121000000105"),
        Section("allergies", "Allergieën", (), "niet vastgelegd - vraag na", "886921000000105"),
        Section("social", "Sociaal"),
    ),
    Coverage((CoverageItem(UtteranceId(1), SPOKEN, "social", "social"),), 1.0, 1.0),
    Provenance("scribe 0.1", "outpatient", 1, "m", "ab", "1"),
)  # fmt: skip
FINAL = replace(LETTER, status=LetterStatus.FINAL)
SIGNED = replace(FINAL, signature=Signature("Dr. Ünal", "huisarts", NOW, letter_sha256(FINAL)))
HASH = letter_sha256(FINAL)[:12]


def export(letter: Letter, format: ExportFormat, consultation: Consultation = CONSULTATION) -> bytes:
    return Exporter(lambda: NOW).export(letter, consultation, TRANSCRIPT, format)


def docx_paragraphs(content: bytes) -> list[tuple[str, str]]:
    document = docx.Document(io.BytesIO(content))
    return [(paragraph.style.name, paragraph.text) for paragraph in document.paragraphs]


def all_parts(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "".join(archive.read(name).decode("utf-8", "replace") for name in archive.namelist())


def readable(letter: Letter, format: ExportFormat) -> str:
    content = export(letter, format)
    match format:
        case ExportFormat.DOCX:
            return "\n".join(text for _, text in docx_paragraphs(content))
        case ExportFormat.PDF:
            return pdf_text(content)
        case _:
            return content.decode()


PAPER = [ExportFormat.TXT, ExportFormat.DOCX, ExportFormat.PDF]


@pytest.mark.parametrize("format", PAPER)
def test_a_signed_letter_reads_the_same_on_every_paper(format: ExportFormat) -> None:
    text = readable(SIGNED, format)
    for wanted in ("Polikliniekbrief", "Zoë van Égér", "14-03-1961", "999 000 0000", "21 november 2026"):
        assert wanted in text, wanted
    for wanted in (MARKUP, "Bloeddruk 148/88.", "niet vastgelegd - vraag na"):
        assert wanted in text, wanted
    assert "Ondertekend door Dr. Ünal, huisarts" in text
    assert HASH in text
    assert "DRAFT" not in text
    assert "Sociaal" not in text


@pytest.mark.parametrize("format", PAPER)
def test_a_draft_says_so_and_bears_no_name(format: ExportFormat) -> None:
    text = readable(LETTER, format)
    assert "CONCEPT - niet ondertekend (DRAFT)" in text
    assert "Ondertekend" not in text


@pytest.mark.parametrize("format", [*PAPER, ExportFormat.FHIR])
def test_what_was_said_does_not_leave_with_the_letter(format: ExportFormat) -> None:
    content = export(SIGNED, format)
    text = all_parts(content) if format is ExportFormat.DOCX else readable(SIGNED, format)
    assert SPOKEN not in text
    assert SPOKEN.encode() not in content


class TestWord:
    def test_headings_are_headings_for_screen_readers(self) -> None:
        styles = {text: style for style, text in docx_paragraphs(export(SIGNED, ExportFormat.DOCX))}
        assert styles["Polikliniekbrief"] == "Title"
        assert styles["Anamnese"] == "Heading 1"
        assert styles["Bloeddruk 148/88."] == "Normal"

    def test_header_and_footer_tell_draft_letter_version_and_page(self) -> None:
        section = docx.Document(io.BytesIO(export(LETTER, ExportFormat.DOCX))).sections[0]
        assert "DRAFT" in section.header.paragraphs[0].text
        assert section.footer.paragraphs[0].text.startswith("Brief 01234567 · versie 1 · CONCEPT")
        fields = re.findall(r"<w:instrText[^>]*>(\w+)<", section.footer.paragraphs[0]._p.xml)
        assert fields == ["PAGE", "NUMPAGES"]
        signed = docx.Document(io.BytesIO(export(SIGNED, ExportFormat.DOCX))).sections[0]
        assert "DRAFT" not in signed.header.paragraphs[0].text

    def test_file_properties_name_no_person(self) -> None:
        core = docx.Document(io.BytesIO(export(SIGNED, ExportFormat.DOCX))).core_properties
        assert (core.author, core.last_modified_by, core.comments) == ("", "", "")
        assert (core.title, core.language) == ("Polikliniekbrief", "nl-NL")

    def test_every_part_is_well_formed_whatever_the_text(self) -> None:
        nasty = Statement("a\x00b\x0b\ud800\ufffe ]]> {{x}} \U0001f600", Support.SUPPORTED)
        content = export(replace(LETTER, sections=(Section("s", "S\x01", (nasty,)),)), ExportFormat.DOCX)
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if name.endswith((".xml", ".rels")):
                    ElementTree.fromstring(archive.read(name))  # noqa: S314 - our own output
        assert ("Normal", "ab ]]> {{x}} \U0001f600") in docx_paragraphs(content)


class TestPdf:
    def test_its_font_is_embedded(self) -> None:
        content = export(SIGNED, ExportFormat.PDF)
        assert content.startswith(b"%PDF-")
        assert b"/FontFile2" in content
        assert b"/Lang (nl)" in content

    def test_pages_are_numbered_and_each_bears_the_mark(self) -> None:
        many = tuple(Statement(f"Zin {number}.", Support.SUPPORTED) for number in range(100))
        text = pdf_text(export(replace(LETTER, sections=(Section("s", "S", many),)), ExportFormat.PDF))
        assert [f"Pagina {n} / 3" in text for n in (1, 2, 3)] == [True] * 3
        assert text.count("CONCEPT - niet ondertekend (DRAFT)") == 1 + 2 * 3
        assert "Zin 0." in text
        assert "Zin 99." in text

    def test_a_sign_that_the_font_lacks_is_named_and_nothing_written(self) -> None:
        odd = Section("s", "S", (Statement("Naam: \u05d0\u05d1", Support.SUPPORTED),))
        with pytest.raises(ExportError, match="\u05d0 \u05d1"):
            export(replace(LETTER, sections=(odd,)), ExportFormat.PDF)

    def test_accents_typed_in_two_signs_are_shown_as_one(self) -> None:
        typed = Section("s", "S", (Statement("Zoe\u0308", Support.SUPPORTED),))
        assert "Zoë" in pdf_text(export(replace(LETTER, sections=(typed,)), ExportFormat.PDF))

    @pytest.mark.skipif(not shutil.which("pdftotext"), reason="needs pdftotext (poppler)")
    def test_another_reader_finds_the_same_text(self, tmp_path: Path) -> None:
        (tmp_path / "letter.pdf").write_bytes(export(SIGNED, ExportFormat.PDF))
        ended = subprocess.run(
            ["pdftotext", "-layout", str(tmp_path / "letter.pdf"), "-"],
            capture_output=True,
            check=True,
            timeout=30,
        )
        assert "Zoë van Égér" in ended.stdout.decode()
        assert MARKUP in ended.stdout.decode()


class TestFhir:
    def resources(self, letter: Letter, consultation: Consultation = CONSULTATION) -> dict[str, Any]:
        bundle = json.loads(export(letter, ExportFormat.FHIR, consultation))
        return {entry["resource"]["resourceType"]: entry["resource"] for entry in bundle["entry"]}

    def test_the_bundle_is_a_document(self) -> None:
        bundle = json.loads(export(SIGNED, ExportFormat.FHIR))
        assert (bundle["resourceType"], bundle["type"]) == ("Bundle", "document")
        assert bundle["timestamp"] == "2026-11-21T18:54:00.000Z"
        assert bundle["identifier"]["system"]
        assert bundle["identifier"]["value"]
        assert bundle["entry"][0]["resource"]["resourceType"] == "Composition"
        for entry in bundle["entry"]:
            assert entry["fullUrl"] == f"urn:uuid:{uuid.UUID(entry['resource']['id'])}"

    def test_every_reference_is_to_an_entry(self) -> None:
        for letter in (LETTER, SIGNED):
            bundle = json.loads(export(letter, ExportFormat.FHIR))
            urls = [entry["fullUrl"] for entry in bundle["entry"]]
            references = re.findall(r'"reference": "([^"]+)"', json.dumps(bundle))
            assert len(urls) == len(set(urls)) == 4
            assert references
            assert set(references) <= set(urls)

    def test_the_composition_has_all_that_r4_requires(self) -> None:
        composition = self.resources(SIGNED)["Composition"]
        for required in ("status", "type", "date", "author", "title", "subject", "encounter"):
            assert composition[required], required
        assert composition["status"] == "final"
        assert composition["type"]["coding"][0]["code"] == "823681000000100"
        assert composition["attester"][0]["mode"] == "professional"
        assert composition["attester"][0]["time"] == "2026-11-21T18:54:00.000Z"

    def test_sections_carry_their_codes_and_escaped_text(self) -> None:
        history, allergies = self.resources(SIGNED)["Composition"]["section"]
        assert history["code"]["coding"] == [{"system": "http://snomed.info/sct", "code": "717121000000105"}]
        assert allergies["title"] == "Allergieën"
        div = ElementTree.fromstring(history["text"]["div"])  # noqa: S314 - our own output
        assert div.tag == "{http://www.w3.org/1999/xhtml}div"
        assert [paragraph.text for paragraph in div] == [MARKUP, "Bloeddruk 148/88."]
        assert "niet vastgelegd" in allergies["text"]["div"]

    def test_a_draft_is_preliminary_written_by_a_device_and_attested_by_nobody(self) -> None:
        resources = self.resources(LETTER)
        assert resources["Composition"]["status"] == "preliminary"
        assert "DRAFT" in resources["Composition"]["title"]
        assert "attester" not in resources["Composition"]
        assert "Practitioner" not in resources
        assert resources["Device"]["deviceName"][0]["name"] == "scribe 0.1"

    def test_the_signer_is_the_practitioner(self) -> None:
        practitioner = self.resources(SIGNED)["Practitioner"]
        assert practitioner["name"] == [{"text": "Dr. Ünal"}]
        assert practitioner["qualification"][0]["code"]["text"] == "huisarts"

    @pytest.mark.parametrize(
        ("typed", "born"),
        [
            ("1961-03-14", "1961-03-14"),
            ("14-03-1961", "1961-03-14"),
            ("14/3/1961", "1961-03-14"),
            ("14.03.1961", "1961-03-14"),
            ("14-03-61", None),
            ("31-02-1961", None),
            ("March 1961", None),
            ("", None),
        ],
    )
    def test_a_date_of_birth_is_told_only_when_it_is_sure(self, typed: str, born: str | None) -> None:
        patient = replace(CONSULTATION, patient=PatientIdentity("A", typed, ""))
        assert self.resources(SIGNED, patient)["Patient"].get("birthDate") == born

    def test_the_same_version_has_the_same_ids_and_another_version_others(self) -> None:
        first, again = self.resources(SIGNED)["Composition"], self.resources(SIGNED)["Composition"]
        amended = self.resources(replace(SIGNED, version=2))["Composition"]
        assert first["id"] == again["id"] != amended["id"]
        assert first["identifier"] == amended["identifier"]


def test_json_is_the_letter_as_documented() -> None:
    assert json.loads(export(SIGNED, ExportFormat.JSON)) == letter_as_json(SIGNED)


def test_a_letter_without_patient_or_provenance_can_leave_too() -> None:
    bare = replace(LETTER, provenance=None, sections=(), coverage=Coverage())
    nobody = replace(CONSULTATION, patient=PatientIdentity())
    for format in ExportFormat:
        assert export(bare, format, nobody)
