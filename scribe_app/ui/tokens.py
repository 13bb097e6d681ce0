"""Colours and sizes of the window, by meaning. Every pair in CONTRASTS is recomputed by a test."""

from __future__ import annotations

from dataclasses import dataclass

GRID = 8
"""Pixels; distances are multiples of half of it."""
RADIUS = 6
CONTROL_HEIGHT = 32
SIDEBAR_WIDTH = 248
SIDEBAR_NARROW = 208
HEADER_HEIGHT = 64
BODY_PT = 10.5
TITLE_PT = 11.0
NAME_PT = 11.5
LETTER_PT = 11.0
SMALL_PT = 9.5
HEADLINE_PT = 15.0
LINE_HEIGHT = 1.4

TEXT_CONTRAST = 4.5
"""WCAG 2.2, 1.4.3 (AA)."""
SHAPE_CONTRAST = 3.0
"""WCAG 2.2, 1.4.11: borders of controls and the focus ring."""


@dataclass(frozen=True, slots=True)
class Tokens:
    """One colour scheme."""

    canvas: str
    surface: str
    sidebar: str
    text: str
    muted: str
    border: str
    """Outline of something that can be used."""
    line: str
    """Hairline that only parts; carries no meaning."""
    accent: str
    on_accent: str
    accent_tint: str
    recording: str
    on_recording: str
    warning: str
    warning_tint: str
    ok: str
    ok_tint: str
    draft: str
    """Paper of what is not signed."""


LIGHT = Tokens(
    canvas="#F7F8F9",
    surface="#FFFFFF",
    sidebar="#EDF1F4",
    text="#1B2733",
    muted="#55636F",
    border="#7D8994",
    line="#DFE4E9",
    accent="#0B6B74",
    on_accent="#FFFFFF",
    accent_tint="#E2F0F2",
    recording="#B42318",
    on_recording="#FFFFFF",
    warning="#8A5A00",
    warning_tint="#FFF4DC",
    ok="#1E6B3A",
    ok_tint="#E5F3EA",
    draft="#FBFAF4",
)
DARK = Tokens(
    canvas="#15191D",
    surface="#1D2328",
    sidebar="#191E22",
    text="#E8EDF1",
    muted="#A3B0BA",
    border="#70808C",
    line="#2B333A",
    accent="#5CC3CC",
    on_accent="#10262A",
    accent_tint="#17343A",
    recording="#FF8A7A",
    on_recording="#2A0D08",
    warning="#F2B84B",
    warning_tint="#3A2E12",
    ok="#7CCB97",
    ok_tint="#17301F",
    draft="#20251F",
)

_PAPERS = ("canvas", "surface", "sidebar", "draft", "accent_tint")
CONTRASTS: tuple[tuple[str, str, float], ...] = (
    *((ink, paper, TEXT_CONTRAST) for ink in ("text", "muted", "accent") for paper in _PAPERS),
    ("text", "warning_tint", TEXT_CONTRAST),
    ("text", "ok_tint", TEXT_CONTRAST),
    ("accent", "warning_tint", TEXT_CONTRAST),
    ("on_accent", "accent", TEXT_CONTRAST),
    ("on_recording", "recording", TEXT_CONTRAST),
    ("recording", "surface", TEXT_CONTRAST),
    ("recording", "canvas", TEXT_CONTRAST),
    ("recording", "sidebar", TEXT_CONTRAST),
    ("warning", "warning_tint", TEXT_CONTRAST),
    ("warning", "surface", TEXT_CONTRAST),
    ("ok", "ok_tint", TEXT_CONTRAST),
    ("ok", "surface", SHAPE_CONTRAST),
    ("border", "surface", SHAPE_CONTRAST),
    ("border", "canvas", SHAPE_CONTRAST),
    ("border", "sidebar", SHAPE_CONTRAST),
    ("border", "draft", SHAPE_CONTRAST),
)
"""(ink, paper, least contrast) for everything that carries meaning."""


def contrast(ink: str, paper: str) -> float:
    """Contrast ratio of two #RRGGBB colours, 1 to 21 (WCAG 2.2, relative luminance)."""
    bright, dim = sorted((_luminance(ink), _luminance(paper)), reverse=True)
    return (bright + 0.05) / (dim + 0.05)


def _luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
