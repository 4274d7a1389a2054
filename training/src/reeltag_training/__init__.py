"""Trains the Reeltag starter pack from icon art: corpus, models, calibration, export."""

import os

# ONNX Runtime for Linux reports sessions, models and errors to Microsoft unless this is set before it is loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"
