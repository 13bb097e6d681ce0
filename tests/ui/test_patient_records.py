"""One patient's records in the window: found, handed over, erased with a receipt."""

from __future__ import annotations

import zipfile
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog
from ui.driver import Driver

from scribe_app.domain.consultation import Consultation, ConsultationState, PatientIdentity
from scribe_app.domain.ids import ConsultationId
from scribe_app.ports import AuditAction
from scribe_app.ui.erasing_presenter import EraseDialog
from scribe_app.ui.patient_dialog import PatientDialog
from scribe_app.ui.settings_dialog import SettingsDialog

D = TypeVar("D", bound=QDialog)
ZOE = PatientIdentity("Zoë Example", "1961-03-14", "999 000 0000")
PEOPLE = {
    "a": ZOE,
    "b": PatientIdentity("Z. E.", "", "9990000000"),
    "c": PatientIdentity("zoe example"),
    "d": PatientIdentity("Zoë Example", "1999-01-01"),
    "e": PatientIdentity("Jan", "1980-01-01", "1"),
}


@pytest.fixture
def held(drive: Driver) -> Driver:
    """A vault with two consultations of one patient, one that may be, and two of others."""
    for letter, patient in PEOPLE.items():
        one = Consultation(ConsultationId(letter * 32), datetime(2026, 1, 2, tzinfo=UTC), "en", "soap")
        state = ConsultationState.IN_REVIEW
        drive.stage.application.store.save_consultation(
            replace(one, patient=patient, state=state, notes="typed")
        )
    return drive


def dialog_of(drive: Driver, kind: type[D]) -> D:
    def shown() -> list[D]:
        return [one for one in drive.window.findChildren(kind) if one.isVisible()]

    drive.until(lambda: bool(shown()))
    return shown()[0]


def listed(dialog: PatientDialog) -> list[tuple[str, bool]]:
    items = [dialog.list.item(at) for at in range(dialog.list.count())]
    return [(item.text(), item.checkState() is Qt.CheckState.Checked) for item in items]


def left(drive: Driver) -> set[str]:
    return {one.id[0] for one in drive.stage.application.store.consultations()}


def opened(drive: Driver) -> PatientDialog:
    drive.conductor.patients.open(ZOE)
    dialog = dialog_of(drive, PatientDialog)
    drive.until(lambda: dialog.list.count() > 0)
    return dialog


def test_the_same_person_is_ticked_and_who_may_be_is_shown_and_left_alone(held: Driver) -> None:
    dialog = opened(held)
    rows = listed(dialog)
    assert [ticked for _, ticked in rows] == [True, True, False]
    assert "zoe example" in rows[2][0]
    assert "look first" in rows[2][0]
    assert "notes" in rows[0][0]
    assert dialog.state.text().startswith("2 of this patient. 1 more might be")
    dialog.close_button.click()


def test_they_are_handed_over_as_a_file_that_only_its_owner_reads(held: Driver, tmp_path: Path) -> None:
    dialog = opened(held)
    held.conductor.patients.hand_over(dialog.chosen, tmp_path / "all.zip")
    held.until(lambda: "not encrypted" in dialog.state.text())
    assert (tmp_path / "all.zip").stat().st_mode & 0o777 == 0o600
    with zipfile.ZipFile(tmp_path / "all.zip") as file:
        assert sum(name.endswith("notes.txt") for name in file.namelist()) == 2
    held.conductor.patients.hand_over(dialog.chosen, tmp_path / "nowhere" / "all.zip")
    held.until(lambda: "cannot be written" in dialog.state.text())
    assert left(held) == set(PEOPLE)
    dialog.close_button.click()


def test_they_go_after_a_word_and_leave_a_receipt_that_names_nobody(held: Driver, tmp_path: Path) -> None:
    dialog = opened(held)
    dialog.erase.click()
    asking = dialog_of(held, EraseDialog)
    assert not asking.erase.isEnabled()
    asking.keep.click()
    assert left(held) == set(PEOPLE)
    dialog.erase.click()
    asking = dialog_of(held, EraseDialog)
    asking.word.setText("delete")
    asking.erase.click()
    held.until(lambda: left(held) == {"c", "d", "e"})
    held.until(lambda: dialog.receipt.isVisible())
    held.conductor.patients.save_receipt(tmp_path / "receipt.txt")
    held.until(lambda: "receipt.txt" in dialog.state.text())
    receipt = (tmp_path / "receipt.txt").read_text(encoding="utf-8")
    assert "2 consultations" in receipt
    assert "a" * 32 in receipt
    assert "Zo" not in receipt
    assert held.stage.application.store.audit_head() in receipt
    deleted = [e for e in held.stage.application.store.audit() if e.action is AuditAction.DELETED]
    assert [(e.object, e.detail) for e in deleted] == [("consultation", "patient")] * 2
    dialog.close_button.click()


def test_whose_is_asked_where_that_is_not_said(held: Driver) -> None:
    held.conductor.settings.open()
    dialog_of(held, SettingsDialog).privacy.patient.click()
    dialog = dialog_of(held, PatientDialog)
    assert not dialog.erase.isEnabled()
    dialog.name.setText("Zoë Example")
    dialog.find_button.click()
    held.until(lambda: "both a name and a date of birth" in dialog.state.text())
    dialog.number.setText("9990000000")
    dialog.find_button.click()
    held.until(lambda: dialog.list.count() == 3)
    held.qtbot.keyClicks(dialog.number, "1")
    assert dialog.list.count() == 0, "what is listed is of somebody else now"
    assert not dialog.erase.isEnabled()
    dialog.close_button.click()


def test_the_consultation_on_screen_has_it_in_the_header_too(drive: Driver) -> None:
    more = drive.window.header.more
    assert not more.isVisible()
    drive.review(12)
    assert more.isVisible()
    assert drive.screen.consultation is not None
    menu = drive.conductor.erasing.menu_for(drive.screen.consultation)
    actions = [action for action in menu.actions() if action.text()]
    assert [action.text() for action in actions] == ["All of this patient…", "Patient withdraws…", "Delete…"]
    assert all(action.isEnabled() for action in actions)
    actions[0].trigger()
    dialog_of(drive, PatientDialog).close_button.click()
    actions[2].trigger()
    dialog_of(drive, EraseDialog).keep.click()
    menu.deleteLater()
