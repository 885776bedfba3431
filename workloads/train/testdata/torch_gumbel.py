# Soft masks of logits and their gradient, by PyTorch's softmax and autograd in FP64: python3 torch_gumbel.py > gumbel.json
# Six groups: 8 inputs, 3 outputs. The loss is the sum of soft weights times given numbers, less a pull times their squares.
import json, math, random, torch

OUT, GROUPS, KEY = 3, 2, 0x5eed
TEMPERATURE, SCALE, PULL = 2.5, 20.0, 0.0625
MASKS = torch.tensor([[1, 1, 0, 0], [1, 0, 1, 0], [1, 0, 0, 1], [0, 1, 1, 0], [0, 1, 0, 1], [0, 0, 1, 1]], dtype=torch.float64)
WORD = (1 << 64) - 1


def splitmix(key, i):
    z = (key + (i + 1) * 0x9E3779B97F4A7C15) & WORD
    z = ((z ^ z >> 30) * 0xBF58476D1CE4E5B9) & WORD
    z = ((z ^ z >> 27) * 0x94D049BB133111EB) & WORD
    return z ^ z >> 31


random.seed(1)
exact = lambda limit: random.randrange(-limit, limit + 1) / 256  # FP16 has it
weights = [[exact(512) for _ in range(OUT)] for _ in range(4 * GROUPS)]
logits = [[exact(40) for _ in range(OUT)] for _ in range(6 * GROUPS)]
given = [[exact(256) for _ in range(OUT)] for _ in range(4 * GROUPS)]
noise = [[-math.log(-math.log(((splitmix(KEY, r * OUT + c) >> 41) + 0.5) / 2**23)) for c in range(OUT)] for r in range(6 * GROUPS)]
of = lambda x, n: torch.tensor(x, dtype=torch.float64).view(GROUPS, n, OUT)
w, d, l = of(weights, 4), of(given, 4), of(logits, 6).requires_grad_()
shares = torch.softmax((l * SCALE + of(noise, 6)) / TEMPERATURE, dim=1)
soft = w * torch.einsum("gko,ki->gio", shares, MASKS)
((soft * d).sum() - PULL * (soft**2).sum()).backward()
flat = lambda x: [round(v, 12) for v in x.detach().flatten().tolist()]
print(json.dumps({
    "out": OUT, "groups": GROUPS, "key": KEY, "temperature": TEMPERATURE, "scale": SCALE, "pull": PULL, "weights": flat(w), "logits": flat(l), "gradient_of_weights": flat(d),
    "shares": flat(shares), "soft": flat(soft), "gradient_of_logits": flat(l.grad)}, indent=1))
