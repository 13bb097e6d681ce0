"""Names of relatives, English and Dutch: one list for whom a fact is about and for whom "my" belongs to."""

from __future__ import annotations

BLOOD: dict[str, dict[str, str]] = {
    "en": {
        "father": "father", "dad": "father", "daddy": "father",
        "mother": "mother", "mum": "mother", "mom": "mother", "mommy": "mother", "mummy": "mother",
        "brother": "brother", "brothers": "brother", "sister": "sister", "sisters": "sister",
        "grandmother": "grandmother", "grandma": "grandmother", "gran": "grandmother", "nan": "grandmother",
        "granny": "grandmother", "mgm": "grandmother", "pgm": "grandmother",
        "mgf": "grandfather", "pgf": "grandfather",
        "grandfather": "grandfather", "grandad": "grandfather", "granddad": "grandfather",
        "grandpa": "grandfather", "uncle": "uncle", "aunt": "aunt", "cousin": "cousin",
        "son": "son", "daughter": "daughter", "parents": "parents",
        "half-brother": "brother", "half-brothers": "brother", "half-sister": "sister",
            "half-sisters": "sister",
        "stepbrother": "brother", "stepsister": "sister", "aunts": "aunt", "uncles": "uncle",
            "cousins": "cousin",
    },
    "nl": {
        "vader": "father", "pa": "father", "papa": "father", "moeder": "mother", "mama": "mother",
        "broer": "brother", "broers": "brother", "zus": "sister", "zussen": "sister", "zuster": "sister",
        "oma": "grandmother", "opa": "grandfather", "oom": "uncle", "tante": "aunt",
        "neef": "cousin", "nicht": "cousin", "zoon": "son", "dochter": "daughter",
        "halfbroer": "brother", "halfzus": "sister", "stiefbroer": "brother", "stiefzus": "sister",
        "tantes": "aunt", "ooms": "uncle", "neven": "cousin", "nichten": "cousin", "ouders": "parents",
    },
}  # fmt: skip
"""Blood relatives under one name."""

OTHERS: dict[str, tuple[str, ...]] = {
    "en": ("mam", "wife", "husband", "partner", "kids", "children", "boyfriend", "girlfriend"),
    "nl": (
        "zusje", "zusters", "broertje", "vrouw", "man", "partner", "zoontje", "dochtertje", "kinderen",
        "vriend", "vriendin",
    ),
}  # fmt: skip
"""Others whom a patient calls their own."""


def any_of(language: str) -> str:
    """A pattern of them all; the longest first, so that none is cut short."""
    return "|".join(sorted({*BLOOD[language], *OTHERS[language]}, key=lambda name: (-len(name), name)))
