"""An instruction is a tracked change: nothing is stored before it is accepted, and nothing can be added."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from line_stage import Stage
from unit.services.true_statements import cases, transcript_of

from scribe_app.adapters.templates import TomlTemplates
from scribe_app.domain.checks.reading import read
from scribe_app.domain.consultation import Consultation, ConsultationState
from scribe_app.domain.ids import UtteranceId, new_consultation_id, new_letter_id
from scribe_app.domain.instructions import STYLES, Intent, Kind, Place, intent_of
from scribe_app.domain.letter import Letter, Provenance, Section, Statement, Support
from scribe_app.domain.lexicon.drugs import drugs_in
from scribe_app.domain.template import LetterTemplate, SectionSource
from scribe_app.errors import SigningError, UsageError
from scribe_app.paths import resources_folder
from scribe_app.services.drafting import with_absence
from scribe_app.services.evidence import check_statement
from scribe_app.services.instructing import LAYOUT, ORDER, Outcome, Proposal, applied, proposal_for

SAMPLES = ("chest-pain-en", "buikpijn-nl")
SECTIONS = {
    "history": "symptom", "medication": "medication", "allergies": "allergy", "family_history": "family",
    "social_history": "social", "concerns": "concern", "examination": "examination",
    "assessment": "assessment", "plan": "plan", "safety_netting": "safety_net",
}  # fmt: skip
"""Kind of a sample's fact → topic of the section it is written under."""
KEPT_TOPICS = ("medication", "allergy", "plan", "safety_net")
DENIALS = re.compile(
    r"\b(?:no|not|never|without|denies|\w+n't|cannot|geen|niet|nooit|zonder)\b", re.IGNORECASE
)
SIDES = re.compile(r"\b(?:left|right|both|links?|linker|rechts?|rechter)\b", re.IGNORECASE)
SPOKEN = {
    "chest-pain-en": (
        ("symptom", "Dad had a heart attack at 52.", (36,)),
        ("symptom", "It doesn't go into the jaw.", (18,)),
        ("examination", "I found the chest clear.", (50,)), ("plan", "I will refer to the clinic.", (60,)),
        ("examination", "BP 148/88.", (45,)), ("plan", "I advised aspirin 75 mg od.", (62,)),
        ("symptom", "Takes warfarin 9 mg, won't stop.", (28,)),
        ("assessment", "I think this may be angina.", (52,)),
    ),
    "buikpijn-nl": (
        ("symptom", "Mama had 't ook niet.", (16,)), ("assessment", "Ik denk aan diverticulitis.", (22,)),
        ("examination", "RR 132/80.", (18,)), ("plan", "Ik adviseerde paracetamol 1000 mg zn.", (24,)),
    ),
}  # fmt: skip
"""Lines as a draft may have them, true and untrue, with something to reword in each."""


def template_of(sample: str) -> LetterTemplate:
    name = "polikliniekbrief" if sample.endswith("nl") else "outpatient"
    return TomlTemplates([resources_folder() / "letter_templates"]).template(name)


def letter_of(sample: str, id: str = "") -> Letter:
    """A letter with every true line of a sample, checked, and the lines with something to reword."""
    template, transcript = template_of(sample), transcript_of(sample)
    lines = [
        (SECTIONS[case.spec.key], case.statement.text, case.statement.evidence) for case in cases(sample)
    ]
    lines += [(topic, text, tuple(map(UtteranceId, ids))) for topic, text, ids in SPOKEN[sample]]
    by_key: dict[str, list[Statement]] = {spec.key: [] for spec in template.sections}
    for topic, text, evidence in lines:
        spec = next(spec for spec in template.sections if topic in spec.topics)
        by_key[spec.key].append(check_statement(Statement(text, evidence=evidence), spec, transcript))
    made = (
        with_absence(
            Section(spec.key, spec.heading, tuple(by_key[spec.key]), "", spec.snomed_code), spec, "en"
        )
        if spec.source is SectionSource.CONVERSATION
        else Section(spec.key, spec.heading, (Statement("Alan", Support.CLINICIAN_ADDED, settled=True),))
        for spec in template.sections
    )
    shown = tuple(section for section in made if section.statements or section.absent)
    provenance = Provenance("scribe", template.name, template.version, "m", "s", "1")
    return Letter(
        new_letter_id(), new_consultation_id(), template.name, template.title, template.language, shown,
        provenance=provenance,
    )  # fmt: skip


def asked(sample: str, instruction: str, letter: Letter | None = None) -> Proposal:
    letter = letter or letter_of(sample)
    return proposal_for(letter, intent_of(instruction), template_of(sample), transcript_of(sample))


def accepted(sample: str, proposal: Proposal) -> Letter:
    ids = {change.id for change in proposal.changes}
    return applied(proposal.letter, template_of(sample), proposal, ids)


def keys(letter: Letter) -> list[str]:
    return [section.key for section in letter.sections]


def particulars(text: str, language: str) -> tuple[object, ...]:
    """Figures, denials, sides and medicines of a text, found otherwise than the program finds them."""
    drugs = {str(drug).casefold() for drug in drugs_in(text)}
    figures, sides = re.findall(r"\d+", text), SIDES.findall(text.lower())
    return Counter(figures), len(DENIALS.findall(text)), Counter(sides), drugs


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("kind", sorted(STYLES))
def test_no_rewording_changes_a_figure_a_medicine_a_side_a_denial_or_a_check(sample: str, kind: Kind) -> None:
    letter, template, transcript = letter_of(sample), template_of(sample), transcript_of(sample)
    try:
        proposal = proposal_for(letter, Intent(kind), template, transcript)
    except UsageError:
        return
    assert len(proposal.lines) == len(letter.statements), "no line comes in and none goes"
    old = {statement.id: statement for statement in letter.statements}
    for new in proposal.reworded:
        before = old[new.id]
        assert new.text != before.text
        assert particulars(new.text, letter.language)[1:] == particulars(before.text, letter.language)[1:]
        dosed = Counter(re.findall(r"\d+", new.text))
        assert dosed == Counter(re.findall(r"\d+", before.text))
        assert (new.support, new.evidence, new.flags) == (before.support, before.evidence, before.flags)


def test_rewording_is_not_idle() -> None:
    english, dutch = asked("chest-pain-en", "more formal"), asked("buikpijn-nl", "formeler")
    words = {line.before: line.after for line in (*english.changes, *dutch.changes)}
    assert words["It doesn't go into the jaw."] == "It does not go into the jaw."
    assert words["BP 148/88."] == "Blood pressure 148/88."
    assert words["I advised aspirin 75 mg od."] == "Advised aspirin 75 mg once daily."
    assert words["Mama had 't ook niet."] == "Moeder had het ook niet."


def test_words_that_the_evidence_does_not_carry_are_dropped_back_and_said() -> None:
    kept = {line.before: line for line in asked("chest-pain-en", "third person").kept_because}
    line = kept["I think this may be angina."]
    assert (line.after, line.reason) == (line.before, "what was said carries only these words")


def test_a_quotation_is_nobodys_to_reword() -> None:
    letter = letter_of("chest-pain-en")
    quoted = Statement("Dad's BP isn't known", Support.SUPPORTED, (UtteranceId(36),), quoted=True)
    sections = tuple(
        replace(s, statements=(*s.statements, quoted)) if s.key == "history" else s for s in letter.sections
    )
    proposal = asked("chest-pain-en", "more formal", replace(letter, sections=sections))
    (kept,) = [line for line in proposal.kept_because if line.id == quoted.id]
    assert (kept.after, kept.reason) == ("Dad's BP isn't known", "quoted word for word")


@pytest.mark.parametrize("sample", SAMPLES)
@pytest.mark.parametrize("support", [Support.INFERRED, Support.UNSUPPORTED, Support.SUPPORTED])
def test_shorter_never_loses_what_matters(sample: str, support: Support) -> None:
    """Even where every line is only inferred, or every line stands twice."""
    letter, template = letter_of(sample), template_of(sample)
    topics = {spec.key: spec.topics for spec in template.sections}
    sections = tuple(
        replace(
            section,
            statements=tuple(
                one
                for s in section.statements
                for one in (replace(s, support=support), Statement(s.text, support, s.evidence))
            )
            if topics[section.key]
            else section.statements,
        )
        for section in letter.sections
    )
    letter = replace(letter, sections=sections)
    try:
        short = accepted(sample, asked(sample, "shorter", letter))
    except UsageError:
        assert support is Support.UNSUPPORTED
        return
    left = {statement.id for statement in short.statements}
    for section in letter.sections:
        for statement in section.statements:
            if set(topics[section.key][:1]) & set(KEPT_TOPICS) or statement.needs_settling:
                assert statement.id in left, statement.text
    assert keys(short) == keys(letter), "no heading goes"
    stay = [read(statement.text, letter.language, False) for statement in short.statements]
    for statement in letter.statements if support is Support.SUPPORTED else ():
        gone = read(statement.text, letter.language, False)
        assert any(gone.stems <= one.stems and set(gone.drugs) <= set(one.drugs) for one in stay), (
            f"{statement.text}: of what stands twice, one stays"
        )


@pytest.mark.parametrize(
    ("sample", "text", "said", "shorter"),
    [
        ("chest-pain-en", "Pulse is 76 and regular.", 47, "Pulse 76 and regular."),
        ("buikpijn-nl", "De buik is verder soepel.", 20, "Buik verder soepel."),
    ],
)
def test_shorter_says_findings_in_telegram_style_and_leaves_what_is_to_settle(
    sample: str, text: str, said: int, shorter: str
) -> None:
    letter, template = letter_of(sample), template_of(sample)
    key = next(spec.key for spec in template.sections if "examination" in spec.topics)
    told = (
        Statement(text, Support.SUPPORTED, (UtteranceId(said),)),
        Statement("Temperature is 41.", Support.UNSUPPORTED),
        Statement("Weight is 80 kg.", Support.CLINICIAN_ADDED, settled=True),
    )
    sections = tuple(replace(s, statements=told) if s.key == key else s for s in letter.sections)
    letter = replace(letter, sections=sections)
    proposal = asked(sample, "shorter", letter)
    words = {line.before: (line.outcome, line.after) for line in proposal.lines}
    assert words[text] == (Outcome.REWORDED, shorter)
    assert words["Temperature is 41."][0] is Outcome.KEPT
    assert words["Weight is 80 kg."][0] is Outcome.KEPT
    (new,) = [one for one in accepted(sample, proposal).statements if one.text == shorter]
    assert (new.support, new.evidence) == (Support.SUPPORTED, (UtteranceId(said),))


def test_shorter_says_why_a_line_goes_and_why_one_stays() -> None:
    sample = "chest-pain-en"
    letter = letter_of(sample)
    told = [
        Statement("Came by bus in the rain.", Support.SUPPORTED, (UtteranceId(2),)),
        Statement("Perhaps tired.", Support.INFERRED, (UtteranceId(20),)),
        Statement("Perhaps no swelling.", Support.INFERRED, (UtteranceId(26),)),
        Statement("Takes nothing.", Support.UNSUPPORTED),
        Statement("Mine.", Support.CLINICIAN_ADDED, settled=True),
    ]
    sections = tuple(
        replace(s, statements=(*s.statements, *told)) if s.key == "history" else s for s in letter.sections
    )
    proposal = asked(sample, "shorter", replace(letter, sections=sections))
    why = {line.before: (line.outcome, line.reason) for line in proposal.lines}
    assert why["Perhaps tired."] == (Outcome.REMOVED, "only inferred")
    assert why["Perhaps no swelling."] == (Outcome.KEPT, "a number, medicine, side or denial")
    assert why["Takes nothing."] == (Outcome.KEPT, "still to settle")
    assert why["Mine."] == (Outcome.KEPT, "your own words")
    assert why["Allergic to penicillin"] == (Outcome.KEPT, "allergies")
    assert why["ECG today"][0] is Outcome.KEPT


@pytest.mark.parametrize(
    ("sample", "instruction", "key", "place"),
    [
        ("chest-pain-en", "move the history first", "history", 0),
        ("chest-pain-en", "move the plan to the end", "plan", -1),
        ("buikpijn-nl", "zet het beleid bovenaan", "beleid", 0),
        ("buikpijn-nl", "zet de anamnese onderaan", "anamnese", -1),
    ],
)
def test_a_moved_section_stands_where_it_was_asked_and_identity_keeps_its_place(
    sample: str, instruction: str, key: str, place: int
) -> None:
    letter, template = letter_of(sample), template_of(sample)
    fixed = {spec.key for spec in template.sections if spec.source is SectionSource.APPLICATION}
    proposal = asked(sample, instruction, letter)
    assert [change.id for change in proposal.changes] == [ORDER]
    moved = accepted(sample, proposal)
    assert [k for k in keys(moved) if k not in fixed][place] == key
    assert [(i, k) for i, k in enumerate(keys(moved)) if k in fixed] == [
        (i, k) for i, k in enumerate(keys(letter)) if k in fixed
    ]
    assert sorted(keys(moved)) == sorted(keys(letter))
    assert Counter(moved.statements) == Counter(letter.statements)


def test_up_and_down_are_one_place() -> None:
    letter = letter_of("chest-pain-en")
    up = accepted("chest-pain-en", asked("chest-pain-en", "move the plan up", letter))
    at = keys(letter).index("plan")
    assert keys(up)[at - 1 : at + 1] == ["plan", keys(letter)[at - 1]]
    assert keys(accepted("chest-pain-en", asked("chest-pain-en", "move the plan down", up))) == keys(letter)


def test_what_stands_there_already_is_not_moved() -> None:
    with pytest.raises(UsageError, match="nothing to change"):
        asked("chest-pain-en", "diagnoses first")


def test_a_section_left_out_goes_or_says_so_where_it_must_be_shown() -> None:
    letter = letter_of("chest-pain-en")
    proposal = asked("chest-pain-en", "leave out the family history", letter)
    assert {change.outcome for change in proposal.changes} == {Outcome.REMOVED}
    assert "family_history" not in keys(accepted("chest-pain-en", proposal))
    allergies = accepted("chest-pain-en", asked("chest-pain-en", "leave out the allergies", letter))
    (section,) = [section for section in allergies.sections if section.key == "allergies"]
    assert (section.statements, section.absent) == ((), "Left out")


@pytest.mark.parametrize(
    ("sample", "instruction", "about"),
    [
        ("chest-pain-en", "leave out the smoking", "Smokes about 10 a day, having stopped for 2 years"),
        ("chest-pain-en", "remove the statement about the knee", "Left knee clicks, unchanged for years"),
        ("buikpijn-nl", "laat de familieanamnese weg", "Zus had darmkanker"),
    ],
)
def test_statements_about_something_are_found_and_listed(sample: str, instruction: str, about: str) -> None:
    gone = [change.before for change in asked(sample, instruction).changes]
    assert about in gone
    assert len(gone) <= 4


@pytest.mark.parametrize(
    "instruction",
    [
        "leave out the zebra",
        "move the zebra up",
        "make the zebra shorter",
        "zebra as bullets",
        "leave out Alan",
    ],
)
def test_what_the_letter_does_not_have_is_refused(instruction: str) -> None:
    with pytest.raises(UsageError, match="unchanged"):
        asked("chest-pain-en", instruction)


def test_layout_is_one_change() -> None:
    proposal = asked("chest-pain-en", "as bullets")
    assert [change.id for change in proposal.changes] == [LAYOUT]
    laid = accepted("chest-pain-en", proposal)
    assert laid.provenance is not None
    assert dict(laid.provenance.settings)["layout"] == "bullets"
    with pytest.raises(UsageError, match="nothing to change"):
        asked("chest-pain-en", "as bullets", laid)


def test_only_what_is_accepted_is_done() -> None:
    proposal = asked("chest-pain-en", "more formal")
    first, *others = proposal.changes
    changed = applied(proposal.letter, template_of("chest-pain-en"), proposal, {first.id})
    texts = [statement.text for statement in changed.statements]
    assert first.after in texts
    assert all(other.before in texts for other in others)
    assert applied(proposal.letter, template_of("chest-pain-en"), proposal, ()) == proposal.letter


def test_a_line_that_was_changed_since_is_not_written_over() -> None:
    proposal = asked("chest-pain-en", "more formal")
    id = proposal.changes[0].id
    sections = tuple(
        replace(s, statements=tuple(replace(o, text="Mine.") if o.id == id else o for o in s.statements))
        for s in proposal.letter.sections
    )
    with pytest.raises(UsageError, match="changed in the meantime"):
        applied(replace(proposal.letter, sections=sections), template_of("chest-pain-en"), proposal, {id})


@pytest.fixture
def stored(stage: Stage) -> Letter:
    letter, said = letter_of("chest-pain-en"), transcript_of("chest-pain-en")
    state = ConsultationState.IN_REVIEW
    consultation = Consultation(letter.consultation, stage.now(), "en", "outpatient", state)
    stage.store.save_consultation(consultation)
    stage.store.add_utterances(letter.consultation, list(said), 64_000)
    stage.store.save_letter(letter)
    return letter


def test_nothing_is_stored_before_it_is_accepted_and_one_undo_takes_it_back(
    stage: Stage, stored: Letter
) -> None:
    proposal = stage.review.propose(stored.id, "leave out the smoking")
    assert stage.store.letter(stored.id) == stored
    assert stage.audited(stored.consultation) == []
    changed = stage.review.accept(proposal, {change.id for change in proposal.changes})
    assert stage.store.letter(stored.id) == changed
    assert len(changed.statements) == len(stored.statements) - len(proposal.changes)
    (entry,) = [one for one in stage.store.audit() if one.consultation == stored.consultation]
    assert (entry.action.value, entry.detail) == ("edited", f"letter {stored.id} by instruction: leave out")
    back = stage.review.undo(stored.id)
    assert [s.text for s in back.statements] == [s.text for s in stored.statements]
    assert keys(back) == keys(stored)


def test_a_moved_section_stays_where_it_is_when_a_line_in_it_changes(stage: Stage, stored: Letter) -> None:
    moved = stage.review.accept(stage.review.propose(stored.id, "move the plan last"), {ORDER})
    plan = next(section for section in moved.sections if section.key == "plan")
    after = stage.review.remove(stored.id, plan.statements[0].id)
    assert keys(after) == keys(moved) != keys(stored)


def test_a_signed_letter_is_amended_first(stage: Stage, stored: Letter) -> None:
    proposal = stage.review.propose(stored.id, "shorter")
    for statement in stored.statements:
        if statement.needs_settling:
            stage.review.settle(stored.id, statement.id)
    stage.review.sign(stored.id, "Dr Sam Sample", "GP")
    with pytest.raises(SigningError, match="Amend"):
        stage.review.propose(stored.id, "shorter")
    with pytest.raises(SigningError, match="Amend"):
        stage.review.accept(proposal, {change.id for change in proposal.changes})


@pytest.mark.parametrize("place", list(Place))
def test_every_section_can_go_everywhere_and_none_is_lost(place: Place) -> None:
    sample = "chest-pain-en"
    letter, template, transcript = letter_of(sample), template_of(sample), transcript_of(sample)
    for section in letter.sections:
        intent = Intent(Kind.MOVE, " ".join(re.findall(r"\w+", section.heading.lower())), place)
        try:
            moved = accepted(sample, proposal_for(letter, intent, template, transcript))
        except UsageError:
            continue
        assert sorted(keys(moved)) == sorted(keys(letter))


def patient_letter(
    sample: str, *told: tuple[str, str, tuple[int, ...], bool]
) -> tuple[Letter, LetterTemplate]:
    """A letter to the patient with these lines: topic, text, evidence, whether it is a quote."""
    name = "patientenbrief" if sample.endswith("nl") else "patient"
    template = TomlTemplates([resources_folder() / "letter_templates"]).template(name)
    sections = []
    for spec in template.sections:
        made = tuple(
            check_statement(
                Statement(text, evidence=tuple(map(UtteranceId, ids)), quoted=quoted),
                spec,
                transcript_of(sample),
            )
            for topic, text, ids, quoted in told
            if topic in spec.topics
        )
        sections.append(Section(spec.key, spec.heading, made, "", spec.snomed_code))
    shown = tuple(section for section in sections if section.statements)
    provenance = Provenance("scribe", template.name, template.version, "m", "s", "1")
    letter = Letter(
        new_letter_id(), new_consultation_id(), template.name, template.title, template.language, shown,
        provenance=provenance,
    )  # fmt: skip
    return letter, template


@pytest.mark.parametrize(
    ("sample", "told", "shorter"),
    [
        (
            "chest-pain-en",
            [
                ("symptom", "You told us: no sweating or palpitations.", (21, 22), False),
                ("symptom", "You told us: “It's like a tight band, right across the middle.”", (8,), True),
                ("plan", "I'd like you to start aspirin, 75 mg once a day with food.", (62,), True),
            ],
            [
                "No sweating or palpitations.",
                "“It's like a tight band, right across the middle.”",
                "Start aspirin, 75 mg once a day with food.",
            ],
        ),
        (
            "buikpijn-nl",
            [
                ("symptom", "U vertelde ons: geen bloed bij de ontlasting.", (9, 10), False),
                ("symptom", "U vertelde ons: “Een zeurende pijn, links onderin.”", (4,), True),
            ],
            ["Geen bloed bij de ontlasting.", "“Een zeurende pijn, links onderin.”"],
        ),
    ],
)
def test_a_letter_to_the_patient_gets_shorter_and_loses_nothing(
    sample: str, told: list[tuple[str, str, tuple[int, ...], bool]], shorter: list[str]
) -> None:
    letter, template = patient_letter(sample, *told)
    proposal = proposal_for(letter, intent_of("shorter"), template, transcript_of(sample))
    short = applied(letter, template, proposal, {change.id for change in proposal.changes})
    assert [statement.text for statement in short.statements] == shorter
    for old, new in zip(letter.statements, short.statements, strict=True):
        assert (new.support, new.evidence, new.flags) == (old.support, old.evidence, old.flags)
        assert particulars(new.text, letter.language) == particulars(old.text, letter.language)


@pytest.mark.parametrize(
    ("sample", "told"),
    [
        ("chest-pain-en", ("examination", "Your heart sounds are normal.", (50,), False)),
        ("buikpijn-nl", ("examination", "De pols is 84.", (18,), False)),
    ],
)
def test_a_letter_that_cannot_be_shorter_says_why(
    sample: str, told: tuple[str, str, tuple[int, ...], bool]
) -> None:
    letter, template = patient_letter(sample, told)
    with pytest.raises(UsageError) as refused:
        proposal_for(letter, intent_of("shorter"), template, transcript_of(sample))
    assert refused.value.title == "This cannot be said in fewer words without losing something."
    why = "quoted word for word" if told[3] else "in as few words as it can be told"
    assert refused.value.detail == f"1 statements are kept: {why}."
