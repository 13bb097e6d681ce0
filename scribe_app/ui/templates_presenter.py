"""Editing templates: what the editor asks for, done beside the window."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QFileDialog, QWidget

from scribe_app.domain.example_letters import Found, template_from
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import ScribeError, TemplateError
from scribe_app.language import error_text, tr, translated
from scribe_app.ports import TemplateLibrary
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.examples_dialog import ExamplesDialog
from scribe_app.ui.style_page import LettersPage
from scribe_app.ui.template_editor import TemplateEditor

LOGO = "letterhead.png"
LOGO_PIXELS = 1200
"""Widest and highest: sharp on paper at 6 cm."""


@dataclass(frozen=True, slots=True)
class Shelf:
    """All templates as they are now."""

    working: tuple[LetterTemplate, ...]
    problems: tuple[TemplateError, ...]
    own: frozenset[str]


def shelf_of(library: TemplateLibrary) -> Shelf:
    """Read them all. Blocks: never on the window's thread."""
    working, problems = library.working()
    return Shelf(tuple(working), tuple(problems), library.own())


class TemplatesPresenter(QObject):
    """One editor at a time."""

    changed = Signal(object)
    """The Shelf, after something was saved or restored."""

    def __init__(self, library: TemplateLibrary, bridge: Bridge, config: Path) -> None:
        super().__init__()
        self._library, self._bridge, self._config = library, bridge, config
        self.editor: TemplateEditor | None = None
        self.examples: ExamplesDialog | None = None

    # --- the settings' page -------------------------------------------------------------------------

    def attend(self, page: LettersPage, usual: str = "") -> None:
        """Do what the page of the settings asks for; `usual` is the letter that the editor begins with."""
        page.templates_wanted.connect(lambda: self.open(page.window(), usual))
        page.logo_wanted.connect(lambda: self._choose_logo(page))
        page.logo_removed.connect(lambda: self._remove_logo(page))
        self._bridge.run((self._config / LOGO).exists, page.show_logo)

    def _choose_logo(self, page: LettersPage) -> None:
        name, _ = QFileDialog.getOpenFileName(
            page, tr("Choose a logo"), "", tr("Pictures (*.png *.jpg *.jpeg)")
        )
        if name:
            self._bridge.run(partial(_keep_logo, Path(name), self._config / LOGO), page.show_logo)

    def _remove_logo(self, page: LettersPage) -> None:
        self._bridge.run(partial(_drop_logo, self._config / LOGO), page.show_logo)

    # --- the editor ---------------------------------------------------------------------------------

    def open(self, parent: QWidget, chosen: str = "") -> None:
        """Show the editor as soon as the templates are read."""
        self._bridge.run(partial(shelf_of, self._library), partial(self._show, parent, chosen))

    def _show(self, parent: QWidget, chosen: str, shelf: Shelf) -> None:
        editor = TemplateEditor(parent, shelf.working, shelf.own, chosen)
        self.editor = editor
        if shelf.problems:
            editor.show_trouble(" ".join(error_text(problem) for problem in shelf.problems))
        editor.save_wanted.connect(self._save)
        editor.restore_wanted.connect(self._restore)
        editor.learn_wanted.connect(self._learn)
        editor.finished.connect(editor.deleteLater)
        editor.finished.connect(self._gone)
        editor.open()

    @Slot()
    def _gone(self) -> None:
        self.editor = None

    @Slot(object)
    def _save(self, template: LetterTemplate) -> None:
        def save() -> tuple[LetterTemplate, Shelf]:
            return self._library.save(template), shelf_of(self._library)

        self._bridge.run(save, self._saved, self._trouble)

    def _saved(self, outcome: tuple[LetterTemplate, Shelf]) -> None:
        saved, shelf = outcome
        self._take(shelf, saved.name)

    @Slot(str)
    def _restore(self, name: str) -> None:
        def restore() -> Shelf:
            self._library.restore(name)
            return shelf_of(self._library)

        self._bridge.run(restore, partial(self._take, chosen=name), self._trouble)

    def _take(self, shelf: Shelf, chosen: str) -> None:
        if self.editor is not None:
            self.editor.show_templates(shelf.working, shelf.own, chosen)
        self.changed.emit(shelf)

    def _trouble(self, error: ScribeError) -> None:
        if self.editor is not None:
            self.editor.show_trouble(error_text(error))

    # --- from example letters -----------------------------------------------------------------------

    @Slot()
    def _learn(self) -> None:
        assert self.editor is not None
        dialog = ExamplesDialog(self.editor)
        self.examples = dialog
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.files_wanted.connect(self._read_files)
        dialog.made.connect(self._make)
        dialog.open()

    @Slot(object)
    def _read_files(self, files: list[Path]) -> None:
        dialog = self.examples
        for file in files:
            if dialog is not None:
                self._bridge.run(
                    partial(self._library.example, file),
                    dialog.add_letter,
                    lambda error: dialog.show_trouble(error_text(error)),
                )

    @Slot(object)
    def _make(self, letters: list[str]) -> None:
        def make() -> Found:
            try:
                return template_from(letters, "my-letter", "")
            except ValueError as error:
                raise TemplateError("No template could be made.", "Nothing was saved.", str(error)) from error

        dialog = self.examples
        assert dialog is not None
        self._bridge.run(make, self._made, lambda error: dialog.show_trouble(error_text(error)))

    def _made(self, found: Found) -> None:
        if self.examples is not None:
            self.examples.close()
            self.examples = None
        if self.editor is not None:
            name = self.editor.free_name("my-letter")
            note = " ".join(
                (tr("Look it over, give it a title, then save it."), *map(translated, found.remarks))
            )
            self.editor.show_template(replace(found.template, name=name), note)


def _keep_logo(source: Path, target: Path) -> bool:
    """Any picture as a PNG of fitting size beside the settings. True when there is a logo now.

    Raises:
        TemplateError: it is no picture, or cannot be written; an earlier logo stays.
    """
    image = QImage(str(source))
    if image.isNull():
        raise TemplateError(
            f"{source.name} is not a picture that can be used.", "Nothing was changed.", "Choose another one."
        )
    if max(image.width(), image.height()) > LOGO_PIXELS:
        image = image.scaled(
            LOGO_PIXELS,
            LOGO_PIXELS,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    part = target.with_name(f"part-{target.name}")  # the ending tells Qt the format
    if not image.save(str(part)):
        raise TemplateError(
            "The logo cannot be saved.", "Nothing was changed.", f"Check free space and {target}."
        )
    part.replace(target)
    return True


def _drop_logo(target: Path) -> bool:
    target.unlink(missing_ok=True)
    return False
