"""The GPT of gpt-graphs.ts in PyTorch."""

import re

import torch
import torch.nn as nn
import torch.nn.functional as F


def attention(q, k, v):
    """Causal attention; the fused operator where this PyTorch has it (2.0 and later)."""
    if hasattr(F, "scaled_dot_product_attention"):
        return F.scaled_dot_product_attention(q, k, v, is_causal=True)
    tokens = q.shape[-2]
    hidden = torch.full((tokens, tokens), -1e9).triu(1)
    return (q @ k.transpose(-1, -2) * q.shape[-1] ** -0.5 + hidden).softmax(-1) @ v


class LowRank(nn.Module):
    """A linear layer with a low-rank side path, off until it is opened."""

    def __init__(self, inner, outer):
        super().__init__()
        self.base = nn.Linear(inner, outer)
        self.a = self.b = None

    def open(self, rank):
        self.a = nn.Parameter(0.01 * torch.randn(self.base.in_features, rank))
        self.b = nn.Parameter(0.01 * torch.randn(rank, self.base.out_features))
        return [self.a, self.b]

    def forward(self, x):
        y = self.base(x)
        return y if self.a is None else y + (x @ self.a) @ self.b


class Block(nn.Module):
    def __init__(self, width, heads):
        super().__init__()
        self.heads = heads
        self.ln1, self.ln2 = nn.LayerNorm(width), nn.LayerNorm(width)
        self.attn, self.proj = LowRank(width, 3 * width), LowRank(width, width)
        self.fc1, self.fc2 = nn.Linear(width, 4 * width), nn.Linear(4 * width, width)

    def attend(self, x):
        batch, tokens, width = x.shape
        split = lambda t: t.view(batch, tokens, self.heads, width // self.heads).transpose(1, 2)
        q, k, v = (split(t) for t in self.attn(self.ln1(x)).split(width, 2))
        return x + self.proj(attention(q, k, v).transpose(1, 2).reshape(batch, tokens, width))

    def keys(self, x):
        """What the down projection reads."""
        return F.gelu(self.fc1(self.ln2(x)), approximate="tanh")

    def forward(self, x, delta=None):
        x = self.attend(x)
        y = self.fc2(self.keys(x))
        return x + (y if delta is None else y + delta)


class Gpt(nn.Module):
    def __init__(self, config):
        super().__init__()
        width = config["width"]
        self.wte = nn.Embedding(config["vocabulary"], width)
        self.wpe = nn.Embedding(config["positions"], width)
        self.blocks = nn.ModuleList([Block(width, config["heads"]) for _ in range(config["layers"])])
        self.lnf = nn.LayerNorm(width)

    def embed(self, ids):
        return self.wte(ids) + self.wpe(torch.arange(ids.shape[1]))

    def head(self, x):
        return self.lnf(x) @ self.wte.weight.T

    def forward(self, ids, targets, delta=None):
        x = self.embed(ids)
        for i, block in enumerate(self.blocks):
            x = block(x, delta if i == len(self.blocks) // 2 else None)
        return F.cross_entropy(self.head(x).flatten(0, 1), targets.flatten())


def math_library():
    """The library that multiplies matrices, as it is loaded in this process; a Linux distribution links it dynamically."""
    try:
        with open("/proc/self/maps") as maps:
            found = re.findall(r"/lib(openblas|blis|mkl_rt|mkl_core|blas)[^/\n]*\.so", maps.read())
    except OSError:
        found = []
    built = re.search(r"BLAS_INFO=(\w+)", torch.__config__.show())
    return next(iter(found), built[1] if built else "unknown")
