"""Times the steps of gpt-graphs.ts in PyTorch: python3 torch_step.py '{"vocabulary": ..., ...}' prints one line of JSON."""

import json
import os
import re
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

config = json.loads(sys.argv[1])
vocabulary, width, layers, heads = (config[key] for key in ("vocabulary", "width", "layers", "heads"))
batch, tokens, rank = (config[key] for key in ("batch", "tokens", "rank"))


def attention(q, k, v):
    """Causal attention; the fused operator where this PyTorch has it (2.0 and later)."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    return (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + hidden).softmax(-1) @ v


class LowRank(nn.Module):
    """A linear layer with a low-rank side path, off until it is opened."""

    def __init__(self, inner, outer):
        super().__init__()
        self.base = nn.Linear(inner, outer)
        self.a = self.b = None

    def open(self):
        self.a = nn.Parameter(0.01 * torch.randn(self.base.in_features, rank))
        self.b = nn.Parameter(0.01 * torch.randn(rank, self.base.out_features))
        return [self.a, self.b]

    def forward(self, x):
        y = self.base(x)
        return y if self.a is None else y + (x @ self.a) @ self.b


class Block(nn.Module):
    def __init__(self):
        super().__init__()
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.proj = LowRank(width, 3 * width), LowRank(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def forward(self, x, delta=None):
        split = lambda t: t.view(batch, tokens, heads, width // heads).transpose(1, 2)
        q, k, v = (split(t) for t in self.attn(self.ln1(x)).split(width, 2))
        x = x + self.proj(attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width))
        y = self.fc2(F.gelu(self.fc1(self.ln2(x)), approximate="tanh"))
        return x + (y if delta is None else y + delta)


class Gpt(nn.Module):
    def __init__(self):
        super().__init__()
        self.wte, self.wpe = nn.Embedding(vocabulary, width), nn.Embedding(tokens, width)
        self.blocks = nn.ModuleList([Block() for _ in range(layers)])
        self.lnf = nn.LayerNorm(width)

    def forward(self, ids, targets, delta=None):
        x = self.wte(ids) + self.wpe(torch.arange(tokens))
        for i, block in enumerate(self.blocks):
            x = block(x, delta if i == layers // 2 else None)
        logits = self.lnf(x) @ self.wte.weight.T
        return F.cross_entropy(logits.view(-1, vocabulary), targets.view(-1))


torch.manual_seed(0)
hidden = torch.full((tokens, tokens), -1e9).triu(1)
model = Gpt()
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
    steps["LoRA r8"] = median(gradients([factor for layer in layers for factor in layer.open()]))
    for layer in layers:
        layer.a = layer.b = None
    for parameter in everything:
        parameter.requires_grad_(True)
    return {"threads": threads, "steps": steps}


def math_library():
    """The library that multiplies matrices, as it is loaded in this process; a Linux distribution links it dynamically."""
    try:
        with open("/proc/self/maps") as maps:
            found = re.findall(r"/lib(openblas|blis|mkl_rt|mkl_core|blas)[^/\n]*\.so", maps.read())
    except OSError:
        found = []
    built = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return next(iter(found), built[1] if built else "unknown")


# More threads than one do not pay at every size: the setting with the faster training step counts.
settings = [measure(threads) for threads in sorted({1, os.cpu_count() or 1})]
best = min(settings, key=lambda setting: setting["steps"]["all parameters"])
print(json.dumps({"version": torch.__version__, "library": math_library(), **best}))
