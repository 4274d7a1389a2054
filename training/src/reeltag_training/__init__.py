"""Trains the Reeltag starter pack from icon art: corpus, models, calibration, export."""
