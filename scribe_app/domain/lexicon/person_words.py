"""Verbs and nouns that change when what someone says of themselves is told of them, English and Dutch."""

from __future__ import annotations

from scribe_app.domain.lexicon.relatives import any_of
from scribe_app.domain.words import words_in

RELATIVES: dict[str, str] = {
    "en": rf"(?:{any_of('en')})s?",
    "nl": rf"(?:schoon|groot|stief)?(?:{any_of('nl')})",
}

EN_FORMS: dict[str, str] = {
    "am": "is", "have": "has", "do": "does", "don't": "doesn't", "haven't": "hasn't", "go": "goes",
    "'m": "is", "'ve": "has", "'d": "would", "'ll": "will",
}  # fmt: skip
EN_UNCHANGED = frozenset(
    words_in(
        "ate began bent bled bought broke brought came can can't cannot caught could couldn't cut dealt "
        "did didn't drank drove fell felt flew forgot found gave got grew had hadn't heard held hit hurt "
        "kept knew lay led left let lost made may meant met might must mustn't paid put quit ran rang "
        "read rose said sat saw sent set shook should shouldn't shut slept slid spent spoke stood stuck "
        "stung swam swelled thought threw told took tore understood used was wasn't went were will woke "
        "won won't wore would wouldn't wrote"
    )
)
EN_ADVERBS = (
    r"just|also|never|always|usually|often|still|really|only|sometimes|actually|already|then"
    r"|normally|mostly|hardly|now|quite|definitely|probably|even|once|kind of|sort of"
)
EN_TOGETHER = frozenset(
    words_in(
        "black breathe bring come cough do drink eat feel find forget get go have keep lean lie live look "
        "lose miss need notice put rest run see sit sleep smoke stand start stop take throw try use wake "
        "walk want work worry"
    )
)
"""Verbs that, behind a comma, "and" or "or", have the same subject as the one before."""

NL_FORMS: dict[str, str] = {
    "heb": "heeft", "ben": "is", "ga": "gaat", "sta": "staat", "sla": "slaat", "doe": "doet", "zie":
    "ziet", "kan": "kan", "wil": "wil", "zal": "zal", "mag": "mag", "kom": "komt", "hou": "houdt",
}  # fmt: skip
NL_TO_U: dict[str, str] = {
    "ben": "bent", "kan": "kunt", "wil": "wilt", "zal": "zult",
}  # fmt: skip
NL_PAST = frozenset(
    words_in(
        "at beet begon bleef bleek bond bracht brak dacht deed droeg dronk gaf genas ging gleed had hield "
        "hielp hing keek kocht kon koos kreeg kwam lag las leek liep liet mocht mochten moest nam reed "
        "riep schoof schoot schreef schrok sliep sloeg snoot sprak sprong stak stierf stond trok vergat "
        "verloor viel voer vond vroeg was werd wist won wou zag zat zocht zwom"
    )
)
NL_ADVERBS = frozenset(words_in("al alleen altijd dan eigenlijk gewoon nog nooit nu ook soms toen vaak wel"))
NL_BINDING = (
    r"als|omdat|dat|toen|sinds|terwijl|wanneer|voordat|nadat|zodra|totdat|zodat|doordat|of|wat|hoe"
    r"|waar|waardoor|waarbij|waarvan|waarop|waarvoor|hoewel|indien|zolang|sindsdien"
)
"""Words after which a Dutch verb stands at the end."""
NL_NO_VERB = frozenset(
    words_in(
        "aan al bij daar dan dat de die dit door dus een en er erg geen heel het hier in maar me met "
        "mezelf mij mijn na naar niet nog nu of om ook op over te toen tot uit van voor want wel zelf "
        "zich zo"
    )
)
NL_HET = (
    r"hart|been|oog|oor|hoofd|lichaam|gezicht|gebit|bloed|haar|bekken|borstbeen|litteken|gewicht"
    r"|werk|kind|leven|geheugen|gehoor|lijf|bot|gewricht|kruis|trommelvlies|onderlijf|huis|bed"
    r"|recept|medicijn|slijmvlies|bovenbeen|ritme|gevoel|gehalte|ontbijt|cholesterol|middenrif"
    r"|schouderblad|hormoon|zicht|probleem|niveau"
)
"""Nouns with "het"; diminutives are, too."""
NL_ADJECTIVES = (
    r"linker|rechter|hele|oude|laatste|eerste|tweede|nieuwe|vorige|andere|beide|dikke|kleine|grote"
    r"|bovenste|onderste"
)
