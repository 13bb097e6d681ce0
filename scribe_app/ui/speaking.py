"""The window speaks the language that was chosen, and Qt's own dialogs and buttons with it."""

from __future__ import annotations

import logging

from PySide6.QtCore import QLibraryInfo, QLocale, QTranslator
from PySide6.QtWidgets import QApplication

from scribe_app.language import DUTCH, ENGLISH, SYSTEM, use
from scribe_app.ui.moments import locale

log = logging.getLogger(__name__)


def speak(application: QApplication, choice: str) -> str:
    """Before the first widget is made. `choice`: the setting interface_language. Returns en or nl."""
    language = system_language() if choice == SYSTEM else choice
    use(language)
    QLocale.setDefault(locale())
    if language != ENGLISH:
        translator = QTranslator(application)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if not translator.load(f"qtbase_{language}", folder):
            log.warning("Qt has no texts of its own in %s", language)
        application.installTranslator(translator)
    return language


def system_language() -> str:
    """The first language of the computer's that the window speaks; English where there is none."""
    for name in QLocale.system().uiLanguages():
        start = name.replace("_", "-").split("-")[0]
        if start in (DUTCH, ENGLISH):
            return start
    return ENGLISH
