"""The real starter model, decoded once per stretch of audio, from its folder alone."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import soundfile

from scribe_app.adapters.speech.decoder import Decoder, check_model_folder
from scribe_app.adapters.speech.hotwords import MOST_TOKENS
from scribe_app.domain.recording import SAMPLE_RATE
from scribe_app.errors import ModelError

ROOT = Path(__file__).parents[4]
MODEL = ROOT / "models" / "starter-whisper"


@pytest.fixture(scope="module")
def decoder() -> Decoder:
    return Decoder(MODEL, "en", 2)


@pytest.fixture(scope="module")
def speech() -> np.ndarray:
    audio, _ = soundfile.read(ROOT / "resources/sample_consultations/chest-pain-en.flac", dtype="float32")
    return audio[int(27.8 * SAMPLE_RATE) : int(30.9 * SAMPLE_RATE)]


def test_words_are_the_text_with_probabilities_and_rising_times(decoder: Decoder, speech: np.ndarray) -> None:
    hearing = decoder.hear(speech)
    assert " ".join(word.text for word in hearing.words) == " ".join(hearing.decoded.text.split())
    assert "tell me" in hearing.decoded.text
    assert all(0 < word.probability <= 1 for word in hearing.words)
    ends = [word.end for word in hearing.words if word.end is not None]
    assert len(ends) == len(hearing.words)
    assert ends == sorted(ends)


def test_decoding_is_repeatable(decoder: Decoder, speech: np.ndarray) -> None:
    assert decoder.hear(speech) == decoder.hear(speech)


def test_a_preview_reads_cropped_audio(decoder: Decoder, speech: np.ndarray) -> None:
    assert decoder.glance(speech).decoded.text


def test_a_language_that_a_one_language_model_does_not_name_is_no_error(
    speech: np.ndarray, caplog: pytest.LogCaptureFixture
) -> None:
    assert Decoder(MODEL, "nl", 1).hear(speech).words
    assert caplog.records == []


@pytest.mark.parametrize("missing", ["tokenizer.json", "model.bin", "config.json", "vocabulary.json"])
def test_a_missing_file_is_named_with_the_remedy(tmp_path: Path, missing: str) -> None:
    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / missing).unlink()
    with pytest.raises(ModelError, match=missing) as raised:
        Decoder(tmp_path / "model", "en", 1)
    assert "scribe models import" in raised.value.remedy


def test_no_folder_is_an_error_too(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no speech model"):
        check_model_folder(tmp_path / "nowhere")


@pytest.mark.parametrize("broken", ["tokenizer.json", "model.bin", "preprocessor_config.json"])
def test_a_broken_file_is_a_model_error(tmp_path: Path, broken: str) -> None:
    shutil.copytree(MODEL, tmp_path / "model")
    (tmp_path / "model" / broken).write_bytes(b"not a model")
    with pytest.raises(ModelError):
        Decoder(tmp_path / "model", "en", 1)


def test_names_in_the_prompt_cost_no_second_encoding_and_the_plain_pass_stays_as_it_was(
    decoder: Decoder, speech: np.ndarray, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = decoder.hear(speech)
    with monkeypatch.context() as watched:
        watched.setattr(decoder._model, "encode", lambda _features: pytest.fail("encoded again"))
        named = decoder.hear_again("amlodipine, ramipril")
    assert named.words
    assert named.decoded.log_probability < 0
    assert all(word.end is not None for word in named.words)
    assert decoder.hear(speech) == plain


def test_a_prompt_of_the_whole_budget_leaves_room_for_the_answer(
    decoder: Decoder, speech: np.ndarray
) -> None:
    names = "amlodipine, ramipril, bisoprolol, furosemide"
    while decoder.tokens_in(" " + names) < MOST_TOKENS:
        names += ", metoprolol"
    decoder.hear(np.tile(speech, 9)[: 28 * SAMPLE_RATE])
    assert decoder.hear_again(names).decoded.text
