"""Answers one JSON line for each it reads: runs one step of the U-Net and says how many milliseconds it took.

Request: {"dimensions": 2 | 3, "task": "train" | "infer", "format": "contiguous" | "channels_last"}. Between requests it waits for input.
"""
import json
import pathlib
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import torch
import torch.nn.functional as F
from bench_unet import UNet

SHAPES = {2: (4, 1, 128, 128), 3: (1, 1, 64, 64, 64)}
CHANNELS_LAST = {2: torch.channels_last, 3: torch.channels_last_3d}


def training(network, x, labels):
    network.train()
    optimiser = torch.optim.AdamW(network.parameters(), lr=1e-3)

    def step():
        optimiser.zero_grad(set_to_none=True)
        loss = F.cross_entropy(network(x), labels)
        loss.backward()
        optimiser.step()
        return loss.item()

    return step


def inference(network, x):
    network.eval()

    def step():
        with torch.inference_mode():
            network(x)

    return step


def make_step(dimensions, task, format):
    torch.manual_seed(0)
    shape = SHAPES[dimensions]
    memory_format = CHANNELS_LAST[dimensions] if format == "channels_last" else torch.contiguous_format
    network = UNet(dimensions).to(memory_format=memory_format)
    x = torch.randn(shape).to(memory_format=memory_format)
    if task == "infer":
        return inference(network, x)
    return training(network, x, torch.randint(0, 2, (shape[0], *shape[2:])))


torch.set_num_threads(2)
step, current = None, None
for line in sys.stdin:
    request = json.loads(line)
    if request != current:
        step = None
        step, current = make_step(**request), request
    start = time.perf_counter()
    step()
    print(json.dumps({"milliseconds": 1000 * (time.perf_counter() - start)}), flush=True)
