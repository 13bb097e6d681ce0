"""Start, pause, stop: what the clinician does, what the recorder is told, what is seen."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot
from ui.driver import Driver
from ui.scripted import sample_utterances

from scribe_app.domain.consultation import ConsultationState as S
from scribe_app.domain.consultation import Informed, PatientIdentity
from scribe_app.domain.events import CaptureWarned, CaptureWarning, LevelMeasured, RecordingClosed
from scribe_app.domain.ids import ConsultationId
from scribe_app.domain.pace import Pace
from scribe_app.domain.recording import SAMPLE_RATE, Recording
from scribe_app.errors import EngineError, MicrophoneError
from scribe_app.ports import MicrophoneSource
from scribe_app.ui.dialogs import ChoiceDialog

SPOKEN = sample_utterances()
GOOD_NEWS = {
    CaptureWarning.RECOVERED,
    CaptureWarning.DEVICE_BACK,
    CaptureWarning.DISK_BACK,
    CaptureWarning.ANSWERS,
}


def test_one_click_starts_recording_with_the_chosen_letter(drive: Driver) -> None:
    drive.window.notes.choose_template("outpatient")
    drive.window.header.start.click()
    drive.until_state(S.RECORDING)
    assert drive.stage.recorder.calls == ["start"]
    assert drive.stage.recorder.request is not None
    assert drive.stage.recorder.request.source == MicrophoneSource("")
    assert drive.screen.consultation is not None
    assert drive.screen.consultation.template == "outpatient"
    assert not drive.window.header.start.isVisible()
    assert drive.window.header.stop.isVisible()


def test_the_recording_state_is_words_and_shape_in_the_header_and_words_in_the_title(drive: Driver) -> None:
    drive.record(1)
    drive.stage.recorder.hear(92.0)
    drive.until(lambda: drive.window.header.state.text() == "Recording 01:32")
    assert drive.window.header.dot.isVisible()
    assert drive.window.windowTitle().startswith("● Recording 01:32")
    drive.window.header.pause.click()
    drive.until(lambda: drive.window.header.state.text() == "Paused 01:32")
    assert drive.window.windowTitle().startswith("● Paused")
    assert drive.window.header.pause.text() == "Resume"


def test_pause_resume_and_stop_reach_the_recorder_in_order(drive: Driver) -> None:
    drive.record(3)
    drive.window.header.pause.click()
    drive.until_state(S.PAUSED)
    drive.window.header.pause.click()
    drive.until_state(S.RECORDING)
    drive.window.header.stop.click()
    drive.until_state(S.IN_REVIEW)
    assert drive.stage.recorder.calls == ["start", "pause", "resume", "stop"]
    rows = drive.window.transcript.list.transcript
    shown = [rows.at(row).text for row in range(rows.rowCount())]
    assert "Paused 00:12" in shown


def test_live_lines_are_appended_and_the_grey_line_never_reaches_the_record(drive: Driver) -> None:
    drive.record(4)
    rows = drive.window.transcript.list.transcript
    drive.stage.transcriber.preview("and what brings", SPOKEN[3].end + 0.3)
    drive.until(lambda: rows.preview == "and what brings")
    drive.window.header.stop.click()
    drive.until_state(S.IN_REVIEW)
    assert rows.preview == ""
    assert drive.screen.id is not None
    stored = drive.stage.application.store.transcript(drive.screen.id)
    assert [utterance.text for utterance in stored] == [utterance.text for utterance in SPOKEN[:4]]
    assert rows.rowCount() == 4


def test_a_reader_who_scrolls_up_is_left_in_peace_and_one_click_goes_back(drive: Driver) -> None:
    drive.record(40)
    view, bar = drive.window.transcript.list, drive.window.transcript.list.verticalScrollBar()
    drive.until(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.triggerAction(bar.SliderAction.SliderToMinimum)
    drive.until(drive.window.transcript.latest.isVisible)
    drive.stage.transcriber.settle(SPOKEN[40])
    drive.until(lambda: len(view.transcript.utterances) == 41)
    drive.qtbot.wait(60)
    assert bar.value() == 0
    drive.window.transcript.latest.click()
    drive.until(lambda: bar.value() == bar.maximum())
    assert not drive.window.transcript.latest.isVisible()


def test_lag_is_shown_while_live(drive: Driver) -> None:
    drive.record(2)
    drive.stage.transcriber.progress(SPOKEN[1].end + 6)
    drive.until(lambda: drive.window.transcript.lag.text() == "Live, 6 s behind")
    assert drive.window.transcript.lag.property("tone") == "ok"


def test_a_slow_computer_is_told_in_words_and_so_is_its_recovery(drive: Driver) -> None:
    lag, banner = drive.window.transcript.lag, drive.window.banner
    drive.record(2)
    drive.stage.transcriber.slow(Pace.FULLER_WINDOWS, 40.0)
    drive.until(lambda: lag.text() == "Longer stretches, 40 s behind")
    assert lag.property("tone") == "warning"
    assert "Nothing that is said is lost" in lag.toolTip()
    assert not banner.isVisible()
    drive.stage.transcriber.slow(Pace.AFTER_STOP, 130.0, 250.0)
    drive.until(lambda: lag.text() == "Ready 4 min after Stop")
    assert "complete about 4 minutes after Stop" in banner.title.text()
    banner.dismiss()
    drive.stage.transcriber.slow(Pace.AFTER_STOP, 170.0, 300.0)
    drive.stage.transcriber.slow(Pace.NARROW_SEARCH, 50.0)
    drive.until(lambda: lag.text() == "Quicker search, 50 s behind")
    assert not banner.isVisible(), "said once"
    drive.stage.transcriber.slow(Pace.LIVE, 5.0)
    drive.until(lambda: lag.property("tone") == "ok")


def test_what_is_clinical_is_heard_and_small_talk_is_not(drive: Driver) -> None:
    drive.record(32)
    drive.until(lambda: any("red rash" in line for line in heard_lines(drive)))
    lines = heard_lines(drive)
    assert "Medicine: Ramipril, 5 mg, once a day., 01:48" in lines
    assert any("Penicillin" in line and line.startswith("Allergy") for line in lines)
    assert not any("umbrella" in line for line in lines)
    assert not any("About 3 weeks" in line for line in lines), "taken back in the next breath"


def test_what_was_heard_follows_the_consultation_on_screen_and_its_corrections(drive: Driver) -> None:
    drive.record(32)
    drive.until(lambda: any("Ramipril" in line for line in heard_lines(drive)))
    rows = drive.window.transcript.list.transcript
    said = next(u for u in rows.utterances if "Ramipril" in u.text)
    rows.replace(replace(said, text="Lisinopril, ten milligrams, once a day."))
    drive.until(lambda: any("Lisinopril, 10 mg" in line for line in heard_lines(drive)))
    assert not any("Ramipril" in line for line in heard_lines(drive))
    drive.screen.show_new()
    drive.until(lambda: not heard_lines(drive))


def heard_lines(drive: Driver) -> list[str]:
    """What the list shows, line by line."""
    heard = drive.window.notes.heard_list.heard
    return [str(heard.index(row).data()) for row in range(heard.rowCount())]


def test_notes_are_saved_while_typing_and_come_back(drive: Driver, qtbot: QtBot) -> None:
    drive.record(1)
    qtbot.keyClicks(drive.window.notes.notes, "HS 1+2+0")
    id = drive.screen.id
    assert id is not None
    drive.until(lambda: drive.stage.application.store.consultation(id).notes == "HS 1+2+0")


def test_notes_typed_before_start_belong_to_the_consultation(drive: Driver) -> None:
    drive.window.notes.notes.setPlainText("BP at home 150/90")
    drive.record(1)
    id = drive.screen.id
    assert id is not None
    drive.until(lambda: drive.stage.application.store.consultation(id).notes == "BP at home 150/90")


def test_a_patient_can_be_named_before_and_corrected_during_the_recording(drive: Driver) -> None:
    drive.window.sidebar.new.click()
    drive.window.identity.name.setText("Alan Exmple")
    drive.window.header.start.click()  # without Save: what is typed counts
    drive.until_state(S.RECORDING)
    assert drive.window.header.name.text() == "Alan Exmple"
    drive.window.header.edit.click()
    drive.window.identity.name.setText("Alan Example")
    drive.window.identity.informed.setCurrentIndex(1)
    drive.window.identity.save.click()
    drive.until(lambda: drive.window.header.informed.text() == "Informed")
    assert drive.screen.patient == PatientIdentity("Alan Example")
    assert drive.screen.state is S.RECORDING


def test_a_patient_who_objects_is_not_recorded(drive: Driver, qtbot: QtBot) -> None:
    drive.screen.set_visit(PatientIdentity("Alan"), Informed.OBJECTED)
    assert not drive.window.header.start.isEnabled()
    drive.press("Ctrl+R")
    qtbot.wait(50)
    assert drive.stage.recorder.calls == []


def test_a_microphone_that_fails_is_said_in_the_banner_and_start_is_offered_again(drive: Driver) -> None:
    drive.stage.recorder.failure = MicrophoneError("No microphone was found.", "", "Plug one in.")
    drive.window.header.start.click()
    drive.until(lambda: drive.window.banner.isVisible())
    assert drive.window.banner.title.text() == "No microphone was found."
    assert "Plug one in." in drive.window.banner.text.text()


def test_a_warning_about_the_microphone_comes_and_goes_without_a_dialog(drive: Driver) -> None:
    drive.record(1)
    bus, id = drive.stage.application.bus, drive.stage.recorder.id
    bus.publish(CaptureWarned(id, CaptureWarning.ALL_ZERO, "Nothing is heard. Is the microphone muted?"))
    drive.until(lambda: drive.window.banner.isVisible())
    bus.publish(CaptureWarned(id, CaptureWarning.RECOVERED, ""))
    drive.until(lambda: not drive.window.banner.isVisible())


def test_another_default_microphone_is_named_until_the_recording_ends(drive: Driver) -> None:
    drive.record(1)
    bus, id, banner = drive.stage.application.bus, drive.stage.recorder.id, drive.window.banner
    for name in ("Headset", "Desk"):
        text = f"The default microphone changed. The recording goes on with “{name}”."
        bus.publish(CaptureWarned(id, CaptureWarning.DEVICE_CHANGED, text))
        drive.until(lambda text=text: banner.isVisible() and banner.title.text() == text)
    drive.window.header.stop.click()
    drive.until(lambda: not banner.isVisible())


LASTING = (CaptureWarning.NARROW_BAND, CaptureWarning.DEVICE_CHANGED)
"""They hold as long as that microphone is used."""


@pytest.mark.parametrize("warning", [w for w in CaptureWarning if w not in GOOD_NEWS])
def test_every_trouble_of_a_recording_is_said_and_stays_until_it_is_over(
    drive: Driver, warning: CaptureWarning
) -> None:
    drive.record(1)
    bus, id = drive.stage.application.bus, drive.stage.recorder.id
    banner = drive.window.banner
    bus.publish(CaptureWarned(id, warning, f"This is wrong: {warning}."))
    drive.until(lambda: banner.isVisible() and banner.title.text() == f"This is wrong: {warning}.")
    over = {
        CaptureWarning.DISK_LOW: CaptureWarning.DISK_BACK,
        CaptureWarning.DEVICE_LOST: CaptureWarning.DEVICE_BACK,
        CaptureWarning.STALLED: CaptureWarning.ANSWERS,
    }.get(warning, CaptureWarning.RECOVERED)
    for other in GOOD_NEWS - {over}:
        bus.publish(CaptureWarned(id, other, "Something else is well again."))
    bus.publish(LevelMeasured(id, -20.0, -9.0, 99 * SAMPLE_RATE))
    drive.until(lambda: "01:39" in drive.window.header.state.text())
    assert banner.title.text() == f"This is wrong: {warning}."
    if warning not in LASTING:
        bus.publish(CaptureWarned(id, over, "It is well again."))
        drive.until(lambda: not banner.isVisible())


def test_what_was_wrong_with_the_recorder_is_over_when_nothing_could_be_recorded(drive: Driver) -> None:
    drive.record(0)
    recorder, banner = drive.stage.recorder, drive.window.banner
    drive.stage.application.bus.publish(CaptureWarned(recorder.id, CaptureWarning.STALLED, "No answer."))
    drive.until(lambda: banner.title.text() == "No answer.")
    recorder.crash(EngineError("The recorder stopped unexpectedly."))
    drive.until_state(S.FAILED)
    drive.until(lambda: banner.title.text() == "The recorder stopped unexpectedly.")
    banner.dismiss()
    assert not banner.isVisible()


def test_the_end_of_one_recording_takes_no_warning_of_another_back(drive: Driver) -> None:
    drive.record(1)
    bus, id, banner = drive.stage.application.bus, drive.stage.recorder.id, drive.window.banner
    earlier = ConsultationId("earlier")
    for consultation, text in ((earlier, "The earlier one."), (id, "This one.")):
        bus.publish(CaptureWarned(consultation, CaptureWarning.STALLED, text))
    drive.until(lambda: banner.title.text() == "This one.")
    bus.publish(RecordingClosed(earlier, Recording(earlier, 0, complete=True)))
    bus.publish(LevelMeasured(id, -20.0, -9.0, 99 * SAMPLE_RATE))
    drive.until(lambda: "01:39" in drive.window.header.state.text())
    assert banner.title.text() == "This one."
    drive.window.header.stop.click()
    drive.until(lambda: not banner.isVisible())


def test_while_another_consultation_is_on_screen_the_recording_stays_in_sight(drive: Driver) -> None:
    drive.record(2)
    recorded = drive.screen.id
    drive.window.sidebar.new.click()
    assert drive.screen.id is None
    drive.stage.application.bus.publish(LevelMeasured(drive.stage.recorder.id, -20.0, -9.0, 65 * SAMPLE_RATE))
    drive.until(lambda: "Recording 01:05" in drive.window.header.elsewhere.text())
    assert not drive.window.header.start.isVisible()
    drive.stage.transcriber.settle(SPOKEN[2])
    drive.window.header.elsewhere.click()
    drive.until(lambda: drive.screen.id == recorded)
    drive.until(lambda: len(drive.window.transcript.list.transcript.utterances) == 3)
    assert not drive.window.header.elsewhere.isVisible()


def test_closing_while_recording_asks_and_the_safe_answer_goes_on(drive: Driver, qtbot: QtBot) -> None:
    drive.record(1)
    drive.window.close()
    dialog = next(iter(drive.window.findChildren(ChoiceDialog)))
    assert drive.window.isVisible()
    qtbot.keyClick(dialog, Qt.Key.Key_Return)
    assert drive.screen.state is S.RECORDING
    assert drive.stage.recorder.calls == ["start"]


def test_the_models_caveat_is_always_in_sight(drive: Driver) -> None:
    drive.until(lambda: drive.window.sidebar.caveat.isVisible())
    assert "not for patients" in drive.window.sidebar.caveat.text()
    drive.record(1)
    assert drive.window.sidebar.caveat.isVisible()


def test_the_list_finds_by_name_and_says_when_nothing_is_found(drive: Driver, qtbot: QtBot) -> None:
    drive.record(1)
    drive.until(lambda: drive.window.sidebar.model.rowCount() == 2)  # the day, the consultation
    qtbot.keyClicks(drive.window.sidebar.search, "Nobody")
    drive.until(lambda: drive.window.sidebar.model.rowCount() == 0)
    assert "Nothing found" in drive.window.sidebar.teaching.text()
    drive.window.sidebar.search.clear()
    drive.until(lambda: drive.window.sidebar.model.rowCount() == 2)


def test_in_a_narrow_window_the_patients_name_has_the_room_while_it_records(drive: Driver) -> None:
    header = drive.window.header
    drive.window.resize(1024, 640)
    drive.record(2)
    header.show_patient(
        PatientIdentity("Alan Example", "14 March 1961", "NHS 999 000 0000"), Informed.INFORMED
    )
    drive.until(lambda: header.name.width() >= header.name.fontMetrics().horizontalAdvance("Alan Example"))
    assert header.more.isHidden()
    assert header.prior.isHidden()
    drive.window.resize(1280, 800)
    drive.until(lambda: header.more.isVisible() and header.prior.isVisible())
