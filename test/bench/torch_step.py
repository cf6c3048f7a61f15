"""Times the steps of gpt-graphs.ts in PyTorch: python3 torch_step.py '{"vocabulary": ..., ...}' prints one line of JSON."""

import json
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

config = json.loads(sys.argv[1])
vocabulary, width, layers, heads = (config[key] for key in ("vocabulary", "width", "layers", "heads"))
batch, tokens, rank = (config[key] for key in ("batch", "tokens", "rank"))


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
        mixed = F.scaled_dot_product_attention(q, k, v, is_causal=True)
        x = x + self.proj(mixed.transpose(1, 2).reshape(batch, tokens, width))
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


steps = {"forward": median(forward), "all parameters": median(gradients(list(model.parameters())))}
for parameter in model.parameters():
    parameter.requires_grad_(False)
delta = torch.zeros(batch, tokens, width, requires_grad=True)
steps["one delta"] = median(gradients([delta], delta))
factors = [p for block in model.blocks for layer in (block.attn, block.proj) for p in layer.open()]
steps["LoRA r8"] = median(gradients(factors))
print(json.dumps({"version": torch.__version__, "threads": torch.get_num_threads(), "steps": steps}))
