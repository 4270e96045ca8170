#!/usr/bin/env python3
"""Reference values of Student's t and of lines through logarithms, from SciPy: growth.py >growth_scipy.inc"""

import numpy
import scipy
from scipy import stats

DEGREES = (1, 2, 3, 4, 5, 8, 9, 30, 31, 100, 101)
SHARES = (0.5, 0.9, 0.95, 0.99, 0.9999)
LINES = (
    # Latencies that grow slowly, wildly, in proportion, and not at all.
    ([1e3, 1e4, 1e5, 1e6], [5200, 6100, 9300, 14100], 0.95),
    ([1e3, 1e4, 1e5], [812, 905, 4120], 0.9),
    ([1e3, 2e3, 5e3, 1e4, 2e4, 5e4], [1.2e6, 2.1e6, 5.6e6, 9.9e6, 2.2e7, 4.8e7], 0.99),
    ([1e3, 1e4, 1e5, 1e6], [4100, 4050, 4180, 3990], 0.95),
)


def braced(values):
    return "{" + ", ".join(repr(float(value)) for value in values) + "}"


print("/* By growth.py, SciPy %s: stats.t.ppf, stats.linregress. */" % scipy.__version__)
print("/* clang-format off */")
print("static const struct factor_row factor_rows[] = {")
for degrees in DEGREES:
    for share in SHARES:
        print("    {%d, %r, %r}," % (degrees, share, float(stats.t.ppf(0.5 + share / 2, degrees))))
print("};")
print("static const struct line_row line_rows[] = {")
for n, y, confidence in LINES:
    line = stats.linregress(numpy.log(n), numpy.log(y))
    reach = stats.t.ppf(0.5 + confidence / 2, len(n) - 2) * line.stderr
    print("    {%d, %s, %s, %r, %r, %r, %r, %r}," % (
        len(n), braced(n), braced(y), confidence, float(line.slope), float(line.slope - reach),
        float(line.slope + reach), float(line.intercept)))
print("};")
print("/* clang-format on */")
