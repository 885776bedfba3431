"""Training steps of resnet-fmnist in PyTorch on one thread: python3 torch_step.py STEPS WIDTH prints images per CPU second.

The network, the batch and the update are those of BenchmarkStep. Debian: python3-torch.
"""
import sys
import time

import torch
from torch import nn

steps, width, batch = int(sys.argv[1]), int(sys.argv[2]), 32
torch.set_num_threads(1)
torch.manual_seed(1)


def conv(i, o, k, s):
    return nn.Conv2d(i, o, k, s, k // 2, bias=False)


class Basic(nn.Module):
    def __init__(self, i, o, s, project):
        super().__init__()
        self.body = nn.Sequential(conv(i, o, 3, s), nn.BatchNorm2d(o), nn.ReLU(), conv(o, o, 3, 1), nn.BatchNorm2d(o))
        self.side = nn.Sequential(conv(i, o, 1, s), nn.BatchNorm2d(o)) if project else nn.Identity()

    def forward(self, x):
        return torch.relu(self.body(x) + self.side(x))


net = nn.Sequential(
    conv(1, width, 3, 2), nn.BatchNorm2d(width), nn.ReLU(),
    Basic(width, 2 * width, 2, True), Basic(2 * width, 2 * width, 1, False),
    nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2 * width, 10))
update = torch.optim.SGD(net.parameters(), 0.01, momentum=0.9, weight_decay=1e-3)
images, labels = torch.randn(batch, 1, 28, 28), torch.randint(0, 10, (batch,))


def step():
    update.zero_grad()
    nn.functional.cross_entropy(net(images), labels).backward()
    update.step()


for _ in range(5):
    step()
begin = time.process_time()
for _ in range(steps):
    step()
print(batch * steps / (time.process_time() - begin))
