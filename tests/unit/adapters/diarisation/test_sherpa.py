"""The adapter to sherpa-onnx on a stand-in for the package, which knows speakers by the level of their voice.

Its weights cannot be had here: what the adapter asks of the package and makes of its answers is all that can
be shown, and that its manifest entry names the files that the adapter opens.
"""

from __future__ import annotations

import sys
import types
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from scribe_app.adapters.diarisation.sherpa import EMBEDDING, SEGMENTATION, SherpaVoices, Spoken
from scribe_app.adapters.diarisation.voices import Samples
from scribe_app.adapters.models import ManifestModels
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.paths import bundled_models_folder
from scribe_app.ports import ModelTask

LEVELS = {"clinician": 0.8, "patient": 0.4, "carer": 0.1}


@dataclass
class Segment:
    start: float
    end: float
    speaker: int


@dataclass
class Config:
    """Any of the package's configurations: remembers what it was given."""

    given: dict[str, Any] = field(default_factory=dict)

    def __init__(self, **given: Any) -> None:
        self.given = given

    def validate(self) -> bool:
        return True


class Diarization:
    """Numbers speakers in each span by their loudness there, so that the numbers say nothing across spans."""

    def __init__(self, config: Config) -> None:
        self.config = config

    def process(self, audio: Samples) -> Diarization:
        seconds = audio[: len(audio) // SAMPLE_RATE * SAMPLE_RATE].reshape(-1, SAMPLE_RATE)
        levels = [float(abs(second).max()) for second in seconds]
        known = sorted({level for level in levels if level > 0})
        self._found = [Segment(n, n + 1, known.index(v)) for n, v in enumerate(levels) if v > 0]
        return self

    def sort_by_start_time(self) -> list[Segment]:
        return self._found


class Stream:
    def accept_waveform(self, rate: int, samples: Samples) -> None:
        assert rate == SAMPLE_RATE
        self.level = float(abs(samples).max())

    def input_finished(self) -> None:
        pass


class Extractor:
    def __init__(self, config: Config) -> None:
        pass

    def create_stream(self) -> Stream:
        return Stream()

    def compute(self, stream: Stream) -> list[float]:
        return [np.cos(stream.level), np.sin(stream.level)]


class Clustering:
    """Groups of one direction; never more than it was told."""

    def __init__(self, config: Config) -> None:
        self.most = config.given["num_clusters"]

    def __call__(self, embeddings: Samples) -> list[int]:
        angles = [round(float(np.arctan2(y, x)), 2) for x, y in embeddings]
        kinds = sorted(set(angles))[: self.most]
        return [kinds.index(angle) if angle in kinds else 0 for angle in angles]


@pytest.fixture(autouse=True)
def package(monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    made = types.ModuleType("sherpa_onnx")
    for name in (
        "SpeakerEmbeddingExtractorConfig",
        "FastClusteringConfig",
        "OfflineSpeakerDiarizationConfig",
        "OfflineSpeakerSegmentationModelConfig",
        "OfflineSpeakerSegmentationPyannoteModelConfig",
    ):
        setattr(made, name, Config)
    made.OfflineSpeakerDiarization = Diarization  # type: ignore[attr-defined]
    made.SpeakerEmbeddingExtractor = Extractor  # type: ignore[attr-defined]
    made.FastClustering = Clustering  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "sherpa_onnx", made)
    return made


def span(*who: str) -> Samples:
    """One second of each; silence for nobody."""
    return np.concatenate([np.full(SAMPLE_RATE, LEVELS.get(one, 0.0), np.float32) for one in who])


def spoken(begins: int, *ids: int) -> list[Spoken]:
    """An utterance in each second from this one on; 0 is none."""
    return [
        Spoken(id, (begins + n) * SAMPLE_RATE, (begins + n + 1) * SAMPLE_RATE)
        for n, id in enumerate(ids)
        if id
    ]


def test_voices_are_the_same_across_spans_whose_own_numbers_differ() -> None:
    voices = SherpaVoices(Path("bundle"), speakers=3)
    voices.hear(span("clinician", "patient"), 0, spoken(0, 1, 2))
    voices.hear(span("", "carer", "clinician"), 60 * SAMPLE_RATE, spoken(60, 0, 3, 4))
    told = voices.told()
    assert told[1] == told[4]
    assert len({told[1], told[2], told[3]}) == 3


def test_it_is_told_how_many_people_speak_and_opens_the_bundles_files() -> None:
    voices = SherpaVoices(Path("bundle"), speakers=4)
    assert voices._clusters.most == 4
    config = voices._diarise.config.given
    assert config["clustering"].given == {"num_clusters": 4}
    assert config["embedding"].given["model"] == str(Path("bundle") / EMBEDDING)
    segmentation = config["segmentation"].given["pyannote"].given
    assert segmentation == {"model": str(Path("bundle") / SEGMENTATION)}


def test_with_fewer_voices_than_people_it_tells_nothing() -> None:
    voices = SherpaVoices(Path("bundle"), speakers=2)
    assert voices.told() == {}
    voices.hear(span("clinician"), 0, spoken(0, 1))
    assert voices.told() == {}


def test_an_utterance_in_which_nobody_is_heard_and_broken_numbers_have_no_voice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    voices = SherpaVoices(Path("bundle"), speakers=2)
    voices.hear(span("clinician", "", "patient"), 0, spoken(0, 1, 2, 3))
    assert set(voices.told()) == {1, 3}
    monkeypatch.setattr(Extractor, "compute", lambda *_: [float("nan"), 0.0])
    voices.hear(span("carer"), 9 * SAMPLE_RATE, spoken(9, 4))
    assert set(voices.told()) == {1, 3}


def test_a_bundle_that_the_package_refuses_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Config, "validate", lambda _: False)
    with pytest.raises(ValueError, match="not whole"):
        SherpaVoices(Path("bundle"), speakers=2)


def test_the_manifest_knows_a_bundle_of_these_two_files_for_every_language() -> None:
    models = ManifestModels(bundled_models_folder() / "manifest.toml", [bundled_models_folder()])
    (entry,) = [entry for entry in models.entries() if entry.task is ModelTask.DIARISATION]
    assert {file.path for file in entry.files} == {SEGMENTATION, EMBEDDING}
    assert entry.licence
    assert models.pick(ModelTask.DIARISATION, "") is None, "not installed here"
