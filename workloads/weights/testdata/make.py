# Writes weights with NumPy 1.24 and what pruning them gives, computed with NumPy's stable sort and none of satsim's code. Run in this
# folder with Debian 12's python3-numpy: /usr/bin/python3 make.py
import json
import numpy as np

rng = np.random.default_rng(3)


def keep(groups, n):
    """Mask of the n largest magnitudes of each row; ties go to the lower index."""
    order = np.argsort(-np.abs(groups.astype(np.float64)), axis=1, kind='stable')[:, :n]
    mask = np.zeros(groups.shape, bool)
    np.put_along_axis(mask, order, True, axis=1)
    return mask


def prune(w, axis, n, m):
    """Mask of w in groups of m along an axis; an axis shorter than m stays dense."""
    moved = np.moveaxis(w, axis, -1)
    flat = moved.reshape(-1, moved.shape[-1])
    mask = np.ones(flat.shape, bool)
    if flat.shape[1] >= m:
        for c in range(0, flat.shape[1], m):
            mask[:, c:c + m] = keep(flat[:, c:c + m], n)
    return np.moveaxis(mask.reshape(moved.shape), -1, axis)


expected = {}


def write(name, stored, layout, oihw):
    """stored: the array in the file; oihw: the same as [out, in, taps]."""
    with open(name + '.npy', 'wb') as f:
        np.lib.format.write_array(f, stored, version=(2, 0) if name == 'version2' else None)
    h = oihw.astype(np.float16)
    e = dict(layout=layout, outputs=h.shape[0], inputs=h.shape[1], taps=h.shape[2], ratios={})
    total = np.abs(h.astype(np.float64)).sum()
    for n, m in [(2, 8), (2, 4), (1, 3), (4, 4)]:
        ff, bp = prune(h, 1, n, m), prune(h, 0, n, m)
        e['ratios']['%d:%d' % (n, m)] = dict(
            ff_kept=int(ff.sum()), bp_kept=int(bp.sum()),
            ff_magnitude=float(np.abs(h.astype(np.float64))[ff].sum() / total), bp_magnitude=float(np.abs(h.astype(np.float64))[bp].sum() / total),
            both=int((ff & bp).sum()), ff_only=int((ff & ~bp).sum()), bp_only=int((~ff & bp).sum()), none=int((~ff & ~bp).sum()))
        if n == 2 and m == 8:
            # The pruned copies as [out, in, taps] of FP16 patterns, to compare with what is packed.
            for copy, mask in [('ff', ff), ('bp', bp)]:
                np.save('%s.%s.npy' % (name, copy), np.where(mask, h, np.float16(0)))
    expected[name] = e


w = rng.standard_normal((20, 24))
write('float32', w.astype('<f4'), 'oihw', w.astype(np.float32)[:, :, None])
write('float16', w.astype('<f2'), 'oihw', w.astype(np.float16)[:, :, None])
write('float64_big', w.astype('>f8'), 'oihw', w.astype(np.float32)[:, :, None])
write('fortran', np.asfortranarray(w.astype('<f4')), 'oihw', w.astype(np.float32)[:, :, None])
write('in_first', np.ascontiguousarray(w.T.astype('<f4')), 'hwio', w.astype(np.float32)[:, :, None])
write('version2', w.astype('<f4'), 'oihw', w.astype(np.float32)[:, :, None])
# Few values, so that ties are everywhere; channels that M does not divide.
c = rng.integers(-3, 4, (13, 11, 3, 2)).astype('<f4')
write('conv', c, 'oihw', c.reshape(13, 11, 6))
write('conv_in_first', np.ascontiguousarray(c.transpose(2, 3, 1, 0)), 'hwio', c.reshape(13, 11, 6))
s = rng.standard_normal((5, 3, 4)).astype('<f4')
write('sequence', s, 'oihw', s)
with open('expected.json', 'w') as f:
    json.dump(expected, f, indent=1, sort_keys=True)

# The weights of a real ONNX file (written by PyTorch, see ../../onnx/testdata), read by the onnx package.
import onnx
from onnx import numpy_helper

model = onnx.load('../../onnx/testdata/small_opset16.onnx')
arrays = {t.name: numpy_helper.to_array(t) for t in model.graph.initializer}
layers = []
for node in model.graph.node:
    if node.op_type not in ('Conv', 'Gemm'):
        continue
    attributes = {a.name: a.i for a in node.attribute}
    h = arrays[node.input[1]].astype(np.float16)  # [out, in, ...]; Gemm has transB
    assert node.op_type == 'Conv' or attributes['transB'] == 1
    groups = attributes.get('group', 1)
    h = h.reshape(groups, h.shape[0] // groups, h.shape[1], -1)
    total = np.abs(h.astype(np.float64)).sum()
    ff, bp = prune(h, 2, 2, 4), prune(h, 1, 2, 4)
    layers.append(dict(
        layer=node.input[1].removesuffix('.weight'), groups=groups, outputs=h.shape[1], inputs=h.shape[2], taps=h.shape[3],
        ff_kept=int(ff.sum()), bp_kept=int(bp.sum()), both=int((ff & bp).sum()),
        ff_magnitude=float(np.abs(h.astype(np.float64))[ff].sum() / total), bp_magnitude=float(np.abs(h.astype(np.float64))[bp].sum() / total)))
with open('expected_onnx.json', 'w') as f:
    json.dump(layers, f, indent=1, sort_keys=True)

# The same model with its tensors in a file beside it.
onnx.save_model(model, 'external.onnx', save_as_external_data=True, location='external.data', size_threshold=0)

# Other containers, types and what stands between a weight and its layer: for each file, layers with the figures at 2:8 of the FP16 values.
import struct
from onnx import TensorProto, helper as h

rng = np.random.default_rng(7)
forms = {}


def layer(name, oihw, file):
    """oihw: [out, in, taps] of the values as the machine has them, FP16."""
    f = oihw.astype(np.float16)
    total = np.abs(f.astype(np.float64)).sum()
    ff, bp = prune(f, 1, 2, 8), prune(f, 0, 2, 8)
    forms.setdefault(file, []).append(dict(
        layer=name, outputs=f.shape[0], inputs=f.shape[1], taps=f.shape[2], underflow=int(((f == 0) & (oihw != 0)).sum()),
        ff_kept=int(ff.sum()), bp_kept=int(bp.sum()), both=int((ff & bp).sum()), ff_only=int((ff & ~bp).sum()), bp_only=int((~ff & bp).sum()),
        none=int((~ff & ~bp).sum()), ff_magnitude=float(np.abs(f.astype(np.float64))[ff].sum() / total), bp_magnitude=float(np.abs(f.astype(np.float64))[bp].sum() / total)))


def taps(a):
    return a.reshape(a.shape[0], a.shape[1], -1)


conv, fc = rng.standard_normal((16, 12, 3, 2)).astype('<f4'), rng.standard_normal((20, 24)).astype('<f4')
np.save('fortran_conv.npy', np.asfortranarray(conv))
layer('fortran_conv', taps(conv), 'fortran_conv.npy')
np.savez('stored.npz', **{'conv.weight': conv, 'conv.bias': conv[0, 0, 0], 'fc.weight': fc})
np.savez_compressed('deflated.npz', **{'conv.weight': conv, 'conv.bias': conv[0, 0, 0], 'fc.weight': fc})
for file in ('stored.npz', 'deflated.npz'):
    layer('conv', taps(conv), file)
    layer('fc', taps(fc), file)
np.save('tiny.npy', fc * np.float32(1e-8))
layer('tiny', taps(fc * np.float32(1e-8)), 'tiny.npy')
whole = rng.integers(-128, 128, (16, 24)).astype('i1')
np.save('whole.npy', whole)
layer('whole', taps(whole.astype(np.float32)), 'whole.npy')


def bf16(a):
    """The upper half of FP32, nearest even."""
    bits = a.view('<u4')
    up = ((bits + 0x7fff + ((bits >> 16) & 1)) >> 16).astype('<u2')
    return up, (up.astype('<u4') << 16).view('<f4')


def fp8(b, mantissa, bias):
    """Numbers of one byte: sign, exponent, mantissa."""
    e, m = (b & 0x7f) >> mantissa, b & (2 ** mantissa - 1)
    v = np.where(e == 0, m * 2.0 ** (1 - bias - mantissa), (m + 2 ** mantissa) * 2.0 ** (e.astype(float) - bias - mantissa))
    return np.where(b & 0x80, -v, v)


finite = np.array([b for b in range(256) if b & 0x7f < 0x7c and b != 0x80], dtype=np.uint8)  # in both formats
bytes8 = rng.choice(finite, (20, 24))
tensors = {'a.weight': ('BF16', bf16(conv)[0]), 'b.weight': ('F8_E4M3', bytes8), 'c.weight': ('F8_E5M2', bytes8), 'd.weight': ('F16', fc.astype('<f2')), 'd.bias': ('F32', fc[0])}
head, data = {'__metadata__': {'format': 'pt'}}, b''
for name, (kind, a) in tensors.items():
    head[name] = dict(dtype=kind, shape=list(a.shape), data_offsets=[len(data), len(data) + a.nbytes])
    data += a.tobytes()
text = json.dumps(head).encode()
text += b' ' * (-len(text) % 8)
with open('types.safetensors', 'wb') as f:
    f.write(struct.pack('<Q', len(text)) + text + data)
layer('a', taps(bf16(conv)[1]), 'types.safetensors')
layer('b', taps(fp8(bytes8, 3, 7)), 'types.safetensors')
layer('c', taps(fp8(bytes8, 2, 15)), 'types.safetensors')
layer('d', taps(fc), 'types.safetensors')


# ONNX: weights behind Reshape, Mul, Transpose, Cast and DequantizeLinear; numbers stored one by one; one weight under two nodes.
def tensor(name, a, kind=None):
    t = numpy_helper.from_array(np.ascontiguousarray(a), name)
    if kind is not None:
        t.data_type = kind
    return t


w1, w2, w3, w5 = (rng.standard_normal(s).astype('<f4') for s in ((24, 20), (10, 2, 20), (16, 20), (12, 16)))
gain = rng.uniform(0.25, 4, 20).astype('<f4')
q4, s4, z4 = rng.integers(0, 256, (16, 16)).astype('u1'), rng.uniform(0.01, 0.05, 16).astype('<f4'), rng.integers(100, 156, 16).astype('u1')
w6 = rng.standard_normal((12, 12)).astype('<f2')
one = TensorProto(name='w6', dims=[12, 12], data_type=TensorProto.FLOAT16, int32_data=[int(v) for v in w6.view('<u2').ravel()])
f8 = TensorProto(name='w7', dims=[12, 12], data_type=18, raw_data=bytes8[:12, :12].tobytes())
weights = [tensor('w1', w1), tensor('gain', gain), tensor('w2', w2), tensor('to', np.array([20, 20])), tensor('w3', w3), tensor('q4', q4), tensor('s4', s4), tensor('z4', z4),
           tensor('w5', w5.astype('<f2')), one, f8]
nodes = [
    h.make_node('Mul', ['w1', 'gain'], ['m1']), h.make_node('MatMul', ['x', 'm1'], ['h1'], name='scaled'),
    h.make_node('Reshape', ['w2', 'to'], ['r2']), h.make_node('MatMul', ['h1', 'r2'], ['h2'], name='reshaped'),
    h.make_node('Transpose', ['w3'], ['t3'], perm=[1, 0]), h.make_node('MatMul', ['h2', 't3'], ['h3'], name='turned'),
    h.make_node('DequantizeLinear', ['q4', 's4', 'z4'], ['d4'], axis=0), h.make_node('Gemm', ['h3', 'd4'], ['h4'], name='quantised', transB=1),
    h.make_node('Cast', ['w5'], ['c5'], to=TensorProto.FLOAT), h.make_node('Gemm', ['h4', 'c5'], ['h5'], name='cast', transB=1),
    h.make_node('Cast', ['w6'], ['c6'], to=TensorProto.FLOAT), h.make_node('MatMul', ['h5', 'c6'], ['h6'], name='one_by_one'),
    h.make_node('MatMul', ['h6', 'c6'], ['h7'], name='again'),
    h.make_node('Cast', ['w7'], ['c7'], to=TensorProto.FLOAT), h.make_node('MatMul', ['h7', 'c7'], ['y'], name='small')]
g = h.make_graph(nodes, 'forms', [h.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 24])], [h.make_tensor_value_info('y', TensorProto.FLOAT, ['batch', 12])], weights)
m = h.make_model(g, producer_name='make.py', opset_imports=[h.make_opsetid('', 19)])
m.ir_version = 9
with open('forms.onnx', 'wb') as f:
    f.write(m.SerializeToString())
layer('scaled', taps((w1 * gain).T), 'forms.onnx')
layer('reshaped', taps(w2.reshape(20, 20).T), 'forms.onnx')
layer('turned', taps(w3), 'forms.onnx')
layer('quantised', taps((q4.astype('<f4') - z4.astype('<f4')[:, None]) * s4[:, None]), 'forms.onnx')
layer('cast', taps(w5.astype('<f2')), 'forms.onnx')
layer('one_by_one', taps(w6.T), 'forms.onnx')
layer('small', taps(fp8(bytes8[:12, :12], 3, 8).T), 'forms.onnx')


# Transposed convolution, fused attention, blocks of four bits, normalised weights, Einsum. Types 21 and 22 are uint4 and int4, which the package does not know yet.
def packed(name, values, kind, dims):
    """Numbers of four bits, the lower half of a byte first."""
    v = values.astype(np.int64).ravel() & 15
    return TensorProto(name=name, dims=dims, data_type=kind, raw_data=(v[0::2] | v[1::2] << 4).astype('u1').tobytes())


qkv = rng.standard_normal((24, 72)).astype('<f4')
nbits, nscale, nzero = rng.integers(0, 16, (20, 32)), rng.uniform(0.01, 0.05, (20, 2)).astype('<f4'), rng.integers(5, 11, (20, 2))
q4b, sb, zb = rng.integers(-8, 8, (20, 16)), rng.uniform(0.01, 0.05, (5, 16)).astype('<f4'), rng.integers(-2, 3, (5, 16))
vn, gn = rng.standard_normal((16, 16)).astype('<f4'), rng.uniform(0.5, 2, (16, 1)).astype('<f4')
wide, up = rng.standard_normal((2, 8, 12)).astype('<f4'), rng.standard_normal((12, 10, 2, 2)).astype('<f4')
ms = 'com.microsoft'
weights = [tensor('qkv.weight', qkv), tensor('n.weight', (nbits[:, 0::2] | nbits[:, 1::2] << 4).astype('u1').reshape(20, 2, 8)), tensor('n.scale', nscale.ravel()),
           tensor('n.zero', (nzero[:, 0] | nzero[:, 1] << 4).astype('u1')), packed('q4', q4b, 22, [20, 16]), tensor('sb', sb), packed('zb', zb, 22, [5, 16]), tensor('v', vn), tensor('g', gn),
           tensor('wide', wide), tensor('up', up), tensor('split', np.array([0, 0, 2, 8])), tensor('image', np.array([0, 12, 2, 3])), tensor('axis', np.array([1]))]
nodes = [
    h.make_node('Attention', ['x', 'qkv.weight', ''], ['a'], name='attn', domain=ms, num_heads=2),
    h.make_node('MatMulNBits', ['a', 'n.weight', 'n.scale', 'n.zero'], ['b'], name='few', domain=ms, K=24, N=20, bits=4, block_size=16),
    h.make_node('DequantizeLinear', ['q4', 'sb', 'zb'], ['d'], axis=0, block_size=4), h.make_node('MatMul', ['b', 'd'], ['c'], name='blocks'),
    h.make_node('ReduceL2', ['v', 'axis'], ['l'], keepdims=1), h.make_node('Div', ['v', 'l'], ['u']), h.make_node('Mul', ['u', 'g'], ['ug']),
    h.make_node('Transpose', ['ug'], ['ugt'], perm=[1, 0]), h.make_node('MatMul', ['c', 'ugt'], ['e'], name='length'),
    h.make_node('Reshape', ['e', 'split'], ['s']), h.make_node('Einsum', ['s', 'wide'], ['f'], name='wide', equation='bthd,hdf->btf'),
    h.make_node('Transpose', ['f'], ['ft'], perm=[0, 2, 1]), h.make_node('Reshape', ['ft', 'image'], ['i']),
    h.make_node('ConvTranspose', ['i', 'up'], ['y'], name='up', strides=[2, 2], kernel_shape=[2, 2])]
g = h.make_graph(nodes, 'blocks', [h.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 6, 24])], [h.make_tensor_value_info('y', TensorProto.FLOAT, None)], weights)
m = h.make_model(g, producer_name='make.py', opset_imports=[h.make_opsetid('', 21), h.make_opsetid(ms, 1)])
m.ir_version = 10
with open('blocks.onnx', 'wb') as f:
    f.write(m.SerializeToString())
layer('qkv', taps(qkv.T), 'blocks.onnx')
layer('n', taps(((nbits.reshape(20, 2, 16).astype('<f4') - nzero[:, :, None]) * nscale[:, :, None]).astype('<f4').reshape(20, 32)[:, :24]), 'blocks.onnx')
layer('blocks', taps(((q4b - np.repeat(zb, 4, 0)) * np.repeat(sb, 4, 0).astype(np.float64)).astype('<f4').T), 'blocks.onnx')
layer('length', taps((vn * (gn.astype(np.float64) / np.sqrt((vn.astype(np.float64) ** 2).sum(1, keepdims=True)))).astype('<f4')), 'blocks.onnx')
layer('wide', taps(wide.reshape(16, 12).T), 'blocks.onnx')
layer('up', taps(up.transpose(1, 0, 2, 3)), 'blocks.onnx')

# Rows of numbers without axes, parts of a stored array, and two layers whose weights are made by nodes that are not followed.
rng = np.random.default_rng(11)
row, kernel, three, stack, odd = (rng.standard_normal(s).astype('<f4') for s in ((24 * 20,), (16 * 4 * 9,), (20, 48), (3, 16, 18), (18, 35)))
half, other = (rng.standard_normal((20, 16)).astype('<f4') for _ in range(2))
weights = [tensor('row', row), tensor('to', np.array([24, 20])), tensor('three', three), tensor('stack', stack), tensor('two', np.array(2)), tensor('odd', odd),
           tensor('from', np.array([3])), tensor('end', np.array([35])), tensor('axis', np.array([1])), tensor('step', np.array([2])), tensor('half', half), tensor('other', other),
           tensor('kernel', kernel), tensor('taps', np.array([16, 4, 3, 3])), tensor('image', np.array([0, 4, 4, 4]))]
nodes = [
    h.make_node('Reshape', ['row', 'to'], ['r']), h.make_node('MatMul', ['x', 'r'], ['a'], name='row'),
    h.make_node('Split', ['three'], ['t0', 't1', 't2'], axis=1), h.make_node('MatMul', ['a', 't0'], ['q'], name='first'), h.make_node('MatMul', ['a', 't2'], ['k'], name='last'),
    h.make_node('Add', ['q', 'k'], ['b']), h.make_node('Gather', ['stack', 'two'], ['s'], axis=0), h.make_node('MatMul', ['b', 's'], ['c'], name='of_a_stack'),
    h.make_node('Slice', ['odd', 'from', 'end', 'axis', 'step'], ['o']), h.make_node('MatMul', ['c', 'o'], ['d'], name='every_other'),
    h.make_node('Concat', ['half', 'other'], ['h2'], axis=1), h.make_node('MatMul', ['a', 'h2'], ['e'], name='joined'),
    h.make_node('Add', ['half', 'other'], ['h3']), h.make_node('MatMul', ['a', 'h3'], ['f'], name='sum'), h.make_node('Concat', ['d', 'e', 'f'], ['g'], axis=1),
    h.make_node('Reshape', ['g', 'image'], ['i']), h.make_node('Reshape', ['kernel', 'taps'], ['kt']), h.make_node('Conv', ['i', 'kt'], ['y'], name='kernel')]
g = h.make_graph(nodes, 'parts', [h.make_tensor_value_info('x', TensorProto.FLOAT, ['batch', 24])], [h.make_tensor_value_info('y', TensorProto.FLOAT, None)], weights)
m = h.make_model(g, producer_name='make.py', opset_imports=[h.make_opsetid('', 12)])
m.ir_version = 7
with open('parts.onnx', 'wb') as f:
    f.write(m.SerializeToString())
layer('row', taps(row.reshape(24, 20).T), 'parts.onnx')
layer('first', taps(three[:, :16].T), 'parts.onnx')
layer('last', taps(three[:, 32:].T), 'parts.onnx')
layer('of_a_stack', taps(stack[2].T), 'parts.onnx')
layer('every_other', taps(odd[:, 3::2].T), 'parts.onnx')
layer('kernel', taps(kernel.reshape(16, 4, 3, 3)), 'parts.onnx')
with open('expected_forms.json', 'w') as f:
    json.dump(forms, f, indent=1, sort_keys=True)
