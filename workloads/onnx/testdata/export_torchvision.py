"""Exports torchvision's networks without weights, and writes what torchvision publishes of each.

usage: python3 export_torchvision.py FOLDER [NAME ...]

The networks are FOLDER/NAME.onnx; published.json says what torchvision publishes, or why there is no export. satsim import reads each.
"""
import json
import multiprocessing
import os
import sys
import warnings

import torch
import torchvision
from torchvision import models

warnings.filterwarnings("ignore")
torch.set_num_threads(1)
SIDES = {"inception_v3": 299, "quantized_inception_v3": 299, "vit_h_14": 224, "ssd300_vgg16": 300, "ssdlite320_mobilenet_v3_large": 320,
         "swin_v2_t": 256, "swin_v2_s": 256, "swin_v2_b": 256, "efficientnet_b1": 240, "efficientnet_b2": 288, "efficientnet_b3": 300, "efficientnet_b4": 380,
         "efficientnet_b5": 456, "efficientnet_b6": 528, "efficientnet_b7": 600, "efficientnet_v2_s": 384, "efficientnet_v2_m": 480, "efficientnet_v2_l": 480}

# swin_v2 zeroes the bias of its keys in place, which this exporter does not know. The file has that bias as it is: its numbers count in nothing here.
torch.onnx.register_custom_op_symbolic("aten::zero", lambda g, x: g.op("Identity", x), 9)


def example(name, module, side):
    if "video" in module:
        return torch.randn(1, 3, 16, side, side)
    if "optical_flow" in module:
        return (torch.randn(1, 3, 128, 128), torch.randn(1, 3, 128, 128))
    if "detection" in module:
        return ([torch.randn(3, side, side)],)
    return torch.randn(1, 3, side, side)


def export(name, folder):
    fn = models.get_model_builder(name)
    module = fn.__module__
    weights = list(models.get_model_weights(name))
    meta = next((w.meta for w in weights if w.name.endswith(("V1", "SWAG_LINEAR_V1"))), {})
    args = dict(weights=None)
    if "detection" in module or "segmentation" in module:
        args["weights_backbone"] = None
    if "quantization" in module:
        args["quantize"] = False
    if name in ("googlenet", "inception_v3"):
        args["init_weights"] = False
        args["transform_input"] = True  # as with published weights: channels are taken apart, scaled, and joined
    side = 224
    if "detection" in module:
        side = 320
    if "segmentation" in module:
        side = 520
    if "video" in module:
        side = 224 if "mvit" in name or "s3d" in name else 112
    side = SIDES.get(name, side)
    model = fn(**args)
    parameters = sum(p.numel() for p in model.parameters())
    with torch.no_grad():
        for p in model.parameters():
            p.uniform_(-0.02, 0.02)  # the exporter joins equal parameters
    model.eval()
    for m in model.modules():
        if isinstance(m, torch.nn.MultiheadAttention):
            m.training = True  # not the fused operator, which has no counterpart in ONNX; its dropout is 0
    path = os.path.join(folder, name + ".onnx")
    torch.onnx.export(model, example(name, module, side), path, opset_version=17, export_params=False, do_constant_folding=False,
                      training=torch.onnx.TrainingMode.PRESERVE, input_names=["images"])
    return {"parameters": parameters, "published": meta.get("num_params"), "gflops": meta.get("_ops"), "side": side}


def one(name, folder, pipe):
    for f in ("kaiming_normal_", "kaiming_uniform_", "trunc_normal_", "normal_", "uniform_", "xavier_uniform_", "xavier_normal_"):
        setattr(torch.nn.init, f, lambda t, *a, **k: t)
    try:
        pipe.send(export(name, folder))
    except BaseException as e:  # noqa: BLE001
        pipe.send({"error": (type(e).__name__ + ": " + str(e)).strip()[:400]})


def main():
    folder = sys.argv[1]
    out = {}
    for name in sys.argv[2:] or models.list_models():
        mine, theirs = multiprocessing.Pipe()
        p = multiprocessing.Process(target=one, args=(name, folder, theirs))
        p.start()
        out[name] = mine.recv() if mine.poll(1500) else {"error": "timeout"}
        p.kill()
        p.join()
        print(name, out[name], flush=True)
        with open(os.path.join(folder, "published.json"), "w") as f:
            json.dump(out, f, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
