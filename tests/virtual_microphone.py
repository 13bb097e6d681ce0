"""A real microphone for tests on machines without a sound card.

A private PulseAudio server with a null sink named "room"; the sink's monitor is the default source, and a
generated ALSA configuration makes it the default input of PortAudio. Nothing of the user's own sound server
is touched: runtime folder, socket and configuration lie in a short folder under /tmp.

In a test:

    def test_hears(virtual_microphone: VirtualMicrophone) -> None:
        recorder.start(...)                              # children inherit the environment; device name ""
        playing = virtual_microphone.play(wav)           # paplay speaks into the room; playing.wait()
        virtual_microphone.unplug()                      # the device is gone, as when a cable is pulled
        virtual_microphone.plug_in()                     # and back

Without pytest (a benchmark, a headless run of the real program):

    with VirtualMicrophone() as microphone:
        subprocess.run([...], env=os.environ | microphone.environment)

The fixture skips, saying why, where pulseaudio, paplay or the ALSA pulse plugin are not installed.
"""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from types import TracebackType

import numpy as np
import numpy.typing as npt
import pytest

ALSA_PLUGINS = (
    "usr/lib/*/alsa-lib/libasound_module_pcm_pulse.so",
    "usr/lib64/alsa-lib/libasound_module_pcm_pulse.so",
)
PROGRAMS = ("pulseaudio", "paplay", "parec", "pactl")
PLACES = (
    "front-left",
    "front-right",
    "rear-left",
    "rear-right",
    "front-center",
    "lfe",
    "side-left",
    "side-right",
)
"""Channels in ALSA's order, in which the server has nothing to mix."""
ASOUND_CONF = """\
</usr/share/alsa/alsa.conf>
pcm.!default {{ type pulse server "{server}" }}
ctl.!default {{ type pulse server "{server}" }}
"""


class VirtualMicrophone:
    """A private sound server whose only microphone hears what `play` plays."""

    def __init__(self, rate: int = 48_000, channels: int = 2) -> None:
        self.rate, self.channels = rate, channels
        # A socket path may have at most 107 characters, which pytest's tmp_path easily exceeds.
        self._folder = Path(tempfile.mkdtemp(prefix="mic-", dir="/tmp"))
        self._socket = self._folder / "native"
        self._server: subprocess.Popen[bytes] | None = None
        self._listener: subprocess.Popen[bytes] | None = None
        self._players: list[subprocess.Popen[bytes]] = []
        (self._folder / "asound.conf").write_text(ASOUND_CONF.format(server=f"unix:{self._socket}"))

    @property
    def environment(self) -> dict[str, str]:
        """What a process needs in its environment to hear this microphone as its default input."""
        return {
            "ALSA_CONFIG_PATH": str(self._folder / "asound.conf"),
            "PULSE_SERVER": f"unix:{self._socket}",
            "PULSE_RUNTIME_PATH": str(self._folder),
            "XDG_RUNTIME_DIR": str(self._folder),
        }

    def plug_in(self) -> None:
        """Start the sound server (again) and wait until it answers."""
        if self._server is not None:
            return
        with (self._folder / "log").open("ab") as log:
            self._server = subprocess.Popen(
                self._command(), env=self._child_environment(), stdout=log, stderr=log
            )
        deadline = time.monotonic() + 10
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                raise RuntimeError(f"pulseaudio did not start:\n{(self._folder / 'log').read_text()}")
            time.sleep(0.05)
        self.control("set-default-source", "room.monitor")
        self._keep_awake()

    def unplug(self) -> None:
        """End the sound server at once: every open microphone stream breaks off."""
        if self._server is None:
            return
        self._server.kill()
        self._server.wait()
        self._server = None
        if self._listener is not None:
            self._listener.kill()
            self._listener.wait()
            self._listener = None
        self._socket.unlink(missing_ok=True)

    def play(self, file: Path, room: str = "room") -> subprocess.Popen[bytes]:
        """Speak a WAV or FLAC file into the room, or another one, in real time; returns at once."""
        command = ["paplay", f"--device={room}", "--no-remix", "--no-remap", str(file)]
        player = subprocess.Popen(command, env=self._child_environment(), stderr=subprocess.DEVNULL)
        self._players.append(player)
        return player

    def control(self, *arguments: str) -> str:
        """Run pactl on this server, e.g. control("set-source-mute", "room.monitor", "1")."""
        command = ["pactl", *arguments]
        return subprocess.run(
            command, env=self._child_environment(), check=True, capture_output=True, text=True, timeout=10
        ).stdout

    def second(self, name: str) -> str:
        """Another microphone in the same room, "desk", described so; returns its module, to unload it."""
        properties = f"source_properties=device.description={name}"
        arguments = ("module-remap-source", "source_name=desk", "master=room.monitor", properties)
        return self.control("load-module", *arguments).strip()

    def other_room(self, name: str, channels: int, rate: int) -> str:
        """Another room; returns the microphone in it, which delivers so many channels at so many Hz."""
        places = "mono" if channels == 1 else ",".join(PLACES[:channels])
        arguments = (f"sink_name={name}", f"channels={channels}", f"rate={rate}", f"channel_map={places}")
        self.control("load-module", "module-null-sink", *arguments)
        return f"{name}.monitor"

    def heard(self) -> npt.NDArray[np.int16]:
        """What could be heard in the room since it was plugged in, up to now, at 16 kHz."""
        raw = (self._folder / "heard").read_bytes()
        return np.repeat(np.frombuffer(raw[: len(raw) // 2 * 2], "<i2").astype(np.int16), 2)

    def close(self) -> None:
        """End players and server and remove their folder."""
        for player in self._players:
            player.kill()
            player.wait()
        self.unplug()
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> VirtualMicrophone:
        self.plug_in()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _command(self) -> list[str]:
        return [
            "pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no",
            "--disable-shm=yes", "--log-target=stderr",
            "-L", f"module-native-protocol-unix socket={self._socket} auth-anonymous=1",
            "-L", f"module-null-sink sink_name=room rate={self.rate} channels={self.channels}",
        ]  # fmt: skip

    def _child_environment(self) -> dict[str, str]:
        # HOME: PulseAudio refuses to start when it cannot keep a cookie there.
        return {"PATH": "/usr/bin:/bin", "HOME": str(self._folder)} | self.environment

    def _keep_awake(self) -> None:
        """A null sink that nobody listens to sleeps up to 2 s; a sound card delivers within 50 ms."""
        command = ["parec", "--device=room.monitor", "--latency-msec=20", "--rate=8000", "--channels=1"]
        heard = self._folder / "heard"
        with heard.open("wb") as file:
            self._listener = subprocess.Popen(
                command, env=self._child_environment(), stdout=file, stderr=subprocess.DEVNULL
            )
        deadline = time.monotonic() + 10
        while heard.stat().st_size == 0 and time.monotonic() < deadline:
            time.sleep(0.02)

    def _answers(self) -> bool:
        if not self._socket.exists():
            return False
        asked = subprocess.run(
            ["pactl", "list", "short", "sources"],
            env=self._child_environment(),
            capture_output=True,
            timeout=10,
        )
        return b"room.monitor" in asked.stdout


def missing_parts() -> str:
    """Which system packages a virtual microphone lacks here; empty when it can run."""
    programs = [name for name in PROGRAMS if shutil.which(name) is None]
    if programs:
        return f"{', '.join(programs)} not installed (Debian: pulseaudio pulseaudio-utils)"
    if not any(list(Path("/").glob(pattern)) for pattern in ALSA_PLUGINS):
        return "the ALSA plugin for PulseAudio is not installed (Debian: libasound2-plugins)"
    return ""


@pytest.fixture
def virtual_microphone(monkeypatch: pytest.MonkeyPatch) -> Iterator[VirtualMicrophone]:
    """A microphone plugged in for one test; this process and its children have it as default input."""
    missing = missing_parts()
    if missing:
        pytest.skip(missing)
    with VirtualMicrophone() as microphone:
        for name, value in microphone.environment.items():
            monkeypatch.setenv(name, value)
        yield microphone
