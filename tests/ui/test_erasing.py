"""Deleting, objecting and withdrawing in the window, and the audit trail to look at."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TypeVar

from PySide6.QtWidgets import QApplication, QDialog, QLabel
from ui.driver import Driver

from scribe_app.config import Settings
from scribe_app.domain.consultation import ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import ConsultationId
from scribe_app.policy import Policy
from scribe_app.ports import AuditAction
from scribe_app.services.audit_log import check_export
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.retention import Retention
from scribe_app.ui.audit_dialog import AuditDialog
from scribe_app.ui.dialogs import ChoiceDialog
from scribe_app.ui.erasing_presenter import EraseDialog
from scribe_app.ui.settings_dialog import SettingsDialog

S = ConsultationState
D = TypeVar("D", bound=QDialog)


def dialog_of(drive: Driver, kind: type[D]) -> D:
    def shown() -> list[D]:
        return [one for one in drive.window.findChildren(kind) if one.isVisible()]

    drive.until(lambda: bool(shown()))
    return shown()[0]


def events(drive: Driver) -> list[AuditAction]:
    return [entry.action for entry in drive.stage.application.store.audit()]


def current(drive: Driver) -> ConsultationId:
    assert drive.screen.id is not None
    return drive.screen.id


class TestDeleting:
    def test_says_what_goes_and_keeps_it_unless_told_otherwise(self, drive: Driver) -> None:
        drive.review(12)
        id = current(drive)
        drive.conductor.erasing.delete(id)
        dialog = dialog_of(drive, EraseDialog)
        for words in ("of sound", "the transcript", "1 draft", "cannot be brought back"):
            assert words in dialog.text.text()
        assert not dialog.word.isVisible()
        dialog.keep.click()
        assert drive.stage.application.store.consultation(id).id == id

    def test_erases_it_and_leaves_a_receipt(self, drive: Driver) -> None:
        drive.review(12)
        id = current(drive)
        drive.conductor.erasing.delete(id)
        dialog_of(drive, EraseDialog).erase.click()
        drive.until(lambda: drive.stage.application.store.consultations() == [])
        drive.until(lambda: drive.window.sidebar.model.row_of(id) == -1)
        assert drive.screen.id is None
        assert AuditAction.DELETED in events(drive)

    def test_a_signed_letter_goes_only_after_a_word(self, drive: Driver) -> None:
        drive.review(12)
        review, (letter,) = drive.stage.application.review, drive.screen.letters
        for statement in letter.statements:
            if statement.needs_settling:
                review.settle(letter.id, statement.id)
        review.sign(letter.id, "Dr A", "GP")
        drive.conductor.erasing.delete(current(drive))
        dialog = dialog_of(drive, EraseDialog)
        assert "1 signed letter" in dialog.text.text()
        assert not dialog.erase.isEnabled()
        dialog.word.setText("Delete ")
        assert dialog.erase.isEnabled()
        dialog.keep.click()


class TestObjecting:
    def test_keeps_the_microphone_shut_and_offers_a_letter_from_notes(self, drive: Driver) -> None:
        drive.screen.set_visit(PatientIdentity("Zoë Example"), Informed.OBJECTED)
        header = drive.window.header
        assert not header.start.isEnabled()
        assert "objected" in header.start.toolTip()
        assert header.typed.isVisible()
        assert not header.start.isVisible()
        assert "nothing is recorded" in drive.window.transcript.teaching.text()
        drive.window.notes.notes.setPlainText("Blood pressure 130/80.")
        header.typed.click()
        drive.until(lambda: drive.screen.state is S.IN_REVIEW)
        assert drive.stage.recorder.calls == []
        assert not header.typed.isVisible()
        held = drive.stage.application.store.consultation(current(drive))
        assert (held.informed, held.notes) == (Informed.OBJECTED, "Blood pressure 130/80.")

    def test_while_recording_pauses_at_once_and_erases_after_a_yes(self, drive: Driver) -> None:
        drive.record(8)
        id = current(drive)
        drive.conductor.identity.save(drive.screen.patient, Informed.OBJECTED)
        dialog = dialog_of(drive, ChoiceDialog)
        drive.until(lambda: "pause" in drive.stage.recorder.calls)
        dialog.other.click()
        store = drive.stage.application.store
        drive.until(lambda: store.consultation(id).informed is Informed.OBJECTED)
        assert len(store.transcript(id)) == 0
        drive.until(lambda: drive.window.transcript.list.transcript.rowCount() == 0)
        drive.until(lambda: "erased on" in drive.window.transcript.teaching.text())
        assert drive.screen.recording is None

    def test_back_goes_on_recording(self, drive: Driver) -> None:
        drive.record(8)
        drive.conductor.identity.save(drive.screen.patient, Informed.OBJECTED)
        dialog_of(drive, ChoiceDialog).safe.click()
        drive.until(lambda: "resume" in drive.stage.recorder.calls)
        assert len(drive.stage.application.store.transcript(current(drive))) == 8

    def test_withdrawing_keeps_the_letter_and_offers_nothing_to_play(self, drive: Driver) -> None:
        drive.review(12)
        id = current(drive)
        drive.conductor.erasing.refuse(id, Informed.WITHDRAWN)
        dialog_of(drive, ChoiceDialog).other.click()
        store = drive.stage.application.store
        drive.until(lambda: store.consultation(id).informed is Informed.WITHDRAWN)
        drive.until(lambda: drive.window.header.informed.text() == "Withdrawn")
        assert len(store.letters(id)) == 1
        drive.window.letter.view.choose_next_unsettled()
        assert not drive.window.transcript.play.isVisible()


class TestRetention:
    def test_asks_before_a_large_share_goes(self, drive: Driver) -> None:
        application = drive.stage.application
        retention = Retention(
            application.store,
            application.trail,
            application.bus,
            replace(Settings(), draft_days=0),
            application.consultations,
        )
        object.__setattr__(application, "retention", retention)
        for _ in range(10):
            application.consultations.begin_typed(NewConsultation(), "typed")
        drive.until(lambda: all(one.state is S.IN_REVIEW for one in application.store.consultations()))
        drive.conductor.erasing.look()
        banner = drive.window.banner
        drive.until(lambda: "outlived" in banner.title.text())
        assert "10 of 10" in banner.text.text()
        assert len(application.store.consultations()) == 10
        banner.action.click()
        drive.until(lambda: application.store.consultations() == [])


class TestKeepingNothing:
    def test_three_clocks_at_once_and_back_again(self, drive: Driver) -> None:
        drive.conductor.settings.open()
        page = dialog_of(drive, SettingsDialog).privacy
        assert not page.nothing.isChecked()
        page.nothing.click()
        chosen = page.apply(drive.screen.settings)
        assert (chosen.audio_days, chosen.transcript_days, chosen.letter_days) == (0, 0, 0)
        assert chosen.draft_days == Settings().draft_days, "what is not signed yet stays"
        assert not page.choices["audio_days"].isEnabled()
        page.nothing.click()
        assert page.apply(drive.screen.settings) == drive.screen.settings
        assert page.choices["audio_days"].isEnabled()
        dialog_of(drive, SettingsDialog).reject()

    def test_at_signing_sound_and_transcript_go_and_the_window_says_so(self, drive: Driver) -> None:
        application = drive.stage.application
        retention = Retention(
            application.store, application.trail, application.bus, Settings(), application.consultations
        )
        object.__setattr__(application, "retention", retention)
        drive.conductor.settings.open()
        dialog = dialog_of(drive, SettingsDialog)
        dialog.privacy.nothing.click()
        dialog._save()
        drive.review(12)
        id, (letter,) = current(drive), drive.screen.letters
        for statement in letter.statements:
            if statement.needs_settling:
                application.review.settle(letter.id, statement.id)
        drive.conductor.signing._sign("Dr A", "GP")
        store = application.store
        drive.until(lambda: len(store.transcript(id)) == 0)
        held = store.recording(id)
        assert held is not None
        assert held[1] == b""
        assert store.letters(id)[0].signature is not None
        drive.conductor.library.new()
        drive.conductor.library.open(id)
        drive.until(lambda: "erased on" in drive.window.transcript.teaching.text())

    def test_a_clock_that_the_organisation_decided_stays_and_says_by_whom(self, drive: Driver) -> None:
        policy = Policy("St Elsewhere", locked={"audio_days": 7})
        dialog = SettingsDialog(drive.window, drive.screen.settings, [], policy)
        assert not dialog.privacy.nothing.isEnabled()
        assert not dialog.privacy.choices["audio_days"].isEnabled()
        assert dialog.privacy.choices["transcript_days"].isEnabled()
        told = [label.text() for label in dialog.privacy.findChildren(QLabel)]
        assert "Locked. Set by St Elsewhere." in told
        dialog.deleteLater()


class TestTrail:
    def test_opening_searching_and_settings_are_noted(self, drive: Driver) -> None:
        drive.review(12)
        id = current(drive)
        drive.conductor.library.new()
        drive.conductor.library.open(id)
        drive.until(lambda: drive.screen.id == id)
        drive.window.sidebar.search.setText("chest")
        drive.until(lambda: AuditAction.SEARCHED in events(drive))
        drive.conductor.settings.save(replace(drive.screen.settings, clinician_role="Consultant"))
        drive.until(lambda: AuditAction.SETTINGS in events(drive))
        noted = {entry.action: entry for entry in drive.stage.application.store.audit()}
        assert noted[AuditAction.OPENED].consultation == id
        assert noted[AuditAction.SETTINGS].detail == "clinician_role"
        assert "chest" not in repr(noted[AuditAction.SEARCHED])

    def test_is_shown_filtered_and_exported(self, drive: Driver, tmp_path: Path) -> None:
        drive.review(12)
        drive.conductor.settings.open()
        dialog_of(drive, SettingsDialog).privacy.audit.click()
        dialog = dialog_of(drive, AuditDialog)
        drive.until(lambda: "whole" in dialog.state.text())
        everything = dialog.model.rowCount()
        assert everything >= 4
        dialog.kind.setCurrentIndex(dialog.kind.findData("drafted"))
        drive.until(lambda: dialog.model.rowCount() == 1)
        file = tmp_path / "trail.jsonl"
        dialog.export_to(file)
        drive.until(lambda: "signed with the key" in dialog.state.text())
        assert check_export(file.read_bytes()).count == 1
        dialog.day.setText("yesterday")
        dialog.read()
        assert "written as" in dialog.state.text()
        dialog.accept()
        QApplication.processEvents()
        assert events(drive).count(AuditAction.READ_LOG) == 3
