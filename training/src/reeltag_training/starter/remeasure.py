"""Checks that the shipped pack scores what its card says. No PyTorch.

python -m reeltag_training.starter.remeasure --sample 300

Draws a sample of the twemoji evaluation again from the icon packages, runs the shipped ONNX graphs on it and compares
with figures.json, from which CARD.md is written. A figure passes within three binomial standard deviations of the
sample. Exit status 1: a checksum or a figure does not hold.
"""

import argparse
import json
import sys

import numpy as np

from ..packs.files import sha256
from ..packs.manifests import Pack, read_pack
from ..paths import REPO
from .figures.evaluate import COUNT, MODALITIES, evaluation_set, measure, rows_for, run
from .figures.served import Served
from .pack import PACK_FOLDER

DEVIATIONS = 3


def broken_checksums(pack: Pack) -> list[str]:
    return [path for path, expected in pack.checksums.items() if sha256(REPO / path) != expected]


def tolerance(figure: float, count: int) -> float:
    # Never less than one item in a hundred: codecs and renderers differ a little between machines.
    return max(DEVIATIONS * float(np.sqrt(figure * (1 - figure) / count)), 0.01)


def compare(count: int) -> bool:
    pack = read_pack(PACK_FOLDER)
    card = json.loads((PACK_FOLDER / "figures.json").read_text("utf8"))
    broken = broken_checksums(pack)
    for path in broken:
        print(f"FAIL checksum of {path}")
    chosen = np.sort(np.random.default_rng(23).permutation(COUNT)[:count])
    items = evaluation_set("test", chosen)
    facet = pack.facets["subject"]
    measured = measure(run(Served.load(), items), items, facet.temperature, facet.publish)
    passed = not broken
    print(f"twemoji, {count} of {COUNT} clips: figure, card, measured, tolerance")
    for modality in MODALITIES:
        for level in ("leaf", "level1"):
            stated = card["figures"]["test"][modality][level]
            found, allowed = getattr(measured[modality], level), tolerance(stated, len(rows_for(modality, items)))
            holds = abs(found - stated) <= allowed
            passed &= holds
            verdict = "ok  " if holds else "FAIL"
            print(f"{verdict} {modality:5} {level:6} {stated:.3f} {found:.3f} ±{allowed:.3f}")
    return passed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sample", type=int, default=300, help=f"clips, at most {COUNT}")
    sys.exit(0 if compare(min(parser.parse_args().sample, COUNT)) else 1)


if __name__ == "__main__":
    main()
