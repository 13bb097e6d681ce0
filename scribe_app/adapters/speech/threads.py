"""How many threads decode fastest on this computer, measured once for each model and each power source.

More threads are not always faster: on a hybrid processor 8 instead of 6 took 15 times as long
(VocaHQ/vocalinux #492), on eight cores 8 instead of 4 four times (ttlequals0/MinusPod #333). On battery the
order may be another.
"""

from __future__ import annotations

import ctypes
import json
import logging
import sys
import threading
import time
from collections.abc import Callable, Mapping
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np
import psutil

from scribe_app.adapters.speech.decoder import FRAMES, HOP, Decoder
from scribe_app.adapters.worker import WorkerProcess
from scribe_app.config import default_threads
from scribe_app.errors import ScribeError
from scribe_app.ports import Calibration, ModelContents, Power

log = logging.getLogger(__name__)

FILE = "speech_threads.json"
TRIED = (1, 2, 4, 6)
"""Thread counts worth trying; those above the physical cores less one are not (all of them only on two)."""
TRIALS = 2
"""Decodes of 30 s per count; the faster one counts, since other programs only ever slow one down."""
WORSE = 1.3
"""A count this much slower than the best so far ends the trials: more threads get in each other's way."""
LONGEST_TRIAL = 60.0
"""Seconds for one count; a computer that needs more will use the default."""


def power_source(supplies: Path = Path("/sys/class/power_supply")) -> Power:
    """Mains or battery; mains where the system does not say."""
    if sys.platform == "win32":
        return _windows_power()
    battery = psutil.sensors_battery() if sys.platform == "darwin" else None
    if battery is not None:
        return Power.MAINS if battery.power_plugged else Power.BATTERY
    kinds = [(_read(folder / "type"), _read(folder / "online")) for folder in supplies.glob("*")]
    mains = [online for kind, online in kinds if kind in ("Mains", "USB")]
    if "1" in mains:
        return Power.MAINS
    discharging = any(_read(folder / "status") == "Discharging" for folder in supplies.glob("*"))
    return Power.BATTERY if discharging else Power.MAINS


def _windows_power() -> Power:
    """GetSystemPowerStatus: ACLineStatus 0 is battery, 1 mains, 255 unknown."""
    status = (ctypes.c_ubyte * 12)()
    library: Any = ctypes.__dict__["windll"].kernel32
    known = library.GetSystemPowerStatus(ctypes.byref(status))
    return Power.BATTERY if known and status[0] == 0 else Power.MAINS


def _read(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def candidates(cores: int) -> tuple[int, ...]:
    """Thread counts to try on so many physical cores: never all of a processor with more than two."""
    most = cores if cores <= 2 else cores - 1
    return tuple(count for count in TRIED if count <= most) or (1,)


def fastest(measure: Callable[[int], float], counts: tuple[int, ...]) -> dict[int, float]:
    """Seconds by thread count, in order, until more threads are clearly slower."""
    taken: dict[int, float] = {}
    for count in counts:
        taken[count] = measure(count)
        if taken[count] > WORSE * min(taken.values()):
            break
    return taken


class ThreadBook:
    """What was measured, in one file of the cache; a broken file is as good as none."""

    def __init__(self, folder: Path | None) -> None:
        self._file = folder / FILE if folder is not None else None
        self._lock = threading.Lock()

    def find(self, model: Path, power: Power) -> Calibration | None:
        """What is known for this model and power source."""
        taken = self._all().get(_key(model), {}).get(power.value, {})
        try:
            seconds = {int(count): float(took) for count, took in taken.items()}
        except (AttributeError, TypeError, ValueError):
            return None
        return Calibration(power, seconds) if seconds else None

    def keep(self, model: Path, found: Calibration) -> None:
        """Write it down; a disk that refuses costs another measurement later, nothing else."""
        if self._file is None:
            return
        with self._lock:
            known = self._all()
            known.setdefault(_key(model), {})[found.power.value] = {
                str(n): t for n, t in found.seconds.items()
            }
            part = self._file.with_suffix(".part")
            try:
                part.write_text(json.dumps(known, indent=1), encoding="utf-8")
                part.replace(self._file)
            except OSError as error:
                log.warning("measured threads cannot be kept (%s)", error.strerror)

    def _all(self) -> dict[str, Any]:
        try:
            known = json.loads(self._file.read_text(encoding="utf-8")) if self._file is not None else {}
        except (OSError, ValueError):
            return {}
        whole = isinstance(known, dict) and all(isinstance(entry, Mapping) for entry in known.values())
        return known if whole else {}


def _key(model: Path) -> str:
    """Another model, or other hardware, is measured anew."""
    try:
        size = (model / "model.bin").stat().st_size
    except OSError:
        size = 0
    return f"{model.name} {size} {physical_cores()}"


def physical_cores() -> int:
    """Without hyper-threads, which only contend."""
    return psutil.cpu_count(logical=False) or default_threads()


def try_threads(
    connection: Connection, model: Path, language: str, threads: int, contents: ModelContents | None = None
) -> None:
    """Process main: seconds for 30 s of audio. One process per count: freeing a model has crashed (#1293)."""
    decoder = Decoder(model, language, threads, contents)
    noise = np.random.default_rng(1).normal(0, 0.05, FRAMES * HOP).astype(np.float32)
    best = float("inf")
    for _ in range(TRIALS):
        began = time.monotonic()
        decoder.hear(noise)
        best = min(best, time.monotonic() - began)
    connection.send(best)


class Trial:
    """One measurement of a model under way, beside everything else; it gives way to real work at once."""

    def __init__(
        self,
        model: Path,
        language: str,
        power: Power,
        book: ThreadBook,
        niceness: int,
        contents: ModelContents | None = None,
    ) -> None:
        self._model, self._language, self._power = model, language, power
        self._contents = contents
        self._book, self._niceness = book, niceness
        self._worker: WorkerProcess | None = None
        self._lock = threading.Lock()
        self._stopped = False
        self.found: Calibration | None = None
        self._thread = threading.Thread(target=self._run, name="speech-threads", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Real work has come: end it; it is begun again some other time."""
        with self._lock:
            self._stopped = True
            if self._worker is not None:
                self._worker.kill()
        self._thread.join(5)

    def wait(self) -> Calibration | None:
        """What was found; None when it was stopped or the model cannot be loaded."""
        self._thread.join()
        return self.found

    def _run(self) -> None:
        taken = fastest(self._measure, candidates(physical_cores()))
        whole = {count: round(took, 3) for count, took in taken.items() if took != float("inf")}
        if whole and not self._stopped:
            self.found = Calibration(self._power, whole)
            self._book.keep(self._model, self.found)
            log.info("speech on %s: %s", self._power.value, whole)

    def _measure(self, threads: int) -> float:
        took: list[float] = []
        ended = threading.Event()

        def end(_error: ScribeError | None) -> None:
            ended.set()

        with self._lock:
            if self._stopped:
                return float("inf")
            arguments = (self._model, self._language, threads, self._contents)
            self._worker = WorkerProcess(
                "speech-trial", try_threads, arguments, took.append, end, self._niceness
            )
        if not ended.wait(LONGEST_TRIAL):
            self._worker.kill()
            ended.wait(5)
        return took[0] if took else float("inf")
