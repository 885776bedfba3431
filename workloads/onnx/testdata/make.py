# Writes the .onnx files of this folder with PyTorch's exporter and, beside each, what is true of the network by other programs than
# satsim: parameters and multiply-accumulates of convolutions and linear layers as PyTorch counts them while the network runs (hooks on
# the modules), and the shape of every tensor as ONNX's own shape inference finds it. Run in this folder on Debian 12 with
#   apt-get install python3-torch python3-torchvision python3-onnx libonnx-testdata
#   /usr/bin/python3 make.py
import json, math, os, shutil, warnings
import onnx, torch, torchvision
import torch.nn as nn
from onnx import shape_inference
from torch.onnx import TrainingMode

warnings.filterwarnings('ignore')
torch.manual_seed(1)


def count(model, args):
    total = {}

    def hook(name):
        def f(m, _, out):
            if isinstance(m, nn.Linear):
                total[name] = out.numel() * m.in_features
            else:
                total[name] = out.numel() * math.prod(m.kernel_size) * m.in_channels // m.groups
        return f
    hooks = [m.register_forward_hook(hook(n)) for n, m in model.named_modules() if isinstance(m, (nn.Conv1d, nn.Conv2d, nn.Linear))]
    with torch.no_grad():
        model(*args)
    for h in hooks:
        h.remove()
    return sum(total.values())


def shapes(path, sizes):
    m = onnx.load(path)
    for i in m.graph.input:
        for d in i.type.tensor_type.shape.dim:
            if d.dim_param:
                d.dim_value = sizes[d.dim_param]
    del m.graph.value_info[:]
    m = shape_inference.infer_shapes(m, data_prop=True)
    out = {}
    for v in list(m.graph.value_info) + list(m.graph.output):
        t = v.type.tensor_type
        if t.HasField('shape') and all(d.HasField('dim_value') for d in t.shape.dim):
            out[v.name] = [d.dim_value for d in t.shape.dim]
    return out


def export(name, model, args, opset, inputs, weights, train, axes, sizes):
    for p in model.parameters():
        nn.init.normal_(p)  # the exporter joins initialisers that are equal
    model.train(train)
    torch.onnx.export(model, args, name + '.onnx', opset_version=opset, export_params=weights,
                      training=TrainingMode.TRAINING if train else TrainingMode.EVAL, do_constant_folding=weights and not train,
                      input_names=list(inputs), dynamic_axes=axes)
    model.eval()
    batch = args[0].shape[0]
    info = dict(parameters=sum(p.numel() for p in model.parameters()), batch=batch, layer_macs=count(model, args),
                sizes=sizes, shapes=shapes(name + '.onnx', sizes))
    with open(name + '.json', 'w') as f:
        json.dump(info, f, indent=None, sort_keys=True, separators=(',', ':'))
    print(name, os.path.getsize(name + '.onnx'), os.path.getsize(name + '.json'))


def image(name, model, size, opset, weights=False, train=True, batch=6, dynamic=True):
    axes = {'images': {0: 'batch'}} if dynamic else None
    export(name, model, (torch.zeros(batch, 3, size, size),), opset, ['images'], weights, train, axes, {'batch': batch})


class Block(nn.Module):
    def __init__(s, d, h, act, causal):
        super().__init__()
        s.h, s.causal, s.act = h, causal, act
        s.q, s.k, s.v, s.o = (nn.Linear(d, d) for _ in range(4))
        s.ln1, s.ln2 = nn.LayerNorm(d), nn.LayerNorm(d)
        s.fc1, s.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def attend(s, x, mask):
        B, T, D = x.shape
        split = lambda y: y.view(B, T, s.h, D // s.h).permute(0, 2, 1, 3)
        q, k, v = split(s.q(x)), split(s.k(x)), split(s.v(x))
        a = q @ k.transpose(-1, -2) / math.sqrt(D // s.h)
        if s.causal:
            a = a.masked_fill(torch.tril(torch.ones(T, T)).view(1, 1, T, T) == 0, float('-inf'))
        if mask is not None:
            a = a + mask
        return s.o((torch.softmax(a, -1) @ v).permute(0, 2, 1, 3).contiguous().view(B, T, D))

    def forward(s, x, mask=None):
        if s.causal:
            x = x + s.attend(s.ln1(x), mask)
            return x + s.fc2(s.act(s.fc1(s.ln2(x))))
        x = s.ln1(x + s.attend(x, mask))
        return s.ln2(x + s.fc2(s.act(s.fc1(x))))


class Bert(nn.Module):
    def __init__(s, V=50, P=24, d=8, h=2, L=1):
        super().__init__()
        s.tok, s.pos, s.seg, s.ln = nn.Embedding(V, d), nn.Embedding(P, d), nn.Embedding(2, d), nn.LayerNorm(d)
        s.register_buffer('ids', torch.arange(P)[None])
        s.layers = nn.ModuleList([Block(d, h, nn.GELU(), False) for _ in range(L)])
        s.pool, s.cls = nn.Linear(d, d), nn.Linear(d, 2)

    def forward(s, input_ids, attention_mask, token_type_ids):
        x = s.ln(s.tok(input_ids) + s.seg(token_type_ids) + s.pos(s.ids[:, :input_ids.shape[1]]))
        m = (1.0 - attention_mask[:, None, None, :].float()) * -10000.0
        for l in s.layers:
            x = l(x, m)
        return s.cls(torch.tanh(s.pool(x[:, 0])))


class NewGelu(nn.Module):
    def forward(s, x):
        return 0.5 * x * (1.0 + torch.tanh(math.sqrt(2.0 / math.pi) * (x + 0.044715 * torch.pow(x, 3.0))))


class Gpt(nn.Module):
    def __init__(s, V=50, P=24, d=8, h=2, L=1):
        super().__init__()
        s.wte, s.wpe = nn.Embedding(V, d), nn.Embedding(P, d)
        s.h, s.ln = nn.ModuleList([Block(d, h, NewGelu(), True) for _ in range(L)]), nn.LayerNorm(d)
        s.head = nn.Linear(d, V, bias=False)
        s.head.weight = s.wte.weight

    def forward(s, ids):
        x = s.wte(ids) + s.wpe(torch.arange(ids.shape[1])[None])
        for l in s.h:
            x = l(x)
        return s.head(s.ln(x))


class RMSNorm(nn.Module):
    def __init__(s, d):
        super().__init__()
        s.weight = nn.Parameter(torch.rand(d))

    def forward(s, x):
        return s.weight * (x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + 1e-6))


class SwiGLU(nn.Module):
    def __init__(s, d=8):
        super().__init__()
        s.norm, s.out = RMSNorm(d), nn.Linear(d, 10)
        s.gate, s.up, s.down = nn.Linear(d, 16, bias=False), nn.Linear(d, 16, bias=False), nn.Linear(16, d, bias=False)

    def forward(s, x):
        y = s.norm(x)
        return s.out((x + s.down(nn.functional.silu(s.gate(y)) * s.up(y))).mean(1))


class Small(nn.Module):
    """Groups, dilation, depthwise, strides, one-sided padding, pools, both flattens, a residual and a squeeze-and-excitation."""

    def __init__(s, view):
        super().__init__()
        s.view = view
        s.conv1, s.bn1 = nn.Conv2d(3, 8, 3, padding=1, bias=False), nn.BatchNorm2d(8)
        s.conv2, s.bn2 = nn.Conv2d(8, 8, (3, 5), stride=(2, 1), padding=(1, 2), groups=2), nn.BatchNorm2d(8)
        s.conv3 = nn.Conv2d(8, 8, 3, padding=2, dilation=2, groups=8)
        s.squeeze, s.excite = nn.Conv2d(8, 4, 1), nn.Conv2d(4, 8, 1)
        s.fc1, s.fc2, s.drop = nn.Linear(8 * 3 * 5, 16), nn.Linear(16, 10), nn.Dropout()

    def forward(s, x):
        x = nn.functional.max_pool2d(torch.relu(s.bn1(s.conv1(x))), 2)
        x = nn.functional.hardtanh(s.bn2(s.conv2(x)), 0.0, 6.0)
        x = x + s.conv3(x) * torch.sigmoid(s.excite(torch.relu(s.squeeze(nn.functional.adaptive_avg_pool2d(x, 1)))))
        x = nn.functional.avg_pool2d(nn.functional.pad(x, (0, 1, 1, 0)), 3, stride=(1, 2), padding=1)
        x = nn.functional.max_pool2d(x, (2, 1), stride=(2, 1), ceil_mode=True)
        x = x.view(x.size(0), -1) if s.view else torch.flatten(x, 1)
        return torch.softmax(s.fc2(s.drop(torch.tanh(s.fc1(x)))), 1)


class Shuffle(nn.Module):
    """Channel shuffle between convolutions, a split, a concat and a strided slice."""

    def __init__(s):
        super().__init__()
        s.a, s.b, s.c, s.fc = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(4, 4, 1), nn.Conv2d(8, 6, 1), nn.Linear(24, 10)

    def forward(s, x):
        left, right = s.a(x).chunk(2, 1)
        x = torch.cat([left, torch.relu(s.b(right))], 1)
        n, c, h, w = x.shape
        x = x.view(n, 2, c // 2, h, w).transpose(1, 2).reshape(n, c, h, w)
        x = s.c(x)
        x = torch.cat([x[:, :, 0::2, 0::2], x[:, :, 1::2, 0::2], x[:, :, 0::2, 1::2], x[:, :, 1::2, 1::2]], 1)
        return s.fc(x.mean((2, 3)))


class Sequence(nn.Module):
    """One-dimensional convolutions and pools, then tokens."""

    def __init__(s):
        super().__init__()
        s.a, s.bn, s.b, s.fc = nn.Conv1d(3, 8, 5, stride=2, padding=2), nn.BatchNorm1d(8), nn.Conv1d(8, 8, 3, padding=1, groups=4), nn.Linear(8, 10)

    def forward(s, x):
        x = torch.relu(s.bn(s.a(x)))
        x = nn.functional.max_pool1d(s.b(x), 2)
        return s.fc(x.transpose(1, 2))


image('resnet18', torchvision.models.resnet18(), 224, 13, batch=2)
image('mobilenet_v2', torchvision.models.mobilenet_v2(), 224, 11, batch=2)
for opset in (7, 8, 9, 10, 11, 13, 16):
    image('small_opset%d' % opset, Small(opset % 2 == 0 and opset < 14), 16, opset, weights=True)
image('small_fixed', Small(True), 16, 12, weights=True, train=False, dynamic=False)
image('shuffle', Shuffle(), 16, 12)
vit = torchvision.models.VisionTransformer(16, 8, 1, 2, 8, 16, num_classes=10)
image('vit', vit, 16, 14, train=False)
image('vit_fixed', vit, 16, 14, weights=True, train=False, batch=3, dynamic=False)
image('vit_fixed_one', vit, 16, 14, weights=True, train=False, batch=1, dynamic=False)
ids = torch.ones(6, 12, dtype=torch.long)
names = ['input_ids', 'attention_mask', 'token_type_ids']
bert, gpt = Bert(), Gpt()
both = {'batch': 6, 'sequence': 12}
for name, weights, axes in [('bert', True, {n: {0: 'batch', 1: 'sequence'} for n in names}), ('bert_stripped', False, {n: {0: 'batch'} for n in names}),
                            ('bert_fixed', True, None)]:
    export(name, bert, (ids, ids, ids), 12, names, weights, False, axes, both)
export('gpt', gpt, (ids,), 14, ['ids'], False, False, {'ids': {0: 'batch', 1: 'sequence'}}, both)
export('swiglu', SwiGLU(), (torch.zeros(6, 12, 8),), 16, ['x'], True, False, {'x': {0: 'batch'}}, both)
export('sequence', Sequence(), (torch.zeros(6, 3, 20),), 13, ['x'], False, True, {'x': {0: 'batch'}}, both)

# Single operators from ONNX's own test data.
os.makedirs('node', exist_ok=True)
for name in '''averagepool_1d_default averagepool_2d_ceil averagepool_2d_pads averagepool_2d_same_lower averagepool_2d_same_upper
    averagepool_2d_strides maxpool_1d_default maxpool_2d_ceil maxpool_2d_same_lower maxpool_2d_same_upper maxpool_2d_strides basic_conv_with_padding
    basic_conv_without_padding conv_with_autopad_same conv_with_strides_and_asymmetric_padding conv_with_strides_no_padding
    conv_with_strides_padding gemm_default_matrix_bias gemm_transposeB gemm_alpha
    batchnorm_example flatten_axis2 flatten_negative_axis3 softmax_large_number softmax_axis_2 softmax_default_axis hardswish
    leakyrelu concat_3d_axis_negative_2 split_equal_parts_2d transpose_all_permutations_4 matmul_4d
    layer_normalization_4d_axis3 layer_normalization_4d_axis_negative_1 layer_normalization_4d_axis_negative_1_expanded
    layer_normalization_default_axis_expanded reduce_mean_keepdims_example reduce_mean_negative_axes_keepdims_example
    mul_bcast sub_bcast'''.split():
    path = '/usr/share/libonnx-testdata/data/node/test_%s/model.onnx' % name
    if os.path.exists(path):
        shutil.copy(path, 'node/%s.onnx' % name)
    else:
        print('no', name)
