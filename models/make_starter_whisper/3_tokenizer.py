"""Step 3: texts.json -> WORK/tokenizer.json: byte-level BPE, Whisper's special tokens, timestamps.

    python 3_tokenizer.py WORK

Few pieces, each seen often: the speech is tens of hours, and the field takes about 300 pieces for a hundred.
Words count less the more often they come back, so that the grammar's phrases do not become pieces.
"""

from __future__ import annotations

import collections
import itertools
import json
import pathlib
import string
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

TEXT_ENTRIES, DAMPED = 256 + 350, 0.6
SPECIAL = [
    "<|endoftext|>",
    "<|startoftranscript|>",
    "<|en|>",
    "<|nl|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
    "<|notimestamps|>",
]


def with_beginnings(tokenizer: Tokenizer, texts: list[str]) -> Tokenizer:
    """Return the tokenizer with an entry for a space and each letter, and each piece after a bare one.

    faster-whisper forbids the bare space (``Tokenizer.non_speech_tokens``: some signs begin with it), so no
    word may need it.
    """
    bare, wanted = tokenizer.token_to_id("Ġ"), list(string.ascii_letters + "Ã")  # first byte of é
    followers: collections.Counter[int] = collections.Counter()
    for text in texts:
        ids = tokenizer.encode(f" {text}").ids
        followers.update(after for before, after in itertools.pairwise(ids) if before == bare)
    wanted += [tokenizer.id_to_token(number) for number, _ in followers.most_common()]
    whole = json.loads(tokenizer.to_str())
    vocabulary, merges = whole["model"]["vocab"], whole["model"]["merges"]
    for piece in wanted:
        if f"Ġ{piece}" not in vocabulary:
            vocabulary[f"Ġ{piece}"] = len(vocabulary)
            merges.append(["Ġ", piece])
    return Tokenizer.from_str(json.dumps(whole))


def main() -> None:
    """Train the merges on the training texts and write the tokenizer."""
    work = pathlib.Path(sys.argv[1])
    rows = json.loads((work / "texts.json").read_text())["train"]
    counts = collections.Counter((language, word) for language, text, _ in rows for word in text.split())
    words = (f" {word}" for (_, word), count in counts.items() for _ in range(round(count**DAMPED)))
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TEXT_ENTRIES, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[]
    )
    tokenizer.train_from_iterator(words, trainer)
    tokenizer = with_beginnings(tokenizer, [text for _, text, _ in rows])
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL])
    stamps = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    tokenizer.add_tokens([AddedToken(name, special=False, normalized=False) for name in stamps])
    tokenizer.save(str(work / "tokenizer.json"))
    print(
        max(len(tokenizer.encode(text).ids) / len(text.split()) for _, text, _ in rows if len(text) > 80),
        "tokens a word at most,",
        sum(len(tokenizer.encode(text).ids) for _, text, _ in rows)
        / sum(len(text.split()) for _, text, _ in rows),
        "on average;",
        tokenizer.get_vocab_size(),
        tokenizer.encode(" Um, neem honderdvijftig milligram amitriptyline.").tokens,
    )


if __name__ == "__main__":
    main()
