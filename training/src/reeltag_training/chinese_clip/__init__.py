"""Chinese-CLIP: models of our own, import of published checkpoints, export to served graphs."""
