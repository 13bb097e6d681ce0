"""The adapter to the real sherpa-onnx, with the starter bundle, on the sample consultations."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.diarisation.sherpa import EMBEDDING, SEGMENTATION, SherpaVoices, Spoken
from scribe_app.adapters.diarisation.voices import Samples
from scribe_app.domain.documents import transcript_from_json
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.domain.transcript import SpeakerRole, Utterance
from scribe_app.paths import bundled_models_folder, resources_folder

STARTER = bundled_models_folder() / "starter-diarisation"
SAMPLES = resources_folder() / "sample_consultations"


@pytest.fixture(autouse=True)
def package() -> None:
    pytest.importorskip("sherpa_onnx", reason="sherpa-onnx is an extra; setup.sh --dev installs it")


def sample(name: str, seconds: float) -> tuple[Samples, list[Utterance]]:
    """So much of the beginning of a sample consultation."""
    audio, _ = soundfile.read(SAMPLES / f"{name}.flac", dtype="float32", frames=int(seconds * SAMPLE_RATE))
    said = transcript_from_json((SAMPLES / f"{name}.json").read_text(encoding="utf-8"), name[-2:])
    return audio, [utterance for utterance in said if utterance.end <= seconds]


def spoken(utterances: list[Utterance]) -> list[Spoken]:
    return [Spoken(u.id, int(u.start * SAMPLE_RATE), int(u.end * SAMPLE_RATE)) for u in utterances]


def heard(audio: Samples, said: list[Utterance], speakers: int, spans: int) -> SherpaVoices:
    """Everything, in so many spans."""
    voices = SherpaVoices(STARTER, speakers)
    for part in np.array_split(np.arange(len(said)), spans):
        span = spoken([said[k] for k in part])
        voices.divide(audio[span[0].start : span[-1].end], span[0].start, span)
    return voices


@pytest.mark.parametrize(("name", "spans"), [("buikpijn-nl", 3), ("chest-pain-en", 2)])
def test_two_people_are_the_same_two_in_every_span(name: str, spans: int) -> None:
    audio, said = sample(name, 100.0)
    told = heard(audio, said, 2, spans).told()
    pairs = Counter((utterance.speaker, told.get(utterance.id)) for utterance in said)
    right = sum(count for _, count in pairs.most_common(2))
    assert len(said) >= 18
    assert {who for (who, _), _ in pairs.most_common(2)} == {SpeakerRole.CLINICIAN, SpeakerRole.PATIENT}
    assert len({voice for (_, voice), _ in pairs.most_common(2)}) == 2
    assert right / len(said) >= 0.95


def test_a_third_person_has_a_voice_of_their_own() -> None:
    """The English patient comes into the Dutch consultation."""
    audio, said = sample("buikpijn-nl", 40.0)
    other, others = sample("chest-pain-en", 40.0)
    patient = [one for one in others if one.speaker is SpeakerRole.PATIENT]
    third = np.concatenate([other[one.start : one.end] for one in spoken(patient)])
    voices = heard(np.concatenate([audio, third]), said, 3, 1)
    at = len(audio)
    voices.divide(third, at, [Spoken(999, at, at + len(third))])
    told = voices.told()
    assert set(told.values()) == {0, 1, 2}
    assert told[999] not in {voice for id, voice in told.items() if id != 999}


def test_with_fewer_voices_than_people_it_tells_nothing() -> None:
    voices = SherpaVoices(STARTER, 2)
    assert voices.told() == {}
    silence = np.zeros(4 * SAMPLE_RATE, np.float32)
    voices.hear(silence, Spoken(1, 0, len(silence)))
    assert voices.told() == {}


def test_a_short_utterance_and_one_beyond_the_sound_do_no_harm() -> None:
    audio, said = sample("buikpijn-nl", 20.0)
    voices = SherpaVoices(STARTER, 2)
    odd = [Spoken(998, 0, 10), Spoken(999, len(audio) + 5, len(audio) + 9)]
    voices.divide(audio, 0, [*spoken(said), *odd])
    voices.hear(audio[:0], odd[1])
    told = voices.told()
    assert 999 not in told
    assert {one.id for one in said} <= set(told)


def test_numbers_that_are_broken_have_no_voice(monkeypatch: pytest.MonkeyPatch) -> None:
    audio, said = sample("buikpijn-nl", 20.0)
    voices = SherpaVoices(STARTER, 2)
    real = voices._extract

    class Broken:
        create_stream = staticmethod(real.create_stream)
        compute = staticmethod(lambda _: [float("nan")] * real.dim)

    monkeypatch.setattr(voices, "_extract", Broken())
    voices.divide(audio, 0, spoken(said))
    assert voices.told() == {}


def test_a_bundle_that_is_not_whole_or_no_model_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="not whole"):
        SherpaVoices(tmp_path, speakers=2)
    for name in (SEGMENTATION, EMBEDDING):
        (tmp_path / name).write_bytes(b"no model")
    with pytest.raises(RuntimeError):
        SherpaVoices(tmp_path, speakers=2)
