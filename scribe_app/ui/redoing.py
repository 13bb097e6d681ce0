"""Drafts one section of the letter on screen again, and shows what would change as old and new."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QObject, Slot

from scribe_app.domain.events import ConsultationFailed, Event, SectionRedrafted
from scribe_app.domain.ids import ConsultationId
from scribe_app.errors import ScribeError
from scribe_app.language import error_text, tr
from scribe_app.services.application import Application
from scribe_app.services.instructing import Proposal
from scribe_app.ui.bridge import Bridge
from scribe_app.ui.changing import ChangingPresenter
from scribe_app.ui.screen import WORKING, Screen
from scribe_app.ui.window import MainWindow


class RedoingPresenter(QObject):
    """One section at a time; the letter stays as it is, and can be worked on, until lines are accepted."""

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
        bridge.happened.connect(self.on_event)
        window.letter.view.redo_wanted.connect(self._redo)
        window.letter.change.closed.connect(self._cancel)

    @Slot(str)
    def _redo(self, section: str) -> None:
        letter = self._screen.letter
        if letter is None or letter.signature is not None or self._screen.state in WORKING:
            return
        if self._under_way is not None and not self._failed:
            return
        self._under_way, self._failed = letter.consultation, False
        heading = next((held.heading for held in letter.sections if held.key == section), section)
        self._changing.tell(tr("Drafting “{heading}” again… Close cancels it.", heading=heading))
        service = self._application.consultations
        self._bridge.run(partial(service.redo_section, letter.id, section), None, self._refused)

    @Slot()
    def _cancel(self) -> None:
        id, self._under_way = self._under_way, None
        if id is not None:
            self._bridge.run(partial(self._application.consultations.cancel_writing, id))

    @Slot(object)
    def on_event(self, event: Event) -> None:
        """The section is there, or could not be drafted."""
        if event.consultation != self._under_way:
            return
        if isinstance(event, SectionRedrafted):
            self._under_way = None
            propose = self._application.review.propose_section
            work = partial(propose, event.letter, event.section, event.statements)
            self._bridge.run(work, self._show, self._refused)
        elif isinstance(event, ConsultationFailed):
            self._failed = True
            self._changing.tell(str(event.error))

    def _show(self, proposal: Proposal) -> None:
        if self._screen.letter is not None and self._screen.letter.id == proposal.letter.id:
            self._changing.show(proposal)

    def _refused(self, error: ScribeError) -> None:
        self._under_way = None
        self._changing.tell(error_text(error))
