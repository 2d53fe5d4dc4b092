"""What the statistical members are worth on many series. Written by benchmarks/prior.py; change nothing by hand.

One row for series without a season, with one of up to six points, and with a longer one.
"""

# fmt: off

import numpy as np

USUAL_POINTS = (20.0, 45.0, 75.0)

LEVELS = np.array((0.005, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.95, 0.975, 0.995))

MEMBER = np.array([
    [-0.21, -0.09, -0.25, -0.38, -0.35, -0.11, -0.14, 0.38, -0.28, 0.50,
     -0.20, -0.28, 0.67, -0.06, 0.07, 0.37, -0.15, -0.04, 0.56, 0.00],
    [-0.15, -0.02, -0.18, -0.31, -0.35, -0.03, -0.15, 0.64, -0.23, 0.33,
     -0.17, -0.29, -0.06, -0.05, 0.01, 0.56, -0.04, -0.04, 0.56, -0.03],
    [-0.11, -0.07, -0.19, -0.39, -0.52, -0.08, -0.27, 0.47, -0.24, 0.32,
     -0.15, -0.35, -0.24, -0.11, -0.15, 0.61, 0.13, -0.08, 1.06, 0.36],
])
"""The logarithm of each member's prior weight."""

MEMBER_BY_LENGTH = np.array([
    [0.03, 0.01, 0.07, -0.11, -0.17, 0.09, 0.09, 0.13, 0.04, 0.19,
     0.09, -0.11, -0.71, 0.11, 0.14, 0.18, -0.07, 0.00, 0.00, 0.01],
    [0.00, -0.07, -0.01, 0.03, 0.04, -0.05, 0.03, -0.09, 0.01, -0.09,
     0.00, 0.04, 0.13, -0.03, 0.07, 0.01, -0.03, 0.00, 0.00, 0.02],
    [-0.08, 0.00, -0.03, 0.02, 0.04, -0.03, 0.02, 0.14, -0.01, 0.12,
     0.06, 0.06, 0.13, 0.05, 0.10, 0.16, 0.03, -0.04, -0.50, -0.24],
])
"""How that changes as a series becomes longer."""

REHEARSED = np.array([
    [0.71, 1.20, 0.49],
    [0.61, 0.15, 0.50],
    [0.49, 0.92, -0.51],
])
"""Powers of the errors rehearsed a horizon, a half and a quarter ago."""

REHEARSED_BY_LENGTH = np.array([
    [-0.21, 0.01, -0.26],
    [-0.27, 0.10, 0.16],
    [0.15, -0.10, -0.21],
])
"""How these change as a series becomes longer."""

WIDTH = np.array([
    [0.249, 0.095, 0.316, 0.081],
    [0.289, 0.062, 0.316, 0.081],
    [0.253, -0.048, 0.316, 0.081],
])
"""Of the width of intervals: see `combination.width_features`."""

QUANTILES = np.array([
    [-4.369, -2.688, -1.964, -1.293, -0.494, 0.213, 0.931, 1.766, 2.567, 3.415,
     5.290],
    [-5.230, -2.915, -2.108, -1.496, -0.554, 0.182, 0.866, 1.712, 2.332, 3.178,
     5.684],
    [-5.130, -3.232, -2.417, -1.661, -0.677, 0.100, 0.837, 1.635, 2.251, 2.928,
     4.592],
])
"""Of errors in units of the width, at the LEVELS."""
