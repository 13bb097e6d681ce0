"""Audio files to import, good and hostile, made on the spot."""

from __future__ import annotations

import struct
from pathlib import Path

import numpy as np
import soundfile

RATE = 24_000
TONE = (8000 * np.sin(np.arange(RATE) * 0.1)).astype(np.int16)
"""One second."""


def write_mp4(path: Path, layout: str = "mono", codec: str = "aac", seconds: float = 1.0) -> None:
    """An M4A (or, with the suffix .aac, bare AAC) file; PyAV must be installed."""
    import av

    rate, channels = 16_000, {"mono": 1, "stereo": 2, "5.1": 6}[layout]
    tone = (0.25 * np.sin(np.arange(int(rate * seconds)) * 0.1)).astype(np.float32)
    with av.open(str(path), "w") as file:
        track = file.add_stream(codec, rate=rate, layout=layout)
        frame = av.AudioFrame.from_ndarray(np.stack([tone] * channels), format="fltp", layout=layout)
        frame.rate = rate
        shape = av.AudioResampler(format=track.codec_context.format.name, layout=layout, rate=rate)
        for piece in shape.resample(frame):
            for packet in track.encode(piece):
                file.mux(packet)
        for packet in track.encode(None):
            file.mux(packet)


def write_long(path: Path, seconds: int) -> None:
    """Silence of this length, small on disk."""
    with soundfile.SoundFile(path, "w", 8000, 1) as file:
        silence = np.zeros(8000 * 600, dtype=np.int16)
        for _ in range(seconds // 600):
            file.write(silence)


def wav_that_announces(size: int, path: Path) -> None:
    """A second of audio under a header that says another length."""
    soundfile.write(path, TONE, RATE, subtype="PCM_16")
    content = path.read_bytes()
    place = content.index(b"data") + 4
    path.write_bytes(content[:place] + struct.pack("<I", size) + content[place + 4 :])


PLAYLISTS = {
    "m3u": "#EXTM3U\n#EXTINF:3,\n/etc/passwd\nhttp://127.0.0.1:9/x.mp3\n",
    "ffconcat": "ffconcat version 1.0\nfile '/etc/passwd'\nfile 'http://127.0.0.1:9/x'\n",
    "hls": "#EXTM3U\n#EXT-X-VERSION:3\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
}


def hostile_files(folder: Path) -> dict[str, tuple[Path, str]]:
    """Files by what is wrong with them, each with words that its error must have (a pattern)."""
    files: dict[str, tuple[Path, str]] = {}

    def add(what: str, name: str, words: str) -> Path:
        files[what] = folder / name, words
        return folder / name

    add("missing", "missing.wav", "does not exist")
    files["a folder"] = folder, "is not a file"
    add("empty", "empty.wav", "is empty").touch()
    add("text", "text.wav", "no audio file").write_text("Patient comes with chest pain.\n" * 40)
    soundfile.write(add("no samples", "zero.wav", "length is zero"), TONE[:0], 16_000)
    soundfile.write(add("8 channels", "eight.wav", "8 channels"), np.column_stack([TONE] * 8), 16_000)
    soundfile.write(add("4 kHz", "slow.wav", "4000 samples a second"), TONE, 4000)
    write_long(add("5 hours", "long.flac", "longer than 4 hours"), 5 * 3600)
    soundfile.write(folder / "whole.flac", np.tile(TONE, 4), RATE)
    whole = (folder / "whole.flac").read_bytes()
    add("only a header", "header.flac", "length is zero|damaged").write_bytes(whole[:200])
    huge_block = whole[:42] + b"\x02\xff\xff\xff" + whole[46:]
    add("a gigantic block in its header", "huge.flac", "damaged|length is zero").write_bytes(huge_block)
    add("noise after a WAV's name", "noise.wav", "damaged from its beginning").write_bytes(
        b"RIFF\x10\0\0\0WAVE" + np.random.default_rng(1).bytes(3000)
    )
    brand = b"\0\0\0\x20ftypM4A \0\0\0\0M4A mp42isom"
    add("an M4A without sound", "m4a.m4a", "damaged from its beginning").write_bytes(brand + bytes(400))
    add("an M4A with a gigantic atom", "atom.m4a", "damaged from its beginning").write_bytes(
        brand + b"\0\0\0\x01moov" + struct.pack(">Q", 1 << 62) + bytes(100)
    )
    for kind, text in PLAYLISTS.items():
        add(f"a {kind} playlist", f"{kind}.mp3", "no audio file").write_text(text)
        add(f"a {kind} playlist named m4a", f"{kind}.m4a", "no audio file").write_text(text)
    return files
