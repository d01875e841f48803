"""Sampling of a shipped diffusion network as one would write it in PyTorch: DDIM (eta 0), exclusive classes, x0 predicted.

Argument: a model folder. Answers one JSON line for each it reads:
{"image": FILE, "noise": FILE, "mask": FILE, "steps": N, "format": "contiguous" | "channels_last"} -> {"milliseconds": ...}.
`image` float32 [channels, ...patch] and `noise` float32 [classes, ...patch] are read, `mask` uint8 [...patch] is written.
"""
import json
import math
import pathlib
import sys
import time

import numpy as np
import torch
import torch.nn.functional as F
from safetensors.torch import load_file

folder = pathlib.Path(sys.argv[1])
description = json.loads((folder / "model.json").read_text())
entry = description["networks"]["diffusion"]
config, patch = entry["network"], description["plan"]["patch"]
T = entry["timesteps"]
classes = config["classes"]
assert entry["schedule"] == "linear" and config["activation"] == "gelu" and config["norm"] == "instance"
conv_nd = {2: F.conv2d, 3: F.conv3d}[len(patch)]


class Network(torch.nn.Module):
    """ml/nn/unet.ts, with the shipped weights under their own names."""

    def __init__(self, weights):
        super().__init__()
        self.weights = {name: torch.nn.Parameter(value.float(), requires_grad=False) for name, value in weights.items()}

    def channels_last(self):
        layout = {4: torch.channels_last, 5: torch.channels_last_3d}
        for value in self.weights.values():
            if value.dim() in layout:
                value.data = value.data.contiguous(memory_format=layout[value.dim()])

    def conv(self, name, x, stride=1):
        weight = self.weights[name + ".weight"]
        return conv_nd(x, weight, self.weights.get(name + ".bias"), stride, padding=weight.shape[-1] // 2)

    def linear(self, name, x):
        return x @ self.weights[name + ".weight"] + self.weights[name + ".bias"]

    def norm(self, name, x):
        return F.group_norm(x, x.shape[1], self.weights[name + ".scale"], self.weights[name + ".bias"])

    def block(self, name, x, embedding):
        h = self.norm(name + ".norm1", self.conv(name + ".conv1", x))
        h = gelu(h + self.linear(name + ".time", embedding)[(...,) + (None,) * len(patch)])
        h = self.norm(name + ".norm2", self.conv(name + ".conv2", h))
        return gelu(h + (self.conv(name + ".shortcut", x) if name + ".shortcut.weight" in self.weights else x))

    def blocks(self, name, x, embedding):
        for block in range(config["blocks"]):
            x = self.block(f"{name}.{block}", x, embedding)
        return x

    def attention(self, x):
        normed = self.norm("attention.norm", x)
        heads = config["attentionHeads"]
        query, key, value = (
            self.conv("attention." + part, normed).reshape(1, heads, x.shape[1] // heads, -1).transpose(2, 3)
            for part in ("query", "key", "value")
        )
        mixed = F.scaled_dot_product_attention(query, key, value).transpose(2, 3).reshape(x.shape)
        return x + self.conv("attention.out", mixed)

    def forward(self, x, moment):
        half = 2 * config["channels"][0]
        frequencies = 10000 * 1e-4 ** (torch.arange(half, dtype=torch.float64) / (half - 1))
        angles = (moment * frequencies).float()[None]
        waves = torch.cat([angles.sin(), angles.cos()], 1)
        embedding = F.silu(self.linear("time.second", F.silu(self.linear("time.first", waves))))
        channels, skips = config["channels"], []
        h = self.conv("stem", x)
        for level in range(len(channels)):
            h = self.blocks(f"encoder.{level}", h, embedding)
            if level < len(channels) - 1:
                skips.append(h)
                h = self.conv(f"down.{level}", h, stride=2)
        if config["attentionHeads"]:
            h = self.attention(h)
        for level in reversed(range(len(channels) - 1)):
            fine = F.interpolate(h, scale_factor=2, mode="nearest")
            h = self.blocks(f"decoder.{level}", self.conv(f"up.{level}", fine) + skips[level], embedding)
        return self.conv("head", h)


def gelu(x):
    return x * torch.sigmoid(1.702 * x)


def ddim(network, image, x, count):
    abar = torch.cumprod(1 - torch.linspace(0.1 / T, 20 / T, T, dtype=torch.float64), 0)
    steps = [T - 1] if count == 1 else [math.floor(i * (T - 1) / (count - 1) + 0.5) for i in range(count)]
    for place in reversed(range(count)):
        seen = torch.cat([image, x.clamp(-1, 1) * 0.5 + 0.5], 1)
        probability = network(seen, (steps[place] + 1) / T).softmax(1)
        x_start = 2 * probability - 1
        if place > 0:
            now, before = float(abar[steps[place]]), float(abar[steps[place - 1]])
            noise = (x - math.sqrt(now) * x_start) / math.sqrt(1 - now)
            x = math.sqrt(before) * x_start + math.sqrt(1 - before) * noise
    return probability.argmax(1)[0]


def read(file, channels):
    return torch.from_numpy(np.fromfile(file, np.float32).reshape(1, channels, *patch))


torch.set_num_threads(2)
network, current = None, None
for line in sys.stdin:
    request = json.loads(line)
    if request["format"] != current:
        current, network = request["format"], Network(load_file(folder / entry["file"]))
        if current == "channels_last":
            network.channels_last()
    image, noise = read(request["image"], config["imageChannels"]), read(request["noise"], classes)
    start = time.perf_counter()
    with torch.inference_mode():
        mask = ddim(network, image, noise, request["steps"])
    milliseconds = 1000 * (time.perf_counter() - start)
    mask.numpy().astype(np.uint8).tofile(request["mask"])
    print(json.dumps({"milliseconds": milliseconds}), flush=True)
