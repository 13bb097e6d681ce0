"""A locked vault: nothing of a patient anywhere, a recording that goes on, and everything back afterwards."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QApplication,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QWidget,
)
from pytestqt.qtbot import QtBot
from ui.driver import WAIT_MS
from ui.house import House
from ui.scripted import PASSPHRASE, Stage, make_stage, sample_utterances

from scribe_app.adapters.store import VaultDoor
from scribe_app.config import Settings
from scribe_app.domain.consultation import ConsultationState, Informed, PatientIdentity
from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.recovery_key import new_recovery_key
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.words import plain
from scribe_app.errors import VaultLockedError
from scribe_app.ports import AuditAction
from scribe_app.services.consultations import NewConsultation
from scribe_app.services.retention import Retention
from scribe_app.ui import presence as presence_module
from scribe_app.ui.entrance import Entrance
from scribe_app.ui.lock_screen import LockScreen
from scribe_app.ui.presence import Presence
from scribe_app.ui.system_lock import SystemLock
from scribe_app.ui.theme import Theme
from scribe_app.ui.vault_dialogs import RecoverDialog

S = ConsultationState
NEEDLE = "Zxqvneedle"
RECOVERY = new_recovery_key()


class Desk:
    """A clinician before the window, with a vault of two ways in."""

    def __init__(self, root: Path, theme: Theme, qtbot: QtBot) -> None:
        self.house, self.qtbot = House(root), qtbot
        workshop = self.house.workshop()
        store = workshop.door(workshop.folders.vault).create(PASSPHRASE, RECOVERY)
        self.entrance = Entrance(workshop, theme)
        application = workshop.build(store, workshop.folders)
        self.stage.transcriber.hold = True
        self.entrance.enter(application)

    @property
    def stage(self) -> Stage:
        return self.house.stages[-1]

    @property
    def screen(self) -> LockScreen:
        assert self.entrance.lock_screen is not None
        return self.entrance.lock_screen

    def until(self, true: Callable[[], bool]) -> None:
        self.qtbot.waitUntil(true, timeout=WAIT_MS)

    def state_is(self, state: ConsultationState) -> Callable[[], bool]:
        return lambda: self.entrance.conductor is not None and self.entrance.conductor.screen.state is state

    def record(self) -> None:
        """A consultation with the needle in everything that there is."""
        assert self.entrance.conductor is not None
        conductor = self.entrance.conductor
        conductor.play(
            NewConsultation(patient=PatientIdentity(f"{NEEDLE} Name", "1 May 1950", f"{NEEDLE} 1"))
        )
        self.until(self.state_is(S.RECORDING))
        for number, utterance in enumerate(sample_utterances()[:6], start=1):
            said = replace(utterance, text=f"{NEEDLE} said {utterance.text}")
            self.stage.transcriber.settle(said)
            self.stage.recorder.hear(utterance.end)
            self.until(lambda n=number: len(conductor.window.transcript.list.transcript.utterances) == n)
        conductor.window.notes.notes.setPlainText(f"{NEEDLE} notes")

    def lock(self) -> None:
        with self.qtbot.waitSignal(self.entrance.locked, timeout=WAIT_MS):
            self.entrance.lock()
        QApplication.sendPostedEvents(None, 52)  # DeferredDelete

    def unlock(self, passphrase: str = PASSPHRASE) -> None:
        self.screen.field.setText(passphrase)
        self.screen.unlock.click()
        self.until(lambda: self.entrance.conductor is not None)


@pytest.fixture
def desk(tmp_path: Path, theme: Theme, qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(tmp_path, theme, qtbot)
    yield made
    if made.entrance.conductor is not None or made.entrance.lock_screen is not None:
        with qtbot.waitSignal(made.entrance.left, timeout=WAIT_MS):
            made.entrance.end()
    made.entrance.bridge.close()


def shown(widget: QWidget) -> Iterator[str]:
    """Every text that a widget holds, for eyes, mice and screen readers."""
    yield from (widget.windowTitle(), widget.toolTip(), widget.statusTip(), widget.whatsThis())
    yield from (widget.accessibleName(), widget.accessibleDescription())
    if isinstance(widget, QLabel | QAbstractButton | QLineEdit):
        yield widget.text()
    if isinstance(widget, QPlainTextEdit):
        yield widget.toPlainText()
    if isinstance(widget, QComboBox):
        yield from (widget.itemText(at) for at in range(widget.count()))
    if isinstance(widget, QAbstractItemView) and (model := widget.model()) is not None:
        for row in range(model.rowCount()):
            yield str(model.data(model.index(row, 0), Qt.ItemDataRole.DisplayRole))


def needles() -> list[str]:
    """Where the needle is on screen, or behind it."""
    return [
        f"{type(widget).__name__}: {text}"
        for widget in QApplication.allWidgets()
        for text in shown(widget)
        if NEEDLE in text
    ]


class TestNothingIsShown:
    def test_no_widget_title_tooltip_or_name_holds_anything_of_a_patient(self, desk: Desk) -> None:
        desk.record()
        assert len(needles()) > 5  # the walk finds what is there
        plain(NEEDLE)
        desk.lock()
        assert needles() == []
        assert desk.screen.isVisible()
        assert plain.cache_info().currsize == 0
        with pytest.raises(VaultLockedError):
            desk.stage.application.store.consultations()

    def test_dialogs_go_with_the_window(self, desk: Desk) -> None:
        desk.record()
        conductor = desk.entrance.conductor
        assert conductor is not None
        conductor.settings.open()
        conductor.close_wanted()
        desk.lock()
        others = [w for w in QApplication.topLevelWidgets() if w.isVisible() and w is not desk.screen]
        assert others == []

    def test_a_copied_letter_is_cleared_if_it_would_be(self, desk: Desk) -> None:
        conductor = desk.entrance.conductor
        assert conductor is not None
        conductor.signing.clipboard.copy(NEEDLE, 60)
        desk.lock()
        assert NEEDLE not in QGuiApplication.clipboard().text()


class TestComingBack:
    def test_a_wrong_passphrase_stays_out_and_the_right_one_is_where_it_was(self, desk: Desk) -> None:
        desk.record()
        desk.lock()
        desk.screen.field.setText("not the right one")
        desk.screen.unlock.click()
        desk.until(lambda: desk.screen.unlock.isEnabled() and bool(desk.screen.trouble.text()))
        assert needles() == []
        desk.unlock()
        conductor = desk.entrance.conductor
        assert conductor is not None
        desk.until(desk.state_is(S.RECORDING))
        assert conductor.screen.patient.name == f"{NEEDLE} Name"
        desk.until(lambda: conductor.window.notes.notes.toPlainText() == f"{NEEDLE} notes")
        assert len(conductor.window.transcript.list.transcript.utterances) == 6

    def test_what_was_typed_before_start_is_there_again(self, desk: Desk) -> None:
        conductor = desk.entrance.conductor
        assert conductor is not None
        conductor.screen.set_visit(PatientIdentity(f"{NEEDLE} Waiting"), Informed.INFORMED)
        conductor.window.notes.notes.setPlainText(f"{NEEDLE} asks for a repeat")
        conductor.identity.edit()
        conductor.window.identity.number.setText("typing")
        desk.lock()
        assert needles() == []
        desk.unlock()
        conductor = desk.entrance.conductor
        assert conductor is not None
        assert conductor.screen.visit.patient.name == f"{NEEDLE} Waiting"
        assert conductor.screen.visit.informed is Informed.INFORMED
        assert conductor.window.notes.notes.toPlainText() == f"{NEEDLE} asks for a repeat"
        assert conductor.window.identity.isVisible()
        assert conductor.window.identity.number.text() == "typing"

    def test_the_recovery_key_opens_it_and_sets_a_new_passphrase(self, desk: Desk) -> None:
        desk.lock()
        desk.screen.recovery.click()
        dialog = desk.entrance.recovering
        assert isinstance(dialog, RecoverDialog)
        dialog.key.setText(str(RECOVERY)[:-1] + ("A" if str(RECOVERY)[-1] != "A" else "B"))
        for field in dialog.passphrases.fields:
            field.setText("another four words")
        assert "group 8" in dialog.advice.text()
        assert not dialog.go_on.isEnabled()
        dialog.key.setText(str(RECOVERY))
        dialog.go_on.click()
        desk.until(lambda: desk.entrance.conductor is not None)
        VaultDoor(desk.house.folders.vault, use_keychain=False).check("another four words")

    def test_settings_changed_in_the_window_hold_after_unlocking(self, desk: Desk) -> None:
        conductor = desk.entrance.conductor
        assert conductor is not None
        conductor.settings.save(replace(conductor.screen.settings, lock_minutes=30, language="nl"))
        desk.lock()
        desk.unlock()
        conductor = desk.entrance.conductor
        assert conductor is not None
        assert (conductor.screen.settings.lock_minutes, conductor.screen.settings.language) == (30, "nl")

    def test_five_times_over_nothing_piles_up(self, desk: Desk) -> None:
        desk.record()
        for _ in range(5):
            desk.lock()
            desk.unlock()
            desk.until(desk.state_is(S.RECORDING))
        QApplication.sendPostedEvents(None, 52)
        assert len([w for w in QApplication.topLevelWidgets() if type(w).__name__ == "MainWindow"]) == 1
        assert not [w for w in QApplication.topLevelWidgets() if isinstance(w, LockScreen)]


class TestWhatGoesOnByItself:
    def test_retention_looks_again_after_an_unlock(self, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
        """A computer that is locked every day and never restarted must not keep things for ever."""
        looked: list[bool] = []
        real = Retention.due_again
        monkeypatch.setattr(Retention, "due_again", lambda self: looked.append(True) or real(self))
        application = desk.stage.application
        retention = Retention(
            application.store, application.trail, application.bus, Settings(), application.consultations
        )
        object.__setattr__(application, "retention", retention)
        desk.lock()
        desk.unlock()
        desk.until(lambda: bool(looked))
        conductor = desk.entrance.conductor
        assert conductor is not None
        assert conductor.erasing._hourly.isActive()

    def test_a_lock_and_an_unlock_are_one_entry_each(self, desk: Desk) -> None:
        desk.lock()
        desk.unlock()
        store = desk.stage.application.store

        def noted() -> list[AuditAction]:
            entries = [entry.action for entry in store.audit()]
            return [one for one in entries if one in (AuditAction.LOCKED, AuditAction.UNLOCKED)]

        desk.until(lambda: AuditAction.UNLOCKED in noted())
        desk.lock()
        desk.unlock()
        desk.until(lambda: noted()[-1] is AuditAction.UNLOCKED)
        assert noted() == [AuditAction.LOCKED, AuditAction.UNLOCKED] * 2


class TestRecordingGoesOn:
    def test_only_its_sign_time_and_stop_are_shown(self, desk: Desk) -> None:
        desk.record()
        desk.lock()
        assert desk.screen.sign.isVisible()
        desk.stage.recorder.hear(754)
        desk.until(lambda: "12:34" in desk.screen.state.text())
        assert "12:34" in desk.screen.windowTitle()
        assert desk.stage.recorder.calls == ["start"]
        desk.stage.recorder.pause()
        desk.until(lambda: desk.screen.state.text().startswith("Paused"))
        desk.stage.recorder.resume()
        desk.until(lambda: desk.screen.state.text().startswith("Recording"))

    def test_transcription_takes_up_at_the_next_sample_and_nothing_is_lost(self, desk: Desk) -> None:
        desk.record()
        stored = desk.stage.application.store.transcribed_until(desk.stage.recorder.id)
        desk.lock()
        # The recogniser was ended: what it still says is not heard, and is not stored.
        desk.stage.transcriber.settle(Utterance(UtteranceId(7), "lost?", 200, 201))
        desk.stage.transcriber.request = None
        desk.unlock()
        desk.until(lambda: desk.stage.transcriber.request is not None)
        request = desk.stage.transcriber.request
        assert request is not None
        assert (request.from_sample, request.first_id) == (stored, 7)
        desk.stage.transcriber.settle(Utterance(UtteranceId(7), "not lost", 200, 201))
        store = desk.stage.application.store
        desk.until(lambda: len(store.transcript(desk.stage.recorder.id)) == 7)

    def test_stop_while_locked_seals_and_the_letter_follows_after_unlocking(self, desk: Desk) -> None:
        desk.record()
        desk.stage.transcriber.hold = False
        desk.lock()
        desk.screen.stop.click()
        desk.until(lambda: "sealed" in desk.screen.note.text())
        assert desk.stage.recorder.calls[-1] == "stop"
        assert "●" not in desk.screen.windowTitle()
        desk.unlock()
        desk.until(desk.state_is(S.IN_REVIEW))
        recording = desk.stage.application.store.recording(desk.stage.recorder.id)
        assert recording is not None
        assert recording[0].complete

    def test_what_was_transcribed_or_drafted_is_taken_up_again(self, desk: Desk) -> None:
        desk.record()
        desk.stage.application.consultations.stop(desk.stage.recorder.id)
        desk.until(desk.state_is(S.TRANSCRIBING))
        desk.lock()
        desk.stage.transcriber.hold = False
        desk.unlock()
        desk.until(desk.state_is(S.IN_REVIEW))

    def test_closing_while_locked_seals_it(self, desk: Desk) -> None:
        desk.record()
        desk.lock()
        with desk.qtbot.waitSignal(desk.entrance.left, timeout=WAIT_MS):
            desk.screen.leave.click()
        assert desk.stage.recorder.calls[-1] == "stop"
        store = VaultDoor(desk.house.folders.vault, use_keychain=False).open(PASSPHRASE)
        assert store.consultations()[0].state is S.RECORDING  # brought back at the next start
        store.close()

    def test_a_demonstration_has_no_lock(self, tmp_path: Path, theme: Theme, qtbot: QtBot) -> None:
        stage = make_stage(tmp_path)
        entrance = Entrance(None, theme)
        conductor = entrance.enter(stage.application, owned=False)
        entrance.lock()
        assert entrance.conductor is conductor
        assert not conductor.window.sidebar.lock.isVisible()
        with qtbot.waitSignal(entrance.left, timeout=WAIT_MS):
            entrance.end()
        stage.application.close()
        entrance.bridge.close()


class HandClock:
    """Seconds as the test says."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> HandClock:
    made = HandClock()
    monkeypatch.setattr(presence_module, "steady_clock", made)
    return made


def passing(watch: Presence, clock: HandClock, seconds: float) -> None:
    """Time goes by, looked at every five seconds."""
    for _ in range(round(seconds / 5)):
        clock.now += 5
        watch.look()


class TestPresence:
    def test_nobody_for_five_minutes(self, qapp: QApplication, clock: HandClock, qtbot: QtBot) -> None:
        watch, gone = Presence(5), []
        watch.gone.connect(lambda: gone.append(clock.now))
        passing(watch, clock, 295)
        assert gone == []
        passing(watch, clock, 5)
        assert gone == [1300.0]

    def test_never(self, qapp: QApplication, clock: HandClock) -> None:
        watch, gone = Presence(0), []
        watch.gone.connect(lambda: gone.append(1))
        passing(watch, clock, 3600)
        assert gone == []

    def test_a_key_and_talk_in_the_room_are_presence(self, desk: Desk, clock: HandClock) -> None:
        guard = desk.entrance._guard
        assert guard is not None
        desk.record()
        for number in range(7, 10):
            passing(guard.presence, clock, 200)
            desk.stage.transcriber.settle(Utterance(UtteranceId(number), "go on", 100 + number, 101 + number))
            before = guard.presence._seen
            desk.until(lambda before=before: guard.presence._seen != before)
        assert desk.entrance.conductor is not None
        passing(guard.presence, clock, 200)
        desk.qtbot.keyClick(desk.entrance.conductor.window.windowHandle(), Qt.Key.Key_Shift)
        passing(guard.presence, clock, 200)
        assert desk.entrance.lock_screen is None
        with desk.qtbot.waitSignal(desk.entrance.locked, timeout=WAIT_MS):
            passing(guard.presence, clock, 100)

    def test_a_suspended_computer_wakes_up_locked(self, qapp: QApplication, clock: HandClock) -> None:
        watch, gone = Presence(0), []
        watch.gone.connect(lambda: gone.append(1))
        clock.now += 20  # merely busy
        watch.look()
        assert gone == []
        clock.now += 3600
        watch.look()
        assert gone == [1]


@pytest.fixture
def bus(tmp_path: Path) -> Iterator[str]:
    """A private D-Bus."""
    if not (shutil.which("dbus-daemon") and shutil.which("dbus-send")):
        pytest.skip("needs dbus-daemon and dbus-send")
    daemon = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1", f"--address=unix:path={tmp_path}/bus"],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert daemon.stdout is not None
    yield daemon.stdout.readline().strip()
    daemon.terminate()
    daemon.wait(10)
    daemon.stdout.close()


def signalled(bus: str, path: str, name: str, *arguments: str) -> None:
    subprocess.run(
        ["dbus-send", f"--bus={bus}", "--type=signal", path, name, *arguments], check=True, env=os.environ
    )


class TestTheSystemsLock:
    def test_screen_lock_suspend_and_logind_are_heard(self, bus: str, qtbot: QtBot) -> None:
        listening = SystemLock(bus, bus)
        saver = ("/org/freedesktop/ScreenSaver", "org.freedesktop.ScreenSaver.ActiveChanged")
        with qtbot.waitSignal(listening.locked, timeout=WAIT_MS):
            signalled(bus, *saver, "boolean:true")
        with qtbot.waitSignal(listening.unlocked, timeout=WAIT_MS):
            signalled(bus, *saver, "boolean:false")
        with qtbot.waitSignal(listening.slept, timeout=WAIT_MS):
            signalled(
                bus,
                "/org/freedesktop/login1",
                "org.freedesktop.login1.Manager.PrepareForSleep",
                "boolean:true",
            )
        with qtbot.waitSignal(listening.locked, timeout=WAIT_MS):
            signalled(bus, "/org/freedesktop/login1/session/_31", "org.freedesktop.login1.Session.Lock")
        listening.close()

    def test_a_bus_over_the_network_or_none_at_all_is_left_alone(
        self, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "tcp:host=localhost,port=1")
        SystemLock(system_address="").close()
        monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
        monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
        SystemLock(system_address="").close()

    def test_after_the_systems_own_lock_its_keychain_may_open_the_vault(self, desk: Desk) -> None:
        guard = desk.entrance._guard
        assert guard is not None
        with desk.qtbot.waitSignal(desk.entrance.locked, timeout=WAIT_MS):
            guard.system.locked.emit()
        desk.screen.unlock.click()
        assert desk.screen.unlock.isEnabled()  # an empty passphrase asks nothing
        guard.system.unlocked.emit()
        desk.screen.unlock.click()
        desk.until(lambda: "passphrase" in desk.screen.trouble.text())  # this vault has no keychain
        desk.unlock()
