"""Makes a labelled corpus of short clips with texts, authors and an unlabelled pool.

python -m reeltag_training.corpus make --out FOLDER --seed N [--clips N] [--side PIXELS] [--sides train,validate]
                                       [--mp4 N] [--workers N] [--preview]

The same seed makes the same files. An interrupted run goes on where it stopped. --preview writes the card and a contact
sheet only. Ends with 0, or with 1 and the reason on standard error.
"""

import argparse
import sys
from pathlib import Path

from tqdm import tqdm

from ..words.tree import leaves
from .data_card import write_card
from .make import make
from .sides import SIDES
from .store import CorpusRefusedError, Settings

# Training clips for each class, so that the rarest has one too.
ENOUGH = 40


def main() -> int:
    parser = argparse.ArgumentParser(prog="reeltag_training.corpus", description=__doc__.split("\n\n")[0])
    parser.add_argument("command", choices=["make"])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument(
        "--clips", type=int, default=ENOUGH * len(leaves()), help="of the training side; the others follow"
    )
    parser.add_argument("--side", type=int, default=64, help="pixels of a frame's edge")
    parser.add_argument("--sides", default=",".join(s.name for s in SIDES))
    parser.add_argument("--mp4", type=int, default=0, help="so many clips of each side as videos too")
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--preview", action="store_true")
    options = parser.parse_args()
    try:
        run(options)
    except (CorpusRefusedError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def run(options: argparse.Namespace) -> None:
    sides = tuple(s.name for s in SIDES if s.name in options.sides.split(","))
    unknown = set(options.sides.split(",")) - set(sides)
    if unknown:
        raise CorpusRefusedError(f"no side is called {', '.join(sorted(unknown))}: {', '.join(s.name for s in SIDES)}")
    if options.clips < 1 or options.side < 32 or options.seed < 0 or options.mp4 < 0 or options.workers < 1:
        raise CorpusRefusedError("--clips and --workers from 1, --side from 32, --seed and --mp4 from 0")
    settings = Settings(options.seed, options.clips, options.side, sides, options.mp4)
    if options.preview:
        options.out.mkdir(parents=True, exist_ok=True)
    else:
        with tqdm(unit="clip", disable=None) as bar:
            make(options.out, settings, options.workers, lambda done, total: _advance(bar, done, total))
    write_card(options.out, settings)
    print(f"{options.out / 'DATA-CARD.md'}")


def _advance(bar: tqdm, done: int, total: int) -> None:
    bar.total = total
    bar.update(done - bar.n)


if __name__ == "__main__":
    sys.exit(main())
