"""Names out of the tables of dm+d, SNOMED CT and pharmacy systems."""

from __future__ import annotations

import pytest

from scribe_app.domain.term_tables import is_table, terms_of_table
from scribe_app.domain.vocabulary import MOST_TERMS
from scribe_app.errors import TermListError

DMD = 'VTMID,INVALID,NM,ABBREVNM\n9854411000001103,0,Zinc oxide,\n1,1,Withdrawn,\n2,0,"Calcium, chewable",\n'
RF2 = (
    "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\n"
    '1\t2024\t1\t9\t73211009\ten\t900\tDiabetes "sweet" mellitus\t9\n'
    "2\t2024\t0\t9\t73211009\ten\t900\tOld name\t9\n"
    "3\t2024\t1\t9\t38341003\ten\t900\tHypertensive disorder (disorder)\t9\n"
    "4\t2024\t1\t9\t1\ten\t900\tA term of far too many words to be said\t9\n"
)
G_STANDAARD = "NMNR;NMNAAM;NMETIK\r\n1;METFORMINE;x\r\n2;SALBUTAMOL;x\r\n"


@pytest.mark.parametrize(
    ("text", "names", "left_out"),
    [
        (DMD, ["Zinc oxide", "Calcium, chewable"], 1),
        (RF2, ['Diabetes "sweet" mellitus', "Hypertensive disorder"], 2),
        (G_STANDAARD.replace("\r\n", "\n"), ["METFORMINE", "SALBUTAMOL"], 0),
        ("naam,stad\nJansen,Leiden\nDe Vries,Delft\n", ["Jansen", "De Vries"], 0),
    ],
    ids=["dm+d", "snomed rf2", "g-standaard", "colleagues"],
)
def test_the_names_in_use_are_taken_and_the_rest_is_counted(
    text: str, names: list[str], left_out: int
) -> None:
    assert is_table(text)
    imported = terms_of_table(text, "file.csv")
    assert [term.text for term in imported.terms] == names
    assert imported.left_out == left_out


def test_a_column_can_be_named() -> None:
    assert [t.text for t in terms_of_table("a,b\nx1,ramipril\n", "f", "B").terms] == ["ramipril"]


def test_a_column_that_is_not_there_is_an_error_that_lists_those_that_are() -> None:
    with pytest.raises(TermListError, match="no column 'nope'") as raised:
        terms_of_table(DMD, "vtm.csv", "nope")
    assert "VTMID, INVALID, NM" in raised.value.remedy


def test_a_plain_list_is_no_table() -> None:
    assert not is_table("ramipril\nterm, something\n")
    assert not is_table("")
    assert not is_table("Sjögren = show grens, sjeugren\n")


def test_a_whole_terminology_is_refused_in_words() -> None:
    rows = "".join(f"{n},1,Name {n}\n" for n in range(MOST_TERMS + 5))
    with pytest.raises(TermListError, match="more than 60,000 names"):
        terms_of_table("id,active,term\n" + rows, "f.csv")


def test_ragged_rows_and_signs_with_a_meaning_are_survived() -> None:
    imported = terms_of_table("id,name\n1\n\n2,a=b#c\n3,12\n4,ok name,extra\n", "f.csv")
    assert [term.text for term in imported.terms] == ["a-bc", "ok name"]
    assert imported.left_out == 2
