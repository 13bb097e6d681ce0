"""Drafts one section of the letter on screen again, and shows what would change as old and new."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Signal, Slot

from scribe_app.domain.events import ConsultationFailed, Event, SectionRedrafted
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ScribeError
from scribe_app.language import error_text, tr
from scribe_app.services.application import Application
from scribe_app.services.instructing import Proposal
from scribe_app.ui.banner import NOTE, Message
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.changing import ChangingPresenter
from scribe_app.ui.screen import WORKING, Screen
from scribe_app.ui.window import MainWindow


class RedoingPresenter(QObject):
    """One section at a time; the letter stays as it is, and can be worked on, until lines are accepted.

    Where another consultation is on screen when it is done, that is said, and what was drafted waits for its
    own consultation to be opened again.
    """

    show_wanted = Signal(str)
    """The consultation to be opened."""

    def __init__(
        self,
        window: MainWindow,
        application: Application,
        bridge: Bridge,
        screen: Screen,
        changing: ChangingPresenter,
    ) -> None:
        super().__init__(window)
        self._window, self._application = window, application
        self._bridge, self._screen, self._changing = bridge, screen, changing
        self._under_way: ConsultationId | None = None
        self._failed = False
        """Whether something failed on the way: quotes may still come, or nothing any more."""
        self._heading = ""
        self._waiting: dict[ConsultationId, SectionRedrafted] = {}
        bridge.happened.connect(self.on_event)
        screen.shown.connect(self._shown)
        window.letter.view.redo_wanted.connect(self._redo)
        window.letter.change.closed.connect(self._cancel)

    @Slot(str)
    def _redo(self, section: str) -> None:
        letter = self._screen.letter
        if letter is None or letter.signature is not None or self._screen.state in WORKING:
            return
        if self._under_way is not None and not self._failed:
            if self._under_way != letter.consultation:
                told = tr(
                    "“{heading}” of another consultation is still being drafted again.", heading=self._heading
                )
                self._changing.tell(told)
            return
        self._under_way, self._failed = letter.consultation, False
        self._heading = next((held.heading for held in letter.sections if held.key == section), section)
        self._changing.tell(tr("Drafting “{heading}” again… Close cancels it.", heading=self._heading))
        service = self._application.consultations
        self._bridge.run(partial(service.redo_section, letter.id, section), None, self._refused)

    @Slot()
    def _cancel(self) -> None:
        if self._under_way != self._screen.id:
            return
        id, self._under_way = self._under_way, None
        if id is not None:
            self._bridge.run_at_once(partial(self._application.consultations.cancel_writing, id))

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """The section is there, or could not be drafted."""
        if event.consultation != self._under_way:
            return
        if isinstance(event, SectionRedrafted):
            self._under_way = None
            if event.consultation == self._screen.id:
                self._propose(event)
            else:
                self._waiting[event.consultation] = event
                self._say_elsewhere(event.consultation)
        elif isinstance(event, ConsultationFailed):
            self._failed = True
            if event.consultation == self._screen.id:
                self._changing.tell(error_text(event.error))
            else:
                self._window.banner.show_error(event.error)

    @Slot()
    def _shown(self) -> None:
        """Another consultation is on screen: what was drafted for it meanwhile is shown."""
        if self._screen.id is not None and (event := self._waiting.pop(self._screen.id, None)) is not None:
            self._propose(event)

    def _say_elsewhere(self, id: ConsultationId) -> None:
        self._window.banner.say(
            Message(
                tr("“{heading}” was drafted again in another consultation.", heading=self._heading),
                tr("Its letter is as it was until you accept the change."),
                NOTE,
                key=f"redone {id}",
                action=tr("Show it"),
                then=partial(self.show_wanted.emit, id),
            )
        )

    def _propose(self, event: SectionRedrafted) -> None:
        self._window.banner.take_back(f"redone {event.consultation}")
        propose = self._application.review.propose_section
        work = partial(propose, event.letter, event.section, event.statements, event.made)
        self._bridge.run(work, partial(self._show, event), self._refused)

    def _show(self, event: SectionRedrafted, proposal: Proposal) -> None:
        if self._screen.letter is not None and self._screen.letter.id == proposal.letter.id:
            self._changing.show(proposal)
        elif self._screen.id == event.consultation:
            held = next((one for one in self._screen.letters if one.id == proposal.letter.id), None)
            if held is not None:
                self._screen.set_letter(held)
                self._changing.show(proposal)
        else:  # the reader went on before it was read
            self._waiting[event.consultation] = event
            self._say_elsewhere(event.consultation)

    def _refused(self, error: ScribeError) -> None:
        self._under_way = None
        self._changing.tell(error_text(error))
