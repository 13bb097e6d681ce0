"""Who spoke: voices say who is the same person, words say who that person is.

Words alone name the speaker of about nine utterances in ten (tests/bench/roles_on_public_dialogues.py). Where
the sound tells voices apart, each gets the role that its words together speak for. Voices and words are two
witnesses that know nothing of each other, so how often they agree says how often the voices are wrong: hardly
ever, then a voice has one role throughout; sometimes, then it is weighed against the words of each
utterance; as good as always by chance, then it is not heard at all.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from scribe_app.domain.lexicon import speakers
from scribe_app.domain.steps import next_step
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.domain.words import ends_asking, phrase_pattern, plain

_ROLES = (SpeakerRole.CLINICIAN, SpeakerRole.PATIENT)
_CHANGE = 1.2
"""Log-odds that the next utterance is the other person's; best of 1 to 3 on primock57, days 1-2."""
_KNOWN = 100.0
"""Stronger than any cue: a role that is known stays."""
_QUESTION = 2.0
_AFTER_QUESTION = 1.5
"""An utterance after a question is nearly always the other person's."""
_STRONGEST = 6.0
"""One utterance never outweighs its whole neighbourhood."""


_WORDS_RIGHT = 0.9
"""Share of words whose speaker the text tells; measured on primock57 days 1-2 and aci-bench train."""
_PER_CONFIDENCE, _LEAST_RIGHT = 0.6, 0.6
"""How much of that goes with the recogniser's confidence (0 to 1), and what is left at least. The starter
model on the samples: 0.60 right at a mean confidence of 0.56, 0.85 at 0.80."""
_SURE = 0.06
"""Share of wrong voices up to which a voice has one role throughout: fewer are wrong than by its words."""
_USELESS = 0.3
"""Share of wrong voices from which they are not heard: words alone are better."""
_LEAST_VOICED = 8
"""Utterances with a voice; fewer agree by chance."""
_MOST_WORDS = 12
"""Of an utterance count as evidence about its voice: one monologue decides nothing."""
_KNOWN_WORDS = 200
"""What a speaker that a person has set counts as."""


def guess_roles(transcript: Transcript) -> Transcript:
    """The transcript with a role wherever the speaker was unknown; known speakers stay.

    Two-state Viterbi over the utterances: cue words, questions, a prior that turns alternate, and voices as
    far as they can be believed. A third voice is nobody of the two: other.
    """
    if all(u.speaker is not SpeakerRole.UNKNOWN for u in transcript):
        return transcript
    by_text = _by_text(transcript)
    voices = _judged(transcript, by_text)
    if voices is None:
        return by_text
    if voices.wrong > _SURE:
        return _by_text(transcript, voices)
    return _by_text(replace(transcript, utterances=tuple(_voiced(u, voices.roles) for u in transcript)))


@dataclass(frozen=True, slots=True)
class _Voices:
    """Which role each voice has, and how often a voice is the wrong one."""

    roles: Mapping[int, SpeakerRole]
    wrong: float

    def leaning(self, utterance: Utterance) -> float:
        """Log-odds that the clinician said this, by its voice alone."""
        role = self.roles.get(utterance.voice) if utterance.voice is not None else None
        if role not in _ROLES:
            return 0.0
        weight = math.log((1 - self.wrong) / self.wrong)
        return weight if role is SpeakerRole.CLINICIAN else -weight


def _voiced(utterance: Utterance, roles: Mapping[int, SpeakerRole]) -> Utterance:
    if utterance.speaker is not SpeakerRole.UNKNOWN or utterance.voice is None:
        return utterance
    return replace(utterance, speaker=roles.get(utterance.voice, SpeakerRole.UNKNOWN))


def _by_text(transcript: Transcript, voices: _Voices | None = None) -> Transcript:
    """Roles for unknown speakers from the words, with what the voices add."""
    spoken = [u for u in transcript if u.speaker is not SpeakerRole.OTHER]
    path = _best_path(spoken, transcript.language, voices)
    roles = dict(zip((u.id for u in spoken), path, strict=True))
    return replace(
        transcript,
        utterances=tuple(
            replace(u, speaker=roles[u.id]) if u.speaker is SpeakerRole.UNKNOWN else u for u in transcript
        ),
    )


def _judged(transcript: Transcript, by_text: Transcript) -> _Voices | None:
    """What the words say about the voices; None where the voices are too few or no better than the words."""
    words: dict[int, Counter[SpeakerRole]] = {}
    voiced = 0
    for given, guessed in zip(transcript, by_text, strict=True):
        if given.voice is None:
            continue
        voiced += 1
        known = given.speaker is not SpeakerRole.UNKNOWN
        count = _KNOWN_WORDS if known else min(_MOST_WORDS, len(given.text.split()))
        words.setdefault(given.voice, Counter())[guessed.speaker] += count
    if voiced < _LEAST_VOICED or len(words) < 2:
        return None

    def agreeing(pair: tuple[int, int]) -> int:
        return sum(words[voice][role] for voice, role in zip(pair, _ROLES, strict=True))

    pair = max(permutations(sorted(words), 2), key=agreeing)
    said = sum(words[voice][role] for voice in pair for role in _ROLES)
    if not said:
        return None
    # agree = right * (1 - wrong) + (1 - right) * wrong, for two witnesses that err independently
    right = _words_right(transcript)
    wrong = max(0.01, (right - agreeing(pair) / said) / (2 * right - 1))
    if wrong > _USELESS:
        return None
    return _Voices(
        {voice: SpeakerRole.OTHER for voice in words} | dict(zip(pair, _ROLES, strict=True)), wrong
    )


def _words_right(transcript: Transcript) -> float:
    """Share of these words whose speaker the text tells: fewer where they were heard badly."""
    confidence = sum(u.confidence for u in transcript) / max(1, len(transcript))
    return max(_LEAST_RIGHT, _WORDS_RIGHT - _PER_CONFIDENCE * (1 - confidence))


def _best_path(
    utterances: Sequence[Utterance], language: str, voices: _Voices | None = None
) -> list[SpeakerRole]:
    """The likeliest sequence of roles."""
    score = [0.0, 0.0]
    back: list[tuple[int, int]] = []
    asked = False
    for utterance in utterances:
        next_step()
        leaning = _leaning(utterance, language) + (voices.leaning(utterance) if voices else 0.0)
        change = _CHANGE + (_AFTER_QUESTION if asked else 0.0)
        came_from = tuple(
            0 if score[0] + change * (now != 0) >= score[1] + change * (now != 1) else 1 for now in (0, 1)
        )
        score = [
            score[came_from[now]] + change * (now != came_from[now]) + (leaning if now == 0 else -leaning) / 2
            for now in (0, 1)
        ]
        back.append((came_from[0], came_from[1]))
        asked = ends_asking(utterance.text, language)
    now = 0 if score[0] >= score[1] else 1
    path: list[SpeakerRole] = []
    for step in reversed(back):
        path.append(_ROLES[now])
        now = step[now]
    return path[::-1]


def _leaning(utterance: Utterance, language: str) -> float:
    """Log-odds that the clinician said this; positive for the clinician."""
    if utterance.speaker is SpeakerRole.CLINICIAN:
        return _KNOWN
    if utterance.speaker is SpeakerRole.PATIENT:
        return -_KNOWN
    text = plain(utterance.text)
    weights = speakers.DUTCH if language.startswith("nl") else speakers.ENGLISH
    total = _QUESTION if "?" in text else 0.0
    for weight, phrases in weights:
        total += weight * min(3, len(phrase_pattern(phrases).findall(text)))
    return max(-_STRONGEST, min(_STRONGEST, total))
