"""Settings: opened, kept, and made to hold everywhere at once; the audit trail and backups beside them."""

from __future__ import annotations

from datetime import datetime
from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.config import Settings, changed_names, save_settings
from scribe_app.domain.consultation import PatientIdentity
from scribe_app.language import error_text, tr, translated
from scribe_app.ports import AuditAction, ModelLibrary, ModelTask
from scribe_app.services.application import Application
from scribe_app.services.backups import Backups
from scribe_app.ui import moments
from scribe_app.ui.audit_dialog import AuditDialog
from scribe_app.ui.bridge import Bridge, Deliver
from scribe_app.ui.capture import CaptureRefusal
from scribe_app.ui.screen import Screen
from scribe_app.ui.settings_dialog import SettingsDialog
from scribe_app.ui.templates_presenter import TemplatesPresenter
from scribe_app.ui.theme import Theme
from scribe_app.ui.vocabulary_page import VocabularyPresenter
from scribe_app.ui.window import MainWindow


class SettingsPresenter(QObject):
    """Opens the settings and carries what is saved to the services."""

    passphrase_wanted = Signal()
    recovery_wanted = Signal()
    patient_wanted = Signal(object)
    """PatientIdentity, empty: somebody asks for what is held of one person."""
    changed = Signal(object)
    """The new Settings."""

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        bridge: Bridge,
        screen: Screen,
        templates: TemplatesPresenter,
        theme: Theme,
        owned: bool,
    ) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._templates, self._theme, self._owned = templates, theme, owned
        self.capture = CaptureRefusal(self)
        templates.changed.connect(self.note)

    def look_for_caveats(self) -> None:
        """Say in the window what must be known about the models in use."""
        self._bridge.run(
            partial(_caveats, self._application.models, self._screen.settings),
            self._window.sidebar.set_caveat,
        )

    @Slot()
    def open(self) -> None:
        """Settings, with the microphones that are there now."""
        dialog = SettingsDialog(
            self._window, self._screen.settings, self._screen.templates, self._application.policy
        )
        dialog.saved.connect(self.save)
        dialog.finished.connect(dialog.deleteLater)
        dialog.finished.connect(self.note)  # names and templates are kept from within the pages
        self._prepare_vault_page(dialog)
        dialog.privacy.audit_wanted.connect(dialog.reject)
        dialog.privacy.audit_wanted.connect(self.open_audit)
        dialog.privacy.patient_wanted.connect(dialog.reject)
        dialog.privacy.patient_wanted.connect(lambda: self.patient_wanted.emit(PatientIdentity()))
        self._templates.attend(dialog.letters, self._screen.settings.template)
        if self._application.vocabularies is not None:
            VocabularyPresenter(dialog.names, self._application.vocabularies, self._bridge)
        self._bridge.run(self._application.recorder.microphones, dialog.show_microphones)
        dialog.open()

    @Slot()
    def open_audit(self) -> None:
        """Who did what."""
        AuditDialog(self._window, self._application.audit_log, self._bridge).open()

    def _prepare_vault_page(self, dialog: SettingsDialog) -> None:
        page, backups = dialog.vault, self._application.backups
        page.show_keys(self._owned)
        page.passphrase_wanted.connect(dialog.accept)
        page.passphrase_wanted.connect(self.passphrase_wanted)
        page.recovery_wanted.connect(dialog.accept)
        page.recovery_wanted.connect(self.recovery_wanted)
        page.backup.setEnabled(backups is not None)
        if backups is not None:
            told = self._bridge.crossing(page.tell)
            page.backup_wanted.connect(partial(_back_up, self._bridge, backups, told))
            self._bridge.run(partial(_last_backup, backups), page.tell)

    @Slot()
    def note(self) -> None:
        """Note what is in effect now, where it is another than before."""
        self._bridge.run(partial(_note, self._application, ""), None, lambda _error: None)

    @Slot(object)
    def save(self, settings: Settings) -> None:
        """What the clinician saved holds from here on, also for work that is under way."""
        changed = changed_names(self._screen.settings, settings)
        if self._application.retention is not None:
            self._application.retention.use_settings(settings)
        self._screen.set_settings(settings)
        self._theme.choose(settings.theme)
        self.changed.emit(settings)
        self.capture.use(settings.hide_from_capture)
        policy = self._application.policy
        self._bridge.run(
            partial(save_settings, self._application.folders.config, settings, policy.defaults, policy.locked)
        )
        self._bridge.run(partial(_note, self._application, changed))
        self._bridge.run(partial(self._application.consultations.use_settings, settings))
        if self._application.backups is not None:
            self._application.backups.use_settings(settings)
        self._window.notes.show_templates(self._screen.templates_for(settings.language), settings.template)
        self.look_for_caveats()


def _note(application: Application, changed: str) -> None:
    """Blocks: never on the window's thread."""
    if application.in_effect is not None:
        application.in_effect.note(changed)
    elif changed:
        application.trail.note(AuditAction.SETTINGS, detail=changed)


def _back_up(bridge: Bridge, backups: Backups, told: Deliver) -> None:
    told(tr("Backing up…"))
    bridge.run(
        lambda: told(_last_backup_words(backups.make().made_at)), None, lambda error: told(error_text(error))
    )


def _last_backup(backups: Backups) -> str:
    """When the last one was made. Blocks: never on the window's thread."""
    last = backups.last()
    return _last_backup_words(last) if last is not None else tr("There is no backup yet.")


def _last_backup_words(made_at: datetime) -> str:
    return tr("Last backup, checked: {when}.", when=moments.day_and_time(made_at))


def _caveats(models: ModelLibrary, settings: Settings) -> str:
    """What must be known about the models in use. Blocks: never on the window's thread."""
    found: list[str] = []
    for task, id in (
        (ModelTask.SPEECH, settings.speech_model),
        (ModelTask.DRAFTING, settings.drafting_model),
    ):
        entry = None if id == "none" else models.pick(task, settings.language, id)
        if entry is not None and entry.caveat and entry.caveat not in found:
            found.append(entry.caveat)
    return "\n".join(translated(caveat) for caveat in found)
