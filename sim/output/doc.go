// Package output analyses what replications (or batches of one long run) gave:
// point estimates, confidence and prediction intervals, comparisons of two
// designs, when to stop. It knows nothing of contact centres: its input is
// pairs of sums.
//
// A confidence interval is about a mean: with more replications it shrinks. A
// prediction interval is about one day (or month): it does not. The two words
// are never exchanged; a measured day is judged by the second.
package output
