"""Dutch cues: which words tell what an utterance is about. Stars allow any ending."""

from __future__ import annotations

SYMPTOMS: tuple[str, ...] = (
    "pijn*", "hoofdpijn*", "buikpijn*", "rugpijn*", "keelpijn", "spierpijn", "zeer", "last van", "zeurend*",
    "stekend*",
    "brandend*", "drukkend*", "beklemm*", "kramp*", "jeuk*", "uitslag", "bult*", "vlek*", "zwelling*",
    "gezwollen",
    "opgezet*", "dik", "koorts*", "verhoging", "temperatuur", "rillingen", "koude rillingen", "zweten",
    "zweet*",
    "hoest*", "slijm", "benauwd*", "kortademig*", "buiten adem", "piepen", "hartkloppingen", "duizelig*",
    "licht in het hoofd", "flauw*", "weggevallen", "moe", "vermoeid*", "misselijk*", "overgeven", "braken",
    "diarree",
    "verstopping", "obstipatie", "ontlasting", "poepen", "opgeblazen", "zuurbranden", "maagzuur",
    "bloed bij", "bloed in",
    "bloedverlies", "bloeding*", "blauwe plek*", "plassen", "plas", "urine*", "afscheiding", "menstruatie",
    "ongesteld*",
    "zwanger*", "eetlust", "afgevallen", "gewichtsverlies", "doof", "tintel*", "zwak*", "krachtverlies",
    "wazig", "zicht",
    "oorsuizen", "verkouden*", "snotter*", "loopneus", "niezen", "slikken", "hees", "slaap*", "slapen",
    "stemming",
    "somber*", "angst*", "paniek*", "gespannen", "zelfmoord*", "suïcid*", "stijf*", "gevallen", "val",
    "vergeetachtig*",
    "verward*", "erger", "beter", "straalt uit", "uitstral*", "sinds wanneer", "hoe lang", "begonnen",
    "begon",
    "klacht*", "ziek", "beroerd", "ontstoken", "ontsteking", "wondje*", "wond", "brok", "knobbel*", "steken",
)  # fmt: skip

CONDITIONS: tuple[str, ...] = (
    "astma", "copd", "diabetes", "suikerziekte", "hoge bloeddruk", "hypertensie", "hartaanval*",
    "hartinfarct*",
    "hartfalen", "hartziekte*", "boezemfibrilleren", "beroerte*", "herseninfarct", "tia", "epilepsie",
    "kanker",
    "artrose", "reuma*", "osteoporose", "schildklier*", "eczeem", "psoriasis", "hooikoorts", "maagzweer",
    "maagzweren",
    "prikkelbare darm", "crohn", "colitis", "nierziekte", "nierstenen", "leverziekte", "jicht",
    "bloedarmoede",
    "cholesterol", "operatie*", "geopereerd", "blindedarm", "baarmoeder", "voorgeschiedenis",
    "eerder gehad", "vroeger",
    "eerdere*", "opgenomen", "opname", "ziekenhuis", "onder behandeling", "aandoening*", "ziektes", "ziekten",
    "gediagnosticeerd", "vaccin*", "ingeënt",
)  # fmt: skip

ABOUT: tuple[str, ...] = (
    "oor", "oren", "oog", "ogen", "warm", "warmer", "praten", "spraak", "evenwicht", "coördinatie",
    "uitstralen", "ergens anders", "uitgelokt", "uitlok*", "gegeten", "kunt u eten", "kon ik eten",
    "afhaal*", "bonzen",
    "stolsel*", "klieren", "concentr*", "lopen", "geur", "ruikt",
)  # fmt: skip
"""Tell what it is about, and are no symptom by themselves: a denial of them is not weighed as one."""
ILLNESSES: tuple[str, ...] = (
    "lupus", "sle", "trombose", "bloedprop*", "ziekte", "ziekten", "ziektes", "hersenschudding", "migraine",
    "depressie", "anafyla*", "longontsteking", "bronchitis", "bijholteontsteking",
)  # fmt: skip
"""Past illnesses, beside CONDITIONS."""

TOPIC_CUES: dict[str, tuple[str, ...]] = {
    "symptom": (*SYMPTOMS, *ABOUT),
    "history": (*CONDITIONS, *ILLNESSES),
    "medication": (
        "medicijn*", "medicatie", "tablet*", "pil", "pillen", "puffer*", "inhalator*", "spray", "crème",
        "zalf",
        "druppels", "pleister*", "injectie*", "spuit", "spuiten", "dosis", "dosering", "milligram",
        "microgram", "mg",
        "capsule*", "recept", "antibiotica", "antibioticum", "pijnstiller*", "bloedverdunner*", "zelfzorg",
        "drogist",
        "vitamine*", "supplement*", "anticonceptie", "slikt u", "slik ik", "één keer per dag",
        "een keer per dag",
        "twee keer per dag", "keer per dag", "maal daags", "voor het slapen", "zo nodig", "prednison*",
        "insuline",
    ),
    "allergy": ("allergi*", "overgevoelig*", "intoleran*", "reactie op", "verdraag", "verdraagt",
        "kreeg ik vreselijke jeuk"),
    "examination": (
        "ik ga u even onderzoeken", "onderzoeken", "onderzoek", "luister*", "uw bloeddruk is", "bloeddruk is",
        "de pols is", "polsslag", "temperatuur is", "saturatie", "zuurstof", "harttonen", "longen zijn",
        "longen klinken",
        "ademhaling", "diep inademen", "inademen", "zucht", "doet dit pijn", "drukpijn", "ik voel",
        "ik zie", "ik hoor",
        "soepel", "loslaten", "loslaatpijn", "reflexen", "geruis", "buik is", "keel is", "trommelvlies",
        "trommelvliezen",
        "klieren", "lymfeklieren", "oedeem", "gewicht is", "ziet er goed uit", "voelt normaal", "ausculta*",
        "palpa*",
    ),
    "result": (
        "uitslag van", "uitslagen", "de uitslag", "bloedonderzoek", "bloedtest", "bloed prikken", "prikken",
        "lab",
        "röntgen*", "foto", "scan", "mri", "ct", "echo", "ecg", "hartfilmpje", "biopt", "hemoglobine", "hb",
        "hba1c",
        "kreatinine", "nierfunctie", "leverfunctie", "urineonderzoek", "kweek", "ontstekingswaarde*", "crp",
        "suiker",
        "glucose",
    ),
    "assessment": (
        "ik denk aan", "ik denk dat", "denk ik", "waarschijnlijk", "vermoed*", "het lijkt", "lijkt op",
        "lijkt me",
        "kan zijn", "zou kunnen", "past bij", "diagnose", "onschuldig", "niets ernstigs", "niet ernstig",
        "ik verwacht",
        "meestal vanzelf", "geen zorgen", "geruststel*", "het gaat om", "u heeft een",
        "we weten het niet zeker",
    ),
    "plan": (
        "ik ga", "we gaan", "ik wil", "ik zal", "we zullen", "ik verwijs", "verwijs*", "verwijzing",
        "controle",
        "terugkomen", "komt u terug", "bel ik u", "ik bel", "ik schrijf", "voorschrijven", "recept",
        "afspraak",
        "over een week", "over twee weken", "over twee dagen", "volgende week", "ik stuur", "specialist",
        "polikliniek",
        "poli", "fysio*", "mag u", "beginnen met", "starten met", "doorgaan met", "gaat u door",
        "stoppen met",
        "verhogen", "verlagen", "afbouwen", "ophogen", "we prikken", "laten we", "aanvragen", "vervolg*",
        "bespreken",
        "moet ik", "wat nu", "geen antibiotica", "het plan", "afwachten", "doorverwij*",
    ),
    "safety_net": (
        "belt u meteen", "bel dan", "bel ik meteen", "meteen bellen", "direct bellen", "112", "één één twee",
        "huisartsenpost", "spoed*", "als het erger", "erger wordt", "als de koorts", "als u",
        "als het niet", "niet beter",
        "neem dan contact", "contact op", "alarmsymptom*", "trek aan de bel", "eerder terug", "'s nachts",
        "dezelfde dag",
        "aan de bel", "waarschuw*",
    ),
    "family": (
        "in de familie", "familie", "mijn vader", "mijn moeder", "mijn broer*", "mijn zus*", "mijn oma",
        "mijn opa",
        "mijn oom", "mijn tante", "mijn neef", "mijn nicht", "mijn ouders", "mijn zoon", "mijn dochter",
        "erfelijk*",
        "uw vader", "uw moeder", "uw ouders",
    ),
    "social": (
        "rook*", "roken", "sigaret*", "vapen", "alcohol", "drink*", "glazen", "wijn", "bier", "drugs",
        "wiet", "cannabis",
        "woont u", "woon ik", "ik woon", "alleenstaand", "samenwonend", "thuis", "werk*", "baan", "beroep",
        "pensioen",
        "gepensioneerd", "sport*", "beweegt u", "getrouwd", "partner", "kinderen", "mantelzorg*",
        "thuiszorg", "trap",
        "autorijden", "reis", "buitenland", "stress", "school", "condoom*", "onbeschermd*", "vriendin",
        "seksueel actief", "studeer*", "leidinggevende*",
    ),
    "concern": (
        "zorgen", "bezorgd", "ongerust", "bang", "angstig", "schrik", "geschrokken",
        "dan ga je toch denken", "denken",
        "had u gehoopt", "hoopte u", "ik hoopte", "verwacht u", "verwachtte", "wat denkt u dat het is",
        "ernstig",
        "liever", "ik wil weten", "ziet u op tegen", "zit me dwars",
    ),
    "advice": (
        "advies", "adviseer", "raad ik", "probeer", "probeert u", "rust", "rustig aan", "goed drinken",
        "veel drinken",
        "vermijd*", "minder", "stoppen met roken", "afvallen", "folder", "thuisarts", "website", "u kunt",
        "het beste",
        "belangrijk", "gewoon eten", "vezels", "bewegen", "let op", "bij het eten",
    ),
    "procedure": ("ingreep", "gehecht", "hechten", "hechting*", "verwijderd", "verwijderen", "drain*",
        "katheter*",
                  "verdoving", "verdoofd", "verband", "gips", "aangestipt", "uitgespoten", "wegsnijden"),
}  # fmt: skip

SMALL_TALK: tuple[str, ...] = (
    "het weer", "regent", "de regen", "parkeren", "de bus", "het verkeer", "komt u binnen", "gaat u zitten",
    "neem plaats",
    "goedemorgen", "goedemiddag", "goedendag", "tot ziens", "tot dan", "dank u", "dank je", "bedankt",
    "fijne dag",
    "weekend", "vakantie", "hoe gaat het", "prettige dag", "beterschap", "geboortedatum", "dag dokter",
    "aangenaam",
)  # fmt: skip

YES: tuple[str, ...] = (
    "ja",
    "jawel",
    "klopt",
    "inderdaad",
    "soms",
    "een beetje",
    "wel",
    "zeker",
    "helaas",
    "af en toe",
)
NO: tuple[str, ...] = ("nee", "neen", "niet", "nooit", "geen", "niks", "niets", "helemaal niet", "ook niet")
ACKNOWLEDGEMENTS: tuple[str, ...] = ("oké", "ok", "oke", "goed", "prima", "fijn", "mooi", "juist",
    "precies", "ja hoor", "hoor",
                                     "ik begrijp het", "dat begrijp ik", "dat begrijp ik heel goed",
                                     "begrijp ik", "gelukkig",
                                     "dat is vervelend", "vervelend", "dus", "dan", "dokter", "sorry",
                                     "graag",
                                     "doe ik", "dat doe ik", "zo", "nou", "ach", "oh", "o",
                                     "snap ik")  # fmt: skip

RESULT_KNOWN: tuple[str, ...] = (
    "liet zien",
    "laat zien",
    "was goed",
    "was normaal",
    "waren goed",
    "was verhoogd",
    "bleek",
)
"""A test that is planned has no result yet; these say that there is one."""

STEERING: tuple[str, ...] = (
    "even onderzoeken",
    "gaat u maar liggen",
    "gaat u liggen",
    "diep inademen",
    "zucht u maar",
    "mag u gaan zitten",
    "even luisteren",
    "even kijken",
    "kleedt u zich",
    "trekt u",
    "ogenblikje",
    "ga ik u onderzoeken",
)
"""The course of the visit, not its content."""
