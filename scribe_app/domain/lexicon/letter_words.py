"""What example letters are read with: words of headings, and common words of letters that may be kept."""

from __future__ import annotations

from scribe_app.domain.words import words_in

HEADINGS: dict[str, tuple[tuple[tuple[str, ...], str], ...]] = {
    "en": (
        (("allergy",), r"allerg|adverse reaction|intoleran"),
        (("medication",), r"medic(?!al)|drug|treatment list|tablet"),
        (("family",), r"family"), (("social",), r"social|occupation|lifestyle|smoking"),
        (("examination",), r"exam|o/?e\b|objective|findings|observations|vital"),
        (("result",), r"result|investigation|test|imaging|bloods"),
        (("assessment",), r"diagnos|impression|assessment|opinion|conclusion|summary|problem|formulation"),
        (("plan",), r"plan|action|recommend|management|follow|next step|what happens next|outcome|request"),
        (("advice", "safety_net"), r"advice|information given|safety|when to|help"),
        (("procedure",), r"procedure|operation|surgery performed"),
        (("concern",), r"concern|expectation|wishes|ideas"),
        (("history",), r"past|background|medical history|surgical history|pmh"),
        (("symptom",), r"history|complaint|presenting|subjective|reason|symptom|why|story|hpc"),
    ),
    "nl": (
        (("allergy",), r"allerg|intoleran|overgevoelig"), (("medication",), r"medic|geneesmiddel"),
        (("family",), r"famil"), (("social",), r"sociaal|sociale|leefsituatie|intoxicat|beroep"),
        (("examination",), r"lichamelijk|onderzoek\b|objectief|bevinding"),
        (("result",), r"aanvullend|uitslag|laborator|beeldvorming"),
        (("assessment",), r"conclusie|diagnos|evaluatie|overweging|bespreking|samenvatting"),
        (("plan",), r"beleid|plan|actie|vervolg|afspraken|nazorg|verder|vraagstelling|reden van verwijzing"),
        (("advice", "safety_net"), r"advies|informatie|wanneer|contact"),
        (("procedure",), r"ingreep|operatie|verrichting"),
        (("concern",), r"zorgen|verwachting|wensen"), (("history",), r"voorgeschiedenis|verleden"),
        (("symptom",), r"anamnese|klacht|subjectief|reden van komst|waarom|beloop"),
    ),
}  # fmt: skip
"""Topics by the words of a heading; the first that fits."""

APPLICATION = {
    "en": {"demographics": r"patient details|demographic|patient$|^patient information",
           "author": r"signed|author|completing",
           "attendance": r"attendance|clinic date|date of (?:clinic|visit)"},
    "nl": {"demographics": r"patiënt(?:gegevens)?$|persoonsgegevens", "author": r"ondertekening|opgesteld",
           "attendance": r"datum|bezoek$"},
}  # fmt: skip

MORE_HEADINGS = (
    "background current past present medical surgical mental state drug drugs medication medications "
    "allergies allergy diagnosis diagnoses clinical summary requested actions action presenting "
    "complaint complaints issue adverse reactions reaction devices investigations investigation results "
    "result findings physical general systems concerns expectations wishes patient carer information "
    "given advice problem problems list next steps step what happens happened happening think found "
    "told about health why met when get help history family social context plan impression opinion "
    "recommendations management follow-up procedures procedure demographics details attendance author "
    "examination assessment objective subjective evaluation anamnese voorgeschiedenis medicatie "
    "allergie allergieën intoleranties conclusie beleid onderzoek lichamelijk aanvullend uitslagen "
    "bevindingen familie leefsituatie zorgen verwachtingen reden verwijzing vraagstelling klacht klachten "
    "beloop behandeling afspraken evaluatie subjectief objectief informatie patiënt waarom kwam vertelde "
    "gezondheid gevonden denk gaat verder wanneer contact opneemt hoe sociale actuele overige"
)

LETTER_WORDS = frozenset(
    words_in(
        "dear doctor colleague gp patient sir madam re regarding about thank you thanks for to the this "
        "that these referring referral seeing see seen saw asking your kind letter of a an and in on at by "
        "with from we i my me our us was were is are be been has have had who whom which clinic today "
        "outpatient department hospital ward surgery practice review reviewed follow up following discharge "
        "discharged admitted admission his her their he she they lady gentleman man woman boy girl child it "
        "was pleasure as discussed please find below summary consultation appointment meeting met yours "
        "sincerely faithfully truly best wishes regards many warm would be grateful if could further "
        "contact do not hesitate questions any copy write writing record what we agreed problem problems "
        "opinion assessment urgent routine soon geachte collega beste huisarts mevrouw meneer heer dokter "
        "hartelijk dank voor uw verwijzing van deze patiënt patiënte ik zag wij zagen op de het een en met "
        "bij is was werd werden polikliniek spreekuur poli afdeling ziekenhuis praktijk vandaag graag "
        "verwijs hierbij bovengenoemde in verband betreft onze mijn zijn haar u bedankt dat kwam komen "
        "brief staat wat we hebben besproken afgesproken ontslagen opgenomen controle vriendelijke "
        "collegiale hartelijke groet groeten hoogachtend namens te aan om over uit als"
    )
)
