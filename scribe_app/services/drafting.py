"""One letter while it is being written: statements come in, are checked, and become a Letter."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scribe_app import __version__
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.corrections import Correction, CorrectionKind, still_marked
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.fact_corrections import with_marks, without_marks
from scribe_app.domain.house_style import HouseStyle
from scribe_app.domain.ids import LetterId, StatementId, UtteranceId, new_letter_id
from scribe_app.domain.letter import Coverage, Letter, Provenance, Section, Statement, Support
from scribe_app.domain.prior_letters import PriorLetter
from scribe_app.domain.repeats import without_repeats
from scribe_app.domain.template import LetterTemplate, Presence, SectionSource, SectionSpec
from scribe_app.domain.transcript import Transcript
from scribe_app.services.evidence import (
    check_statement,
    checked_again,
    find_coverage,
    with_second_look,
)
from scribe_app.services.explaining import with_terms_explained
from scribe_app.services.prior_evidence import check_prior, prior_checked_again
from scribe_app.services.styling import restyled, style_for

ABSENT = {
    "en": {Presence.MANDATORY: "Not recorded – ask", Presence.REQUIRED: "Not recorded"},
    "nl": {Presence.MANDATORY: "Niet vastgelegd – navragen", Presence.REQUIRED: "Niet vastgelegd"},
}
"""What stands under a heading nobody spoke about (PRSB: mandatory and required headings are shown)."""

NOT_WRITTEN = {"en": "Not written", "nl": "Niet geschreven"}
"""What stands under a heading that writing did not get to: nobody knows whether it was spoken about."""

SALUTATION = {"en": "Dear {name},", "nl": "Beste {name},"}


@dataclass(frozen=True, slots=True)
class Clinician:
    """Who writes: from the settings, never from speech."""

    name: str = ""
    role: str = ""


Placed = tuple[str, Statement]
"""The key of a section, and a statement in it."""


class LetterDraft:
    """Collects the checked statements of one letter until it is finished."""

    def __init__(
        self,
        consultation: Consultation,
        template: LetterTemplate,
        transcript: Transcript,
        clinician: Clinician,
        speech_model: str,
        letter_id: LetterId | None = None,
        style: HouseStyle | None = None,
        prior: Sequence[PriorLetter] = (),
    ) -> None:
        self.prior = prior
        self._style = style_for(template, style or HouseStyle())
        self.consultation = consultation
        self.template = template
        self.transcript = self.told = transcript
        """As it was said, and as it holds: facts in the clinician's words, rejected ones left out."""
        self.checked_with = transcript
        """What every statement that is kept was held against."""
        self._clinician = clinician
        self._speech_model = speech_model
        self._id = letter_id or new_letter_id()
        self._statements: dict[str, list[Statement]] = {spec.key: [] for spec in template.sections}
        self._drafted: set[str] = set()
        self._quoted: tuple[str, ...] = ()
        self._second_looks: list[tuple[DrafterReady, bool]] = []
        """Who looked again at a statement, and whether that made it doubted."""
        self._begun_by: DrafterReady | None = None

    def add(self, section: str, statement: Statement) -> Statement:
        """Check a statement against what was said and keep it under its section."""
        return self.keep(section, self.checked(section, statement))

    def keep(self, section: str, statement: Statement) -> Statement:
        """Keep a checked statement under its section."""
        self._statements[section].append(statement)
        return statement

    def checked(self, section: str, statement: Statement) -> Statement:
        """A statement checked against what was said; the draft stays as it is, so any thread may ask."""
        if statement.support is not Support.CLINICIAN_ADDED:
            spec = self.template.section(section)
            if statement.prior:
                statement = check_prior(statement, spec, self.prior, self.transcript)
            else:
                statement = check_statement(statement, spec, self._holding(statement))
            statement = restyled(statement, spec, self._style, self.template.language, self.transcript)
        return statement

    def _holding(self, statement: Statement) -> Transcript:
        """What a statement is checked against: what holds, where it rests on a fact that was corrected."""
        if self.told is self.transcript:
            return self.transcript
        said, told = (list(one.cited(statement.evidence)) for one in (self.transcript, self.told))
        return self.transcript if said == told else self.told

    def follow(self, correction: Correction) -> list[tuple[str, Statement]]:
        """Mark what is written already and rests on a fact that was corrected or rejected meanwhile.

        A fact that holds again as it was heard takes its marks back. Returns what changed, by section.
        """
        held = Letter(
            self._id, self.consultation.id, self.template.name, "", self.template.language,
            tuple(Section(key, "", tuple(statements)) for key, statements in self._statements.items()),
        )  # fmt: skip
        new = without_marks(held, correction, lambda section, one: self.checked(section.key, one))
        if correction.kind is not CorrectionKind.FACT_RESTORED:
            new = with_marks(new, correction)
        self._statements = {section.key: list(section.statements) for section in new.sections}
        return [
            (section.key, one)
            for section, before in zip(new.sections, held.sections, strict=True)
            for one, old in zip(section.statements, before.statements, strict=True)
            if one != old
        ]

    def resting_on(self, corrected: frozenset[UtteranceId]) -> list[Placed]:
        """What is written already and rests on these utterances."""
        return [
            (key, one)
            for key, statements in self._statements.items()
            for one in statements
            if set(one.evidence) & corrected
        ]

    def rechecked(
        self, statements: Sequence[Placed], now: Transcript, corrected: frozenset[UtteranceId]
    ) -> list[Placed]:
        """These statements against corrected words, and marked; the draft stays as it is."""
        specs = {spec.key: spec for spec in self.template.sections}
        return [
            (key, still_marked(one, checked_again(one, specs[key], now, corrected)))
            for key, one in statements
        ]

    def put(self, before: Sequence[Placed], after: Sequence[Placed]) -> bool:
        """Statements in the place of others; False where one has changed since, which is left alone."""
        all_put = True
        for (key, old), (_, new) in zip(before, after, strict=True):
            held = self._statements[key]
            place = next((at for at, one in enumerate(held) if one == old), None)
            if place is None:
                all_put = False
            else:
                held[place] = new
        return all_put

    def close_section(self, section: str) -> None:
        """No more statements come for this section."""
        self._drafted.add(section)

    @property
    def missing(self) -> tuple[str, ...]:
        """Sections the drafter has not finished, in reading order."""
        return tuple(
            spec.key
            for spec in self.template.sections
            if spec.source is SectionSource.CONVERSATION and spec.key not in self._drafted
        )

    @property
    def has_statements(self) -> bool:
        """Whether anything was drafted."""
        return any(self._statements.values())

    def forget_unfinished(self, begun_by: DrafterReady | None = None) -> None:
        """Drop statements of sections that were cut off, so that they can be quoted instead.

        begun_by: the model that wrote what stays, and is named as the letter's; None where none did.
        """
        if self._drafted and begun_by is not None:
            self._begun_by, self._quoted = begun_by, self.missing
        for section in self.missing:
            self._statements[section].clear()

    def judge(self, statement: StatementId, agreement: float, by: DrafterReady) -> None:
        """Take a second look at one of the statements into account; whose it was goes into the letter."""
        for statements in self._statements.values():
            for position, held in enumerate(statements):
                if held.id == statement:
                    new = with_second_look(held, agreement, self.transcript.language)
                    statements[position] = new
                    self._second_looks.append((by, new is not held))

    def finish(
        self, drafter: DrafterReady, read_until: float, facts_until: float = 0.0, *, listed: bool = True
    ) -> Letter:
        """The letter as it stands, with what was said and is not in it (`listed`; that is the long part)."""
        sections = tuple(self._section(spec) for spec in self.template.sections)
        if not self.template.verbatim:
            sections = without_repeats(sections, self.template)
            sections = with_terms_explained(sections, self.template, self.transcript)
        shown = tuple(section for section in sections if section.statements or section.absent)
        items = find_coverage(shown, self.template, self.transcript) if listed else ()
        return Letter(
            id=self._id,
            consultation=self.consultation.id,
            template=self.template.name,
            title=self.template.title,
            language=self.template.language,
            sections=shown,
            coverage=Coverage(items, read_until, self.transcript.seconds, facts_until, listed),
            provenance=self._provenance(self._begun_by or drafter),
            opening=opening_lines(self.template, self.consultation),
            closing=closing_lines(self.template, self._clinician),
        )

    def _section(self, spec: SectionSpec) -> Section:
        statements = tuple(self._statements[spec.key])
        if spec.source is SectionSource.APPLICATION:
            statements = application_statements(
                spec, self.consultation, self._clinician, self.template.language
            )
        section = Section(spec.key, spec.heading, statements, "", spec.snomed_code)
        if spec.key in self.missing and not statements:
            return replace(section, absent=NOT_WRITTEN[self.template.language])
        return with_absence(section, spec, self.template.language)

    def _provenance(self, drafter: DrafterReady) -> Provenance:
        return Provenance(
            application=f"scribe {__version__}",
            template=self.template.name,
            template_version=self.template.version,
            drafting_model=drafter.model,
            drafting_model_sha256=drafter.sha256,
            prompt_version=drafter.prompt_version,
            speech_model=self._speech_model,
            settings=self._settings(),
        )

    def _settings(self) -> tuple[tuple[str, str], ...]:
        """What else made the draft as it is: quoted sections, prior letters, and the house style."""
        names = ("layout", "spelling", "abbreviations", "person", "dates")
        values = {
            "quoted_sections": ",".join(self._quoted),
            "second_look": second_look_told(self._second_looks),
        }
        values["prior_letters"] = ",".join(str(letter.number) for letter in self.prior)
        values |= {name: getattr(self._style, name) for name in names}
        return tuple((name, value) for name, value in values.items() if value)


def second_look_told(looks: Sequence[tuple[DrafterReady, bool]]) -> str:
    """Which model looked again, by which prompts, at how many statements, and how many it did not find."""
    told = []
    for by in dict.fromkeys(by for by, _ in looks):
        doubted = [doubts for who, doubts in looks if who == by]
        which = f"{by.model}, sha256 {by.sha256}, prompts {by.prompt_version}"
        told.append(f"{which}: {len(doubted)} read, {sum(doubted)} doubted")
    return "; ".join(told)


def with_absence(section: Section, spec: SectionSpec, language: str) -> Section:
    """The section, saying so where a heading that must be shown has nothing under it."""
    absent = "" if section.statements else ABSENT[language].get(spec.presence, "")
    return replace(section, absent=absent)


def placed(letter: Letter, template: LetterTemplate, section: Section) -> Letter:
    """The letter with this section in its place of reading; left out when it has nothing to show.

    A section that the letter has stays where it stands, since the clinician may have moved it.
    """
    held = list(letter.sections)
    keys = [one.key for one in held]
    if section.key in keys:
        held[keys.index(section.key)] = section
    else:
        order = [spec.key for spec in template.sections]
        earlier = set(order[: order.index(section.key)]) if section.key in order else set(keys)
        at = next((place for place, key in enumerate(keys) if key not in earlier), len(keys))
        held.insert(at, section)
    return replace(letter, sections=tuple(one for one in held if one.statements or one.absent))


def opening_lines(template: LetterTemplate, consultation: Consultation) -> str:
    """Salutation (letters to the patient, when the name is known) and the template's opening."""
    name = consultation.patient.name.strip()
    salutation = SALUTATION[template.language].format(name=name) if name else ""
    lines = (salutation if template.audience == "patient" else "", template.opening)
    return "\n".join(line for line in lines if line)


def closing_lines(template: LetterTemplate, clinician: Clinician) -> str:
    """The template's closing with the clinician's name and role below it."""
    if not template.closing:
        return ""
    return "\n".join(line for line in (template.closing, clinician.name, clinician.role) if line)


def readdressed(letter: Letter, template: LetterTemplate, before: Consultation, now: Consultation) -> Letter:
    """The letter with the patient as typed now; what the clinician wrote there by hand stays."""
    for spec in template.sections:
        if spec.source is not SectionSource.APPLICATION:
            continue
        old, new = (application_statements(spec, c, Clinician(), letter.language) for c in (before, now))
        held = next((s for s in letter.sections if s.key == spec.key), Section(spec.key, spec.heading))
        same = [statement.text for statement in held.statements] == [statement.text for statement in old]
        if same and [s.text for s in old] != [s.text for s in new]:
            section = replace(held, statements=new, snomed_code=spec.snomed_code)
            letter = placed(letter, template, with_absence(section, spec, letter.language))
    if letter.opening == opening_lines(template, before):
        letter = replace(letter, opening=opening_lines(template, now))
    return letter


def application_statements(
    spec: SectionSpec, consultation: Consultation, clinician: Clinician, language: str
) -> tuple[Statement, ...]:
    """What an application-sourced section says: identity, date and author as typed, never as heard."""
    patient = consultation.patient
    date = consultation.started_at.astimezone().strftime("%d-%m-%Y" if language == "nl" else "%d/%m/%Y")
    lines = {
        "demographics": (patient.name, patient.date_of_birth, patient.record_number),
        "attendance": (date, clinician.name),
        "author": (clinician.name, clinician.role, date if clinician.name else ""),
    }.get(spec.key, ())
    text = ", ".join(line for line in lines if line)
    if not text:
        return ()
    return (Statement(text, support=Support.CLINICIAN_ADDED, settled=True),)


def recheck(
    letter: Letter,
    template: LetterTemplate,
    transcript: Transcript,
    corrected: frozenset[UtteranceId] | None = None,
    told: Transcript | None = None,
    prior: Sequence[PriorLetter] = (),
) -> Letter:
    """Check every statement again, and list anew what was said but is not written.

    With `corrected`, only statements that rest on these utterances (or on nothing yet) are looked at, and
    those that rest on them say so; all others stay as they are. `told` is what the list is made from, where
    the clinician corrected facts (see told_now). What comes from `prior` letters is held against today
    once more.
    """
    specs = {spec.key: spec for spec in template.sections}
    sections = []
    for section in letter.sections:
        spec = specs.get(section.key)
        if spec is None:  # the template was changed since
            sections.append(section)
            continue
        statements = tuple(
            still_marked(
                statement,
                prior_checked_again(statement, spec, prior, transcript)
                if statement.prior
                else checked_again(statement, spec, transcript, corrected),
            )
            for statement in section.statements
        )
        sections.append(replace(section, statements=statements))
    return with_coverage(replace(letter, sections=tuple(sections)), template, told or transcript)


def with_coverage(letter: Letter, template: LetterTemplate, transcript: Transcript) -> Letter:
    """The letter with its list of what was said but is not written brought up to date; dismissals stay."""
    dismissed = {item.utterance for item in letter.coverage.items if item.dismissed}
    items = tuple(
        replace(item, dismissed=item.utterance in dismissed)
        for item in find_coverage(letter.sections, template, transcript)
    )
    return replace(letter, coverage=replace(letter.coverage, items=items, listed=True))
