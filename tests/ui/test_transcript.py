"""The transcript column: what is on record, what is not, and where audio is missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from PySide6.QtCore import Qt
from PySide6.QtTest import QAbstractItemModelTester
from pytestqt.qtbot import QtBot
from ui.scripted import sample_utterances

from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recording import SAMPLE_RATE, AudioGap, GapReason
from scribe_app.ui.heard_list import Heard, HeardModel
from scribe_app.ui.playback import stretches
from scribe_app.ui.sidebar import ConsultationModel, Summary
from scribe_app.ui.theme import Theme
from scribe_app.ui.transcript_model import TranscriptModel
from scribe_app.ui.transcript_view import TranscriptList

SPOKEN = sample_utterances()
WARNING = QAbstractItemModelTester.FailureReportingMode.Warning


def texts(model: TranscriptModel) -> list[str]:
    return [str(model.index(row).data()) for row in range(model.rowCount())]


def test_the_model_keeps_qts_rules_while_it_changes(qtbot: QtBot) -> None:
    model = TranscriptModel()
    tester = QAbstractItemModelTester(model, WARNING)  # Qt's warnings fail a test
    model.append(SPOKEN[0])
    model.set_preview("grey", 5.6)
    model.set_preview("grey words", 5.6)
    model.append(SPOKEN[1])
    model.add_gap(AudioGap(round(5.8 * SAMPLE_RATE), 12.0, GapReason.PAUSED))
    model.append(SPOKEN[2])
    model.reset(SPOKEN)
    assert model.rowCount() == len(SPOKEN)
    del tester


def test_the_models_of_the_other_lists_keep_qts_rules_too(qtbot: QtBot) -> None:
    heard, listed = HeardModel(), ConsultationModel()
    testers = [QAbstractItemModelTester(model, WARNING) for model in (heard, listed)]
    lines = tuple(
        Heard(
            said.id,
            "Symptom",
            said.text,
            said.start,
            Fact("", "symptom", said.text, (said.id,), said.speaker),
        )
        for said in SPOKEN
    )
    for shown in (lines[:20], lines[:40], lines, lines[5:]):
        heard.show_all(shown)
    now = datetime.now(UTC)
    consultation = Consultation(new_consultation_id(), now, "en", "soap")
    listed.show_all([Summary(consultation)], now.date())
    assert listed.update_one(replace(consultation, state=ConsultationState.RECORDING))
    assert heard.rowCount() == len(SPOKEN) - 5
    assert listed.rowCount() == 2
    del testers


def test_the_preview_is_shown_last_and_is_never_on_record() -> None:
    model = TranscriptModel()
    model.append(SPOKEN[0])
    model.set_preview("Morning doc", SPOKEN[0].end + 0.2)
    assert texts(model) == [SPOKEN[0].text, "Morning doc"]
    assert model.utterances == (SPOKEN[0],)
    assert not model.flags(model.index(1)) & Qt.ItemFlag.ItemIsEditable
    model.append(SPOKEN[1])
    assert texts(model) == [SPOKEN[0].text, SPOKEN[1].text]
    assert model.preview == ""


def test_a_preview_that_comes_late_does_not_repeat_what_is_on_record() -> None:
    model = TranscriptModel()
    model.append(SPOKEN[0])
    model.set_preview("Hello Mister", SPOKEN[0].start)
    assert model.preview == ""


def test_a_pause_is_a_line_of_its_own_where_it_happened() -> None:
    model = TranscriptModel()
    for utterance in SPOKEN[:3]:
        model.append(utterance)
    gap = AudioGap(round(9.5 * SAMPLE_RATE), 12.0, GapReason.PAUSED)
    model.add_gap(gap)
    model.add_gap(gap)
    assert texts(model) == [SPOKEN[0].text, SPOKEN[1].text, "Paused 00:12", SPOKEN[2].text]


def test_an_utterance_that_comes_again_replaces_itself() -> None:
    model = TranscriptModel()
    model.append(SPOKEN[0])
    model.append(SPOKEN[0])
    assert model.rowCount() == 1


def test_ten_minutes_scroll_to_what_a_statement_rests_on(theme: Theme, qtbot: QtBot) -> None:
    view = TranscriptList(theme)
    qtbot.addWidget(view)
    view.resize(420, 300)
    view.show()
    view.transcript.reset(SPOKEN)
    view.show_utterances([60])
    assert view.transcript.lit == {60}
    qtbot.waitUntil(
        lambda: (
            view.viewport()
            .rect()
            .contains(view.visualRect(view.transcript.index(view.transcript.row_of(60))).center())
        )
    )
    view.hide()


def test_what_is_close_is_played_as_one_stretch() -> None:
    first, second, far = SPOKEN[0], SPOKEN[1], SPOKEN[40]
    assert stretches([far, second, first]) == [
        (first.start - 0.3, second.end + 0.3),
        (far.start - 0.3, far.end + 0.3),
    ]
