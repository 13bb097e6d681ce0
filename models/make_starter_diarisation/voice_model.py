"""What a voice is like, frame by frame: three convolutions over log-mel frames; then the loud ones' mean."""

from __future__ import annotations

import torch
from fbank import MELS
from torch import Tensor, nn

WIDTH, VOICE = 96, 32
LAYERS = ((MELS, 5, 1), (WIDTH, 3, 2), (WIDTH, 3, 3))
"""Channels in, taps, dilation."""
SOFT = 5.5
"""Nats (24 dB) under the loudest frame that still count as speech, at most."""
SHARE = 0.6
"""The same as a share of the way down to the softest frame."""


def loud(frames: Tensor) -> Tensor:
    """(batch, frames, 1): near 1 for speech, near 0 for pauses, of (batch, frames, MELS)."""
    level = frames.mean(dim=2, keepdim=True)
    highest, lowest = level.amax(dim=1, keepdim=True), level.amin(dim=1, keepdim=True)
    under = torch.clamp(SHARE * (highest - lowest), max=SOFT)
    return torch.sigmoid(3 * (level - highest + under))


def mean_over(values: Tensor, weights: Tensor) -> Tensor:
    """Weighted mean over frames: (batch, 1, channels)."""
    return (values * weights).sum(dim=1, keepdim=True) / (weights.sum(dim=1, keepdim=True) + 1e-6)


class VoiceModel(nn.Module):
    """(batch, frames, MELS) to one voice vector a frame; a voice is their mean over `loud` frames."""

    def __init__(self) -> None:
        super().__init__()
        self.convolutions = nn.ModuleList(
            nn.Conv1d(channels, WIDTH, taps, dilation=dilation, padding=dilation * (taps // 2))
            for channels, taps, dilation in LAYERS
        )
        self.last = nn.Linear(WIDTH, VOICE)

    def frames(self, frames: Tensor, weights: Tensor) -> Tensor:
        """(batch, frames, VOICE). Loudness is taken out: one number a clip."""
        level = mean_over(frames, weights).mean(dim=2, keepdim=True)
        values = (frames - level).transpose(1, 2) * 0.3
        for convolution in self.convolutions:
            values = torch.relu(convolution(values))
        voices: Tensor = self.last(values.transpose(1, 2))
        return voices

    def forward(self, frames: Tensor) -> Tensor:
        """(batch, VOICE)."""
        weights = loud(frames)
        return mean_over(self.frames(frames, weights), weights)[:, 0]
