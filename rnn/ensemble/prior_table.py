"""What the statistical members are worth on many series. Written by benchmarks/prior.py; change nothing by hand.

One row for series without a season, with one of up to six points, and with a longer one.
"""

# fmt: off

import numpy as np

USUAL_POINTS = (20.0, 45.0, 75.0)

LEVELS = np.array((0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995))

MEMBER = np.array([
    [-0.21, -0.07, -0.24, -0.37, -0.35, -0.10, -0.12, 0.45, -0.28, 0.48, -0.20, -0.28, 0.67, -0.07, 0.06, 0.32, -0.16, -0.05, 0.53, 0.00],
    [-0.16, -0.01, -0.18, -0.30, -0.35, -0.03, -0.13, 0.70, -0.23, 0.31, -0.17, -0.29, -0.07, -0.05, 0.00, 0.52, -0.04, -0.05, 0.53, -0.03],
    [-0.12, -0.08, -0.20, -0.39, -0.53, -0.09, -0.23, 0.57, -0.22, 0.28, -0.14, -0.33, -0.24, -0.11, -0.15, 0.57, 0.11, -0.08, 1.01, 0.36],
])
"""The logarithm of each member's prior weight."""

MEMBER_BY_LENGTH = np.array([
    [0.03, 0.02, 0.07, -0.10, -0.17, 0.10, 0.10, 0.15, 0.03, 0.19, 0.09, -0.11, -0.71, 0.09, 0.13, 0.15, -0.08, 0.00, 0.00, 0.01],
    [0.00, -0.08, -0.01, 0.03, 0.03, -0.05, 0.03, -0.10, 0.01, -0.09, 0.01, 0.04, 0.12, -0.03, 0.07, 0.01, -0.03, 0.00, 0.00, 0.02],
    [-0.07, 0.02, -0.01, 0.03, 0.06, -0.01, 0.01, 0.12, -0.02, 0.10, 0.05, 0.06, 0.14, 0.04, 0.10, 0.13, 0.03, -0.03, -0.50, -0.23],
])
"""How that changes as a series becomes longer."""

REHEARSED = np.array([
    [0.73, 1.15, 0.52],
    [0.60, 0.17, 0.48],
    [0.41, 0.87, -0.46],
])
"""Powers of the errors rehearsed a horizon, a half and a quarter ago."""

REHEARSED_BY_LENGTH = np.array([
    [-0.20, -0.03, -0.24],
    [-0.27, 0.10, 0.16],
    [0.13, -0.11, -0.20],
])
"""How these change as a series becomes longer."""

WIDTH = np.array([
    [0.241, 0.096, 0.316, 0.086],
    [0.283, 0.064, 0.316, 0.086],
    [0.241, -0.046, 0.316, 0.086],
])
"""Of the width of intervals: see `combination.width_features`."""

QUANTILES = np.array([
    [-4.315, -2.700, -1.963, -1.288, -0.492, 0.214, 0.931, 1.772, 2.566, 3.405, 5.269],
    [-5.191, -2.913, -2.114, -1.494, -0.557, 0.183, 0.865, 1.710, 2.334, 3.178, 5.676],
    [-5.091, -3.226, -2.414, -1.660, -0.681, 0.097, 0.837, 1.638, 2.256, 2.923, 4.553],
])
"""Of errors in units of the width, at the LEVELS."""
