"""`reeltag-train`: a team's own table of videos, texts and labels → a trained tagger."""
