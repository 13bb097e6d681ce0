"""The way in: first run, later runs, and what keeps the door shut."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot
from ui.driver import WAIT_MS
from ui.house import House
from ui.scripted import PASSPHRASE, make_stage

from scribe_app.adapters.store import VaultDoor
from scribe_app.domain.recovery_key import RecoveryKey
from scribe_app.errors import StorageError, VaultInUseError
from scribe_app.ports import ConsultationStore
from scribe_app.services.application import Workshop
from scribe_app.services.consultations import NewConsultation
from scribe_app.ui.dialogs import NewVaultDialog, NoticeDialog, UnlockDialog
from scribe_app.ui.main import Entrance
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
