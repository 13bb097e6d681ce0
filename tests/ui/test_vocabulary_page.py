"""The clinician's own names: typed, pasted, imported, taken away; told when a line cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from ui.driver import Driver

from scribe_app.domain.vocabulary import Term
from scribe_app.ui.settings_dialog import SettingsDialog
from scribe_app.ui.vocabulary_page import VocabularyPage, VocabularyPresenter


@pytest.fixture
def page(drive: Driver) -> VocabularyPage:
    drive.conductor.settings.open()
    (dialog,) = drive.window.findChildren(SettingsDialog)
    drive.until(dialog.names.names.isEnabled)
    return dialog.names


def kept(drive: Driver, name: str = "clinician") -> tuple[Term, ...]:
    library = drive.stage.application.vocabularies
    assert library is not None
    return library.own_terms(name)


def leave(page: VocabularyPage) -> None:
    dialog = page.window()
    assert isinstance(dialog, SettingsDialog)
    dialog.reject()


def test_typed_names_are_kept_and_come_back(drive: Driver, page: VocabularyPage) -> None:
    assert not page.keep.isEnabled()
    page.names.setPlainText("Dr Achterberg\nSjögren = show grens\n")
    page.keep.click()
    drive.until(lambda: "Kept: 2 names" in page.told.text())
    assert kept(drive) == (Term("Dr Achterberg"), Term("Sjögren", ("show grens",)))
    assert not page.changed
    leave(page)


def test_a_line_that_cannot_be_used_is_named_and_the_words_stay(drive: Driver, page: VocabularyPage) -> None:
    page.names.setPlainText("good\n= what\n")
    page.keep.click()
    drive.until(lambda: "line 2" in page.told.text())
    assert page.names.toPlainText() == "good\n= what\n"
    dialog = page.window()
    assert isinstance(dialog, SettingsDialog)
    dialog._save()
    assert dialog.isVisible(), "closing would lose what was typed"
    assert kept(drive) == ()
    leave(page)


def test_a_letter_has_a_list_of_its_own_and_no_change_is_lost_on_the_way(
    drive: Driver, page: VocabularyPage
) -> None:
    page.names.setPlainText("mine")
    at = page.list.findData("soap")
    page.list.setCurrentIndex(at)
    page.list.activated.emit(at)
    assert page.chosen == "clinician"
    assert "Keep these names first" in page.told.text()
    page.keep.click()
    drive.until(lambda: not page.changed)
    page.list.setCurrentIndex(at)
    page.list.activated.emit(at)
    drive.until(lambda: page.names.isEnabled() and page.names.toPlainText() == "")
    page.names.setPlainText("tirzepatide")
    dialog = page.window()
    assert isinstance(dialog, SettingsDialog)
    dialog._save()  # keeps what was typed, too
    drive.until(lambda: kept(drive, "soap") == (Term("tirzepatide"),))
    assert kept(drive) == (Term("mine"),)


def test_a_file_is_imported_and_what_came_of_it_is_said(
    drive: Driver, page: VocabularyPage, tmp_path: Path
) -> None:
    (tmp_path / "names.csv").write_text("id,name,active\n1,Zinc oxide,1\n2,Gone,0\n")
    (presenter,) = drive.conductor.bridge.findChildren(VocabularyPresenter)
    presenter.import_file("clinician", str(tmp_path / "names.csv"))
    drive.until(lambda: "1 names added" in page.told.text())
    assert "1 rows" in page.told.text()
    drive.until(lambda: page.names.toPlainText() == "Zinc oxide\n")
    leave(page)
