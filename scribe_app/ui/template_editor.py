"""The template editor: the letter's outline at the left, one heading's fields at the right."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QScrollArea,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.language import later, tr
from scribe_app.ui import controls, tokens
from scribe_app.ui.dialogs import Dialog
from scribe_app.ui.template_faults import fault_of
from scribe_app.ui.template_forms import LetterForm, SectionForm

PRESENCES = {
    Presence.MANDATORY: later("asks"),
    Presence.REQUIRED: later("always shown"),
    Presence.OPTIONAL: "",
}
LETTER_ROW = later("Letter: name, opening, closing")
SIZE = (900, 560)


class TemplateEditor(Dialog):
    """Edits a copy; nothing is kept before Save."""

    save_wanted = Signal(object)
    """The LetterTemplate as edited."""
    restore_wanted = Signal(str)
    learn_wanted = Signal()

    def __init__(
        self, parent: QWidget | None, templates: Sequence[LetterTemplate], own: frozenset[str], chosen: str
    ) -> None:
        super().__init__(parent, tr("Letter templates"))
        self.setMinimumSize(*SIZE)
        self.names = QComboBox()
        controls.set_name(self.names, tr("Template"))
        self.duplicate = controls.button(
            tr("Duplicate"), "quiet", tr("Make a copy of this template under another name")
        )
        self.restore = controls.button(tr("Restore"), "quiet")
        self.learn = controls.button(tr("From example letters…"), "quiet")
        self.outline = QListWidget()
        self.outline.setAccessibleName(tr("Outline of the letter"))
        self.outline.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.outline.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.outline.setSpacing(2)
        self.up = controls.button("▲", "quiet", tr("Move this heading up"))
        self.down = controls.button("▼", "quiet", tr("Move this heading down"))
        self.add = controls.button(tr("Add heading"), "quiet")
        self.remove = controls.button(tr("Remove"), "quiet", tr("Remove this heading"))
        self.letter_form, self.section_form = LetterForm(), SectionForm()
        self.trouble = controls.label("", "reason", wrap=True)
        self.close_button = controls.button(tr("Close"))
        self.save = controls.button(tr("Save as my template"), "primary")
        self._template: LetterTemplate | None = None
        self._before: LetterTemplate | None = None
        self._shown_index = -1
        """Place of the template on screen among the names."""
        self._warned = False
        for action in (self.up, self.down, self.remove, self.duplicate):
            action.setToolTip(action.accessibleName())
        self.restore.setToolTip(tr("Put your version aside and use the bundled one again"))
        self.learn.setToolTip(tr("Make a template after the manner of your own letters"))
        self._lay_out()
        self._connect()
        self.show_templates(templates, own, chosen)

    # --- layout -------------------------------------------------------------------------------------

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(tokens.GRID)
        top.addWidget(self.names, 1)
        for action in (self.duplicate, self.restore, self.learn):
            top.addWidget(action)
        self.column.addLayout(top)
        left = QVBoxLayout()
        left.addWidget(self.outline, 1)
        moves = QHBoxLayout()
        for action in (self.add, self.up, self.down, self.remove):
            moves.addWidget(action)
        moves.addStretch(1)
        left.addLayout(moves)
        self.forms = QStackedWidget()
        self.forms.addWidget(_scrolled(self.letter_form, tr("Fields of the letter")))
        self.forms.addWidget(_scrolled(self.section_form, tr("Fields of the heading")))
        body = QHBoxLayout()
        body.setSpacing(16)
        body.addLayout(left, 2)
        body.addWidget(self.forms, 3)
        self.column.addLayout(body, 1)
        self.column.addWidget(self.trouble)
        self.buttons.addWidget(self.close_button)
        self.buttons.addWidget(self.save)
        self.finish_layout()

    def _connect(self) -> None:
        self.names.currentIndexChanged.connect(self._chosen)
        self.duplicate.clicked.connect(self._duplicate)
        self.restore.clicked.connect(self._restore)
        self.learn.clicked.connect(self.learn_wanted)
        self.outline.currentRowChanged.connect(self._show_form)
        self.add.clicked.connect(self._add)
        self.remove.clicked.connect(self._remove)
        self.up.clicked.connect(lambda: self._move(-1))
        self.down.clicked.connect(lambda: self._move(1))
        self.letter_form.changed.connect(self._letter_changed)
        self.section_form.changed.connect(self._section_changed)
        self.close_button.clicked.connect(self.reject)
        self.save.clicked.connect(self._save)

    # --- what it shows ------------------------------------------------------------------------------

    @property
    def template(self) -> LetterTemplate | None:
        """As edited so far."""
        return self._template

    @property
    def is_changed(self) -> bool:
        """Whether there is something that Save would keep."""
        return self._template is not None and self._template != self._before

    def show_templates(self, templates: Sequence[LetterTemplate], own: frozenset[str], chosen: str) -> None:
        """The templates to choose from, the clinician's own said to be so."""
        self._templates = {template.name: template for template in templates}
        self._own = own
        self._template = self._before = None
        self._warned = False
        self.names.blockSignals(True)
        self.names.clear()
        for template in templates:
            mine = tr(" (yours)") if template.name in own else ""
            language = "Nederlands" if template.language == "nl" else "English"
            self.names.addItem(
                tr(
                    "{title} · {language} · version {version}{mine}",
                    title=template.title,
                    language=language,
                    version=template.version,
                    mine=mine,
                ),
                template.name,
            )
        self.names.setCurrentIndex(max(0, self.names.findData(chosen)))
        self.names.blockSignals(False)
        self._chosen()

    def show_template(self, template: LetterTemplate, note: str = "") -> None:
        """A template that is not saved yet, to be looked at."""
        self._before = None
        self._set(template, 0)
        self.show_trouble(note)

    def show_trouble(self, text: str) -> None:
        """Why it was not saved; everything typed is still there. Empty when there is nothing to say."""
        self.trouble.setText(text)
        self.trouble.setVisible(bool(text))

    @Slot()
    def _chosen(self) -> None:
        if self.is_changed and self._shown_index >= 0:
            self._stay(
                tr(
                    "Save “{title}” first, or close to drop it.",
                    title=self._template.title if self._template else "",
                )
            )
            return
        self._shown_index = self.names.currentIndex()
        template = self._templates.get(self.names.currentData())
        if template is not None:
            self._before = template
            self._set(template, 0)
        own = self.names.currentData() in self._own
        self.restore.setVisible(own)
        self.show_trouble("")

    def _stay(self, why: str) -> None:
        """What was edited is not lost by a glance at another template."""
        self.names.blockSignals(True)
        self.names.setCurrentIndex(self._shown_index)
        self.names.blockSignals(False)
        self.show_trouble(why)

    def reject(self) -> None:
        """Close; edits that are not saved are dropped only when that is asked for twice."""
        if self.is_changed and not self._warned:
            self._warned = True
            self.show_trouble(tr("Your changes are not saved. Close again to drop them."))
            return
        super().reject()

    def _set(self, template: LetterTemplate, row: int) -> None:
        self._template = template
        self.outline.blockSignals(True)
        self.outline.clear()
        self.outline.addItem(tr(LETTER_ROW))
        for section in template.sections:
            mark = tr(PRESENCES[section.presence])
            self.outline.addItem(
                f"{section.heading or tr('(no heading yet)')}{f'  ·  {mark}' if mark else ''}"
            )
        self.outline.setCurrentRow(max(0, min(row, self.outline.count() - 1)))
        self.outline.blockSignals(False)
        self._show_form(self.outline.currentRow())
        self._show_actions()

    def _show_actions(self) -> None:
        self._warned = False
        row, last = self.outline.currentRow(), self.outline.count() - 1
        self.up.setEnabled(row > 1)
        self.down.setEnabled(0 < row < last)
        self.remove.setEnabled(row > 0 and last > 1)
        self.save.setEnabled(self.is_changed)

    @Slot(int)
    def _show_form(self, row: int) -> None:
        if self._template is None or row < 0:
            return
        self.forms.setCurrentIndex(0 if row == 0 else 1)
        if row == 0:
            self.letter_form.show_letter(self._template)
        else:
            self.section_form.show_section(self._template.sections[row - 1])
        self._show_actions()

    # --- changes ------------------------------------------------------------------------------------

    @Slot()
    def _letter_changed(self) -> None:
        if self._template is not None:
            self._template = self.letter_form.apply(self._template)
            self._show_actions()

    @Slot()
    def _section_changed(self) -> None:
        row = self.outline.currentRow()
        if self._template is None or row < 1:
            return
        section = self.section_form.apply(self._template.sections[row - 1])
        self._template = self._with(row - 1, section)
        mark = tr(PRESENCES[section.presence])
        item = self.outline.item(row)
        item.setText(f"{section.heading or tr('(no heading yet)')}{f'  ·  {mark}' if mark else ''}")
        self._show_actions()

    def _with(self, at: int, section: SectionSpec) -> LetterTemplate:
        assert self._template is not None
        sections = list(self._template.sections)
        sections[at] = section
        return replace(self._template, sections=tuple(sections))

    @Slot()
    def _add(self) -> None:
        self._change(lambda sections, at: sections.insert(at, _new_section(sections)), 1)
        self.section_form.heading.setFocus()

    @Slot()
    def _remove(self) -> None:
        if self.outline.currentRow() > 0:
            self._change(_drop, 0)

    def _move(self, by: int) -> None:
        def move(sections: list[SectionSpec], at: int) -> None:
            sections.insert(at - 1 + by, sections.pop(at - 1))

        row = self.outline.currentRow()
        if row > 0 and 1 <= row + by < self.outline.count():
            self._change(move, by)

    def _change(self, change: Callable[[list[SectionSpec], int], None], then: int) -> None:
        """Change the list of sections around the chosen row, and choose the row `then` further."""
        if self._template is None:
            return
        row, sections = self.outline.currentRow(), list(self._template.sections)
        change(sections, row)
        self._set(replace(self._template, sections=tuple(sections)), row + then)

    @Slot()
    def _duplicate(self) -> None:
        if self._template is None:
            return
        name = self.free_name(self._template.name)
        copy = replace(self._template, name=name, title=f"{self._template.title} (copy)", version=0)
        self.show_template(copy, tr("This is a copy. Give it a title of its own, then save it."))
        self.letter_form.title.setFocus()
        self.letter_form.title.selectAll()

    def free_name(self, name: str) -> str:
        """The name, or with the first number that makes it a new one."""
        number, free = 1, name
        while free in self._templates:
            number += 1
            free = f"{name}-{number}"
        return free

    @Slot()
    def _restore(self) -> None:
        self.restore_wanted.emit(self.names.currentData())

    @Slot()
    def _save(self) -> None:
        if self._template is None:
            return
        fault = fault_of(self._template)
        if fault is not None:
            self.outline.setCurrentRow(fault.row)
            self.show_trouble(fault.text)
        else:
            self.save_wanted.emit(with_keys(self._template))


def with_keys(template: LetterTemplate) -> LetterTemplate:
    """Every section with a key of its own, made of its heading where it has none."""
    seen: set[str] = set()
    sections = []
    for section in template.sections:
        key = section.key or re.sub(r"[^a-z0-9]+", "_", section.heading.lower()).strip("_")[:40] or "section"
        while key in seen:
            key += "_2"
        seen.add(key)
        sections.append(replace(section, key=key))
    return replace(template, sections=tuple(sections))


def _drop(sections: list[SectionSpec], at: int) -> None:
    del sections[at - 1]


def _new_section(_sections: list[SectionSpec]) -> SectionSpec:
    return SectionSpec("", "", "", ("symptom",), source=SectionSource.CONVERSATION)


def _scrolled(widget: QWidget, name: str) -> QScrollArea:
    area = QScrollArea()
    area.setWidgetResizable(True)
    area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    area.setAccessibleName(name)
    area.setWidget(widget)
    return area
