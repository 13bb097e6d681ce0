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
    r"|^\s*(?:system|assistant|user|developer|model)\s*:|```|<script|<img\b|\]\(\s*(?:https?|file):"
    r"|[\u202a-\u202e\u2066-\u2069]",
    re.MULTILINE,
)
"""Control tokens of chat templates, role marks, mark-up, and signs that turn the order of writing."""
_IT = r"(?:software|computer|program(?:me)?|scribe|assistant|ai|model|chatbot|machine|chatgpt|gpt)"
_HET = r"(?:software|computer|programma|scribe|assistent|ai|(?:taal)?model|chatbot|machine|chatgpt|gpt)"
_PAPER = r"(?:letter|note|notes|plan|summary|record|report|assessment|document|conclusion)"
_PAPIER = r"(?:brief|verslag|plan|beleid|samenvatting|dossier|notitie|conclusie|evaluatie|document)"
_ORDERS = {
    "en": re.compile(
        rf"\b(?:ignore|disregard|forget|override|bypass)\b.{{0,40}}\b(?:instructions?|rules?|prompts?|above|before"
        rf"|guidelines|everything|previous|checks?)\b"
        rf"|\b(?:system|developer) (?:prompt|message|mode)\b|\bas an ai\b"
        rf"|\byou are (?:now )?(?:an? )?(?:\w+ )?{_IT}\b"
        rf"|\b(?:hey|dear|attention|note to|message to|instructions? (?:to|for)),? (?:the )?{_IT}\b"
        rf"|\b{_IT} (?:should|must|has to|needs to|will|please|is to|may|can)\b.{{0,20}}"
        rf"\b(?:write|add|put|record|note|delete|remove|omit|leave|sign|say|state)\b"
        rf"|^(?:please |now |and |then )*(?:write|add|put|insert|state|record|include|enter|sign|delete"
        rf"|remove|omit|leave out|replace|change)\b.{{0,60}}"
        rf"\b(?:in|into|to|from|on|of) (?:the |my |his |her |your )?{_PAPER}\b"
        rf"|\b(?:reveal|print|repeat|show|output|leak)\b.{{0,20}}\b(?:prompt|instructions|above|rules)\b"
        rf"|\b{_PAPER} (?:must|should|has to|needs to) (?:say|state|read|contain|mention)\b"
        rf"|\b(?:new|updated|secret|hidden) instructions?\b|\bpretend (?:to be|that you)\b|\bjailbreak\b"
    ),
    "nl": re.compile(
        rf"\b(?:negeer|vergeet|omzeil|sla over)\b.{{0,40}}"
        rf"\b(?:instructies?|opdrachten|opdracht|regels?|prompts?|hierboven|hiervoor|alles|eerdere|vorige|controles?)\b"
        rf"|\bsysteem ?(?:prompt|bericht|opdracht)\b"
        rf"|\b(?:je|jij|u) bent (?:nu |vanaf nu )?(?:een |het )?(?:\w+ )?{_HET}\b"
        rf"|\b(?:hé|hey|beste|let op|bericht aan|opdracht (?:aan|voor)|instructie (?:aan|voor)),?"
        rf" (?:de |het )?{_HET}\b"
        rf"|\b{_HET} (?:moet|mag|dient|zal|kan)\b.{{0,60}}"
        rf"\b(?:schrijven|zetten|noteren|toevoegen|weglaten|wissen|verwijderen|ondertekenen|vermelden)\b"
        rf"|^(?:graag |nu |en |dan )*(?:schrijf|zet|noteer|voeg|vermeld|verwijder|wis|onderteken|vervang"
        rf"|verander|laat)\b.{{0,60}}\b(?:in|op|aan|bij|uit|onder|van) (?:de |het |mijn |je |uw )?{_PAPIER}\b"
        rf"|\b(?:toon|herhaal|print|geef|onthul)\b.{{0,20}}\b(?:prompt|instructies|opdrachten|regels)\b"
        rf"|\b{_PAPIER} moet (?:zeggen|vermelden|staan|bevatten|melden)\b"
        rf"|\b(?:nieuwe|geheime|verborgen) (?:instructies?|opdracht(?:en)?)\b|\bdoe alsof je\b"
    ),
}


def is_order(text: str, language: str) -> bool:
    """Whether a text speaks to software, or holds signs that are meant for it."""
    if _SIGNS.search(text.lower()):
        return True
    orders = _ORDERS["nl" if language.startswith("nl") else "en"]
    return any(orders.search(plain(sentence).strip(" \"'“”")) for sentence in sentences(text))


def order_findings(text: str, cited: list[Utterance], language: str) -> list[Finding]:
    """A doubt where a statement is such an order, or takes words from one that the rest does not have."""
    doubt = [finding(Support.UNSUPPORTED, "addressed_to_software", language)]
    if is_order(text, language):
        return doubt
    claim = read(text, language, False)
    named = claim.stems | set(claim.drugs)
    for utterance in cited:
        parts = sentences(utterance.text)
        orders = [part for part in parts if is_order(part, language)]
        if not orders and not is_order(utterance.text, language):
            continue
        ordered = read(" ".join(orders or parts), language, True)
        rest = read(" ".join(part for part in parts if part not in orders) if orders else "", language, True)
        if named & (ordered.stems | set(ordered.drugs)) - (rest.stems | set(rest.drugs)):
            return doubt
    return []
