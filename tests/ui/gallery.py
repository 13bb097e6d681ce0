"""Pictures of the window in every state, to be looked at by a person.

    PYTHONPATH=tests QT_QPA_PLATFORM=offscreen python tests/ui/gallery.py FOLDER [light|dark …] [--dutch]

Real services and a real vault, scripted engines, the sample consultation. Not a test.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from PySide6.QtWidgets import QApplication
from ui.scripted import Stage, make_stage, sample_utterances

from scribe_app import language
from scribe_app.domain.consultation import Consultation, ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.letter import Statement
from scribe_app.ui.banner import Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.conductor import Conductor
from scribe_app.ui.dialogs import NewVaultDialog, UnlockDialog
from scribe_app.ui.theme import Theme

S = ConsultationState
ALAN = PatientIdentity("Alan Example", "14 March 1961", "NHS 999 000 0000")
SIZES = ((1280, 800), (1024, 640))


def _says(text: str, *evidence: int) -> Statement:
    return Statement(text, evidence=tuple(UtteranceId(id) for id in evidence))


LETTER = {
    "diagnoses": [_says("Possible stable angina.", 52)],
    "history": [
        _says(
            "Four weeks of tight, exertional chest pain, radiating to the left arm and relieved by rest.",
            6,
            8,
            10,
            14,
            16,
        ),
        _says("Two or three times a week, for about five minutes; worse in the cold.", 12, 14, 24),
        _says("A little breathless with it; no sweating or palpitations.", 20, 22),
        _says("No asthma or stomach ulcer. No leg swelling.", 26, 34),
    ],
    "family_history": [_says("Father died of a heart attack at 52.", 36)],
    "social_context": [_says("Smokes about ten a day.", 40)],
    "concerns": [_says("Worried that he is going the same way as his father.", 38)],
    "medications": [_says("Ramipril 5 mg once a day.", 28), _says("Bisoprolol 2.5 mg once daily started.")],
    "allergies": [_says("Penicillin: red rash in childhood.", 32)],
    "examination": [
        _says(
            "Blood pressure 148/88 mmHg, pulse 76 per minute and regular, oxygen saturation 97 %.", 45, 47, 48
        ),
        _says("Heart sounds normal, chest clear.", 50),
    ],
    "plan": [
        _says("ECG and bloods (cholesterol, sugar, kidney function) today.", 58),
        _says("Refer to the rapid access chest pain clinic, within two weeks.", 60),
        _says("Start aspirin 75 mg once a day with food; GTN spray as needed.", 62, 64),
        _says("Ask the stop smoking adviser to ring.", 72),
        _says("Review in two weeks.", 76),
    ],
    "information_given": [
        _says("Call 999 for pain at rest that lasts more than fifteen minutes.", 66),
        _says("Ring the same day if it comes on more often, or with less effort.", 68),
    ],
}


@dataclass
class Scene:
    """A running window and its strings."""

    stage: Stage
    conductor: Conductor
    folder: Path
    suffix: str

    def settle(self, seconds: float = 0.3) -> None:
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            QApplication.processEvents()
            time.sleep(0.005)

    def until(self, true: Callable[[], bool]) -> None:
        end = time.monotonic() + 10
        while not true():
            assert time.monotonic() < end, "the window did not get there"
            self.settle(0.02)

    def shoot(self, name: str) -> None:
        window = self.conductor.window
        for width, height in SIZES:
            window.resize(width, height)
            self.settle(0.25)
            window.grab().save(str(self.folder / f"{name}-{self.suffix}-{width}.png"))
        window.resize(*SIZES[0])
        self.settle(0.1)


def _others(stage: Stage) -> None:
    """Earlier patients, so that the list has something to list."""
    now = datetime.now(UTC)
    for name, minutes, state in (
        ("Maria de Vries", 22, S.SIGNED),
        ("Dennis Okafor", 34, S.IN_REVIEW),
        ("Ruth Hallam", 47, S.SIGNED),
        ("Piotr Zielinski", 24 * 60 + 5, S.SIGNED),
        ("", 3 * 24 * 60, S.FAILED),
    ):
        consultation = Consultation(
            new_consultation_id(),
            now - timedelta(minutes=minutes),
            "en",
            "soap",
            state,
            PatientIdentity(name),
        )
        stage.application.store.save_consultation(consultation)


@contextmanager
def scene(folder: Path, theme_name: str, *, others: bool = True) -> Iterator[Scene]:
    """A window on a fresh vault."""
    application = QApplication.instance() or QApplication(["scribe"])
    assert isinstance(application, QApplication)
    with tempfile.TemporaryDirectory() as root:
        stage = make_stage(Path(root))
        if others:
            _others(stage)
        theme = Theme(application, theme_name)
        conductor = Conductor(stage.application, Bridge(), theme)
        conductor.begin()
        made = Scene(stage, conductor, folder, theme_name)
        made.until(lambda: bool(conductor.screen.templates))
        made.settle()
        try:
            yield made
        finally:
            gone: list[bool] = []
            conductor.closed.connect(lambda: gone.append(True))
            conductor.close_down()
            made.until(lambda: bool(gone))


def _record(made: Scene, until: float, *, preview: bool = True) -> None:
    conductor, stage = made.conductor, made.stage
    conductor.window.notes.choose_template("outpatient")
    conductor.window.identity.hide()
    conductor.screen.set_visit(ALAN, Informed.INFORMED)
    conductor.recording.start()
    made.until(lambda: conductor.screen.state is S.RECORDING)
    spoken = [utterance for utterance in sample_utterances() if utterance.end <= until]
    for utterance in spoken:
        stage.transcriber.settle(utterance)
    for at in range(14):
        stage.recorder.hear(until, -52 + 9 * (at % 5))
        made.settle(0.08)
    stage.transcriber.progress(until)
    if preview:
        stage.transcriber.preview("and we could do some blood", spoken[-1].end + 0.5)
    conductor.window.notes.notes.setPlainText("HS 1+2+0, chest clear. No oedema.")
    made.settle(0.8)


def shoot_all(folder: Path, theme_name: str) -> None:
    """Every state, in order."""
    with scene(folder, theme_name, others=False) as made:
        made.shoot("1-empty")
        made.conductor.open_help()
        made.settle()
        _shoot_dialog(made, "9-help")
        made.conductor.settings.open()
        made.settle()
        _shoot_dialog(made, "9-settings")
        for name, dialog in (("9-new-vault", NewVaultDialog()), ("9-unlock", UnlockDialog())):
            dialog.show()
            made.settle(0.2)
            dialog.grab().save(str(folder / f"{name}-{theme_name}.png"))
            dialog.close()
    with scene(folder, theme_name) as made:
        conductor, stage = made.conductor, made.stage
        conductor.library.new()
        made.shoot("2-ready")
        _record(made, 92.0)
        made.shoot("3-recording")
        conductor.recording.pause()
        made.until(lambda: conductor.screen.state is S.PAUSED)
        made.shoot("4-paused")
        conductor.library.new()
        made.shoot("4-recording-elsewhere")
        assert conductor.screen.recording is not None
        conductor.library.open(conductor.screen.recording.id)
        conductor.recording.resume()
        made.settle()
    with scene(folder, theme_name) as made:
        conductor, stage = made.conductor, made.stage
        stage.drafter.script = LETTER
        stage.drafter.sections_before_holding = 8
        stage.transcriber.hold = True
        _record(made, 360.0, preview=False)
        conductor.recording.stop()
        made.until(lambda: conductor.screen.state is S.TRANSCRIBING)
        stage.transcriber.progress(380.0)
        made.shoot("5-transcribing")
        stage.transcriber.hold = False
        stage.transcriber.finish()
        made.until(lambda: conductor.screen.being_written is not None)
        made.settle()
        made.shoot("6-drafting")
        stage.drafter.go_on()
        made.until(lambda: conductor.screen.state is S.IN_REVIEW)
        made.settle()
        _review(made)


def _review(made: Scene) -> None:
    conductor = made.conductor
    view = conductor.window.letter.view
    row = next(row for row in view.rows if row.statement and row.statement.text.startswith("Four weeks"))
    doubted = next(row for row in view.rows if row.statement and row.statement.needs_settling)
    view.go_to(row)
    view.ensureWidgetVisible(doubted, 0, 80)
    made.settle()
    made.shoot("7-review")
    view.choose_next_unsettled()
    made.shoot("7-review-unsettled")
    view.go_to(row)
    row.edit()
    made.shoot("7-review-editing")
    view.choose_next_unsettled()
    conductor.window.banner.say(
        Message(
            "The microphone went away.", "Recording goes on as soon as it is back. What was said is kept."
        )
    )
    made.shoot("7-banner")
    conductor.window.banner.dismiss()
    while conductor.screen.letter and conductor.screen.letter.unsettled:
        view.choose_next_unsettled()
        conductor.review.keep_chosen()
        made.settle()
    letter = conductor.screen.letter
    assert letter is not None
    for item in letter.coverage.items:
        conductor.window.letter.box.dismiss_wanted.emit(item.utterance)
    made.settle(1.0)
    conductor.signing.sign()
    made.settle()
    _shoot_dialog(made, "9-sign")
    conductor.signing._sign("Dr Sam Sample", "GP")
    made.until(lambda: conductor.screen.letter is not None and conductor.screen.letter.signature is not None)
    made.settle()
    made.shoot("8-signed")


def _shoot_dialog(made: Scene, name: str) -> None:
    dialog = QApplication.activeModalWidget() or QApplication.activePopupWidget()
    assert dialog is not None
    dialog.grab().save(str(made.folder / f"{name}-{made.suffix}.png"))
    dialog.close()
    made.settle(0.1)


def main() -> None:
    """Both colour schemes into the folder given; the window in English, or in Dutch."""
    words = [word for word in sys.argv[1:] if word != "--dutch"]
    folder = Path(words[0])
    folder.mkdir(parents=True, exist_ok=True)
    if "--dutch" in sys.argv:
        language.use("nl")
    for theme_name in words[1:] or ("light", "dark"):
        shoot_all(folder, theme_name)


if __name__ == "__main__":
    main()
