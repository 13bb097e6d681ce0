"""The window's stylesheet: small, and made of tokens ($name) alone. theme.py fills them in."""

from __future__ import annotations

from string import Template

STYLESHEET = Template("""
QWidget#sidebar { background: $sidebar; border-right: 1px solid $line; }
QWidget#header, QWidget#identityStrip { background: $surface; border-bottom: 1px solid $line; }
QWidget#transcriptColumn { border-right: 1px solid $line; }
QScrollArea, QScrollArea > QWidget > QWidget { background: transparent; border: none; }
QListView { background: transparent; border: none; outline: none; }
QListView:focus { border: none; }

QLabel[role="title"] { font-weight: 600; font-size: ${title}pt; }
QLabel[role="name"] { font-weight: 600; font-size: ${name}pt; }
QLabel[role="clock"] { font-weight: 600; font-size: ${headline}pt; }
QLabel[role="heading"] { font-weight: 600; color: $muted; }
QLabel[role="small"] { color: $muted; font-size: ${small}pt; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="letter"] { font-size: ${letter}pt; }
QLabel[role="reason"] { color: $warning; font-weight: 600; font-size: ${small}pt; }
QLabel[role="old"] { color: $muted; text-decoration: line-through; }
QLabel[role="strong"] { font-weight: 600; }
QLabel[role="pill"] { font-weight: 600; font-size: ${small}pt; border-radius: 10px; padding: 2px 9px; }
QLabel[tone="ok"] { color: $ok; background: $ok_tint; }
QLabel[tone="warning"] { color: $warning; background: $warning_tint; }
QLabel[tone="quiet"] { color: $muted; background: transparent; border: 1px solid $line; }
QLabel#caveat { color: $warning; background: $warning_tint; font-weight: 600; font-size: ${small}pt;
  border-radius: ${radius}px; padding: 8px; }

QPushButton { background: $surface; color: $text; border: 1px solid $border;
  border-radius: ${radius}px; padding: 5px 14px; min-height: 20px; font-weight: 600; }
QPushButton:hover { background: $accent_tint; }
QPushButton:focus { border: 2px solid $accent; padding: 4px 13px; }
QPushButton:disabled { color: $muted; border-color: $line; background: transparent; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; border-color: $accent; }
QPushButton[kind="primary"]:focus { border: 2px solid $text; }
QPushButton[kind="primary"]:disabled { background: transparent; color: $muted;
  border-color: $border; }
QPushButton[kind="recording"] { background: $recording; color: $on_recording;
  border-color: $recording; }
QPushButton[kind="recording"]:focus { border: 2px solid $text; }
QPushButton[kind="quiet"] { background: transparent; border: 2px solid transparent; padding: 2px 5px;
  font-weight: 400; }
QPushButton[kind="link"] { background: transparent; border: 2px solid transparent; padding: 2px 5px;
  color: $accent; }
QPushButton[kind="quiet"]:hover, QPushButton[kind="link"]:hover { text-decoration: underline; }
QPushButton[kind="quiet"]:focus, QPushButton[kind="link"]:focus { border: 2px solid $accent; }
QPushButton[kind="quiet"]:disabled, QPushButton[kind="link"]:disabled { color: $muted; }
QPushButton[kind="faint"] { background: transparent; border: 2px solid transparent; padding: 0 5px;
  color: $muted; font-weight: 400; font-size: ${small}pt; }
QPushButton[kind="faint"]:hover { color: $accent; text-decoration: underline; }
QPushButton[kind="settle"] { background: $warning_tint; color: $warning;
  border: 2px solid $warning_tint; border-radius: 12px; padding: 1px 10px; font-size: ${small}pt; }
QPushButton[kind="settle"]:focus { border: 2px solid $accent; }
QPushButton::menu-indicator { width: 0; }

QLineEdit, QPlainTextEdit, QComboBox { background: $surface; color: $text;
  border: 1px solid $border; border-radius: ${radius}px; padding: 5px 9px; min-height: 20px;
  selection-background-color: $accent; selection-color: $on_accent; }
QLineEdit:focus, QPlainTextEdit:focus, QComboBox:focus { border: 2px solid $accent; padding: 4px 8px; }
QLineEdit:disabled, QPlainTextEdit:disabled, QComboBox:disabled { background: transparent; color: $muted;
  border: 1px dashed $border; }
QComboBox:disabled::down-arrow { image: none; }
QComboBox::drop-down { border: none; width: 26px; }
QComboBox::down-arrow { image: url("$arrow"); width: 12px; height: 12px; }
QComboBox QAbstractItemView { background: $surface; border: 1px solid $border; padding: 4px;
  selection-background-color: $accent_tint; selection-color: $text; }
QPlainTextEdit#notes { background: $draft; border-color: $line; padding: 12px 14px;
  font-size: ${letter}pt; }
QPlainTextEdit#notes:focus { border: 2px solid $accent; padding: 11px 13px; }

QLabel#dropSign { background: $accent_tint; color: $text; font-weight: 600; font-size: ${title}pt;
  border: 2px dashed $accent; border-radius: ${radius_large}px; }
QFrame#card { background: $surface; border: 1px solid $line; border-radius: ${radius_large}px; }
QFrame#paper { background: $draft; border: 1px solid $line; border-radius: ${radius_large}px; }
QFrame#paper[signed="true"] { background: $surface; }
QFrame#statement { border: 2px solid transparent; border-radius: ${radius}px; }
QFrame#statement QPushButton[kind="link"] { padding: 0 4px 0 0; }
QFrame#statement QPlainTextEdit { font-size: ${letter}pt; }
QFrame#statement:focus { border: 2px solid $accent; }
QFrame#statement[chosen="true"] { background: $accent_tint; }
QFrame#statement[prior="true"] { border-left: 4px double $border; }
QFrame#statement[doubt="true"] { background: $warning_tint; border-left: 4px solid $warning;
  border-top-left-radius: 2px; border-bottom-left-radius: 2px; }
QFrame#statement[doubt="true"][chosen="true"] { border: 2px solid $warning; border-left: 4px solid $warning; }
QFrame#banner { background: $warning_tint; border: none; border-bottom: 1px solid $line;
  border-left: 4px solid $warning; }
QFrame#banner[tone="error"] { border-left: 4px solid $recording; }
QFrame#banner[tone="note"] { background: $accent_tint; border-left: 4px solid $accent; }

QTabWidget::pane { border: none; border-top: 1px solid $line; }
QTabBar::tab { background: transparent; color: $muted; border: 2px solid transparent; padding: 6px 12px;
  font-weight: 600; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:focus { border: 2px solid $accent; border-radius: ${radius}px; }
QCheckBox { color: $text; spacing: 8px; }
QCheckBox:disabled { color: $muted; }
QListWidget { background: $surface; border: 1px solid $border; border-radius: ${radius}px; padding: 4px; }
QListWidget:focus { border: 2px solid $accent; padding: 3px; }
QListWidget::item { color: $text; padding: 5px 4px; }
QListWidget::item:selected { background: $accent_tint; color: $text; }
QCheckBox::indicator, QListWidget::indicator { width: 14px; height: 14px; background: $surface;
  border: 1px solid $border; border-radius: 3px; }
QCheckBox::indicator:checked, QListWidget::indicator:checked { background: $accent; border-color: $accent;
  image: url("$tick"); }
QCheckBox::indicator:focus { border: 2px solid $accent; }
QCheckBox::indicator:disabled { background: transparent; border: 1px dashed $border; }
QCheckBox::indicator:checked:disabled { background: $muted; }

QProgressBar { background: $line; border: none; border-radius: 3px; max-height: 6px; min-height: 6px; }
QProgressBar::chunk { background: $accent; border-radius: 3px; }
QSplitter::handle { background: transparent; }
QMenu { background: $surface; border: 1px solid $border; padding: 4px; }
QMenu::item { padding: 6px 18px; border-radius: 4px; color: $text; }
QMenu::item:selected { background: $accent_tint; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }
QToolTip { background: $surface; color: $text; border: 1px solid $border; padding: 4px; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar::handle:vertical { background: $border; border-radius: 2px; min-height: 32px;
  margin: 0 3px; }
QScrollBar::handle:vertical:hover { margin: 0 1px; border-radius: 4px; }
QScrollBar::add-line, QScrollBar::sub-line { height: 0; width: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QDialog { background: $canvas; }
""")
