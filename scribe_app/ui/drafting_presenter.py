"""The letter while it is being written: its statements stream in."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.consultation import ConsultationState
from scribe_app.domain.events import (
    ConsultationFailed,
    Event,
    LetterReady,
    SectionDrafted,
    StateChanged,
    StatementDrafted,
)
from scribe_app.domain.ids import ConsultationId, LetterId
from scribe_app.domain.letter import Letter, Section, Statement
from scribe_app.services.application import Application
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.screen import Screen
from scribe_app.ui.window import MainWindow

S = ConsultationState


class DraftingPresenter(QObject):
    """Collects what the drafter writes, for every consultation; the screen shows its own."""

    begun = Signal()
    """The letter of the consultation on screen is being written from now on."""

    def __init__(self, window: MainWindow, application: Application, bridge: Bridge, screen: Screen) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen = bridge, screen
        self._in_peace: set[ConsultationId] = set()
        """Consultations that are not being worked on, as far as was told."""
        bridge.happened.connect(self.on_event)
        window.letter.draft_wanted.connect(self._write)
        window.header.cancel_wanted.connect(self._cancel)

    @Slot(str)
    def _write(self, template: str) -> None:
        id = self._screen.id
        if id is not None:
            self._screen.wanted_template[id] = template
            self._bridge.run(lambda: self._application.consultations.write(id, template))

    @Slot()
    def _cancel(self) -> None:
        id = self._screen.id
        if id is not None:
            self._bridge.run_at_once(lambda: self._application.consultations.cancel_writing(id))

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """What the drafter wrote, wherever it belongs."""
        match event:
            case StateChanged(state=S.DRAFTING):
                self._begin_writing(event)
            case StateChanged(state=S.FAILED):
                self._end_writing(event.consultation)
            case StateChanged():
                self._in_peace.add(event.consultation)
            case ConsultationFailed():
                self._give_up(event)
            case StatementDrafted():
                self._add_drafted(event)
            case SectionDrafted():
                self._show_share(event)
            case LetterReady():
                self._letter_ready(event)

    def _give_up(self, event: ConsultationFailed) -> None:
        """One more letter could not be begun: what was there before is on screen again."""
        if event.consultation not in self._screen.writing or event.consultation not in self._in_peace:
            return
        self._end_writing(event.consultation)
        if self._screen.id == event.consultation:
            self._screen.letter_changed.emit()

    def _begin_writing(self, event: StateChanged) -> None:
        self._in_peace.discard(event.consultation)
        if event.consultation in self._screen.writing:
            return  # only a field changed
        name = self._screen.wanted_template.get(event.consultation, event.value.template)
        template = self._screen.template(name)
        if template is None:
            return
        sections = tuple(Section(spec.key, spec.heading) for spec in template.sections)
        self._screen.writing[event.consultation] = Letter(
            LetterId(""), event.consultation, template.name, template.title, template.language, sections
        )
        if self._screen.id == event.consultation:
            self.begun.emit()

    def _add_drafted(self, event: StatementDrafted) -> None:
        letter = self._screen.writing.get(event.consultation)
        if letter is None:
            return
        sections = tuple(
            with_statement(section, event.statement) if section.key == event.section else section
            for section in letter.sections
        )
        self._screen.writing[event.consultation] = replace(letter, sections=sections)
        if self._screen.id == event.consultation:
            self._screen.letter_changed.emit()

    def _show_share(self, event: SectionDrafted) -> None:
        letter = self._screen.writing.get(event.consultation)
        if letter is None or self._screen.id != event.consultation:
            return
        keys = [section.key for section in letter.sections]
        if event.section in keys:
            self._window.header.show_progress((keys.index(event.section) + 1) / len(keys))

    def _letter_ready(self, event: LetterReady) -> None:
        written = event.consultation in self._screen.writing
        self._end_writing(event.consultation)
        if self._screen.id != event.consultation:
            return
        if written or self._screen.letter is None or self._screen.letter.id == event.letter.id:
            self._screen.set_letter(event.letter)
        else:
            self._screen.put_letters((event.letter,))

    def _end_writing(self, id: ConsultationId) -> None:
        self._screen.writing.pop(id, None)
        self._screen.wanted_template.pop(id, None)


def with_statement(section: Section, statement: Statement) -> Section:
    """The section with one more statement, or with one that it has as it is now."""
    held = [statement if one.id == statement.id else one for one in section.statements]
    return replace(section, statements=tuple(held if statement in held else [*held, statement]))
