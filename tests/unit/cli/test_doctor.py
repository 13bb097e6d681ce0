"""What scribe doctor says of graphics cards, and what it advises because of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import psutil
import pytest

from scribe_app.adapters.models import ManifestModels
from scribe_app.cli import doctor
from scribe_app.config import Settings
from scribe_app.errors import EngineError
from scribe_app.ports import DraftingSpeed, Graphics, GraphicsCard, ModelTask

GB = 1_000_000_000
MANIFEST = Path(__file__).resolve().parents[3] / "models" / "manifest.toml"
CARD = Graphics(("CUDA", "CPU"), (GraphicsCard("GeForce", 16 * GB, 15 * GB, shared=False),))
SHARED = Graphics(("Vulkan", "CPU"), (GraphicsCard("Iris", 16 * GB, 15 * GB, shared=True),))
SPEED = DraftingSpeed(900.0, 40.0, 1.0, whole=True, requests=1000, sections=4, on_card=37, layers=37)


@dataclass
class Drafter:
    found: Graphics | EngineError
    asked: list[tuple[Any, ...]] = field(default_factory=list)

    def graphics(self) -> Graphics:
        if isinstance(self.found, EngineError):
            raise self.found
        return self.found

    def time_model(self, *arguments: Any) -> DraftingSpeed:
        self.asked.append(arguments)
        return SPEED


class Models:
    """One model of the list is installed, or none."""

    def __init__(self, installed: str = "") -> None:
        self._entries = ManifestModels(MANIFEST, []).entries()
        self._installed = installed

    def entries(self) -> list[Any]:
        return self._entries

    def pick(self, task: ModelTask, language: str, id: str = "") -> Any:
        found = [entry for entry in self._entries if entry.id == self._installed]
        return SimpleNamespace(name=found[0].name, path=Path("m.gguf"), rank=found[0].rank,
                               min_ram_mb=found[0].min_ram_mb) if found else None  # fmt: skip


def workshop(found: Graphics | EngineError, installed: str = "", **settings: Any) -> Any:
    return SimpleNamespace(
        drafter=Drafter(found),
        models=Models(installed),
        settings=Settings(**settings),
        templates=SimpleNamespace(template=lambda name: name),
    )


def said(check: Any, shop: Any) -> list[tuple[str, str]]:
    return [(finding.verdict.value, finding.text) for finding in check(shop)]


@pytest.mark.parametrize(
    ("found", "layers", "words"),
    [
        (Graphics(("CPU",), ()), -1, "built for the processor alone: no graphics card is used"),
        (Graphics(("CUDA", "CPU"), ()), -1, "built for CUDA, CPU, and finds no graphics card"),
        (CARD, -1, "GeForce (16 GB, 15 free); for drafting: as many layers as fit (n_gpu_layers = -1)"),
        (CARD, 20, "20 layers at most (n_gpu_layers = 20)"),
        (CARD, 0, "not used (n_gpu_layers = 0)"),
        (SHARED, -1, "Iris (16 GB, 15 free, of the computer)"),
    ],
)
def test_what_llama_cpp_can_use_is_told(found: Graphics, layers: int, words: str) -> None:
    ((verdict, text),) = said(doctor._graphics, workshop(found, n_gpu_layers=layers))
    assert verdict == "ok"
    assert words in text


def test_a_driver_that_crashes_is_a_warning_and_no_end() -> None:
    crashed = workshop(EngineError("The graphics process stopped unexpectedly (code -11)."))
    ((verdict, _),) = said(doctor._graphics, crashed)
    assert verdict == "warning"
    assert said(doctor._letters, crashed)


@pytest.mark.parametrize(
    ("found", "layers", "advised"),
    [
        (CARD, -1, "Advised for 8 GB of memory and 16 GB on the graphics card: Qwen3 14B"),
        (CARD, 0, "Advised for 8 GB of memory: Qwen3 1.7B"),
        (SHARED, -1, "Advised for 8 GB of memory: Qwen3 1.7B"),
        (Graphics(("CPU",), ()), -1, "Advised for 8 GB of memory: Qwen3 1.7B"),
    ],
)
def test_a_card_that_can_be_used_counts_in_the_advice(
    found: Graphics, layers: int, advised: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=8 * GB))
    texts = [text for _, text in said(doctor._letters, workshop(found, n_gpu_layers=layers))]
    assert any(text.startswith(advised) for text in texts)


def test_the_prediction_is_of_the_model_where_it_will_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(psutil, "virtual_memory", lambda: SimpleNamespace(total=8 * GB))
    shop = workshop(CARD, "qwen3-14b", drafting_threads=3, n_gpu_layers=99)
    (verdict, text), *rest = said(doctor._letters, shop)
    assert shop.drafter.asked[0][2:] == (3, 99)
    assert verdict == "ok"
    assert "37 of 37 layers on the graphics card" in text
    assert not any("needs" in words for _, words in rest), "the card holds it, not the computer's memory"
