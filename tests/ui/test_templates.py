"""Templates, house style and letterhead from the window, on a real library."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QColor, QImage
from pytestqt.qtbot import QtBot
from ui.driver import Driver
from ui.test_accessibility import nameless

from scribe_app import language
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.adapters.templates.reading import template_from_text
from scribe_app.adapters.templates.writing import template_text
from scribe_app.config import Settings
from scribe_app.domain.template import LetterTemplate, Presence, SectionSpec
from scribe_app.errors import TemplateError
from scribe_app.paths import resources_folder
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.examples_dialog import ExamplesDialog
from scribe_app.ui.settings_dialog import SettingsDialog
from scribe_app.ui.template_editor import TemplateEditor, with_keys
from scribe_app.ui.template_faults import fault_of
from scribe_app.ui.templates_presenter import LOGO, TemplatesPresenter

BUNDLED = resources_folder() / "letter_templates"


class Desk:
    """An editor over the bundled templates and an empty folder of one's own."""

    def __init__(self, root: Path, qtbot: QtBot) -> None:
        self.library = TomlTemplates([BUNDLED, root / "own"])
        self.bridge = Bridge()
        self.presenter = TemplatesPresenter(self.library, self.bridge, root)
        self.qtbot = qtbot

    def open(self, name: str = "soap") -> TemplateEditor:
        self.presenter.open(None, name)  # type: ignore[arg-type]  # no window behind it
        self.qtbot.waitUntil(lambda: self.presenter.editor is not None, timeout=8000)
        editor = self.presenter.editor
        assert editor is not None
        self.qtbot.addWidget(editor)
        return editor


@pytest.fixture
def desk(tmp_path: Path, qtbot: QtBot) -> Iterator[Desk]:
    opened = Desk(tmp_path, qtbot)
    yield opened
    opened.bridge.close()


def outline(editor: TemplateEditor) -> list[str]:
    return [editor.outline.item(row).text() for row in range(1, editor.outline.count())]


def saved(desk: Desk, editor: TemplateEditor) -> None:
    before = desk.library.own()
    editor.save.click()
    desk.qtbot.waitUntil(lambda: desk.library.own() != before or not editor.is_changed, timeout=8000)


def test_a_heading_is_renamed_moved_added_and_saved_as_ones_own(desk: Desk) -> None:
    editor = desk.open()
    assert not editor.save.isEnabled()
    assert outline(editor)[0] == "Subjective  ·  asks"
    editor.outline.setCurrentRow(4)
    editor.section_form.heading.setText("Next steps")
    editor.section_form.heading.textEdited.emit("Next steps")
    editor.up.click()
    editor.add.click()
    editor.section_form.heading.setText("Sick note")
    editor.section_form.heading.textEdited.emit("Sick note")
    editor.section_form.guidance.setPlainText("What was said about work.")
    editor.section_form.topics["social"].setChecked(True)
    saved(desk, editor)
    template = desk.library.template("soap")
    assert [s.heading for s in template.sections] == [
        "Subjective", "Objective", "Next steps", "Sick note", "Assessment",
    ]  # fmt: skip
    assert template.version == 2
    assert template.section("sick_note").topics == ("symptom", "social")
    assert template.section("plan").presence is Presence.MANDATORY


def test_what_breaks_a_rule_is_said_and_nothing_typed_is_lost(desk: Desk) -> None:
    editor = desk.open()
    editor.outline.setCurrentRow(1)
    editor.section_form.heading.setText("")
    editor.section_form.heading.textEdited.emit("")
    editor.save.click()
    assert editor.trouble.text() == "Give this heading its words."
    assert editor.is_changed
    assert desk.library.own() == frozenset()


PLAIN = LetterTemplate("mine", "Mine", "en", 1, (SectionSpec("", "Plan", "Next.", ("plan",)),))
HEADING = SectionSpec("", "Sick note", "What was written.", ("social",))
WRONG: list[tuple[LetterTemplate, str, int]] = [
    (replace(PLAIN, title=" "), "Give the letter a title.", 0),
    (replace(PLAIN, sections=()), "Add at least one heading.", 0),
    (replace(PLAIN, opening="{% for each %}"), "“{%” would stand in the letter", 0),
    (replace(PLAIN, title="x" * 201), "longer than 200", 0),
    (replace(PLAIN, sections=(replace(HEADING, heading=""),)), "Give this heading its words.", 1),
    (replace(PLAIN, sections=(replace(HEADING, guidance=" "),)), "Say in a sentence", 1),
    (replace(PLAIN, sections=(replace(HEADING, topics=()),)), "Tick what belongs", 1),
    (replace(PLAIN, sections=(HEADING, replace(HEADING, guidance="{{plan}}"))), "“{{” would stand", 2),
    (replace(PLAIN, sections=(HEADING, replace(HEADING, heading="SICK  note"))), "is there twice", 2),
    (
        replace(PLAIN, sections=tuple(replace(HEADING, heading=f"H{n}") for n in range(61))),
        "more than 60",
        61,
    ),
]


@pytest.mark.parametrize(("template", "says", "row"), WRONG, ids=[says for _, says, _ in WRONG])
def test_each_rule_is_said_in_the_words_of_the_form_and_at_its_place(
    template: LetterTemplate, says: str, row: int
) -> None:
    fault = fault_of(template)
    assert fault is not None
    assert (says in fault.text, fault.row) == (True, row)
    text = template_text(with_keys(template))
    with pytest.raises(TemplateError):  # the file's own rules agree
        template_from_text(text, "mine", "mine")


def test_what_the_form_lets_pass_the_file_does_too() -> None:
    emoji = replace(PLAIN, title="Brief 😀", sections=(replace(HEADING, heading="💊 Medicatie"),))
    assert fault_of(emoji) is None
    assert template_from_text(template_text(with_keys(emoji)), "mine", "mine").title == "Brief 😀"


def test_edits_are_not_dropped_by_a_glance_elsewhere_or_one_stray_click(desk: Desk) -> None:
    editor = desk.open()
    editor.letter_form.title.setText("Ours")
    editor.letter_form.title.textEdited.emit("Ours")
    editor.names.setCurrentIndex(0)
    assert "Save “Ours” first" in editor.trouble.text()
    assert editor.names.currentData() == "soap"
    assert editor.template is not None
    assert editor.template.title == "Ours"
    editor.close_button.click()
    assert editor.isVisible()
    assert "Close again" in editor.trouble.text()
    editor.close_button.click()
    assert not editor.isVisible()
    assert desk.library.own() == frozenset()


def test_a_duplicate_gets_a_name_of_its_own_and_a_changed_one_is_restored(desk: Desk) -> None:
    editor = desk.open()
    editor.duplicate.click()
    saved(desk, editor)
    desk.qtbot.waitUntil(lambda: desk.library.own() == {"soap-2"}, timeout=8000)
    desk.qtbot.waitUntil(lambda: editor.restore.isVisibleTo(editor), timeout=8000)
    editor.restore.click()
    desk.qtbot.waitUntil(lambda: desk.library.own() == frozenset(), timeout=8000)


def test_example_letters_become_a_template_that_is_shown_before_it_is_saved(desk: Desk) -> None:
    editor = desk.open()
    editor.learn.click()
    dialog = desk.presenter.examples
    assert isinstance(dialog, ExamplesDialog)
    assert not dialog.make.isEnabled()
    dialog.field.setPlainText("Dear Dr Zebedee,\nPlan:\nRest.\nHistory:\nPain.\nKind regards,\nDr Q")
    dialog.make.click()
    desk.qtbot.waitUntil(lambda: outline(editor)[:1] == ["Plan  ·  asks"], timeout=8000)
    assert editor.save.isEnabled()
    assert "Look it over" in editor.trouble.text()
    assert desk.library.own() == frozenset()
    saved(desk, editor)
    desk.qtbot.waitUntil(lambda: desk.library.own() == {"my-letter"}, timeout=8000)
    assert "Zebedee" not in (desk.library._folders[-1] / "my-letter.toml").read_text(encoding="utf-8")


def test_what_example_letters_did_not_show_is_told_in_the_windows_language(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(language, "_in_use", [language.load_catalogue("nl")])
    editor = desk.open()
    editor.learn.click()
    dialog = desk.presenter.examples
    assert isinstance(dialog, ExamplesDialog)
    dialog.field.setPlainText("Geachte collega,\nBeleid\nRust.\nMet vriendelijke groet,\ndr. Q")
    dialog.make.click()
    desk.qtbot.waitUntil(lambda: [line[:6] for line in outline(editor)] == ["Beleid"], timeout=8000)
    shown = editor.trouble.text()
    assert "Geen kopje heeft plaats voor klachten" in shown
    assert "Eén brief laat weinig zien" in shown
    assert "No heading" not in shown


def test_a_broken_file_is_named_and_the_others_can_be_used(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "mine.toml").write_text("title =\nversion = 1", encoding="utf-8")
    editor = desk.open()
    assert "“mine” is broken" in editor.trouble.text()
    assert "line 1" in editor.trouble.text()
    assert editor.names.count() == len(TomlTemplates([BUNDLED]).names())


def test_everything_has_a_name_and_fits_a_small_window(desk: Desk, qtbot: QtBot) -> None:
    editor = desk.open("outpatient")
    for row in (0, 3):
        editor.outline.setCurrentRow(row)
        assert nameless(editor) == []
    assert editor.sizeHint().height() <= 640
    assert editor.minimumSizeHint().width() <= 1024
    examples = ExamplesDialog(editor)
    assert nameless(examples) == []


def test_house_style_and_letterhead_are_settings(qtbot: QtBot) -> None:
    dialog = SettingsDialog(None, Settings(), TomlTemplates([BUNDLED]).working()[0])  # type: ignore[arg-type]  # no window
    qtbot.addWidget(dialog)
    page = dialog.letters
    page.spelling.setCurrentIndex(page.spelling.findData("british"))
    page.layout_of_lines.setCurrentIndex(page.layout_of_lines.findData("prose"))
    page.own.setPlainText("HTN = hypertension")
    page.letterhead.setPlainText("Example Trust\n1 Street")
    with qtbot.waitSignal(dialog.saved) as told:
        dialog._save()
    settings = told.args[0]
    assert (settings.spelling, settings.layout) == ("british", "prose")
    assert settings.letterhead == "Example Trust\n1 Street"
    assert settings.own_abbreviations == "HTN = hypertension"


def test_any_picture_becomes_a_logo_of_fitting_size(desk: Desk, tmp_path: Path) -> None:
    from scribe_app.adapters.export.letterhead import letterhead_from
    from scribe_app.errors import TemplateError
    from scribe_app.ui.templates_presenter import _drop_logo, _keep_logo

    picture = QImage(3000, 900, QImage.Format.Format_RGB32)
    picture.fill(QColor("teal"))
    picture.save(str(tmp_path / "big.jpg"))
    assert _keep_logo(tmp_path / "big.jpg", tmp_path / LOGO)
    assert letterhead_from(tmp_path, "Trust").logo
    (tmp_path / "no.png").write_text("no picture", encoding="utf-8")
    with pytest.raises(TemplateError, match="not a picture"):
        _keep_logo(tmp_path / "no.png", tmp_path / LOGO)
    assert letterhead_from(tmp_path, "Trust").logo
    assert not _drop_logo(tmp_path / LOGO)
    assert not letterhead_from(tmp_path, "Trust").logo


def test_a_saved_template_is_offered_at_once(drive: Driver) -> None:
    presenter = drive.conductor.templates
    before = len(drive.screen.templates)
    drive.window.letter.templates_wanted.emit()
    drive.until(lambda: presenter.editor is not None)
    editor = presenter.editor
    assert editor is not None
    editor.duplicate.click()
    editor.save.click()
    drive.until(lambda: len(drive.screen.templates) == before + 1)
    editor.reject()
