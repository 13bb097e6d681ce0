"""Stems of symptoms, conditions, findings and organs: the words on which a denial matters."""

from __future__ import annotations

from functools import lru_cache

from scribe_app.domain.checks.reading import stem_of
from scribe_app.domain.lexicon import topics_en, topics_nl


def _stems_of(phrases: tuple[str, ...], language: str) -> frozenset[str]:
    return frozenset(
        stem_of(word.rstrip("*"), language)
        for entry in phrases
        for word in entry.split()
        if len(entry.split()) == 1
    ) - {""}


@lru_cache(maxsize=4)
def condition_stems(language: str) -> frozenset[str]:
    """Stems of diseases."""
    lexicon = topics_nl if language == "nl" else topics_en
    phrases = tuple(phrase for phrase in lexicon.CONDITIONS if phrase not in _NO_CONDITION)
    return _stems_of((*phrases, *_FURTHER), language)


_FURTHER = (
    "infarction", "cancer", "darmkanker", "hartinfarct", "hypertension", "hypertensie", "tumour", "dementia",
    "dementie", "migraine", "epilepsy",
)  # fmt: skip
_NO_CONDITION = frozenset({"previous*", "condition*", "admitted", "diagnosed", "vaccin*", "immunis*",
"vroeger", "opgenomen", "opname",
                           "ziekenhuis", "eerdere*", "cholesterol", "aandoening*"})  # fmt: skip


@lru_cache(maxsize=4)
def organ_stems(language: str) -> frozenset[str]:
    """Stems of parts of the body and of what it does, which are no symptom by themselves."""
    return _stems_of((*_ORGANS, *_PARTS), language)


@lru_cache(maxsize=4)
def clinical_stems(language: str) -> frozenset[str]:
    """Stems of symptoms, conditions and findings: a denial turned round matters most on these."""
    lexicon = topics_nl if language == "nl" else topics_en
    symptoms = tuple(phrase for phrase in lexicon.SYMPTOMS if phrase not in _COURSE)
    stems = condition_stems(language) | _stems_of((*symptoms, *_FINDINGS), language)
    return stems - organ_stems(language)


_FINDINGS = (
    "normal", "clear", "regular", "relieved", "tender", "soft", "smoke", "alcohol", "worse", "erger",
    "allergy", "murmur", "gallop", "rub", "rubs", "mass", "masses", "laxity", "adenopathy",
    "lymphadenopathy", "thyromegaly", "ectopic", "effusion", "erythema", "ecchymosis", "wheeze",
    "wheezing", "rales", "rhonchi", "crackles", "guarding", "rebound", "distension", "deformity",
    "fracture", "dislocation", "clubbing", "cyanosis", "jaundice", "bruit", "nystagmus", "hernia",
    "organomegaly", "lesion", "ulcer", "discharge", "crepitus", "bruising", "instability", "weakness",
    "tremor", "haematuria", "trauma", "injury", "exudate", "soepel", "normaal", "regelmatig", "roken",
    "allergisch", "continue", "antibiotica", "antibiotics", "souffle", "ruis", "klieren", "drukpijn",
    "loslaatpijn", "zwelling", "roodheid", "icterus", "cyanose", "oedeem", "crepitaties", "reutels",
    "hypertrofie", "breuk", "uitslag", "medication", "medicatie", "illness", "ziekte", "anaphylaxis",
    "anafylaxie", "nausea", "diarrhoea", "depression", "suicidal", "confusion", "confused", "hoarseness",
)  # fmt: skip
"""Findings, beside symptoms and conditions, on which a denial matters."""
_ORGANS = (
    "heart", "abdomen", "stool", "kidney", "thyroid", "bowel", "urine", "weight", "heavy", "lower", "lung",
    "muscle", "joint", "throat", "eye", "skin", "leg", "back", "chronic", "hart", "ontlasting",
    "nier", "schildklier", "darm", "gewicht", "long", "spier", "gewricht", "keel", "oog", "huid", "been",
    "rug",
    "doing", "eating", "wrist", "foot", "radial", "tonsils", "slightly", "sports",
    "aware",
)  # fmt: skip
"""Words of symptoms that are no symptom by themselves: "no extra heart sounds" denies no heart."""
_PARTS = ("head", "neck", "face", "hand", "arm", "knee", "hip", "shoulder", "elbow", "ankle", "finger", "toe",
"ear", "nose", "mouth", "tongue", "bladder", "nipple", "breast", "side", "prostate", "uterus", "lymph",
    "vision",
"hoofd", "nek", "gezicht", "hand", "arm", "knie", "heup", "schouder", "elleboog", "enkel", "vinger", "teen",
"oor", "neus", "mond", "tong", "blaas", "tepel", "borst", "kant", "zijde", "prostaat")  # fmt: skip
_COURSE = ("worse", "better", "eases", "settles", "started", "fit", "fits", "sharp", "begon", "begonnen",
"beter", "erger", "dik", "period*",
           "spots", "sick", "sleep*", "weak*", "relie*", "mood", "sore*", "tender", "infect*",
           "radiat*")  # fmt: skip
