"""Several letters of one consultation in the window: what rests on a change says so; wording for patients."""

from __future__ import annotations

import pytest
from ui.driver import Driver
from ui.test_accessibility import nameless
from ui.test_review import letter, row, said, sign

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.letter import Support
from scribe_app.errors import EngineError

SOAP = {
    "subjective": [
        said("Tightness in the chest when walking up the hill.", 6),
        said("Ramipril 5 mg once a day.", 28),
    ]
}
PATIENT = {
    "why": [said("You get a tightness in the chest when walking up the hill.", 6)],
    "about_you": [said("You are diabetic and take ramipril 5 mg once a day.", 28)],
    "think": [said("I think this may be angina.", 52)],
}


def two_letters(drive: Driver) -> None:
    """A record, and a letter to the patient on screen."""
    drive.stage.drafter.script = SOAP
    drive.review(76)
    drive.stage.drafter.script = PATIENT
    drive.window.letter.draft_wanted.emit("patient")
    drive.until(lambda: len(drive.screen.letters) == 2 and letter(drive).template == "patient")
    drive.until_state(S.IN_REVIEW)


def show(drive: Driver, template: str) -> None:
    wanted = next(one for one in drive.screen.letters if one.template == template)
    drive.window.letter.letter_wanted.emit(wanted.id)
    drive.until(lambda: letter(drive).template == template)


def change_record(drive: Driver) -> None:
    """In the record, another dose; the letter to the patient rests on the same."""
    show(drive, "soap")
    drive.window.letter.view.edited.emit(row(drive, "Ramipril").statement.id, "Ramipril 10 mg once a day.")  # type: ignore[union-attr]  # it has one
    drive.until(lambda: bool(drive.screen.stale))


def test_a_change_in_one_letter_is_told_in_the_other_and_checked_by_one_click(drive: Driver) -> None:
    two_letters(drive)
    panel = drive.window.letter
    assert not panel.stale.isVisible()
    change_record(drive)
    assert panel.another.text() == "Letters · 1 to check ▾"
    assert not panel.stale.isVisible()
    show(drive, "patient")
    drive.until(lambda: panel.stale.isVisible())
    assert panel.stale.words.text() == "1 statement rests on what was changed"
    assert nameless(panel) == []
    panel.stale.check.click()
    drive.until(lambda: letter(drive).unsettled >= 1)
    doubted = row(drive, "You are diabetic")
    assert "You changed this in “Consultation record”" in doubted.reason.text()
    drive.until(lambda: not panel.stale.isVisible())


def test_a_signed_letter_says_so_and_can_be_amended(drive: Driver) -> None:
    two_letters(drive)
    for one in letter(drive).statements:
        if one.needs_settling:
            drive.window.letter.view.kept.emit(one.id)
    drive.until(lambda: letter(drive).unsettled == 0)
    sign(drive)
    change_record(drive)
    show(drive, "patient")
    panel = drive.window.letter
    drive.until(lambda: panel.stale.isVisible())
    assert panel.stale.words.text() == "Signed before a correction: 1 statement rests on what was changed"
    panel.stale.amend.click()
    drive.until(lambda: letter(drive).version == 2)


def test_a_letter_to_the_patient_has_quiet_remarks_with_one_click_fixes(drive: Driver) -> None:
    two_letters(drive)
    told = row(drive, "You are diabetic")
    assert told.remarks.isVisible()
    fix = told.remarks.findChildren(type(drive.window.letter.sign))[0]
    assert (fix.text(), fix.accessibleName()) == ("Change", "Change: are diabetic")
    assert "1 remark on wording" in drive.window.letter.reading.text()
    before = letter(drive)
    fix.click()
    drive.until(lambda: letter(drive) != before)
    drive.until(lambda: any("You have diabetes and take" in one.text for one in letter(drive).statements))
    show(drive, "soap")
    assert not any(one.remarks.isVisible() for one in drive.window.letter.view.rows)
    assert not drive.window.letter.reading.isVisible()


def test_a_term_is_explained_by_itself_and_by_a_click_and_stays_supported(drive: Driver) -> None:
    two_letters(drive)
    told = row(drive, "I think this may be angina (chest tightness")
    was = told.statement
    assert was is not None
    assert not was.needs_settling
    told.edit()
    told._editor.setPlainText("I think this may be angina.")  # type: ignore[union-attr]  # it is being edited
    drive.press("Return", told._editor)
    drive.until(lambda: any(one.text == "I think this may be angina." for one in letter(drive).statements))
    told = row(drive, "I think this may be angina.")
    drive.until(lambda: told.remarks.isVisible())
    told.remarks.findChildren(type(drive.window.letter.sign))[0].click()
    drive.until(lambda: any("angina (chest tightness" in one.text for one in letter(drive).statements))
    now = next(one for one in letter(drive).statements if "angina (" in one.text)
    assert now.support in (was.support, Support.CLINICIAN_ADDED)
    assert not now.needs_settling


def test_a_heading_that_was_left_out_can_be_added_by_hand(drive: Driver) -> None:
    drive.stage.drafter.script = {"why": PATIENT["why"]}
    drive.review(76, "patient")
    view = drive.window.letter.view
    menu = next(a.menu() for a in drive.window.letter._letters_menu.actions() if a.text() == "Add a heading")
    wanted = next(action for action in menu.actions() if action.text() == "What I found")
    wanted.trigger()
    editing = next(one for one in view.rows if one.editing)
    assert editing.section == "found"
    editing._editor.setPlainText("Your chest is clear.")  # type: ignore[union-attr]  # it is being edited
    drive.press("Return", editing._editor)
    drive.until(lambda: any(one.text == "Your chest is clear." for one in letter(drive).statements))
    assert [s.key for s in letter(drive).sections][:2] == ["why", "found"]


def test_a_second_letter_that_cannot_begin_leaves_the_first_on_screen(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    drive.stage.drafter.script = SOAP
    drive.review(76)
    first = letter(drive)

    def refuse(*_arguments: object) -> None:
        raise EngineError("The drafting model cannot be loaded.", "", "Try again.")

    monkeypatch.setattr(drive.stage.drafter, "start", refuse)
    drive.window.letter.draft_wanted.emit("patient")
    drive.until(lambda: drive.window.banner.isVisible())
    drive.until_state(S.IN_REVIEW)
    drive.until(lambda: drive.screen.being_written is None)
    assert letter(drive) == first
    assert drive.window.letter.view.letter == first
    assert drive.stage.application.store.letters(first.consultation) == [first]
