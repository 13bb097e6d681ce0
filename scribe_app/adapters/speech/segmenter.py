"""From speech probabilities to windows: what goes through Whisper in one piece, cut in silence."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from scribe_app.adapters.speech.vad import FRAME
from scribe_app.domain.recording import SAMPLE_RATE

SPEECH_STARTS = 0.40
SPEECH_GOES_ON = 0.25
"""Silero's probabilities that open and keep a span. Its defaults are 0.5 and 0.35; a scribe fears lost
words as much as invented ones, and the checks after decoding catch the latter."""
HANGOVER = 3 * FRAME
"""Samples below SPEECH_GOES_ON before a span ends: the silence in a plosive is shorter (96 ms)."""
PAD = 4_800
"""Samples kept on both sides of a span (300 ms): soft beginnings and endings."""
SHORT_SILENCE = int(0.7 * SAMPLE_RATE)
LONG_SILENCE = int(2.5 * SAMPLE_RATE)
"""Closes a window that is HALF full: nobody speaks, and the text should not wait."""
PATIENT_SILENCE = 6 * SAMPLE_RATE
"""Closes a window of any length. A remark in the quiet of an examination waits so long, grey, for the next
one: an encoding costs the same for 3 s of speech as for 28."""
FULL = 28 * SAMPLE_RATE
"""Most audio in a window: Whisper hears 30 s; 2 s stay free, since it was trained on padded ends."""
HALF_SHARE = 12 / 28
ENOUGH_SHARE = 22 / 28
"""Of the longest window: the length after which a short silence closes one (22 of 28 s). At 12 of 28 s the
English sample took 1.54 times the encodings of full windows, the Dutch 1.33; at 22 it is 1.08 and 1.00.
With windows of at most 14 s it is 1.12 and 1.09, with 8 s 1.21 and 1.17: pauses stand too far apart for more.
To come below 1.15 there, 18 of 49 windows would have to be cut in the middle of speech, and not 7 of 52."""
CUT_SHARE = 8 / 28
"""Of the longest window: a full one is cut at the best pause of its last part (8 of 28 s)."""
LENGTH_WORTH = int(0.7 * SAMPLE_RATE)
"""Samples of silence that a whole window's length is worth in choosing that pause: of two pauses 4 s apart
the earlier must be 0.1 s longer, or 14 windows become 15. More saves nothing and cuts in shorter pauses."""


@dataclass(frozen=True, slots=True)
class Span:
    """Samples [start, end) in which somebody speaks, not padded."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Piece:
    """Samples [start, end) of a window's audio, padding included; `voiced` is the speech inside."""

    start: int
    end: int
    voiced: Span


@dataclass(frozen=True, slots=True)
class Window:
    """What is decoded at once: pieces in order, silences between them left out.

    The transcript is complete up to the sample `until` when this window is settled.
    """

    pieces: tuple[Piece, ...]
    until: int

    @property
    def samples(self) -> int:
        """Length of the packed audio."""
        return sum(piece.end - piece.start for piece in self.pieces)

    @property
    def voiced(self) -> int:
        """Samples in which somebody speaks."""
        return sum(piece.voiced.end - piece.voiced.start for piece in self.pieces)


class Segmenter:
    """Takes speech probabilities frame by frame and gives windows, for one stretch without gaps.

    Nothing is dropped: every frame at or above SPEECH_STARTS lies in exactly one window. Positions are
    samples of the recording; frames are counted from the stretch's first sample. The policy is
    research-backed: cut in silence, decode once (WhisperX, arXiv 2303.00747; arXiv 2409.05674). `longest` is
    the most audio in a window, in samples: 28 s for real models, less for one that was trained on less.
    """

    def __init__(self, start: int = 0, longest: int = FULL) -> None:
        self._longest = longest
        self._half, self._enough = int(longest * HALF_SHARE), int(longest * ENOUGH_SHARE)
        self._cut_within = int(longest * CUT_SHARE)
        self.done = start
        """Everything before this sample is in a window already taken, or silence."""
        self._origin = self._scanned = start
        self._spans: list[Span] = []
        self._open: int | None = None
        self._quiet_since: int | None = None
        self._heard: list[float] = []
        self._heard_from = start

    @property
    def scanned(self) -> int:
        """Samples judged so far."""
        return self._scanned

    @property
    def waiting(self) -> int:
        """Samples of speech heard and not yet taken."""
        return sum(span.end - span.start for span in self._known())

    def push(self, probabilities: Iterable[float]) -> None:
        """The next frames, judged."""
        for probability in probabilities:
            self._step(probability)

    def take(self, end: int | None = None, pack: bool = False) -> Window | None:
        """The next window, or None when its end has not been heard yet.

        end: the sample at which the stretch ends, once it is known and scanned; no more frames will come.
        pack: fill windows to the longest across silences, because decoding is behind.
        """
        spans = self._known(end)
        if not spans:
            self._pass_silence(end)
            return None
        chosen, cut = self._choose(spans, end is not None, pack)
        if not chosen:
            return None
        window = self._window(chosen, cut, spans[len(chosen) :], end)
        self._drop(window.until)
        return window

    def heard_so_far(self) -> Window | None:
        """The window that is still open, as far as it has been heard; for the preview."""
        spans = self._known()
        return self._window(spans, None, [], self._scanned) if spans else None

    # --- frames to spans ---

    def _step(self, probability: float) -> None:
        at = self._scanned
        self._scanned += FRAME
        self._heard.append(probability)
        if probability >= SPEECH_STARTS:
            self._open = at if self._open is None else self._open
            self._quiet_since = None
        elif self._open is not None and probability < SPEECH_GOES_ON:
            self._quiet_since = at if self._quiet_since is None else self._quiet_since
            if self._scanned - self._quiet_since >= HANGOVER:
                self._spans.append(Span(self._open, self._quiet_since))
                self._open = self._quiet_since = None

    def _known(self, end: int | None = None) -> list[Span]:
        """Spans not yet taken; the open one as far as it was heard, the last frame as far as it is real."""
        spans = list(self._spans)
        if self._open is not None:
            spans.append(Span(self._open, self._quiet_since or self._scanned))
        if end is not None:
            spans = [Span(span.start, min(span.end, end)) for span in spans]
        return [span for span in spans if span.start < span.end]

    def _pass_silence(self, end: int | None) -> None:
        """Nobody spoke: done as far as the padding of a next span cannot reach."""
        self._drop(end if end is not None else self._on_grid(self._scanned - PAD))

    def _drop(self, until: int) -> None:
        """Everything before `until` is done: forget it, so that memory stays flat over hours."""
        self.done = max(self.done, until)
        rest = [Span(self._speech_from(s.start, until, s.end), s.end) for s in self._spans]
        self._spans = [span for span in rest if span.start < span.end]
        if self._open is not None and self._open < until:
            self._open = self._speech_from(self._open, until, self._scanned)
            if self._open >= (self._quiet_since or self._scanned):
                self._open = self._quiet_since = None
        passed = max(0, (self.done - self._heard_from) // FRAME)
        del self._heard[:passed]
        self._heard_from += passed * FRAME

    def _speech_from(self, start: int, until: int, end: int) -> int:
        """Where a span that was cut at `until` goes on: at its next frame of speech, `end` if there is none.

        A transcription resumed at `until` opens its first span there, so this one must too.
        """
        if start >= until:
            return start
        first = self._heard_from + max(0, until - self._heard_from + FRAME - 1) // FRAME * FRAME
        frames = range(first, end, FRAME)
        heard = (at for at in frames if self._heard[(at - self._heard_from) // FRAME] >= SPEECH_STARTS)
        return next(heard, end)

    # --- spans to windows ---

    def _choose(self, spans: list[Span], ended: bool, pack: bool) -> tuple[list[Span], int | None]:
        """Spans of the next window, and the sample to cut the last one at, if any; no spans: wait."""
        lengths: list[int] = []
        for index, span in enumerate(spans):
            joint = _silence_kept(spans[index - 1], span) if index else 2 * PAD
            lengths.append((lengths[-1] if lengths else 0) + joint + span.end - span.start)
            if lengths[-1] > self._longest:
                return self._cut(spans[: index + 1], lengths)
            if self._closes(spans, index, lengths[-1], ended, pack):
                return spans[: index + 1], None
        return [], None

    def _closes(self, spans: list[Span], index: int, length: int, ended: bool, pack: bool) -> bool:
        """Whether a window of this length ends with the silence after spans[index]."""
        if index + 1 < len(spans):
            silence = 0 if pack else spans[index + 1].start - spans[index].end
        elif ended:
            return True
        else:
            silence = 0 if self._open is not None else self._scanned - spans[index].end
        if length < self._half:
            return silence >= PATIENT_SILENCE
        return silence >= (SHORT_SILENCE if length >= self._enough else LONG_SILENCE)

    def _cut(self, spans: list[Span], lengths: list[int]) -> tuple[list[Span], int | None]:
        """A full window: cut in the best silence of its last part, else at its least probable frame."""
        earliest = self._longest - self._cut_within
        joints = [i for i in range(len(spans) - 1) if earliest <= lengths[i] <= self._longest]
        if joints:
            worth = LENGTH_WORTH / self._longest
            best = max(joints, key=lambda i: spans[i + 1].start - spans[i].end + worth * lengths[i])
            return spans[: best + 1], None
        latest = spans[-1].end - (lengths[-1] - self._longest)
        return spans, self._least_probable(max(spans[-1].start + FRAME, latest - self._cut_within), latest)

    def _least_probable(self, start: int, end: int) -> int:
        """First sample of the frame with the lowest speech probability, the latest among equals."""
        first, last = ((sample - self._heard_from) // FRAME for sample in (start, end))
        lowest = min(range(first, max(last, first + 1)), key=lambda frame: (self._heard[frame], -frame))
        return self._heard_from + lowest * FRAME

    def _window(self, chosen: list[Span], cut: int | None, rest: list[Span], end: int | None) -> Window:
        if cut is not None:
            chosen = [*chosen[:-1], Span(chosen[-1].start, cut)]
        until = cut if cut is not None else self._edge(chosen[-1].end, rest, end)
        starts = [max(self.done, chosen[0].start - PAD)]
        ends = []
        for left, right in pairwise(chosen):
            silence = right.start - left.end
            ends.append(left.end + min(PAD, silence // 2))
            starts.append(right.start - min(PAD, silence - silence // 2))
        ends.append(min(until, chosen[-1].end + PAD))
        return Window(tuple(map(Piece, starts, ends, chosen)), until)

    def _edge(self, voiced_end: int, rest: list[Span], end: int | None) -> int:
        """Where a window ends: PAD after the last voice, but no further than halfway to the next."""
        edge = voiced_end + PAD
        if rest:
            return self._on_grid(min(edge, (voiced_end + rest[0].start) // 2))
        if end is not None:
            return end
        return self._on_grid(min(edge, self._scanned))

    def _on_grid(self, sample: int) -> int:
        """The frame boundary at or before a sample: resuming there sees the same frames again."""
        return self._origin + max(0, sample - self._origin) // FRAME * FRAME


def _silence_kept(left: Span, right: Span) -> int:
    """Samples of silence between two spans of one window."""
    return min(right.start - left.end, 2 * PAD)
