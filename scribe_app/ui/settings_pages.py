"""The pages of the settings: what each asks, and how its answers change the Settings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from scribe_app.config import FOR_EVER, Settings
from scribe_app.domain.template import LetterTemplate
from scribe_app.language import later, tr, translated, trn
from scribe_app.policy import Policy
from scribe_app.ports import Microphone
from scribe_app.ui import controls, tokens
from scribe_app.ui.capture import capture_can_be_refused

LANGUAGES = {"en": "English", "nl": "Nederlands"}
INTERFACE_LANGUAGES = {"system": later("As the computer"), **LANGUAGES}
THEMES = {"system": later("As the computer"), "light": later("Light"), "dark": later("Dark")}
DEFAULT_MICROPHONE = later("The computer's default microphone")
LOCK_MINUTES = (1, 2, 5, 10, 15, 30, 0)
CLIPBOARD_SECONDS = (30, 60, 120, 300, 0)
DAYS = (0, 1, 7, 14, 30, 90, 365, FOR_EVER)
BACKUP_DAYS = (1, 7, 30, 0)
EPHEMERAL = ("audio_days", "transcript_days", "letter_days")
"""Settings that are 0 where nothing is kept once it is signed."""


class SettingsPage(QWidget):
    """One page: fields with their words above them; a setting that IT decided is shown, not changed."""

    title = ""

    def __init__(self, policy: Policy) -> None:
        super().__init__()
        self._policy = policy
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 12, 2, 4)
        self.column.setSpacing(12)

    def apply(self, settings: Settings) -> Settings:
        """The settings with this page's answers in them."""
        raise NotImplementedError

    def add_field(self, words: str, field: QWidget, setting: str = "") -> None:
        """A field under its words; `setting` names the one that the organisation may have locked."""
        self.column.addLayout(self.field(words, field, setting))

    def field(self, words: str, field: QWidget, setting: str = "") -> QVBoxLayout:
        """A field under its words, to be placed."""
        group = controls.field_under(words, field)
        self.mark_locked(field, group, setting)
        return group

    def mark_locked(self, field: QWidget, group: QVBoxLayout, setting: str) -> None:
        """Say by whom, where a setting is not the clinician's to change."""
        reason = translated(self._policy.locks(setting))
        if reason:
            field.setEnabled(False)
            field.setAccessibleDescription(reason)
            group.addWidget(controls.label(tr("Locked. {reason}.", reason=reason), "small", wrap=True))


class GeneralPage(SettingsPage):
    """Microphone, language, usual letter, signature, colours."""

    title = later("General")

    def __init__(self, policy: Policy, settings: Settings, templates: Sequence[LetterTemplate]) -> None:
        super().__init__(policy)
        self._chosen = settings
        self._templates = tuple(templates)
        self.microphone = QComboBox()
        self.microphone.addItem(tr(DEFAULT_MICROPHONE), "")
        if settings.microphone:
            self.microphone.addItem(settings.microphone, settings.microphone)
            self.microphone.setCurrentIndex(1)
        self.language = combo(LANGUAGES, settings.language)
        self.interface = combo(INTERFACE_LANGUAGES, settings.interface_language)
        self.template = QComboBox()
        self.name = QLineEdit(settings.clinician_name)
        self.role = QLineEdit(settings.clinician_role, placeholderText=tr("For instance: GP"))
        self.theme = combo(THEMES, settings.theme)
        self.add_field(tr("Microphone"), self.microphone, "microphone")
        self.add_field(tr("Language of consultations and letters"), self.language, "language")
        self.add_field(tr("Usual letter"), self.template, "template")
        self.add_field(tr("Your name, as in your signature"), self.name, "clinician_name")
        self.add_field(tr("Your role"), self.role, "clinician_role")
        row = QHBoxLayout()
        row.setSpacing(2 * tokens.GRID)
        row.addLayout(self.field(tr("Colours"), self.theme, "theme"), 1)
        words = tr("Language of the window, after a restart")
        row.addLayout(self.field(words, self.interface, "interface_language"), 1)
        self.column.addLayout(row)
        self.column.addStretch(1)
        self.language.currentIndexChanged.connect(self._show_templates)
        self._show_templates()

    def show_microphones(self, microphones: list[Microphone]) -> None:
        """Those now present; the chosen one stays listed even when it is unplugged."""
        chosen = self._chosen.microphone
        self.microphone.clear()
        self.microphone.addItem(tr(DEFAULT_MICROPHONE), "")
        names = [microphone.name for microphone in microphones]
        for name in names:
            self.microphone.addItem(name, name)
        if chosen and chosen not in names:
            self.microphone.addItem(tr("{chosen} (not connected)", chosen=chosen), chosen)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(chosen)))

    @Slot()
    def _show_templates(self) -> None:
        wanted = self.template.currentData() or self._chosen.template
        self.template.clear()
        language = self.language.currentData()
        for template in self._templates:
            if template.language == language:
                self.template.addItem(template.title, template.name)
        self.template.setCurrentIndex(max(0, self.template.findData(wanted)))

    def apply(self, settings: Settings) -> Settings:
        """Who, with what, in which language."""
        return replace(
            settings,
            microphone=self.microphone.currentData(),
            language=self.language.currentData(),
            template=self.template.currentData() or settings.template,
            clinician_name=self.name.text().strip(),
            clinician_role=self.role.text().strip(),
            theme=self.theme.currentData(),
            interface_language=self.interface.currentData(),
        )


class PrivacyPage(SettingsPage):
    """Locking, the clipboard, screen capture, and how long things are kept."""

    title = later("Privacy")
    audit_wanted = Signal()
    patient_wanted = Signal()

    def __init__(self, policy: Policy, settings: Settings) -> None:
        super().__init__(policy)
        self.choices = {
            "lock_minutes": choice(settings.lock_minutes, {m: minutes(m) for m in LOCK_MINUTES}),
            "clipboard_seconds": choice(settings.clipboard_seconds, {s: after(s) for s in CLIPBOARD_SECONDS}),
            "audio_days": choice(settings.audio_days, {d: kept(d) for d in DAYS}),
            "transcript_days": choice(settings.transcript_days, {d: kept(d) for d in DAYS}),
            "draft_days": choice(settings.draft_days, {d: kept(d) for d in DAYS if d}),
            "letter_days": choice(settings.letter_days, {d: kept(d) for d in DAYS}),
            "backup_days": choice(settings.backup_days, {d: every(d) for d in BACKUP_DAYS}),
        }
        self.nothing = QCheckBox(tr("Keep nothing: all goes at signing, the letter when it has been used"))
        self.nothing.setToolTip(
            tr(
                "Sound, transcript and notes are erased at signing. The letter goes a day after it "
                "was last copied, printed or exported, and after a week if it never was. What is not "
                "signed yet stays."
            )
        )
        self._before = {setting: field.currentData() for setting, field in self._ephemeral()}
        self.nothing.setChecked(not any(self._before.values()))
        self.nothing.setEnabled(not any(policy.locks(setting) for setting in EPHEMERAL))
        self.nothing.toggled.connect(self._keep_nothing)
        self._keep_nothing(self.nothing.isChecked())
        self.hidden = QCheckBox(tr("Keep this window out of screenshots and shared screens"))
        self.hidden.setChecked(settings.hide_from_capture)
        self.hidden.setEnabled(capture_can_be_refused())
        if not capture_can_be_refused():
            self.hidden.setToolTip(tr("This system cannot do it; Windows and macOS can."))
        self.audit = controls.button(
            tr("Show the audit trail…"), name=tr("Show the audit trail: who did what")
        )
        self.audit.clicked.connect(self.audit_wanted)
        self.patient = controls.button(
            tr("One patient's records…"), name=tr("Find, hand over or erase one patient")
        )
        self.patient.clicked.connect(self.patient_wanted)
        self._lay_out()

    def _ephemeral(self) -> list[tuple[str, QComboBox]]:
        return [(setting, self.choices[setting]) for setting in EPHEMERAL]

    @Slot(bool)
    def _keep_nothing(self, nothing: bool) -> None:
        """Three clocks at once; without it they are as they were before, or as the program comes."""
        for setting, field in self._ephemeral():
            before = self._before[setting] or getattr(Settings(), setting)
            locked = self._policy.locks(setting)
            if not locked:
                field.setEnabled(not nothing)
                field.setCurrentIndex(max(0, field.findData(0 if nothing else before)))

    def _lay_out(self) -> None:
        words = {
            "lock_minutes": tr("Lock when nobody types"),
            "clipboard_seconds": tr("Clear a copied letter"),
            "audio_days": tr("Keep sound after signing"),
            "transcript_days": tr("Keep the transcript after signing"),
            "draft_days": tr("Keep drafts that nobody signs"),
            "letter_days": tr("Keep signed letters"),
            "backup_days": tr("Back up the vault"),
        }
        grid = QGridLayout()
        grid.setHorizontalSpacing(2 * tokens.GRID)
        grid.setVerticalSpacing(12)
        for at, (setting, text) in enumerate(words.items()):
            place = self.field(text, self.choices[setting], setting)
            place.addStretch(1)  # beside one with a line below it, a field stays on top
            grid.addLayout(place, at // 2, at % 2)
        for column in (0, 1):
            grid.setColumnStretch(column, 1)
        self.column.addLayout(grid)
        self.column.addWidget(self.nothing)
        group = QVBoxLayout()
        group.addWidget(self.hidden)
        self.mark_locked(self.hidden, group, "hide_from_capture")
        self.column.addLayout(group)
        self.column.addWidget(
            controls.label(
                tr("What is erased cannot be brought back. Each erasure is noted in the audit trail."),
                "small",
                wrap=True,
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.audit)
        row.addWidget(self.patient)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addStretch(1)

    def apply(self, settings: Settings) -> Settings:
        """The chosen times."""
        chosen = {setting: field.currentData() for setting, field in self.choices.items()}
        return replace(settings, hide_from_capture=self.hidden.isChecked(), **chosen)


def minutes(count: int) -> str:
    """How long until the vault locks."""
    return tr("Never") if count == 0 else trn("After 1 minute", "After {count} minutes", count)


def after(seconds: int) -> str:
    """How long a copy stays in the clipboard."""
    if seconds == 0:
        return tr("Leave it there")
    return tr("After {seconds} seconds", seconds=seconds) if seconds < 120 else minutes(seconds // 60)


def kept(days: int) -> str:
    """How long something is kept."""
    if days == FOR_EVER:
        return tr("For ever")
    return tr("Not at all") if days == 0 else trn("1 day", "{count} days", days)


def every(days: int) -> str:
    """How often a backup is made."""
    return {0: tr("Never by itself"), 1: tr("Every day"), 7: tr("Every week"), 30: tr("Every month")}.get(
        days, tr("Every {days} days", days=days)
    )


def combo(choices: Mapping[str, str], chosen: str) -> QComboBox:
    """A choice of words."""
    made = QComboBox()
    for value, text in choices.items():
        made.addItem(tr(text), value)
    made.setCurrentIndex(max(0, made.findData(chosen)))
    return made


def choice(chosen: int, choices: Mapping[int, str]) -> QComboBox:
    """A choice of numbers; one that was set by file and is not among them is offered too."""
    made = QComboBox()
    for value, text in choices.items():
        made.addItem(text, value)
    if chosen not in choices:
        made.addItem(str(chosen), chosen)
    made.setCurrentIndex(made.findData(chosen, Qt.ItemDataRole.UserRole))
    return made
