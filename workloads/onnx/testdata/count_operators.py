"""Ranks operators by how many networks need them, over folders of ONNX files.

usage: python3 count_operators.py NAME=FOLDER [NAME=FOLDER ...]

A network needs an operator that an output of it depends on. The last column says how many networks need no other operators than that one and those above it.
"""
import collections
import glob
import os
import sys

import onnx


def needed(graph):
    """The operators that the outputs depend on."""
    makers = {o: n for n in graph.node for o in n.output}
    todo, seen, out = [o.name for o in graph.output], set(), set()
    while todo:
        node = makers.get(todo.pop())
        if node is None or id(node) in seen:
            continue
        seen.add(id(node))
        out.add((node.domain + "." if node.domain not in ("", "ai.onnx") else "") + node.op_type)
        todo += list(node.input)
        for a in node.attribute:  # a branch or the body of a loop
            if a.type == onnx.AttributeProto.GRAPH:
                out |= needed(a.g)
    return out


def main():
    networks, sources = {}, []
    for arg in sys.argv[1:]:
        source, folder = arg.split("=", 1)
        if source not in sources:
            sources.append(source)
        for path in sorted(glob.glob(os.path.join(folder, "*.onnx"))):
            name = source, os.path.basename(path)
            if name not in networks:
                networks[name] = needed(onnx.load(path, load_external_data=False).graph) - {"Constant"}
    counts = collections.defaultdict(collections.Counter)
    for (source, _), ops in networks.items():
        for op in ops:
            counts[op][source] += 1
    print("| operator | networks | %s | need no other |" % " | ".join(sources))
    print("|---|---:|%s---:|" % ("---:|" * len(sources)))
    so_far = set()
    for op in sorted(counts, key=lambda op: (-sum(counts[op].values()), op)):
        so_far.add(op)
        done = sum(ops <= so_far for ops in networks.values())
        print("| %s | %d | %s | %d |" % (op, sum(counts[op].values()), " | ".join(str(counts[op][s]) for s in sources), done))
    print("\n%d networks: %s" % (len(networks), ", ".join("%d of %s" % (sum(n[0] == s for n in networks), s) for s in sources)))


if __name__ == "__main__":
    main()
