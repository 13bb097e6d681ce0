"""The window in another language: nothing is left in English."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QTranslator
from PySide6.QtWidgets import QApplication, QDialogButtonBox, QWidget
from ui.driver import Driver
from ui.scripted import make_folders, sample_utterances
from ui.test_review import DOUBTED
from ui.wording import Marking, words_of

from scribe_app import language
from scribe_app.app import in_own_language, make_workshop
from scribe_app.config import Settings, save_settings
from scribe_app.domain.consultation import PatientIdentity
from scribe_app.domain.recovery_key import new_recovery_key
from scribe_app.policy import Policy
from scribe_app.ui import dialogs, moments, vault_dialogs
from scribe_app.ui.audit_dialog import AuditDialog
from scribe_app.ui.examples_dialog import ExamplesDialog
from scribe_app.ui.patient_dialog import PatientDialog
from scribe_app.ui.prior_dialog import PriorDialog
from scribe_app.ui.restore_dialog import RestoreDialog
from scribe_app.ui.settings_dialog import SettingsDialog
from scribe_app.ui.settings_pages import minutes
from scribe_app.ui.speaking import speak, system_language
from scribe_app.ui.template_editor import TemplateEditor

SAID_ELSEWHERE = (
    r"English|Nederlands|XXXXX-.*|Ctrl\+.*|F\d+|Scribe|[A-Z0-9]{5}|Scroll (Left|Right)|Starter model: .*"
)
"""Not the window's words: names of languages, keys, the program's name, groups of a key, arrows of Qt's, what
the scripted models say of themselves."""


@pytest.fixture
def marking(monkeypatch: pytest.MonkeyPatch) -> None:
    dutch = language.load_catalogue("nl")
    monkeypatch.setattr(language, "_in_use", [Marking("nl", dutch.texts, dutch.below)])


def unmarked(widgets: Iterable[QWidget], content: set[str]) -> set[tuple[str, str]]:
    """What can be read and neither went through the catalogue nor was said, written or named by somebody."""
    told = sorted(content, key=len, reverse=True)
    return {
        (where, text)
        for widget in widgets
        for where, text in words_of(widget)
        if "⟦" not in text
        and not re.fullmatch(SAID_ELSEWHERE, text)
        and re.search(r"[^\W\d_]{2}", _without(text, told))
    }


def _without(text: str, content: list[str]) -> str:
    """The text without what it quotes; what was cut off with an ellipsis quotes as well."""
    if any(text.removesuffix("…") in one for one in content):
        return ""
    for one in content:
        text = text.replace(one, "").replace(one.rstrip("."), "")
    return text


def content_of(drive: Driver) -> set[str]:
    """What the consultation and the templates say."""
    words = {utterance.text for utterance in sample_utterances()}
    for template in drive.screen.templates:
        words |= {template.title, template.name, *(section.heading for section in template.sections)}
    letter = drive.screen.letter
    if letter is not None:
        words |= {letter.title, *(item.text for item in letter.coverage.items)}
        words |= {section.absent for section in letter.sections}
        for section in letter.sections:
            words |= {statement.text for statement in section.statements}
            words |= {flag.reason for statement in section.statements for flag in statement.flags}
    return {word for word in words if len(word) > 2}


@pytest.mark.usefixtures("marking")
def test_every_text_of_the_window_goes_through_the_catalogue(drive: Driver) -> None:
    drive.stage.drafter.script = DOUBTED
    assert unmarked([drive.window], content_of(drive)) == set(), "ready"
    drive.record(12)
    drive.until(lambda: drive.window.notes.heard_list.heard.rowCount() > 0)
    assert unmarked([drive.window], content_of(drive)) == set(), "recording"
    drive.hear(40)
    drive.window.header.stop.click()
    drive.until(lambda: drive.screen.letter is not None and drive.window.header.stop.isHidden())
    assert unmarked([drive.window], content_of(drive)) == set(), "in review"


@pytest.mark.usefixtures("marking")
def test_every_text_of_the_dialogs_goes_through_the_catalogue(drive: Driver, tmp_path: Path) -> None:
    window, policy = drive.window, Policy("St Elsewhere", {"audio_days": 7})
    made: list[QWidget] = [
        dialogs.NewVaultDialog(window), dialogs.UnlockDialog(window), dialogs.HelpDialog(window),
        dialogs.SignDialog(window, "⟦letter⟧", "", "", ""),
        vault_dialogs.RecoveryKeyDialog(new_recovery_key(), window), vault_dialogs.RecoverDialog(window),
        vault_dialogs.ChangePassphraseDialog(window), RestoreDialog([], tmp_path),
        SettingsDialog(window, Settings(), drive.screen.templates, policy),
        PatientDialog(window, PatientIdentity()), PriorDialog(window), ExamplesDialog(window),
        TemplateEditor(window, drive.screen.templates, frozenset(), "soap"),
        AuditDialog(window, drive.stage.application.audit_log, drive.conductor.bridge),
    ]  # fmt: skip
    found = unmarked(made, content_of(drive))
    for dialog in made:
        dialog.deleteLater()
    assert found == set()


def test_the_window_and_its_dates_speak_dutch(drive: Driver) -> None:
    """Texts made anew after the change; the window itself speaks from its next start on."""
    language.use("nl")
    try:
        dialog = SettingsDialog(drive.window, Settings(interface_language="nl"), drive.screen.templates)
        assert dialog.windowTitle() == "Instellingen"
        assert dialog.general.interface.currentText() == "Nederlands"
        assert minutes(1) == "Na 1 minuut"
        assert minutes(5) == "Na 5 minuten"
        assert moments.day(date(2026, 3, 14)) == "14 maart 2026"
        dialog.deleteLater()
    finally:
        language.use("en")
    assert moments.day(date(2026, 3, 14)) == "14 March 2026"


def test_qt_itself_speaks_dutch_too(qapp: QApplication) -> None:
    try:
        assert speak(qapp, "nl") == "nl"
        box = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        assert box.button(QDialogButtonBox.StandardButton.Cancel).text() == "Annuleren"
    finally:
        for translator in qapp.findChildren(QTranslator):
            qapp.removeTranslator(translator)
            translator.deleteLater()
        assert speak(qapp, "en") == "en"


@pytest.mark.parametrize(
    ("computer", "spoken"), [("nl_NL", "nl"), ("nl_BE", "nl"), ("fr_FR", "en"), ("C", "en"), ("en_GB", "en")]
)
def test_the_computers_language_is_the_usual_one(
    computer: str, spoken: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", f"{computer}.UTF-8")
    assert system_language() == spoken


def test_a_dutch_computer_begins_with_dutch_consultations(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workshop = make_workshop(make_folders(tmp_path))
    assert in_own_language(workshop) is workshop, "an English one stays as it is"
    monkeypatch.setenv("LC_ALL", "nl_NL.UTF-8")
    dutch = in_own_language(workshop)
    assert (dutch.settings.language, dutch.settings.template) == ("nl", "soep")
    chosen = replace(dutch.settings, language="en", template="soap")
    save_settings(dutch.folders.config, chosen)
    again = make_workshop(make_folders(tmp_path))
    assert in_own_language(again).settings.language == "en", "what was chosen since stays"
