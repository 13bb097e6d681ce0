"""scribe vocabulary, from the command line to the file."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from scribe_app.adapters.vocabularies import TextVocabularies
from scribe_app.cli.verbs import parse
from scribe_app.cli.vocabulary import vocabulary
from scribe_app.errors import TermListError, UsageError
from scribe_app.paths import resources_folder


@pytest.fixture
def scribe(tmp_path: Path) -> Any:
    library = TextVocabularies(resources_folder() / "vocabularies", tmp_path / "own")
    workshop = SimpleNamespace(
        vocabularies=library, templates=SimpleNamespace(names=lambda: ["soap", "soep"])
    )

    def run(*words: str) -> int:
        return vocabulary(parse(["vocabulary", *words]), workshop)  # type: ignore[arg-type]  # the parts it uses

    return run


def test_terms_are_added_shown_and_removed(scribe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    scribe("add", "amlodipine = am lodi peen", "Dr Jansen")
    scribe("add", "Amlodipine = amlo dippin")
    scribe("show")
    assert "Amlodipine = amlo dippin" in capsys.readouterr().out
    scribe("remove", "dr jansen")
    capsys.readouterr()
    scribe("show", "--json")
    assert json.loads(capsys.readouterr().out) == [{"text": "Amlodipine", "sounds": ["amlo dippin"]}]


def test_a_letter_has_its_own_list(scribe: Any, capsys: pytest.CaptureFixture[str]) -> None:
    scribe("add", "tirzepatide", "--list", "soap")
    capsys.readouterr()
    scribe("list", "--json")
    lists = {one["name"]: one for one in json.loads(capsys.readouterr().out)}
    assert lists["soap"]["count"] == 1
    assert not lists["soap"]["bundled"]
    assert lists["nl-medicines"]["bundled"]
    with pytest.raises(UsageError, match="no letter template 'nope'"):
        scribe("show", "--list", "nope")


def test_a_file_is_imported_and_what_was_left_out_is_said(
    scribe: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "f_vtm.csv").write_text("VTMID,INVALID,NM\n1,0,Zinc oxide\n2,1,Gone\n")
    scribe("import", str(tmp_path / "f_vtm.csv"), "--column", "NM")
    said = capsys.readouterr()
    assert "1 terms added to clinician" in said.out
    assert "1 rows left out" in said.err


def test_wrong_use_is_said_with_an_example(scribe: Any) -> None:
    with pytest.raises(UsageError, match="Which terms"):
        scribe("add")
    with pytest.raises(UsageError, match="Which file"):
        scribe("import")
    with pytest.raises(TermListError, match="Not on the list clinician: ramipril"):
        scribe("remove", "ramipril")
