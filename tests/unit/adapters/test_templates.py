from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from scribe_app.adapters.templates import TomlTemplates, template_text
from scribe_app.domain.template import LetterTemplate, Presence, SectionSource
from scribe_app.domain.topics import TOPICS
from scribe_app.errors import TemplateError
from scribe_app.ports import TemplateLibrary

BUNDLED = Path(__file__).parents[3] / "resources" / "letter_templates"
NAMES = {
    "soap", "soep", "outpatient", "polikliniekbrief", "patient", "patientenbrief", "referral", "verwijsbrief",
    "discharge", "ontslagbrief", "dictation", "dictaat",
}  # fmt: skip
GOOD = """
title = "Mine"
language = "en"
version = 3
[[sections]]
key = "story"
heading = "Story"
guidance = "What was told."
topics = ["symptom"]
"""


@pytest.fixture
def own(tmp_path: Path) -> Path:
    (tmp_path / "mine.toml").write_text(GOOD, encoding="utf-8")
    return tmp_path


def test_the_bundled_templates_are_there_and_read() -> None:
    library: TemplateLibrary = TomlTemplates([BUNDLED])
    assert set(library.names()) >= NAMES
    for name in library.names():
        template = library.template(name)
        assert isinstance(template, LetterTemplate)
        assert template.name == name
        assert template.version >= 1


@pytest.mark.parametrize("name", sorted(NAMES))
def test_everything_that_can_be_said_has_a_place_in_the_letter(name: str) -> None:
    template = TomlTemplates([BUNDLED]).template(name)
    assert {topic for section in template.sections for topic in section.topics} == set(TOPICS)


@pytest.mark.parametrize("name", sorted(NAMES))
def test_findings_opinions_and_plans_need_the_clinician(name: str) -> None:
    template = TomlTemplates([BUNDLED]).template(name)
    for section in () if template.verbatim or "summary" in template.title else template.sections:
        if {"examination", "assessment", "plan"} & set(section.topics):
            assert section.clinician_only, section.key


def test_the_outpatient_letter_has_the_published_headings_and_codes() -> None:
    template = TomlTemplates([BUNDLED]).template("outpatient")
    assert template.section("allergies").snomed_code == "886921000000105"
    assert template.section("plan").snomed_code == "887201000000105"
    mandatory = {s.key for s in template.sections if s.presence is Presence.MANDATORY}
    assert mandatory == {"demographics", "gp_practice", "attendance", "allergies", "summary", "author"}
    identity = [
        s for s in template.sections if s.key in {"demographics", "gp_practice", "attendance", "author"}
    ]
    assert all(s.source is SectionSource.APPLICATION for s in identity)
    assert all(s.snomed_code for s in template.sections)


def test_the_discharge_summary_has_the_published_headings_and_codes() -> None:
    template = TomlTemplates([BUNDLED]).template("discharge")
    mandatory = {s.key for s in template.sections if s.presence is Presence.MANDATORY}
    assert mandatory == {"demographics", "gp_practice", "diagnoses", "allergies", "summary", "author"}
    required = {s.key for s in template.sections if s.presence is Presence.REQUIRED}
    assert required == {
        "referrer", "admission", "discharge", "plan", "information_given", "concerns",
        "individual_requirements", "safety_alerts", "legal", "distribution",
    }  # fmt: skip
    codes = {section.heading: section.snomed_code for section in template.sections}
    assert codes["Admission details"] == "886781000000108"
    assert codes["Discharge details"] == "886811000000106"
    assert all(code.isdigit() for code in codes.values())


def test_english_and_dutch_have_the_same_kinds_of_letter() -> None:
    library = TomlTemplates([BUNDLED])
    count = {"en": 0, "nl": 0}
    for name in library.names():
        count[library.template(name).language] += 1
    assert count["en"] == count["nl"] == 6


@pytest.mark.parametrize("name", sorted(NAMES))
def test_a_changed_bundled_template_keeps_its_earlier_versions(name: str) -> None:
    library = TomlTemplates([BUNDLED])
    for version in range(1, library.template(name).version):
        assert library.template(name, version).version == version


def test_an_unknown_name_lists_those_that_exist(own: Path) -> None:
    with pytest.raises(TemplateError, match=r"no letter template named “sope”.*mine, .*soap") as raised:
        TomlTemplates([BUNDLED, own]).template("sope")
    assert "soep" in raised.value.remedy


def test_a_template_is_read_with_its_fields(own: Path) -> None:
    template = TomlTemplates([own]).template("mine")
    assert (template.title, template.version, template.sections[0].topics) == ("Mine", 3, ("symptom",))
    assert template.audience == "clinician"
    assert template.sections[0].presence is Presence.OPTIONAL


def test_ones_own_template_replaces_the_bundled_one_and_it_is_said(own: Path) -> None:
    (own / "soap.toml").write_text(GOOD, encoding="utf-8")
    library = TomlTemplates([BUNDLED, own])
    assert library.template("soap").title == "Mine"
    assert library.replaced() == {"soap": own / "soap.toml"}
    assert library.names().count("soap") == 1


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("title", "titel"), "unknown field “titel”"),
        (("version = 3", 'version = "3"'), "“version” must be a whole number"),
        (("version = 3", "version = true"), "“version” must be a whole number"),
        (("version = 3", "version = 0"), "“version” must be 1 or more"),
        (("version = 3", ""), "“version” must be 1 or more"),
        (('"en"', '"fr"'), "Use one of: en, nl"),
        (('heading = "Story"', ""), "Section 1: “heading” is missing or empty"),
        (('heading = "Story"', "heading = 5"), "Section 1: “heading” must be text"),
        (('heading = "Story"', 'header = "Story"'), "Section 1: unknown field “header”"),
        (('["symptom"]', '["symptoms"]'), "unknown topic “symptoms”"),
        (('["symptom"]', "[1]"), "unknown topic “1”"),
        (('["symptom"]', "[]"), "names no topics"),
        (('["symptom"]', '["symptom"]\npresence = "always"'), "mandatory, required, optional"),
        (('["symptom"]', '["symptom"]\nclinician_only = "yes"'), "true or false"),
        (("What was told.", "x" * 1001), "longer than 1000 characters"),
        (("[[sections]]", "[sections]"), "“sections” must be a list"),
        (('title = "Mine"', 'title = "Mine'), "not valid TOML"),
    ],
)
def test_a_broken_template_says_what_is_wrong_and_where(
    own: Path, change: tuple[str, str], says: str
) -> None:
    (own / "mine.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(TemplateError, match="“mine” is broken") as raised:
        TomlTemplates([own]).template("mine")
    assert says.lower() in str(raised.value).lower()
    assert str(own / "mine.toml") in raised.value.remedy


def test_two_sections_with_one_key_are_refused(own: Path) -> None:
    (own / "mine.toml").write_text(GOOD + GOOD[GOOD.index("[[sections]]") :], encoding="utf-8")
    with pytest.raises(TemplateError, match="same key: story"):
        TomlTemplates([own]).template("mine")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'title = "x"\n' + b"#" * 70_000, "larger than 64 KiB"),
        (b"\xff\xfe\x00t", "not text in UTF-8"),
        (b"", "there is no section"),
        (b"x = " + b"[" * 5000 + b"]" * 5000, "“mine” is broken"),
    ],
)
def test_files_that_are_no_templates_are_refused(own: Path, content: bytes, says: str) -> None:
    (own / "mine.toml").write_bytes(content)
    with pytest.raises(TemplateError) as raised:
        TomlTemplates([own]).template("mine")
    assert says.lower() in str(raised.value).lower()


def test_too_many_sections_are_refused(own: Path) -> None:
    section = GOOD[GOOD.index("[[sections]]") :]
    many = "".join(section.replace('"story"', f'"s{number}"') for number in range(61))
    (own / "mine.toml").write_text(GOOD.split("[[sections]]")[0] + many, encoding="utf-8")
    with pytest.raises(TemplateError, match="more than 60 sections"):
        TomlTemplates([own]).template("mine")


def test_a_broken_own_template_does_not_hide_the_others(own: Path) -> None:
    (own / "mine.toml").write_text("=", encoding="utf-8")
    library = TomlTemplates([BUNDLED, own])
    assert "mine" in library.names()
    assert library.template("soap").sections


def test_a_folder_that_does_not_exist_holds_no_templates(tmp_path: Path) -> None:
    assert TomlTemplates([BUNDLED, tmp_path / "none"]).names() == TomlTemplates([BUNDLED]).names()


# --- what is broken is named with its line, and the others still work -------------------------------


@pytest.mark.parametrize(
    ("change", "line"),
    [
        (("version = 3", "version = 0"), 4),
        (('["symptom"]', '["symptoms"]'), 9),
        (('heading = "Story"', 'header = "Story"'), 7),
        (('heading = "Story"', ""), 5),
        (('language = "en"', 'language = "fr"'), 3),
        (('title = "Mine"', 'title = "Mine'), 2),
    ],
)
def test_a_broken_template_names_the_line(own: Path, change: tuple[str, str], line: int) -> None:
    (own / "mine.toml").write_text(GOOD.replace(*change), encoding="utf-8")
    with pytest.raises(TemplateError) as raised:
        TomlTemplates([own]).template("mine")
    assert f"line {line}" in raised.value.detail.lower()


def test_the_line_is_that_of_the_second_section(own: Path) -> None:
    second = GOOD[GOOD.index("[[sections]]") :].replace('"story"', '"plan"').replace("symptom", "plans")
    text = GOOD + "\n" + second
    with pytest.raises(TemplateError, match=r"Line 15\. Section 2: unknown topic “plans”"):
        TomlTemplates([own]).check(text, "mine")


def test_a_broken_file_does_not_hide_the_others(own: Path) -> None:
    (own / "broken.toml").write_text("title = \nversion = 1\n", encoding="utf-8")
    templates, problems = TomlTemplates([BUNDLED, own]).working()
    assert NAMES | {"mine"} <= {template.name for template in templates}
    (problem,) = problems
    assert "“broken”" in problem.title
    assert "line 1" in problem.detail


def test_a_template_that_policy_does_not_name_is_not_offered_but_letters_keep_it(own: Path) -> None:
    library = TomlTemplates([BUNDLED, own], lambda name: name != "mine")
    assert "mine" not in library.names()
    assert library.template("mine").title == "Mine"


# --- saving, versions, restoring --------------------------------------------------------------------


@pytest.mark.parametrize("name", TomlTemplates([BUNDLED]).names())
def test_a_template_written_to_a_file_reads_back_the_same(name: str) -> None:
    library = TomlTemplates([BUNDLED])
    template = library.template(name)
    assert library.check(template_text(template), name) == template


def test_signs_that_toml_escapes_survive() -> None:
    library = TomlTemplates([BUNDLED])
    odd = replace(library.template("soap"), title='Quote " \\ back, é, 😀, \t tab', closing="a\nb\x7fc\x01d")
    assert library.check(template_text(odd), "soap") == odd


def test_saving_a_bundled_template_makes_it_ones_own_with_the_next_version(tmp_path: Path) -> None:
    library = TomlTemplates([BUNDLED, tmp_path / "own"])
    before = library.template("soap")
    saved = library.save(replace(before, title="Our record"))
    assert saved.version == before.version + 1
    assert library.template("soap") == saved
    assert library.own() == {"soap"}
    assert TomlTemplates([BUNDLED]).template("soap") == before


def test_every_version_that_a_letter_was_written_with_can_be_read_again(tmp_path: Path) -> None:
    library = TomlTemplates([BUNDLED, tmp_path])
    versions = [library.template("soap")]
    for title in ("One", "Two", "Three"):
        versions.append(library.save(replace(versions[-1], title=title)))
    library.restore("soap")
    for then in versions:
        assert library.template("soap", then.version) == then
    assert library.template("soap") == versions[0]
    assert library.template("soap", 99) == versions[0]  # unknown: as it is now


def test_a_version_is_never_given_twice(tmp_path: Path) -> None:
    library = TomlTemplates([BUNDLED, tmp_path])
    first = library.save(replace(library.template("soap"), title="One"))
    library.restore("soap")
    again = library.save(replace(library.template("soap"), title="Another"))
    assert again.version == first.version + 1


def test_restoring_a_template_of_ones_own_takes_it_away_and_keeps_it_aside(own: Path) -> None:
    library = TomlTemplates([BUNDLED, own])
    library.restore("mine")
    assert "mine" not in library.names()
    assert library.template("mine", 3).title == "Mine"


def test_what_was_never_changed_cannot_be_restored(own: Path) -> None:
    with pytest.raises(TemplateError, match="no template of your own named “soap”"):
        TomlTemplates([BUNDLED, own]).restore("soap")


def test_a_broken_own_file_is_put_aside_when_a_good_one_is_saved(own: Path) -> None:
    (own / "mine.toml").write_text("title = ", encoding="utf-8")
    library = TomlTemplates([BUNDLED, own])
    saved = library.save(library.check(GOOD, "mine"))
    assert saved.version == 1
    assert (own / "earlier" / "mine.0.toml").read_text(encoding="utf-8") == "title = "


@pytest.mark.parametrize("name", ["", "a/b", "../soap", "con", "COM1", "x" * 65, "é", ".hidden", "a b"])
def test_names_that_cannot_be_files_are_refused_and_nothing_is_written(own: Path, name: str) -> None:
    library = TomlTemplates([BUNDLED, own / "new"])
    with pytest.raises(TemplateError, match="cannot be the name"):
        library.save(replace(library.template("soap"), name=name))
    assert not (own / "new").exists()


def test_a_template_that_breaks_a_rule_is_not_saved(own: Path) -> None:
    library = TomlTemplates([BUNDLED, own])
    with pytest.raises(TemplateError, match="no section"):
        library.save(replace(library.template("mine"), sections=()))
    assert library.template("mine").sections


def test_a_folder_that_cannot_be_written_keeps_the_earlier_template(own: Path) -> None:
    (own / "file").write_text("", encoding="utf-8")
    library = TomlTemplates([BUNDLED, own / "file"])
    with pytest.raises(TemplateError, match="cannot be saved"):
        library.save(library.template("soap"))
