"""Roles from voices and words: voices hold together, words say who is who, bad voices are not believed."""

from __future__ import annotations

import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.roles import guess_roles
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

SAMPLES = Path(__file__).parents[3] / "resources" / "sample_consultations"
NAMES = ("chest-pain-en", "buikpijn-nl")
CLINICIAN, PATIENT, OTHER, UNKNOWN = (
    SpeakerRole.CLINICIAN, SpeakerRole.PATIENT, SpeakerRole.OTHER, SpeakerRole.UNKNOWN,
)  # fmt: skip


def sample(name: str) -> Transcript:
    value = json.loads((SAMPLES / f"{name}.json").read_text(encoding="utf-8"))
    return Transcript(
        tuple(
            Utterance(UtteranceId(u["id"]), u["text"], u["start"], u["end"], SpeakerRole(u["speaker"]))
            for u in value["utterances"]
        ),
        value["language"],
    )


def heard(truth: Transcript, *voices: int | None) -> Transcript:
    """The same with unknown speakers and these voices."""
    return replace(
        truth,
        utterances=tuple(
            replace(u, speaker=UNKNOWN, voice=voice) for u, voice in zip(truth, voices, strict=True)
        ),
    )


def true_voices(truth: Transcript) -> list[int]:
    return [int(u.speaker is PATIENT) for u in truth]


def roles(transcript: Transcript) -> list[SpeakerRole]:
    return [u.speaker for u in transcript]


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("turned", [0, 1])
def test_right_voices_give_right_roles_whatever_their_numbers(name: str, turned: int) -> None:
    truth = sample(name)
    told = guess_roles(heard(truth, *(voice ^ turned for voice in true_voices(truth))))
    assert roles(told) == roles(truth)


@pytest.mark.parametrize("name", NAMES)
def test_a_voice_has_one_role_throughout(name: str) -> None:
    truth = sample(name)
    voices = true_voices(truth)
    voices[4] ^= 1  # one utterance in the wrong voice: it goes along with its voice, not with its words
    told = guess_roles(heard(truth, *voices))
    assert len({(u.voice, u.speaker) for u in told}) == 2


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("seed", range(5))
def test_voices_at_random_change_nothing(name: str, seed: int) -> None:
    truth = sample(name)
    chance = random.Random(seed)
    told = guess_roles(heard(truth, *(chance.randrange(2) for _ in truth)))
    alone = guess_roles(heard(truth, *(None for _ in truth)))
    assert roles(told) == roles(alone)


@pytest.mark.parametrize("name", NAMES)
def test_voices_that_are_often_wrong_are_weighed_against_the_words(name: str) -> None:
    truth, chance = sample(name), random.Random(5)
    by_voice = wrong = 0
    for _ in range(20):
        voices = [voice ^ (chance.random() < 0.2) for voice in true_voices(truth)]
        by_voice += sum(a != b for a, b in zip(voices, true_voices(truth), strict=True))
        told = guess_roles(heard(truth, *voices))
        wrong += sum(a.speaker is not b.speaker for a, b in zip(truth, told, strict=True))
    assert wrong < 0.8 * by_voice


def test_utterances_without_a_voice_are_judged_by_their_words() -> None:
    truth = sample("chest-pain-en")
    voices: list[int | None] = [*true_voices(truth)]
    voices[10:16] = [None] * 6
    told = guess_roles(heard(truth, *voices))
    assert roles(told)[:10] == roles(truth)[:10]
    assert UNKNOWN not in roles(told)


def test_a_third_voice_is_another_person() -> None:
    truth = sample("chest-pain-en")
    voices = true_voices(truth)
    wife = [5, 21, 33]
    for at in wife:
        voices[at] = 2
    told = guess_roles(heard(truth, *voices))
    assert [roles(told)[at] for at in wife] == [OTHER] * 3
    assert all(
        a is b for n, (a, b) in enumerate(zip(roles(told), roles(truth), strict=True)) if n not in wife
    )


def test_one_voice_alone_says_nothing() -> None:
    truth = sample("buikpijn-nl")
    alone = guess_roles(heard(truth, *(None for _ in truth)))
    assert roles(guess_roles(heard(truth, *(0 for _ in truth)))) == roles(alone)


def test_too_few_utterances_are_judged_by_their_words() -> None:
    truth = sample("chest-pain-en")
    short = replace(truth, utterances=truth.utterances[:6])
    alone = guess_roles(heard(short, *(None for _ in short)))
    assert roles(guess_roles(heard(short, 0, 0, 0, 1, 1, 1))) == roles(alone)


def test_a_speaker_that_a_person_has_set_says_whose_voice_it_is() -> None:
    truth = sample("chest-pain-en")
    vague = tuple(
        Utterance(UtteranceId(n), "Right, I see.", n * 2.0, n * 2.0 + 1, UNKNOWN, voice=n % 2)
        for n in range(1, 21)
    )
    known = replace(vague[4], speaker=PATIENT)
    told = guess_roles(replace(truth, utterances=(*vague[:4], known, *vague[5:])))
    assert {u.speaker for u in told if u.voice == known.voice} == {PATIENT}
    assert {u.speaker for u in told if u.voice != known.voice} == {CLINICIAN}


def test_known_speakers_stay_whatever_their_voice() -> None:
    truth = sample("buikpijn-nl")
    voices = true_voices(truth)
    given = heard(truth, *voices)
    set_by_person = replace(given.utterances[3], speaker=OTHER)
    told = guess_roles(
        replace(given, utterances=(*given.utterances[:3], set_by_person, *given.utterances[4:]))
    )
    assert told.utterances[3].speaker is OTHER


def test_words_that_were_heard_badly_count_less_against_voices() -> None:
    """Half of the words are garbage; the voices are right, and the good half says whose they are."""
    truth = sample("buikpijn-nl")
    chance = random.Random(1)
    garbled = replace(
        truth,
        utterances=tuple(
            replace(u, text="Datural het zieer kukt", confidence=0.3) if chance.random() < 0.5 else u
            for u in truth
        ),
    )
    assert roles(guess_roles(heard(garbled, *true_voices(truth)))) == roles(truth)
