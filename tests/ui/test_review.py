"""From draft to signed letter: nothing unsettled is signed, nothing unsigned leaves."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot
from ui.driver import Driver

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Letter, Statement
from scribe_app.errors import MicrophoneError
from scribe_app.ports import ExportFormat
from scribe_app.services.checking import Checks
from scribe_app.ui.statement_row import StatementRow


def said(text: str, *evidence: int) -> Statement:
    return Statement(text, evidence=tuple(UtteranceId(id) for id in evidence))


SOUND = {
    "subjective": [
        said("Tightness in the chest when walking up the hill.", 6),
        said("Ramipril 5 mg once a day.", 28),
    ],
}
DOUBTED = {"subjective": [*SOUND["subjective"], said("Takes warfarin 3 mg every evening.", 28)]}


def letter(drive: Driver) -> Letter:
    assert drive.screen.letter is not None
    return drive.screen.letter


def row(drive: Driver, start: str) -> StatementRow:
    rows = drive.window.letter.view.rows
    return next(row for row in rows if row.statement is not None and row.statement.text.startswith(start))


def sign(drive: Driver) -> None:
    drive.conductor.signing._sign("Dr Sam Sample", "GP")
    drive.until(lambda: letter(drive).signature is not None)


def test_the_letter_streams_in_and_cannot_be_changed_until_it_is_whole(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.stage.drafter.sections_before_holding = 1
    drive.record(40)
    drive.window.header.stop.click()
    drive.until(lambda: bool(drive.window.letter.view.rows))
    assert drive.screen.state is S.DRAFTING
    assert drive.window.letter.isVisible()
    assert drive.window.letter.status.text() == "Being written"
    assert drive.window.header.cancel.isVisible()
    first = row(drive, "Tightness")
    first.edit()
    assert not first.editing
    drive.stage.drafter.go_on()
    drive.until_state(S.IN_REVIEW)
    drive.until(lambda: drive.window.letter.status.text() == "Draft, not signed")


def test_a_new_letter_is_read_from_its_beginning_and_has_no_empty_end(drive: Driver) -> None:
    drive.window.resize(1024, 640)
    drive.review(79, template="outpatient")
    view = drive.window.letter.view
    bar = view.verticalScrollBar()
    drive.until(lambda: bar.maximum() > 0)
    drive.qtbot.wait(100)
    assert bar.value() == 0
    paper, last = view.widget(), view.rows[-1]
    assert paper.height() - last.geometry().bottom() < 48


def test_cancel_keeps_what_was_written(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.stage.drafter.sections_before_holding = 1
    drive.record(40)
    drive.window.header.stop.click()
    drive.until(lambda: bool(drive.window.letter.view.rows))
    drive.window.header.cancel.click()
    drive.until_state(S.IN_REVIEW)
    drive.until(lambda: drive.screen.letter is not None)
    assert [s.text for s in letter(drive).statements if s.evidence] == [s.text for s in SOUND["subjective"]]


def test_a_chosen_statement_lights_up_what_it_rests_on_and_plays_it(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    drive.window.letter.view.go_to(row(drive, "Ramipril"))
    transcript = drive.window.transcript
    assert transcript.list.transcript.lit == {28}
    spoken = transcript.list.transcript.utterance(28)
    assert spoken is not None
    transcript.play.click()
    drive.until(lambda: bool(drive.stage.player.played))
    seconds = len(drive.stage.player.played[0]) / 2 / 16_000
    assert abs(seconds - (spoken.end - spoken.start + 0.6)) < 0.01
    assert transcript.play.text() == "Stop playing"
    drive.stage.player.end(None)
    drive.until(lambda: transcript.play.text().startswith("Play 01:48"))


def test_a_loudspeaker_that_fails_is_said_in_the_banner(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    drive.window.letter.view.go_to(row(drive, "Ramipril"))
    drive.window.transcript.play.click()
    drive.until(lambda: bool(drive.stage.player.played))
    drive.stage.player.end(MicrophoneError("The recording cannot be played."))
    drive.until(lambda: drive.window.banner.isVisible())
    assert drive.window.banner.title.text() == "The recording cannot be played."


def test_a_doubted_statement_says_why_and_signing_waits_until_it_is_kept(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.review()
    doubted = row(drive, "Takes warfarin")
    assert doubted.property("doubt") is True
    assert doubted.reason.text()
    assert doubted.keep.isVisible()
    panel = drive.window.letter
    assert not panel.sign.isEnabled()
    assert panel.settle.text() == "1 to settle"
    assert "1 to settle" in panel.sign.toolTip()
    doubted.keep.click()
    drive.until(lambda: panel.sign.isEnabled())
    assert not panel.settle.isVisible()
    assert row(drive, "Takes warfarin").property("doubt") is False


def test_a_removed_statement_is_gone_and_comes_back_by_undo(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.review()
    row(drive, "Takes warfarin").remove.click()
    drive.until(lambda: "warfarin" not in " ".join(s.text for s in letter(drive).statements))
    drive.press("Ctrl+Z")
    drive.until(lambda: "warfarin" in " ".join(s.text for s in letter(drive).statements))


def test_an_edit_in_place_makes_the_statement_the_clinicians_own(drive: Driver, qtbot: QtBot) -> None:
    drive.stage.drafter.script = DOUBTED
    drive.review()
    doubted = row(drive, "Takes warfarin")
    drive.window.letter.view.go_to(doubted)
    qtbot.keyClick(doubted, Qt.Key.Key_F2)
    editor = doubted.findChild(QPlainTextEdit)
    assert editor is not None
    editor.setPlainText("Took warfarin until 2019, from the old record.")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    drive.until(lambda: letter(drive).unsettled == 0)
    changed = row(drive, "Took warfarin")
    assert changed.property("doubt") is False
    assert changed.caption.text() == "Yours"
    assert drive.window.letter.sign.isEnabled()


def test_esc_takes_an_edit_back(drive: Driver, qtbot: QtBot) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    before = letter(drive)
    ramipril = row(drive, "Ramipril")
    ramipril.edit()
    editor = ramipril.findChild(QPlainTextEdit)
    assert editor is not None
    editor.setPlainText("Something else")
    qtbot.keyClick(editor, Qt.Key.Key_Escape)
    qtbot.wait(50)
    assert letter(drive) == before
    assert not ramipril.editing


def test_going_to_another_statement_keeps_what_was_typed(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    ramipril = row(drive, "Ramipril")
    drive.window.letter.view.go_to(ramipril)
    ramipril.edit()
    editor = ramipril.findChild(QPlainTextEdit)
    assert editor is not None
    editor.setPlainText("Ramipril 5 mg once a day, in the morning.")
    drive.window.letter.view.go_to(row(drive, "Tightness"))
    drive.until(lambda: any("in the morning" in s.text for s in letter(drive).statements))


def test_what_was_said_but_not_written_can_be_added_or_dismissed(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    box = drive.window.letter.box
    assert box.isVisible()
    allergy = next(item for item in box.items if "enicillin" in item.text)
    box.add_wanted.emit(allergy.utterance)
    drive.until(lambda: any("enicillin" in s.text for s in letter(drive).statements))
    drive.until(lambda: allergy.utterance not in {item.utterance for item in box.items})
    other = box.items[0]
    box.dismiss_wanted.emit(other.utterance)
    drive.until(lambda: other.utterance not in {item.utterance for item in box.items})


def test_a_list_that_was_given_up_is_said_so_and_made_by_one_click(
    drive: Driver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Checks.hurry, "__defaults__", (0.0,))
    drive.stage.drafter.script = SOUND
    drive.stage.drafter.sections_before_holding = 1
    drive.record(76)
    drive.window.header.stop.click()
    drive.until(lambda: bool(drive.window.letter.view.rows))
    drive.window.header.cancel.click()
    drive.until_state(S.IN_REVIEW)
    panel = drive.window.letter
    drive.until(panel.box.isVisible)
    assert panel.box.title.text().startswith("You cancelled before")
    assert not panel.sign.isEnabled()
    assert "list what is not in it first" in panel.sign.toolTip()
    panel.box.look.click()
    drive.until(lambda: bool(panel.box.items))
    assert panel.box.title.text() == f"Said, not in the letter ({len(panel.box.items)})"
    assert not panel.box.look.isVisible()
    drive.until(panel.sign.isEnabled)


def test_nothing_leaves_before_it_is_signed(drive: Driver, tmp_path: Path) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    panel = drive.window.letter
    assert not panel.copy.isEnabled()
    assert not panel.export.isEnabled()
    sign(drive)
    assert panel.copy.isEnabled()
    assert panel.signed.text().startswith("Signed by Dr Sam Sample")
    panel.copy.click()
    drive.until(lambda: "Ramipril 5 mg" in QGuiApplication.clipboard().text())
    file = tmp_path / "letter.txt"
    drive.conductor.signing.export_to(file, letter(drive).id, ExportFormat.TXT)
    drive.until(lambda: file.exists() and drive.window.banner.title.text().startswith("Exported"))
    assert "Ramipril 5 mg" in file.read_text(encoding="utf-8")


def test_a_folder_that_cannot_be_written_is_said_in_the_banner(drive: Driver, tmp_path: Path) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    sign(drive)
    missing = tmp_path / "nowhere" / "letter.txt"
    drive.conductor.signing.export_to(missing, letter(drive).id, ExportFormat.TXT)
    drive.until(lambda: "could not be written" in drive.window.banner.title.text())
    assert "kept" in drive.window.banner.text.text()


def test_a_signed_letter_is_locked_until_it_is_amended(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    sign(drive)
    ramipril = row(drive, "Ramipril")
    ramipril.edit()
    assert not ramipril.editing
    drive.window.letter.amend.click()
    drive.until(lambda: letter(drive).signature is None)
    assert drive.window.letter.status.text() == "Amendment, not signed"
    row(drive, "Ramipril").edit()
    assert row(drive, "Ramipril").editing
    row(drive, "Ramipril").leave_edit(keep=False)


def test_another_letter_is_drafted_from_the_same_transcript(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    drive.stage.drafter.script = {}
    drive.window.letter.draft_wanted.emit("outpatient")
    drive.until(lambda: len(drive.screen.letters) == 2 and drive.screen.state is S.IN_REVIEW)
    assert letter(drive).template == "outpatient"
    drive.window.letter.letter_wanted.emit(drive.screen.letters[0].id)
    assert letter(drive).template == "soap"


def test_correcting_what_was_heard_checks_the_letter_again(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    rows = drive.window.transcript.list.transcript
    at = rows.row_of(28)
    rows.setData(rows.index(at), "Just the one. Ramipril, ten milligrams, once a day.")
    drive.until(lambda: letter(drive).unsettled == 1)
    corrected = rows.utterance(28)
    assert corrected is not None
    assert "ten milligrams" in corrected.text


def test_a_consultation_opened_again_shows_its_letter_and_transcript(drive: Driver) -> None:
    drive.stage.drafter.script = SOUND
    drive.review()
    id = drive.screen.id
    assert id is not None
    drive.window.sidebar.new.click()
    assert drive.window.transcript.list.transcript.rowCount() == 0
    drive.conductor.library.open(id)
    drive.until(lambda: drive.screen.id == id)
    assert len(drive.window.transcript.list.transcript.utterances) == 40
    assert row(drive, "Ramipril")
