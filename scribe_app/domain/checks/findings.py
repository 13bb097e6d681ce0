"""What a check says about a statement, and the words in which it says so."""

from __future__ import annotations

from dataclasses import dataclass

from scribe_app.domain.letter import Flag, Support

_ORDER = (Support.SUPPORTED, Support.INFERRED, Support.UNSUPPORTED, Support.CONFLICTING)

_REASONS: dict[str, dict[str, str]] = {
    "en": {
        "no_evidence": "Nothing that was said carries this.",
        "unclear": "What was said here could not be understood. Play it.",
        "number_not_said": "“{claimed}” was not said in the passage this rests on.",
        "number_differs": "“{claimed}” was not said; what was said is “{said}”.",
        "amount_of_another": "“{claimed}” was said of something else; what was said here is “{said}”.",
        "range_odd": "“{claimed}”: the end of this range is not above its beginning.",
        "unit_differs": "The unit differs: written “{claimed}”, said “{said}”.",
        "unit_not_said": "“{claimed}”: the number was said, its unit was not.",
        "frequency_not_said": "How often (“{claimed}”) was not said in the passage this rests on.",
        "drug_not_said": "“{claimed}” was not said in the passage this rests on.",
        "drug_differs": "“{claimed}” was not said; what was said is “{said}”.",
        "drug_heard_as": "“{claimed}” was heard as “{said}”: check the name.",
        "side_differs": "The side differs: written “{claimed}”, said “{said}”.",
        "side_twice": "The same side stands here twice: one of them should be the other.",
        "side_open": "“{claimed}”: both sides were spoken of, and the passage this rests on names neither.",
        "side_not_said": "The side (“{claimed}”) was not said in the passage this rests on.",
        "negation_differs": "Written as {claimed}, said as {said}: “{word}”.",
        "called_well": "Written as a problem; what was said is “{said}”.",
        "certainty_dropped": "It was said less certainly than it is written here.",
        "particular_differs": "“{claimed}” was not said; what was said is “{said}”.",
        "particular_not_said": "“{claimed}” was not said in the passage this rests on.",
        "telephone": "This was a telephone consultation: nothing could be examined.",
        "family_not_patient": "This was said of a relative, not of the patient.",
        "relative_not_said": "“{claimed}” was not mentioned in the passage this rests on.",
        "clinician_did_not_say": "Only the patient spoke of this; here the clinician's words are needed.",
        "only_asked": "This was asked, but no answer confirms it.",
        "value_withdrawn": "“{claimed}” was taken back; the speaker then said “{said}”.",
        "words_not_said": "Not in the passage this rests on: {words}.",
        "words_inferred": "Partly in other words than were spoken: {words}.",
        "second_look": "On a second look the model did not find this in the lines it rests on: read them.",
        "evidence_corrected": "What this rests on was corrected: read it again.",
        "addressed_to_software": "These words were meant for the software, not for you: nothing obeys them.",
        "helpline_unknown": "“{claimed}” is no emergency number known here: listen, and correct it.",
        "quote_changed": "These are not exactly the words that were said.",
        "prior_differs": "Today something else was said: “{said}”.",
        "prior_not_there": "This does not stand in the earlier letter that it names.",
        "present": "present",
        "absent": "absent",
    },
    "nl": {
        "no_evidence": "Niets van wat is gezegd draagt dit.",
        "unclear": "Wat hier is gezegd, was niet te verstaan. Speel het af.",
        "number_not_said": "“{claimed}” is niet gezegd in de passage waarop dit rust.",
        "number_differs": "“{claimed}” is niet gezegd; gezegd is “{said}”.",
        "amount_of_another": "“{claimed}” is over iets anders gezegd; hier is “{said}” gezegd.",
        "range_odd": "“{claimed}”: het einde van dit bereik ligt niet boven het begin.",
        "unit_differs": "De eenheid verschilt: geschreven “{claimed}”, gezegd “{said}”.",
        "unit_not_said": "“{claimed}”: het getal is gezegd, de eenheid niet.",
        "frequency_not_said": "Hoe vaak (“{claimed}”) is niet gezegd in de passage waarop dit rust.",
        "drug_not_said": "“{claimed}” is niet gezegd in de passage waarop dit rust.",
        "drug_differs": "“{claimed}” is niet gezegd; gezegd is “{said}”.",
        "drug_heard_as": "“{claimed}” is gehoord als “{said}”: controleer de naam.",
        "side_differs": "De kant verschilt: geschreven “{claimed}”, gezegd “{said}”.",
        "side_twice": "Dezelfde kant staat hier twee keer: een van beide moet de andere zijn.",
        "side_open": "“{claimed}”: beide kanten zijn genoemd; de passage waarop dit rust noemt er geen.",
        "side_not_said": "De kant (“{claimed}”) is niet gezegd in de passage waarop dit rust.",
        "negation_differs": "Geschreven als {claimed}, gezegd als {said}: “{word}”.",
        "called_well": "Geschreven als klacht; gezegd is “{said}”.",
        "certainty_dropped": "Dit is met minder zekerheid gezegd dan het hier staat.",
        "particular_differs": "“{claimed}” is niet gezegd; gezegd is “{said}”.",
        "particular_not_said": "“{claimed}” is niet gezegd in de passage waarop dit rust.",
        "telephone": "Dit was een telefonisch consult: er kon niets worden onderzocht.",
        "family_not_patient": "Dit is gezegd over een familielid, niet over de patiënt.",
        "relative_not_said": "“{claimed}” is niet genoemd in de passage waarop dit rust.",
        "clinician_did_not_say": "Alleen de patiënt sprak hierover; hier zijn de woorden van de arts nodig.",
        "only_asked": "Dit is gevraagd, maar geen antwoord bevestigt het.",
        "value_withdrawn": "“{claimed}” is teruggenomen; daarna is “{said}” gezegd.",
        "words_not_said": "Niet in de passage waarop dit rust: {words}.",
        "words_inferred": "Deels in andere woorden dan zijn gesproken: {words}.",
        "second_look": "Bij nader inzien vond het model dit niet in de regels waarop het rust: lees ze na.",
        "evidence_corrected": "Waarop dit rust, is verbeterd: lees het opnieuw.",
        "addressed_to_software": "Dit was voor de software bedoeld, niet voor u: niets volgt het op.",
        "helpline_unknown": "“{claimed}” is hier niet bekend als alarmnummer: luister, en verbeter het.",
        "quote_changed": "Dit zijn niet precies de woorden die zijn gezegd.",
        "prior_differs": "Vandaag is iets anders gezegd: “{said}”.",
        "prior_not_there": "Dit staat niet in de eerdere brief die wordt genoemd.",
        "present": "aanwezig",
        "absent": "afwezig",
    },
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One doubt: how heavy it weighs and the flag that tells why."""

    support: Support
    flag: Flag


def finding(support: Support, code: str, language: str, **parts: str) -> Finding:
    """A finding with its reason in the language of the consultation."""
    reason = _REASONS[language][code]
    for name, value in parts.items():
        reason = reason.replace("{" + name + "}", value)
    return Finding(support, Flag(code, reason))


def phrase(code: str, language: str) -> str:
    """A word used inside reasons."""
    return _REASONS[language][code]


def worst(findings: list[Finding]) -> Support:
    """The heaviest doubt; supported where there is none."""
    return max((f.support for f in findings), key=_ORDER.index, default=Support.SUPPORTED)
