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
