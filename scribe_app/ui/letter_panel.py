"""The right column after Stop: the letter, what it leaves out, and what may be done with it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QMenu, QVBoxLayout, QWidget

from scribe_app.domain.ids import LetterId
from scribe_app.domain.letter import Letter, LetterStatus, Section
from scribe_app.domain.patient_language import Remark
from scribe_app.domain.template import LetterTemplate
from scribe_app.language import later, tr, translated
from scribe_app.policy import Policy
from scribe_app.ports import PRINT, ExportFormat
from scribe_app.ui import controls, tokens
from scribe_app.ui.change_box import ChangeBox
from scribe_app.ui.coverage_view import CoverageBar, CoverageBox, all_read, words_for
from scribe_app.ui.letter_notes import StaleBar
from scribe_app.ui.letter_view import LetterView
from scribe_app.ui.theme import Theme

FORMATS = {
    ExportFormat.DOCX: later("Word document"),
    ExportFormat.PDF: later("PDF"),
    ExportFormat.TXT: later("Plain text"),
    ExportFormat.FHIR: later("FHIR document (JSON)"),
    ExportFormat.JSON: later("All details (JSON)"),
}
LOW = 620
"""Pixels of height below which the coverage list shrinks."""
SIGN_FIRST = later("Sign the letter first")


class LetterPanel(QWidget):
    """Everything about letters; decides nothing, asks by signals."""

    sign_wanted = Signal()
    amend_wanted = Signal()
    copy_wanted = Signal()
    export_wanted = Signal(object)
    """ExportFormat."""
    print_wanted = Signal()
    letter_wanted = Signal(str)
    """Letter id: show another letter of this consultation."""
    draft_wanted = Signal(str)
    """Template name: write another letter."""
    notes_wanted = Signal()
    change_wanted = Signal()
    """Change the letter by instruction."""
    templates_wanted = Signal()
    """Edit what letters are made after."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self.title = controls.label(tr("Letter"), "title")
        self.status = controls.pill("", "warning")
        self.notes = controls.button(tr("Notes"), "quiet", tr("Show your notes"))
        self.another = controls.button(tr("Letters ▾"), "quiet", tr("Other letters"))
        self.bar = CoverageBar(theme)
        self.unread = controls.label("", "reason", wrap=True)
        self.teaching = controls.label("", "muted", wrap=True)
        self.stale = StaleBar()
        self.reading = controls.label("", "small", wrap=True)
        self.reading.setToolTip(tr("English: Flesch-Kincaid grade plus 5 years. Dutch: Flesch-Douma."))
        self.view = LetterView()
        self.box = CoverageBox()
        self.change = ChangeBox()
        self.settle = controls.button("", "settle", tr("Go to the next statement to settle"))
        self.signed = controls.OneLine("small")
        self.copy = controls.button(tr("Copy"), name=tr("Copy the letter"))
        self.export = controls.button(tr("Export ▾"), name=tr("Export the letter"))
        self.amend = controls.button(tr("Amend"), name=tr("Amend the signed letter"))
        self.sign = controls.button(tr("Sign letter"), "primary")
        self._letters_menu = QMenu(self)
        self.formats: dict[ExportFormat, QAction] = {}
        self._export_menu = self._make_export_menu()
        self._connect()
        self._lay_out()

    def _make_export_menu(self) -> QMenu:
        menu = QMenu(self)
        self.print = controls.add_action(menu, tr("Print…"))
        self.print.triggered.connect(self.print_wanted)
        menu.addSeparator()
        for format, text in FORMATS.items():
            action = controls.add_action(menu, tr(text))
            action.triggered.connect(lambda _on=False, format=format: self.export_wanted.emit(format))
            self.formats[format] = action
        menu.setToolTipsVisible(True)
        return menu

    def show_policy(self, policy: Policy) -> None:
        """What the organisation does not allow looks so, and says by whom."""
        for format, action in self.formats.items():
            reason = policy.forbids("export_formats", format)
            action.setEnabled(not reason)
            action.setToolTip(translated(reason))
        reason = policy.forbids("export_formats", PRINT)
        self.print.setEnabled(not reason)
        self.print.setToolTip(reason)

    def _connect(self) -> None:
        self.sign.clicked.connect(self.sign_wanted)
        self.amend.clicked.connect(self.amend_wanted)
        self.copy.clicked.connect(self.copy_wanted)
        self.settle.clicked.connect(self.view.choose_next_unsettled)
        self.notes.clicked.connect(self.notes_wanted)
        self.another.setMenu(self._letters_menu)
        self.export.setMenu(self._export_menu)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(tokens.GRID)
        head.addStrut(tokens.CONTROL_HEIGHT)
        head.addWidget(self.title)
        head.addWidget(self.status)
        head.addStretch(1)
        head.addWidget(self.notes)
        head.addWidget(self.another)
        foot = QHBoxLayout()
        foot.setSpacing(tokens.GRID)
        foot.addWidget(self.settle)
        foot.addWidget(self.signed)
        foot.addStretch(1)
        for action in (self.amend, self.copy, self.export, self.sign):
            foot.addWidget(action)
        column = QVBoxLayout(self)
        column.setContentsMargins(22, 12, 20, 16)
        column.setSpacing(tokens.GRID)
        column.addLayout(head)
        column.addWidget(self.bar)
        column.addWidget(self.unread)
        column.addWidget(self.teaching)
        column.addWidget(self.stale)
        column.addWidget(self.reading)
        column.addWidget(self.view, 1)
        column.addWidget(self.change)
        column.addWidget(self.box)
        column.addLayout(foot)

    # --- what it shows ------------------------------------------------------------------------------

    def show_empty(self, title: str, teaching: str) -> None:
        """No letter yet, and why."""
        self.title.setText(title)
        self.teaching.setText(teaching)
        self.teaching.setVisible(bool(teaching))
        self.view.clear()
        self.show_wording({}, "")
        self.stale.hide()
        self.bar.hide()
        self.unread.hide()
        self.box.hide()
        controls.set_tone(self.status, "", "warning")
        self._show_actions(None, writing=True)

    def show_letter(
        self,
        letter: Letter,
        heading_of: Callable[[str], str],
        start_of: Callable[[int], float],
        *,
        writing: bool = False,
    ) -> None:
        """A letter being written, under review, or signed."""
        self.title.setText(letter.title)
        self.teaching.hide()
        self.view.show_letter(letter, writing=writing)
        signed = letter.signature is not None
        if writing:
            controls.set_tone(self.status, tr("Being written"), "quiet")
        elif signed:
            controls.set_tone(self.status, tr("Signed"), "ok")
        else:
            amending = letter.version > 1 or letter.status is LetterStatus.AMENDED
            controls.set_tone(
                self.status, tr("Amendment, not signed") if amending else tr("Draft, not signed"), "warning"
            )
        self.bar.show_coverage(letter.coverage)
        left_out = letter.coverage.total > 0 and not all_read(letter.coverage)
        self.unread.setText(words_for(letter.coverage) if left_out else "")
        self.unread.setVisible(left_out and not writing)
        items = () if writing else letter.coverage.items
        listed = writing or letter.coverage.listed
        self.box.show_items(items, heading_of, start_of, editable=not signed, listed=listed)
        self.show_change(not self.change.isHidden())
        self._show_actions(letter, writing=writing)

    def show_change(self, shown: bool) -> None:
        """The field for instructions, in the place of what was said and is not written."""
        self.change.setVisible(shown)
        self.box.setVisible(self.box.has_something_to_say and not shown)

    def show_wording(self, remarks: Mapping[str, Sequence[Remark]], reading: str) -> None:
        """Remarks on wording by statement id, and how the letter reads; empty for colleagues' letters."""
        self.view.show_remarks(remarks)
        self.reading.setText(reading)
        self.reading.setVisible(bool(reading))

    def _show_actions(self, letter: Letter | None, *, writing: bool) -> None:
        signature = letter.signature if letter else None
        unsettled = letter.unsettled if letter and not writing else 0
        signed = signature is not None
        words = tr("{unsettled} to settle", unsettled=unsettled)
        empty = letter is not None and not letter.statements
        unlisted = letter is not None and not letter.coverage.listed
        missing = words if unsettled else tr("nothing in it yet") if empty else ""
        missing = missing or (tr("list what is not in it first") if unlisted else "")
        controls.set_text(
            self.settle, words if unsettled else "", tr("{words}, go to the next statement", words=words)
        )
        self.settle.setVisible(unsettled > 0)
        by = (
            tr(
                "Signed by {name}, {time}",
                name=signature.name,
                time=f"{signature.signed_at.astimezone():%H:%M}",
            )
            if signature
            else ""
        )
        self.signed.setText(by)
        self.signed.setVisible(signed)
        for action in (self.copy, self.export):
            action.setVisible(letter is not None)
        self.sign.setVisible(letter is not None and not signed)
        self.sign.setEnabled(letter is not None and not writing and not missing)
        self.sign.setToolTip(
            tr("Not yet: {missing}", missing=missing) if missing else tr("Sign this letter (Ctrl+Return)")
        )
        self.amend.setVisible(signed)
        for action in (self.copy, self.export):
            action.setEnabled(signed)
            action.setToolTip("" if signed else tr(SIGN_FIRST))
        why = (
            ""
            if signed
            else (tr(", not yet: {missing}", missing=missing) if missing else tr(", not yet: sign first"))
        )
        self.copy.setAccessibleName(tr("Copy the letter{why}", why=why))
        self.export.setAccessibleName(tr("Export the letter{why}", why=why))
        self.sign.setAccessibleName(
            tr("Sign letter, not yet: {missing}", missing=missing) if missing else tr("Sign letter")
        )
        controls.set_property(self.copy, "kind", "primary" if signed else "")

    def show_choices(
        self,
        letters: Sequence[Letter],
        shown: Letter | None,
        templates: Sequence[LetterTemplate],
        may_write: bool,
        stale: Mapping[LetterId, int] | None = None,
    ) -> None:
        """The menu of this consultation's letters and of those that could be written.

        `stale` has the number of statements, by letter, that rest on what was changed elsewhere.
        """
        self._letters_menu.clear()
        stale = stale or {}
        elsewhere = sum(number for id, number in stale.items() if shown is None or id != shown.id)
        words = tr("Letters · {elsewhere} to check ▾", elsewhere=elsewhere) if elsewhere else tr("Letters ▾")
        controls.set_text(self.another, words, words.removesuffix(" ▾"))
        for letter in letters if len(letters) > 1 else ():
            mark = tr(" · {stale} to check", stale=stale[letter.id]) if letter.id in stale else ""
            action = controls.add_action(
                self._letters_menu,
                f"{letter.title}{mark}",
                checked=shown is not None and letter.id == shown.id,
            )
            action.triggered.connect(lambda _on=False, id=letter.id: self.letter_wanted.emit(id))
        if len(letters) > 1:
            self._letters_menu.addSeparator()
        written = {letter.template for letter in letters}
        for template in templates:
            again = tr("Draft again") if template.name in written else tr("Draft")
            action = controls.add_action(self._letters_menu, f"{again}: {template.title}")
            action.setEnabled(may_write)
            action.triggered.connect(lambda _on=False, name=template.name: self.draft_wanted.emit(name))
        self._offer_headings(shown, templates, may_write)
        self._letters_menu.addSeparator()
        if shown is not None and shown.signature is None:
            change = controls.add_action(self._letters_menu, tr("Change this letter…"))
            change.setEnabled(may_write)
            change.triggered.connect(lambda _on=False: self.change_wanted.emit())
        edit = controls.add_action(self._letters_menu, tr("Edit templates…"))
        edit.triggered.connect(lambda _on=False: self.templates_wanted.emit())
        self.another.setVisible(bool(templates))

    def _offer_headings(
        self, shown: Letter | None, templates: Sequence[LetterTemplate], may_write: bool
    ) -> None:
        """Headings of the template that the letter leaves out, to be added by hand."""
        template = next((t for t in templates if shown is not None and t.name == shown.template), None)
        if shown is None or template is None or shown.signature is not None or not may_write:
            return
        have = {section.key for section in shown.sections}
        missing = [spec for spec in template.sections if spec.key not in have]
        if not missing:
            return
        menu = self._letters_menu.addMenu(tr("Add a heading"))
        menu.menuAction().setToolTip(tr("A heading that this letter leaves out"))
        for spec in missing:
            section = Section(spec.key, spec.heading, snomed_code=spec.snomed_code)
            action = controls.add_action(menu, spec.heading)
            action.triggered.connect(lambda _on=False, section=section: self.view.add_heading(section))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """A low window leaves the room to the letter."""
        super().resizeEvent(event)
        self.box.set_low(self.height() < LOW)
        self.change.set_low(self.height() < LOW)

    @Slot()
    def open_export_menu(self) -> None:
        """By keyboard."""
        if self.export.isEnabled():
            self.export.showMenu()
