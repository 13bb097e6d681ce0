"""Lines with evidence out of a model: "- statement [U3,U7]", with ids that exist.

The model's own choice is looked at, and only where it does not fit the next likeliest are: masking the whole
vocabulary costs 26 ms a token (measured on 152,000 tokens), looking at the chosen one 0.01 ms.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from scribe_app.adapters.llama.engine import Engine
from scribe_app.domain.ids import UtteranceId

MOST_LINES = 14
LINE_TOKENS = 70
MOST_IDS = 6
ROOM = MOST_LINES * (LINE_TOKENS + 6 * MOST_IDS) // 2
"""Tokens to keep free for one section; half of the largest section, which no model reached."""
_LOOK_AT = 64
_COMPLETE = re.compile(r"[UP]\d+")
_MARKUP = re.compile(rb"\s*<[/|]?[a-z_|]+>", re.IGNORECASE)
_NOTHING = frozenset({"none", "geen", "nothing", "n/a", "niets", "not recorded", "not discussed"})


@dataclass(frozen=True, slots=True)
class Line:
    """One statement as the model wrote it."""

    text: str
    evidence: tuple[UtteranceId, ...]
    earlier: tuple[int, ...] = ()
    """Lines of earlier letters that it names, by the numbers that they had in the request."""


def written_lines(
    engine: Engine, ids: Sequence[UtteranceId], most_lines: int = MOST_LINES, earlier: int = 0
) -> Iterator[Line]:
    """Lines of one section until the model ends its turn, says NONE, or repeats itself.

    `earlier` lines of earlier letters may be named, too: "[P1]" to "[P{earlier}]".

    Raises:
        Cancelled: between two tokens, or inside llama.cpp.
    """
    seen: set[str] = set()
    names = {f"U{id}": id for id in ids}
    told = {f"P{number}": number for number in range(1, earlier + 1)}
    if not ids:
        return
    for _ in range(most_lines):
        text, ended = _statement(engine)
        if not text and not ended:
            continue
        if not text or text.lower().strip(" .") in _NOTHING or text.lower() in seen:
            return
        seen.add(text.lower())
        cited = _citation(engine, [*names, *told])
        engine.append(engine.tokens("\n"))
        if _says_something(text):
            yield Line(
                text,
                tuple(sorted(names[name] for name in cited & names.keys())),
                tuple(sorted(told[name] for name in cited & told.keys())),
            )
        if ended:
            return


def _statement(engine: Engine) -> tuple[str, bool]:
    """Text up to the ids, the end of the line or of the turn; and whether the turn ended."""
    raw = b""
    for piece in (pieces := engine.written(LINE_TOKENS, next_text)):
        cut = re.search(rb"[\[\n]", piece)
        if cut:
            raw += piece[: cut.start()]
            if not raw.strip():
                next(pieces, None)  # past an empty line
            return _cleaned(raw), False
        raw += piece
    return _cleaned(raw), engine.ends(next_text(engine))


def next_text(engine: Engine) -> int:
    """The likeliest token that is text or ends the turn: no model thinks or calls here."""
    best = engine.best()
    if engine.ends(best) or not _is_markup(engine, best):
        return best
    return next((t for t in engine.likeliest(_LOOK_AT) if engine.ends(t) or not _is_markup(engine, t)), best)


def _is_markup(engine: Engine, token: int) -> bool:
    """Control tokens and those that open a thought or a call ("<think>" is text in some vocabularies)."""
    return engine.is_control(token) or bool(_MARKUP.match(engine.piece(token)))


def _says_something(text: str) -> bool:
    """Whether a line is more than an echo of ids or of a single heading word."""
    return len(re.findall(r"[^\W\d_]{2,}", re.sub(r"\bU\d+\b", "", text))) >= 2


def _cleaned(raw: bytes) -> str:
    text = raw.decode("utf-8", errors="ignore").strip()
    return re.sub(r"^(?:[-*•–]|\d+[.)])\s*", "", text).strip()


def _citation(engine: Engine, names: Sequence[str]) -> set[str]:
    """Let the model name the lines it rests on; what it can say is limited to names that exist."""
    text = "U" if all(name.startswith("U") for name in names) else ""
    engine.append(engine.tokens(f" [{text}"))
    while not text.endswith("]"):
        token, piece = _fitting(engine, text, names)
        engine.append(engine.tokens(piece) if token is None else [token])
        text += piece
    return set(_COMPLETE.findall(text))


def _fitting(engine: Engine, text: str, names: Sequence[str]) -> tuple[int | None, str]:
    """The likeliest token that keeps the citation readable, or a way on that always exists."""
    for choice in ([engine.best()], engine.likeliest(_LOOK_AT)):
        for token in choice:
            piece = engine.piece(token).decode("utf-8", errors="replace")
            if piece and is_citation_start(text + piece, names):
                return token, piece
    if is_citation_start(text + "]", names):
        return None, "]"
    last = text.split(",")[-1].strip()
    name = next(name for name in names if name.startswith(last) and name not in text.split(",")[:-1])
    return None, name[len(last) :] + "]"


def is_citation_start(text: str, names: Collection[str]) -> bool:
    """Whether a text can go on to "U3,U7]" with existing names, none of them twice, at most MOST_IDS."""
    closed = text.endswith("]")
    parts = [part.lstrip(" ") for part in text.removesuffix("]").split(",")]
    *whole, last = parts
    if len(parts) > MOST_IDS or any(part not in names for part in whole) or len(set(whole)) != len(whole):
        return False
    if closed:
        return last in names and last not in whole
    return any(name.startswith(last) and name not in whole for name in names)
