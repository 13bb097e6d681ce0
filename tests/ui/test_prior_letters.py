"""Letters from before: given before or after Start, named where a letter took from them, taken away again."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtGui import QGuiApplication
from ui.driver import Driver
from ui.test_review import said

from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.domain.letter import PriorPlace, Statement
from scribe_app.services.prior_letters import prior_letter
from scribe_app.ui.parking import park, unpark
from scribe_app.ui.prior_dialog import PriorDialog

TEXT = "Dear colleague,\nMedication: amlodipine 5 mg.\nAllergies: none known.\nYours sincerely"


def opened(drive: Driver) -> PriorDialog:
    drive.press("Ctrl+Shift+P")
    drive.until(lambda: drive.conductor.prior.dialog is not None)
    dialog = drive.conductor.prior.dialog
    assert dialog is not None
    return dialog


def paste(dialog: PriorDialog, text: str) -> None:
    QGuiApplication.clipboard().setText(text)
    dialog.paste.click()


def titles(dialog: PriorDialog) -> list[str]:
    return [dialog.list.item(row).text() for row in range(dialog.list.count())]


def test_what_is_given_before_start_goes_with_the_consultation(drive: Driver) -> None:
    dialog = opened(drive)
    paste(dialog, TEXT)
    drive.until(lambda: titles(dialog) == ["Dear colleague,"])
    dialog.close_button.click()
    assert drive.window.header.prior.text() == "Prior letters · 1"
    drive.record(4)
    assert drive.screen.id is not None
    kept = drive.stage.application.prior_letters.of(drive.screen.id)
    assert [(one.number, one.text) for one in kept] == [(1, TEXT)]
    drive.until(lambda: drive.window.header.prior.text() == "Prior letters · 1")
    drive.conductor.library.new()
    assert drive.window.header.prior.text() == "Prior letters", "the next patient has none"


def test_what_is_given_in_review_is_kept_and_says_what_to_do(drive: Driver) -> None:
    drive.review()
    dialog = opened(drive)
    paste(dialog, TEXT)
    drive.until(lambda: "redo a section" in dialog.told.text())
    paste(dialog, TEXT)
    drive.until(lambda: "there already" in dialog.told.text())
    dialog.remove.click()
    drive.until(lambda: not titles(dialog))
    dialog.close_button.click()
    assert drive.window.header.prior.text() == "Prior letters"


def test_nothing_to_paste_and_another_patients_letter_are_told(drive: Driver) -> None:
    drive.screen.set_visit(PatientIdentity("Alan", "14 March 1961"), Informed.INFORMED)
    dialog = opened(drive)
    paste(dialog, " ")
    assert "no text on the clipboard" in dialog.told.text()
    paste(dialog, "Re: Jane Doe, DOB 03/05/1956")
    drive.until(lambda: "another date of birth (03/05/1956)" in dialog.told.text())
    dialog.close_button.click()


def test_a_statement_from_before_says_so_and_leads_to_its_sentence(drive: Driver) -> None:
    then = Statement("Medication: amlodipine 5 mg.", quoted=True, prior=(PriorPlace(1, 2, "Clinic"),))
    drive.stage.drafter.script = {"subjective": [said("Tightness in the chest.", 6), then]}
    drive.screen.set_prior((prior_letter(TEXT, "Clinic", datetime.now(UTC)),))
    drive.review()
    rows = [row for row in drive.window.letter.view.rows if row.statement is not None]
    marked = [row for row in rows if row.statement and row.statement.prior]
    assert [row.source.text() for row in marked] == ["From “Clinic”"]
    assert "From “Clinic”" in marked[0].accessibleName()
    assert all(row.source.isHidden() for row in rows if row not in marked)
    marked[0].source.click()
    dialog = drive.conductor.prior.dialog
    assert dialog is not None
    assert dialog.view.textCursor().selectedText() == "Medication: amlodipine 5 mg."
    dialog.close_button.click()


def test_a_lock_keeps_what_was_given_before_start(drive: Driver) -> None:
    letter = prior_letter(TEXT, "Clinic", datetime.now(UTC))
    drive.screen.set_prior((letter,))
    drive.window.notes.choose_speakers(4)
    parked = park(drive.window, drive.screen)
    drive.screen.show_new()
    assert drive.screen.visit.prior == ()
    assert drive.screen.visit.speakers == 2
    unpark(parked, drive.window, drive.screen)
    assert drive.screen.visit.prior == (letter,)
    assert drive.screen.visit.speakers == drive.window.notes.speakers.currentData() == 4
