# Writes written.csv and written_products.csv with SCALE-Sim's own writer, of the rows below. Run in this folder with a copy of
# https://github.com/scalesim-project/scale-sim-v3 (fab89b7; MIT licence), of which nothing else is needed:
#   python3 make.py .../scale-sim-v3
import importlib.util
import os
import sys
import tempfile

spec = importlib.util.spec_from_file_location('topology_utils', os.path.join(sys.argv[1], 'scalesim', 'topology_utils.py'))
utils = importlib.util.module_from_spec(spec)
spec.loader.exec_module(utils)

CONV = '''Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides, Sparsity,
a, 5, 6, 3, 2, 8, 16, 1, 1:1,
b, 9, 9, 3, 3, 16, 4, 2, 2:4,
'''
PRODUCTS = '''Layer, M, N, K, Sparsity,
p, 33, 32, 16, 1:4,
'''
for name, text, products in (('written.csv', CONV, False), ('written_products.csv', PRODUCTS, True)):
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, 'typed.csv')
        with open(path, 'w') as f:
            f.write(text)
        t = utils.topologies()
        t.load_arrays_gemm(path) if products else t.load_arrays_conv(path)
        t.write_topo_file(path='.', filename=name)
