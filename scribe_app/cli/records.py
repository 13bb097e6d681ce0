"""scribe audit, scribe retention and scribe consultations: what is kept, who did what, what goes when."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

from scribe_app.cli.output import EXIT_FAILURE, Output
from scribe_app.cli.unlocking import opened
from scribe_app.domain.consultation import Consultation, PatientIdentity
from scribe_app.domain.erasure import Why
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ExportError, UsageError
from scribe_app.ports import AuditAction, AuditCheck, AuditEntry
from scribe_app.services.application import Application, Workshop
from scribe_app.services.audit_log import AuditFilter, check_export, entry_as_json
from scribe_app.services.patient_records import PatientRecords

WHOLE = "The trail is whole."


def add_audit_options(verb: ArgumentParser) -> None:
    """The options of scribe audit."""
    verb.add_argument("action", choices=("list", "verify", "export"))
    verb.add_argument("file", nargs="?", type=Path, help="where to export to; or an exported file to verify")
    verb.add_argument("--from", dest="first_day", type=_day, metavar="DAY", help="first day, as 2026-11-21")
    verb.add_argument("--to", dest="last_day", type=_day, metavar="DAY", help="last day")
    verb.add_argument("--user", default="", help="part of a name")
    verb.add_argument("--consultation", default="", metavar="ID", help="or the patient's pseudonym")
    verb.add_argument(
        "--event", default="", choices=("", *AuditAction), metavar="EVENT", help="such as signed"
    )


def audit(arguments: Namespace, workshop: Workshop) -> int:
    """List, verify or export the audit trail."""
    output = Output(arguments.json)
    if arguments.action == "verify" and arguments.file is not None:
        return _verify_file(arguments.file, output)
    if arguments.action == "export" and arguments.file is None:
        raise UsageError("There is no file to export to.", "Nothing was written.", "scribe audit export FILE")
    wanted = AuditFilter(
        arguments.first_day, arguments.last_day, arguments.user, arguments.consultation, arguments.event
    )
    with opened(workshop, arguments) as application:
        if arguments.action == "export":
            return _export(application, wanted, arguments.file, output)
        if arguments.action == "list":
            entries, check = application.audit_log.read(wanted)
        else:
            entries, check = [], application.audit_log.check()
    for entry in entries:
        output.line(_told(entry))
    document: dict[str, Any] = _as_json(check)
    if arguments.action == "list":
        document["listed"] = [entry_as_json(entry) for entry in entries]
    for fault in check.faults:
        output.line(fault)
    output.line(
        f"{check.count} entries, head {check.code}. {WHOLE if not check.faults else 'It was changed.'}"
    )
    output.document(document)
    return EXIT_FAILURE if check.faults else 0


def _export(application: Application, wanted: AuditFilter, file: Path, output: Output) -> int:
    made = application.audit_log.export(wanted)
    _write(file, made.content)
    output.line(f"{made.count} entries written to {file}.")
    output.line(f"Signed with the key {made.public_key}")
    output.document({"file": str(file), "entries": made.count, "public_key": made.public_key})
    return 0


def _verify_file(file: Path, output: Output) -> int:
    try:
        checked = check_export(file.read_bytes())
    except OSError as error:
        raise ExportError(
            f"{file} cannot be read ({error.strerror}).", "Nothing was changed.", "Check the file's name."
        ) from error
    output.line(f"{checked.count} entries, as they were exported.")
    output.line(f"Signed with the key {checked.public_key}; compare it with the one that the sender names.")
    output.document({"file": str(file), "entries": checked.count, "public_key": checked.public_key})
    return 0


def add_retention_options(verb: ArgumentParser) -> None:
    """The options of scribe retention."""
    verb.add_argument("action", choices=("run",))
    verb.add_argument("--dry-run", action="store_true", help="only say what would be erased")
    verb.add_argument("--yes", action="store_true", help="the computer's date and the number are right")


def retention(arguments: Namespace, workshop: Workshop) -> int:
    """Erase what has outlived its time."""
    output = Output(arguments.json)
    with opened(workshop, arguments) as application:
        assert application.retention is not None
        run = application.retention.run(confirmed=arguments.yes, dry=arguments.dry_run)
    for erasure in run.due if arguments.dry_run else run.erased:
        output.line(f"{erasure.consultation}  {erasure.part}")
    if run.doubt:
        output.line(run.doubt)
        output.line("Nothing was erased. If that is right: scribe retention run --yes")
    elif arguments.dry_run:
        output.line(f"{len(run.due)} parts would be erased.")
    else:
        output.line(f"{len(run.erased)} parts were erased.")
    output.document(
        {
            "due": [{"consultation": one.consultation, "part": one.part.value} for one in run.due],
            "erased": len(run.erased),
            "question": run.doubt,
        }
    )
    return EXIT_FAILURE if run.doubt else 0


def add_consultation_options(verb: ArgumentParser) -> None:
    """The options of scribe consultations."""
    verb.add_argument("action", choices=("list", "export", "delete"))
    verb.add_argument("ids", nargs="*", metavar="CONSULTATION", help="ids; or say whose, as follows")
    verb.add_argument(
        "--record-number", default="", metavar="NUMBER", help="all of the patient with this number"
    )
    verb.add_argument("--name", default="", help="all of the patient with this name, with --born")
    verb.add_argument("--born", default="", metavar="DATE", help="date of birth, as it was typed")
    verb.add_argument("--output", type=Path, metavar="FILE", help="for export: the ZIP file to write")
    verb.add_argument("--yes", action="store_true", help="for delete: do not ask")


def consultations(arguments: Namespace, workshop: Workshop) -> int:
    """List, hand over or erase consultations, of one patient where that is said."""
    output = Output(arguments.json)
    if arguments.action == "export" and arguments.output is None:
        raise UsageError("There is no file to export to.", "Nothing was written.", "Give one with --output.")
    with opened(workshop, arguments) as application:
        records = PatientRecords(application.store, application.consultations)
        chosen = _chosen(arguments, application, records)
        for one in chosen:
            output.line(
                f"{one.id}  {one.started_at.astimezone():%Y-%m-%d %H:%M}  {one.state}  {one.patient.name}"
            )
        if arguments.action == "export":
            records.hand_over(chosen, arguments.output)
            output.line(f"{len(chosen)} written to {arguments.output}. It is not encrypted.")
        elif arguments.action == "delete":
            if not chosen:
                raise UsageError("Nothing is held for this patient.", "Nothing was erased.")
            _ask(arguments, len(chosen))
            receipt = records.erase(chosen, Why.CLINICIAN if arguments.ids else Why.PATIENT)
            output.line(receipt.text.rstrip())
    output.document([{"consultation": one.id, "state": one.state.value} for one in chosen])
    return 0


def _chosen(
    arguments: Namespace, application: Application, records: PatientRecords
) -> Sequence[Consultation]:
    who = PatientIdentity(arguments.name, arguments.born, arguments.record_number)
    if who != PatientIdentity():
        return records.find(who)
    if arguments.ids:
        return [application.store.consultation(ConsultationId(id)) for id in arguments.ids]
    if arguments.action == "list":
        listed = application.store.consultations()
        application.trail.note(AuditAction.SEARCHED, detail=f"{len(listed)} listed")
        return listed
    raise UsageError(
        "This does not say which consultations.", "Nothing was changed.", "Give ids, or --record-number."
    )


def _ask(arguments: Namespace, count: int) -> None:
    if arguments.yes:
        return
    if not sys.stdin.isatty():
        raise UsageError("Erasing is for good.", "Nothing was erased.", "Add --yes when that is meant.")
    print(f"Erase {count} for good? Type {count} to go on: ", end="", file=sys.stderr, flush=True)
    if sys.stdin.readline().strip() != str(count):
        raise UsageError("That was not the number.", "Nothing was erased.")


def _told(entry: AuditEntry) -> str:
    what = " ".join(part for part in (entry.object, entry.detail) if part)
    outcome = "" if entry.outcome == "done" else f" {entry.outcome}"
    return (
        f"{entry.number:>6}  {entry.at.astimezone():%Y-%m-%d %H:%M:%S}  {entry.action.value:<13}{outcome}  "
        f"{entry.user}  {entry.consultation or ''}  {what}"
    ).rstrip()


def _as_json(check: AuditCheck) -> dict[str, Any]:
    return {"entries": check.count, "head": check.code, "faults": list(check.faults)}


def _write(file: Path, content: bytes) -> None:
    try:
        file.write_bytes(content)
    except OSError as error:
        raise ExportError(
            f"{file} cannot be written ({error.strerror}).", "Nothing was changed.", "Choose another place."
        ) from error


def _day(text: str) -> date:
    return date.fromisoformat(text)
