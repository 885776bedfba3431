"""Writes networks as torch.onnx.export does, and their state_dict as numpy.savez does. Run in this folder with Debian 12's python3-torch 1.13 and
python3-onnx 1.12: /usr/bin/python3 torch_export.py

torch_resnet.*: resnet-fmnist with width=4 and image=8, after three steps, with norms and names kept. The FP16 and BF16 files hold the values of
torch_resnet_few.npz, which have 8 significant bits. torch_resnet_folded.onnx: as the exporter does it by default.
torch_state.npz: the state_dict of torch_resnet_few.npz with its counters, kernels with the first axis fastest as NumPy keeps a transposed array, and a text and flags.
torch_tokens.*: linear layers on sequences, and two norms whose arrays are equal.
torch_lm.*: lm-bytes with dim=8, heads=2, sequence=4 and layers=1, and its loss on a text.
"""
import glob
import json
import os

import numpy as np
import onnx
import torch
from onnx import TensorProto, numpy_helper
from torch import nn

torch.manual_seed(23)


def conv(i, o, k, s):
    return nn.Conv2d(i, o, k, s, k // 2, bias=False)


class Basic(nn.Module):
    def __init__(self, i, o, s, project):
        super().__init__()
        self.conv1, self.bn1, self.conv2, self.bn2 = conv(i, o, 3, s), nn.BatchNorm2d(o), conv(o, o, 3, 1), nn.BatchNorm2d(o)
        self.project = project
        if project:
            self.shortcut, self.bn3 = conv(i, o, 1, s), nn.BatchNorm2d(o)

    def forward(self, x):
        side = self.bn3(self.shortcut(x)) if self.project else x
        return torch.relu(self.bn2(self.conv2(torch.relu(self.bn1(self.conv1(x))))) + side)


class ResNet(nn.Module):
    def __init__(self, width):
        super().__init__()
        self.stem, self.bn = conv(1, width, 3, 2), nn.BatchNorm2d(width)
        self.block1, self.block2 = Basic(width, 2 * width, 2, True), Basic(2 * width, 2 * width, 1, False)
        self.fc = nn.Linear(2 * width, 10)

    def forward(self, x):
        x = self.block2(self.block1(torch.relu(self.bn(self.stem(x)))))
        return self.fc(x.mean((2, 3)))


class Tokens(nn.Module):
    def __init__(self):
        super().__init__()
        self.norm1, self.square, self.norm2, self.head = nn.LayerNorm(8), nn.Linear(8, 8, bias=False), nn.LayerNorm(8), nn.Linear(8, 5)

    def forward(self, x):
        return self.head(self.norm2(torch.relu(self.square(self.norm1(x)))))


class Decoder(nn.Module):
    def __init__(self, dim, heads, sequence):
        super().__init__()
        self.ln1, self.qkv, self.proj = nn.LayerNorm(dim), nn.Linear(dim, 3 * dim), nn.Linear(dim, dim)
        self.ln2, self.fc1, self.fc2 = nn.LayerNorm(dim), nn.Linear(dim, 4 * dim), nn.Linear(4 * dim, dim)
        self.split = (-1, sequence, heads, dim // heads)
        self.later = torch.triu(torch.ones(sequence, sequence, dtype=torch.bool), 1)

    def forward(self, x):
        q, k, v = (part.reshape(self.split).transpose(1, 2) for part in self.qkv(self.ln1(x)).chunk(3, 2))
        scores = (q @ k.transpose(2, 3)).masked_fill(self.later, float('-inf')).softmax(3)
        x = x + self.proj((scores @ v).transpose(1, 2).reshape(x.shape))
        return x + self.fc2(nn.functional.gelu(self.fc1(self.ln2(x))))


class LM(nn.Module):
    def __init__(self, dim, heads, sequence):
        super().__init__()
        self.table, self.place = nn.Embedding(256, dim), nn.Embedding(sequence, dim)
        self.layer = nn.ModuleList([Decoder(dim, heads, sequence)])
        self.ln, self.head = nn.LayerNorm(dim), nn.Linear(dim, 256)
        self.register_buffer('places', torch.arange(sequence), persistent=False)

    def forward(self, x):
        x = self.table(x) + self.place(self.places)
        for block in self.layer:
            x = block(x)
        return self.head(self.ln(x))


def save(name, net):
    np.savez(name, **{k: v.detach().numpy() for k, v in net.state_dict().items() if v.is_floating_point()})


def export(name, net, x, **how):
    torch.onnx.export(net, x, name, opset_version=14, input_names=['images'], dynamic_axes={'images': {0: 'batch'}}, **how)


def stored(model, kind, make):
    """The model with its initialisers and its input as another type."""
    out = onnx.ModelProto()
    out.CopyFrom(model)
    for t in out.graph.initializer:
        a = numpy_helper.to_array(t)
        if a.dtype == np.float32:
            t.CopyFrom(make(t.name, a, kind))
    out.graph.input[0].type.tensor_type.elem_type = kind
    return out


net = ResNet(4)
x = torch.randn(16, 1, 8, 8)
update = torch.optim.SGD(net.parameters(), 0.1, momentum=0.9)
for _ in range(3):
    update.zero_grad()
    nn.functional.cross_entropy(net(x), torch.randint(0, 10, (16,))).backward()
    update.step()
keep = dict(training=torch.onnx.TrainingMode.PRESERVE, do_constant_folding=False)
export('torch_resnet_training.onnx', net, x, **keep)  # runs the network once, which moves the running statistics: the file has those of after
save('torch_resnet.npz', net)
net.eval()
export('torch_resnet.onnx', net, x, **keep)
model = onnx.load('torch_resnet.onnx')
for name in glob.glob('torch_resnet_external.*'):
    os.remove(name)  # onnx would append
onnx.save_model(model, 'torch_resnet_external.onnx', save_as_external_data=True, location='torch_resnet_external.data', size_threshold=0)
export('torch_resnet_folded.onnx', net, x)

net.load_state_dict({k: v.bfloat16().to(v.dtype) if v.is_floating_point() else v for k, v in net.state_dict().items()})
save('torch_resnet_few.npz', net)
state = {k: v.numpy() for k, v in net.state_dict().items()}
np.savez('torch_state.npz', note='of others', flags=np.ones(3, bool), **{k: np.asfortranarray(v) if k.startswith('block1') else v for k, v in state.items()})
export('few.onnx', net, x, **keep)
few = onnx.load('few.onnx')
os.remove('few.onnx')
onnx.save_model(stored(few, TensorProto.FLOAT16, lambda name, a, kind: TensorProto(
    name=name, dims=a.shape, data_type=kind, int32_data=[int(v) for v in a.astype('<f2').view('<u2').ravel()])), 'torch_resnet_float16.onnx')
onnx.save_model(stored(few, TensorProto.BFLOAT16, lambda name, a, kind: TensorProto(
    name=name, dims=a.shape, data_type=kind, raw_data=(a.view('<u4') >> 16).astype('<u2').tobytes())), 'torch_resnet_bfloat16.onnx')

net = Tokens().eval()
save('torch_tokens.npz', net)
export('torch_tokens.onnx', net, torch.randn(2, 3, 8), do_constant_folding=False)
export('torch_tokens_folded.onnx', net, torch.randn(2, 3, 8))

net = LM(8, 2, 4).eval()
save('torch_lm.npz', net)
text = 'In the beginning God created the heaven and the earth.'
ids = torch.tensor(list(text.encode()))
samples = (len(ids) - 1) // 4
with torch.no_grad():
    logits, told = net(ids[:4 * samples].reshape(-1, 4)).reshape(-1, 256), ids[1:4 * samples + 1]
    with open('torch_lm.json', 'w') as f:
        json.dump(dict(text=text, loss=nn.functional.cross_entropy(logits.double(), told).item()), f)
export('torch_lm.onnx', net, torch.zeros(2, 4, dtype=torch.int64), do_constant_folding=False)
