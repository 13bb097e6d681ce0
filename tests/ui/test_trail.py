"""A day in the window leaves every event of NEN 7513 in the trail, and nothing of what was said."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

from PySide6.QtPrintSupport import QPrinter
from ui.driver import Driver

from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.ports import AuditAction as A
from scribe_app.ports import ExportFormat
from scribe_app.services.audit_log import entry_as_json
from scribe_app.ui.printing import new_printer

NAME = "Zxqvneedle Example"
DONE = (
    A.CREATED, A.RECORDED, A.INFORMED, A.DRAFTED, A.EDITED, A.SIGNED, A.COPIED, A.EXPORTED, A.PRINTED,
    A.OPENED, A.SEARCHED, A.SETTINGS, A.READ_LOG, A.DELETED,
)  # fmt: skip
NOTED_ELSEWHERE = {
    A.UNLOCKED, A.UNLOCK_FAILED, A.LOCKED,  # test_locking.py, test_store_attempts.py
    A.MODELS,  # test_in_effect.py
    A.RECOVERED,  # test_consultations.py
    A.RETENTION,  # test_retention.py
    A.BACKED_UP, A.RESTORED, A.SEALED,  # test_backups.py, test_vault_backup.py, test_store_audit_chain.py
}  # fmt: skip


def test_every_event_is_noted_with_its_fields_and_without_content(drive: Driver, tmp_path: Path) -> None:
    application = drive.stage.application
    drive.screen.set_visit(PatientIdentity(NAME, "14 March 1961", "999 000 0000"), Informed.INFORMED)
    drive.review(12)
    id, (letter,) = drive.screen.id, drive.screen.letters
    assert id is not None
    application.consultations.set_informed(id, Informed.INFORMED)
    said = application.store.transcript(id).utterances[0]
    application.review.correct_utterance(id, said.id, f"{said.text} {NAME}", SpeakerRole.PATIENT)
    for statement in application.store.letter(letter.id).statements:
        application.review.settle(letter.id, statement.id)
    drive.conductor.signing._sign("Dr A", "GP")
    drive.until(lambda: drive.screen.letter is not None and drive.screen.letter.signature is not None)
    drive.conductor.signing.copy()
    drive.conductor.signing.export_to(tmp_path / "letter.txt", letter.id, ExportFormat.TXT)
    printer = new_printer("letter")
    printer.setOutputFormat(QPrinter.OutputFormat.PdfFormat)
    printer.setOutputFileName(str(tmp_path / "letter.pdf"))
    drive.conductor.signing.print_on(printer, letter.id)
    drive.conductor.library.new()
    drive.conductor.library.open(id)
    drive.until(lambda: drive.screen.id == id)
    drive.window.sidebar.search.setText(NAME)
    drive.conductor.settings.save(replace(drive.screen.settings, clinician_role=NAME, audio_days=1))
    drive.conductor.settings.open_audit()
    drive.until(lambda: {A.READ_LOG, A.SEARCHED} <= {one.action for one in application.store.audit()})
    application.consultations.delete(id)

    noted = {one.action: one for one in application.store.audit()}
    assert set(DONE) <= set(noted)
    assert set(DONE) | NOTED_ELSEWHERE == set(A), "an event that nothing notes, or that no test names"
    patients = {noted[action].patient for action in DONE if noted[action].consultation == id}
    assert len(patients) == 1, "one pseudonym for one person"
    assert patients != {""}
    everything = json.dumps([entry_as_json(one) for one in application.store.audit()])
    assert "Zxqvneedle" not in everything
    assert "audio_days=1" in everything
    assert application.store.check_audit().faults == ()
