"""Lists of names on disk: what is read, what is refused, what is never lost."""

from __future__ import annotations

from pathlib import Path

import pytest

from scribe_app.adapters.vocabularies import LARGEST_FILE, TextVocabularies
from scribe_app.domain.vocabulary import MOST_TERMS, Term, Vocabulary
from scribe_app.errors import TermListError
from scribe_app.paths import resources_folder

BUNDLED = resources_folder() / "vocabularies"


@pytest.fixture
def library(tmp_path: Path) -> TextVocabularies:
    return TextVocabularies(BUNDLED, tmp_path / "own")


def texts(terms: tuple[Term, ...]) -> list[str]:
    return [term.text for term in terms]


@pytest.mark.parametrize("file", sorted(BUNDLED.glob("*.txt")), ids=lambda file: file.stem)
def test_bundled_lists_have_no_broken_line_and_no_term_twice(file: Path) -> None:
    lines = [line for line in file.read_text(encoding="utf-8").split("\n") if line and line[0] != "#"]
    (one,) = [one for one in TextVocabularies(BUNDLED, Path("/nowhere")).lists() if one.name == file.stem]
    assert one.problems == ()
    assert one.count == len(lines) > 200
    assert one.bundled


@pytest.mark.parametrize(
    ("language", "heard", "term"),
    [
        ("en", "amlo dipine", "amlodipine"),
        ("en", "show grens syndrome", "Sjögren's syndrome"),
        ("en", "za relto", "Xarelto"),
        ("nl", "metoprolool", "metoprolol"),
        ("nl", "atrium fibrileren", "atriumfibrilleren"),
    ],
)
def test_bundled_lists_find_what_was_misheard(
    library: TextVocabularies, language: str, heard: str, term: str
) -> None:
    vocabulary = Vocabulary(library.terms("soap", language))
    assert term in {match.term for match in vocabulary.near(["and", *heard.split(), "today"])}


def test_a_consultation_listens_for_own_names_the_letters_and_the_languages(
    library: TextVocabularies,
) -> None:
    library.save("clinician", (Term("Dr Jansen"), Term("amlodipine", ("am lodi peen",))))
    library.save("soap", (Term("tirzepatide"),))
    library.save("referral", (Term("Charcot"),))
    english = library.terms("soap", "en")
    assert texts(english)[:3] == ["Dr Jansen", "amlodipine", "tirzepatide"]
    assert "Charcot" not in texts(english)
    assert "atrial fibrillation" in texts(english)
    assert "atriumfibrilleren" not in texts(english)
    assert "atriumfibrilleren" in texts(library.terms("soep", "nl"))
    assert english.count(Term("amlodipine", ("am lodi peen",))) == 1


def test_an_own_list_is_replaced_in_one_step_and_an_empty_one_is_removed(
    library: TextVocabularies, tmp_path: Path
) -> None:
    library.save("clinician", (Term("ramipril", ("rammy pril",)),))
    assert library.own_terms() == (Term("ramipril", ("rammy pril",)),)
    assert [file.name for file in (tmp_path / "own").iterdir()] == ["clinician.txt"]
    library.save("clinician", ())
    assert library.own_terms() == ()
    assert list((tmp_path / "own").iterdir()) == []


@pytest.mark.parametrize("name", ["../soap", "", "a/b", "SOAP", "x" * 80, "con.txt"])
def test_a_name_that_could_leave_the_folder_is_refused(library: TextVocabularies, name: str) -> None:
    with pytest.raises(TermListError, match="no name of a list"):
        library.save(name, (Term("ramipril"),))


def test_a_disk_that_refuses_leaves_the_earlier_list(library: TextVocabularies, tmp_path: Path) -> None:
    library.save("clinician", (Term("ramipril"),))
    (tmp_path / "own" / "clinician.part").mkdir()  # the new list cannot be written
    with pytest.raises(TermListError, match="cannot be saved"):
        library.save("clinician", (Term("bisoprolol"),))
    assert texts(library.own_terms()) == ["ramipril"]


@pytest.mark.parametrize(
    "raw",
    [
        "Sjögren\nramipril\n".encode(),
        b"\xef\xbb\xbf" + "Sjögren\nramipril\n".encode(),
        "Sjögren\r\nramipril\r\n".encode("utf-16"),
        "Sjögren\nramipril\n".encode("cp1252"),
        b"Sj\xf6gren\rramipril\r",
    ],
    ids=["utf-8", "utf-8 with mark", "utf-16", "windows", "old mac"],
)
def test_a_file_in_any_common_encoding_is_imported(
    library: TextVocabularies, tmp_path: Path, raw: bytes
) -> None:
    (tmp_path / "names.txt").write_bytes(raw)
    result = library.import_file("clinician", tmp_path / "names.txt")
    assert (result.added, result.known, result.left_out) == (2, 0, 0)
    assert texts(library.own_terms()) == ["Sjögren", "ramipril"]


def test_an_import_adds_what_is_new_once(library: TextVocabularies, tmp_path: Path) -> None:
    library.save("clinician", (Term("Ramipril", ("rammy",)),))
    (tmp_path / "names.txt").write_text("ramipril\nbisoprolol\n")
    result = library.import_file("clinician", tmp_path / "names.txt")
    assert (result.added, result.known) == (1, 1)
    assert library.own_terms() == (Term("Ramipril", ("rammy",)), Term("bisoprolol"))


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"ramipril\n=\nbisoprolol\n", "line 2"),
        (b"MZ\x00\x01\x02\x00" * 50, "not plain text"),
        (b"good\nbell\x07\n", "line 2: signs that cannot be read"),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    library: TextVocabularies, tmp_path: Path, raw: bytes, reason: str
) -> None:
    library.save("clinician", (Term("furosemide"),))
    (tmp_path / "names.txt").write_bytes(raw)
    with pytest.raises(TermListError, match=reason):
        library.import_file("clinician", tmp_path / "names.txt")
    assert texts(library.own_terms()) == ["furosemide"]


def test_a_file_beyond_all_measure_is_not_read(library: TextVocabularies, tmp_path: Path) -> None:
    with (tmp_path / "huge.txt").open("wb") as file:
        file.truncate(LARGEST_FILE + 1)
    with pytest.raises(TermListError, match="larger than 64 MB"):
        library.import_file("clinician", tmp_path / "huge.txt")


def test_fifty_thousand_terms_are_imported_and_one_list_holds_60000(
    library: TextVocabularies, tmp_path: Path
) -> None:
    (tmp_path / "many.txt").write_text("".join(f"name {n}\n" for n in range(50_000)))
    assert library.import_file("clinician", tmp_path / "many.txt").added == 50_000
    (tmp_path / "more.txt").write_text("".join(f"other {n}\n" for n in range(MOST_TERMS - 40_000)))
    with pytest.raises(TermListError, match="60,000"):
        library.import_file("clinician", tmp_path / "more.txt")
    assert len(library.own_terms()) == 50_000


def test_a_list_broken_by_hand_keeps_no_consultation_from_being_recorded(
    library: TextVocabularies, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "clinician.txt").write_text("Mrs Secret\n= what\n")
    (tmp_path / "own" / "soap.txt").write_bytes(b"\x00\x01\x02")
    assert "Mrs Secret" in texts(library.terms("soap", "en"))
    lists = {one.name: one for one in library.lists()}
    assert lists["clinician"].count == 1
    assert lists["clinician"].problems[0].startswith("line 2")
    assert "not plain text" in lists["soap"].problems[0]
    assert "1 lines that cannot be used" in caplog.text
    assert "Secret" not in caplog.text


def test_bundled_lists_are_told_apart_by_subject_and_leave_own_ones_out(tmp_path: Path) -> None:
    bundled, own = tmp_path / "bundled", tmp_path / "own"
    bundled.mkdir()
    own.mkdir()
    (bundled / "en-medicines.txt").write_text("amlodipine\nramipril\n")
    (bundled / "en-conditions.txt").write_text("angina\n")
    (bundled / "nl-medicines.txt").write_text("metoprolol\n")
    (own / "clinician.txt").write_text("Sjogren\n")
    found = TextVocabularies(bundled, own).bundled("en")
    assert {name: [term.text for term in terms] for name, terms in found.items()} == {
        "conditions": ["angina"],
        "medicines": ["amlodipine", "ramipril"],
    }
