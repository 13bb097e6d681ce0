"""Files made wrong on purpose: whole ones, changed by a script of bytes that hypothesis writes and shortens.

A script is read five bytes at a time: what to do (one byte), where (two), how much (two). The same script
makes the same file, so a case that fails is told as a few bytes.
"""

from __future__ import annotations

import copy
import faulthandler
import json
import struct
import time
import unicodedata
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from hypothesis import HealthCheck, given, seed, settings
from hypothesis import strategies as st

from scribe_app.errors import ScribeError

Write = Callable[[Any], bytes]
SCRIPT_BYTES = 40
CASE = st.tuples(st.integers(0, 127), st.binary(max_size=SCRIPT_BYTES))
"""Which whole file, and what is done to it."""
BATCH = 20
STEP = 5

NASTY_TEXTS = (
    b"", b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b"\xed\xa0\x80", b"..", b"../../etc/passwd", b"/etc/passwd",
    b"C:\\", b"CON", b"\r", b"\n", b"[", b"]" * 40, b"[" * 3000, b"{" * 3000, b'"', b'"""', b"'''", b"=",
    b"nan", b"inf", b"-1", b"1e999", b"9" * 400, b"0x", b"\x1b[2J", b"\xe2\x80\xae", b"[[sections]]\n",
    b"[[model]]\n", b"null", b"true", b"PK\x03\x04", b"PK\x05\x06", b"GGUF", b"\x7f\xff\xff\xff",
    b"\xff" * 8, b"\x00" * 64, b"utterances",
)  # fmt: skip
NASTY_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 1, 2**31, 2**53, 2**64, -(2**70), 10**400, 0.5, -0.0, 1e308, float("nan"),
    float("inf"), "", " ", "\0", "..", "../x", "/x", "C:\\x", "a" * 5000, "\ud800", "\u202e", "é",
    "e\u0301", "\x1b[31m", "{{x}}", [], {}, [[]], [None], [1, "1"], {"a": 1}, {"": ""}, [{}], "vault.db",
    "soap", "en", "nl", "fr",
)  # fmt: skip


@dataclass(frozen=True)
class Entry:
    """One door, and whole things that go through it."""

    act: Callable[[bytes], object]
    """Hands the bytes to the program as it would get them; raises ScribeError where it refuses them."""
    whole: list[bytes]
    trees: list[tuple[Any, Write]] = ()  # type: ignore[assignment]
    """Documents whose values are put out of place, and how they are written."""
    mend: Callable[[bytes], bytes] | None = None
    """Makes checksums fit again, in half of the cases, so that what lies behind them is reached."""
    ours: bool = True
    """Whether the words of a refusal are this program's own."""

    def made(self, which: int, script: bytes) -> bytes:
        """The file of one case."""
        number = which % (len(self.whole) + len(self.trees))
        if number >= len(self.whole):
            document, write = self.trees[number - len(self.whole)]
            return write(changed_tree(document, script))
        content = changed_bytes(self.whole[number], self.whole, script)
        return self.mend(content) if self.mend is not None and which & 64 else content


def deep(levels: int) -> Any:
    """Lists in lists."""
    value: Any = []
    for _ in range(levels):
        value = [value]
    return value


@dataclass(slots=True)
class Tally:
    """What became of the cases."""

    cases: int = 0
    accepted: int = 0
    refused: int = 0
    words: set[str] = field(default_factory=set)
    """Titles of refusals, names and numbers taken out: how many kinds there were."""


def steps(script: bytes) -> Iterator[tuple[int, float, int]]:
    """What, where (0 to 1) and how much (0 to 65535), in order."""
    for at in range(0, len(script) - STEP + 1, STEP):
        what, where, much = struct.unpack(">BHH", script[at : at + STEP])
        yield what, where / 65_536, much


def changed_bytes(content: bytes, others: Sequence[bytes], script: bytes) -> bytes:
    """The content with the script's changes: flips, cuts, repeats, splices, words that parsers stumble on."""
    made = bytearray(content)
    for what, where, much in steps(script):
        at = int(where * (len(made) + 1))
        length = 1 + much % 61 if what & 128 else 1 + int((len(made) - at) * (much / 65_536))
        kind = what % 9
        if kind == 0 and at < len(made):
            made[at] ^= 1 << (much % 8)
        elif kind == 1 and at < len(made):
            made[at] = much % 256
        elif kind == 2:
            del made[at : at + length]
        elif kind == 3:
            made[at:at] = made[at : at + min(length, 4096)]
        elif kind == 4:
            del made[at:]
        elif kind == 5:
            made[at:at] = NASTY_TEXTS[much % len(NASTY_TEXTS)]
        elif kind == 6:
            word = NASTY_TEXTS[much % len(NASTY_TEXTS)]
            made[at : at + len(word)] = word
        elif kind == 7:
            other = others[much % len(others)]
            begin = int(where * len(other))
            made[at : at + length] = other[begin : begin + min(length, 4096)]
        else:
            number = (((1 << (much % 65)) - (much >> 15)) % 2**64).to_bytes(8, "little")[: 1 << (what >> 6)]
            made[at : at + len(number)] = number
    return bytes(made)


def changed_tree(document: Any, script: bytes) -> Any:
    """The document with values put out of place: other kinds, missing, twice, renamed, nested."""
    made = copy.deepcopy(document)
    for what, where, much in steps(script):
        places = list(_places(made))
        if not places:
            return NASTY_VALUES[much % len(NASTY_VALUES)]
        holder, key = places[int(where * len(places))]
        kind = what % 8
        if kind in (0, 1, 2):
            holder[key] = copy.deepcopy(NASTY_VALUES[much % len(NASTY_VALUES)])
        elif kind == 3:
            del holder[key]
        elif kind == 4 and isinstance(holder, dict):
            holder[str(NASTY_VALUES[much % len(NASTY_VALUES)])[:60]] = holder.pop(key)
        elif kind == 4:
            holder.append(copy.deepcopy(holder[key]))
        elif kind == 5:
            holder[key] = [holder[key]] * (much % 4)
        elif kind == 6:
            _, other = places[much % len(places)]
            holder[key] = other if isinstance(other, str) else copy.deepcopy(places[0][0])
        else:
            holder[key] = deep(much % 80)
    return made


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    waiting = [value]
    while waiting:
        now = waiting.pop()
        keys = list(now) if isinstance(now, dict) else range(len(now)) if isinstance(now, list) else ()
        for key in keys:
            yield now, key
            if isinstance(now[key], dict | list):
                waiting.append(now[key])


def as_json(value: Any) -> bytes:
    """JSON as a careless program writes it, lone surrogates and NaN included."""
    return json.dumps(value, ensure_ascii=False, indent=1).encode("utf-8", "surrogatepass")


def as_toml(value: Any) -> bytes:
    """TOML of a table; what TOML has no word for is written as text."""
    if not isinstance(value, dict):
        return _inline(value).encode("utf-8", "surrogatepass")
    lines = [f"{_key(key)} = {_inline(one)}\n" for key, one in value.items()]
    return "".join(lines).encode("utf-8", "surrogatepass")


def _key(key: str) -> str:
    return json.dumps(str(key)).replace("\x7f", "\\u007f")


def _inline(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_key(key)} = {_inline(one)}" for key, one in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_inline(one) for one in value) + "]"
    if isinstance(value, float):
        return repr(value)
    return json.dumps("none" if value is None else value)


def with_right_sums(png: bytes) -> bytes:
    """A PNG whose chunks' checksums are made to fit, so that what is behind them is read."""
    made, at = bytearray(png[:8]), 8
    while at + 12 <= len(png):
        length = min(struct.unpack(">I", png[at : at + 4])[0], len(png) - at - 12)
        body = png[at + 4 : at + 8 + length]
        made += struct.pack(">I", length) + body + struct.pack(">I", zlib.crc32(body))
        at += 12 + length
    return bytes(made)


def judged(act: Callable[[], object], tally: Tally, sentence: bool = True) -> object:
    """Do it. Whatever is refused is refused in clear words; nothing else may be raised.

    Returns what `act` returned, or the error.
    """
    tally.cases += 1
    try:
        value = act()
    except ScribeError as error:
        tally.refused += 1
        tally.words.add("".join(sign for sign in error.title if not sign.isdigit())[:60])
        check_words(error, sentence)
        return error
    tally.accepted += 1
    return value


def check_words(error: ScribeError, sentence: bool = True) -> None:
    """What happened, what was kept, what to do: each there, each printable, none a screenful."""
    for part in (error.title, error.detail, error.remedy):
        assert part, f"a part is missing: {error!r} {error.detail!r} {error.remedy!r}"
        assert len(part) < 2_000, f"too long to read: {part[:200]!r}"
        strange = [
            sign for sign in part if unicodedata.category(sign) in {"Cc", "Cs", "Cf"} and sign not in "\n\t"
        ]
        assert not strange, f"{strange!r} could fool a terminal: {part!r}"
    assert not sentence or error.title.rstrip()[-1] in '.!?”"', error.title


def run(name: str, entry: Entry, cases: int, round: int = 0) -> Tally:
    """So many cases, the same each time for a round; how many there were is printed."""
    tally, began = Tally(), time.monotonic()
    if cases >= 50 * BATCH:  # writing all stacks while the test goes on has brought Python 3.11 itself down
        faulthandler.cancel_dump_traceback_later()

    batch = BATCH if cases >= 50 * BATCH else 1  # an example of hypothesis costs more than most cases

    @seed(round)
    @settings(
        max_examples=cases // batch, database=None, deadline=None, suppress_health_check=list(HealthCheck)
    )
    @given(st.lists(CASE, min_size=batch, max_size=batch))
    def one(made: list[tuple[int, bytes]]) -> None:
        for which, script in made:
            judged(lambda which=which, script=script: entry.act(entry.made(which, script)), tally, entry.ours)

    one()
    assert tally.cases == tally.accepted + tally.refused
    print(
        f"fuzz {name}: {tally.cases:,} cases, {tally.accepted:,} used, {tally.refused:,} refused in "
        f"{len(tally.words)} ways, 0 crashes, {time.monotonic() - began:.0f} s"
    )
    return tally
