"""Words of everyday talk: where nothing else was heard, no name was misheard."""

from __future__ import annotations

_ENGLISH = """
a able about above according advice advise advised advising after again ago all alright also always am an
and another any anything appetite are area around as ask aspiring at away back bad bathroom be because bed
been before being better between big bit both bring but by call came can car care central check clear come
could course cut day days diary did didn't different do doctor does doesn't doing don't done down each
early eat else ended ever every everything eye far feel feeling felt few find fine first for from full
further gave get gets getting give go goes going gone good got had half hand happen happened hard has have
haven't having he head hear heard heart help her here him his home hope hospital hot how i i'll i'm i've
if in into is ischaemic ischemic isn't it it's its just keep kind know last least left less let let's like
little live long look looking lot low made make many may maybe me mean medicine might mine more morning
most much muscle muscles my name near need never new next night nineteen ninety no normal not nothing now
of off often oh okay old on once one only open or other our out over own pain part past people per perhaps
place plan please point primary put quite ran rather real really right room round said same saw say scale
see seem seen send she short should show shower sick side since sit six sleep small so some something soon
sore sort speak start stay still stop such sure take taken taking talk tell ten test than thank thanks
that that's the their them then there these they they're thing things think this those though three
through time times to today told too took tried true try two um under until up us use used using usual
usually very vitamin vitamins walk want wanted was wash wasn't water way we we'll we're we've week weeks
well went were what when where which while who why will wish with without work worse would yeah year years
yes yet you you'll you're you've your
"""
_DUTCH = """
aan al alle alleen als alsof altijd ander andere anders arm arts avond bed been beetje beide ben bent
beter bij bijna blijf blijft brengen daar daarna dag dagen dan dat de deed denk dertien deze die dit
dochter doe doen doet dokter door drie drink drinken dus een eens eerder eerst eerste eet effe eh ehm
eigenlijk elk elke en er erg even ga gaan gaat geachte geef geeft geen gehad geleden genoeg gevaar gewoon
ging goed groot haar had hadden half hand heb hebben hebt heeft heel heen heet helemaal help hem hen het
hier hij hoe hoor huis huisarts hun ieder iedere iemand iets ik in is ja jaar je jij jou jouw kan kant
keer kijk kijken klaar klachten klein kom komen komt kon kun kunnen kunt laat laatste lang langer last
later leg lekker les liggen links lopen losser maand maanden maar mag man manier me mee meer meestal
meloen meneer mevrouw mij mijn minder moest moet moeten moment morgen na naar nacht nee neem negatief
negen net niet niets nieuw niks nodig nog nooit nou nu of om omdat onder ons onze ook oor op over paar per
pijn plaats positief praten precies rechts rond samen schat slaap slapen soms spier spieren staan steeds
stel stukje tegen ten terug tien toch toe toen tot twee u uit uur uw vaak van vandaag veel veertig verder
vier vijf vind vitamine vitamines voel voelt voor vorige vraag vroeg waar waarom wacht wanneer want waren
was wat water we week weer weet weinig weken wel welke wie wij wil wilt worden wordt wou zal ze zeg zeggen
zei zeker zelf zes zet zeven zich zie ziek zien ziet zij zijn zit zitten zo zoals zoiets zonder zou
"""

_LIKE_NAMES = """
buikspieren clarity collision conception constellation crust fontanel hyperextension naturopathy progestageen
prostitutes relax restore veganistisch
"""
_LITTLE = """
a an and are as at but by for from had has have he her him his i if in into is it its me my no not of on or
our out she so that the them then there these they this those to up us was we were when which will with you
your aan al als bij daar dan dat de deze die dit door dus een en er geen had heb hebben heeft het hij hun ik
in is je jij maar me met mij mijn na naar niet nog nu of om op over te toen tot u uit uw van voor was wat we
wel wij zij ze
"""

ORDINARY: frozenset[str] = frozenset((_ENGLISH + _DUTCH + _LIKE_NAMES).split())
"""Names that sound like a run of these ("or is that", orlistat) are not looked for in it. Chosen on the
transcripts of PriMock57 (Babylon Health, CC BY 4.0; 55,000 words): most of what was found wrongly there."""
LITTLE: frozenset[str] = frozenset(_LITTLE.split())
"""Words that join others: at the edge of what was heard they are seldom part of a name."""
