"""One look for the whole window: palette, fonts and a small stylesheet, made from the tokens."""

from __future__ import annotations

import dataclasses

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from scribe_app.paths import resources_folder
from scribe_app.ui import tokens
from scribe_app.ui.stylesheet import STYLESHEET
from scribe_app.ui.tokens import DARK, LIGHT, Tokens

FAMILY = "Inter"
ZOOM_STEPS = (0.8, 0.9, 1.0, 1.1, 1.25, 1.5, 1.75, 2.0)


class Theme(QObject):
    """Applies the look and follows the system's colour scheme, unless the clinician chose one."""

    changed = Signal()

    def __init__(self, application: QApplication, choice: str = "system") -> None:
        super().__init__()
        self._application = application
        self._choice = choice
        self._zoom = 1.0
        self.tokens: Tokens = LIGHT
        _load_fonts()
        application.setStyle("Fusion")
        self._hints = application.styleHints()
        self._hints.colorSchemeChanged.connect(self._scheme_changed)
        self.apply()

    def choose(self, choice: str) -> None:
        """system, light or dark."""
        self._choice = choice
        self.apply()

    def zoom(self, steps: int) -> None:
        """Larger or smaller text by so many steps; 0 goes back to 100 %."""
        at = ZOOM_STEPS.index(self._zoom) + steps if steps else ZOOM_STEPS.index(1.0)
        self._zoom = ZOOM_STEPS[max(0, min(len(ZOOM_STEPS) - 1, at))]
        self.apply()

    def apply(self) -> None:
        """Give the application its colours and sizes."""
        dark = self._choice == "dark" or (
            self._choice != "light" and self._hints.colorScheme() == Qt.ColorScheme.Dark
        )
        self.tokens = DARK if dark else LIGHT
        self._application.setPalette(_palette(self.tokens))
        self._application.setFont(self.font())
        self._application.setStyleSheet(_stylesheet(self.tokens, self._zoom))
        self.changed.emit()

    def font(self, points: float = tokens.BODY_PT, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
        """The window's typeface at this size, zoomed."""
        font = QFont(FAMILY)
        font.setPointSizeF(points * self._zoom)
        font.setWeight(weight)
        font.setFeature(QFont.Tag("tnum"), 1)  # figures of equal width: a running clock does not jitter
        return font

    def scaled(self, pixels: float) -> int:
        """A distance that grows with the text."""
        return round(pixels * self._zoom)

    @Slot()
    def _scheme_changed(self) -> None:
        self.apply()


def _load_fonts() -> None:
    if FAMILY in QFontDatabase.families():
        return
    for file in sorted((resources_folder() / "fonts").glob("*.otf")):
        QFontDatabase.addApplicationFont(str(file))


def _palette(colours: Tokens) -> QPalette:
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: colours.canvas,
        QPalette.ColorRole.WindowText: colours.text,
        QPalette.ColorRole.Base: colours.surface,
        QPalette.ColorRole.AlternateBase: colours.canvas,
        QPalette.ColorRole.Text: colours.text,
        QPalette.ColorRole.Button: colours.surface,
        QPalette.ColorRole.ButtonText: colours.text,
        QPalette.ColorRole.ToolTipBase: colours.surface,
        QPalette.ColorRole.ToolTipText: colours.text,
        QPalette.ColorRole.PlaceholderText: colours.muted,
        QPalette.ColorRole.Highlight: colours.accent,
        QPalette.ColorRole.HighlightedText: colours.on_accent,
        QPalette.ColorRole.Link: colours.accent,
        QPalette.ColorRole.Mid: colours.border,
        QPalette.ColorRole.Dark: colours.border,
        QPalette.ColorRole.Light: colours.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(colours.muted))
    return palette


def _stylesheet(t: Tokens, zoom: float) -> str:
    icons, kind = resources_folder() / "icons", "dark" if t is DARK else "light"
    sizes = {
        "small": tokens.SMALL_PT,
        "body": tokens.BODY_PT,
        "title": tokens.TITLE_PT,
        "name": tokens.NAME_PT,
        "letter": tokens.LETTER_PT,
        "headline": tokens.HEADLINE_PT,
    }
    return STYLESHEET.substitute(
        dataclasses.asdict(t),
        **{name: f"{points * zoom:.2f}" for name, points in sizes.items()},
        radius=tokens.RADIUS,
        radius_large=tokens.RADIUS + 2,
        arrow=(icons / f"down-{kind}.svg").as_posix(),
        tick=(icons / f"tick-{kind}.svg").as_posix(),
    )
