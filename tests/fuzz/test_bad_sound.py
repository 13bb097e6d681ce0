"""Sound files made wrong: decoded in a process that may fall; the one that asked never does."""

from __future__ import annotations

import io
import multiprocessing
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
import soundfile
from audio_files import RATE, TONE
from fuzzing import Entry, run
from worker_mains import decode_many

from scribe_app.adapters.importing import formats, wire
from scribe_app.errors import AudioFileError

LONG = 20_000
PATIENCE = 60


class DecodingProcess:
    """Decodes what it is given, in a process that is started anew when a file brought it down."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / "visit.wav"
        self.fallen = 0
        self._process: BaseProcess | None = None
        self._connection: Connection | None = None

    def __call__(self, content: bytes) -> object:
        formats.container_of(content[: formats.HEAD_BYTES])
        formats.wav_seconds_announced(io.BytesIO(content))
        self._file.write_bytes(content)
        if self._process is None:
            self._start()
        assert self._connection is not None
        self._connection.send(self._file)
        try:
            assert self._connection.poll(PATIENCE), "a decoder is stuck"
            answer = self._connection.recv()
        except EOFError:
            self.fallen += 1
            self.close()
            return (
                None  # in the program: told as "what decodes it stopped" (tests/integration/test_importing)
            )
        if isinstance(answer, AudioFileError):
            raise answer
        return answer

    def close(self) -> None:
        if self._process is not None and self._connection is not None:
            self._connection.close()
            self._process.kill()
            self._process.join()
        self._process = self._connection = None

    def _start(self) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=decode_many, args=(theirs,), daemon=True)
        self._process.start()
        theirs.close()


def sounds() -> list[bytes]:
    """A tenth of a second in each format that libsndfile reads."""
    made = []
    for format, subtype in (
        ("WAV", "PCM_16"),
        ("FLAC", None),
        ("OGG", "VORBIS"),
        ("OGG", "OPUS"),
        ("MP3", None),
    ):
        stream = io.BytesIO()
        soundfile.write(stream, TONE[: RATE // 10], RATE, format=format, subtype=subtype)
        made.append(stream.getvalue())
    return made


@pytest.mark.parametrize(
    "cases",
    [
        pytest.param(60, id="short"),
        pytest.param(LONG, id="long", marks=[pytest.mark.long, pytest.mark.timeout(7200)]),
    ],
)
def test_a_wrong_sound_file_is_used_or_refused(quick_folder: Path, cases: int) -> None:
    decode = DecodingProcess(quick_folder)
    try:
        run("sound file", Entry(decode, sounds()), cases)
    finally:
        decode.close()
    print(f"sound file: the decoding process fell {decode.fallen} times")


@pytest.mark.parametrize("cases", [pytest.param(100), pytest.param(40_000, marks=pytest.mark.long)])
def test_what_a_decoder_says_is_not_believed(cases: int) -> None:
    """Whatever a process that fell to a file may write: numbers in their bounds, or refused."""
    header = wire.pack_header(wire.Header(16_000, 1, 3.0))
    error = wire.pack_error(AudioFileError("It is broken.", "Nothing was changed.", "Use another."))

    def act(message: bytes) -> object:
        try:
            return wire.unpack_header(message) if message[:1] == b"H" else wire.unpack_audio(message, 1)
        except ValueError as error:  # the reader's FrameStream tells it so
            raise AudioFileError("It stopped.", "Nothing was changed.", "Convert it.") from error

    whole = [header, error, b"A" + bytes(64), wire.END]
    run("decoder's words", Entry(act, whole, ours=False), cases)
