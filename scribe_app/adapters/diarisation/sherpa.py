"""sherpa-onnx, where the package and a model bundle are installed: segmentation, embedding, clustering.

Diarises closed spans one by one and keeps one embedding per span and speaker; the whole recording is then one
clustering of those. It is told how many people speak: guessing that is where such models go wrong (AMI, one
distant microphone: 42.8 % error guessing, 19.8 % told; stenolabs/stenoai #359). The package opens no
connection of its own; the process refuses IP sockets as all of ours do, and only local files are named.
"""

from __future__ import annotations

import importlib.util
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from scribe_app.adapters.diarisation.voices import Samples
from scribe_app.domain.recording import SAMPLE_RATE

SEGMENTATION, EMBEDDING = "segmentation.onnx", "embedding.onnx"
"""Files of a bundle, as the manifest has them."""
LONGEST_VOICE = 20 * SAMPLE_RATE
"""Samples of one speaker of one span that go into an embedding; more changes little."""
SHORTEST_VOICE = SAMPLE_RATE // 2
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
        clustering = sherpa_onnx.FastClusteringConfig(num_clusters=speakers)
        config = sherpa_onnx.OfflineSpeakerDiarizationConfig(
            segmentation=sherpa_onnx.OfflineSpeakerSegmentationModelConfig(
                pyannote=sherpa_onnx.OfflineSpeakerSegmentationPyannoteModelConfig(
                    model=str(bundle / SEGMENTATION)
                ),
                num_threads=threads,
            ),
            embedding=embedding,
            clustering=clustering,
        )
        if not config.validate():
            raise ValueError("the model bundle is not whole")
        self._speakers = speakers
        self._diarise = sherpa_onnx.OfflineSpeakerDiarization(config)
        self._extract = sherpa_onnx.SpeakerEmbeddingExtractor(embedding)
        self._clusters = sherpa_onnx.FastClustering(clustering)
        self._embeddings: list[Samples] = []
        self._groups: dict[int, int] = {}
        """Utterance to its row of _embeddings."""

    def hear(self, audio: Samples, begins: int, spoken: Sequence[Spoken]) -> None:
        """One closed span of the recording from sample `begins` on, and the utterances in it."""
        segments = [
            (int(s.start * SAMPLE_RATE), int(s.end * SAMPLE_RATE), int(s.speaker))
            for s in self._diarise.process(audio).sort_by_start_time()
        ]
        rows = {speaker: self._row(audio, segments, speaker) for speaker in {s[2] for s in segments}}
        for one in spoken:
            shares: dict[int, int] = {}
            for start, end, speaker in segments:
                both = min(end, one.end - begins) - max(start, one.start - begins)
                shares[speaker] = shares.get(speaker, 0) + max(0, both)
            loudest = max(shares, key=lambda speaker: shares[speaker], default=None)
            row = rows[loudest] if loudest is not None and shares[loudest] else None
            if row is not None:
                self._groups[one.id] = row

    def told(self) -> dict[int, int]:
        """Utterance to voice, over everything heard so far."""
        if len(self._embeddings) < self._speakers:
            return {}
        labels = self._clusters(np.stack(self._embeddings))
        return {id: int(labels[row]) for id, row in self._groups.items()}

    def _row(self, audio: Samples, segments: Sequence[tuple[int, int, int]], speaker: int) -> int | None:
        """Where the embedding of this speaker of this span is kept; None when too little was said."""
        pieces = [audio[start:end] for start, end, who in segments if who == speaker]
        voice = np.concatenate(pieces)[:LONGEST_VOICE]
        if len(voice) < SHORTEST_VOICE:
            return None
        stream = self._extract.create_stream()
        stream.accept_waveform(SAMPLE_RATE, voice)
        stream.input_finished()
        embedding = np.asarray(self._extract.compute(stream), dtype=np.float32)
        length = float(np.linalg.norm(embedding))
        if not np.isfinite(length) or length == 0:
            return None
        self._embeddings.append(embedding / length)
        return len(self._embeddings) - 1
