"""What Dutch GPs say and write, for each kind of check: the true passes, the wrong one is marked."""

from __future__ import annotations

import pytest
from unit.services.test_evidence import checked, codes, talk

from scribe_app.domain.letter import Support

OPEN = (Support.UNSUPPORTED, Support.CONFLICTING)

SPOKEN = """
c: Uw bloeddruk is honderdvijftig over negentig, de pols is tweeënzeventig en regelmatig.
c: De temperatuur is achtendertig komma vijf en u weegt drieëntachtig kilo.
c: U begint met amoxicilline, vijfhonderd milligram, drie keer per dag, een week lang, voor het eten.
p: Ik slik metoprolol, anderhalve tablet, één keer daags 's ochtends.
p: De oxazepam tien milligram alleen zo nodig voor de nacht, hooguit één per dag.
c: De prednisolon bouwt u af: dertig milligram vijf dagen, dan vijftien milligram vijf dagen.
c: Ik geef u salbutamol mee, twee pufjes, vier keer per dag inhaleren.
c: De insuline spuit u onderhuids, achttien eenheden voor de nacht.
p: Het is begonnen op twaalf maart, zo'n drie weken geleden.
c: Maandag over veertien dagen ziet u mij terug, om kwart over tien.
p: De pijn zit in mijn linkerschouder en straalt uit naar mijn linkerelleboog. Rechts heb ik niets.
c: Bent u kortademig, of hoest u?
p: Nee, geen van beide. Wel ben ik snel moe.
p: Koorts heb ik niet gehad, en overgegeven heb ik ook niet.
c: Misschien is het een slijmbeursontsteking, dat weet ik nog niet zeker.
p: Mijn vader had suikerziekte en mijn zus heeft borstkanker gehad.
p: Zelf heb ik een hoog cholesterol.
p: Het duurt nu vier dagen. Nee, wacht, het zijn er zes.
p: Ik drink twee glazen wijn in het weekend, en roken doe ik al tien jaar niet meer.
c: Bij lichamelijk onderzoek is de buik soepel, geen drukpijn, en ik hoor normale peristaltiek.
p: Ik ben bang dat het iets ernstigs is, zoals kanker.
c: Bent u ergens allergisch voor?
p: Ja, van penicilline krijg ik galbulten.
c: Uw HbA1c is tweeënvijftig en de kreatinine achtentachtig.
c: U stopt met de ibuprofen, en u gaat door met de omeprazol, veertig milligram.
c: Ik verwijs u naar de orthopeed als het over zes weken niet beter is.
""".strip().splitlines()
TALK = talk(*SPOKEN, language="nl")


@pytest.mark.parametrize(
    ("right", "wrong", "cited", "code"),
    [
        ("RR 150/90, pols 72 regulair", "RR 150/80, pols 72 regulair", 1, "number_differs"),
        ("Temp 38,5", "Temp 39,5", 2, "number"),
        ("Gewicht 83 kg", "Gewicht 93 kg", 2, "number"),
        ("Amoxicilline 500 mg 3 dd 1, 7 dagen", "Amoxicilline 500 mg 2 dd 1, 7 dagen", 3, "number"),
        ("Amoxicilline 3x daags 500 mg", "Amoxicilline 3x daags 250 mg", 3, "number_differs"),
        ("Amoxicilline gedurende 1 week", "Amoxicilline gedurende 2 weken", 3, "number"),
        ("Amoxicilline 500 mg voor het eten", "Amoxicilline 500 mg bij het eten", 3, "particular_differs"),
        ("Amoxicilline 500 mg", "Amoxicilline/clavulaanzuur 500 mg", 3, "drug"),
        ("Amoxicilline 500 mg", "Amitriptyline 500 mg", 3, "drug_differs"),
        ("Metoprolol 1 dd 1,5 tablet 's ochtends", "Metoprolol 2 dd 1,5 tablet", 4, "number"),
        ("Metoprolol 1,5 tablet 's ochtends", "Metoprolol 1,5 tablet 's avonds", 4, "particular_differs"),
        ("Oxazepam 10 mg z.n. a.n.", "Oxazepam 20 mg z.n. a.n.", 5, "number_differs"),
        ("Oxazepam 10 mg zo nodig", "Temazepam 10 mg zo nodig", 5, "drug_differs"),
        ("Prednisolon 30 mg 5 dagen, daarna 15 mg", "Prednisolon 30 mg 5 dagen, daarna 10 mg", 6, "number"),
        ("Salbutamol 4 dd 2 pufjes", "Salbutamol 4 dd 4 pufjes", 7, "number_differs"),
        ("Salbutamol inhaleren 4x daags", "Salbutamol oraal 4x daags", 7, "particular_differs"),
        ("Insuline 18 E subcutaan voor de nacht", "Insuline 8 E subcutaan voor de nacht", 8, "number"),
        ("Insuline onderhuids 18 eenheden", "Insuline intraveneus 18 eenheden", 8, "particular_differs"),
        ("Begonnen op 12 maart", "Begonnen op 12 mei", 9, "particular_differs"),
        ("Sinds 3 weken", "Sinds 3 maanden", 9, "unit"),
        ("Controle maandag over 2 weken", "Controle dinsdag over 2 weken", 10, "particular_differs"),
        ("Controle om 10:15 uur", "Controle om 10:45 uur", 10, "particular_differs"),
        ("Pijn linkerschouder", "Pijn rechterschouder", 11, "side_differs"),
        ("Pijn schouder li", "Pijn schouder re", 11, "side_differs"),
        ("Uitstraling naar elleboog links", "Uitstraling naar elleboog rechts", 11, "side_differs"),
        ("Niet kortademig, hoest niet", "Kortademig", 13, "negation_differs"),
        ("Geen hoestklachten", "Hoest", 13, "negation_differs"),
        ("Snel moe", "Niet moe", 13, "negation_differs"),
        ("Geen koorts, niet overgegeven", "Koorts", 14, "negation_differs"),
        ("Niet gebraakt", "Gebraakt", 14, "negation_differs"),
        ("Mogelijk slijmbeursontsteking", "Slijmbeursontsteking", 15, "certainty_dropped"),
        ("Fam.: vader suikerziekte", "Suikerziekte", 16, "family_not_patient"),
        ("Zus borstkanker", "Moeder borstkanker", 16, "relative_not_said"),
        ("Hoog cholesterol", "Familieanamnese: cholesterol", 17, ""),
        ("Sinds 6 dagen", "Sinds 4 dagen", 18, "value_withdrawn"),
        ("2 glazen wijn per weekend", "4 glazen wijn per weekend", 19, "number"),
        ("Rookt niet sinds 10 jaar", "Rookt", 19, "negation_differs"),
        ("Buik soepel, geen drukpijn", "Drukpijn", 20, "negation_differs"),
        ("Bang voor kanker", "Bang voor een hartinfarct", 21, "words"),
        ("Allergie: penicilline (galbulten)", "Allergie: doxycycline", 23, "drug_differs"),
        ("Allergisch voor penicilline", "Niet allergisch voor penicilline", 23, "negation_differs"),
        ("HbA1c 52, kreatinine 88", "HbA1c 52, kreatinine 98", 24, "number"),
        ("Ibuprofen gestopt", "Ibuprofen gecontinueerd", 25, ""),
        ("Omeprazol 40 mg continueren", "Omeprazol 20 mg continueren", 25, "number_differs"),
        ("Orthopeed als na 6 weken niet beter", "Orthopeed als na 8 weken niet beter", 26, "number"),
    ],
)
def test_right_passes_and_wrong_is_marked(right: str, wrong: str, cited: int, code: str) -> None:
    good = checked(right, TALK, cited)
    assert good.support not in OPEN, good.flags
    if not code:
        return
    bad = checked(wrong, TALK, cited)
    marked = bad.support in OPEN or code == "certainty_dropped"
    assert marked, bad.flags
    assert any(one.startswith((code, "no_evidence")) for one in codes(bad)), bad.flags
