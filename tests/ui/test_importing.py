"""Audio files come in by button, key and drop; the window shows them coming and lets them be cancelled."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget
from ui.driver import Driver
from ui.scripted import sample_utterances

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.errors import AudioFileError
from scribe_app.ports import ImportSource

FILE = Path("/somewhere/visit.m4a")


def files(*paths: Path) -> QMimeData:
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drag(target: QWidget, mime: QMimeData) -> QDragEnterEvent:
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDragEnterEvent(QPointF(9, 9).toPoint(), copy, mime, left, no_key)
    event.ignore()
    QApplication.sendEvent(target, event)
    return event


def drop(target: QWidget, mime: QMimeData) -> QDropEvent:
    """Qt delivers a drop only where a drag was welcome."""
    drag(target, mime)
    copy, left, no_key = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    event = QDropEvent(QPointF(9, 9), copy, mime, left, no_key)
    QApplication.sendEvent(target, event)
    return event


def test_a_dropped_file_becomes_the_consultation_on_screen(drive: Driver) -> None:
    window, screen, stage = drive.window, drive.screen, drive.stage
    screen.set_visit(PatientIdentity("Alan Example"), Informed.INFORMED)
    assert drag(window, files(FILE)).isAccepted()
    sign = drive.conductor.imports.drop.sign
    assert sign.isVisible()
    assert drop(window, files(FILE)).isAccepted()
    assert not sign.isVisible()
    drive.until_state(S.TRANSCRIBING)
    assert stage.recorder.request is not None
    assert stage.recorder.request.source == ImportSource(FILE)
    assert window.header.name.text() == "Alan Example"
    assert screen.informed is Informed.INFORMED
    assert window.header.cancel.isVisible()
    assert window.header.cancel.accessibleName() == "Cancel import"
    assert window.header.progress.isVisible()
    for utterance in sample_utterances()[:20]:
        stage.transcriber.settle(utterance)
    stage.recorder.hear(60.0)
    stage.transcriber.progress(60.0)
    drive.until(lambda: len(window.transcript.list.transcript.utterances) == 20)
    stage.recorder.stop()
    drive.until(lambda: screen.state is S.IN_REVIEW and screen.letter is not None)
    assert not window.header.cancel.isVisible()
    assert window.transcript.swap.isVisible()


def test_how_many_people_speak_is_asked_before_start_and_goes_with_the_file(drive: Driver) -> None:
    window, screen, stage = drive.window, drive.screen, drive.stage
    choice = window.notes.speakers
    assert choice.isVisible()
    assert (choice.currentData(), choice.currentText()) == (2, "2 people")
    choice.setFocus()
    drive.press("Down", choice)
    assert choice.currentText() == "3 people"
    drop(window, files(FILE))
    drive.until_state(S.TRANSCRIBING)
    assert screen.consultation is not None
    assert stage.application.store.consultation(screen.consultation.id).speakers == 3
    assert not choice.isVisible()
    screen.show_new()
    assert choice.currentData() == 2, "the next patient comes alone, most likely"


def test_a_cancelled_import_leaves_nothing(drive: Driver) -> None:
    window, screen, stage = drive.window, drive.screen, drive.stage
    drop(window, files(FILE))
    drive.until_state(S.TRANSCRIBING)
    for utterance in sample_utterances()[:5]:
        stage.transcriber.settle(utterance)
    window.header.cancel.click()
    drive.until(lambda: screen.consultation is None)
    assert stage.application.store.consultations() == []
    assert "kill" in stage.recorder.calls
    assert "cancelled" in window.banner.title.text()
    drive.until(lambda: not window.header.cancel.isVisible())
    drive.record(3)  # the next one starts as ever


def test_a_file_that_cannot_be_read_is_told_once_and_leaves_nothing(drive: Driver) -> None:
    drive.stage.recorder.file_failure = AudioFileError(
        "visit.m4a is no audio file that can be read.", "Nothing was changed.", "Convert it first."
    )
    drop(drive.window, files(FILE))
    drive.until(lambda: drive.window.banner.isVisible())
    assert drive.window.banner.title.text() == "visit.m4a is no audio file that can be read."
    assert drive.stage.application.store.consultations() == []
    assert drive.screen.state is S.READY
    drive.until(lambda: drive.window.sidebar.import_audio.isEnabled())


def test_an_import_disturbs_no_recording(drive: Driver) -> None:
    drive.record(3)
    recorded = drive.screen.id
    drop(drive.window, files(FILE))
    drive.until(lambda: drive.window.banner.isVisible())
    assert "is being imported" in drive.window.banner.title.text()
    assert drive.screen.id == recorded
    assert drive.screen.state is S.RECORDING
    assert drive.stage.application.consultations.active == recorded
    drive.window.banner.action.click()
    drive.until(lambda: drive.screen.id not in (None, recorded))
    drive.until(lambda: drive.window.header.cancel.isVisible())
    assert drive.window.header.elsewhere.isVisible()


def test_several_files_or_none_are_refused_in_words(drive: Driver) -> None:
    drop(drive.window, files(FILE, Path("/somewhere/else.wav")))
    assert drive.window.banner.title.text() == "One file at a time, please."
    web = QMimeData()
    web.setUrls([QUrl("https://example.org/visit.mp3")])
    assert not drag(drive.window, web).isAccepted()
    text = QMimeData()
    text.setText("some words")
    assert not drag(drive.window, text).isAccepted()
    assert drive.screen.state is S.READY


def test_who_objected_is_not_imported(drive: Driver) -> None:
    drive.screen.set_visit(PatientIdentity("Alan Example"), Informed.OBJECTED)
    drop(drive.window, files(FILE))
    assert drive.window.banner.title.text() == "The patient objected to recording."
    assert drive.stage.recorder.request is None


def test_a_drag_that_leaves_takes_its_sign_along(drive: Driver) -> None:
    drag(drive.window, files(FILE))
    QApplication.sendEvent(drive.window, QDragLeaveEvent())
    assert not drive.conductor.imports.drop.sign.isVisible()


def test_the_notes_leave_files_to_the_window_and_take_text(drive: Driver) -> None:
    notes = drive.window.notes.notes
    assert not notes.canInsertFromMimeData(files(FILE))
    text = QMimeData()
    text.setText("some words")
    assert notes.canInsertFromMimeData(text)


def test_the_key_and_the_button_ask_for_a_file(drive: Driver, monkeypatch: pytest.MonkeyPatch) -> None:
    opened: list[QFileDialog] = []
    monkeypatch.setattr(QFileDialog, "open", lambda dialog: opened.append(dialog))
    drive.press("Ctrl+O")
    assert len(opened) == 1
    drive.window.sidebar.import_audio.click()
    assert len(opened) == 2
    opened[1].fileSelected.emit(str(FILE))
    drive.until_state(S.TRANSCRIBING)
    for dialog in opened:
        dialog.deleteLater()


def test_one_key_says_who_spoke_and_one_swaps_all(drive: Driver) -> None:
    drive.review(12)
    view = drive.window.transcript.list
    before = [utterance.speaker.value for utterance in view.transcript.utterances]
    view.setFocus()
    view.setCurrentIndex(view.transcript.index(0))
    drive.press("O", view)
    drive.until(lambda: view.transcript.utterances[0].speaker.value == "other")
    drive.press("Ctrl+Shift+S")
    other = {"clinician": "patient", "patient": "clinician"}
    wanted = ["other", *(other[who] for who in before[1:])]
    drive.until(lambda: [utterance.speaker.value for utterance in view.transcript.utterances] == wanted)
