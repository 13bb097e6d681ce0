"""Words that a house style chooses between: spellings and abbreviations."""

from __future__ import annotations

SPELLINGS: tuple[tuple[str, str], ...] = (
    ("anaem", "anem"), ("haemoglobin", "hemoglobin"), ("haematuri", "hematuri"), ("haematoma", "hematoma"),
    ("haematolog", "hematolog"), ("haematemesis", "hematemesis"), ("haemorrhag", "hemorrhag"),
    ("haemorrhoid", "hemorrhoid"), ("haemoptysis", "hemoptysis"), ("haemodialysis", "hemodialysis"),
    ("haemodynamic", "hemodynamic"), ("haemophil", "hemophil"), ("leukaem", "leukem"), ("ischaem", "ischem"),
    ("hypoglycaem", "hypoglycem"), ("hyperglycaem", "hyperglycem"), ("glycaem", "glycem"),
    ("hyperkalaem", "hyperkalem"), ("hypokalaem", "hypokalem"), ("hyponatraem", "hyponatrem"),
    ("hypercalcaem", "hypercalcem"), ("septicaem", "septicem"), ("bacteraem", "bacterem"), ("uraem", "urem"),
    ("oedema", "edema"), ("oesophag", "esophag"), ("oestr", "estr"), ("diarrhoea", "diarrhea"),
    ("amenorrhoea", "amenorrhea"), ("dysmenorrhoea", "dysmenorrhea"), ("gonorrhoea", "gonorrhea"),
    ("dyspnoea", "dyspnea"), ("apnoea", "apnea"), ("orthopnoea", "orthopnea"), ("tachypnoea", "tachypnea"),
    ("paediatric", "pediatric"), ("orthopaedic", "orthopedic"), ("gynaecolog", "gynecolog"),
    ("anaesthe", "anesthe"), ("faec", "fec"), ("aetiolog", "etiolog"), ("caec", "cec"), ("coeliac", "celiac"),
    ("caesarean", "cesarean"), ("manoeuvre", "maneuver"), ("tumour", "tumor"), ("colour", "color"),
    ("behaviour", "behavior"), ("labour", "labor"), ("odour", "odor"), ("favour", "favor"),
    ("neighbour", "neighbor"), ("humour", "humor"), ("centre", "center"), ("fibre", "fiber"),
    ("theatre", "theater"), ("calibre", "caliber"), ("organis", "organiz"), ("recognis", "recogniz"),
    ("stabilis", "stabiliz"), ("hospitalis", "hospitaliz"), ("catheteris", "catheteriz"),
    ("normalis", "normaliz"), ("immunis", "immuniz"), ("localis", "localiz"), ("generalis", "generaliz"),
    ("mobilis", "mobiliz"), ("optimis", "optimiz"), ("summaris", "summariz"), ("apologis", "apologiz"),
    ("paralys", "paralyz"), ("analyse", "analyze"), ("grey", "gray"), ("ageing", "aging"),
    ("judgement", "judgment"), ("counselling", "counseling"), ("labelled", "labeled"),
    ("sceptic", "skeptic"), ("defence", "defense"),
)  # fmt: skip
"""Beginnings of words, British and American. Names of medicines are not among them."""

ABBREVIATIONS: dict[str, dict[str, str]] = {
    "en": {
        "BP": "blood pressure", "HR": "heart rate", "ECG": "electrocardiogram", "BMI": "body mass index",
        "SOB": "shortness of breath", "SOBOE": "shortness of breath on exertion",
        "GP": "general practitioner",
        "COPD": "chronic obstructive pulmonary disease", "MI": "myocardial infarction",
        "AF": "atrial fibrillation", "TIA": "transient ischaemic attack", "DVT": "deep vein thrombosis",
        "PE": "pulmonary embolism", "UTI": "urinary tract infection", "CKD": "chronic kidney disease",
        "IHD": "ischaemic heart disease", "IBS": "irritable bowel syndrome", "OA": "osteoarthritis",
        "RA": "rheumatoid arthritis", "FBC": "full blood count", "LFTs": "liver function tests",
        "TFTs": "thyroid function tests", "CXR": "chest X-ray", "GTN": "glyceryl trinitrate",
        "NKDA": "no known drug allergies", "PMH": "past medical history", "FH": "family history",
        "OTC": "over the counter", "A&E": "accident and emergency", "OPD": "outpatient department",
    },
    "nl": {
        "RR": "bloeddruk", "ECG": "elektrocardiogram", "BMI": "body mass index", "HA": "huisarts",
        "COPD": "chronische obstructieve longziekte", "AF": "atriumfibrilleren",
        "DVT": "diepveneuze trombose",
        "UWI": "urineweginfectie", "LWI": "luchtweginfectie", "CVA": "beroerte",
        "TIA": "voorbijgaande beroerte",
        "VG": "voorgeschiedenis", "LO": "lichamelijk onderzoek", "AO": "aanvullend onderzoek",
        "SEH": "spoedeisende hulp", "HAP": "huisartsenpost", "POH": "praktijkondersteuner",
        "NSAID": "ontstekingsremmende pijnstiller", "X-thorax": "röntgenfoto van de borstkas",
    },
}  # fmt: skip

DOSE_WORDS: dict[str, dict[str, str]] = {
    "en": {
        "bd": "twice daily", "tds": "three times daily", "qds": "four times daily", "prn": "as needed",
        "om": "every morning", "on": "every night", "od": "once daily",
    },
    "nl": {
        "1dd": "1 keer per dag", "2dd": "2 keer per dag", "3dd": "3 keer per dag", "4dd": "4 keer per dag",
        "zn": "zo nodig", "an": "voor de nacht",
    },
}  # fmt: skip
"""Written out only, and only straight after a dose; the other way round is error-prone (ISMP list of
error-prone abbreviations) and never done."""
