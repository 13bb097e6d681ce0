"""Messages: the gravest first, none lost unseen."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from scribe_app.errors import StorageError
from scribe_app.ui.banner import NOTE, Banner, Message


@pytest.fixture
def banner(qtbot: QtBot) -> Banner:
    made = Banner()
    qtbot.addWidget(made)
    return made


def test_an_error_says_what_happened_what_was_kept_and_what_to_do(banner: Banner) -> None:
    banner.show_error(StorageError("The disk is full.", "The recording is kept.", "Free some space."))
    assert banner.isVisible()
    assert banner.title.text() == "The disk is full."
    assert banner.text.text() == "The recording is kept. Free some space."
    assert banner.property("tone") == "error"


def test_a_note_waits_behind_an_error_and_a_warning_comes_back_after_one(banner: Banner) -> None:
    banner.say(Message("Too quiet", key="capture"))
    banner.show_error(StorageError("The disk is full."))
    banner.say(Message("Copied.", tone=NOTE))
    assert banner.title.text() == "The disk is full."
    banner.close_button.click()
    assert banner.title.text() == "Too quiet"
    banner.take_back("capture")
    assert banner.title.text() == "Copied."
    banner.drop_notes()
    assert not banner.isVisible()


def test_the_same_message_twice_is_shown_once(banner: Banner) -> None:
    for _ in range(3):
        banner.show_error(StorageError("The disk is full."))
    banner.close_button.click()
    assert not banner.isVisible()


def test_the_action_closes_the_message_and_does_its_work(banner: Banner) -> None:
    done: list[bool] = []
    banner.say(Message("Brought back", tone=NOTE, action="Show it", then=lambda: done.append(True)))
    banner.action.click()
    assert done == [True]
    assert not banner.isVisible()
