"""Step 4: train; WORK/checkpoint.pt is replaced every few minutes and can be converted at any time.

    python 4_train.py WORK --minutes 60 --start PATH [--plan NAME] [--rate 1e-3] [--frozen-encoder]

``--start`` is a checkpoint of this script (float16 or float32), also one with another tokenizer.json beside
it or with fewer decoder layers (what fits is kept), or "nothing". Processes train on one thread each and
share gradients after every step, which uses two cores better than one process on two threads.
"""

from __future__ import annotations

import argparse
import math
import os
import pathlib
import random
import time

import numpy as np
import torch
import torch.distributed as dist
import torch.multiprocessing as mp
from muon import Muon
from speech import SOURCE_SHARES, SOURCE_SHARES_LATE
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from whisper_model import CTC_CHARACTERS, MAX_FRAMES, StarterWhisper
from windows import IGNORED, Window, WindowMaker

#: Until which part of the training: (share of steps, frames of a window, share of it filled,
#: windows a step and process). Short windows teach most for the time; serving always has 30 s ones.
Stage = tuple[float, list[tuple[float, int, float, int]]]
PARTLY_FILLED = [(0.06, 3000, 0.6, 1), (0.09, 3000, 0.2, 1)]
PLANS: dict[str, list[Stage]] = {
    "decoder": [
        (0.70, [(0.40, 500, 0.97, 16), (0.50, 1000, 0.97, 8), (0.10, 3000, 0.95, 3)]),
        (1.00, [(0.45, 1000, 0.97, 8), (0.40, 3000, 0.95, 3), (0.07, 3000, 0.6, 3), (0.08, 3000, 0.2, 3)]),
    ],
    "joint": [
        (
            0.20,
            [
                (0.15, 500, 0.97, 8),
                (0.45, 1000, 0.97, 4),
                (0.20, 2000, 0.97, 2),
                (0.15, 3000, 0.95, 1),
                (0.05, 3000, 0.3, 1),
            ],
        ),
        (
            0.60,
            [
                (0.30, 1000, 0.97, 4),
                (0.30, 2000, 0.97, 2),
                (0.30, 3000, 0.95, 1),
                (0.04, 3000, 0.6, 1),
                (0.06, 3000, 0.2, 1),
            ],
        ),
        (1.00, [(0.20, 1000, 0.97, 4), (0.25, 2000, 0.97, 2), (0.40, 3000, 0.95, 1), *PARTLY_FILLED]),
    ],
    "last": [
        (1.00, [(0.25, 1000, 0.97, 4), (0.25, 2000, 0.97, 2), (0.35, 3000, 0.95, 1), *PARTLY_FILLED]),
    ],
}
SILENT_SHARE, TIMED_SHARE, CTC_WEIGHT, CTC_WEIGHT_LATE, SMOOTHING = 0.025, 0.5, 0.6, 0.4, 0.03
#: Share of the decoder's input pieces replaced by others, so that it listens; early and late in the training.
SWAPPED, SWAPPED_LATE = 0.07, 0.02
#: Share of clips heard through another vocal tract, before and after most of the training.
WARPED, WARPED_LATE = 0.35, 0.2
#: Share of windows with parts hidden, before and after most of the training.
MASKED, MASKED_LATE = 0.5, 0.25
#: What is saved is the average of the weights over about the last hundred steps.
AVERAGED = 0.99
#: Seconds between two checkpoints.
SAVED_EVERY = 180


def warm_started(path: str, work: pathlib.Path) -> StarterWhisper:
    """Return a model with every weight that fits; new layers start as identities."""
    tokenizer = Tokenizer.from_file(str(work / "tokenizer.json"))
    model = StarterWhisper(tokenizer.get_vocab_size())
    if path == "nothing":
        return model
    kept = {k: v.float() for k, v in torch.load(path, weights_only=True)["m"].items()}
    old_tokenizer = pathlib.Path(path).with_name("tokenizer.json")
    if kept["emb.weight"].shape[0] != model.emb.num_embeddings:
        kept["emb.weight"] = carried_embeddings(
            kept["emb.weight"], Tokenizer.from_file(str(old_tokenizer)), tokenizer
        )
    missing, unexpected = model.load_state_dict(kept, strict=False)
    if unexpected:
        raise ValueError(f"{path} holds weights of another architecture: {unexpected}")
    for part, layer in {tuple(name.split(".")[:2]) for name in missing if name.startswith(("enc.", "dec."))}:
        block = getattr(model, part)[int(layer)]
        for projection in (block.a.o, block.f2, *([block.c.o] if block.crossed else [])):
            nn.init.normal_(projection.weight, std=1e-3)
            nn.init.zeros_(projection.bias)
    return model


def carried_embeddings(old: torch.Tensor, before: Tokenizer, now: Tokenizer) -> torch.Tensor:
    """Return embeddings for the new entries: the same entry's, or the mean of its old pieces."""
    rows = []
    for entry in range(now.get_vocab_size()):
        name = now.id_to_token(entry)
        same = before.token_to_id(name)
        pieces = [same] if same is not None else before.encode(now.decode([entry])).ids
        rows.append(old[pieces].mean(0) if pieces else torch.randn(old.shape[1]) * 0.02)
    return torch.stack(rows)


def losses(
    model: StarterWhisper, batch: list[Window], end: int, position: int = 0, swapped: float = 0.0
) -> tuple[torch.Tensor, torch.Tensor]:
    """Return the decoder's cross entropy and the encoder's CTC loss; layers are bfloat16, losses float32."""
    longest = max(len(w.tokens) for w in batch)
    tokens = torch.full((len(batch), longest), end)
    labels = torch.full((len(batch), longest), IGNORED)
    for row, window in enumerate(batch):
        tokens[row, : len(window.tokens)] = torch.tensor(window.tokens)
        labels[row, : len(window.labels)] = torch.tensor(window.labels)
    pieces = (tokens < end) & (torch.rand(tokens.shape) < swapped)
    tokens = torch.where(pieces, torch.randint(0, end, tokens.shape), tokens)
    learning = model.lne.weight.requires_grad
    with torch.autocast("cpu", torch.bfloat16):
        with torch.set_grad_enabled(learning):
            memory = model.encode(torch.from_numpy(np.stack([w.mel for w in batch])), position)
        states = model.decode(tokens, memory.bfloat16())
    real = labels != IGNORED
    logits = states[real] @ model.emb.weight.T
    entropy = functional.cross_entropy(logits, labels[real], label_smoothing=SMOOTHING)
    if not learning:
        return entropy, torch.zeros(())
    scores = model.ctc(memory).log_softmax(-1).transpose(0, 1)
    spelled = [torch.tensor(w.characters, dtype=torch.long) for w in batch]
    ctc = functional.ctc_loss(
        scores,
        torch.cat(spelled),
        torch.full((len(batch),), scores.shape[0]),
        torch.tensor([len(s) for s in spelled]),
        blank=len(CTC_CHARACTERS),
        zero_infinity=True,
    )
    return entropy, ctc


def optimizers(model: StarterWhisper, kind: str) -> list[torch.optim.Optimizer]:
    """Return Muon for the layers' matrices and AdamW for the rest, or AdamW for all."""
    matrices = (
        [
            p
            for n, p in model.named_parameters()
            if p.requires_grad and p.ndim == 2 and n.startswith(("enc", "dec"))
        ]
        if kind == "muon"
        else []
    )
    chosen = {id(p) for p in matrices}
    rest = [p for p in model.parameters() if p.requires_grad and id(p) not in chosen]
    adam = torch.optim.AdamW(rest, lr=0.0, betas=(0.9, 0.98), weight_decay=0.01)
    return [Muon(matrices), adam] if matrices else [adam]


def save(weights: dict[str, torch.Tensor], path: pathlib.Path, seen: float) -> None:
    """Write the checkpoint in one move."""
    torch.save({"m": weights, "speech_seconds": seen}, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)


def rate_at(options: argparse.Namespace, step: int, done: float) -> float:
    """Return the learning rate: linear warm-up, then a cosine over the share ``done`` of the time."""
    falling = 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * done))
    return options.rate * min(1, (step + 1) / options.warmup) * falling


def drawn(
    maker: WindowMaker, dutch: float, frames: int, fill: float, count: int, position: int
) -> list[Window]:
    """Return one process's batch of ``count`` windows, the share ``dutch`` of them Dutch."""
    draw = maker.rng.random
    return [
        maker.window(
            frames,
            fill,
            "nl" if draw() < dutch else "en",
            draw() < TIMED_SHARE,
            draw() < SILENT_SHARE,
            position,
        )
        for _ in range(count)
    ]


class Average:
    """A moving average of the weights."""

    def __init__(self, model: StarterWhisper) -> None:
        self.weights = [p.detach().clone() for p in model.parameters()]

    def follow(self, model: StarterWhisper) -> None:
        """Move towards the model's weights."""
        torch._foreach_lerp_(self.weights, [p.detach() for p in model.parameters()], 1 - AVERAGED)

    def state(self, model: StarterWhisper) -> dict[str, torch.Tensor]:
        """Return the model's state with the averaged weights in it."""
        names = [name for name, _ in model.named_parameters()]
        return model.state_dict() | dict(zip(names, self.weights, strict=True))


class Clock:
    """Counts the training's time, steps and speech, and writes the log."""

    def __init__(self, options: argparse.Namespace) -> None:
        self.began, self.steps, self.speech, self.recent = time.time(), 0, 0.0, []
        self.saved, self.minutes, self.report = time.time(), options.minutes, options.report

    def done(self, processes: int) -> float:
        """Return the share of the time that is over, the same in every process."""
        share = torch.tensor([(time.time() - self.began) / 60 / self.minutes])
        if processes > 1:
            dist.broadcast(share, 0)
        return share.item()

    def stepped(self, seconds: float, entropy: float, ctc: float, rate: float, loud: bool) -> None:
        """Count one step of ``seconds`` of speech; print a line now and then."""
        self.steps, self.speech = self.steps + 1, self.speech + seconds
        self.recent.append((entropy, ctc))
        if self.steps % self.report == 0:
            (entropy, ctc), self.recent = np.mean(self.recent, 0), []
            passed = time.time() - self.began
            if loud:
                print(
                    f"{self.steps} {passed / 60:.1f} min attention {entropy:.3f} ctc {ctc:.3f} "
                    f"rate {rate:.1e} {self.speech / passed:.1f} x real time, {self.speech / 3600:.1f} h",
                    flush=True,
                )


def train(rank: int, options: argparse.Namespace) -> None:
    """One process of the training."""
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    if options.processes > 1:
        os.environ.update(MASTER_ADDR="127.0.0.1", MASTER_PORT=str(options.port))
        dist.init_process_group("gloo", rank=rank, world_size=options.processes)
    model = warm_started(options.start, options.work)
    if options.frozen_encoder:
        for part in (model.c1, model.c2, model.enc, model.lne, model.ctc):
            part.requires_grad_(False)
    maker = WindowMaker(options.work, options.seed * 100 + rank)
    shared, plan = random.Random(options.seed), PLANS[options.plan]
    steppers, clock, average = optimizers(model, options.optimizer), Clock(options), Average(model)
    checkpoint = options.work / options.name
    while (done := clock.done(options.processes)) < 1:
        rate = rate_at(options, clock.steps, done)
        kinds = next(kinds for until, kinds in plan if done <= until)
        early = done < 0.75 and options.plan != "last"
        maker.warped, maker.masked = (WARPED, MASKED) if early else (WARPED_LATE, MASKED_LATE)
        maker.shares = SOURCE_SHARES if early else SOURCE_SHARES_LATE
        _, frames, fill, count = shared.choices(kinds, [kind[0] for kind in kinds])[0]
        # A short window stands somewhere in the 30 s, so that all positions are learned without their cost.
        position = shared.randint(0, MAX_FRAMES - frames // 2) if shared.random() < 0.6 else 0
        batch = drawn(maker, options.dutch, frames, fill, count, position)
        entropy, ctc = losses(model, batch, maker.eot, position, SWAPPED if early else SWAPPED_LATE)
        model.zero_grad()
        (entropy + (CTC_WEIGHT if early else CTC_WEIGHT_LATE) * ctc).backward()
        stepped(model, steppers, rate, options.processes)
        average.follow(model)
        seconds = frames * count * options.processes / 100
        clock.stepped(seconds, entropy.item(), ctc.item(), rate, loud=rank == 0)
        if clock.steps % 50 == 0:
            maker.refresh()
        if rank == 0 and time.time() - clock.saved > SAVED_EVERY:
            save(average.state(model), checkpoint, clock.speech)
            clock.saved = time.time()
    if rank == 0:
        save(average.state(model), checkpoint, clock.speech)


def stepped(
    model: StarterWhisper, steppers: list[torch.optim.Optimizer], rate: float, processes: int
) -> None:
    """Take one step of every optimizer at learning rate ``rate``."""
    parameters = [p for p in model.parameters() if p.requires_grad]
    if processes > 1:
        share_gradients(parameters, processes)
    if not nn.utils.clip_grad_norm_(parameters, 1.0).isfinite():
        return  # the same in every process; one bad batch must not end the training
    for stepper in steppers:
        for group in stepper.param_groups:
            group["lr"] = rate
        stepper.step()


def share_gradients(parameters: list[nn.Parameter], processes: int) -> None:
    """Replace every gradient by the mean over the processes."""
    flat = torch.cat([p.grad.reshape(-1) for p in parameters])
    dist.all_reduce(flat)
    flat /= processes
    at = 0
    for parameter in parameters:
        parameter.grad.copy_(flat[at : at + parameter.numel()].view_as(parameter))
        at += parameter.numel()


def main() -> None:
    """Read the options and start the processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("work", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--start", default="nothing")
    parser.add_argument("--plan", choices=PLANS, default="joint")
    parser.add_argument("--dutch", type=float, default=0.3, help="share of Dutch windows")
    parser.add_argument("--rate", type=float, default=1e-3)
    parser.add_argument("--warmup", type=int, default=60)
    parser.add_argument("--optimizer", choices=("muon", "adamw"), default="muon")
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--report", type=int, default=25, help="steps between two lines of the log")
    parser.add_argument(
        "--frozen-encoder", action="store_true", help="teach the decoder alone, 3 times faster"
    )
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--port", type=int, default=29517)
    parser.add_argument("--name", default="checkpoint.pt")
    options = parser.parse_args()
    if options.processes == 1:
        train(0, options)
    else:
        mp.spawn(train, (options,), nprocs=options.processes)


if __name__ == "__main__":
    main()
