"""The few things that a clinician chooses, in the clinician's words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QLineEdit, QWidget

from scribe_app.config import Settings
from scribe_app.domain.template import LetterTemplate
from scribe_app.ports import Microphone
from scribe_app.ui import controls
from scribe_app.ui.dialogs import Dialog

LANGUAGES = {"en": "English", "nl": "Nederlands"}
THEMES = {"system": "As the computer", "light": "Light", "dark": "Dark"}
DEFAULT_MICROPHONE = "The computer's default microphone"


class SettingsDialog(Dialog):
    """Microphone, language, usual letter, signature, colours."""

    saved = Signal(object)
    """The new Settings."""

    def __init__(self, parent: QWidget, settings: Settings, templates: Sequence[LetterTemplate]) -> None:
        super().__init__(parent, "Settings")
        self._settings = settings
        self._templates = tuple(templates)
        self.microphone = QComboBox()
        self.microphone.addItem(DEFAULT_MICROPHONE, "")
        if settings.microphone:
            self.microphone.addItem(settings.microphone, settings.microphone)
            self.microphone.setCurrentIndex(1)
        self.language = _combo(LANGUAGES, settings.language)
        self.template = QComboBox()
        self.name = QLineEdit(settings.clinician_name)
        self.role = QLineEdit(settings.clinician_role, placeholderText="For instance: GP")
        self.theme = _combo(THEMES, settings.theme)
        self.add_field("Microphone", self.microphone)
        self.add_field("Language of consultations and letters", self.language)
        self.add_field("Usual letter", self.template)
        self.add_field("Your name, as in your signature", self.name)
        self.add_field("Your role", self.role)
        self.add_field("Colours", self.theme)
        cancel = controls.button("Cancel")
        save = controls.button("Save", "primary", "Save settings")
        save.setDefault(True)
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self._save)
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(save)
        self.finish_layout()
        self.language.currentIndexChanged.connect(self._show_templates)
        self._show_templates()

    @Slot(object)
    def show_microphones(self, microphones: list[Microphone]) -> None:
        """Those now present; the chosen one stays listed even when it is unplugged."""
        chosen = self._settings.microphone
        self.microphone.clear()
        self.microphone.addItem(DEFAULT_MICROPHONE, "")
        names = [microphone.name for microphone in microphones]
        for name in names:
            self.microphone.addItem(name, name)
        if chosen and chosen not in names:
            self.microphone.addItem(f"{chosen} (not connected)", chosen)
        self.microphone.setCurrentIndex(max(0, self.microphone.findData(chosen)))

    @Slot()
    def _show_templates(self) -> None:
        wanted = self.template.currentData() or self._settings.template
        self.template.clear()
        language = self.language.currentData()
        for template in self._templates:
            if template.language == language:
                self.template.addItem(template.title, template.name)
        self.template.setCurrentIndex(max(0, self.template.findData(wanted)))

    @Slot()
    def _save(self) -> None:
        self.saved.emit(
            replace(
                self._settings,
                microphone=self.microphone.currentData(),
                language=self.language.currentData(),
                template=self.template.currentData() or self._settings.template,
                clinician_name=self.name.text().strip(),
                clinician_role=self.role.text().strip(),
                theme=self.theme.currentData(),
            )
        )
        self.accept()


def _combo(choices: dict[str, str], chosen: str) -> QComboBox:
    combo = QComboBox()
    for value, text in choices.items():
        combo.addItem(text, value)
    combo.setCurrentIndex(max(0, combo.findData(chosen)))
    return combo
