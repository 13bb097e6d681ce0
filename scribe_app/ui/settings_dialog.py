"""The few things that a clinician chooses, in the clinician's words."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QScrollArea, QTabWidget, QWidget

from scribe_app.config import Settings
from scribe_app.domain.template import LetterTemplate
from scribe_app.language import tr
from scribe_app.policy import Policy
from scribe_app.ports import Microphone
from scribe_app.ui import controls
from scribe_app.ui.dialogs import MARGIN, Dialog
from scribe_app.ui.settings_pages import GeneralPage, PrivacyPage, SettingsPage
from scribe_app.ui.style_page import LettersPage
from scribe_app.ui.vault_page import VaultPage
from scribe_app.ui.vocabulary_page import VocabularyPage

PAGE_WIDTH, PAGE_HEIGHT = 540, 440
"""Pixels: the dialog fits a window of 640."""


class SettingsDialog(Dialog):
    """Pages of settings, saved together."""

    saved = Signal(object)
    """The new Settings."""

    def __init__(
        self,
        parent: QWidget,
        settings: Settings,
        templates: Sequence[LetterTemplate],
        policy: Policy | None = None,
    ) -> None:
        super().__init__(parent, tr("Settings"))
        self.setMinimumWidth(PAGE_WIDTH + 2 * MARGIN)
        self._settings = settings
        policy = policy or Policy()
        self.general = GeneralPage(policy, settings, templates)
        self.privacy = PrivacyPage(policy, settings)
        self.vault = VaultPage(policy, settings)
        self.letters = LettersPage(policy, settings)
        self.pages = QTabWidget()
        self.pages.setAccessibleName(tr("Pages of settings"))
        self._page_widgets: list[SettingsPage] = []
        self.names = VocabularyPage(policy, templates)
        for page in (self.general, self.letters, self.names, self.privacy, self.vault):
            self.add_page(page)
        self.column.addWidget(self.pages)
        cancel = controls.button(tr("Cancel"))
        save = controls.button(tr("Save"), "primary", tr("Save settings"))
        save.setDefault(True)
        cancel.clicked.connect(self.reject)
        save.clicked.connect(self._save)
        self.buttons.addWidget(cancel)
        self.buttons.addWidget(save)
        self.finish_layout()

    def add_page(self, page: SettingsPage) -> None:
        """One more page, scrolled where it is long."""
        self._page_widgets.append(page)
        area = QScrollArea()
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setMinimumSize(PAGE_WIDTH, PAGE_HEIGHT)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName(tr(page.title))
        area.setWidget(page)
        self.pages.addTab(area, tr(page.title))

    @Slot(object)
    def show_microphones(self, microphones: list[Microphone]) -> None:
        """Those now present."""
        self.general.show_microphones(microphones)

    @Slot()
    def _save(self) -> None:
        if not self.names.usable():  # nothing that was typed is lost by closing
            self.pages.setCurrentIndex(self._page_widgets.index(self.names))
            return
        settings = self._settings
        for page in self._page_widgets:
            settings = page.apply(settings)
        self.saved.emit(settings)
        self.accept()
