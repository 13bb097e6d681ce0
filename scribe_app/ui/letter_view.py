"""The letter on its paper: headings and statements, streaming in or under review."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from scribe_app.domain.letter import Letter, LetterStatus, Section, Statement
from scribe_app.domain.patient_language import Remark
from scribe_app.language import tr
from scribe_app.ui import controls
from scribe_app.ui.statement_row import StatementRow

SIGNED = (LetterStatus.FINAL,)


class Heading(QWidget):
    """A section's heading, with what may be done to the section."""

    def __init__(self, section: Section) -> None:
        super().__init__()
        self.text = controls.label(section.heading, "heading", wrap=True)
        self.add = controls.button(tr("Add"), "faint", tr("Add to {heading}", heading=section.heading))
        self.redo = controls.button(tr("Redo"), "faint", tr("Draft {heading} again", heading=section.heading))
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 8, 8, 0)
        row.setSpacing(8)
        row.addWidget(self.text, 1)
        for action in (self.redo, self.add):
            action.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard: a shortcut, in the chosen section
            row.addWidget(action)

    def show_section(self, section: Section, *, locked: bool, drafted: bool) -> None:
        """Its words, and what of it can be done now."""
        self.text.setText(section.heading)
        self.add.setVisible(not locked)
        self.redo.setVisible(drafted and not locked)


class LetterView(QScrollArea):
    """Shows one letter. Rows are kept across changes, so that focus and place stay where they were."""

    chosen = Signal(object)
    """The chosen Statement, or None."""
    edited = Signal(str, str)
    added = Signal(str, str)
    kept = Signal(str)
    put_in = Signal(str)
    removed = Signal(str)
    reworded = Signal(str, str)
    source_wanted = Signal(object)
    redo_wanted = Signal(str)
    """Section key: draft it again."""

    def __init__(self) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("Letter"))
        self._rows: dict[tuple[str, str], StatementRow] = {}
        self._headings: dict[str, Heading] = {}
        self._order: list[StatementRow] = []
        self._letter: Letter | None = None
        self.drafted: frozenset[str] = frozenset()
        """Keys of the sections that can be drafted again; the others are filled from fields."""
        self._chosen: StatementRow | None = None
        self._paper = QFrame()
        self._paper.setObjectName("paper")
        # As wide as there is room, whatever a heading would like; then only as high as that takes.
        self._paper.setMinimumSize(1, 1)
        self._column = QVBoxLayout(self._paper)
        self._column.setContentsMargins(18, 12, 18, 16)
        self._column.setSpacing(2)
        self.setWidget(self._paper)

    @property
    def letter(self) -> Letter | None:
        """What is shown."""
        return self._letter

    @property
    def rows(self) -> tuple[StatementRow, ...]:
        """The rows in reading order, empty sections included."""
        return tuple(self._order)

    @property
    def chosen_statement(self) -> Statement | None:
        """The statement under the cursor."""
        return self._chosen.statement if self._chosen else None

    @property
    def chosen_row(self) -> StatementRow | None:
        """The row under the cursor."""
        return self._chosen

    def row(self, statement_id: str) -> StatementRow | None:
        """The row of a statement, if it is shown."""
        return next((row for (_, id), row in self._rows.items() if id == statement_id), None)

    # --- showing ------------------------------------------------------------------------------------

    def clear(self) -> None:
        """Show no letter."""
        self._show_sections((), locked=True)
        self._letter = None

    def show_letter(self, letter: Letter, *, writing: bool = False) -> None:
        """Show a letter; while it is being written nothing in it can be changed yet."""
        another = self._letter is None or letter.id != self._letter.id
        if another:
            self.clear()
        self._letter = letter
        signed = letter.status in SIGNED or letter.signature is not None
        controls.set_property(self._paper, "signed", signed)
        sections = tuple(s for s in letter.sections if s.statements) if writing else letter.sections
        self.setUpdatesEnabled(False)
        self._show_sections(sections, locked=writing or signed)
        self.setUpdatesEnabled(True)
        if writing:
            QTimer.singleShot(0, self, self._to_end)
        elif another:
            QTimer.singleShot(0, self, self._to_start)

    def _show_sections(self, sections: tuple[Section, ...], *, locked: bool) -> None:
        old_rows, old_headings = dict(self._rows), dict(self._headings)
        self._rows, self._headings, self._order = {}, {}, []
        while self._column.count():
            self._column.takeAt(0)
        for section in sections:
            if section.statements:
                self._show_heading(section, old_headings.pop(section.key, None), locked)
            for statement in section.statements:
                row = self._take(old_rows, section, statement.id)
                row.show_statement(statement, locked)
                self._place(row, statement.id)
            if not section.statements:
                row = self._take(old_rows, section, "")
                row.show_absent(section.absent, locked, with_heading=True)
                row.redo.setVisible(not locked and section.key in self.drafted)
                self._place(row, "")
        self._column.addStretch(1)
        self._drop(old_rows, old_headings)
        if self._chosen is None and self._order:
            self._order[0].setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _take(self, known: dict[tuple[str, str], StatementRow], section: Section, id: str) -> StatementRow:
        key = (section.key, id)
        return known.pop(key) if key in known else self._new_row(section)

    def _place(self, row: StatementRow, id: str) -> None:
        self._rows[row.section, id] = row
        self._order.append(row)
        self._column.addWidget(row)
        row.show()

    def _drop(
        self,
        rows: dict[tuple[str, str], StatementRow],
        headings: dict[str, Heading],
    ) -> None:
        for row in rows.values():
            if row is self._chosen:
                self._chosen = None
                self.chosen.emit(None)
            row.hide()
            row.deleteLater()
        for heading in headings.values():
            heading.hide()
            heading.deleteLater()

    def _show_heading(self, section: Section, known: Heading | None, locked: bool) -> None:
        heading = known or self._new_heading(section)
        heading.show_section(section, locked=locked, drafted=section.key in self.drafted)
        self._headings[section.key] = heading
        self._column.addWidget(heading)
        heading.show()

    def _new_heading(self, section: Section) -> Heading:
        heading, key = Heading(section), section.key
        heading.add.clicked.connect(lambda: self.add_to(key))
        heading.redo.clicked.connect(lambda: self.redo_wanted.emit(key))
        return heading

    def _new_row(self, section: Section) -> StatementRow:
        row = StatementRow(section.key, section.heading)
        row.chosen.connect(self._choose)
        row.moved.connect(self._move)
        row.edited.connect(self.edited)
        row.added.connect(self._added)
        row.kept.connect(self.kept)
        row.put_in.connect(self.put_in)
        row.removed.connect(self.removed)
        row.reworded.connect(self.reworded)
        row.source_wanted.connect(self.source_wanted)
        row.redo.clicked.connect(partial(self.redo_wanted.emit, section.key))
        return row

    def show_remarks(self, remarks: Mapping[str, Sequence[Remark]]) -> None:
        """Remarks on wording, by statement id."""
        for row in self._order:
            row.show_remarks(remarks.get(row.statement.id, ()) if row.statement else ())

    # --- choosing and adding ------------------------------------------------------------------------

    def choose_next_unsettled(self) -> None:
        """Go to the next statement that needs a decision, from the top again after the last."""
        start = self._order.index(self._chosen) + 1 if self._chosen in self._order else 0
        for row in self._order[start:] + self._order[:start]:
            if row.statement is not None and row.statement.needs_settling:
                self.go_to(row)
                return

    def go_to(self, row: StatementRow) -> None:
        """Choose a row and bring it into sight."""
        row.setFocus()
        self._choose(row)  # at once, also while another window has the keyboard
        self.ensureWidgetVisible(row, 0, 48)

    def redo_here(self) -> None:
        """Draft the section under the cursor again."""
        if self._chosen is not None and self._chosen.section in self.drafted:
            self.redo_wanted.emit(self._chosen.section)

    def add_here(self) -> None:
        """Add a statement in the section under the cursor, the first one if there is none."""
        row = self._chosen or next(iter(self._order), None)
        if row is not None:
            self.add_to(row.section)

    def add_to(self, section: str) -> None:
        """Open an empty statement at the end of a section."""
        rows = [row for row in self._order if row.section == section]
        if not rows or self._letter is None:
            return
        if rows[-1].statement is None:
            rows[-1].edit()
            return
        if (section, "") in self._rows:
            self._rows[section, ""].edit()
            return
        spec = next(spec for spec in self._letter.sections if spec.key == section)
        row = self._new_row(spec)
        row.show_absent("", locked=False, with_heading=False)
        self._rows[section, ""] = row
        self._column.insertWidget(self._column.indexOf(rows[-1]) + 1, row)
        row.show()
        row.edit()
        self.ensureWidgetVisible(row)

    def add_heading(self, section: Section) -> None:
        """Open an empty statement under a heading that the letter does not have yet."""
        if self._letter is None or (section.key, "") in self._rows:
            return
        row = self._take({}, section, "")
        row.show_absent("", locked=False, with_heading=True)
        self._rows[section.key, ""] = row
        self._order.append(row)
        self._column.insertWidget(self._column.count() - 1, row)
        row.show()
        row.edit()
        QTimer.singleShot(0, self, self._to_end)

    @Slot(str, str)
    def _added(self, section: str, text: str) -> None:
        self.added.emit(section, text)

    @Slot(object)
    def _choose(self, row: StatementRow) -> None:
        if self._chosen is row:
            return
        if self._chosen is not None:
            self._chosen.set_chosen(False)
        for other in self._order:
            if other is not row and other.editing:
                other.leave_edit()
        for other in self._order[:1]:
            other.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._chosen = row
        row.set_chosen(True)
        self.chosen.emit(row.statement)

    @Slot(object, int)
    def _move(self, row: StatementRow, by: int) -> None:
        if row not in self._order:
            return
        at = max(0, min(len(self._order) - 1, self._order.index(row) + by))
        self.go_to(self._order[at])

    @Slot()
    def _to_start(self) -> None:
        self.verticalScrollBar().setValue(0)

    @Slot()
    def _to_end(self) -> None:
        bar = self.verticalScrollBar()
        bar.setValue(bar.maximum())
