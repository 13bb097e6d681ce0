"""Public consultations in their published form; the texts here are invented, the form is theirs."""

from __future__ import annotations

import pytest

from scribe_app.domain.documents.published import checklist, dialogue, two_grids
from scribe_app.domain.transcript import SpeakerRole
from scribe_app.errors import TranscriptFileError


def test_a_dialogue_in_brackets() -> None:
    found = dialogue("[doctor] hi , john .\n[patient] hello\n[patient_guest] he is tired .")
    assert [(u.speaker, u.text) for u in found] == [
        (SpeakerRole.CLINICIAN, "hi , john ."),
        (SpeakerRole.PATIENT, "hello"),
        (SpeakerRole.OTHER, "he is tired ."),
    ]
    assert [u.id for u in found] == [1, 2, 3]
    assert all(a.end <= b.start for a, b in zip(found, found.utterances[1:], strict=False))


def test_a_dialogue_with_colons_and_a_line_that_goes_on() -> None:
    found = dialogue("Doctor: Any pain?\r\n Patient: Yes,\r\nin the knee.\r\nGuest_clinician: Noted.\r\n.")
    assert [u.text for u in found] == ["Any pain?", "Yes, in the knee.", "Noted. ."]
    assert found.utterances[2].speaker is SpeakerRole.CLINICIAN


@pytest.mark.parametrize("text", ["", "\n\n", "no speaker at all"])
def test_a_dialogue_without_speech_is_told(text: str) -> None:
    with pytest.raises(TranscriptFileError):
        dialogue(text)


def grid(*intervals: tuple[float, float, str]) -> str:
    parts = [f'xmin = {a}\n\t\t\txmax = {b}\n\t\t\ttext = "{text}"\n' for a, b, text in intervals]
    return 'File type = "ooTextFile"\n' + "\t\t".join(parts)


def test_two_grids_are_put_together_by_time() -> None:
    doctor = grid((0, 1, "Hello?"), (1, 4, ""), (4, 6.5, 'He said ""yes"".'))
    patient = grid((0, 2, ""), (2, 3.5, "<UNSURE>Hi</UNSURE> doctor."))
    found = two_grids(doctor, patient)
    assert [(u.start, u.speaker.value, u.text) for u in found] == [
        (0.0, "clinician", "Hello?"),
        (2.0, "patient", "Hi doctor."),
        (4.0, "clinician", 'He said "yes".'),
    ]


def test_critical_facts_stand_beside_a_c() -> None:
    strings = "<sst>" + "".join(
        f"<si><t>{text}</t></si>" for text in ("*BP &gt;140", "c", "nice-to-know", "n", "6-7 times/day")
    )
    sheet = (
        '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>1</v></c>'
        '<c r="C1" t="s"><v>4</v></c><c r="D1" t="s"><v>1</v></c></row>'
        '<row r="2"><c r="A2" t="s"><v>2</v></c><c r="B2" t="s"><v>3</v></c></row>'
        '<row r="3"><c r="A3" t="s"><v>0</v></c><c r="B3" t="s"><v>1</v></c></row>'
    )
    assert checklist(strings, sheet) == ("BP >140", "6 7 times/day")
