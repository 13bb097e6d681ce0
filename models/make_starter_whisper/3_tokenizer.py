"""Step 3: texts.json -> WORK/tokenizer.json: byte-level BPE, Whisper's special tokens, timestamps.

python 3_tokenizer.py WORK
"""

from __future__ import annotations

import json
import pathlib
import sys

from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers, trainers

TEXT_ENTRIES = 1500
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


def main() -> None:
    """Train the merges on the training texts and write the tokenizer."""
    work = pathlib.Path(sys.argv[1])
    texts = [text for _, text in json.loads((work / "texts.json").read_text())["train"]]
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=TEXT_ENTRIES, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[]
    )
    tokenizer.train_from_iterator((f" {text}" for text in texts), trainer)
    tokenizer.add_special_tokens([AddedToken(name, special=True, normalized=False) for name in SPECIAL])
    stamps = [f"<|{i * 0.02:.2f}|>" for i in range(1501)]
    tokenizer.add_tokens([AddedToken(name, special=False, normalized=False) for name in stamps])
    tokenizer.save(str(work / "tokenizer.json"))
    print(
        tokenizer.get_vocab_size(),
        tokenizer.encode(" Um, neem honderdvijftig milligram amitriptyline.").tokens,
    )


if __name__ == "__main__":
    main()
