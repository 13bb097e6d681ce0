"""What short notes abbreviate, and the words in which it is said: English and Dutch."""

from __future__ import annotations

import re

_IN_CAPITALS: dict[str, dict[str, str]] = {
    "en": {
        "CVA": "stroke", "MI": "infarction", "HTN": "hypertension", "DM": "diabetes",
            "AF": "atrial fibrillation",
        "CP": "chest pain", "OA": "osteoarthritis", "RA": "rheumatoid arthritis", "DVT": "thrombosis",
        "PE": "pulmonary embolism", "CCF": "heart failure", "CHF": "heart failure", "HF": "heart failure",
        "IHD": "heart disease", "CAD": "coronary disease", "CKD": "kidney disease", "LOC": "faint",
        "LOW": "weight lose", "LRTI": "infection", "SOBOE": "dyspnoea exertion", "FBC": "bloods",
        "CBC": "bloods", "CXR": "chest x-ray", "CRT": "capillary refill", "LNs": "glands", "LN": "gland",
        "BO": "stool", "PU": "urine", "BM": "stool", "BMs": "stool", "UTI": "uti", "GERD": "reflux",
        "RHD": "right-handed", "LBP": "low back pain", "ETOH": "alcohol", "EtOH": "alcohol",
    },
    "nl": {
        "CVA": "beroerte", "MI": "hartinfarct", "HT": "hypertensie", "DM": "diabetes",
        "AF": "boezemfibrilleren", "POB": "pijn borst", "DVT": "trombose", "LE": "longembolie",
        "HF": "hartfalen", "UWI": "urineweginfectie", "LWI": "infectie", "OSAS": "slaapapneu",
        "AB": "antibiotica", "LO": "onderzoek", "BO": "buikoverzicht", "LZB": "",
    },
}  # fmt: skip
"""Only so, in capitals: the same letters are words, too."""
_ANYHOW: dict[str, dict[str, str]] = {
    "en": {
        "abx": "antibiotics", "temp": "temperature", "temps": "temperature", "wt": "weight",
        "n+v": "nausea vomiting", "n&v": "nausea vomiting", "n/v": "nausea vomiting",
        "d+v": "diarrhoea vomiting", "d&v": "diarrhoea vomiting", "uss": "ultrasound", "f/u": "follow-up",
        "palps": "palpitations", "appt": "appointment", "freq": "frequency", "b/l": "bilateral",
        "occ": "occasional", "resp": "respiratory", "prev": "previous", "rec": "recreational",
        "haem": "blood", "discomf": "pain", "o/e": "", "c/o": "", "s/e": "side effects", "inc": "",
        "inb": "no better", "prob": "probably", "susp": "suspected", "req": "requests",
    },
    "nl": {
        "vg": "voorgeschiedenis", "vgl": "vergelijkbaar", "alc": "alcohol", "fam": "familie",
            "def": "ontlasting",
        "mict": "plassen", "mictie": "plassen", "pob": "pijn borst", "n&v": "misselijk braken",
        "n+v": "misselijk braken", "misselijkh": "misselijk", "kortad": "kortademig", "dyspn": "kortademig",
        "temp": "temperatuur", "gew": "gewicht", "med": "medicatie", "allerg": "allergie",
            "antib": "antibiotica",
        "hypert": "hypertensie", "kl": "klachten", "progr": "erger", "recid": "opnieuw", "evt": "eventueel",
        "bijz": "", "gb": "", "ws": "waarschijnlijk", "mgl": "mogelijk",
    },
}  # fmt: skip


def _pattern(short: dict[str, str], flags: int) -> re.Pattern[str]:
    longest_first = sorted(short, key=len, reverse=True)
    return re.compile(
        rf"(?<![\w/+&.-])(?:{'|'.join(map(re.escape, longest_first))})(?![\w+&-])(?! (?:tender|angle))\.?",
        flags,
    )


_PATTERNS = {
    language: (_pattern(_IN_CAPITALS[language], 0), _pattern(_ANYHOW[language], re.IGNORECASE))
    for language in ("en", "nl")
}


def in_words(text: str, language: str) -> str:
    """A text with what short notes abbreviate in the words that are said: "CVA" → "stroke"."""
    capitals, anyhow = _PATTERNS[language]
    text = capitals.sub(lambda m: _IN_CAPITALS[language][m[0].rstrip(".")], text)
    return anyhow.sub(lambda m: _ANYHOW[language][m[0].rstrip(".").lower()], text)
