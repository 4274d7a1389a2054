"""Logits of the starter pack on clips of an art family that no part of it has learnt from, as the platform computes them.

python bench/starter_scores.py FOLDER --clips 4000

Writes scores.json (classes, masks, truth and rows by mask) and MASK.f32 (rows x classes) into the folder. Clips are drawn
by their number, so the same number is always the same clip.
"""

import argparse
import json
from pathlib import Path

import numpy as np
from reeltag_training.packs.manifests import read_pack
from reeltag_training.starter.figures.evaluate import evaluation_set, rows_for, run
from reeltag_training.starter.figures.served import Served
from reeltag_training.starter.pack import PACK_FOLDER

# How the card calls what the platform calls text+video, video and text.
MASKS = {"both": "text+video", "video": "video", "text": "text"}
# Pixels of a whole set would need gigabytes.
PART = 500


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, required=True)
    arguments = parser.parse_args()
    folder: Path = arguments.folder
    folder.mkdir(parents=True, exist_ok=True)
    served = Served.load()
    logits: dict[str, list[np.ndarray]] = {name: [] for name in MASKS}
    truth: dict[str, list[int]] = {name: [] for name in MASKS}
    for start in range(0, arguments.clips, PART):
        items = evaluation_set("test", range(start, min(start + PART, arguments.clips)))
        for name, logit_NC in run(served, items).items():
            rows = rows_for(name, items)
            logits[name].append(logit_NC[rows])
            truth[name] += items.clips.labels[rows].tolist()
        print(f"{start + len(items.titles)} of {arguments.clips} clips", flush=True)
    for name, mask in MASKS.items():
        np.concatenate(logits[name]).astype("<f4").tofile(folder / f"{mask}.f32")
    leaves = list(read_pack(PACK_FOLDER).facets["subject"].leaves)
    temperature = {MASKS[name]: t for name, t in read_pack(PACK_FOLDER).facets["subject"].temperature.items()}
    scores = {"leaves": leaves, "temperature": temperature, "truth": {MASKS[name]: t for name, t in truth.items()}}
    (folder / "scores.json").write_text(json.dumps(scores))


if __name__ == "__main__":
    main()
