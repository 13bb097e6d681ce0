"""One look for the whole window: palette, fonts and a small stylesheet, made from the tokens."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QColor, QFont, QFontDatabase, QPalette
from PySide6.QtWidgets import QApplication

from scribe_app.paths import resources_folder
from scribe_app.ui import tokens
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
    arrow = (resources_folder() / "icons" / ("down-dark.svg" if t is DARK else "down-light.svg")).as_posix()
    small, headline = tokens.SMALL_PT * zoom, tokens.HEADLINE_PT * zoom
    body, letter = tokens.BODY_PT * zoom, tokens.LETTER_PT * zoom
    return f"""
QWidget#sidebar {{ background: {t.sidebar}; border-right: 1px solid {t.line}; }}
QWidget#header, QWidget#identityStrip {{ background: {t.surface}; border-bottom: 1px solid {t.line}; }}
QWidget#transcriptColumn {{ border-right: 1px solid {t.line}; }}
QScrollArea, QScrollArea > QWidget > QWidget {{ background: transparent; border: none; }}
QListView {{ background: transparent; border: none; outline: none; }}
QListView:focus {{ border: none; }}

QLabel[role="title"] {{ font-weight: 600; font-size: {body + 0.5:.2f}pt; }}
QLabel[role="name"] {{ font-weight: 600; font-size: {body + 1:.2f}pt; }}
QLabel[role="clock"] {{ font-weight: 600; font-size: {headline:.2f}pt; }}
QLabel[role="heading"] {{ font-weight: 600; color: {t.muted}; }}
QLabel[role="small"] {{ color: {t.muted}; font-size: {small:.2f}pt; }}
QLabel[role="muted"] {{ color: {t.muted}; }}
QLabel[role="letter"] {{ font-size: {letter:.2f}pt; }}
QLabel[role="reason"] {{ color: {t.warning}; font-weight: 600; font-size: {small:.2f}pt; }}
QLabel[role="strong"] {{ font-weight: 600; }}
QLabel[role="pill"] {{ font-weight: 600; font-size: {small:.2f}pt; border-radius: 10px; padding: 2px 9px; }}
QLabel[tone="ok"] {{ color: {t.ok}; background: {t.ok_tint}; }}
QLabel[tone="warning"] {{ color: {t.warning}; background: {t.warning_tint}; }}
QLabel[tone="quiet"] {{ color: {t.muted}; background: transparent; border: 1px solid {t.line}; }}
QLabel#caveat {{ color: {t.warning}; background: {t.warning_tint}; font-weight: 600; font-size: {small:.2f}pt;
  border-radius: {tokens.RADIUS}px; padding: 8px; }}

QPushButton {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.border};
  border-radius: {tokens.RADIUS}px; padding: 5px 14px; min-height: 20px; font-weight: 600; }}
QPushButton:hover {{ background: {t.accent_tint}; }}
QPushButton:focus {{ border: 2px solid {t.accent}; padding: 4px 13px; }}
QPushButton:disabled {{ color: {t.muted}; border-color: {t.line}; background: transparent; }}
QPushButton[kind="primary"] {{ background: {t.accent}; color: {t.on_accent}; border-color: {t.accent}; }}
QPushButton[kind="primary"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[kind="primary"]:disabled {{ background: transparent; color: {t.muted};
  border-color: {t.border}; }}
QPushButton[kind="recording"] {{ background: {t.recording}; color: {t.on_recording};
  border-color: {t.recording}; }}
QPushButton[kind="recording"]:focus {{ border: 2px solid {t.text}; }}
QPushButton[kind="quiet"] {{ background: transparent; border: 2px solid transparent; padding: 2px 5px;
  font-weight: 400; }}
QPushButton[kind="link"] {{ background: transparent; border: 2px solid transparent; padding: 2px 5px;
  color: {t.accent}; }}
QPushButton[kind="quiet"]:hover, QPushButton[kind="link"]:hover {{ text-decoration: underline; }}
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton[kind="quiet"]:disabled, QPushButton[kind="link"]:disabled {{ color: {t.muted}; }}
QPushButton[kind="faint"] {{ background: transparent; border: 2px solid transparent; padding: 0 5px;
  color: {t.muted}; font-weight: 400; font-size: {small:.2f}pt; }}
QPushButton[kind="faint"]:hover {{ color: {t.accent}; text-decoration: underline; }}
QPushButton[kind="settle"] {{ background: {t.warning_tint}; color: {t.warning};
  border: 2px solid {t.warning_tint}; border-radius: 12px; padding: 1px 10px; font-size: {small:.2f}pt; }}
QPushButton[kind="settle"]:focus {{ border: 2px solid {t.accent}; }}
QPushButton::menu-indicator {{ width: 0; }}

QLineEdit, QPlainTextEdit, QComboBox {{ background: {t.surface}; color: {t.text};
  border: 1px solid {t.border}; border-radius: {tokens.RADIUS}px; padding: 5px 9px; min-height: 20px;
  selection-background-color: {t.accent}; selection-color: {t.on_accent}; }}
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus {{ border: 2px solid {t.accent}; padding: 4px 8px; }}
QComboBox::drop-down {{ border: none; width: 26px; }}
QComboBox::down-arrow {{ image: url("{arrow}"); width: 12px; height: 12px; }}
QComboBox QAbstractItemView {{ background: {t.surface}; border: 1px solid {t.border}; padding: 4px;
  selection-background-color: {t.accent_tint}; selection-color: {t.text}; }}
QPlainTextEdit#notes {{ background: {t.draft}; border-color: {t.line}; padding: 12px 14px;
  font-size: {letter:.2f}pt; }}
QPlainTextEdit#notes:focus {{ border: 2px solid {t.accent}; padding: 11px 13px; }}

QFrame#card {{ background: {t.surface}; border: 1px solid {t.line}; border-radius: {tokens.RADIUS + 2}px; }}
QFrame#paper {{ background: {t.draft}; border: 1px solid {t.line}; border-radius: {tokens.RADIUS + 2}px; }}
QFrame#paper[signed="true"] {{ background: {t.surface}; }}
QFrame#statement {{ border: 2px solid transparent; border-radius: {tokens.RADIUS}px; }}
QFrame#statement QPushButton[kind="link"] {{ padding: 0 4px 0 0; }}
QFrame#statement QPlainTextEdit {{ font-size: {letter:.2f}pt; }}
QFrame#statement:focus {{ border: 2px solid {t.accent}; }}
QFrame#statement[chosen="true"] {{ background: {t.accent_tint}; }}
QFrame#statement[doubt="true"] {{ background: {t.warning_tint}; border-left: 4px solid {t.warning};
  border-top-left-radius: 2px; border-bottom-left-radius: 2px; }}
QFrame#banner {{ background: {t.warning_tint}; border: none; border-bottom: 1px solid {t.line};
  border-left: 4px solid {t.warning}; }}
QFrame#banner[tone="error"] {{ border-left: 4px solid {t.recording}; }}
QFrame#banner[tone="note"] {{ background: {t.accent_tint}; border-left: 4px solid {t.accent}; }}

QProgressBar {{ background: {t.line}; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }}
QProgressBar::chunk {{ background: {t.accent}; border-radius: 3px; }}
QSplitter::handle {{ background: transparent; }}
QMenu {{ background: {t.surface}; border: 1px solid {t.border}; padding: 4px; }}
QMenu::item {{ padding: 6px 18px; border-radius: 4px; color: {t.text}; }}
QMenu::item:selected {{ background: {t.accent_tint}; }}
QMenu::item:disabled {{ color: {t.muted}; }}
QMenu::separator {{ height: 1px; background: {t.line}; margin: 4px 8px; }}
QToolTip {{ background: {t.surface}; color: {t.text}; border: 1px solid {t.border}; padding: 4px; }}
QScrollBar:vertical {{ background: transparent; width: 10px; margin: 0; }}
QScrollBar::handle:vertical {{ background: {t.border}; border-radius: 2px; min-height: 32px;
  margin: 0 3px; }}
QScrollBar::handle:vertical:hover {{ margin: 0 1px; border-radius: 4px; }}
QScrollBar::add-line, QScrollBar::sub-line {{ height: 0; width: 0; }}
QScrollBar::add-page, QScrollBar::sub-page {{ background: transparent; }}
QDialog {{ background: {t.canvas}; }}
"""
