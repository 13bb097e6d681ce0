"""Dutch consultations written for these tests, with true statements as a letter would put them.

Invented from beginning to end; no patient, no recording. Each statement names the lines it rests on.
"""

from __future__ import annotations

from scribe_app.domain.ids import UtteranceId
from scribe_app.domain.letter import Statement
from scribe_app.domain.template import SectionSpec
from scribe_app.domain.transcript import SpeakerRole, Transcript, Utterance

try:
    from unit.services.true_statements import Case
except ModuleNotFoundError:  # run from the repository, by tests/bench
    from tests.unit.services.true_statements import Case

Talk = tuple[tuple[str, ...], tuple[tuple[str, tuple[int, ...]], ...]]

KNEE: Talk = (
    (
        "c: Goedemorgen, waar kan ik u mee helpen?",
        "p: Ik heb al anderhalve week last van mijn linkerknie, sinds ik van de fiets ben gevallen.",
        "c: Is de knie dik geworden?",
        "p: Ja, de eerste twee dagen wel, nu niet meer zo.",
        "c: Zakt u door de knie, of schiet hij op slot?",
        "p: Nee, dat niet.",
        "p: Vooral traplopen doet zeer, aan de binnenkant. Met mijn rechterknie heb ik nooit iets gehad.",
        "c: Heeft u er iets voor geslikt?",
        "p: Paracetamol, twee keer daags duizend milligram, en één keer ibuprofen van vierhonderd.",
        "c: Heeft u koorts gehad?",
        "p: Nee hoor.",
        "c: Ik ga even voelen. Er is geen vocht in de knie, de banden zijn stevig. U heeft drukpijn over de"
        " mediale gewrichtsspleet links.",
        "c: Buigen gaat tot honderdtwintig graden.",
        "c: Ik denk dat het een gekneusde binnenband is.",
        "c: U mag de paracetamol ophogen naar vier keer daags duizend milligram, en geen ibuprofen meer,"
        " vanwege uw maag.",
        "c: Als het over zes weken niet beter is, maken we een foto. Kom eerder als de knie op slot schiet.",
    ),
    (
        ("Sinds 1,5 week klachten van de linkerknie na een val van de fiets", (2,)),
        ("Eerste 2 dagen gezwollen", (3, 4)),
        ("Geen slotklachten", (5, 6)),
        ("Pijn bij traplopen aan de binnenzijde", (7,)),
        ("Rechterknie nooit klachten", (7,)),
        ("Paracetamol 1000 mg 2 keer daags", (9,)),
        ("Eenmalig ibuprofen 400 mg", (9,)),
        ("Geen koorts", (10, 11)),
        ("Geen vocht in de knie", (12,)),
        ("Drukpijn mediale gewrichtsspleet links", (12,)),
        ("Flexie tot 120 graden", (13,)),
        ("Mogelijk gekneusde binnenband", (14,)),
        ("Paracetamol ophogen naar 4 keer daags 1000 mg", (15,)),
        ("Geen ibuprofen meer vanwege de maag", (15,)),
        ("Foto als het na 6 weken niet beter is", (16,)),
    ),
)

COUGH: Talk = (
    (
        "c: Vertel eens, hoe lang hoest u al?",
        "p: Een dag of tien, en ik geef groen slijm op.",
        "c: Bent u kortademig?",
        "p: Bij inspanning wel, in rust niet.",
        "c: Koude rillingen, of pijn op de borst?",
        "p: Nee, geen van beide.",
        "c: Rookt u?",
        "p: Een half pakje per dag, al dertig jaar.",
        "c: U heeft COPD en gebruikt tiotropium, achttien microgram, één keer per dag?",
        "p: Ja, dat klopt. En salbutamol zo nodig, twee pufjes.",
        "c: Bent u allergisch voor antibiotica?",
        "p: Ja, van doxycycline kreeg ik uitslag.",
        "c: Uw temperatuur is achtendertig komma vier, de saturatie drieënnegentig procent, de pols"
        " zesennegentig.",
        "c: Ik hoor crepitaties rechts onder, links is de long schoon.",
        "c: Ik denk aan een longontsteking rechts.",
        "c: Ik schrijf amoxicilline voor, vijfhonderd milligram, drie keer per dag, vijf dagen lang.",
        "c: En prednisolon dertig milligram per dag, zeven dagen.",
        "c: Morgen om half elf bel ik u. Wordt u benauwder, bel dan meteen.",
    ),
    (
        ("Hoest sinds 10 dagen met groen sputum", (1, 2)),
        ("Kortademig bij inspanning, niet in rust", (3, 4)),
        ("Geen koude rillingen, geen pijn op de borst", (5, 6)),
        ("Rookt 30 jaar, half pakje per dag", (7, 8)),
        ("Tiotropium 18 microgram 1 keer per dag", (9, 10)),
        ("Salbutamol zo nodig 2 pufjes", (10,)),
        ("Uitslag op doxycycline", (11, 12)),
        ("Temperatuur 38,4", (13,)),
        ("Saturatie 93%", (13,)),
        ("Pols 96", (13,)),
        ("Crepitaties rechts onder", (14,)),
        ("Linkerlong schoon", (14,)),
        ("Verdenking longontsteking rechts", (15,)),
        ("Amoxicilline 500 mg 3 keer per dag, 5 dagen", (16,)),
        ("Prednisolon 30 mg per dag, 7 dagen", (17,)),
        ("Morgen om 10:30 uur telefonisch contact", (18,)),
    ),
)

PRESSURE: Talk = (
    (
        "c: Dag mevrouw, u belt over uw bloeddruk?",
        "p: Ja, thuis meet ik honderdzestig over vijfennegentig, en gisteren honderdtweeënvijftig over"
        " negentig.",
        "c: Heeft u hoofdpijn, of ziet u wazig?",
        "p: Hoofdpijn wel, vooral 's ochtends. Wazig zien niet.",
        "c: Wat gebruikt u nu?",
        "p: Lisinopril tien milligram 's ochtends, en metformine achthonderdvijftig milligram twee keer per"
        " dag.",
        "p: O nee, wacht, de metformine is vijfhonderd milligram.",
        "c: Last van uw enkels?",
        "p: De enkels zijn 's avonds wat dik, allebei.",
        "c: Komt hoge bloeddruk in de familie voor?",
        "p: Mijn moeder had een beroerte toen ze achtenzestig was, mijn broer heeft suikerziekte.",
        "c: De nierfunctie van drie maart was goed, achtenzestig, en het kalium vier komma twee.",
        "c: We verhogen de lisinopril naar twintig milligram. De metformine laten we zo.",
        "c: Over twee weken bloed prikken, en over vier weken een afspraak bij de praktijkondersteuner.",
        "p: Ik maak me zorgen om een hartaanval.",
    ),
    (
        ("Thuismeting 160/95", (2,)),
        ("Gisteren 152/90", (2,)),
        ("Hoofdpijn, vooral 's ochtends", (3, 4)),
        ("Niet wazig zien", (3, 4)),
        ("Lisinopril 10 mg 's ochtends", (6,)),
        ("Metformine 500 mg 2 keer per dag", (6, 7)),
        ("Enkels 's avonds beiderzijds gezwollen", (9,)),
        ("Moeder had een beroerte op 68-jarige leeftijd", (10, 11)),
        ("Broer heeft suikerziekte", (10, 11)),
        ("Nierfunctie 68 op 3 maart", (12,)),
        ("Kalium 4,2", (12,)),
        ("Lisinopril verhogen naar 20 mg", (13,)),
        ("Bloed prikken over 2 weken", (14,)),
        ("Afspraak praktijkondersteuner over 4 weken", (14,)),
        ("Bezorgd over een hartaanval", (15,)),
    ),
)

EAR: Talk = (
    (
        "c: Wat is er met Daan aan de hand?",
        "o: Hij heeft sinds eergisteren pijn aan zijn rechteroor, en vannacht had hij negenendertig twee.",
        "c: Loopt er vocht uit het oor?",
        "o: Nee.",
        "c: Eet en drinkt hij?",
        "o: Drinken gaat goed, eten maar half.",
        "c: Heeft hij eerder oorontsteking gehad?",
        "o: Twee keer vorig jaar, links. Toen kreeg hij buisjes.",
        "o: Hij is zestien kilo en drie jaar oud. En hij heeft nergens allergie voor.",
        "c: Het rechter trommelvlies is rood en bolt. Links is het trommelvlies normaal, met een buisje.",
        "c: Geen nekstijfheid, geen uitslag. De keel is wat rood.",
        "c: Dat is een middenoorontsteking rechts.",
        "c: Geef paracetamol, vier keer daags tweehonderdveertig milligram, drie dagen lang.",
        "c: Nog geen antibiotica. Als hij na drie dagen nog koorts heeft, begin dan met amoxicilline.",
    ),
    (
        ("Sinds eergisteren pijn aan het rechteroor", (2,)),
        ("Temperatuur 39,2 afgelopen nacht", (2,)),
        ("Geen vocht uit het oor", (3, 4)),
        ("Drinkt goed, eet de helft", (5, 6)),
        ("Vorig jaar 2 keer oorontsteking links", (7, 8)),
        ("Gewicht 16 kg", (9,)),
        ("Geen allergie", (9,)),
        ("Rechter trommelvlies rood en bollend", (10,)),
        ("Trommelvlies links normaal, met buisje", (10,)),
        ("Geen nekstijfheid of uitslag", (11,)),
        ("Middenoorontsteking rechts", (12,)),
        ("Paracetamol 240 mg 4 keer daags, 3 dagen", (13,)),
        ("Geen antibiotica", (14,)),
        ("Amoxicilline bij koorts na 3 dagen", (14,)),
    ),
)

CONSULTATIONS: dict[str, Talk] = {"knie": KNEE, "hoest": COUGH, "bloeddruk": PRESSURE, "oor": EAR}

_ROLES = {"c": SpeakerRole.CLINICIAN, "p": SpeakerRole.PATIENT, "o": SpeakerRole.OTHER}
_STORY = SectionSpec("story", "Anamnese", "", ("symptom", "history", "medication"))


def transcript_of(name: str) -> Transcript:
    """One of these consultations."""
    lines = CONSULTATIONS[name][0]
    return Transcript(
        tuple(
            Utterance(UtteranceId(number), line[3:], number * 4.0, number * 4.0 + 3, _ROLES[line[0]])
            for number, line in enumerate(lines, start=1)
        ),
        "nl",
    )


def statements_of(name: str) -> list[Case]:
    """Its true statements with the lines they rest on."""
    transcript = transcript_of(name)
    return [
        Case(name, Statement(text, evidence=tuple(UtteranceId(id) for id in ids)), _STORY, transcript)
        for text, ids in CONSULTATIONS[name][1]
    ]
