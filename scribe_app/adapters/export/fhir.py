"""A letter as a FHIR R4 document: a Bundle with Composition, Patient, Encounter, Practitioner or Device.

Resources and their required elements: hl7.org/fhir/R4/composition.html, documents.html (bdl-9, bdl-10).
Section codes: SNOMED CT UK, as the PRSB headings have them (from the letter's template).
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, date, datetime
from typing import Any
from xml.sax.saxutils import escape

from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.documents import PageSection, page_of, printable
from scribe_app.domain.letter import Letter, Section

_SNOMED = "http://snomed.info/sct"
_TYPES = {
    "outpatient": ("823681000000100", "Outpatient letter"),
    "discharge": ("373942005", "Discharge summary"),
}
"""Document type codes by template; others are told in words only."""


def document_bundle(letter: Letter, consultation: Consultation, now: datetime) -> dict[str, Any]:
    """The document as JSON values; status preliminary while unsigned, with the draft mark in its text."""
    patient = _resource_id(letter, "patient")
    encounter = _resource_id(letter, "encounter")
    author = _resource_id(letter, "author")
    composition = _composition(letter, consultation, patient, encounter, author)
    entries = [
        composition,
        _patient(consultation.patient, patient),
        _encounter(consultation, encounter, patient),
        _author(letter, author),
    ]
    return {
        "resourceType": "Bundle",
        "id": _resource_id(letter, "bundle"),
        "meta": {"lastUpdated": _instant(now)},
        "language": letter.language,
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{_resource_id(letter, 'document')}",
        },
        "type": "document",
        "timestamp": _instant(now),
        "entry": [{"fullUrl": f"urn:uuid:{resource['id']}", "resource": resource} for resource in entries],
    }


def _composition(
    letter: Letter, consultation: Consultation, patient: str, encounter: str, author: str
) -> dict[str, Any]:
    page = page_of(letter, consultation)
    written = letter.signature.signed_at if letter.signature else consultation.started_at
    drawn = [section for section in letter.sections if section.statements or section.absent]
    headed = [page_section for page_section in page.sections if page_section.heading]
    sections = [_section(section, shown) for section, shown in zip(drawn, headed, strict=True)]
    # Opening and closing lines have no heading of their own: they stand in the document's own text.
    framing = [line for shown in page.sections if not shown.heading for line in shown.lines]
    title = f"{page.title} ({page.draft})" if page.draft else page.title
    composition: dict[str, Any] = {
        "resourceType": "Composition",
        "id": _resource_id(letter, "composition"),
        "language": letter.language,
        "text": {
            "status": "generated",
            "div": _narrative([title, *(f"{a}: {b}" for a, b in page.identity), *framing]),
        },
        "identifier": {
            "system": "urn:ietf:rfc:3986",
            "value": f"urn:uuid:{_resource_id(letter, 'versions')}",
        },
        "status": letter.status.value,
        "type": _type(letter),
        "subject": {"reference": f"urn:uuid:{patient}"},
        "encounter": {"reference": f"urn:uuid:{encounter}"},
        "date": _instant(written),
        "author": [{"reference": f"urn:uuid:{author}"}],
        "title": title,
        "event": [{"period": {"start": _instant(consultation.started_at)}}],
    }
    if letter.signature:
        composition["attester"] = [
            {
                "mode": "professional",
                "time": _instant(letter.signature.signed_at),
                "party": {"reference": f"urn:uuid:{author}"},
            }
        ]
    if sections:
        composition["section"] = sections
    return composition


def _section(section: Section, page: PageSection) -> dict[str, Any]:
    values: dict[str, Any] = {"title": page.heading}
    if section.snomed_code:
        values["code"] = {
            # No display: that would have to be SNOMED's own term, and the heading may be Dutch.
            "coding": [{"system": _SNOMED, "code": section.snomed_code}],
            "text": page.heading,
        }
    values["text"] = {"status": "generated", "div": _narrative(page.lines)}
    return values


def _type(letter: Letter) -> dict[str, Any]:
    if letter.template not in _TYPES:
        return {"text": printable(letter.title) or letter.template}
    code, display = _TYPES[letter.template]
    return {
        "coding": [{"system": _SNOMED, "code": code, "display": display}],
        "text": printable(letter.title) or display,
    }


def _patient(patient: PatientIdentity, id: str) -> dict[str, Any]:
    resource: dict[str, Any] = {"resourceType": "Patient", "id": id}
    if number := printable(patient.record_number):
        # As typed: whether it is an NHS number, a BSN or a local number is not known here, so no system.
        resource["identifier"] = [{"value": number}]
    if name := printable(patient.name):
        resource["name"] = [{"text": name}]
    if born := _birth_date(patient.date_of_birth):
        resource["birthDate"] = born
    return resource


def _encounter(consultation: Consultation, id: str, patient: str) -> dict[str, Any]:
    return {
        "resourceType": "Encounter",
        "id": id,
        "status": "finished",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "AMB",
            "display": "ambulatory",
        },
        "subject": {"reference": f"urn:uuid:{patient}"},
        "period": {"start": _instant(consultation.started_at)},
    }


def _author(letter: Letter, id: str) -> dict[str, Any]:
    if letter.signature is None:
        # Nobody has put a name to it: the program wrote it.
        made_by = letter.provenance.application if letter.provenance else "scribe"
        return {
            "resourceType": "Device",
            "id": id,
            "deviceName": [{"name": printable(made_by), "type": "user-friendly-name"}],
        }
    name = {"text": printable(letter.signature.name)}
    resource: dict[str, Any] = {"resourceType": "Practitioner", "id": id, "name": [name]}
    if role := printable(letter.signature.role):
        resource["qualification"] = [{"code": {"text": role}}]
    return resource


def _birth_date(typed: str) -> str | None:
    """The date in ISO form, read year first or (as in the UK and the Netherlands) day first; else None."""
    parts = re.fullmatch(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})", typed.strip())
    if parts is None:
        return None
    first, month, last = (int(part) for part in parts.groups())
    year, day = (first, last) if len(parts[1]) == 4 else (last, first)
    if len(parts[1]) != 4 and len(parts[3]) != 4:
        return None  # a year of two digits could be of either century
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def _narrative(lines: tuple[str, ...] | list[str]) -> str:
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    return f'<div xmlns="http://www.w3.org/1999/xhtml">{paragraphs}</div>'


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _resource_id(letter: Letter, part: str) -> str:
    """The same letter version always gives the same ids; "versions" is the same for all versions."""
    version = "" if part == "versions" else str(letter.version)
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"{letter.id}/{version}/{part}"))
