"""Muon: momentum whose matrix updates are made orthogonal (K. Jordan et al., 2024).

Source: "Muon: an optimizer for hidden layers in neural networks". Steps are scaled by
0.2 * sqrt(longer side), so that AdamW's learning rates fit (J. Liu et al., 2025, arXiv 2502.16982).
"""

from __future__ import annotations

from collections import defaultdict

import torch
import torch.distributed as dist

#: Coefficients of each quintic step (N. Amsel et al., "The Polar Express", 2025, arXiv 2505.16932).
STEPS = ((8.2872, -23.5959, 17.3004), (4.1071, -2.9478, 0.5448), (3.9487, -2.9089, 0.5518))


def orthogonalised(matrices: torch.Tensor) -> torch.Tensor:
    """Return (batch, m, n) matrices with singular values near 1, same singular vectors; in bfloat16."""
    tall = matrices.shape[1] > matrices.shape[2]
    x = matrices.transpose(1, 2) if tall else matrices
    x = (x / (x.flatten(1).norm(dim=1)[:, None, None] * 1.02 + 1e-7)).bfloat16()
    for first, second, third in STEPS:
        a = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(a, a, a, beta=second, alpha=third), x, beta=first)
    return (x.transpose(1, 2) if tall else x).float()


class Muon(torch.optim.Optimizer):
    """Muon with Nesterov momentum; equal shapes are orthogonalised together."""

    def __init__(
        self, parameters, lr: float = 1e-3, momentum: float = 0.95, weight_decay: float = 0.01
    ) -> None:
        super().__init__(parameters, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay})
        shared = dist.is_available() and dist.is_initialized()
        self.rank, self.processes = (dist.get_rank(), dist.get_world_size()) if shared else (0, 1)

    def gathered(self, mine: torch.Tensor, share: int) -> torch.Tensor:
        """Return every process's updates in order; each process makes an equal share of them."""
        if self.processes == 1:
            return mine
        if len(mine) < share:
            mine = torch.cat([mine, mine.new_zeros(share - len(mine), *mine.shape[1:])])
        everyone = [torch.empty_like(mine) for _ in range(self.processes)]
        dist.all_gather(everyone, mine.contiguous())
        return torch.cat(everyone)

    @torch.no_grad()
    def step(self, closure=None) -> None:
        """Update every matrix."""
        for group in self.param_groups:
            shapes = defaultdict(list)
            for parameter in group["params"]:
                shapes[parameter.shape].append(parameter)
            for shape, parameters in shapes.items():
                updates = []
                share = -(-len(parameters) // self.processes)
                mine = slice(self.rank * share, (self.rank + 1) * share)
                for parameter in parameters[mine]:
                    momentum = self.state[parameter].setdefault("momentum", torch.zeros_like(parameter))
                    momentum.lerp_(parameter.grad, 1 - group["momentum"])
                    updates.append(torch.lerp(parameter.grad, momentum, group["momentum"]))
                scale = group["lr"] * 0.2 * max(shape) ** 0.5
                steps = self.gathered(orthogonalised(torch.stack(updates)), share)
                for parameter, update in zip(parameters, steps, strict=False):
                    parameter.mul_(1 - group["lr"] * group["weight_decay"])
                    parameter.add_(update, alpha=-scale)
