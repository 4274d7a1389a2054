"""Where things lie, relative to the repository."""

from pathlib import Path

TRAINING = Path(__file__).resolve().parents[2]
REPO = TRAINING.parent
NODE_MODULES = TRAINING / "node_modules"
CACHE = TRAINING / ".cache"
MODELS = REPO / "models"
TAXONOMIES = REPO / "taxonomies"
SAMPLES = REPO / "samples"
