"""Step 5: checkpoint -> the CTranslate2 int8 folder that faster-whisper loads.

    python 5_convert.py WORK OUT [--checkpoint NAME] [--beside PATH] [--keep PATH]

OUT gets model.bin, config.json, vocabulary.json, tokenizer.json and preprocessor_config.json; other files
in it stay. ``--beside`` takes the mean with another checkpoint, ``--keep`` also writes the weights as a
float16 checkpoint, from which training can go on.
"""

from __future__ import annotations

import argparse
import json
import pathlib
import shutil
import tempfile

import numpy as np
import torch
from ctranslate2.specs import whisper_spec
from tokenizers import Tokenizer
from torch import nn
from whisper_model import DECODER_LAYERS, ENCODER_LAYERS, HEADS, WIDTH, Attention, StarterWhisper

NEVER_WRITTEN = [
    "<|startoftranscript|>",
    "<|en|>",
    "<|nl|>",
    "<|translate|>",
    "<|transcribe|>",
    "<|startoflm|>",
    "<|startofprev|>",
    "<|nospeech|>",
]


def array(parameter: torch.Tensor) -> np.ndarray:
    """Return the weights as float32."""
    return parameter.detach().float().numpy()


def linear(spec, weight: torch.Tensor, bias: torch.Tensor) -> None:
    """Fill a linear layer."""
    spec.weight, spec.bias = array(weight), array(bias)


def norm(spec, layer: nn.LayerNorm) -> None:
    """Fill a layer norm."""
    spec.gamma, spec.beta = array(layer.weight), array(layer.bias)


def attention(spec, layer: Attention, crossed: bool) -> None:
    """Fill an attention: CTranslate2 wants query, key and value in one matrix, crossed ones in two."""
    none = torch.zeros(WIDTH)
    if crossed:
        linear(spec.linear[0], layer.q.weight, layer.q.bias)
        linear(spec.linear[1], torch.cat([layer.k.weight, layer.v.weight]), torch.cat([none, layer.v.bias]))
    else:
        weights = torch.cat([layer.q.weight, layer.k.weight, layer.v.weight])
        linear(spec.linear[0], weights, torch.cat([layer.q.bias, none, layer.v.bias]))
    linear(spec.linear[-1], layer.o.weight, layer.o.bias)


def feed_forward(spec, block: nn.Module) -> None:
    """Fill the two feed-forward layers of a block."""
    linear(spec.linear_0, block.f1.weight, block.f1.bias)
    linear(spec.linear_1, block.f2.weight, block.f2.bias)
    norm(spec.layer_norm, block.ln2)


def whole_spec(model: StarterWhisper, tokenizer: Tokenizer) -> whisper_spec.WhisperSpec:
    """Return the filled specification with vocabulary and configuration."""
    spec = whisper_spec.WhisperSpec(ENCODER_LAYERS, HEADS, DECODER_LAYERS, HEADS)
    encoder, decoder = spec.encoder, spec.decoder
    encoder.conv1.weight, encoder.conv1.bias = array(model.c1.weight), array(model.c1.bias)
    encoder.conv2.weight, encoder.conv2.bias = array(model.c2.weight), array(model.c2.bias)
    encoder.position_encodings.encodings = array(model.pe)
    norm(encoder.layer_norm, model.lne)
    for layer, block in zip(encoder.layer, model.enc, strict=True):
        attention(layer.self_attention, block.a, crossed=False)
        norm(layer.self_attention.layer_norm, block.ln1)
        feed_forward(layer.ffn, block)
    decoder.embeddings.weight = decoder.projection.weight = array(model.emb.weight)
    decoder.position_encodings.encodings = array(model.pos)
    norm(decoder.layer_norm, model.lnd)
    for layer, block in zip(decoder.layer, model.dec, strict=True):
        attention(layer.self_attention, block.a, crossed=False)
        norm(layer.self_attention.layer_norm, block.ln1)
        attention(layer.attention, block.c, crossed=True)
        norm(layer.attention.layer_norm, block.lnc)
        feed_forward(layer.ffn, block)
    spec.register_vocabulary([tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())])
    spec.config.suppress_ids = [tokenizer.token_to_id(name) for name in NEVER_WRITTEN]
    # Whisper forbids an empty answer at the start; this model was taught to give one to silence, so it may.
    spec.config.suppress_ids_begin = []
    spec.config.lang_ids = []
    spec.config.alignment_heads = [[DECODER_LAYERS - 1, head] for head in range(HEADS)]
    return spec


def mean_of(weights: dict[str, torch.Tensor], others: dict[str, torch.Tensor]) -> dict[str, torch.Tensor]:
    """Return the mean of two checkpoints, one trained on from the other (Wortsman et al., ICML 2022).

    What the other lacks (the table of positions) is the same in both.
    """
    return {k: (w.float() + others[k].float()) / 2 if k in others else w for k, w in weights.items()}


def main() -> None:
    """Write the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--checkpoint", default="checkpoint.pt")
    parser.add_argument(
        "--beside", type=pathlib.Path, help="a checkpoint to take the mean of the weights with"
    )
    parser.add_argument("--keep", type=pathlib.Path)
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(str(options.work / "tokenizer.json"))
    kept = torch.load(options.work / options.checkpoint, weights_only=True)
    if options.beside:
        kept["m"] = mean_of(kept["m"], torch.load(options.beside, weights_only=True)["m"])
    model = StarterWhisper(tokenizer.get_vocab_size())
    model.load_state_dict(kept["m"])
    spec = whole_spec(model, tokenizer)
    spec.validate()
    spec.optimize(quantization="int8")
    options.out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as made:
        spec.save(made)
        for path in pathlib.Path(made).iterdir():
            shutil.copyfile(path, options.out / path.name)
    shutil.copyfile(options.work / "tokenizer.json", options.out / "tokenizer.json")
    front_end = {
        "chunk_length": 30,
        "feature_size": 80,
        "hop_length": 160,
        "n_fft": 400,
        "sampling_rate": 16000,
        "nb_max_frames": 3000,
    }
    (options.out / "preprocessor_config.json").write_text(json.dumps(front_end, indent=2) + "\n")
    if options.keep:
        halves = {k: v.half() for k, v in kept["m"].items() if k != "pe"}
        torch.save({"m": halves, "speech_seconds": kept["speech_seconds"]}, options.keep)
    print({path.name: path.stat().st_size for path in sorted(options.out.iterdir())})


if __name__ == "__main__":
    main()
