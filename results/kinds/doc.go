// Package kinds knows the kinds of files that users write, as a whole: what their keys are, what an editor is told of them, what a new one begins with, and
// whether one is right. All of it is made of the declarations that units, networks, recipes and the others validate by; no key is named here.
package kinds
