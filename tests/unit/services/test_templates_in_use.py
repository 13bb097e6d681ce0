"""Every bundled template, written from nothing and from a dictation: what it must show, it shows."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from scribe_app.adapters.llama.prompts import prompts_for
from scribe_app.adapters.templates import TomlTemplates
from scribe_app.config import Settings
from scribe_app.domain.consultation import Consultation
from scribe_app.domain.dictation import dictated
from scribe_app.domain.events import DrafterReady
from scribe_app.domain.ids import UtteranceId, new_consultation_id
from scribe_app.domain.letter import Letter, Support
from scribe_app.domain.template import LetterTemplate, Presence
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance
from scribe_app.paths import resources_folder
from scribe_app.services.drafting import ABSENT, Clinician, LetterDraft
from scribe_app.services.styling import style_of, with_wording

LIBRARY = TomlTemplates([resources_folder() / "letter_templates"])
VISIT = Consultation(new_consultation_id(), datetime(2026, 11, 21, 9, 0, tzinfo=UTC), "en", "soap")


def written(template: LetterTemplate, transcript: Transcript) -> Letter:
    draft = LetterDraft(VISIT, template, transcript, Clinician(), "")
    for spec in template.sections:
        if template.verbatim:
            for statement in dictated(transcript):
                draft.add(spec.key, statement)
        draft.close_section(spec.key)
    return draft.finish(DrafterReady(VISIT.id, "none", "", ""), 0.0)


@pytest.mark.parametrize("name", LIBRARY.names())
def test_a_mandatory_heading_that_nobody_spoke_about_asks(name: str) -> None:
    template = LIBRARY.template(name)
    letter = written(template, Transcript(language=template.language))
    shown = {section.key: section.absent for section in letter.sections if not section.statements}
    mandatory = {spec.key for spec in template.sections if spec.presence is Presence.MANDATORY}
    dated = {section.key for section in letter.sections if section.statements}
    assert dated <= {"attendance"}  # the program's own date
    for key in mandatory - dated:
        assert shown[key] == ABSENT[template.language][Presence.MANDATORY]
    asks = "ask" if template.language == "en" else "navragen"
    assert all(asks in shown[key] for key in mandatory - dated)


@pytest.mark.parametrize(("name", "language"), [("dictation", "en"), ("dictaat", "nl")])
def test_a_dictated_letter_is_whole_and_supported(name: str, language: str) -> None:
    spoken = {
        "en": ("Dear colleague comma new paragraph I saw this man with chest pain full stop",
               "Left knee normal full stop"),
        "nl": ("Geachte collega komma nieuwe alinea ik zag deze man met pijn op de borst punt",
               "Linkerknie normaal punt"),
    }[language]  # fmt: skip
    transcript = Transcript(
        tuple(
            Utterance(UtteranceId(n), text, n * 9.0, n * 9.0 + 8, SpeakerRole.UNKNOWN)
            for n, text in enumerate(spoken, start=1)
        ),
        language,
    )
    letter = written(LIBRARY.template(name), transcript)
    assert len(letter.statements) == 2
    assert {statement.support for statement in letter.statements} == {Support.SUPPORTED}
    assert letter.coverage.items == ()
    assert letter.unsettled == 0


def test_the_model_is_told_the_house_style() -> None:
    template = with_wording(LIBRARY.template("soap"), style_of(Settings(spelling="british", person="third")))
    request = prompts_for("en").request(template.sections[0], template)
    assert "Use British spelling. Do not use the first person." in request
    assert "British" not in prompts_for("en").request(template.sections[0], LIBRARY.template("soap"))
