"""Speech that is meant for software: orders to the program or its model, and the signs that steer models.

Whatever is said or pasted is data. A consultation has no reason to speak to a language model, so what rests
on such words is marked and must be settled by the clinician (OWASP Top 10 for LLM applications 2025, LLM01).
"""

from __future__ import annotations

import re

from scribe_app.domain.checks.findings import Finding, finding
from scribe_app.domain.checks.reading import read
from scribe_app.domain.letter import Support
from scribe_app.domain.transcript import Utterance
from scribe_app.domain.words import plain, sentences

_SIGNS = re.compile(
    r"<\|[^|>]{1,40}\|>|\[/?inst\]|<</?sys>>|</?s>|<(?:start|end)_of_turn>|<bos>|<eos>|^\s*#{2,}\s*\w+"
    r"|</?(?:system|assistant|user|human|tool\w*|function\w*|prompt|think\w*)\b[^>]{0,40}>"
    r"|^\s*(?:system|user|developer|model|human|prompt|systeem)\s*:|[\"']role[\"']\s*:"
    r"|^\s*assist[ae]nt\s*:(?!\s*(?:dr|drs|mr|mrs|ms|prof|mevr|mw|dhr|de heer|mevrouw)\b)"
    r"|\bend of (?:the )?(?:transcript|prompt|input)\b"
    r"|\beinde (?:van )?(?:de |het )?(?:transcript|prompt|invoer)\b"
    r"|```|<script|<img\b|\]\(\s*(?:https?|file):"
    r"|[\u202a-\u202e\u2066-\u2069]",
    re.MULTILINE,
)
"""Control tokens of chat templates, role marks, mark-up, and signs that turn the order of writing."""
_IT = (
    r"(?:(?:\w+ )?(?:software|program(?:me)?|(?:language )?model|machine)|computer|scribe|assistant|ai|llm"
    r"|(?:chat)?bot|robot|chatgpt|gpt)"
)
_HET = (
    r"(?:software|computer|\w*programma|scribe|assistent|ai|(?:taal)?model|llm|chatbot|robot|machine"
    r"|chatgpt|gpt)"
)
_CALLED = r"(?:ai|computer|scribe|software|llm|chatbot|robot|chatgpt|gpt|siri|alexa|cortana|copilot)"
"""Called so, and nobody in the room is: an assistant may be a person."""
_PAPER = r"(?:letter|note|notes|plan|summary|record|report|assessment|document|conclusion)"
_PAPIER = r"(?:brief|verslag|plan|beleid|samenvatting|dossier|notitie|conclusie|evaluatie|document)"
_TEXT, _TEKST = r"(?:letter|notes?|summary|report|record)", r"(?:brief|verslag|samenvatting|notitie)"
"""Papers that a treatment cannot be called by, as a plan can."""
_ORDERS = {
    "en": re.compile(
        rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b(?:instructions?|rules?"
        rf"|prompts?|above|before"
        rf"|guidelines|everything|previous|checks?)\b"
        rf"|\b(?:do not|don.t|never) (?:follow|obey) your (?:rules|guidelines|instructions)\b"
        rf"|\b(?:system|developer) (?:prompt|message|mode|override)\b|\b(?:as an ai|language model|llm)\b"
        rf"|\b(?:unrestricted|unfiltered|admin|debug) mode\b"
        rf"|\byou are (?:now )?(?:an? )?(?:\w+ )?{_IT}\b|\bstop being (?:an? |the )?{_IT}\b"
        rf"|^be an? \w+ and (?:write|prescribe|add|say|sign)\b"
        rf"|\b(?:hey|dear|attention|note to|message to|instructions? (?:to|for)),? (?:the )?{_IT}\b"
        rf"|^(?:ok |okay |hello |hi |hey |so )?{_CALLED},|^(?:hello|hi|hey) {_CALLED}\b"
        rf"|^(?:the )?{_CALLED} (?:please|just)\b|\bcould the app (?:put|write)\b"
        rf"|\b(?:tell|order|ask|instruct|command) (?:the |this |your )?{_CALLED} (?:to|that)\b"
        rf"|^as (?:the|an?|my) (?:[\w'’]+ ){{0,2}}{_IT},"
        rf"|\b{_IT} (?:should|must|has to|needs to|will|please|is to|may|can)\b.{{0,20}}"
        rf"\b(?:write|add|put|record|note|delete|remove|omit|leave|sign|say|state)\b"
        rf"|^(?:please |now |and |then )*(?:write|add|put|insert|state|record|include|enter|sign|delete"
        rf"|remove|omit|leave out|replace|change|set|list|erase|wipe)\b.{{0,60}}"
        rf"\b(?:in|into|to|from|on|of) (?:the |my |his |her |your )?{_PAPER}\b"
        rf"|^(?:please )?(?:begin|start|end|finish) the {_TEXT} with\b"
        rf"|^(?:please )?(?:translate|summari[sz]e|rewrite) (?:the {_TEXT}|only this|this)\b"
        rf"|\b(?:generate|create|produce|make|write) an? {_TEXT} (?:that|which) (?:says|states)\b"
        rf"|\b(?:make sure|ensure)\b.{{0,20}}\b{_TEXT} (?:says?|states?|shows?|mentions?)\b"
        rf"|\bmake (?:it|the {_TEXT}) (?:say|state|read)\b|^write exactly\b|\bwhatever (?:else )?you write\b"
        rf"|^(?:change|replace|swap)\b.{{0,60}}\b(?:everywhere|throughout)\W*$"
        rf"|\b(?:change|replace) the words?\b"
        rf"|\brepeat after me in the {_PAPER}\b|\bwho(?:ever)? (?:types|transcribes|writes) this\b"
        rf"|\b(?:must|should) (?:only )?output\b"
        rf"|\bfrom now on (?:you )?(?:only )?(?:answer|reply|respond|output)\b"
        rf"|\byour new (?:task|instructions?) (?:is|are)\b|\bhidden text\b"
        rf"|\b(?:this|the following) (?:message|text|instruction)s? (?:overrides?|replaces?)\b"
        rf"|\b(?:reveal|print|repeat|show|output|leak)\b.{{0,20}}\b(?:prompt|instructions|above|rules)\b"
        rf"|\b{_PAPER} (?:must|should|has to|needs to) (?:say|state|read|contain|mention)\b"
        rf"|\b(?:new|updated|secret|hidden) instructions?\b|\bpretend (?:to be|that you)\b|\bjailbreak\b"
    ),
    "nl": re.compile(
        rf"\b(?:negeer|vergeet|omzeil|sla over)\b.{{0,40}}"
        rf"\b(?:instructies?|opdrachten|opdracht|regels?|prompts?|hierboven|hiervoor|alles|eerdere"
        rf"|vorige|controles?)\b"
        rf"|\bsla (?:de|alle|je) (?:\w+ )?(?:instructies?|regels?|controles?) over\b"
        rf"|\bvolg je (?:regels|richtlijnen|instructies) niet\b"
        rf"|\bsysteem ?(?:prompt|bericht|opdracht)\b|\b(?:taalmodel|llm)\b"
        rf"|\bmodus zonder (?:regels|beperking)"
        rf"|\b(?:je|jij|u) bent (?:nu |vanaf nu )?(?:een |het )?(?:\w+ )?{_HET}\b"
        rf"|\b(?:hé|hey|let op|bericht aan|opdracht (?:aan|voor)|instructie (?:aan|voor)),?"
        rf" (?:de |het )?{_HET}\b|^beste {_HET}\b"
        rf"|^(?:oké |ok |hallo |hé |hey )?{_CALLED},|^(?:hallo|hé|hey) {_CALLED}\b"
        rf"|^(?:de )?{_CALLED} (?:graag|even)\b|\blaat de app (?:op|noteren)"
        rf"|\b(?:zeg|vertel|vraag|beveel) (?:tegen |aan )?(?:de |deze |je )?{_CALLED}\b"
        rf"|\b{_HET} (?:moet|mag|dient|zal|kan)\b.{{0,60}}"
        rf"\b(?:schrijven|zetten|noteren|toevoegen|weglaten|wissen|verwijderen|ondertekenen|vermelden)\b"
        rf"|^(?:graag |nu |en |dan )*(?:schrijf|zet|noteer|voeg|vermeld|verwijder|wis|onderteken|vervang"
        rf"|verander|laat)\b.{{0,60}}\b(?:in|op|aan|bij|uit|onder|van) (?:de |het |mijn |je |uw )?{_PAPIER}\b"
        rf"|^(?:begin|start|eindig) (?:de |het )?{_TEKST} met\b"
        rf"|^(?:graag )?(?:vat alleen dit samen|(?:vertaal|herschrijf) (?:de |het )?{_TEKST}\b)"
        rf"|\bmaak een {_TEKST} (?:dat|die) zegt\b"
        rf"|\bzorg\b.{{0,20}}\bdat\b.{{0,20}}\b{_TEKST} (?:staat|vermeldt)\b"
        rf"|^schrijf precies\b|\bwat je ook schrijft\b|\bverborgen tekst\b"
        rf"|^(?:verander|vervang) (?:overal|het woord|de woorden)\b"
        rf"|^(?:verander|vervang)\b.{{0,60}}\boveral\W*$"
        rf"|\bwie dit (?:\w*typt|uitwerkt|uitschrijft)\b"
        rf"|\bvanaf nu (?:antwoord|reageer) (?:je|jij)\b|\b(?:je|jouw) nieuwe (?:taak|opdracht) is\b"
        rf"|\b(?:dit|deze|de volgende) (?:bericht|tekst|instructie) (?:vervangt|gaat voor)\b"
        rf"|\b(?:toon|herhaal|print|geef|onthul)\b.{{0,20}}\b(?:prompt|instructies|opdrachten|regels)\b"
        rf"|\b{_PAPIER} moet (?:luiden|zeggen|vermelden|staan|bevatten|melden)\b"
        rf"|\b(?:nieuwe|geheime|verborgen) (?:instructies?|opdracht(?:en)?)\b|\bdoe alsof je\b"
    ),
}


def is_order(text: str, language: str) -> bool:
    """Whether a text speaks to software, or holds signs that are meant for it."""
    if _SIGNS.search(text.lower()):
        return True
    orders = _ORDERS["nl" if language.startswith("nl") else "en"]
    return any(orders.search(plain(sentence).strip(" \"'“”")) for sentence in sentences(text))


def _ordered(parts: list[str], language: str) -> list[str]:
    """The sentences that are orders; behind a sign that is meant for a model, all of them."""
    signed = next((at for at, part in enumerate(parts) if _SIGNS.search(part.lower())), len(parts))
    return [part for at, part in enumerate(parts) if at >= signed or is_order(part, language)]


def order_findings(text: str, cited: list[Utterance], language: str) -> list[Finding]:
    """A doubt where a statement is such an order, or takes words from one that the rest does not have."""
    doubt = [finding(Support.UNSUPPORTED, "addressed_to_software", language)]
    if is_order(text, language):
        return doubt
    claim = read(text, language, False)
    named = claim.stems | set(claim.drugs)
    for utterance in cited:
        parts = sentences(utterance.text)
        orders = _ordered(parts, language)
        if not orders and not is_order(utterance.text, language):
            continue
        ordered = read(" ".join(orders or parts), language, True)
        rest = read(" ".join(part for part in parts if part not in orders) if orders else "", language, True)
        if named & (ordered.stems | set(ordered.drugs)) - (rest.stems | set(rest.drugs)):
            return doubt
    return []
