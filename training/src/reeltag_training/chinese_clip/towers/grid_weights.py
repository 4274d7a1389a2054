"""Adaptive average pooling to the kept grid, as weights. Numpy only: the fused file is cut without PyTorch.

P patches (row by row), G pooled cells
"""

import numpy as np

from .sizes import GRID_CELLS


def pooling_weights(grid: int) -> np.ndarray:
    """[G, P], rows sum to one: ONNX has no adaptive pooling of uneven cells, a product does it."""
    edges = [(i * grid // GRID_CELLS, -(-(i + 1) * grid // GRID_CELLS)) for i in range(GRID_CELLS)]
    line = np.zeros((GRID_CELLS, grid), np.float32)
    for cell, (start, end) in enumerate(edges):
        line[cell, start:end] = 1 / (end - start)
    return np.kron(line, line).astype(np.float32)
