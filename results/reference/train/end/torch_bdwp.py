import sys, gzip, struct, math, time
import numpy as np, torch
from torch import nn
import torch.nn.functional as F
torch.set_num_threads(1)
recipe, lr, epochs, total, seed = sys.argv[1], float(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5])
N, M, W, B = 2, 8, 16, 32
torch.manual_seed(seed)
def idx(f):
    b = gzip.open(f).read(); r = b[3]; ext = struct.unpack('>%dI' % r, b[4:4+4*r])
    return np.frombuffer(b, np.uint8, offset=4+4*r).reshape(ext)
D='/usr/share/datasets/fashion-mnist/'
X, Y = idx(D+'train-images-idx3-ubyte.gz'), idx(D+'train-labels-idx1-ubyte.gz')
TX, TY = idx(D+'t10k-images-idx3-ubyte.gz'), idx(D+'t10k-labels-idx1-ubyte.gz')
mean, std = (X/255.).mean(), (X/255.).std()
X=torch.tensor(X).float().div(255)[:,None]; TX=((torch.tensor(TX).float().div(255)-mean)/std)[:,None]
Y=torch.tensor(Y.astype(np.int64)); TY=torch.tensor(TY.astype(np.int64))
def mask(w, dim):  # groups of M along dim, keep N largest; short last group keeps up to N
    k = w.shape[dim]
    if k < M: return torch.ones_like(w)
    v = w.abs().transpose(dim, -1)
    out = torch.zeros_like(v)
    for a in range(0, k, M):
        g = v[..., a:a+M]; n = min(N, g.shape[-1])
        i = g.topk(n, -1).indices
        out[..., a:a+M].scatter_(-1, i, 1.)
    return out.transpose(dim, -1).contiguous()
class Conv(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, wf, wb, s, p):
        ctx.save_for_backward(x, wb); ctx.s, ctx.p = s, p; ctx.shape = w.shape
        return F.conv2d(x, wf, None, s, p)
    @staticmethod
    def backward(ctx, dy):
        x, wb = ctx.saved_tensors
        dx = torch.nn.grad.conv2d_input(x.shape, wb, dy, ctx.s, ctx.p) if ctx.needs_input_grad[0] else None
        dw = torch.nn.grad.conv2d_weight(x, ctx.shape, dy, ctx.s, ctx.p)
        return dx, dw, None, None, None, None
class SConv(nn.Module):
    def __init__(s, i, o, k, st):
        super().__init__(); s.w = nn.Parameter(torch.randn(o, i, k, k)*math.sqrt(2/(i*k*k))); s.s, s.p = st, k//2
    def forward(s, x):
        wf = wb = s.w.detach()
        if recipe == 'bdwp': wf, wb = wf*mask(wf,1), wb*mask(wb,0)
        return Conv.apply(x, s.w, wf, wb, s.s, s.p)
class Lin(torch.autograd.Function):
    @staticmethod
    def forward(ctx, x, w, wf, wb): ctx.save_for_backward(x, wb); return x@wf.t()
    @staticmethod
    def backward(ctx, dy):
        x, wb = ctx.saved_tensors; return dy@wb, dy.t()@x, None, None
class SLin(nn.Module):
    def __init__(s, i, o):
        super().__init__(); s.w = nn.Parameter(torch.randn(o, i)*math.sqrt(2/(i+o))); s.b = nn.Parameter(torch.zeros(o))
    def forward(s, x):
        wf = wb = s.w.detach()
        if recipe == 'bdwp': wf, wb = wf*mask(wf,1), wb*mask(wb,0)
        return Lin.apply(x, s.w, wf, wb)+s.b
class Basic(nn.Module):
    def __init__(s, i, o, st, project):
        super().__init__()
        s.body = nn.Sequential(SConv(i,o,3,st), nn.BatchNorm2d(o), nn.ReLU(), SConv(o,o,3,1), nn.BatchNorm2d(o))
        s.side = nn.Sequential(SConv(i,o,1,st), nn.BatchNorm2d(o)) if project else nn.Identity()
    def forward(s, x): return torch.relu(s.body(x)+s.side(x))
net = nn.Sequential(SConv(1,W,3,2), nn.BatchNorm2d(W), nn.ReLU(), Basic(W,2*W,2,True), Basic(2*W,2*W,1,False), nn.AdaptiveAvgPool2d(1), nn.Flatten(), SLin(2*W,10))
opt = torch.optim.SGD(net.parameters(), lr, momentum=.9, weight_decay=1e-4)
n=len(X)//B; warm=n; T=n*total; step=0
for e in range(epochs):
    perm=torch.randperm(len(X)); net.train(); L=0; R=0; t0=time.time()
    for i in range(n):
        ix=perm[i*B:(i+1)*B]; x=F.pad(X[ix],(2,2,2,2)); out=torch.empty(B,1,28,28)
        for k in range(B):
            a,b=torch.randint(0,5,(2,)).tolist(); v=x[k,:,a:a+28,b:b+28]
            out[k]=v.flip(-1) if torch.rand(1)<.5 else v
        out=(out-mean)/std
        for g in opt.param_groups: g['lr']= lr*(step+1)/warm if step<warm else lr*(1+math.cos(math.pi*(step-warm)/(T-warm)))/2
        y=net(out); l=F.cross_entropy(y,Y[ix]); opt.zero_grad(); l.backward(); opt.step(); step+=1
        L+=l.item(); R+=(y.argmax(1)==Y[ix]).sum().item()
    net.eval()
    with torch.no_grad(): r=sum((net(TX[k:k+500]).argmax(1)==TY[k:k+500]).sum().item() for k in range(0,len(TX),500))
    print(recipe, lr, 'epoch',e+1,'loss %.4f acc %.2f test %.2f  %.0fs'%(L/n,100*R/(n*B),r/100,time.time()-t0), flush=True)
