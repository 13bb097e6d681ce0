"""Whisper's architecture in PyTorch, small: 6 + 4 layers of width 256, and a character CTC head.

The CTC head helps the encoder find alignments while training; it is not part of the converted model.
"""

from __future__ import annotations

import math

import torch
from attention import FastAttention
from torch import nn
from torch.nn import functional

WIDTH, HEADS, ENCODER_LAYERS, DECODER_LAYERS, MEL_BINS = 256, 4, 6, 4, 80
MAX_FRAMES, MAX_TOKENS = 1500, 448
CTC_CHARACTERS = "abcdefghijklmnopqrstuvwxyz' "


def sinusoids(length: int, width: int) -> torch.Tensor:
    """Return Whisper's fixed positions, (length, width)."""
    step = math.log(10000) / (width // 2 - 1)
    angles = torch.arange(length)[:, None] * torch.exp(-step * torch.arange(width // 2))[None]
    return torch.cat([angles.sin(), angles.cos()], 1)


class Attention(nn.Module):
    """Multi-head attention; keys have no bias, as in Whisper."""

    def __init__(self) -> None:
        super().__init__()
        self.q, self.k = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH, bias=False)
        self.v, self.o = nn.Linear(WIDTH, WIDTH), nn.Linear(WIDTH, WIDTH)

    def forward(
        self, x: torch.Tensor, memory: torch.Tensor | None = None, causal: bool = False
    ) -> torch.Tensor:
        def heads(y: torch.Tensor) -> torch.Tensor:
            return y.view(y.shape[0], y.shape[1], HEADS, WIDTH // HEADS).transpose(1, 2)

        none = torch.zeros_like(self.q.bias)
        if memory is None:
            weight = torch.cat([self.q.weight, self.k.weight, self.v.weight])
            mixed = functional.linear(x, weight, torch.cat([self.q.bias, none, self.v.bias])).chunk(3, -1)
        else:
            weight, bias = torch.cat([self.k.weight, self.v.weight]), torch.cat([none, self.v.bias])
            mixed = [self.q(x), *functional.linear(memory, weight, bias).chunk(2, -1)]
        q, k, v = map(heads, mixed)
        if q.dtype == torch.bfloat16 and not causal:
            mixed = FastAttention.apply(q, k, v)
        else:
            mixed = functional.scaled_dot_product_attention(q, k, v, is_causal=causal)
        return self.o(mixed.transpose(1, 2).reshape(x.shape))


class Block(nn.Module):
    """One pre-norm layer; ``crossed`` layers attend to the encoder too. Names as in old checkpoints."""

    def __init__(self, crossed: bool) -> None:
        super().__init__()
        self.crossed = crossed
        self.a, self.ln1 = Attention(), nn.LayerNorm(WIDTH)
        if crossed:
            self.c, self.lnc = Attention(), nn.LayerNorm(WIDTH)
        self.ln2, self.f1, self.f2 = (
            nn.LayerNorm(WIDTH),
            nn.Linear(WIDTH, 4 * WIDTH),
            nn.Linear(4 * WIDTH, WIDTH),
        )

    def forward(self, x: torch.Tensor, memory: torch.Tensor | None = None) -> torch.Tensor:
        x = x + self.a(self.ln1(x), causal=self.crossed)
        if self.crossed:
            x = x + self.c(self.lnc(x), memory)
        return x + self.f2(functional.gelu(self.f1(self.ln2(x))))


class StarterWhisper(nn.Module):
    """Encoder over mel windows of up to 30 s, decoder over tokens, projection tied to the embeddings."""

    def __init__(self, entries: int) -> None:
        super().__init__()
        self.c1 = nn.Conv1d(MEL_BINS, WIDTH, 3, padding=1)
        self.c2 = nn.Conv1d(WIDTH, WIDTH, 3, stride=2, padding=1)
        self.register_buffer("pe", sinusoids(MAX_FRAMES, WIDTH))
        self.enc = nn.ModuleList(Block(False) for _ in range(ENCODER_LAYERS))
        self.lne = nn.LayerNorm(WIDTH)
        self.emb = nn.Embedding(entries, WIDTH)
        self.pos = nn.Parameter(torch.randn(MAX_TOKENS, WIDTH) * 0.01)
        self.dec = nn.ModuleList(Block(True) for _ in range(DECODER_LAYERS))
        self.lnd = nn.LayerNorm(WIDTH)
        self.ctc = nn.Linear(WIDTH, len(CTC_CHARACTERS) + 1)
        nn.init.normal_(self.emb.weight, std=0.02)

    def encode(self, mel: torch.Tensor, position: int = 0) -> torch.Tensor:
        """(batch, 80, frames) -> (batch, frames / 2, 256); the sound begins at ``position``, 20 ms each."""
        x = functional.gelu(self.c2(functional.gelu(self.c1(mel)))).transpose(1, 2)
        x = x + self.pe[position : position + x.shape[1]]
        for block in self.enc:
            x = block(x)
        return self.lne(x)

    def decode(self, tokens: torch.Tensor, memory: torch.Tensor) -> torch.Tensor:
        """(batch, tokens), (batch, frames, 256) -> (batch, tokens, 256); logits: ``states @ emb.T``."""
        x = self.emb(tokens) + self.pos[: tokens.shape[1]]
        for block in self.dec:
            x = block(x, memory)
        return self.lnd(x)
