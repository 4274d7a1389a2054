"""Models that a team trains on its own table: backbones over text and frames, heads over the tree."""
