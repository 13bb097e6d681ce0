"""The way in: first run, later runs, and what keeps the door shut."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui.driver import WAIT_MS
from ui.house import House
from ui.scripted import PASSPHRASE, make_stage

from scribe_app.adapters.store import VaultDoor
from scribe_app.adapters.store.schema import migrations
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import new_consultation_id
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.errors import StorageError, VaultInUseError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Workshop
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.main import Entrance
from scribe_app.ui.restore_dialog import RestoreDialog
from scribe_app.ui.signals import OrderlyEnd
from scribe_app.ui.theme import Theme
from scribe_app.ui.vault_dialogs import RecoveryKeyDialog


@pytest.fixture
def house(tmp_path: Path) -> House:
    return House(tmp_path)


@pytest.fixture
def enter(theme: Theme, qtbot: QtBot) -> Iterator[Callable[[Workshop], Entrance]]:
    made: list[Entrance] = []

    def begin(workshop: Workshop) -> Entrance:
        entrance = Entrance(workshop, theme)
        made.append(entrance)
        entrance.begin()
        return entrance

    yield begin
    for entrance in made:
        if entrance.conductor is not None:
            with qtbot.waitSignal(entrance.conductor.closed, timeout=WAIT_MS):
                entrance.conductor.close_down()
        assert entrance.opening is not None
        entrance.opening.close()
        entrance.bridge.close()


def confirm(paper: RecoveryKeyDialog) -> RecoveryKey:
    """Type back what is asked, first with a mistake."""
    groups = paper._key.groups
    for field, place in zip(paper.fields, paper.asked, strict=True):
        field.setText(groups[(place + 1) % 8])
    assert not paper.go_on.isEnabled()
    assert "not as on the screen" in paper.advice.text()
    for field, place in zip(paper.fields, paper.asked, strict=True):
        field.setText(groups[place].lower())
    assert paper.go_on.isEnabled()
    paper.go_on.click()
    return paper._key


def dialog_of(entrance: Entrance, kind: type, qtbot: QtBot) -> object:
    assert entrance.opening is not None
    qtbot.waitUntil(lambda: isinstance(entrance.opening.dialog, kind), timeout=WAIT_MS)
    return entrance.opening.dialog


def test_the_first_run_asks_twice_for_a_passphrase_and_opens_the_window(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    entrance = enter(house.workshop())
    dialog = dialog_of(entrance, NewVaultDialog, qtbot)
    assert isinstance(dialog, NewVaultDialog)
    assert not dialog.make.isEnabled()
    dialog.first.setText("short")
    assert "more" in dialog.advice.text()
    dialog.first.setText(PASSPHRASE)
    dialog.second.setText(PASSPHRASE + "!")
    assert not dialog.make.isEnabled()
    dialog.second.setText(PASSPHRASE)
    dialog.make.click()
    paper = dialog_of(entrance, RecoveryKeyDialog, qtbot)
    assert isinstance(paper, RecoveryKeyDialog)
    assert not house.folders.vault.joinpath("slots.json").exists()  # nothing is made before it is on paper
    paper.back.click()
    again = dialog_of(entrance, NewVaultDialog, qtbot)
    assert isinstance(again, NewVaultDialog)
    for field in (again.first, again.second):
        field.setText(PASSPHRASE)
    again.make.click()
    paper = dialog_of(entrance, RecoveryKeyDialog, qtbot)
    assert isinstance(paper, RecoveryKeyDialog)
    key = confirm(paper)
    qtbot.waitUntil(lambda: entrance.conductor is not None, timeout=WAIT_MS)
    assert entrance.conductor is not None
    assert entrance.conductor.window.isVisible()
    VaultDoor(house.folders.vault, use_keychain=False).check(key)
    assert VaultDoor(house.stages[0].application.folders.vault, use_keychain=False).exists()


def test_a_later_run_unlocks_and_a_wrong_passphrase_may_be_tried_again(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    make_stage(house.root).application.close()
    entrance = enter(house.workshop())
    dialog = dialog_of(entrance, UnlockDialog, qtbot)
    assert isinstance(dialog, UnlockDialog)
    dialog.field.setText("not the right one")
    dialog.unlock.click()
    qtbot.waitUntil(lambda: bool(dialog.trouble.text()) and dialog.unlock.isEnabled(), timeout=WAIT_MS)
    assert entrance.conductor is None
    dialog.field.setText(PASSPHRASE)
    dialog.unlock.click()
    qtbot.waitUntil(lambda: entrance.conductor is not None, timeout=WAIT_MS)


def test_a_vault_that_is_in_use_is_said_plainly(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    class Busy(VaultDoor):
        def exists(self) -> bool:
            return True

        def open(self, passphrase: str | None) -> ConsultationStore:
            raise VaultInUseError("Scribe is open already.", "Nothing was changed.", "Use the open window.")

    entrance = enter(house.workshop(Busy))
    dialog = dialog_of(entrance, NoticeDialog, qtbot)
    assert isinstance(dialog, NoticeDialog)
    assert dialog.windowTitle() == "Scribe is open already."
    assert "Use the open window." in dialog.text.text()
    with qtbot.waitSignal(entrance.left):
        dialog.quit.click()


def test_a_damaged_vault_does_not_ask_for_a_passphrase(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    class Damaged(VaultDoor):
        def exists(self) -> bool:
            return True

        def open(self, passphrase: str | None) -> ConsultationStore:
            raise StorageError("The vault is damaged.", "Its files are kept.", "Restore a backup.")

    entrance = enter(house.workshop(Damaged))
    assert isinstance(dialog_of(entrance, NoticeDialog, qtbot), NoticeDialog)


def test_an_interrupted_consultation_is_brought_back_and_said(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    stage = make_stage(house.root)
    stage.transcriber.hold = True
    stage.application.consultations.start(NewConsultation())
    stage.application.close()
    entrance = enter(house.workshop())
    dialog = dialog_of(entrance, UnlockDialog, qtbot)
    assert isinstance(dialog, UnlockDialog)
    dialog.field.setText(PASSPHRASE)
    dialog.unlock.click()
    qtbot.waitUntil(lambda: entrance.conductor is not None, timeout=WAIT_MS)
    assert entrance.conductor is not None
    banner = entrance.conductor.window.banner
    qtbot.waitUntil(banner.isVisible, timeout=WAIT_MS)
    assert "interrupted" in banner.title.text()


def test_a_signal_ends_the_window_in_an_orderly_way(qtbot: QtBot) -> None:
    asked: list[bool] = []
    orderly = OrderlyEnd(lambda: asked.append(True))
    os.kill(os.getpid(), signal.SIGTERM)
    qtbot.waitUntil(lambda: asked == [True])
    orderly.release()
    assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL


def backed_up(house: House) -> Path:
    """A vault with one consultation, and a backup of it."""
    application = make_stage(house.root).application
    one = Consultation(new_consultation_id(), datetime.now(UTC), "en", "soap", ConsultationState.IN_REVIEW)
    application.store.save_consultation(one)
    made = application.store.backup(house.folders.data / "backups", 3, datetime.now(UTC))
    application.close()
    return made.file


def put_back(entrance: Entrance, secret: str, qtbot: QtBot) -> None:
    dialog = dialog_of(entrance, RestoreDialog, qtbot)
    assert isinstance(dialog, RestoreDialog)
    assert not dialog.go_on.isEnabled()
    assert dialog.file.count() == 1
    dialog.field.setText("not the right one")
    dialog.go_on.click()
    qtbot.waitUntil(lambda: bool(dialog.advice.text()) and dialog.go_on.isEnabled(), timeout=WAIT_MS)
    assert "does not open" in dialog.advice.text()
    dialog.field.setText(secret)
    dialog.go_on.click()
    qtbot.waitUntil(lambda: entrance.conductor is not None, timeout=WAIT_MS)


def test_on_a_new_computer_a_backup_is_put_back_in_place_of_a_first_run(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    backed_up(house)
    shutil.rmtree(house.folders.vault)
    entrance = enter(house.workshop())
    dialog = dialog_of(entrance, NewVaultDialog, qtbot)
    assert isinstance(dialog, NewVaultDialog)
    dialog.backup.click()
    dialog_of(entrance, RestoreDialog, qtbot).back.click()  # type: ignore[attr-defined]  # a dialog
    dialog = dialog_of(entrance, NewVaultDialog, qtbot)
    dialog.backup.click()  # type: ignore[attr-defined]  # a dialog
    put_back(entrance, PASSPHRASE, qtbot)
    assert len(house.stages[-1].application.store.consultations()) == 1


def test_records_that_cannot_be_read_offer_a_backup(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot
) -> None:
    backed_up(house)
    (house.folders.vault / "vault.db").write_bytes(b"x" * 9000)
    entrance = enter(house.workshop())
    unlock = dialog_of(entrance, UnlockDialog, qtbot)
    assert isinstance(unlock, UnlockDialog)
    unlock.field.setText(PASSPHRASE)
    unlock.unlock.click()
    notice = dialog_of(entrance, NoticeDialog, qtbot)
    assert isinstance(notice, NoticeDialog)
    assert "damaged" in notice.windowTitle()
    notice.backup.click()
    put_back(entrance, PASSPHRASE, qtbot)
    store = house.stages[-1].application.store
    assert len(store.consultations()) == 1
    assert list(house.folders.vault.glob("before-restore-*"))


def test_records_of_a_newer_program_are_left_alone_and_offer_none(
    house: House, enter: Callable[[Workshop], Entrance], qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    steps = (*migrations.STEPS, ("of tomorrow", ("CREATE TABLE t (x)",)))
    with monkeypatch.context() as newer:
        newer.setattr(migrations, "STEPS", steps)
        make_stage(house.root).application.close()
    entrance = enter(house.workshop())
    unlock = dialog_of(entrance, UnlockDialog, qtbot)
    assert isinstance(unlock, UnlockDialog)
    unlock.field.setText(PASSPHRASE)
    unlock.unlock.click()
    notice = dialog_of(entrance, NoticeDialog, qtbot)
    assert isinstance(notice, NoticeDialog)
    assert notice.windowTitle() == "These records were written by a newer version of the program."
    assert "Install that version" in notice.text.text()
    assert not notice.backup.isVisible()
