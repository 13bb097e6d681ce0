"""The real program in a real window, used with the keyboard alone."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator

import psutil
import pytest
from program import Home, cut
from virtual_microphone import VirtualMicrophone
from virtual_screen import VirtualScreen

from scribe_app.adapters.store import VaultDoor
from scribe_app.domain.recovery_key import read_recovery_key

PASSPHRASE = "four ordinary words here"
SIGNER = "Dr T Proef"
LETTER_WITHIN_SECONDS = 240
"""Some minutes of audio as fast as the machine allows, on a busy two-core computer."""


class Program:
    """`scribe` with a window on the screen; its messages go to a file."""

    def __init__(self, home: Home, screen: VirtualScreen, *arguments: str) -> None:
        environment = home.environment | screen.environment
        environment.pop("SCRIBE_PASSPHRASE")
        self._errors = home.path / f"stderr-{time.monotonic_ns()}"
        with self._errors.open("w") as file:
            self.process = subprocess.Popen(
                home.command(*arguments), cwd=home.path, env=environment, stdout=file, stderr=file
            )

    def ends_well(self, seconds: float = 30) -> None:
        """It ends by itself with status 0, nothing to complain about, and no process left over."""
        assert self.process.wait(timeout=seconds) == 0, self._errors.read_text()
        assert "Traceback" not in self._errors.read_text()
        assert "QThread" not in self._errors.read_text()

    def children(self) -> list[psutil.Process]:
        return psutil.Process(self.process.pid).children(recursive=True)


Start = Callable[..., Program]


@pytest.fixture
def start(virtual_screen: VirtualScreen, home: Home) -> Iterator[Start]:
    """Starts `scribe` with these arguments; a program that a failed test left is ended."""
    programs: list[Program] = []

    def begin(*arguments: str) -> Program:
        programs.append(Program(home, virtual_screen, *arguments))
        return programs[-1]

    yield begin
    for program in programs:
        program.process.kill()
        program.process.wait()


def ask_to_sign(screen: VirtualScreen, window: int) -> int:
    """Keep what is doubted and ask to sign, again and again, until the letter lets itself be signed."""
    deadline = time.monotonic() + LETTER_WITHIN_SECONDS
    while (dialog := screen.find("Sign this letter")) is None:
        assert time.monotonic() < deadline, f"the letter cannot be signed; windows: {screen.titles()}"
        screen.press(window, *["ctrl+j", "ctrl+k"] * 4, "ctrl+Return")
        time.sleep(1)
    return dialog


def copied(screen: VirtualScreen, window: int) -> str:
    """The letter, once it is on the clipboard."""
    for _ in range(10):
        screen.press(window, "ctrl+shift+c")
        time.sleep(0.5)
        text = screen.clipboard()
        if SIGNER in text:
            return text
    return screen.clipboard()


def wait_until(true: Callable[[], bool], what: str, seconds: float = 40) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, what
        time.sleep(0.2)


@pytest.mark.timeout(360)
def test_the_demo_plays_in_the_window_and_leaves_nothing_behind(
    virtual_screen: VirtualScreen, home: Home, start: Start
) -> None:
    program = start("demo", "--fast", "--language", "nl")  # the shorter one
    window = virtual_screen.wait_for("Scribe$")
    virtual_screen.press(window, "F1")
    virtual_screen.press(virtual_screen.wait_for("Keyboard shortcuts"), "Escape")
    virtual_screen.wait_gone("Keyboard shortcuts")
    assert any(home.folders.data.rglob("*.journal"))
    dialog = ask_to_sign(virtual_screen, window)
    virtual_screen.press(dialog, "Escape")
    virtual_screen.wait_gone("Sign this letter")
    children = program.children()
    virtual_screen.close(window)
    program.ends_well()
    assert psutil.wait_procs(children, timeout=5)[1] == []
    assert not (home.folders.data / "demo").exists()


@pytest.mark.timeout(300)
def test_from_the_first_run_to_a_signed_letter_on_the_clipboard(
    virtual_screen: VirtualScreen, virtual_microphone: VirtualMicrophone, home: Home, start: Start
) -> None:
    screen, clip = virtual_screen, cut(home.path, 27, 32)
    program = start()
    dialog = screen.wait_for("Choose a passphrase")
    screen.type(dialog, PASSPHRASE)
    screen.press(dialog, "Tab")
    screen.type(dialog, PASSPHRASE)
    screen.press(dialog, "Return")
    paper = screen.wait_for("Your recovery key")
    screen.press(paper, "shift+Tab", "space")  # Copy, from the first field
    time.sleep(0.5)
    recovery = read_recovery_key(screen.clipboard())
    screen.press(paper, "Tab", "ctrl+v", "Tab", "ctrl+v", "Return")
    window = screen.wait_for("Scribe$")
    screen.wait_gone("Your recovery key")
    assert str(recovery) not in screen.clipboard()

    time.sleep(2)  # templates are read, and the recorder stands by
    screen.press(window, "ctrl+r")
    wait_until(lambda: any(home.folders.recordings.rglob("*.journal")), "nothing is recorded")
    assert virtual_microphone.play(clip.file).wait(timeout=clip.seconds + 30) == 0
    screen.press(window, "ctrl+d")
    dialog = ask_to_sign(screen, window)
    screen.type(dialog, SIGNER)
    screen.press(dialog, "Return")
    screen.wait_gone("Sign this letter")
    text = copied(screen, window)
    assert SIGNER in text
    assert "DRAFT" not in text

    children = program.children()
    screen.close(window)
    program.ends_well()
    assert psutil.wait_procs(children, timeout=5)[1] == []
    VaultDoor(home.folders.vault, use_keychain=False).check(recovery)


@pytest.mark.timeout(240)
def test_the_passphrase_opens_the_vault_again_for_one_program_at_a_time(
    virtual_screen: VirtualScreen, home: Home, start: Start
) -> None:
    screen = virtual_screen
    VaultDoor(home.folders.vault, use_keychain=False).create(PASSPHRASE).close()
    program = start()
    dialog = screen.wait_for("Unlock your consultations")
    screen.type(dialog, "not the right one")
    screen.press(dialog, "Return")
    time.sleep(3)  # Argon2id, and the field is free again
    assert screen.find("Unlock your consultations") == dialog
    screen.press(dialog, "ctrl+a")
    screen.type(dialog, PASSPHRASE)
    screen.press(dialog, "Return")
    window = screen.wait_for("Scribe$")

    second = start()
    screen.press(screen.wait_for("The records are open in another"), "Return")
    second.ends_well()
    assert program.process.poll() is None
    screen.close(window)
    program.ends_well()
