"""Settings of letters: house style, letterhead, and the way to the templates."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QPlainTextEdit

from scribe_app.config import Settings
from scribe_app.language import later, tr
from scribe_app.policy import Policy
from scribe_app.ui import controls, tokens
from scribe_app.ui.settings_pages import SettingsPage

AS_DRAFTED = later("As drafted")
SPELLING = {"": AS_DRAFTED, "british": later("British (anaemia)"), "american": later("American (anemia)")}
ABBREVIATIONS = {"": AS_DRAFTED, "short": later("Short (BP)"), "long": later("Written out (blood pressure)")}
LAYOUT = {
    "": AS_DRAFTED,
    "lines": later("A line each"),
    "bullets": later("Bullets"),
    "prose": later("Running text"),
}
PERSON = {"": AS_DRAFTED, "first": later("“I advised …”"), "third": later("“Advised …”")}
DATES = {"": AS_DRAFTED, "figures": "21/11/2026", "words": later("21 November 2026")}
HIGH = 84
"""Pixels of a field of several lines."""


class LettersPage(SettingsPage):
    """House style, letterhead, templates."""

    title = later("Letters")
    templates_wanted = Signal()
    logo_wanted = Signal()
    logo_removed = Signal()

    def __init__(self, policy: Policy, settings: Settings) -> None:
        super().__init__(policy)
        self.templates = controls.button(tr("Edit templates…"), name=tr("Edit letter templates"))
        self.templates.clicked.connect(self.templates_wanted)
        row = QHBoxLayout()
        row.addWidget(self.templates)
        row.addStretch(1)
        self.column.addLayout(row)
        self.spelling = _choice(SPELLING, settings.spelling)
        self.abbreviations = _choice(ABBREVIATIONS, settings.abbreviations)
        self.layout_of_lines = _choice(LAYOUT, settings.layout)
        self.person = _choice(PERSON, settings.person)
        self.dates = _choice(DATES, settings.dates)
        grid = QGridLayout()
        grid.setHorizontalSpacing(12)
        grid.setVerticalSpacing(12)
        for place, (words, field, setting) in enumerate(
            (
                (tr("Spelling of English letters"), self.spelling, "spelling"),
                (tr("Abbreviations"), self.abbreviations, "abbreviations"),
                (tr("Lines of a section"), self.layout_of_lines, "layout"),
                (tr("What you did yourself"), self.person, "person"),
                (tr("Dates"), self.dates, "dates"),
            )
        ):
            grid.addLayout(self.field(words, field, setting), place // 2, place % 2)
        self.column.addLayout(grid)
        self.own = _lines(settings.own_abbreviations, tr("HTN = hypertension"))
        self.add_field(tr("Your own abbreviations, one a line"), self.own, "own_abbreviations")
        self.letterhead = _lines(
            settings.letterhead, tr("Organisation\nStreet and number\nTown and postcode")
        )
        self.add_field(tr("Letterhead, on Word and PDF"), self.letterhead, "letterhead")
        self.logo = controls.label("", "small")
        self.choose_logo = controls.button(
            tr("Choose logo…"), name=tr("Choose the letterhead's logo, a PNG picture")
        )
        self.remove_logo = controls.button(tr("Remove logo"), "quiet")
        self.choose_logo.clicked.connect(self.logo_wanted)
        self.remove_logo.clicked.connect(self.logo_removed)
        logo_row = QHBoxLayout()
        logo_row.setSpacing(tokens.GRID)
        for widget in (self.choose_logo, self.remove_logo, self.logo):
            logo_row.addWidget(widget)
        logo_row.addStretch(1)
        self.column.addLayout(logo_row)
        self.column.addStretch(1)
        self.show_logo(False)

    def show_logo(self, there: bool) -> None:
        """Whether there is a logo."""
        self.logo.setText(tr("A logo is on your letters") if there else tr("No logo"))
        self.remove_logo.setVisible(there)

    def apply(self, settings: Settings) -> Settings:
        """The settings with this page's answers in them."""
        return replace(
            settings,
            spelling=self.spelling.currentData(),
            abbreviations=self.abbreviations.currentData(),
            layout=self.layout_of_lines.currentData(),
            person=self.person.currentData(),
            dates=self.dates.currentData(),
            own_abbreviations=self.own.toPlainText().strip(),
            letterhead=self.letterhead.toPlainText().strip(),
        )


def _choice(choices: dict[str, str], chosen: str) -> QComboBox:
    combo = QComboBox()
    for value, text in choices.items():
        combo.addItem(tr(text), value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    return combo


def _lines(text: str, hint: str) -> QPlainTextEdit:
    field = QPlainTextEdit(text)
    field.setPlaceholderText(hint)
    field.setTabChangesFocus(True)
    field.setFixedHeight(HIGH)
    field.setStyleSheet(f"min-height: {HIGH - 14}px")  # the window's style would let it shrink to one line
    return field
