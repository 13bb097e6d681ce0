"""The letter under way: drafted, checked, and finished also when the model dies half-way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from scribe_app.domain.consultation import Consultation
from scribe_app.domain.corrections import FACTS, Correction
from scribe_app.domain.events import (
    ConsultationFailed,
    DrafterReady,
    DraftFinished,
    LetterReady,
    SectionDrafted,
    SectionRedrafted,
    StatementDrafted,
    StatementJudged,
)
from scribe_app.domain.fact_corrections import told_now
from scribe_app.domain.letter import Letter, Statement
from scribe_app.domain.template import LetterTemplate
from scribe_app.errors import EngineError, ModelError, ScribeError
from scribe_app.language import later
from scribe_app.ports import EventSink
from scribe_app.services.checking import Checks
from scribe_app.services.completing import Known, LetterCompletion
from scribe_app.services.drafting import Clinician, LetterDraft
from scribe_app.services.engines import NO_DRAFTING_MODEL, Engines
from scribe_app.services.following import CorrectionFollowing
from scribe_app.services.redrafting import made_by
from scribe_app.services.several_letters import SeveralLetters
from scribe_app.services.styling import style_of, with_wording

if TYPE_CHECKING:
    from scribe_app.services.line import LineParts

log = logging.getLogger(__name__)


class Writing(LetterCompletion, CorrectionFollowing):
    """One letter at a time for one consultation. All calls come from the coordinator thread.

    What takes long is done beside it (see Checks), in the order in which the drafter told it.
    """

    def __init__(
        self,
        consultation: Consultation,
        engines: Engines,
        parts: LineParts,
        several: SeveralLetters,
        sink: EventSink,
    ) -> None:
        settings = parts.settings
        self._clock = parts.clock
        self._several, self._sink = several, sink
        self._checks = Checks(consultation.id, sink)
        self._id = consultation.id
        self._engines = engines
        self._store = parts.store
        self._clinician = Clinician(settings.clinician_name, settings.clinician_role)
        self._style = style_of(settings)
        self._bus = parts.bus
        self._draft: LetterDraft | None = None
        self._notes = ""
        self._cancelled = False
        self._begun_again = False
        """Whether the rules, which write without a model, died in this letter and were started again."""
        self._completing = False
        """Whether all is drafted, and the letter is being checked as a whole."""
        self._section = ""
        """Key of the only section that is written; empty for a whole letter."""
        self._checked_against: Known | None = None
        """What the letter that is there was checked against; None where that was given up."""
        self._corrections: tuple[Correction, ...] = ()
        """Those that the drafter knows of."""
        self._drafter = DrafterReady(consultation.id, NO_DRAFTING_MODEL, "", "")

    @property
    def under_way(self) -> bool:
        """Whether a letter is being written."""
        return self._draft is not None

    @property
    def has_written(self) -> bool:
        """Whether there is something of a letter that is worth keeping."""
        return self._draft is not None and (self._draft.has_statements or self._cancelled)

    @property
    def seconds(self) -> float:
        """Length of the transcript that is written from."""
        return self._draft.transcript.seconds if self._draft else 0.0

    @property
    def redoes(self) -> bool:
        """Whether it is one section of a letter that is being written anew."""
        return self._draft is not None and bool(self._section)

    def begin(
        self, template: LetterTemplate, notes: str, letter: Letter | None = None, section: str = ""
    ) -> None:
        """Write a letter from the transcript as it stands now, or one section of a letter that there is.

        Raises ModelError, EngineError.
        """
        transcript = self._store.transcript(self._id)
        consultation = self._store.consultation(self._id)
        template = with_wording(template, self._style)
        prior, id = self._store.prior(self._id), letter.id if letter else None
        self._draft = LetterDraft(
            consultation, template, transcript, self._clinician, self._speech_model(), id, self._style, prior
        )
        self._checks = Checks(self._id, self._sink)
        self._notes, self._cancelled, self._section = notes, False, section
        self._begun_again = self._completing = False
        for spec in template.sections:
            if section and spec.key != section:
                self._draft.close_section(spec.key)  # not asked for
        self._corrections = self._store.corrections(self._id)
        if any(one.kind in FACTS for one in self._corrections):
            self._draft.told = told_now(transcript, self._corrections)
        self._engines.write(template, self._draft.told, notes, (section,) if section else (), prior)

    @property
    def checking(self) -> bool:
        """Whether something was told and is not checked yet."""
        return self._checks.waiting > 0

    def cancel(self) -> None:
        """Stop the drafter; DraftFinished follows. What is not checked very soon is given up."""
        if self._draft is not None:
            self._cancelled = True
            self._engines.cancel_writing()
            self._checks.hurry()

    def drop(self, until_gone: float = 0.0) -> None:
        """Forget the letter; what is being checked of it is given up (see Checks.stop)."""
        self._draft = None
        self._checks.stop(until_gone)

    def after_checks(self, then: Callable[[], None]) -> None:
        """Go on here once everything that was told until now is checked."""
        if self.checking:
            self._checks.run(lambda: None, lambda _: then())
        else:
            then()

    def given_up(self, error: ScribeError) -> ScribeError | None:
        """Forget a letter of which nothing was written; what to tell, None when it would be the only one."""
        if not self._store.letters(self._id):
            return None
        told = (
            later(f"This section could not be written again. {error.title}")
            if self._section
            else later(f"This letter could not be written. {error.title}")
        )
        self.drop()
        return EngineError(
            told,
            "The letters that you have are as they were.",
            error.remedy or "Try again.",
        )

    # --- what the drafter says ----------------------------------------------------------------------

    def on_ready(self, event: DrafterReady) -> None:
        """The model is loaded."""
        self._drafter = event
        self._bus.publish(event)

    def on_statement(self, event: StatementDrafted) -> None:
        """A statement, checked before anybody sees it."""
        if self._draft is not None:
            check = partial(self._draft.checked, event.section, event.statement)
            self._checks.run(check, partial(self._keep, event))

    def _keep(self, event: StatementDrafted, checked: Statement | None) -> None:
        """Without a check, the clinician has cancelled: what nobody has seen is not in the letter."""
        if self._draft is not None and checked is not None:
            self._draft.keep(event.section, checked)
            if not self._section:
                self._bus.publish(replace(event, statement=checked))

    def on_section(self, event: SectionDrafted) -> None:
        """No more statements come for a section."""
        if self._draft is not None:
            self.after_checks(partial(self._close_section, event))

    def _close_section(self, event: SectionDrafted) -> None:
        if self._draft is not None:
            self._draft.close_section(event.section)
            if not self._section:
                self._bus.publish(event)

    def on_judged(self, event: StatementJudged) -> None:
        """The model looked at a statement again."""
        if self._draft is not None:
            self.after_checks(partial(self._judge, event))

    def _judge(self, event: StatementJudged) -> None:
        if self._draft is not None:
            self._draft.judge(event.statement, event.agreement, self._drafter)

    def take_over_from(self, error: ScribeError) -> bool:
        """After the drafter died: go on without its model. False when that is not possible or not wanted.

        A model that died while it only read along is loaded again for the letter; one that is not whole
        is not. Rules that died are started again, once in a letter: it is the same letter then.
        """
        if self._draft is None:
            if isinstance(error, ModelError) and not self._engines.only_quotes:
                self._engines.only_quotes = True
                self._tell_quoting(error, later("The letter will quote what was said."))
            return False
        if self._cancelled or not self._draft.missing:
            return False
        draft = self._draft
        if not self._engines.only_quotes:
            self._engines.only_quotes = True
            self._tell_quoting(error, later("The rest of the letter quotes what was said."))
            draft.forget_unfinished(self._drafter)
        elif not self._begun_again:
            self._begun_again = True
            log.warning("drafting of %s started again", self._id)
            draft.forget_unfinished()
        else:
            return False
        self._engines.write(draft.template, draft.told, self._notes, draft.missing, draft.prior)
        return True

    def _tell_quoting(self, error: ScribeError, detail: str) -> None:
        told = EngineError(error.title, detail, "Draft it again if you like.")
        self._bus.publish(ConsultationFailed(self._id, told))

    # --- the end ------------------------------------------------------------------------------------

    def finish_section(self, letter: Letter) -> None:
        """Tell the section's statements; nothing is stored."""
        self.drop()
        if not self._cancelled:
            new = next((one.statements for one in letter.sections if one.key == self._section), ())
            made = made_by(letter.provenance, self._clock()) if letter.provenance else ""
            self._bus.publish(SectionRedrafted(self._id, letter.id, self._section, new, made))

    def announce(self, letter: Letter) -> None:
        """Tell that it is there."""
        self._bus.publish(DraftFinished(self._id, letter.coverage.read_until, letter.coverage.facts_until))
        self._bus.publish(LetterReady(self._id, letter))

    def _speech_model(self) -> str:
        """What transcribed it: in this run, or as an earlier letter says."""
        if self._engines.speech_model is not None:
            return self._engines.speech_model.id
        earlier = [
            letter.provenance.speech_model for letter in self._store.letters(self._id) if letter.provenance
        ]
        return earlier[-1] if earlier else ""
