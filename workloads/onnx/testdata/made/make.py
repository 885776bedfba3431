# Writes the .onnx files of this folder with the ONNX project's own Python package, which shares no code with satsim. What is right of each
# (parameters, multiply-accumulates) stands in made_test.go, worked by hand. Run in this folder on Debian 12 with
#   apt-get install python3-onnx
#   /usr/bin/python3 make.py
import numpy as np
from onnx import TensorProto as T, helper as h, numpy_helper

rng = np.random.default_rng(1)


def tensor(name, value, kind=None):
    t = numpy_helper.from_array(np.ascontiguousarray(value), name)
    if kind is not None:
        t.data_type = kind
    return t


def weight(name, *dims):
    return tensor(name, rng.standard_normal(dims, dtype=np.float32))


def scalar(name, value):
    t = tensor(name, value)
    del t.dims[:]
    return t


def numbers(name, *values):
    return tensor(name, np.array(values, dtype=np.int64))


def info(name, *dims, kind=T.FLOAT):
    return h.make_tensor_value_info(name, kind, list(dims))


def node(op, inputs, outputs, name='', domain='', **attrs):
    return h.make_node(op, inputs.split(), outputs.split(), name=name, domain=domain, **attrs)


def save(name, opset, inputs, weights, nodes, outputs=None, domains=()):
    outs = outputs or [nodes[-1].output[0]]
    g = h.make_graph(nodes, name, inputs, [h.make_tensor_value_info(o, T.FLOAT, None) if isinstance(o, str) else o for o in outs], weights)
    m = h.make_model(g, producer_name='make.py', opset_imports=[h.make_opsetid('', opset)] + [h.make_opsetid(d, 1) for d in domains])
    m.ir_version = 8
    with open(name + '.onnx', 'wb') as f:
        f.write(m.SerializeToString())


IMAGES, TOKENS = info('x', 'batch', 3, 8, 8), info('x', 'batch', 6, 8)


def head():
    """Eight channels of any size to four classes."""
    return [weight('fc.weight', 4, 8), weight('fc.bias', 4)], [
        node('GlobalAveragePool', 'last', 'pooled'), node('Flatten', 'pooled', 'flat'), node('Gemm', 'flat fc.weight fc.bias', 'y', transB=1)]


def branches():
    """What no data enter, and what timm's networks have besides. Numbers of its own, so that those of other files stay."""
    global rng
    kept, rng = rng, np.random.default_rng(22)
    w, end = head()
    stem, conv = weight('stem.weight', 8, 3, 3, 3), dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    project, fc = node('MatMul', 'x fc.weight', 'q'), weight('fc.weight', 8, 8)
    # A weight whose outputs are normalised, as PyTorch writes it: with a gain, times a number.
    save('normalised_weight', 14, [IMAGES], [stem, weight('gain', 8, 1, 1, 1), tensor('c', np.float32(0.5)), numbers('rows', 1, 8, -1), numbers('all', -1),
         tensor('zeros', np.zeros(8, dtype=np.float32)), tensor('mean', np.zeros(8, dtype=np.float32)), tensor('var', np.ones(8, dtype=np.float32))] + w, [
        node('Reshape', 'stem.weight rows', 'r'), node('Mul', 'gain c', 'g'), node('Reshape', 'g all', 'gains'),
        node('BatchNormalization', 'r gains zeros mean var', 'n m v', training_mode=1, epsilon=1e-5), node('Shape', 'stem.weight', 'dims'),
        node('Reshape', 'n dims', 'own'), node('Conv', 'x own', 'last', **conv)] + end)
    # Pads that keep ceil(8 / 2) positions of a window of 3, worked out from the image's shape.
    side = [node('Shape', 'x', 's'), node('Gather', 's two', 'h', axis=0), node('Cast', 'h', 'f', to=T.FLOAT), node('Div', 'f 2.', 'd'), node('Ceil', 'd', 'e'),
            node('Sub', 'e 1.', 'g'), node('Mul', 'g 2.', 'i'), node('Add', 'i 3.', 'j'), node('Sub', 'j f', 'k'), node('Clip', 'k 0.', 'pad'),
            node('Div', 'pad 2.', 'half'), node('Cast', 'half', 'before', to=T.INT64), node('Cast', 'before', 'b', to=T.FLOAT), node('Sub', 'pad b', 'a'),
            node('Cast', 'a', 'after', to=T.INT64), node('Unsqueeze', 'before axis0', 'b1'), node('Unsqueeze', 'after axis0', 'a1'),
            node('Concat', 'b1 a1 b1 a1', 'known', axis=0), node('ConstantOfShape', 'four', 'none', value=tensor('value', np.array([0], dtype=np.int64))),
            node('Concat', 'known none', 'flat8', axis=0), node('Reshape', 'flat8 pairs', 'p42'), node('Slice', 'p42 minus first axis0 minus', 'turned'),
            node('Transpose', 'turned', 'p24', perm=[1, 0]), node('Reshape', 'p24 minus', 'pads'), node('Pad', 'x pads 0.', 'padded')]
    save('same_pads', 14, [IMAGES], [stem, scalar('two', np.array(2)), numbers('axis0', 0), numbers('four', 4), numbers('pairs', -1, 2), numbers('minus', -1),
         numbers('first', -2 ** 63 + 1)] + [scalar('%d.' % v, np.float32(v)) for v in range(4)] + w, side + [
        node('Conv', 'padded stem.weight', 'last', kernel_shape=[3, 3], strides=[2, 2])] + end)
    # Encodings of positions through a layer of their own, a function of a learned number, one row that every sample has in two places.
    save('position_layer', 13, [IMAGES], [stem, weight('pos.weight', 8, 4, 1, 1), weight('angles', 1, 4, 8, 8)] + w, [
        node('Conv', 'x stem.weight', 'c', **conv), node('Sin', 'angles', 'waves'), node('Conv', 'waves pos.weight', 'p', kernel_shape=[1, 1]),
        node('Add', 'c p', 'last')] + end)
    save('learned_gate', 13, [TOKENS], [fc, weight('gate', 1, 6, 1)], [project, node('Sigmoid', 'gate', 'g'), node('Mul', 'q g', 'y')])
    save('token_twice', 13, [info('x', 1, 6, 8)], [fc, weight('mix.weight', 8, 8), weight('token', 1, 1, 8), numbers('one', 1, 1, 8), numbers('from', 0), numbers('to', 1), numbers('along', 1)], [
        project, node('Expand', 'token one', 't'), node('Concat', 't q', 'z', axis=1), node('Slice', 'z from to along', 'first'),
        node('MatMul', 'first mix.weight', 'm'), node('Add', 't m', 'y')])
    two, stacked = [weight('a.weight', 4, 8), weight('b.weight', 4, 8), numbers('axis', 0)], []
    for k in 'ab':
        stacked += [node('Gemm', 'flat %s.weight' % k, k + '0', transB=1), node('Unsqueeze', k + '0 axis', k + '1')]
    save('mean_of_heads', 13, [IMAGES], [stem] + two, [node('Conv', 'x stem.weight', 'last', **conv)] + end[:2] + stacked + [
        node('Concat', 'a1 b1', 'both', axis=0), node('ReduceMean', 'both', 'y', axes=[0], keepdims=0)])
    save('eye', 13, [TOKENS], [fc, numbers('dims', 6, 8)], [
        project, node('ConstantOfShape', 'dims', 'z'), node('EyeLike', 'z', 'e'), node('Mul', 'q e', 'y')])
    # All samples three times over, apart again, and their mean.
    save('tile_batch', 13, [TOKENS], [fc, numbers('times', 3, 1, 1), numbers('apart', 3, -1, 6, 8)], [
        project, node('Tile', 'q times', 't'), node('Reshape', 't apart', 'r'), node('ReduceMean', 'r', 'y', axes=[0], keepdims=0)])
    cuts = [numbers(k, v) for k, v in dict(zero=0, second=2, end=2 ** 62, back=-2 ** 62, along=1, every=2, turn=-1).items()]
    save('part_rows', 13, [info('x', 'batch', 7, 8)], [fc] + cuts, [
        node('Slice', 'x zero end along every', 'a'), node('Slice', 'x second end along every', 'b'), node('Slice', 'x turn back along turn', 'c'),
        node('Concat', 'a b c', 't', axis=1), node('MatMul', 't fc.weight', 'y')])
    blur = np.outer([1, 2, 1], [1, 2, 1]).astype(np.float32) / 16
    save('blur', 13, [IMAGES], [stem, tensor('filter', np.tile(blur, (8, 1, 1, 1)))] + w, [
        node('Conv', 'x stem.weight', 'c', **conv), node('Conv', 'c filter', 'last', group=8, strides=[2, 2], **conv)] + end)
    # Without weights, which are inputs: numbers of Constant nodes are scales all the same.
    ones, twos = (tensor('value', np.full(2, v, dtype=np.float32)) for v in (1, 2))
    save('scales_of_constants', 13, [IMAGES, info('stem.weight', 8, 3, 3, 3), info('fc.weight', 4, 8), info('fc.bias', 4)], [], [
        node('Conv', 'x stem.weight', 'c', **conv), node('Constant', '', 'a', value=ones), node('Constant', '', 'b', value=twos), node('Concat', 'a b', 's', axis=0),
        h.make_node('Resize', ['c', '', 's'], ['up'], mode='nearest'), node('Constant', '', 'k', value=weight('value', 1, 8, 16, 16)),
        node('Mul', 'up k', 'last')] + end)
    rng = kept


def roles():
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    save('mean_std', 13, [IMAGES], [weight('mean', 1, 3, 1, 1), weight('std', 3, 1, 1), stem] + w, [
        node('Sub', 'x mean', 'a'), node('Div', 'a std', 'b'), node('Conv', 'b stem.weight', 'last', kernel_shape=[3, 3], pads=[1, 1, 1, 1])] + end)
    two = [weight('gamma', 1, 8, 1, 1), weight('beta', 8, 1, 1)]
    save('scale_shift', 13, [IMAGES], [stem] + two + w, [conv, node('Mul', 'c gamma', 'm'), node('Add', 'm beta', 'last')] + end)
    save('centred_scale_shift', 13, [IMAGES], [stem, weight('mu', 1, 8, 1, 1), weight('sigma', 1, 8, 1, 1)] + two + w, [
        conv, node('Sub', 'c mu', 'd'), node('Div', 'd sigma', 'e'), node('Mul', 'e gamma', 'm'), node('Add', 'm beta', 'last')] + end)
    save('norm_scale_shift', 13, [IMAGES], [stem] + [weight('bn.' + k, 8) for k in ('weight', 'bias', 'mean', 'var')] + two + w, [
        conv, node('BatchNormalization', 'c bn.weight bn.bias bn.mean bn.var', 'n'), node('Mul', 'n gamma', 'm'), node('Add', 'm beta', 'last')] + end)
    # A transformer's pieces: tokens of eight channels.
    fc = [weight('fc.weight', 8, 8), weight('fc.bias', 8)]
    linear = [node('MatMul', 'x fc.weight', 'p'), node('Add', 'p fc.bias', 'q')]
    save('layer_scale', 13, [TOKENS], fc + [weight('scale', 8)], linear + [node('Mul', 'q scale', 'r'), node('Add', 'r x', 'y')])
    place, pair = np.arange(6)[:, None], np.arange(4)[None]
    angle = place / 100.0 ** (pair / 4)
    waves = np.stack([np.sin(angle), np.cos(angle)], 2).reshape(1, 6, 8).astype(np.float32)
    save('waves', 13, [TOKENS], fc + [tensor('pe', waves)], linear + [node('Add', 'q pe', 'y')])
    save('positions', 13, [TOKENS], fc + [weight('pe', 1, 6, 8)], linear + [node('Add', 'q pe', 'y')])
    save('positions_of_data', 13, [TOKENS], fc + [weight('pe', 1, 6, 8)], [node('Add', 'x pe', 'z'), node('MatMul', 'z fc.weight', 'p'), node('Add', 'p fc.bias', 'y')])
    causal = np.triu(np.full((6, 6), -1e9, dtype=np.float32), 1)
    for name, bias in (('mask', tensor('bias', causal)), ('relative_positions', weight('bias', 6, 6))):
        save(name, 13, [TOKENS], fc + [bias], linear + [
            node('Transpose', 'q', 't', perm=[0, 2, 1]), node('MatMul', 'q t', 's'), node('Add', 's bias', 'u'), node('Softmax', 'u', 'v', axis=-1),
            node('MatMul', 'v q', 'y')])


def opsets():
    w, end = head()
    stem, bn = weight('stem.weight', 8, 3, 3, 3), [weight('bn.' + k, 8) for k in ('weight', 'bias', 'mean', 'var')]
    # Before operator set 7 an attribute says how operands broadcast.
    save('opset6', 6, [IMAGES], [stem, weight('stem.bias', 8)] + bn + w, [
        node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node('Add', 'c stem.bias', 'b', broadcast=1, axis=1),
        node('BatchNormalization', 'b bn.weight bn.bias bn.mean bn.var', 'n', is_test=0), node('Dropout', 'n', 'last', is_test=0)] + end[:-1] + [
        node('Gemm', 'flat fc.weight fc.bias', 'y', transB=1, broadcast=1)])
    # Before 13 a softmax runs over all axes from its own on.
    save('softmax11', 11, [TOKENS], [weight('fc.weight', 8, 8)], [
        node('MatMul', 'x fc.weight', 'p'), node('Softmax', 'p', 's'), node('Mul', 's p', 'y')])
    # Attributes became inputs in 13 and 18; the same nodes are legal in every later set.
    for opset in (18, 21, 22, 23, 24, 25, 26):
        save('opset%d' % opset, opset, [IMAGES], [stem, numbers('pads', 1, 1, 1, 1), numbers('hw', 2, 3), tensor('zero', np.float32(0))] + w, [
            node('Pad', 'x pads zero hw', 'p'), node('Conv', 'p stem.weight', 'c', kernel_shape=[3, 3]), node('ReduceMean', 'c hw', 'm', keepdims=0),
            node('Split', 'm', 'a b', axis=1, num_outputs=2), node('Concat', 'b a', 'flat', axis=1), end[-1]])


def bytes_in():
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    for kind, name in ((T.UINT8, 'uint8'), (T.INT32, 'int32')):
        save('images_' + name, 13, [info('x', 'batch', 8, 8, 3, kind=kind)], [tensor('scale', np.float32(1 / 255)), weight('mean', 3), stem] + w, [
            node('Cast', 'x', 'f', to=T.FLOAT), node('Mul', 'f scale', 'g'), node('Sub', 'g mean', 'h'), node('Transpose', 'h', 't', perm=[0, 3, 1, 2]),
            node('Conv', 't stem.weight', 'last', kernel_shape=[3, 3], pads=[1, 1, 1, 1])] + end)
    save('int8_weight', 13, [IMAGES], [tensor('stem.weight', np.ones((8, 3, 3, 3), dtype=np.int8))], [
        node('Conv', 'x stem.weight', 'y', kernel_shape=[3, 3])])


def weights():
    w, end = head()
    stem, mix = weight('stem.weight', 8, 3, 3, 3), weight('mix.weight', 8, 8, 3, 3)
    conv = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    save('shared', 13, [IMAGES], [stem, mix] + w, [
        node('Conv', 'x stem.weight', 'a', **conv), node('Conv', 'a mix.weight', 'b', name='mix', **conv), node('Relu', 'b', 'c'),
        node('Conv', 'c mix.weight', 'last', name='again', **conv)] + end)
    # Quantised weights and data, as quantisers write a float network.
    scale, zero = tensor('s', np.float32(0.02)), tensor('z', np.int8(0))
    scales, zeros = tensor('ss', np.full(8, 0.01, dtype=np.float32)), tensor('zz', np.zeros(8, dtype=np.int8))
    save('qdq', 13, [IMAGES], [scale, zero, scales, zeros, tensor('stem.q', rng.integers(-127, 128, (8, 3, 3, 3)).astype(np.int8)), tensor('bias.q', np.arange(8, dtype=np.int32)), mix] + w, [
        node('QuantizeLinear', 'x s z', 'xq'), node('DequantizeLinear', 'xq s z', 'xd'), node('DequantizeLinear', 'stem.q ss zz', 'stem.d', axis=0),
        node('DequantizeLinear', 'bias.q ss', 'bias.d', axis=0), node('Conv', 'xd stem.d bias.d', 'a', **conv), node('QuantizeLinear', 'a s z', 'aq'), node('DequantizeLinear', 'aq s z', 'ad'),
        node('QuantizeLinear', 'mix.weight ss zz', 'mq', axis=0), node('DequantizeLinear', 'mq ss zz', 'md', axis=0), node('Conv', 'ad md', 'last', **conv)] + end)


def heads():
    stem, a, b = weight('stem.weight', 8, 3, 3, 3), weight('a.weight', 4, 8, 1, 1), weight('b.weight', 6, 8, 1, 1)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    two = [node('Relu', 'c', 'hidden'), node('Conv', 'hidden a.weight', 'boxes'), node('Conv', 'hidden b.weight', 'scores'), node('Softmax', 'scores', 'classes', axis=1),
           node('ArgMax', 'scores', 'best', axis=1)]
    save('heads', 13, [IMAGES], [stem, a, b], [conv] + two, ['hidden', 'boxes', 'classes', 'best'])
    # The batch is the second extent: of tokens as numbers, with a name and without, and as ids.
    fc = [weight('fc.weight', 8, 8), weight('table.weight', 10, 8), numbers('rows', 6, -1)]
    mix = [node('MatMul', 'h fc.weight', 'p'), node('Transpose', 'p', 'q', perm=[1, 0, 2]), node('Transpose', 'p', 'k', perm=[1, 2, 0]), node('MatMul', 'q k', 'y')]
    for name, dims in (('time_first', ('time', 'batch', 8)), ('time_first_fixed', (6, 4, 8))):
        save(name, 13, [info('x', *dims)], fc, [node('Identity', 'x', 'h')] + mix)
    save('ids_time_first', 13, [info('ids', 'time', 'batch', kind=T.INT64)], fc, [node('Gather', 'table.weight ids', 'h')] + mix)


def operators():
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])

    def on_images(name, opset, nodes, weights=(), domains=()):
        save(name, opset, [IMAGES], [stem] + list(weights) + w, [conv] + nodes + end, domains=domains)

    scales = tensor('scales', np.array([1, 1, 2, 2], dtype=np.float32))
    save('resize9', 9, [IMAGES], [stem, scales] + w, [conv, node('Upsample', 'c scales', 'last', mode='nearest')] + end)
    save('resize10', 10, [IMAGES], [stem, scales] + w, [conv, node('Resize', 'c scales', 'last', mode='nearest')] + end)
    none = tensor('none', np.array([], dtype=np.float32))
    save('resize11', 11, [IMAGES], [stem, scales, none] + w, [conv, node('Resize', 'c none scales', 'last', mode='nearest')] + end)
    save('resize13', 13, [IMAGES], [stem, numbers('sizes', 1, 8, 16, 16)] + w, [conv, h.make_node('Resize', ['c', '', '', 'sizes'], ['last'], mode='linear')] + end)
    save('resize18', 18, [IMAGES], [stem, numbers('sizes', 16, 12)] + w, [conv, h.make_node('Resize', ['c', '', '', 'sizes'], ['last'], mode='cubic', axes=[2, 3])] + end)
    for name, k, attrs in (('transposed_k2', 2, dict()), ('transposed_k4', 4, dict(pads=[1, 1, 1, 1])), ('transposed_k3', 3, dict(pads=[1, 1, 1, 1], output_padding=[1, 1])),
                           ('transposed_odd', 3, dict(pads=[1, 1, 1, 1]))):
        on_images(name, 13, [node('ConvTranspose', 'c up.weight up.bias', 'last', strides=[2, 2], kernel_shape=[k, k], **attrs)], [weight('up.weight', 8, 8, k, k), weight('up.bias', 8)])
    gb = [weight('gn.weight', 8), weight('gn.bias', 8)]
    on_images('group_norm', 21, [node('GroupNormalization', 'c gn.weight gn.bias', 'last', num_groups=4)], gb)
    on_images('instance_norm', 13, [node('InstanceNormalization', 'c gn.weight gn.bias', 'last')], gb)
    on_images('group_norm_by_hand', 13, [
        node('Reshape', 'c split', 'r'), node('InstanceNormalization', 'r ones zeros', 'i'), node('Shape', 'c', 'size'), node('Reshape', 'i size', 'j'), node('Mul', 'j gw', 'k'),
        node('Add', 'k gb', 'last')], [numbers('split', 0, 4, -1), tensor('ones', np.ones(4, dtype=np.float32)), tensor('zeros', np.zeros(4, dtype=np.float32)), weight('gw', 8, 1, 1), weight('gb', 8, 1, 1)])
    on_images('lrn', 13, [node('LRN', 'c', 'last', size=5)])
    on_images('prelu', 13, [node('PRelu', 'c slope', 'last')], [weight('slope', 8, 1, 1)])
    on_images('depth_to_space', 13, [node('DepthToSpace', 'c', 'd', blocksize=2), node('SpaceToDepth', 'd', 'last', blocksize=2)])
    on_images('gather_runs', 13, [node('Gather', 'c order', 'last', axis=1)], [numbers('order', 4, 5, 6, 7, 0, 1, 2, 3)])
    on_images('pooled_expand', 13, [node('GlobalAveragePool', 'c', 'g'), node('Shape', 'c', 's'), node('Expand', 'g s', 'e'), node('Add', 'c e', 'last')])
    on_images('functions', 18, [node('Softplus', 'c', 'd'), node('Exp', 'd', 'e'), node('Mish', 'e', 'f'), node('Div', 'd f', 'last')])
    on_images('tile', 13, [node('Tile', 'c often', 'last')], [numbers('often', 1, 1, 2, 1)])
    on_images('squeeze_max', 13, [node('ReduceMax', 'c', 'm', axes=[1], keepdims=1), node('Mul', 'c m', 'last')])

    # Of tokens: fused operators of ONNX Runtime, and ONNX's own attention.
    qkv, bias = weight('qkv.weight', 8, 24), weight('qkv.bias', 24)
    ln = [weight('ln.weight', 8), weight('ln.bias', 8)]
    ms = 'com.microsoft'
    save('fused', 17, [TOKENS], [qkv, bias, weight('b', 8)] + ln, [
        node('Attention', 'x qkv.weight qkv.bias', 'a', 'attn', ms, num_heads=2), node('SkipLayerNormalization', 'a x ln.weight ln.bias', 'n', 'skip', ms),
        node('BiasGelu', 'n b', 'g', 'gelu', ms), node('FastGelu', 'g', 'y', 'fast', ms)], domains=[ms])
    three = [weight(k + '.weight', 8, 8) for k in 'qkv']
    project = [node('MatMul', 'x %s.weight' % k, k) for k in 'qkv']
    save('multi_head', 17, [TOKENS], three, project + [node('MultiHeadAttention', 'q k v', 'y', 'attn', ms, num_heads=2)], domains=[ms])
    save('attention23', 23, [TOKENS], three + [weight('rms', 8)], [node('RMSNormalization', 'x rms', 'h')] + [node('MatMul', 'h %s.weight' % k, k) for k in 'qkv'] + [
        node('Attention', 'q k v', 'y', 'attn', q_num_heads=2, kv_num_heads=2)])
    save('grouped_query', 23, [TOKENS], [weight('q.weight', 8, 8), weight('k.weight', 8, 4), weight('v.weight', 8, 4)], project + [
        node('Attention', 'q k v', 'y', 'attn', q_num_heads=2, kv_num_heads=1)])

    # What no gradient comes through, and a file that trains.
    save('top_k', 13, [IMAGES], [stem, numbers('three', 3)] + w, [node('Conv', 'x stem.weight', 'last', kernel_shape=[3, 3], pads=[1, 1, 1, 1])] + end + [
        node('Softmax', 'y', 'p', axis=1), node('TopK', 'p three', 'best places', axis=1)], ['best', 'places'])
    save('trains', 13, [IMAGES, info('labels', 'batch', kind=T.INT64)], [stem] + w, [node('Conv', 'x stem.weight', 'last', kernel_shape=[3, 3], pads=[1, 1, 1, 1])] + end + [
        node('SoftmaxCrossEntropyLoss', 'y labels', 'loss'), node('SoftmaxCrossEntropyLossGrad', 'loss y labels', 'dy', domain=ms)], ['loss', 'dy'], domains=[ms])
    save('lstm', 13, [TOKENS], [weight('w', 1, 32, 8), weight('r', 1, 32, 8)], [node('LSTM', 'x w r', 'y', 'lstm', hidden_size=8)])


def samples():
    """One sample without an axis for the batch, as torchvision's detectors take it, and what follows their heads."""
    stem, a, b = weight('stem.weight', 8, 3, 3, 3), weight('a.weight', 4, 8, 1, 1), weight('b.weight', 6, 8, 1, 1)
    consts = [weight('mean', 3, 1, 1), weight('std', 3, 1, 1), weight('anchors', 64, 2), numbers('first', 0), numbers('two', 2), numbers('four', 4), scalar('zero', np.int64(0)),
              scalar('one', np.int64(1)), numbers('pads', 0, 0, 0, 0, 2, 2), numbers('flat4', 1, -1, 4), numbers('flat6', 1, -1, 6), tensor('low', np.float32(0.05)), numbers('k', 3),
              numbers('side', 6, 6), numbers('one.axis', 1), numbers('minus', -1)]
    save('one_sample', 17, [info('x', 3, 8, 8)], [stem, a, b] + consts, [
        node('Sub', 'x mean', 'centred'), node('Div', 'centred std', 'scaled'), node('Unsqueeze', 'scaled first', 'list'), node('Shape', 'list', 'size'),
        node('Slice', 'size first two', 'leading'), node('Concat', 'leading side', 'target', axis=0), h.make_node('Resize', ['list', '', '', 'target'], ['resized'], mode='linear'),
        node('Gather', 'resized zero', 'bare', axis=0), node('Pad', 'bare pads', 'padded'), node('Unsqueeze', 'padded first', 'again'), node('Concat', 'again', 'images', axis=0),
        node('Conv', 'images stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node('Relu', 'c', 'hidden'),
        node('Conv', 'hidden a.weight', 'boxes'), node('Transpose', 'boxes', 'boxes.t', perm=[0, 2, 3, 1]), node('Reshape', 'boxes.t flat4', 'boxes.all'),
        node('Conv', 'hidden b.weight', 'classes'), node('Transpose', 'classes', 'classes.t', perm=[0, 2, 3, 1]), node('Reshape', 'classes.t flat6', 'classes.all'),
        node('Squeeze', 'boxes.all first', 'boxes.one'), node('Softmax', 'classes.all', 'p', axis=-1), node('Squeeze', 'p first', 'p.one'),
        node('Slice', 'boxes.one first two one.axis', 'xy'), node('Mul', 'xy anchors', 'placed'), node('Slice', 'boxes.one two four one.axis', 'wh'), node('Exp', 'wh', 'size.wh'),
        node('Concat', 'placed size.wh', 'decoded', axis=1), node('Gather', 'p.one one', 'scores', axis=1), node('Greater', 'scores low', 'good'), node('NonZero', 'good', 'places'),
        node('Squeeze', 'places first', 'kept'), node('Gather', 'scores kept', 'left'), node('Gather', 'decoded kept', 'left.boxes'), node('TopK', 'left k', 'best at', axis=0),
        node('Gather', 'left.boxes at', 'found')], ['found', 'best'])
    # The same with a second stage on what the first one chose.
    save('two_stage', 17, [IMAGES], [stem, a, weight('s.weight', 1, 8, 1, 1), weight('fc.weight', 8 * 4, 5), tensor('image', np.zeros(3, dtype=np.int64))] + consts + [numbers('row', 1, -1), numbers('four4', -1, 4)], [
        node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node('Relu', 'c', 'hidden'), node('Conv', 'hidden a.weight', 'boxes'),
        node('Transpose', 'boxes', 'boxes.t', perm=[0, 2, 3, 1]), node('Reshape', 'boxes.t four4', 'boxes.all'), node('Exp', 'boxes.all', 'decoded'), node('Conv', 'hidden s.weight', 'there'),
        node('Flatten', 'there', 'scores'), node('TopK', 'scores k', 'best at', axis=1), node('Reshape', 'at minus', 'places'), node('Gather', 'decoded places', 'rois'),
        node('RoiAlign', 'hidden rois image', 'crops', output_height=2, output_width=2), node('Flatten', 'crops', 'flat'), node('MatMul', 'flat fc.weight', 'y')], ['y', 'rois'])
    # Positions as exporters counted them before they had Range: where a list of ones is not 0.
    save('counted_positions', 11, [TOKENS], [weight('fc.weight', 8, 8), weight('pe', 10, 8), scalar('one', np.int64(1))], [
        node('MatMul', 'x fc.weight', 'p'), node('Shape', 'x', 's'), node('Gather', 's one', 'n', axis=0), node('Unsqueeze', 'n', 'n1', axes=[0]),
        node('ConstantOfShape', 'n1', 'ones', value=tensor('', np.array([1], dtype=np.int64))), node('NonZero', 'ones', 'z'), node('Transpose', 'z', 'zt', perm=[1, 0]),
        node('Squeeze', 'zt', 'places', axes=[1]), node('Gather', 'pe places', 'q'), node('Add', 'p q', 'y')])


def products():
    """Products of any axes, choices by ids, angles of positions, and more of ONNX Runtime's operators, on six tokens of eight numbers."""
    fc, two = weight('fc.weight', 8, 8), weight('two.weight', 8, 8)
    first, last = numbers('first', 1), numbers('end', -1)
    split, join = numbers('split', 0, 0, 2, 4), numbers('join', 0, 0, 8)
    save('einsum', 13, [TOKENS], [fc, split, join], [
        node('Einsum', 'x fc.weight', 'q', equation='btc,cf->btf'), node('Reshape', 'q split', 'h'), node('Einsum', 'h h', 's', equation='b t h d, b s h d -> b h t s'),
        node('Softmax', 's', 'p', axis=-1), node('Einsum', 'p h', 'a', equation='bhts,bshd->bthd'), node('Reshape', 'a join', 'j'), node('Einsum', 'j j', 'm', equation='...c,...c->...c'),
        node('Einsum', 'm', 't', equation='btc->bct'), node('Einsum', 't', 'y', equation='bct->bc')])
    project = [node('MatMul', 'x fc.weight', 'q'), node('MatMul', 'x two.weight', 'r')]
    mask = info('mask', 'batch', 6, kind=T.INT64)
    wide = [node('Cast', 'mask', 'm', to=T.BOOL), node('Unsqueeze', 'm end', 'm1')]
    save('where_zero', 13, [TOKENS, mask], [fc, last, scalar('zero', np.float32(0))], project[:1] + wide + [node('Where', 'm1 q zero', 'y')])
    save('where_both', 13, [TOKENS, mask], [fc, two, last], project + wide + [node('Where', 'm1 q r', 'y')])
    save('times_mask', 13, [TOKENS, mask], [fc, last], project[:1] + [node('Cast', 'mask', 'm', to=T.FLOAT), node('Unsqueeze', 'm end', 'm1'), node('Mul', 'q m1', 'y')])
    save('gather_by_ids', 13, [TOKENS, info('at', 2, kind=T.INT64)], [fc], project[:1] + [node('Gather', 'q at', 'y', axis=1)])
    # The token with the largest id, as the one that ends a text.
    save('gather_end', 13, [info('ids', 'batch', 6, kind=T.INT64)], [weight('table', 10, 8), fc, last, scalar('z', np.int64(0)), scalar('o', np.int64(1))], [
        node('Gather', 'table ids', 'x'), node('MatMul', 'x fc.weight', 'q'), node('Shape', 'ids', 's'), node('Gather', 's z', 'b', axis=0), node('Range', 'z b o', 'r'),
        node('Unsqueeze', 'r end', 'r1'), node('ArgMax', 'ids', 'a', axis=1, keepdims=0), node('Unsqueeze', 'a end', 'a1'), node('Concat', 'r1 a1', 'at', axis=-1), node('GatherND', 'q at', 'y')])
    # Rotary positions: angles by position_ids, and by numbers counted in the file.
    heads = [node('MatMul', 'x fc.weight', 'q'), node('Reshape', 'q split', 'r'), node('Transpose', 'r', 'h', perm=[0, 2, 1, 3])]
    turn = [node('Slice', 'h n0 n2 n3', 'low'), node('Slice', 'h n2 n4 n3', 'high'), node('Neg', 'high', 'minus'), node('Concat', 'minus low', 'turned', axis=-1),
            node('Mul', 'h c', 'hc'), node('Mul', 'turned s', 'ts'), node('Add', 'hc ts', 'y')]
    cuts = [numbers('n0', 0), numbers('n2', 2), numbers('n3', 3), numbers('n4', 4)]
    save('rotary_ids', 13, [TOKENS, info('position_ids', 'batch', 6, kind=T.INT64)], [fc, split, first, weight('inv_freq', 1, 2, 1)] + cuts, heads + [
        node('Cast', 'position_ids', 'pf', to=T.FLOAT), node('Unsqueeze', 'pf first', 'p1'), node('MatMul', 'inv_freq p1', 'f'), node('Transpose', 'f', 'ft', perm=[0, 2, 1]),
        node('Concat', 'ft ft', 'e', axis=-1), node('Cos', 'e', 'cos'), node('Sin', 'e', 'sin'), node('Unsqueeze', 'cos first', 'c'), node('Unsqueeze', 'sin first', 's')] + turn)
    save('rotary_counted', 13, [TOKENS], [fc, split, weight('inv_freq', 2), scalar('z', np.int64(0)), scalar('six', np.int64(6)), scalar('o', np.int64(1))] + cuts, heads + [
        node('Range', 'z six o', 'n'), node('Cast', 'n', 't', to=T.FLOAT), node('Einsum', 't inv_freq', 'f', equation='i,j->ij'), node('Concat', 'f f', 'e', axis=-1), node('Cos', 'e', 'c'), node('Sin', 'e', 's')] + turn)

    ms = 'com.microsoft'
    tables = [weight('words', 10, 8), weight('places', 7, 8), weight('segments', 2, 8), weight('ln.weight', 8), weight('ln.bias', 8)]
    save('embed_norm', 17, [info('ids', 'batch', 6, kind=T.INT32), info('types', 'batch', 6, kind=T.INT32)], tables + [fc], [
        node('EmbedLayerNormalization', 'ids types words places segments ln.weight ln.bias', 'x lengths', 'embed', ms), node('MatMul', 'x fc.weight', 'y')], domains=[ms])
    save('fused_matmul', 17, [TOKENS], [fc], [node('FusedMatMul', 'x fc.weight', 'q', '', ms, transB=1, alpha=0.5), node('FusedMatMul', 'q q', 'y', '', ms, transB=1)], domains=[ms])
    w, end = head()
    save('fused_conv', 17, [IMAGES], [weight('stem.weight', 8, 3, 3, 3), weight('stem.bias', 8)] + w, [
        node('FusedConv', 'x stem.weight stem.bias', 'last', 'stem', ms, kernel_shape=[3, 3], pads=[1, 1, 1, 1], activation='Relu')] + end[:-1] + [
        node('FusedGemm', 'flat fc.weight fc.bias', 'y', 'fc', ms, transB=1, activation='Sigmoid')], domains=[ms])
    three = [weight('q.weight', 8, 8), weight('k.weight', 8, 4), weight('v.weight', 8, 4)]
    past = [info(k, 'batch', 1, 'past', 4) for k in ('past_k', 'past_v')]
    save('group_query', 17, [TOKENS] + past, three + [tensor('lengths', np.array([5], dtype=np.int32)), tensor('total', np.array([6], dtype=np.int32))], [
        node('MatMul', 'x %s.weight' % k, k) for k in 'qkv'] + [
        node('GroupQueryAttention', 'q k v past_k past_v lengths total', 'y now_k now_v', 'attn', ms, num_heads=2, kv_num_heads=1, do_rotary=1)], ['y'], domains=[ms])
    save('packed_query', 17, [TOKENS], [weight('qkv.weight', 8, 16)], [node('MatMul', 'x qkv.weight', 'qkv'), h.make_node(
        'GroupQueryAttention', ['qkv', '', ''], ['y'], 'attn', domain=ms, num_heads=2, kv_num_heads=1)], domains=[ms])
    save('own_biases', 17, [TOKENS], [weight(k + '.weight', 8, 8) for k in 'qkv'] + [weight('bias', 24)], [node('MatMul', 'x %s.weight' % k, k) for k in 'qkv'] + [
        node('MultiHeadAttention', 'q k v bias', 'y', 'attn', ms, num_heads=2)], domains=[ms])


def volumes():
    """Windows over time, height and width, and what is padded otherwise than with zeros before a convolution."""
    w, end = head()
    clip = info('x', 'batch', 3, 4, 6, 6)
    first = weight('stem.weight', 8, 3, 1, 3, 3)
    frames = node('Conv', 'x stem.weight', 'c', pads=[0, 1, 1, 0, 1, 1])
    save('conv3_space', 13, [clip], [first] + w, [frames, node('Relu', 'c', 'last')] + end)
    save('conv3_time', 13, [clip], [weight('stem.weight', 8, 3, 3, 1, 1)] + w, [node('Conv', 'x stem.weight', 'last', pads=[1, 0, 0, 1, 0, 0])] + end)
    for name, stride in (('conv3_full', 1), ('conv3_stride', 2)):
        save(name, 13, [clip], [weight('stem.weight', 8, 3, 3, 3, 3), weight('stem.bias', 8)] + w, [
            node('Conv', 'x stem.weight stem.bias', 'last', pads=[1] * 6, strides=[stride] * 3)] + end)
    save('conv3_depthwise', 13, [clip], [first, weight('mix.weight', 8, 1, 3, 3, 3)] + w, [frames, node('Conv', 'c mix.weight', 'last', pads=[1] * 6, group=8)] + end)
    save('pool3', 13, [clip], [first] + w, [frames, node('MaxPool', 'c', 'last', kernel_shape=[2, 2, 2], strides=[2, 2, 2])] + end)

    stem = weight('stem.weight', 8, 3, 3, 3)
    around, behind = numbers('around', 0, 0, 1, 1, 0, 0, 1, 1), numbers('behind', 0, 0, 0, 0, 0, 2, 0, 0)
    conv, whole = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1]), [stem] + w
    for mode in ('reflect', 'edge'):
        save('pad_' + mode, 13, [IMAGES], whole + [around], [node('Pad', 'x around', 'p', mode=mode), node('Conv', 'p stem.weight', 'last')] + end)
    save('pad_relu', 13, [IMAGES], whole + [around], [conv, node('Pad', 'c around', 'p'), node('Relu', 'p', 'last')] + end)
    save('pad_channels', 13, [IMAGES], whole + [behind, numbers('two', 2), numbers('ten', 10), numbers('axis', 1)], [
        conv, node('Pad', 'c behind', 'p'), node('Slice', 'p two ten axis', 'last')] + end)
    save('maximum', 13, [IMAGES], whole, [conv, node('Sigmoid', 'c', 'd'), node('Max', 'c d', 'last')] + end)
    save('log_softmax', 13, [IMAGES], whole, [conv, node('LogSoftmax', 'c', 'last', axis=1)] + end)
    save('prelu6', 6, [IMAGES], whole + [weight('slope', 8)], [conv, node('PRelu', 'c slope', 'last')] + end[:-1] + [node('Gemm', 'flat fc.weight fc.bias', 'y', transB=1, broadcast=1)])
    save('transposed_border', 13, [IMAGES], whole + [weight('up.weight', 8, 8, 3, 3)], [
        conv, node('ConvTranspose', 'c up.weight', 'last', strides=[2, 2], kernel_shape=[3, 3], pads=[2, 2, 2, 2])] + end)


def places():
    fc = weight('fc.weight', 8, 8)
    project = [node('MatMul', 'x fc.weight', 'q')]
    # A layer reads numbers of the file, as a network of relative positions does; and more places are chosen than there are.
    save('table_layer', 13, [TOKENS], [fc, weight('places', 1, 6, 2), weight('mlp.weight', 2, 8)], project[:1] + [
        node('MatMul', 'places mlp.weight', 'h'), node('Relu', 'h', 'r'), node('Add', 'q r', 'y')])
    save('gather_many', 13, [TOKENS], [fc, numbers('at', *[i * 5 % 6 for i in range(100)])], project[:1] + [node('Gather', 'q at', 'y', axis=1)])
    w, end = head()
    save('grid_sample', 16, [IMAGES, info('grid', 'batch', 4, 4, 2)], [weight('stem.weight', 8, 3, 3, 3)] + w, [
        node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1]), node('GridSample', 'c grid', 'last', mode='bilinear')] + end)


def channels():
    """What chooses channels of the images by fixed numbers, at once and one by one, as torchvision's GoogLeNet does."""
    w, end = head()
    order, mean, stem = numbers('order', 2, 1, 0), weight('mean', 1, 3, 1, 1), weight('stem.weight', 8, 3, 3, 3)
    conv = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    save('bgr', 13, [IMAGES], [order, mean, stem] + w, [node('Gather', 'x order', 'g', axis=1), node('Sub', 'g mean', 's'), node('Conv', 's stem.weight', 'last', **conv)] + end)
    save('bgr_last', 13, [info('x', 'batch', 8, 8, 3)], [order, stem] + w, [
        node('Gather', 'x order', 'g', axis=3), node('Transpose', 'g', 't', perm=[0, 3, 1, 2]), node('Conv', 't stem.weight', 'last', **conv)] + end)
    one, k, b = numbers('one', 1), scalar('k', np.float32(0.458)), scalar('b', np.float32(-0.03))
    parts = []
    for i in range(3):
        parts += [node('Gather', 'x i%d' % i, 'g%d' % i, axis=1), node('Unsqueeze', 'g%d one' % i, 'u%d' % i), node('Mul', 'u%d k' % i, 'm%d' % i), node('Add', 'm%d b' % i, 'a%d' % i)]
    save('bgr_apart', 13, [IMAGES], [scalar('i%d' % i, np.int64(i)) for i in range(3)] + [one, k, b, stem] + w, parts + [
        node('Concat', 'a0 a1 a2', 't', axis=1), node('Conv', 't stem.weight', 'last', **conv)] + end)


def masks():
    """Masks of zeros and ones, of those of GPT-2's first exports: s * m - 10000 * (1 - m); and what fused attention adds to its scores."""
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    i, j = np.arange(8)[:, None], np.arange(8)[None]
    for name, m in (('disc', (i - 3.5) ** 2 + (j - 3.5) ** 2 < 13), ('ones_first', i + 0 * j < 4), ('chess', (i + j) % 2 == 1)):
        save('mask_' + name, 13, [IMAGES], [stem, tensor('m', m[None, None].astype(np.float32))] + w, [conv, node('Mul', 'c m', 'last')] + end)
    fc = [weight('fc.weight', 8, 8), weight('fc.bias', 8)]
    below = np.tril(np.ones((1, 6, 6), dtype=np.float32))
    save('mask_gpt', 13, [TOKENS], fc + [tensor('m', below), tensor('far', 10000 * (1 - below))], [
        node('MatMul', 'x fc.weight', 'p'), node('Add', 'p fc.bias', 'q'), node('Transpose', 'q', 't', perm=[0, 2, 1]), node('MatMul', 'q t', 's'), node('Mul', 's m', 'near'),
        node('Sub', 'near far', 'u'), node('Softmax', 'u', 'v', axis=-1), node('MatMul', 'v q', 'y')])
    ms, rel = 'com.microsoft', weight('rel', 1, 2, 6, 6)
    three = [weight(k + '.weight', 8, 8) for k in 'qkv']
    project = [node('MatMul', 'x %s.weight' % k, k) for k in 'qkv']
    save('biased_23', 23, [TOKENS], three + [rel], project + [node('Attention', 'q k v rel', 'y', 'attn', q_num_heads=2, kv_num_heads=2)])
    save('biased_mask', 23, [TOKENS], three + [tensor('rel', -1e9 * (1 - below))], project + [node('Attention', 'q k v rel', 'y', 'attn', q_num_heads=2, kv_num_heads=2)])
    save('biased_grouped', 23, [TOKENS], [weight('q.weight', 8, 8), weight('k.weight', 8, 4), weight('v.weight', 8, 4), rel], project + [
        node('Attention', 'q k v rel', 'y', 'attn', q_num_heads=2, kv_num_heads=1)])
    save('biased_heads', 17, [TOKENS], three + [rel], project + [h.make_node('MultiHeadAttention', ['q', 'k', 'v', '', '', 'rel'], ['y'], 'attn', domain=ms, num_heads=2)], domains=[ms])
    save('biased_packed', 17, [TOKENS], [weight('qkv.weight', 8, 24), rel], [h.make_node('Attention', ['x', 'qkv.weight', '', '', '', 'rel'], ['y'], 'attn', domain=ms, num_heads=2)], domains=[ms])


def groups():
    """GroupNormalization before operator set 21, whose scales are those of groups, and a group of all channels as exporters write it."""
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    save('group_norm18', 18, [IMAGES], [stem, weight('gn.weight', 4), weight('gn.bias', 4)] + w, [conv, node('GroupNormalization', 'c gn.weight gn.bias', 'last', num_groups=4)] + end)
    one = [numbers('split', 0, 1, -1), tensor('ones', np.ones(1, dtype=np.float32)), tensor('zeros', np.zeros(1, dtype=np.float32)), weight('gw', 8, 1, 1), weight('gb', 8, 1, 1)]
    save('group_norm_one', 13, [IMAGES], [stem] + one + w, [
        conv, node('Reshape', 'c split', 'r'), node('InstanceNormalization', 'r ones zeros', 'i'), node('Shape', 'c', 'size'), node('Reshape', 'i size', 'j'), node('Mul', 'j gw', 'k'),
        node('Add', 'k gb', 'last')] + end)


def shared():
    """Biases and norms that two layers have from the same initialisers: as they are, under a name that an Identity gives, and the scale alone."""
    w, end = head()
    conv = dict(kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    bn = [weight('bn.' + k, 8) for k in ('weight', 'bias', 'mean', 'var')]
    save('shared_vectors', 13, [IMAGES], [weight('stem.weight', 8, 3, 3, 3), weight('mix.weight', 8, 8, 3, 3), weight('mix.bias', 8)] + bn + w, [
        node('Conv', 'x stem.weight', 'a', **conv), node('Conv', 'a mix.weight mix.bias', 'b', name='mix', **conv), node('BatchNormalization', 'b bn.weight bn.bias bn.mean bn.var', 'c'),
        node('Conv', 'c mix.weight mix.bias', 'd', name='again', **conv), node('BatchNormalization', 'd bn.weight bn.bias bn.mean bn.var', 'last', name='again_norm')] + end)
    fc, ln, other = weight('fc.weight', 8, 8), [weight('ln.weight', 8), weight('ln.bias', 8)], weight('other.bias', 8)

    def twice(name, weights, between, second):
        save(name, 17, [TOKENS], [fc] + ln + weights, [
            node('MatMul', 'x fc.weight', 'a'), node('LayerNormalization', 'a ln.weight ln.bias', 'b'), node('MatMul', 'b fc.weight', 'c')] + between + [
            node('LayerNormalization', 'c ' + second, 'y', name='again')])

    twice('shared_norm', [], [], 'ln.weight ln.bias')
    twice('shared_names', [], [node('Identity', 'ln.weight', 'ln2.weight'), node('Identity', 'ln.bias', 'ln2.bias')], 'ln2.weight ln2.bias')
    twice('shared_scale', [other], [], 'ln.weight other.bias')


def more_operators():
    """Operators that stand in no other file: functions of one number, sums, ONNX Runtime's norms and GELUs, and rotary positions."""
    w, end = head()
    stem = weight('stem.weight', 8, 3, 3, 3)
    conv = node('Conv', 'x stem.weight', 'c', kernel_shape=[3, 3], pads=[1, 1, 1, 1])
    names = 'Abs Log Elu Selu Celu Softsign ThresholdedRelu HardSigmoid Swish'.split()
    chain = [node(op, 'c' if i == 0 else 'f%d' % (i - 1), 'f%d' % i) for i, op in enumerate(names)]
    save('functions24', 24, [IMAGES], [stem] + w, [conv] + chain + [node('GlobalMaxPool', 'f8', 'pooled')] + end[1:])
    save('sums', 13, [IMAGES], [stem, numbers('hw', 2, 3), tensor('six', np.float32(6))] + w, [
        conv, node('Sigmoid', 'c', 'd'), node('Sum', 'c d c', 's'), node('Min', 's d', 'm'), node('Min', 'm six', 'n'), node('ReduceSum', 'n hw', 'pooled')] + end[1:])
    save('upsample7', 7, [IMAGES], [stem] + w, [conv, node('Upsample', 'c', 'last', scales=[1.0, 1.0, 2.0, 2.0], mode='nearest')] + end)
    ms, fc = 'com.microsoft', [weight('fc.weight', 8, 8), weight('out.weight', 8, 8)]
    save('runtime_norms', 17, [TOKENS], fc + [weight(k, 8) for k in ('s1', 's2', 's3')], [
        node('MatMul', 'x fc.weight', 'q'), node('SimplifiedLayerNormalization', 'q s1', 'a'), node('SimplifiedLayerNormalization', 'a s2', 'b', 'norm', ms),
        node('SkipSimplifiedLayerNormalization', 'b q s3', 'c', 'skip', ms), node('Gelu', 'c', 'd', 'gelu', ms), node('QuickGelu', 'd', 'e', 'quick', ms),
        node('TransposeMatMul', 'e out.weight', 'y', 'out', ms, transB=1)], domains=[ms])
    cache = [weight('cos', 6, 2), weight('sin', 6, 2)]
    save('rotary23', 23, [TOKENS], fc[:1] + [weight('cos', 6, 4), weight('sin', 6, 4)], [
        node('MatMul', 'x fc.weight', 'q'), node('RotaryEmbedding', 'q cos sin', 'r', 'rotary', num_heads=1), node('Gelu', 'r', 'y', approximate='tanh')])
    save('rotary_runtime', 17, [TOKENS, info('ids', 'batch', 6, kind=T.INT64), info('chosen', 'batch', 2, 8, kind=T.INT64)], fc[:1] + cache, [
        node('MatMul', 'x fc.weight', 'q'), node('RotaryEmbedding', 'q ids cos sin', 'r', 'rotary', ms, num_heads=2), node('GatherElements', 'r chosen', 'y', 'some', axis=1)], domains=[ms])


def refused():
    """A loss that is written out of single operators, images of whole numbers that no Cast makes numbers of, and three extents of which none is called the batch."""
    save('unnamed_batch', 13, [info('x', 20, 6, 8)], [weight('fc.weight', 8, 8)], [node('MatMul', 'x fc.weight', 'y')])
    save('mean_square', 13, [info('x', 'batch', 8), info('wanted', 'batch', 4)], [weight('fc.weight', 8, 4)], [
        node('MatMul', 'x fc.weight', 'given'), node('Sub', 'given wanted', 'd'), node('Mul', 'd d', 's'), node('ReduceMean', 's', 'loss', keepdims=0)])
    save('images_int8', 13, [info('x', 'batch', 3, 8, 8, kind=T.INT8)], [weight('stem.weight', 8, 3, 3, 3)], [node('Conv', 'x stem.weight', 'y')])


branches()
roles()
operators()
heads()
weights()
opsets()
bytes_in()
samples()
products()
volumes()
places()
channels()
masks()
groups()
shared()
more_operators()
refused()
