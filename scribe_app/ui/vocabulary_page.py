"""Settings of names to listen for: the clinician's own list, and one for each letter."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QHBoxLayout, QPlainTextEdit

from scribe_app.config import Settings
from scribe_app.domain.template import LetterTemplate
from scribe_app.domain.vocabulary import Term, checked_terms, write_terms
from scribe_app.errors import ScribeError, TermListError
from scribe_app.language import error_text, later, tr, trn
from scribe_app.policy import Policy
from scribe_app.ports import OWN_TERMS, ImportedTerms, VocabularyLibrary
from scribe_app.ui import controls
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.settings_pages import SettingsPage

MY_OWN = later("My own, in every consultation")
EXPLANATION = later(
    "Medicines and conditions are known already. Add other names that should be heard rightly: "
    "one a line, with how it sounds after “=” where its spelling does not say so. No names of "
    "patients."
)
EXAMPLE = later("Dr Achterberg\nSjögren’s syndrome = show grens")


class VocabularyPage(SettingsPage):
    """A list at a time, as text: add, paste and remove are typing; a file is imported with a button."""

    title = later("Names")
    list_wanted = Signal(str)
    save_wanted = Signal(str, str)
    """Name of the list, its text."""
    import_wanted = Signal(str)

    def __init__(self, policy: Policy, templates: Sequence[LetterTemplate]) -> None:
        super().__init__(policy)
        self.list = QComboBox()
        self.list.addItem(tr(MY_OWN), OWN_TERMS)
        for template in templates:
            self.list.addItem(tr("Only for: {title}", title=template.title), template.name)
        self.names = controls.private(QPlainTextEdit(placeholderText=tr(EXAMPLE)))
        self.names.setMinimumHeight(150)
        self.names.setTabChangesFocus(True)
        self.names.setEnabled(False)
        self.keep = controls.button(tr("Keep these names"))
        self.load = controls.button(tr("Import a file…"), name=tr("Import names from a file"))
        self.told = controls.label("", "reason", wrap=True)
        self.told.setAccessibleName(tr("What came of it"))
        self._stored = ""
        self._shown = OWN_TERMS
        self._lay_out()
        self.list.activated.connect(self._another)
        self.names.textChanged.connect(self._judge)
        self.keep.clicked.connect(self._keep)
        self.load.clicked.connect(self._load)
        self._judge()

    def _lay_out(self) -> None:
        self.column.addWidget(controls.label(tr(EXPLANATION), "small", wrap=True))
        self.add_field(tr("List"), self.list)
        self.add_field(tr("Names"), self.names)
        row = QHBoxLayout()
        for button in (self.keep, self.load):
            row.addWidget(button)
        row.addStretch(1)
        self.column.addLayout(row)
        self.column.addWidget(self.told)
        self.column.addStretch(1)

    def apply(self, settings: Settings) -> Settings:
        """Lists are files of their own; what was typed and not kept yet is kept with the other settings."""
        if self.changed:
            self._keep()
        return settings

    def usable(self) -> bool:
        """Whether what is typed can be kept; what cannot is told."""
        try:
            checked_terms(self.names.toPlainText(), tr("The list"))
        except TermListError as error:
            self.tell(error_text(error))
            return False
        return True

    @property
    def changed(self) -> bool:
        """Whether what is typed is not kept yet."""
        return self.names.toPlainText() != self._stored

    @property
    def chosen(self) -> str:
        """Name of the list on show."""
        return str(self.list.currentData())

    @Slot(str, object)
    def show_terms(self, name: str, terms: tuple[Term, ...]) -> None:
        """An own list as it is kept."""
        self._shown, self._stored = name, write_terms(terms)
        self.list.setCurrentIndex(max(0, self.list.findData(name)))
        self.names.setPlainText(self._stored)
        self.names.setEnabled(True)

    def tell(self, text: str) -> None:
        """What came of it, in words."""
        self.told.setText(text)

    @Slot()
    def _judge(self) -> None:
        self.keep.setEnabled(self.changed)

    @Slot()
    def _another(self) -> None:
        wanted = self.chosen
        if wanted == self._shown:
            return
        if self.changed:
            self.list.setCurrentIndex(self.list.findData(self._shown))
            self.tell(tr("Keep these names first, or take the change back."))
            return
        self.tell("")
        self.names.setEnabled(False)  # until the other list is there
        self.list_wanted.emit(wanted)

    @Slot()
    def _keep(self) -> None:
        self.save_wanted.emit(self._shown, self.names.toPlainText())

    @Slot()
    def _load(self) -> None:
        if self.changed:
            self.tell(tr("Keep these names first, or take the change back."))
            return
        self.import_wanted.emit(self._shown)


class VocabularyPresenter(QObject):
    """Carries the page's wishes to the lists, beside the window."""

    def __init__(self, page: VocabularyPage, library: VocabularyLibrary, bridge: Bridge) -> None:
        super().__init__(bridge)
        self._page: VocabularyPage | None = page
        self._library, self._bridge = library, bridge
        page.destroyed.connect(self._page_is_gone)
        page.list_wanted.connect(self._show)
        page.save_wanted.connect(self._save)
        page.import_wanted.connect(self._choose_file)
        self._show(OWN_TERMS)

    @Slot()
    def _page_is_gone(self) -> None:
        self._page = None
        self.deleteLater()

    @Slot(str)
    def _show(self, name: str) -> None:
        self._bridge.run(partial(self._library.own_terms, name), partial(self._shown, name), self._trouble)

    def _shown(self, name: str, terms: tuple[Term, ...]) -> None:
        if self._page is not None:
            self._page.show_terms(name, terms)

    @Slot(str, str)
    def _save(self, name: str, text: str) -> None:
        if self._page is not None and self._page.usable():
            terms = checked_terms(text, tr("The list"))
            self._bridge.run(
                partial(self._library.save, name, terms), partial(self._saved, name, terms), self._trouble
            )

    def _saved(self, name: str, terms: tuple[Term, ...], _none: None) -> None:
        self._shown(name, terms)
        self._tell(
            trn(
                "Kept: 1 name, from the next consultation on.",
                "Kept: {count} names, from the next consultation on.",
                len(terms),
            )
        )

    @Slot(str)
    def _choose_file(self, name: str) -> None:
        dialog = QFileDialog(self._page, tr("Import names"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.setNameFilters([tr("Lists and tables (*.txt *.csv *.tsv)"), tr("All files (*)")])
        dialog.fileSelected.connect(partial(self.import_file, name))
        dialog.finished.connect(dialog.deleteLater)
        dialog.open()

    def import_file(self, name: str, file: str) -> None:
        """Add a file's names to a list."""
        self._bridge.run(
            partial(self._library.import_file, name, Path(file)), partial(self._imported, name), self._trouble
        )

    def _imported(self, name: str, result: ImportedTerms) -> None:
        self._show(name)
        left = (
            tr(" {left_out} rows hold none that can be listened for.", left_out=result.left_out)
            if result.left_out
            else ""
        )
        self._tell(
            tr(
                "{added} names added; {known} were there already.{left}",
                added=result.added,
                known=result.known,
                left=left,
            )
        )

    def _tell(self, text: str) -> None:
        if self._page is not None:
            self._page.tell(text)

    def _trouble(self, error: ScribeError) -> None:
        """On the page, or in the window where the page is closed."""
        if self._page is None:
            self._bridge.failed.emit(error)
        else:
            self._page.tell(error_text(error))
