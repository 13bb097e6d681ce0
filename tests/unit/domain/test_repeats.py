"""Each line once, and a heading that loses its lines says where they stand."""

from __future__ import annotations

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Section, Statement
from scribe_app.domain.repeats import without_repeats
from scribe_app.domain.template import LetterTemplate, SectionSpec

ASPIRIN = Statement("Start aspirin 75 mg.", evidence=(UtteranceId(3),))
SAME = Statement("Start aspirin 75 mg.", evidence=(UtteranceId(3),))
ECG = Statement("ECG today.", evidence=(UtteranceId(4),))
OTHER_TIME = Statement("ECG today.", evidence=(UtteranceId(9),))


def spec(key: str, *topics: str) -> SectionSpec:
    return SectionSpec(key, key.title(), "", topics)


TEMPLATE = LetterTemplate(
    "t", "T", "en", 1, (spec("plan", "plan"), spec("drugs", "medication"), spec("told", "advice"))
)


def told(*sections: Section) -> dict[str, tuple[list[str], str]]:
    return {
        section.key: ([s.text for s in section.statements], section.absent)
        for section in without_repeats(sections, TEMPLATE)
    }


def test_a_line_stands_where_it_is_met_first_and_lists_of_medicines_stay_whole() -> None:
    assert told(
        Section("plan", "Plan", (ASPIRIN, ECG)),
        Section("drugs", "Drugs", (SAME,)),
        Section("told", "Told", (SAME, OTHER_TIME)),
    ) == {
        "plan": ([ASPIRIN.text, ECG.text], ""),
        "drugs": ([ASPIRIN.text], ""),
        "told": ([OTHER_TIME.text], ""),
    }


def test_an_emptied_heading_says_where_to_look() -> None:
    assert told(Section("plan", "Plan", (ASPIRIN,)), Section("told", "Told", (SAME,)))["told"] == (
        [],
        "See Plan",
    )


def test_what_is_absent_stays_said_so() -> None:
    assert told(Section("plan", "Plan", (), "Not recorded – ask")) == {"plan": ([], "Not recorded – ask")}
