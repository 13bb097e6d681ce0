"""Several letters of one consultation from one checked set of facts: corrected once, known to all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from scribe_app.domain.corrections import (
    FACTS,
    Correction,
    CorrectionKind,
    marked,
    only_reworded,
    own_statements,
    stale_statements,
    with_corrections,
    with_section,
)
from scribe_app.domain.fact_corrections import told_now
from scribe_app.domain.facts import Fact
from scribe_app.domain.ids import ConsultationId, LetterId, UtteranceId
from scribe_app.domain.letter import Letter, Section, Statement, Support
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.domain.transcript import Transcript
from scribe_app.domain.typed_notes import heading_for
from scribe_app.errors import TemplateError
from scribe_app.ports import Clock, ConsultationStore, TemplateLibrary
from scribe_app.services.drafting import placed, recheck, with_coverage


class SeveralLetters:
    """Keeps the log of corrections, and holds letters against it."""

    def __init__(self, store: ConsultationStore, templates: TemplateLibrary, clock: Clock) -> None:
        self._store, self._templates, self._clock = store, templates, clock

    # --- what was changed ---------------------------------------------------------------------------

    def note_edit(self, letter: Letter, before: Statement, after: str) -> None:
        """A statement was changed to other words, or (empty) taken out."""
        if not before.evidence or before.text == after:
            return  # nothing else can rest on it
        if only_reworded(before.text, after, letter.language):
            return
        kind = CorrectionKind.EDITED if after else CorrectionKind.REMOVED
        self._add(letter.consultation, kind, letter, before.evidence, before.text, after)

    def note_utterances(
        self, id: ConsultationId, utterances: Iterable[UtteranceId], seen_in: Letter | None
    ) -> None:
        """What was heard was corrected, with this letter on screen, which shows it already."""
        self._add(id, CorrectionKind.UTTERANCE, seen_in, tuple(utterances), "", "")

    def note_drafted(self, letter: Letter) -> None:
        """A new letter knows every correction until now."""
        self._add(letter.consultation, CorrectionKind.DRAFTED, letter)

    def note_fact(self, id: ConsultationId, kind: CorrectionKind, fact: Fact, after: str = "") -> Correction:
        """A fact was corrected, rejected, or taken back to how it was heard."""
        correction = Correction(id, kind, self._clock(), None, fact.utterances, fact.text, after)
        self._store.add_correction(correction)
        return correction

    # --- letters held against it --------------------------------------------------------------------

    def stale(self, id: ConsultationId) -> dict[LetterId, dict[str, Correction]]:
        """Letter id → statement id → the correction elsewhere that it rests on; only letters with some."""
        letters, corrections = self._store.letters(id), self._store.corrections(id)
        found = {letter.id: stale_statements(letter, corrections, letters) for letter in letters}
        return {letter: statements for letter, statements in found.items() if statements}

    def checked(self, letter: Letter, template: LetterTemplate) -> Letter:
        """The letter checked anew, what rests on a correction elsewhere put before the clinician."""
        letters = self._store.letters(letter.consultation)
        corrections = self._store.corrections(letter.consultation)
        stale = stale_statements(letter, corrections, letters)
        titles = {other.id: other.title for other in letters}
        id = letter.consultation
        transcript, prior = self._store.transcript(id), self._store.prior(id)
        new = recheck(letter, template, transcript, told=self.told(id), prior=prior)
        for section in new.sections:
            statements = tuple(
                self._put_before(statement, stale.get(statement.id), titles, letter.language)
                for statement in section.statements
            )
            new = with_section(new, replace(section, statements=statements))
        self._add(letter.consultation, CorrectionKind.CHECKED, letter)
        return new

    def carried(self, letter: Letter, template: LetterTemplate, *, listed: bool = True) -> Letter:
        """A new letter with what the clinician changed and added in the others of its consultation.

        listed: with its list of what is not written brought up to date.
        """
        letters = [held for held in self._store.letters(letter.consultation) if held.id != letter.id]
        corrections = self._store.corrections(letter.consultation)
        if not letters and not any(one.kind in FACTS for one in corrections):
            return letter
        new = with_corrections(letter, corrections, letters)
        new = self._with_own(new, template, letters)
        return with_coverage(new, template, self.told(letter.consultation)) if listed else new

    def told(self, id: ConsultationId) -> Transcript:
        """What has to be told of a consultation, facts as the clinician corrected them."""
        return told_now(self._store.transcript(id), self._store.corrections(id))

    def _with_own(self, letter: Letter, template: LetterTemplate, letters: Sequence[Letter]) -> Letter:
        """What was added by hand elsewhere goes under the heading that fits, once."""
        have = {" ".join(statement.text.casefold().split()) for statement in letter.statements}
        open_sections = [spec for spec in template.sections if spec.source is SectionSource.CONVERSATION]
        for statement in own_statements(letters, self._application_keys(letters)):
            text = " ".join(statement.text.casefold().split())
            spec = heading_for(statement.text, open_sections, template.language)
            if text in have or spec is None or template.verbatim:
                continue
            have.add(text)
            section = next((s for s in letter.sections if s.key == spec.key), None)
            section = section or Section(spec.key, spec.heading, snomed_code=spec.snomed_code)
            own = Statement(statement.text, support=Support.CLINICIAN_ADDED, settled=True)
            one_more = replace(section, statements=(*section.statements, own), absent="")
            letter = placed(letter, template, one_more)
        return letter

    def _application_keys(self, letters: Sequence[Letter]) -> frozenset[str]:
        """Keys of sections that are filled from the fields, in the templates of these letters."""
        keys: set[str] = set()
        for letter in letters:
            try:
                version = letter.provenance.template_version if letter.provenance else 0
                template = self._templates.template(letter.template, version)
            except TemplateError:  # taken away since: its letter gives nothing to others
                keys |= {section.key for section in letter.sections}
                continue
            keys |= {spec.key for spec in template.sections if spec.source is SectionSource.APPLICATION}
        return frozenset(keys)

    def _put_before(
        self, statement: Statement, correction: Correction | None, titles: dict[LetterId, str], language: str
    ) -> Statement:
        if correction is None:
            return statement
        checked_anew = statement.support is not Support.CLINICIAN_ADDED and not statement.settled
        if correction.kind is CorrectionKind.UTTERANCE and checked_anew:
            return statement  # the checks have just read it against the corrected words
        return marked(statement, correction, titles.get(correction.letter or LetterId(""), ""), language)

    def _add(
        self,
        consultation: ConsultationId,
        kind: CorrectionKind,
        letter: Letter | None,
        utterances: tuple[UtteranceId, ...] = (),
        before: str = "",
        after: str = "",
    ) -> None:
        id = letter.id if letter else None
        self._store.add_correction(
            Correction(consultation, kind, self._clock(), id, utterances, before, after)
        )
