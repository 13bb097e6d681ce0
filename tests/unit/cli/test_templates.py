"""scribe templates, on the bundled templates and a folder of one's own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from scribe_app.app import make_workshop
from scribe_app.cli import verbs
from scribe_app.errors import TemplateError, UsageError
from scribe_app.paths import UserFolders

GOOD = """
title = "Clinic letter"
language = "en"
version = 1
[[sections]]
key = "story"
heading = "Story"
guidance = "What was told."
topics = ["symptom"]
"""


class Desk:
    """The command line in folders of its own."""

    def __init__(self, root: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.root, self._capsys = root, capsys
        folders = UserFolders(root / "data", root / "config", root / "cache", root / "logs")
        self._workshop = make_workshop(folders)

    def run(self, *argv: str) -> tuple[int, str]:
        status = verbs.run(verbs.parse(["templates", *argv]), self._workshop)
        return status, self._capsys.readouterr().out

    def file(self, text: str, name: str = "clinic.toml") -> str:
        path = self.root / name
        path.write_text(text, encoding="utf-8")
        return str(path)


@pytest.fixture
def desk(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Desk:
    return Desk(tmp_path, capsys)


def test_a_file_is_checked_added_listed_shown_and_put_aside(desk: Desk) -> None:
    file = desk.file(GOOD)
    assert desk.run("check", file) == (0, f"{file} is a good template: Clinic letter, 1 headings.\n")
    assert desk.run("add", file) == (0, "Added “Clinic letter” as clinic, version 1.\n")
    again = desk.run("add", file)[1]
    assert again.startswith("Added “Clinic letter” as clinic, version 2.\nIt is used in the place of yours;")
    assert "clinic" in desk.run("list")[1]
    assert "Story [optional]: symptom" in desk.run("show", "clinic")[1]
    assert "no longer offered" in desk.run("restore", "clinic")[1]
    assert "clinic" not in desk.run("list")[1]


def test_a_bundled_template_can_be_changed_and_restored(desk: Desk) -> None:
    assert desk.run("add", desk.file(GOOD), "--name", "soap")[0] == 0
    assert "changed by you" in desk.run("list")[1]
    assert "bundled template is used again" in desk.run("restore", "soap")[1]
    assert "Consultation record" in desk.run("show", "soap")[1]


@pytest.mark.parametrize("argv", [("list",), ("show", "soap"), ("check", "FILE"), ("add", "FILE")])
def test_json_is_one_document(desk: Desk, argv: tuple[str, ...]) -> None:
    argv = tuple(desk.file(GOOD) if word == "FILE" else word for word in argv)
    assert json.loads(desk.run(*argv, "--json")[1])


def test_a_broken_file_is_refused_with_its_line_and_nothing_is_added(desk: Desk) -> None:
    file = desk.file(GOOD.replace('"symptom"', '"symptoms"'))
    for action in ("check", "add"):
        with pytest.raises(TemplateError, match="Line 9"):
            desk.run(action, file)
    assert "clinic" not in desk.run("list")[1]


def test_a_broken_file_of_ones_own_is_named_and_the_others_are_listed(desk: Desk) -> None:
    own = desk.root / "config" / "letter_templates"
    own.mkdir(parents=True)
    (own / "mine.toml").write_text("title =\nversion = 1", encoding="utf-8")
    status, printed = desk.run("list")
    assert status == 1
    assert "“mine” is broken" in printed
    assert "line 1" in printed
    assert "soap" in printed


@pytest.mark.parametrize("file", ["nowhere.toml", "binary"])
def test_files_that_cannot_be_read_say_so(desk: Desk, file: str) -> None:
    (desk.root / "binary").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(TemplateError, match=r"cannot be read|not text"):
        desk.run("check", str(desk.root / file))


def test_an_action_without_its_object_is_wrong_use(desk: Desk) -> None:
    with pytest.raises(UsageError, match="needs a name or a file"):
        desk.run("show")


def test_example_letters_become_a_template_to_look_at(desk: Desk) -> None:
    letter = desk.file("Dear Dr Zebedee,\nPlan:\nZebedee rests.\nHistory:\nPain.\nKind regards,", "one.txt")
    status, printed = desk.run("learn", letter, "--name", "mine")
    assert status == 0
    assert 'heading = "Plan"' in printed
    assert "Zebedee" not in printed
    assert "mine" not in desk.run("list")[1]
    assert desk.run("add", desk.file(printed, "mine.toml"))[0] == 0
    assert json.loads(desk.run("learn", letter, "--json")[1])["template"]["sections"]


def test_letters_without_headings_make_no_template(desk: Desk) -> None:
    with pytest.raises(TemplateError, match="No headings"):
        desk.run("learn", desk.file("All is well.", "one.txt"))


def test_the_name_of_a_bundled_letter_says_what_it_replaces_and_the_way_back(desk: Desk) -> None:
    said = desk.run("add", desk.file(GOOD, "soap.toml"))[1]
    assert "in the place of the bundled one" in said
    assert "scribe templates restore soap brings the bundled one back." in said
    assert "the bundled template is used again" in desk.run("restore", "soap")[1]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (("What was told.", "{% for line in story %}{{ line }}{% endfor %}"), "nothing is repeated here"),
        (('heading = "Story"', 'heading = "{{ patient.name }}"'), "“heading” has “{{”"),
        (('title = "Clinic letter"', 'title = "For ${NAME}"'), "“title” has “${”"),
        (('heading = "Story"', 'heading = "Two\\nlines"'), "line break"),
        (('heading = "Story"', 'heading = "Turned \\u202eround"'), "invisible sign"),
        (('topics = ["symptom"]', 'topics = ["symptom"]\n' + GOOD[GOOD.index("[[") :].replace("story", "b")),
         "Sections 1 and 2 have the same heading: Story."),
    ],
)  # fmt: skip
def test_what_would_stand_in_the_letter_as_it_is_or_cannot_be_told_apart_is_refused(
    desk: Desk, change: tuple[str, str], says: str
) -> None:
    with pytest.raises(TemplateError) as raised:
        desk.run("add", desk.file(GOOD.replace(*change)))
    assert says in str(raised.value)
    assert "Line " in str(raised.value)
    assert "clinic" not in desk.run("list")[1]
