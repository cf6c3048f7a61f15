"""The edits that subjects.ts compares, in PyTorch on a GPT of random weights: python3 torch_edit.py '{"vocabulary": ..., ...}' prints one
line of JSON. Whatever lies below the first parameter is computed once an edit, and only scored rows go through the head."""

import json
import os
import sys
import time

import torch
import torch.nn.functional as F

sys.path.insert(0, os.path.join(os.path.dirname(__file__), ".."))
from torch_gpt import Gpt, math_library

config = json.loads(sys.argv[1])
vocabulary, layers, width, rank = (config[key] for key in ("vocabulary", "layers", "width", "rank"))
repeats = config["repeats"]

torch.manual_seed(0)
model = Gpt(config)
for parameter in model.parameters():
    parameter.requires_grad_(False)


def adamw(leaves, lr, decay):
    """The fused operator where this PyTorch has it for the CPU (2.4 and later), else the one over lists of tensors."""
    for setting in ({"fused": True}, {"foreach": True}):
        try:
            return torch.optim.AdamW(leaves, lr=lr, weight_decay=decay, **setting)
        except (TypeError, RuntimeError, ValueError):
            continue
    return torch.optim.AdamW(leaves, lr=lr, weight_decay=decay)


def fit(loss, leaves, steps, lr, decay=0.0):
    optimiser = adamw(leaves, lr, decay)
    for _ in range(steps):
        optimiser.zero_grad(set_to_none=True)
        loss().backward()
        optimiser.step()


def question(sequences, tokens):
    """Ids, the rows of every sequence that are scored (the last ones), and what they shall give."""
    ids = torch.randint(0, vocabulary, (sequences, tokens))
    return ids, slice(tokens - config["scored"], tokens), torch.randint(0, vocabulary, (sequences, config["scored"]))


def nll(x, rows, targets):
    return F.cross_entropy(model.head(x[:, rows]).flatten(0, 1), targets.flatten())


def fine_tune(tokens, steps):
    """Of the last MLP down projection."""
    ids, rows, targets = question(1, tokens)
    last = model.blocks[-1]
    with torch.no_grad():
        x = model.embed(ids)
        for block in model.blocks[:-1]:
            x = block(x)
        x = last.attend(x)
        hidden = last.keys(x)
    weight, bias = last.fc2.weight.clone().requires_grad_(True), last.fc2.bias
    fit(lambda: nll(x + F.linear(hidden, weight, bias), rows, targets), [weight], steps, 1e-3, 0.01)


def low_rank(tokens, steps):
    """At the attention's projections of all layers."""
    ids, rows, targets = question(1, tokens)
    opened = [layer for block in model.blocks for layer in (block.attn, block.proj)]
    leaves = [factor for layer in opened for factor in layer.open(rank)]

    def loss():
        x = model.embed(ids)
        for block in model.blocks:
            x = block(x)
        return nll(x, rows, targets)

    fit(loss, leaves, steps, 5e-3)
    for layer in opened:
        layer.a = layer.b = None


def rome(tokens, steps, contexts, layer):
    """One vector added at one token behind the MLP of a layer, the prompt alone and behind each context."""
    ids, rows, targets = question(contexts + 1, tokens)
    with torch.no_grad():
        x = model.embed(ids)
        for block in model.blocks[: layer + 1]:
            x = block(x)
    delta = torch.zeros(width, requires_grad=True)
    at = torch.zeros(tokens, 1)
    at[tokens // 2] = 1

    def loss():
        y = x + at * delta
        for block in model.blocks[layer + 1 :]:
            y = block(y)
        return nll(y, rows, targets)

    fit(loss, [delta], steps, 0.5)


EDITS = {"ft-llm": fine_tune, "lora": low_rank, "rome": rome}


def measure(threads):
    torch.set_num_threads(threads)
    seconds = {}
    for name, settings in config["edits"].items():
        EDITS[name](**{**settings, "steps": 2})
        times = []
        for _ in range(repeats):
            start = time.perf_counter()
            EDITS[name](**settings)
            times.append(time.perf_counter() - start)
        seconds[name] = sorted(times)[len(times) // 2]
    return seconds


settings = {threads: measure(threads) for threads in sorted({1, os.cpu_count() or 1})}
best = {name: min(seconds[name] for seconds in settings.values()) for name in config["edits"]}
print(json.dumps({"version": torch.__version__, "library": math_library(), "seconds": best}))
