"""Step 1: sentences -> texts.json: the sentences to train on, each with its source, and those held out.

    python 1_texts.py PUBLIC_DATA WORK [--exclude FOLDER_OF_SAMPLE_CONSULTATIONS]

PUBLIC_DATA holds mts-dialog/, primock57/ and aci-bench/ (all CC BY 4.0, see README.md). Only their
training parts are trained on: mts-dialog training set, primock57 days 1 and 2, aci-bench train and valid.
Free conversation of our own is in english_conversation.txt and dutch_conversation.txt, a sentence a line.
Held out: mts-dialog test 1 and aci-bench test 1 (``public``), every twentieth line of our conversation
(``conversation``, ``gesprek``), and sentences of our own grammar made with another seed (``grammar``,
``dutch``); none of them occurs in the training texts. Digits become words.
"""

from __future__ import annotations

import argparse
import collections
import copy
import csv
import json
import pathlib
import random
import re
from collections.abc import Iterator

import dutch_sentences
import english_sentences
from number_words import spell_digits

SPEAKER = re.compile(r"\s*(?:\[(?:doctor|patient)\w*\]|\w+)\s*:?\s*(.*)")
ALLOWED = re.compile(r"[A-Za-z ,.?!'\-]+")
ENGLISH_GENERATED, DUTCH_GENERATED = 12000, 12000
#: Sources of free sentences, and how many sentences hold each name of the shipped lists.
FREE, NAME_COPIES = ("public", "conversation"), 5
ENGLISH_SPLICED, DUTCH_SPLICED = 4000, 5000
#: Free sentences with other words put in, and the lists (Debian wbritish-small and wdutch) they come from.
ENGLISH_STREWN, DUTCH_STREWN = 6000, 9000
#: Turns of two or three free sentences, and the most words in one.
ENGLISH_TURNS, DUTCH_TURNS, TURN_WORDS = 7500, 2500, 26
#: Turns of sentences that followed each other in the public consultations.
CONNECTED = 6000
WORD_LISTS = {"en": "/usr/share/dict/british-english-small", "nl": "/usr/share/dict/dutch"}


def plain(text: str) -> str:
    """Return the words of ``text`` alone, lower case, for comparing sentences."""
    return " ".join(re.sub(r"[^\w' ]", " ", text.lower()).split())


def sentences_of(turn: str) -> Iterator[str]:
    """Yield the usable sentences of one turn: words and plain punctuation, 1 to 28 words."""
    turn = re.sub(r"<[^>]*>", "", turn).replace("’", "'").replace('"', "").replace("...", ",")
    turn = re.sub(r"\b[Dd]r\.?\s", "Doctor ", turn).replace("a.m.", "a m").replace("p.m.", "p m")
    for raw in re.split(r"(?<=[.?!])\s+", " ".join(turn.split())):
        sentence = spell_digits(raw)
        if sentence is None:
            continue
        sentence = re.sub(r"\s+([,.?!])", r"\1", sentence).strip(" ,-'")
        sentence = re.sub(r" (n't|'(?:s|re|ve|ll|d|m))\b", r"\1", sentence)
        sentence = re.sub(r"\b(gon|wan|got) (na|ta)\b", r"\1\2", sentence)
        sentence = re.sub(r",+", ",", sentence)
        sentence = re.sub(r"\b[B-HJ-Z](?: [B-HJ-Z])+\b|\bM R I\b", lambda m: m[0].replace(" ", ""), sentence)
        if not ALLOWED.fullmatch(sentence) or not re.search(r"[a-z]", sentence) or len(sentence.split()) > 28:
            continue
        yield sentence[0].upper() + sentence[1:] + ("" if sentence[-1] in ".?!" else ".")


def mts_turns(path: pathlib.Path) -> Iterator[str]:
    """Yield the turns of an MTS-Dialog file, speaker names dropped."""
    for row in csv.DictReader(path.open(encoding="utf-8")):
        for line in row["dialogue"].splitlines():
            if found := re.match(r"\s*(?:Doc\w*|Pat\w*|Guest\w*)\s*:\s*(.*)", line):
                yield found.group(1)


def primock_turns(folder: pathlib.Path) -> Iterator[str]:
    """Yield the utterances of PriMock57 days 1 and 2 that hold no unintelligible part."""
    for path in sorted(folder.glob("day[12]_*.TextGrid")):
        for text in re.findall(r'text = "(.*?)"\s*\n', path.read_text(errors="ignore")):
            if "<UNIN" not in text:
                yield text


def aci_turns(path: pathlib.Path, casing: dict[str, str]) -> Iterator[str]:
    """Yield the punctuated turns of an ACI-Bench file, casing put back (the corpus is lower case)."""
    for row in csv.DictReader(path.open(encoding="utf-8")):
        if row["dialogue"].count(" .") + row["dialogue"].count(". ") < 20:
            continue
        for line in row["dialogue"].splitlines():
            line = re.sub(r"^\s*\[\w+\]\s*", "", line)
            line = re.sub(r"\bdr\s?\.", "doctor", line)
            yield re.sub(r"[A-Za-z']+", lambda m: casing.get(m[0].lower(), m[0]), line)


def note_sentences(data: pathlib.Path) -> list[str]:
    """Return the sentences of four words or more in the training parts' notes, the same words written."""
    texts = [row["note"] for f in ("train", "valid") for row in rows_of(data / f"aci-bench/{f}.csv")]
    texts += [row["section_text"] for row in rows_of(data / "mts-dialog/MTS-Dialog-TrainingSet.csv")]
    lines = [line for text in texts for line in re.split(r"\n+", text)]
    found = [s for line in lines for s in sentences_of(line.lstrip("•-* "))]
    return list(dict.fromkeys(s for s in found if len(s.split()) >= 4 and not s.isupper()))


def rows_of(path: pathlib.Path) -> list[dict[str, str]]:
    """Return the rows of a CSV file."""
    with path.open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def casing_of(data: pathlib.Path) -> dict[str, str]:
    """Return the usual casing of words seen inside sentences of the notes and of MTS-Dialog."""
    seen: dict[str, collections.Counter[str]] = collections.defaultdict(collections.Counter)
    texts = [
        row["note"]
        for f in ("train", "valid")
        for row in csv.DictReader((data / f"aci-bench/{f}.csv").open())
    ]
    texts += [
        row["dialogue"] for row in csv.DictReader((data / "mts-dialog/MTS-Dialog-TrainingSet.csv").open())
    ]
    for text in texts:
        for word in re.findall(r"(?<=[a-z,] )[A-Za-z']+", text):
            if not (word.isupper() and len(word) > 5):
                seen[word.lower()][word] += 1
    casing = {low: forms.most_common(1)[0][0] for low, forms in seen.items()}
    casing |= {"i": "I", "i'm": "I'm", "i've": "I've", "i'll": "I'll", "i'd": "I'd", "doctor": "doctor"}
    return casing


def generated(module, count: int, seed: int, banned: set[str]) -> list[str]:
    """Return ``count`` different grammar sentences, none of whose words are in ``banned``."""
    rng, found = random.Random(seed), {}
    for _ in range(count * 30):
        sentence = module.sentence(rng)
        if plain(sentence) not in banned:
            found.setdefault(plain(sentence), sentence)
        if len(found) == count:
            break
    return list(found.values())


def names_of(folder: pathlib.Path, language: str) -> dict[str, list[str]]:
    """Return the shipped names by kind ("medicines", "conditions"), without how they sound."""
    found = {}
    for kind in ("medicines", "conditions"):
        lines = (folder / f"{language}-{kind}.txt").read_text(encoding="utf-8").splitlines()
        terms = [line.split("=")[0].strip() for line in lines if line and not line.startswith("#")]
        found[kind] = [term for term in terms if not re.search(r"[\d/()]", term)]
    return found


def named(
    rows: list[list[str]], module, language: str, names: dict[str, list[str]], rng: random.Random
) -> list[list[str]]:
    """Return sentences with every name, NAME_COPIES times: in the grammar's places or in a free sentence."""
    slot = {"en": "drug", "nl": "middel"}[language]
    places = [t for t in module.GRAMMAR.templates if "{" + slot + "}" in t]
    free = [s.split() for spoken, s, source in rows if spoken == language and source in FREE]
    free = [words for words in free if 4 <= len(words) <= 16]
    grammar = copy.copy(module.GRAMMAR)
    made = []
    for kind, terms in names.items():
        for term in terms * NAME_COPIES:
            if kind == "medicines" and rng.random() < 0.5:
                grammar.words = module.GRAMMAR.words | {slot: [term]}
                grammar.templates = places
                text = module.sentence(rng, grammar)
            else:
                words = list(rng.choice(free))
                at = rng.randrange(1, len(words))
                words[at] = term + re.sub(r"[^,.?!]", "", words[at])
                text = " ".join(words)
            made.append([language, text, "names"])
    return made


def spliced(rows: list[list[str]], language: str, count: int, rng: random.Random) -> list[list[str]]:
    """Return ``count`` beginnings of free sentences with another's end: no decoder knows them by heart."""
    free = [s.split() for spoken, s, source in rows if spoken == language and source != "grammar"]
    free = [words for words in free if 5 <= len(words) <= 20]
    made = []
    while len(made) < count:
        first, second = rng.sample(free, 2)
        words = (
            first[: rng.randint(2, min(7, len(first) - 2))]
            + second[-rng.randint(2, min(7, len(second) - 2)) :]
        )
        made.append([language, re.sub(r"[.?!,]+ ", " ", " ".join(words)), "spliced"])
    return made


def turns(rows: list[list[str]], language: str, count: int, rng: random.Random) -> list[list[str]]:
    """Return ``count`` turns of two or three free sentences, half of them of our own conversation.

    Spoken in one breath: where a sentence ends within a turn is a full stop, and not a comma.
    """
    free = {
        source: [s for spoken, s, kind in rows if (spoken, kind) == (language, source)] for source in FREE
    }
    made: dict[str, None] = {}
    while len(made) < count:
        source = free["conversation"] if rng.random() < 0.5 else free["public"] or free["conversation"]
        turn = " ".join(rng.sample(source, rng.choice([2, 2, 2, 3])))
        if len(turn.split()) <= TURN_WORDS:
            made[turn] = None
    return [[language, turn, "turns"] for turn in made]


def each_once(turns: list[list[str]]) -> list[str]:
    """Return the sentences of all turns in their order, none twice."""
    return list(dict.fromkeys(sentence for turn in turns for sentence in turn))


def connected(said: list[list[str]], banned: set[str], rng: random.Random) -> list[str]:
    """Return CONNECTED turns of two or three sentences that followed each other in one person's turn.

    After half a thought a comma is likely, and what tells the full stop has to be heard.
    """
    found: dict[str, None] = {}
    for turn in said:
        kept = [s for s in turn if plain(s) not in banned]
        at = 0
        while at + 1 < len(kept) == len(turn):
            count = 3 if rng.random() < 0.3 and at + 2 < len(kept) else 2
            whole = " ".join(kept[at : at + count])
            at += count
            if len(whole.split()) <= TURN_WORDS and all(s[-1] in ".?!" for s in kept[at - count : at]):
                found[whole] = None
    every = list(found)
    return rng.sample(every, min(CONNECTED, len(every)))


def strewn(rows: list[list[str]], language: str, count: int, rng: random.Random) -> list[list[str]]:
    """Return ``count`` free sentences with one to three words replaced: new spellings, in running speech."""
    letters = "[a-zéëïöü]{4,13}" if language == "nl" else "[a-z]{4,13}"
    lines = pathlib.Path(WORD_LISTS[language]).read_text(encoding="utf-8").splitlines()
    listed = [word for word in lines if re.fullmatch(letters, word)]
    free = [s.split() for spoken, s, source in rows if spoken == language and source in FREE]
    made = []
    while len(made) < count:
        words = list(rng.choice(free))
        places = [n for n, word in enumerate(words) if re.fullmatch(r"[a-zé]{3,}[,.?!]?", word)]
        if len(words) > 20 or not places:
            continue
        for n in rng.sample(places, min(len(places), rng.randint(1, 3))):
            words[n] = rng.choice(listed) + words[n].lstrip("abcdefghijklmnopqrstuvwxyzé")
        made.append([language, " ".join(words), "spliced"])
    return made


def excluded(folder: pathlib.Path | None) -> set[str]:
    """Return every sentence of the sample consultations, to be kept out of the training texts."""
    if folder is None:
        return set()
    text = " ".join(
        p.read_text(encoding="utf-8")
        for p in sorted(folder.rglob("*"))
        if p.suffix in {".txt", ".json", ".toml", ".tsv"}
    )
    return {plain(s) for s in re.split(r"(?<=[.?!])\s+|[\n\"|\t]", text) if len(plain(s).split()) >= 4}


def conversation(language: str) -> tuple[list[str], list[str]]:
    """Return the training lines and the held-out lines of our own free conversation, no line twice."""
    path = pathlib.Path(__file__).with_name(f"{language}_conversation.txt")
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    kept: dict[str, str] = {}
    for line in (" ".join(raw.replace("’", "'").split()) for raw in lines):
        if line and not line.startswith("#") and not re.search(r"\d", line) and len(line.split()) <= 28:
            kept.setdefault(plain(line), line)
    every = list(kept.values())
    return [s for n, s in enumerate(every) if n % 20], every[::20]


def main() -> None:
    """Write texts.json into the work folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--exclude", type=pathlib.Path)
    parser.add_argument("--names", type=pathlib.Path, default=pathlib.Path("../../resources/vocabularies"))
    options = parser.parse_args()
    data, rng = options.data, random.Random(11)
    casing = casing_of(data)

    def public(mts: str, aci: tuple[str, ...], primock: bool) -> list[list[str]]:
        found = list(mts_turns(data / "mts-dialog" / mts))
        for name in aci:
            found += aci_turns(data / "aci-bench" / name, casing)
        if primock:
            found += primock_turns(data / "primock57/transcripts")
        return [list(sentences_of(turn)) for turn in found]

    said = public("MTS-Dialog-TrainingSet.csv", ("train.csv", "valid.csv"), primock=True)
    train = each_once(said)
    test = each_once(
        public("MTS-Dialog-TestSet-1-MEDIQA-Chat-2023.csv", ("clinicalnlp_taskB_test1.csv",), primock=False)
    )
    trained = {plain(s) for s in train}
    test = [s for s in test if plain(s) not in trained and 4 <= len(s.split()) <= 24]
    rng.shuffle(test)
    english, held_english = conversation("english")
    dutch, held_dutch = conversation("dutch")
    held = {
        "conversation": [["en", s] for s in held_english],
        "gesprek": [["nl", s] for s in held_dutch],
        "public": [["en", s] for s in test[:400]],
        "grammar": [["en", s] for s in generated(english_sentences, 150, 71, trained)],
        "dutch": [["nl", s] for s in generated(dutch_sentences, 300, 72, set())],
    }
    banned = {plain(s) for group in held.values() for _, s in group} | excluded(options.exclude)
    rows = [["en", s, "public"] for s in train if plain(s) not in banned]
    rows += [["en", s, "grammar"] for s in generated(english_sentences, ENGLISH_GENERATED, 1, banned)]
    rows += [["nl", s, "grammar"] for s in generated(dutch_sentences, DUTCH_GENERATED, 2, banned)]
    rng.shuffle(rows)
    rows += [["en", s, "conversation"] for s in english if plain(s) not in banned]
    rows += [["nl", s, "conversation"] for s in dutch if plain(s) not in banned]
    rows += spliced(rows, "en", ENGLISH_SPLICED, rng)
    rows += spliced(rows, "nl", DUTCH_SPLICED, rng)
    rows += strewn(rows, "en", ENGLISH_STREWN, rng)
    rows += strewn(rows, "nl", DUTCH_STREWN, rng)
    known = banned | {plain(s) for _, s, _ in rows}
    rows += [["en", s, "public"] for s in note_sentences(data) if plain(s) not in known]
    for language, module in (("en", english_sentences), ("nl", dutch_sentences)):
        names = names_of(options.names, language)
        rows += [r for r in named(rows, module, language, names, rng) if plain(r[1]) not in banned]
    rows += turns(rows, "en", ENGLISH_TURNS, rng) + turns(rows, "nl", DUTCH_TURNS, rng)
    rows += [["en", turn, "turns"] for turn in connected(said, banned, rng)]
    options.work.mkdir(parents=True, exist_ok=True)
    (options.work / "excluded.json").write_text(json.dumps(sorted(excluded(options.exclude))))
    (options.work / "texts.json").write_text(
        json.dumps({"train": rows, "held_out": held}, ensure_ascii=False, indent=0)
    )
    print(
        collections.Counter((lang, source) for lang, _, source in rows),
        {k: len(v) for k, v in held.items()},
        "public training",
        len(train),
    )


if __name__ == "__main__":
    main()
