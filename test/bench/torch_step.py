"""Times the steps of gpt-graphs.ts in PyTorch: python3 torch_step.py '{"vocabulary": ..., ...}' prints one line of JSON."""

import json
import os
import sys
import time

import torch

from torch_gpt import Gpt, math_library

config = json.loads(sys.argv[1])
vocabulary, width = config["vocabulary"], config["width"]
batch, tokens, rank = (config[key] for key in ("batch", "tokens", "rank"))


torch.manual_seed(0)
model = Gpt(config)
ids, targets = (torch.randint(0, vocabulary, (batch, tokens)) for _ in range(2))


def median(step):
    for _ in range(3):
        step()
    times = []
    end = time.perf_counter() + 3
    while len(times) < 5 or time.perf_counter() < end:
        start = time.perf_counter()
        step()
        times.append(1000 * (time.perf_counter() - start))
    return sorted(times)[len(times) // 2]


def forward():
    with torch.no_grad():
        model(ids, targets)


def gradients(leaves, delta=None):
    def step():
        torch.autograd.grad(model(ids, targets, delta), leaves)

    return step


def measure(threads):
    torch.set_num_threads(threads)
    everything = list(model.parameters())
    steps = {"forward": median(forward), "all parameters": median(gradients(everything))}
    for parameter in everything:
        parameter.requires_grad_(False)
    delta = torch.zeros(batch, tokens, width, requires_grad=True)
    steps["one delta"] = median(gradients([delta], delta))
    layers = [layer for block in model.blocks for layer in (block.attn, block.proj)]
    steps["LoRA r8"] = median(gradients([factor for layer in layers for factor in layer.open(rank)]))
    for layer in layers:
        layer.a = layer.b = None
    for parameter in everything:
        parameter.requires_grad_(True)
    return {"threads": threads, "steps": steps}


# More threads than one do not pay at every size: the setting with the faster training step counts.
settings = [measure(threads) for threads in sorted({1, os.cpu_count() or 1})]
best = min(settings, key=lambda setting: setting["steps"]["all parameters"])
print(json.dumps({"version": torch.__version__, "library": math_library(), **best}))
