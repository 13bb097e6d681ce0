"""sherpa-onnx, where the package and a model bundle are installed: segmentation, embedding, clustering.

Every utterance becomes one embedding; closed spans are diarised when there is time, and then it is of what
the span's foremost speaker says in it. The whole recording is then one clustering of those (groups.py), so
that a span divided wrongly confuses nobody: with the starter bundle 100 % of the samples' utterances are
right, where one embedding for each speaker of a span gave 84 and 90 %. It is told how many people speak:
guessing that is where such models go wrong (AMI, one distant microphone: 42.8 % error guessing, 19.8 % told;
stenolabs/stenoai #359). The package opens no connection of its own; the process refuses IP sockets as all of
ours do, and only local files are named.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribe_app.adapters.diarisation.groups import grouped
from scribe_app.adapters.diarisation.voices import Samples
from scribe_app.domain.recording import SAMPLE_RATE

SEGMENTATION, EMBEDDING = "segmentation.onnx", "embedding.onnx"
"""Files of a bundle, as the manifest has them."""
LONGEST_VOICE = 20 * SAMPLE_RATE
"""Samples that go into an embedding; more changes little."""
SHORTEST_VOICE = SAMPLE_RATE // 2
"""Less of the foremost speaker is no voice; then the whole utterance stands for it."""
SHORTEST_UTTERANCE = SAMPLE_RATE // 5
Segment = tuple[int, int, int]
"""First sample of the span, end, speaker of the span."""
PACKAGE = "sherpa_onnx"


def package_installed() -> bool:
    """Whether sherpa-onnx is there. Does not load it."""
    return importlib.util.find_spec(PACKAGE) is not None


@dataclass(frozen=True, slots=True)
class Spoken:
    """One utterance: its id and its samples of the recording, [start, end)."""

    id: int
    start: int
    end: int


class SherpaVoices:
    """Labels utterances span by span.

    Raises:
        ImportError: the package is not installed.
        RuntimeError, ValueError: the bundle is not what it should be.
    """

    def __init__(self, bundle: Path, speakers: int, threads: int = 1) -> None:
        import sherpa_onnx

        self._sherpa: Any = sherpa_onnx
        embedding = sherpa_onnx.SpeakerEmbeddingExtractorConfig(
            model=str(bundle / EMBEDDING), num_threads=threads
        )
        config = sherpa_onnx.OfflineSpeakerDiarizationConfig(
            segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
                pyannote=sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(
                    model=str(bundle / SEGMENTATION)
                ),
                num_threads=threads,
            ),
            embedding=embedding,
            clustering=sherpa_onnx.FastClusteringConfig(num_clusters=speakers),
        )
        if not config.validate():
            raise ValueError("the model bundle is not whole")
        self._speakers = speakers
        self._diarise = sherpa_onnx.OfflineSpeakerDiarization(config)
        self._extract = sherpa_onnx.SpeakerEmbeddingExtractor(embedding)
        self._voices: dict[int, Samples] = {}
        """Utterance to its embedding, of length 1."""
        self._lengths: dict[int, float] = {}
        """Utterance to the seconds that its embedding is of."""

    def hear(self, audio: Samples, one: Spoken) -> None:
        """An utterance, taken for one person's: quick, and never undone by what follows."""
        self._keep(one, audio, audio)

    def divide(self, audio: Samples, begins: int, spoken: Sequence[Spoken]) -> None:
        """A closed span of the recording from sample `begins` on: of its utterances, the foremost speaker.

        The package lets nothing else in this process run meanwhile.
        """
        segments = [
            (int(found.start * SAMPLE_RATE), int(found.end * SAMPLE_RATE), int(found.speaker))
            for found in self._diarise.process(audio).sort_by_start_time()
        ]
        for one in spoken:
            start, end = max(0, one.start - begins), min(len(audio), one.end - begins)
            self._keep(one, _foremost(audio, start, end, segments), audio[start:end])

    def told(self) -> dict[int, int]:
        """Utterance to voice, over everything heard so far."""
        if len(self._voices) < self._speakers:
            return {}
        weights = [max(0.1, seconds) for seconds in self._lengths.values()]
        labels = grouped(np.stack(list(self._voices.values())), weights, self._speakers)
        return {id: int(label) for id, label in zip(self._voices, labels, strict=True)}

    def _keep(self, one: Spoken, voice: Samples, whole: Samples) -> None:
        heard = voice if len(voice) >= SHORTEST_VOICE else whole
        embedding = self._embedding(heard) if len(heard) >= SHORTEST_UTTERANCE else None
        if embedding is not None:
            self._voices[one.id], self._lengths[one.id] = embedding, len(heard) / SAMPLE_RATE

    def _embedding(self, voice: Samples) -> Samples | None:
        """Of length 1; None for what has none."""
        stream = self._extract.create_stream()
        stream.accept_waveform(SAMPLE_RATE, voice[:LONGEST_VOICE])
        stream.input_finished()
        embedding = np.asarray(self._extract.compute(stream), dtype=np.float32)
        length = float(np.linalg.norm(embedding))
        return embedding / np.float32(length) if np.isfinite(length) and length else None


def _foremost(audio: Samples, start: int, end: int, segments: Sequence[Segment]) -> Samples:
    """What the speaker who says most of it says between these samples; all of it where nobody was told."""
    parts: dict[int, list[Samples]] = {}
    for begins, ends, speaker in segments:
        if min(ends, end) > max(begins, start):
            parts.setdefault(speaker, []).append(audio[max(begins, start) : min(ends, end)])
    voices = [np.concatenate(pieces) for pieces in parts.values()]
    return max(voices, key=len, default=audio[start:end])
