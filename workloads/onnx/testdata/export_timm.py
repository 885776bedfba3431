"""Exports networks of timm without weights, and writes what timm publishes of each.

usage: python3 export_timm.py FOLDER SOURCE [NAME ...]

SOURCE is a checkout of github.com/huggingface/pytorch-image-models at v0.9.16; huggingface_hub and safetensors, which it only fetches weights with, may be
missing. The networks are FOLDER/NAME.onnx; published.json says what timm's own results/benchmark-infer-*.csv say of each, or why there is no export.
"""
import csv
import json
import multiprocessing
import os
import sys
import types
import warnings

import torch

warnings.filterwarnings("ignore")
torch.set_num_threads(1)

# One or two of each of timm's files of networks.
NAMES = """
bat_resnext26ts beit_base_patch16_224 botnet26t_256 caformer_s18 cait_xxs24_224 coat_tiny coatnet_0_rw_224 convit_tiny convmixer_1024_20_ks9_p14
convnext_atto convnextv2_atto crossvit_tiny_240 cspdarknet53 cspresnet50 darknet53 davit_tiny deit3_small_patch16_224 deit_tiny_patch16_224
densenet121 dla34 dm_nfnet_f0 dpn68 eca_nfnet_l0 edgenext_xx_small efficientformer_l1 efficientformerv2_s0 efficientnet_b0 efficientnetv2_rw_t
efficientvit_b0 efficientvit_m0 ese_vovnet19b_dw eva02_tiny_patch14_224 fastvit_t8 fbnetc_100 focalnet_tiny_srf gcvit_xxtiny gernet_s ghostnet_100
gmlp_s16_224 halonet26t hardcorenas_a hgnetv2_b0 hrnet_w18_small inception_next_tiny inception_resnet_v2 inception_v3 inception_v4 lambda_resnet26t
lcnet_050 legacy_seresnet18 legacy_xception levit_128s maxvit_tiny_rw_224 mixer_s32_224 mixnet_s mnasnet_100 mobilenetv2_100 mobilenetv3_large_100
mobileone_s0 mobilevit_xxs mobilevitv2_050 mvitv2_tiny nasnetalarge nest_tiny nextvit_small nf_resnet50 pit_ti_224 pnasnet5large poolformer_s12
pvt_v2_b0 regnetx_002 regnety_002 repghostnet_050 repvgg_a2 repvit_m1 res2net50_14w_8s resmlp_12_224 resnest14d resnet18 resnet50 resnetv2_50
resnext50_32x4d rexnet_100 sebotnet33ts_256 selecsls42b sequencer2d_s seresnet50 skresnet18 spnasnet_100 swin_tiny_patch4_window7_224
swinv2_cr_tiny_ns_224 swinv2_tiny_window8_256 tf_efficientnet_b0 tf_efficientnet_lite0 tiny_vit_5m_224 tinynet_a tnt_s_patch16_224 tresnet_m
twins_pcpvt_small twins_svt_small vgg11 visformer_tiny vit_relpos_small_patch16_224 vit_tiny_patch16_224 volo_d1_224 xception41 xcit_nano_12_p16_224
""".split()


def stand_in(name, **what):
    try:
        __import__(name)
    except ImportError:
        sys.modules[name] = types.ModuleType(name)
        for k, v in what.items():
            setattr(sys.modules[name], k, v)


def published(source):
    out = {}
    folder = os.path.join(source, "results")
    for name in ("benchmark-infer-amp-nhwc-pt113-cu117-rtx3090.csv", "benchmark-infer-amp-nchw-pt113-cu117-rtx3090.csv"):
        with open(os.path.join(folder, name)) as f:
            for row in csv.DictReader(f):
                out[row["model"]] = {"gmacs": row["infer_gmacs"], "published": row["param_count"], "side": int(row["infer_img_size"])}
    return out


def export(name, folder, said):
    import timm
    model = timm.create_model(name, pretrained=False, exportable=True).eval()
    side = model.default_cfg["input_size"][-1]
    if said and not model.default_cfg.get("fixed_input_size"):
        side = said["side"]
    parameters = sum(p.numel() for p in model.parameters())
    with torch.no_grad():
        for p in model.parameters():
            p.uniform_(-0.02, 0.02)  # the exporter joins equal parameters
    torch.onnx.export(model, torch.randn(1, 3, side, side), os.path.join(folder, name + ".onnx"), opset_version=14, export_params=False,
                      do_constant_folding=False, training=torch.onnx.TrainingMode.PRESERVE, input_names=["images"])
    return {"parameters": parameters, "exported": side, **said}


def prepare(source):
    sys.path.insert(0, source)
    stand_in("huggingface_hub", hf_hub_download=None, hf_hub_url=None, model_info=None, HfApi=None)
    stand_in("huggingface_hub.utils", EntryNotFoundError=Exception, RepositoryNotFoundError=Exception)
    stand_in("safetensors")
    stand_in("safetensors.torch", save_file=None, load_file=None)
    for f in ("kaiming_normal_", "kaiming_uniform_", "trunc_normal_", "normal_", "uniform_", "xavier_uniform_", "xavier_normal_"):
        setattr(torch.nn.init, f, lambda t, *a, **k: t)
    torch.Tensor.erfinv_ = lambda t: t  # of timm's own normal distribution: numbers are made different later
    __import__("timm")


def one(name, folder, source, pipe):
    try:
        pipe.send(export(name, folder, published(source).get(name, {})))
    except BaseException as e:  # noqa: BLE001
        pipe.send({"error": (type(e).__name__ + ": " + str(e)).strip()[:400]})


def main():
    folder, source = sys.argv[1:3]
    prepare(source)
    out = {}
    for name in sys.argv[3:] or NAMES:
        mine, theirs = multiprocessing.Pipe()
        p = multiprocessing.Process(target=one, args=(name, folder, source, theirs))
        p.start()
        theirs.close()
        try:
            out[name] = mine.recv() if mine.poll(1500) else {"error": "timeout"}
        except EOFError:
            out[name] = {"error": "ended"}
        p.kill()
        p.join()
        print(name, out[name], flush=True)
        with open(os.path.join(folder, "published.json"), "w") as f:
            json.dump(out, f, indent=1, sort_keys=True)


if __name__ == "__main__":
    main()
