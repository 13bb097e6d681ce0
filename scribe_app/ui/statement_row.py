"""One statement of the letter: read it, choose it, doubt it, correct it in place."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout

from scribe_app.domain.fact_corrections import has_other_words
from scribe_app.domain.letter import Statement, Support
from scribe_app.domain.patient_language import Remark
from scribe_app.language import later, tr
from scribe_app.ui import controls
from scribe_app.ui.remark_lines import RemarkLines

ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
NO_REASON = {
    Support.UNSUPPORTED: later("Not heard in this consultation"),
    Support.CONFLICTING: later("Something else was said"),
}
CAPTIONS = {
    Support.INFERRED: later("Inferred, not said in these words"),
    Support.CLINICIAN_ADDED: later("Yours"),
}
EDITOR_LINES = 3


class StatementRow(QFrame):
    """A statement, or (without one) the place where the clinician adds their own."""

    chosen = Signal(object)
    """The row itself: it has the focus."""
    moved = Signal(object, int)
    """The row, and how many rows up or down the reader wants to go."""
    edited = Signal(str, str)
    """Statement id, new text."""
    added = Signal(str, str)
    """Section key, text."""
    kept = Signal(str)
    put_in = Signal(str)
    """Statement id: its fact in the clinician's words is wanted."""
    removed = Signal(str)
    reworded = Signal(str, str)
    """Statement id, text with a fix of its wording."""
    source_wanted = Signal(object)
    """PriorPlace: show where it is from."""

    def __init__(self, section: str, heading: str) -> None:
        super().__init__()
        self.setObjectName("statement")
        self.section, self._heading = section, heading
        self.statement: Statement | None = None
        self._locked = False
        self._words = ""
        self._editor: QPlainTextEdit | None = None
        self.heading = controls.OneLine("heading")
        self.heading.setText(heading)
        self.text = controls.label("", "letter", wrap=True)
        self.add = controls.button(tr("Add"), "faint", tr("Add to {heading}", heading=heading))
        self.add.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # by keyboard: Enter on the row
        self.add.clicked.connect(self.edit)
        self.redo = controls.button(tr("Redo"), "faint", tr("Draft {heading} again", heading=heading))
        self.redo.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.reason = controls.label("", "reason", wrap=True)
        self.caption = controls.label("", "small")
        self.source = controls.button("", "link", tr("Show where this is from"))
        self.source.clicked.connect(self._show_source)
        self.remarks = RemarkLines()
        self.remarks.fix_wanted.connect(self._reword)
        self.keep = controls.button(tr("Keep as mine"), "link")
        self.remove = controls.button(tr("Remove"), "link")
        self.your_words = controls.button(tr("Put it in"), "link")
        self.your_words.clicked.connect(self._put_in)
        self.keep.clicked.connect(self._keep)
        self.remove.clicked.connect(self._remove)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._lay_out()

    def _lay_out(self) -> None:
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(6, 2, 6, 2)
        self._column.setSpacing(0)
        first = QHBoxLayout()
        first.setContentsMargins(0, 0, 0, 0)
        first.setSpacing(8)
        first.addWidget(self.heading)
        first.addWidget(self.text, 1)
        first.addWidget(self.redo)
        first.addWidget(self.add)
        self._column.addLayout(first)
        self._column.addWidget(self.caption)
        self._column.addWidget(self.source, 0, Qt.AlignmentFlag.AlignLeft)
        self._column.addWidget(self.reason)
        self._column.addWidget(self.remarks)
        ways_out = QHBoxLayout()
        ways_out.setContentsMargins(0, 0, 0, 0)
        ways_out.setSpacing(4)
        ways_out.addWidget(self.your_words)
        ways_out.addWidget(self.keep)
        ways_out.addWidget(self.remove)
        ways_out.addStretch(1)
        self._column.addLayout(ways_out)

    # --- what it shows ------------------------------------------------------------------------------

    def show_statement(self, statement: Statement, locked: bool) -> None:
        """Show a statement; a locked one (signed, or still being written) cannot be changed."""
        self.statement, self._locked = statement, locked
        if locked:
            self.leave_edit(keep=False)
        self.heading.hide()
        self.add.hide()
        self.redo.hide()
        doubted = statement.needs_settling
        bare = statement.quoted and "“" not in statement.text
        self._words = f"“{statement.text}”" if bare else statement.text
        controls.set_property(self.text, "role", "letter")
        self.text.setText(self._words)
        self.reason.setText(_reason(statement) if doubted else "")
        self.reason.setVisible(doubted)
        for action in (self.keep, self.remove):
            action.setVisible(doubted and not locked)
        self.your_words.setVisible(doubted and not locked and has_other_words(statement))
        self.your_words.setAccessibleName(tr("Put your words in: {text}", text=statement.text))
        self.keep.setAccessibleName(tr("Keep as mine: {text}", text=statement.text))
        self.remove.setAccessibleName(tr("Remove: {text}", text=statement.text))
        caption = "" if doubted else tr(CAPTIONS.get(statement.support, ""))
        self.caption.setText("" if locked else caption)
        self.caption.setVisible(bool(self.caption.text()))
        controls.set_property(self, "doubt", doubted)
        controls.set_property(self, "prior", bool(statement.prior))
        source = tr("From “{title}”", title=statement.prior[0].title) if statement.prior else ""
        controls.set_text(
            self.source,
            source,
            tr("{source}, not said today: show it", source=source) if source else tr("Where this is from"),
        )
        self.source.setVisible(bool(source))
        told = (self._heading, statement.text, source, self.reason.text())
        self.setAccessibleName(". ".join(filter(None, told)))

    def show_remarks(self, remarks: Sequence[Remark]) -> None:
        """Remarks on the wording, below it; a locked statement has none."""
        text = self.statement.text if self.statement else ""
        self.remarks.show_remarks(text, () if self._locked else remarks)

    def show_absent(self, why: str, locked: bool, *, with_heading: bool) -> None:
        """Show on one line that a section is empty, and why."""
        self.statement, self._locked = None, locked
        if locked:
            self.leave_edit(keep=False)
        self.heading.setVisible(with_heading)
        self.add.setVisible(with_heading and not locked)
        self.redo.hide()
        self._words = why or tr("Nothing here yet")
        controls.set_property(self.text, "role", "muted")
        self.text.setText(self._words)
        controls.set_property(self, "prior", False)
        for widget in (self.reason, self.your_words, self.keep, self.remove, self.caption, self.source):
            widget.hide()
        self.remarks.show_remarks("", ())
        controls.set_property(self, "doubt", False)
        self.setAccessibleName(
            tr("{heading}: {words}. Enter adds a statement.", heading=self._heading, words=self._words)
        )

    def set_chosen(self, chosen: bool) -> None:
        """Tinted, and the row where the Tab key arrives."""
        controls.set_property(self, "chosen", chosen)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus if chosen else Qt.FocusPolicy.ClickFocus)

    # --- editing in place ---------------------------------------------------------------------------

    @property
    def editing(self) -> bool:
        """Whether the words are being changed right now."""
        return self._editor is not None

    def edit(self) -> None:
        """Put a plain-text field in the place of the words."""
        if self._locked or self._editor is not None:
            return
        editor = controls.private(QPlainTextEdit())
        editor.setAccessibleName(tr("Edit statement under {heading}", heading=self._heading))
        editor.setPlainText(self.statement.text if self.statement else "")
        editor.setPlaceholderText(tr("Enter keeps it, Esc takes it back"))
        editor.setTabChangesFocus(True)
        lines = max(EDITOR_LINES, self.text.height() // max(1, editor.fontMetrics().lineSpacing()) + 1)
        editor.setFixedHeight(editor.fontMetrics().lineSpacing() * lines + 20)
        editor.installEventFilter(self)
        self._editor = editor
        self.text.setVisible(self.heading.isVisibleTo(self))
        self._column.insertWidget(1, editor)
        editor.show()  # at once: a field that is not shown yet does not take the focus
        editor.setFocus()
        editor.moveCursor(editor.textCursor().MoveOperation.End)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Enter keeps, Esc takes back; leaving the field keeps, so that nothing typed is lost."""
        if watched is self._editor and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self._end_edit(keep=False)
                return True
            if event.key() in ENTER and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
                self._end_edit(keep=True)
                return True
        if watched is self._editor and isinstance(event, QFocusEvent) and event.lostFocus():
            self._left_editor(event.reason())
        return super().eventFilter(watched, event)

    def _left_editor(self, reason: Qt.FocusReason) -> None:
        if reason not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self._end_edit(keep=True, stay=False)

    def leave_edit(self, *, keep: bool = True) -> None:
        """The reader went elsewhere: what was typed is kept, unless it may no longer be."""
        self._end_edit(keep=keep, stay=False)

    def _end_edit(self, *, keep: bool, stay: bool = True) -> None:
        editor, self._editor = self._editor, None
        if editor is None:
            return
        editor.removeEventFilter(self)
        text = " ".join(editor.toPlainText().split())
        self.text.show()
        if stay:
            self.setFocus()
        self._column.removeWidget(editor)
        editor.hide()
        editor.deleteLater()
        if not keep or not text:
            return
        if self.statement is None:
            self.added.emit(self.section, text)
        elif text != self.statement.text:
            self.edited.emit(self.statement.id, text)

    # --- keys and mouse -----------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter and F2 edit, Delete removes."""
        if event.key() == Qt.Key.Key_Up:
            self.moved.emit(self, -1)
        elif event.key() == Qt.Key.Key_Down:
            self.moved.emit(self, 1)
        elif event.key() in (*ENTER, Qt.Key.Key_F2):
            self.edit()
        elif event.key() == Qt.Key.Key_Delete:
            self._remove()
        else:
            super().keyPressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Edit in place."""
        self.edit()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """To have the focus is to be chosen."""
        super().focusInEvent(event)
        self.chosen.emit(self)

    @Slot()
    def _keep(self) -> None:
        if self.statement is not None and not self._locked and self.statement.needs_settling:
            self.kept.emit(self.statement.id)

    @Slot()
    def _put_in(self) -> None:
        if self.statement is not None and not self._locked:
            self.put_in.emit(self.statement.id)

    @Slot()
    def _show_source(self) -> None:
        if self.statement is not None and self.statement.prior:
            self.source_wanted.emit(self.statement.prior[0])

    @Slot(str)
    def _reword(self, text: str) -> None:
        if self.statement is not None and not self._locked:
            self.reworded.emit(self.statement.id, text)

    @Slot()
    def _remove(self) -> None:
        if self.statement is not None and not self._locked:
            self.removed.emit(self.statement.id)


def _reason(statement: Statement) -> str:
    """Why it is doubted, in words; two reasons at most, the rest would not be read."""
    reasons = [flag.reason.rstrip(".") for flag in statement.flags if flag.reason][:2]
    return ". ".join(reasons) or tr(NO_REASON.get(statement.support, later("To be checked")))
