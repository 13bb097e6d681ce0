"""Common medicines of UK and Dutch practice: generic names in both languages and well-known brands."""

from __future__ import annotations

from scribe_app.domain.words import words_in

_GENERIC = """
abiraterone acarbose acenocoumarol acetaminophen acetylcysteine acetylsalicylzuur aciclovir acyclovir
adalimumab adrenaline albuterol alendronate alendroninezuur alfuzosin allopurinol alprazolam amiloride
aminophylline amiodarone amiodaron amisulpride amitriptyline amlodipine amoxicillin amoxicilline
anastrozole anastrozol apixaban aripiprazole aripiprazol aspirin aspirine atenolol atomoxetine
atorvastatin atorvastatine azathioprine azathioprin azathioprien azithromycin azitromycine baclofen
barnidipine beclometasone beclometason bendroflumethiazide benzylpenicillin betahistine betamethasone
bezafibrate bicalutamide bisacodyl bisoprolol budesonide budesonid bumetanide buprenorphine buprenorfine
bupropion buspirone cabergoline calcipotriol candesartan captopril carbamazepine carbimazole carbimazol
carbocisteine carvedilol cefalexin cefuroxime cefuroxim ceftriaxone ceftriaxon celecoxib cephalexin
cetirizine chloramphenicol chlooramfenicol chlordiazepoxide chlorphenamine chlorpromazine
chloorthalidon chlortalidone ciclosporin ciclosporine cinnarizine ciprofloxacin ciprofloxacine
citalopram clarithromycin claritromycine clindamycin clindamycine clobetasol clobetasone clomipramine
clonazepam clonidine clopidogrel clotrimazole clotrimazol clozapine co-amoxiclav co-codamol codeine
codeïne colchicine colecalciferol colecalciferol cyclizine dabigatran dalteparin dapagliflozin
dapsone darifenacin denosumab desloratadine desogestrel dexamethasone dexamethason dexamfetamine
dextroamphetamine diazepam diclofenac digoxin digoxine dihydrocodeine diltiazem dipyridamole
dipyridamol domperidone domperidon donepezil dosulepin doxazosin doxazosine doxycycline dulaglutide
duloxetine dutasteride edoxaban empagliflozin enalapril enoxaparin enoxaparine eplerenone eplerenon
erythromycin erytromycine escitalopram esomeprazole esomeprazol estradiol etanercept ethinylestradiol
etoricoxib exenatide ezetimibe famotidine felodipine fenofibrate fentanyl ferrous fexofenadine
finasteride flecainide flucloxacillin flucloxacilline fluconazole fluconazol fludrocortisone fluoxetine
fluticasone fluticason fluvoxamine folic fosfomycin fosfomycine formoterol furosemide fusidic gabapentin
gabapentine galantamine gentamicin glibenclamide gliclazide glimepiride glyceryl haloperidol heparin
heparine humira hydralazine hydrochloorthiazide hydrochlorothiazide hydrocortison hydrocortisone
hydroxychloroquine hydroxychloorquine hyoscine ibuprofen imatinib imipramine indapamide indometacin
indomethacin infliximab insulin insuline ipratropium irbesartan isosorbide isotretinoin isotretinoïne
itraconazole ivabradine ivermectin ketoconazole ketoconazol ketoprofen labetalol lactulose lamotrigine
lansoprazole lansoprazol latanoprost leflunomide letrozole letrozol levetiracetam levocetirizine
levodopa levofloxacin levomepromazine levonorgestrel levothyroxine levothyroxin linagliptin liraglutide
lisinopril lithium loperamide loratadine lorazepam losartan macrogol mebeverine medroxyprogesterone
mefenamic melatonin melatonine meloxicam memantine mesalazine mesalamine metformin metformine
methadone methadon methocarbamol methotrexate methotrexaat methyldopa methylphenidate methylfenidaat
methylprednisolone metoclopramide metoprolol metronidazole metronidazol miconazole miconazol mirabegron
mirtazapine modafinil mometasone mometason montelukast morphine morfine moxifloxacin mycophenolate
nabumetone naltrexone naproxen nicorandil nicotine nifedipine nitrofurantoin nitrofurantoïne
nitroglycerin nitroglycerine norethisterone norfloxacin nortriptyline nystatin nystatine oestradiol
olanzapine olmesartan omeprazole omeprazol ondansetron orlistat oseltamivir oxazepam oxybutynin
oxybutynine oxycodone oxycodon oxytetracycline pantoprazole pantoprazol paracetamol paroxetine
penicillin penicilline perindopril phenelzine phenobarbital phenoxymethylpenicillin phenytoin
fenytoïne pioglitazone pivmecillinam pizotifen pramipexole pravastatin pravastatine prazosin
prednisolone prednisolon prednisone prednison pregabalin pregabaline prochlorperazine procyclidine
promethazine propranolol propylthiouracil pseudoephedrine pyridostigmine quetiapine quinine rabeprazole
ramipril ranitidine rasagiline risedronate risperidone risperidon ritalin rivaroxaban rivastigmine
rizatriptan ropinirole ropinirol rosuvastatin rosuvastatine sacubitril salbutamol salmeterol saxagliptin
selegiline semaglutide senna sertraline sildenafil simvastatin simvastatine sitagliptin solifenacin
solifenacine sotalol spironolactone spironolacton sucralfate sulfasalazine sulfamethoxazole sumatriptan
tadalafil tamoxifen tamsulosin tamsulosine telmisartan temazepam terbinafine terbutaline teriparatide
testosterone tetracycline theophylline thiamine thyroxine ticagrelor timolol tinzaparin tiotropium
tizanidine tolterodine topiramate topiramaat tramadol tranexamic trazodone trazodon triamcinolone
trimethoprim trimipramine ulipristal valaciclovir valproate valproaat valsartan vancomycin varenicline
venlafaxine verapamil vildagliptin vortioxetine warfarin xylometazoline zolmitriptan zolpidem zopiclone
zopiclon zuclopenthixol tirzepatide triptorelin goserelin rifampicin isoniazid hydroxyzine doxylamine
oxymetazoline mercaptopurine mercaptamine
 valganciclovir metolazone glipizide nicardipine lidocaine lidocaïne bupivacaine cortisone penicillamine
"""

_BRANDS = """
adalat advair advil aggrenox aldactone aleve alvesco amaryl ambien ativan augmentin avodart bactrim
benadryl bricanyl buscopan calpol canesten cerazette champix cialis cipralex clexane clarityn
claritin coumadin cozaar crestor cymbalta dermovate dianette diflucan dioralyte
diovan diprobase effexor eliquis entresto epipen ferro-gradumet flagyl flixotide flomax
fosamax fostair fucibet fucidin gaviscon glucophage gtn hctz hydromol imigran imodium implanon
inderal januvia jardiance keppra klaricid lamictal lantus lasix levemir lexapro librium lipitor
losec lyrica marevan microgynon mirena motilium movicol mounjaro naprosyn neurontin nexium
nexplanon novomix novorapid nurofen nytol ozempic panadol paxil piriton plaquenil plavix pradaxa
pregaday premarin prozac pulmicort qvar relpax rennie rigevidon seretide
seroquel seroxat singulair spiriva strattera sudafed symbicort synthroid tamiflu tegretol temgesic
tylenol ultram urispas valium ventolin viagra victoza voltaren voltarol wegovy xanax xarelto
yasmin zantac zestril zithromax zocor zoloft zofran zyprexa zyrtec thyrax selokeen ascal lomudal
flixonase avamys nasonex microlax metamucil laxido fybogel codipront dexilant tradonal
sinaspril saridon daivobet
"""

DRUGS: frozenset[str] = frozenset((_GENERIC + _BRANDS).split()) - {"folic", "ferrous", "fusidic", "glyceryl"}

DRUG_ENDINGS: tuple[str, ...] = (
    "pril", "sartan", "statin", "statine", "olol", "cillin", "cilline", "mycin", "mycine", "micine",
    "floxacin", "floxacine", "prazole", "prazol", "dipine", "gliptin", "gliptine", "gliflozin", "gliflozine",
    "glutide", "triptan", "triptyline", "oxetine", "azepam", "azolam", "mab", "tinib", "parin", "parine",
    "xaban",
    "profen", "thiazide", "semide", "cycline", "conazole", "conazol", "vir", "setron", "dronate", "dronaat",
    "lukast", "sone", "solone", "solon", "terol", "tropium", "afil", "fibrate", "zosin", "zosine",
)  # fmt: skip
"""Endings of international nonproprietary names: a word of seven letters that ends so is a medicine."""

NOT_DRUGS: frozenset[str] = frozenset({
    "cholesterol", "corticosteroid", "reservoir", "souvenir", "april", "unison", "comparison", "garrison",
    "jefferson",
    "imprison", "treason",
})  # fmt: skip
"""Words with such an ending that are none."""

SAME_DRUG: dict[str, str] = {
    "acetaminophen": "paracetamol", "tylenol": "paracetamol", "panadol": "paracetamol",
    "calpol": "paracetamol",
    "albuterol": "salbutamol", "ventolin": "salbutamol", "lasix": "furosemide", "advil": "ibuprofen",
    "nurofen": "ibuprofen", "motrin": "ibuprofen", "aleve": "naproxen", "naprosyn": "naproxen",
    "lipitor": "atorvastatin", "crestor": "rosuvastatin", "zocor": "simvastatin", "plavix": "clopidogrel",
    "coumadin": "warfarin", "marevan": "warfarin", "eliquis": "apixaban", "xarelto": "rivaroxaban",
    "pradaxa": "dabigatran", "losec": "omeprazole", "nexium": "esomeprazole", "zantac": "ranitidine",
    "glucophage": "metformin", "prozac": "fluoxetine", "zoloft": "sertraline", "lexapro": "escitalopram",
    "cipralex": "escitalopram", "seroxat": "paroxetine", "paxil": "paroxetine", "effexor": "venlafaxine",
    "cymbalta": "duloxetine", "valium": "diazepam", "xanax": "alprazolam", "ativan": "lorazepam",
    "voltaren": "diclofenac", "voltarol": "diclofenac", "viagra": "sildenafil", "cialis": "tadalafil",
    "piriton": "chlorphenamine", "zyrtec": "cetirizine", "clarityn": "loratadine", "claritin": "loratadine",
    "imodium": "loperamide", "neurontin": "gabapentin", "lyrica": "pregabalin", "keppra": "levetiracetam",
    "zestril": "lisinopril", "synthroid": "levothyroxine", "thyroxine": "levothyroxine",
    "thyrax": "levothyroxine",
    "ozempic": "semaglutide", "wegovy": "semaglutide", "mounjaro": "tirzepatide", "augmentin": "co-amoxiclav",
    "clavulaanzuur": "co-amoxiclav", "clavulanic": "co-amoxiclav", "clavulanate": "co-amoxiclav",
    "nitroglycerin": "gtn", "nitroglycerine": "gtn", "plaquenil": "hydroxychloroquine",
    "flagyl": "metronidazole",
    "acetylsalicylzuur": "aspirin", "aspirine": "aspirin", "ascal": "aspirin", "ultram": "tramadol",
    "singulair": "montelukast", "selokeen": "metoprolol", "hctz": "hydrochlorothiazide",
    "epinephrine": "adrenaline",
    "zofran": "ondansetron", "flomax": "tamsulosin", "diovan": "valsartan", "cozaar": "losartan",
    "methotrexaat": "methotrexate", "morfine": "morphine", "codeïne": "codeine", "epipen": "adrenaline",
}  # fmt: skip
"""Brand or foreign name → the name it is compared under."""

MADE_OF: dict[str, tuple[str, ...]] = {
    "co-amoxiclav": ("amoxicillin",), "co-codamol": ("paracetamol", "codeine"),
}  # fmt: skip
"""Combinations → what else they name: amoxicillin/clavulanic acid is said where Augmentin is."""

LOOK_ALIKES: tuple[tuple[str, str], ...] = (
    ("amlodipine", "amiloride"), ("amlodipine", "felodipine"), ("atenolol", "amlodipine"), ("azathioprine",
        "azithromycin"),
    ("bisoprolol", "bisacodyl"), ("carbamazepine", "carbimazole"), ("carbimazole", "carbamazepine"),
    ("cefuroxime", "cefalexin"), ("chlorphenamine", "chlorpromazine"), ("citalopram", "escitalopram"),
    ("clobetasol", "clobetasone"), ("clomipramine", "chlorpromazine"), ("codeine", "co-codamol"),
    ("diazepam", "lorazepam"), ("digoxin", "doxazosin"), ("donepezil", "domperidone"), ("fluoxetine",
        "paroxetine"),
    ("furosemide", "famotidine"), ("gabapentin", "gliclazide"), ("gliclazide", "glipizide"),
    ("hydralazine", "hydroxyzine"), ("hydroxychloroquine", "hydrocortisone"), ("lamotrigine",
        "levothyroxine"),
    ("lisinopril", "lorazepam"), ("losartan", "lansoprazole"), ("mercaptopurine", "mercaptamine"),
    ("methotrexate", "metolazone"), ("metformin", "metronidazole"), ("metoprolol", "propranolol"),
    ("nifedipine", "nicardipine"), ("olanzapine", "omeprazole"), ("oxybutynin", "oxycodone"),
    ("penicillin", "penicillamine"), ("prednisolone", "propranolol"), ("prednisolone", "prednisone"),
    ("pregabalin", "gabapentin"), ("promethazine", "prochlorperazine"), ("propranolol", "pravastatin"),
    ("quetiapine", "olanzapine"), ("quinine", "quetiapine"), ("ramipril", "perindopril"), ("ramipril",
        "lisinopril"),
    ("rivaroxaban", "apixaban"), ("risperidone", "ropinirole"), ("sertraline", "cetirizine"),
    ("simvastatin", "sitagliptin"), ("sumatriptan", "sertraline"), ("terbinafine", "terbutaline"),
    ("tramadol", "trazodone"), ("trazodone", "tramadol"), ("valaciclovir", "valganciclovir"), ("warfarin",
        "furosemide"),
    ("zolpidem", "zopiclone"), ("amoxicillin", "azithromycin"), ("aspirin", "ibuprofen"), ("paracetamol",
        "propranolol"),
    ("metoprolol", "metronidazol"), ("paracetamol", "pantoprazol"), ("amoxicilline", "azitromycine"),
)  # fmt: skip
"""Names mistaken for each other by eye or ear; the second of a pair is what a bad draft may say."""


def drugs_in(text: str) -> list[str]:
    """Names of medicines in a text, as written there in lower case, in order, each once."""
    return list(dict.fromkeys(word for word in words_in(text) if is_drug(word)))


def is_drug(word: str) -> bool:
    """Whether a lower-case word names a medicine: listed, or ending as such names do."""
    if word in DRUGS or word in SAME_DRUG or word in _SHORT_NAMES:
        return True
    return len(word) >= 7 and word.endswith(DRUG_ENDINGS) and word not in NOT_DRUGS


def drug_key(word: str) -> str:
    """The name under which a medicine is compared: brands and Dutch spellings fall together."""
    word = word.lower()
    word = SAME_DRUG.get(word, word)
    for dutch, english in _DUTCH_ENDINGS:
        if word.endswith(dutch):
            return word.removesuffix(dutch) + english
    return word


_SHORT_NAMES = frozenset({"gtn"})
_DUTCH_ENDINGS: tuple[tuple[str, str], ...] = (
    ("cilline", "cillin"), ("mycine", "mycin"), ("micine", "mycin"), ("statine", "statin"), ("azol", "azole"),
    ("formine", "formin"), ("olon", "olone"), ("ison", "isone"), ("oxacine", "oxacin"), ("cycline", "cyclin"),
    ("ulosine", "ulosin"), ("zosine", "zosin"), ("butynine", "butynin"), ("parine", "parin"),
)  # fmt: skip
