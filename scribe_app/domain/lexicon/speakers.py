"""Cues that tell a clinician's turn from a patient's: weights are log-odds, positive for the clinician.

Set by hand; the English ones were checked on the primock57 transcripts of days 1 and 2 (CC BY 4.0,
Papadopoulos
Korfiatis et al., ACL 2022), where 88 % of utterances get their speaker.
"""

from __future__ import annotations

ENGLISH: tuple[tuple[float, tuple[str, ...]], ...] = (
    (3.0, ("i'd like you to", "i would like you to", "let me have", "let me examine", "let me just",
        "any allergies",
           "have you had any", "have you noticed", "do you have any", "tell me a bit more", "tell me more",
           "i'm dr",
           "i'm doctor", "my name is doctor", "any other", "family history", "how can i help",
           "what's brought you",
           "what brings you", "your blood pressure", "your pulse", "your symptoms", "do you smoke",
           "do you drink",
           "do you take any", "are you allergic", "we'll do", "i'll refer", "i'll prescribe", "i'll give you",
           "i'm going to", "prescribe you", "medical problems", "does that make sense", "date of birth",
           "sorry to hear", "what you've told me", "from what you", "i can understand", "spot on",
           "well done")),
    (1.5, ("have you", "do you", "did you", "are you", "is there any", "any", "whereabouts", "your",
        "you've", "okay so",
           "how long", "how often", "i see", "fantastic", "excellent", "brilliant", "lovely", "in terms of",
           "we'll", "we will",
           "we can", "if you", "you can", "you should", "you need", "tell me", "describe", "make sure",
           "let's",
           "would recommend", "at all", "take care", "anything else", "you're", "would you like",
           "deep breath")),
    (0.6, ("you", "okay", "ok", "so", "alright", "right")),
    (-0.6, ("i", "me", "uh", "yeah")),
    (-1.5, ("i've", "i'm", "my", "i was", "i had", "i feel", "i felt", "i think so", "i guess", "yes", "no",
        "nope",
            "not really", "mine", "myself", "i don't", "i haven't", "i just", "it's like", "i can't",
            "i usually")),
    (-3.0, ("i've been", "i've had", "i've got", "thank you doctor", "thanks doctor", "my wife",
        "my husband", "my mum", "my dad",
            "my mother", "my father", "i take", "i'm taking", "i smoke", "i live", "i work",
            "i wouldn't say", "should i",
            "do i need", "is that bad", "what do you think", "i'm worried", "morning doctor",
            "hello doctor", "hi doctor",
            "my chest", "my stomach", "my head", "my back", "my leg", "my throat", "no i don't",
            "i don't think so",
            "i forgot", "i noticed", "i woke", "nothing like that")),
)  # fmt: skip

DUTCH: tuple[tuple[float, tuple[str, ...]], ...] = (
    (3.0, ("wat kan ik voor u doen", "heeft u", "bent u", "gebruikt u", "slikt u", "rookt u", "vertelt u",
        "komt u binnen",
           "ik ga u", "uw bloeddruk", "ziet u", "voelt u", "gaat u", "ik schrijf u", "ik verwijs u",
           "bel ik u", "belt u",
           "mag u", "ik wil u", "we prikken", "ik denk aan", "maakt u", "kunt u", "drinkt u", "woont u",
           "bent u ergens",
           "beterschap", "dat begrijp ik", "goed dat u")),
    (1.5, ("u", "uw", "heb je", "ben je", "dus", "verder", "hoe lang", "sinds wanneer", "we gaan", "we",
        "precies",
           "over een week", "prima")),
    (-1.5, ("ik heb", "mijn", "ik ben", "ik voel", "mij", "me", "ja", "nee", "ik was", "ik had", "nou ja",
        "ik kan", "ik")),
    (-3.0, ("dokter", "dank u wel dokter", "goedemorgen dokter", "ik heb last", "mijn buik", "mijn man",
        "mijn vrouw", "mijn moeder",
            "mijn vader", "mijn zus", "mijn broer", "moet ik", "wat denkt u", "ik slik", "ik gebruik",
            "ik rook", "ik woon",
            "kreeg ik", "bel ik meteen", "dank u wel", "au")),
)  # fmt: skip
