"""The fields of a letter and of one of its headings, in the clinician's words."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QGridLayout,
    QLineEdit,
    QPlainTextEdit,
    QVBoxLayout,
    QWidget,
)

from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.topics import TOPICS
from scribe_app.language import later, tr
from scribe_app.ui import controls

PRESENCES = {
    Presence.OPTIONAL: later("Leave the heading out"),
    Presence.REQUIRED: later("Show “Not recorded”"),
    Presence.MANDATORY: later("Show “Not recorded – ask”"),
}
SOURCES = {
    SectionSource.CONVERSATION: later("From the consultation"),
    SectionSource.APPLICATION: later("From the patient's details (never from speech)"),
}
LANGUAGES = {"en": "English", "nl": "Nederlands"}
AUDIENCES = {"clinician": later("A colleague"), "patient": later("The patient")}
LAYOUTS = {
    "": later("As in my house style"),
    "lines": later("A line each"),
    "bullets": later("Bullets"),
    "prose": later("Running text"),
}
PERSONS = {"": later("As in my house style"), "first": later("“I advised …”"), "third": later("“Advised …”")}
TOPIC_WORDS = {
    "symptom": later("Symptoms"),
    "history": later("Past history"),
    "medication": later("Medicines"),
    "allergy": later("Allergies"),
    "family": later("Family"),
    "social": later("Social"),
    "concern": later("Worries and wishes"),
    "examination": later("Examination"),
    "result": later("Results"),
    "assessment": later("Opinion, diagnosis"),
    "plan": later("Plan"),
    "procedure": later("Procedures"),
    "advice": later("Advice given"),
    "safety_net": later("When to seek help"),
}
MOST = 1000
LINES = 74


class _Form(QWidget):
    """Fields under their words; says when one was changed by the person."""

    changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.column = QVBoxLayout(self)
        self.column.setContentsMargins(2, 0, 8, 4)
        self.column.setSpacing(10)
        self._quiet = False

    def add_field(self, words: str, field: QWidget) -> None:
        """A field with its words above it."""
        self.column.addLayout(controls.field_under(words, field))
        if isinstance(field, QLineEdit):
            field.textEdited.connect(self._tell)
        elif isinstance(field, QPlainTextEdit):
            field.textChanged.connect(self._tell)
        elif isinstance(field, QComboBox):
            field.currentIndexChanged.connect(self._tell)

    def _tell(self) -> None:
        if not self._quiet:
            self.changed.emit()


class LetterForm(_Form):
    """What concerns the whole letter."""

    def __init__(self) -> None:
        super().__init__()
        self.title = _line()
        self.language, self.audience = _combo(LANGUAGES), _combo(AUDIENCES)
        self.opening, self.closing = _text(), _text()
        self.layout_of_lines, self.person = _combo(LAYOUTS), _combo(PERSONS)
        self.add_field(tr("Title, printed above the letter"), self.title)
        self.add_field(tr("Language"), self.language)
        self.add_field(tr("Written to"), self.audience)
        self.add_field(tr("Opening sentences"), self.opening)
        self.add_field(tr("Closing"), self.closing)
        self.add_field(tr("Lines of a section"), self.layout_of_lines)
        self.add_field(tr("What the clinician did"), self.person)
        self.column.addStretch(1)

    def show_letter(self, template: LetterTemplate) -> None:
        """Fill the fields."""
        self._quiet = True
        self.title.setText(template.title)
        self.opening.setPlainText(template.opening)
        self.closing.setPlainText(template.closing)
        for combo, value in (
            (self.language, template.language),
            (self.audience, template.audience),
            (self.layout_of_lines, template.layout),
            (self.person, template.person),
        ):
            combo.setCurrentIndex(max(0, combo.findData(value)))
        self._quiet = False

    def apply(self, template: LetterTemplate) -> LetterTemplate:
        """The template with what the fields say."""
        return replace(
            template,
            title=self.title.text(),
            language=self.language.currentData(),
            audience=self.audience.currentData(),
            opening=self.opening.toPlainText(),
            closing=self.closing.toPlainText(),
            layout=self.layout_of_lines.currentData(),
            person=self.person.currentData(),
        )


class SectionForm(_Form):
    """What concerns one heading."""

    def __init__(self) -> None:
        super().__init__()
        self.heading = _line()
        self.guidance = _text()
        self.presence, self.source = _combo(PRESENCES), _combo(SOURCES)
        self.clinician_only = QCheckBox(tr("Only what the clinician said counts here"))
        self.topics = {topic: QCheckBox(tr(TOPIC_WORDS.get(topic, topic))) for topic in TOPICS}
        self.add_field(tr("Heading"), self.heading)
        self.add_field(tr("What belongs here, in a sentence or two"), self.guidance)
        self.add_field(tr("Filled in"), self.source)
        self.column.addWidget(controls.label(tr("Put here what is said about"), "heading"))
        grid = QGridLayout()
        grid.setVerticalSpacing(2)
        for place, box in enumerate(self.topics.values()):
            box.toggled.connect(self._tell)
            grid.addWidget(box, place // 2, place % 2)
        self.column.addLayout(grid)
        self.add_field(tr("When nothing was said"), self.presence)
        self.clinician_only.toggled.connect(self._tell)
        self.column.addWidget(self.clinician_only)
        self.column.addStretch(1)
        self.source.currentIndexChanged.connect(self._show_topics)

    def show_section(self, section: SectionSpec) -> None:
        """Fill the fields."""
        self._quiet = True
        self.heading.setText(section.heading)
        self.guidance.setPlainText(section.guidance)
        self.presence.setCurrentIndex(max(0, self.presence.findData(section.presence)))
        self.source.setCurrentIndex(max(0, self.source.findData(section.source)))
        self.clinician_only.setChecked(section.clinician_only)
        for topic, box in self.topics.items():
            box.setChecked(topic in section.topics)
        self._show_topics()
        self._quiet = False

    def apply(self, section: SectionSpec) -> SectionSpec:
        """The section with what the fields say; the code belongs to the heading as it was published."""
        heading = self.heading.text()
        return replace(
            section,
            heading=heading,
            guidance=" ".join(self.guidance.toPlainText().split()),
            presence=Presence(self.presence.currentData()),
            source=SectionSource(self.source.currentData()),
            clinician_only=self.clinician_only.isChecked(),
            topics=tuple(topic for topic, box in self.topics.items() if box.isChecked()),
            snomed_code=section.snomed_code if heading == section.heading else "",
        )

    def _show_topics(self) -> None:
        """What comes from the patient's details has no topics."""
        spoken = self.source.currentData() == SectionSource.CONVERSATION
        for box in (*self.topics.values(), self.clinician_only):
            box.setEnabled(spoken)


def _line() -> QLineEdit:
    field = QLineEdit()
    field.setMaxLength(200)
    return field


def _text() -> QPlainTextEdit:
    field = QPlainTextEdit()
    field.setTabChangesFocus(True)
    field.setFixedHeight(LINES)
    field.setStyleSheet(f"min-height: {LINES - 14}px")  # the window's style would let it shrink to one line
    return field


def _combo(choices: dict[str, str] | dict[Presence, str] | dict[SectionSource, str]) -> QComboBox:
    combo = QComboBox()
    for value, text in choices.items():
        combo.addItem(tr(text), value)
    return combo
