// Package sensitivity says how much of the variance of an output each of its inputs makes, from few evaluations at points of a Latin hypercube.
//
// # What is estimated
//
// Inputs X_1 to X_d are independent, each of a known distribution (Measure). The variance of Y = f(X) falls into parts by the inputs that they depend on
// (Sobol 1993), and of input i there are
//
//	first-order  S_i = Var(E[Y | X_i]) / Var(Y)            what fixing X_i takes away on average; all of them add up to 1 at the most
//	total        T_i = 1 - Var(E[Y | all but X_i]) / Var(Y)    what would be left if all but X_i were fixed (Homma and Saltelli 1996)
//
// T_i - S_i is the part of i in interactions. T_i = 0 is an input that does nothing.
//
// # How
//
// Pick-freeze estimators (Saltelli 2010, Jansen 1999) take n (d + 2) evaluations, thousands where there are dozens of inputs; here an evaluation is a simulation.
// So f is fitted by a polynomial chaos expansion, whose indices are sums of its coefficients (Sudret 2008):
//
//	f(x) = sum over terms a of c_a p_a(x)      p_a(x) = product over i of p_i,a_i(x_i)
//	Var  = sum of c_a^2 over all terms but the constant
//	S_i  = sum of c_a^2 over terms of x_i alone / Var
//	T_i  = sum of c_a^2 over terms with x_i / Var
//
// p_i,k is the polynomial of degree k that is orthonormal under the distribution of X_i. It is made for every distribution by the Stieltjes procedure (Gautschi 2004): for
// a uniform one it is Legendre's; for a switch, of two values, there is one of degree 1, which fits it exactly, and for k values there are k - 1.
//
// Terms are those of hyperbolic norm (sum of a_i^q)^(1/q) no more than the degree, of no more than so many inputs. They are more than the points, so a fit has few of them:
// orthogonal least squares (Chen, Billings and Luo 1989) takes, one after another, the term that leaves the least residual; a term of several inputs only if one of them is in a term before it (weak
// heredity, Chipman 1996). How many is decided by ten folds (or another number): terms are chosen and fitted without a fold, and as many are kept as miss the points of the folds least.
//
// # How far it is to be trusted
//
// What those fits say of the points that they have not seen is the share of variance that is explained,
//
//	Q2 = 1 - sum of (y_i - fit without the fold of i)^2 / sum of (y_i - mean)^2
//
// and how their indices differ is the sampling error, by the delete-a-group jackknife (Kott 2001) of K folds:
//
//	error = sqrt((K - 1) / K * sum over folds of (index without the fold - their mean)^2)
//
// A Q2 far below 1 says that the indices are of a function that is not f. Tests hold indices to closed forms: of Ishigami's function, of switches, and of a few inputs among many. In the last the error is two to three
// times what the indices are off by: which terms are chosen differs more without a tenth of the points than from design to design.
//
// # Sources
//
// Sobol, Sensitivity estimates for nonlinear mathematical models, 1993. Homma and Saltelli, Reliability Engineering and System Safety 52, 1996. Jansen, Computer Physics Communications 117, 1999.
// Saltelli et al., Computer Physics Communications 181, 2010. Sudret, Reliability Engineering and System Safety 93, 2008. Chipman, Canadian Journal of Statistics 24, 1996.
// Gautschi, Orthogonal Polynomials, 2004. Chen, Billings and Luo, International Journal of Control 50, 1989. Kott, Journal of Official Statistics 17, 2001.
// McKay, Beckman and Conover, Technometrics 21, 1979 (Latin hypercubes). All recalled, none looked up again.
package sensitivity
