"""reeltag-train: a team's own table of videos, texts and labels → a trained tagger.

prepare   read the table, refuse what contradicts itself, report what is skipped
pretrain  learn from the videos without their labels
train     learn the labels; goes on where an interrupted run stopped
distill   learn the soft labels that trained runs give an unlabelled pool; train then starts from there
ensemble  several trained runs as one: weights and figures: ensemble.md, ensemble.json
doubts    labels of the training side to look at again: to-review.tsv
retag     a head that corrects a trained tagger by signals known after publishing; figures: retagging.md, retagging.json
encode    the texts' embeddings by published encoders, into the files that kernel.embeddings names
kernel    a kernel machine of grams and of such embeddings: figures: kernel.md, kernel.json
evaluate  figures on the held-out items: evaluation.md, evaluation.json
ladder    a base run and each option beside it, by a YAML file of its own: the page of figures that it names
export    a pack that the platform serves: graphs, taxonomy, calibration, card

Ends with 0, or with 1 and the reason on standard error.
"""

import argparse
import json
import sys
import warnings
from collections import Counter
from dataclasses import asdict
from pathlib import Path

import torch

from ..packs.files import write_whole
from ..packs.refusal import ImportRefusedError
from .config import LabConfig, load
from .data import doubt_list, encoding, table, videos
from .data.prepared import Prepared
from .export import tagger_pack
from .figures import doubts, evaluation, ladder, ladder_page, report
from .joining import distillation, ensemble, kernel, retagging
from .options import LabRefusedError
from .training import rounds
from .training.loop import LossNotFiniteError


def prepare(config: LabConfig, options: argparse.Namespace) -> str:
    items, skipped = table.read(config.table, config.split, config.seed, videos.embedder(config))
    write_whole(Path(config.folder) / "skipped.json", json.dumps(skipped, indent=2, ensure_ascii=False).encode())
    table.refuse_bad_split(items, config.table, config.split, skipped)
    data = Prepared.of(items, config.table.tokens, settings_of(config))
    data.save(Path(config.folder))
    sides = f"{len(data.train)} items to train on, {len(data.held_out)} held out, {len(data.leaf_paths)} classes"
    return f"{sides}, {len(skipped)} skipped (skipped.json says why)"


def settings_of(config: LabConfig) -> str:
    """All that `prepare` makes of a table depends on."""
    shown = [config.pack.frames, config.pack.vision, config.vision.checkpoint, config.vision.crop]
    table = asdict(config.table) | {"file": Path(config.table.file).name}
    return json.dumps([table, asdict(config.split), config.seed, shown if config.table.video else []])


def prepared(config: LabConfig) -> Prepared:
    data = Prepared.load(Path(config.folder))
    if data.settings != settings_of(config):
        raise LabRefusedError(
            f"{config.folder} was prepared by other settings of table, split, seed, frames or tower; "
            "run `reeltag-train prepare` again"
        )
    return data


def pretrain(config: LabConfig, options: argparse.Namespace) -> str:
    if not config.pretrain.steps:
        raise LabRefusedError("pretrain.steps is 0: nothing to do")
    rounds.pretrain(config, prepared(config))
    return f"{config.pretrain.steps} steps; train starts from this backbone"


def distill(config: LabConfig, options: argparse.Namespace) -> str:
    learnt, skipped = distillation.distill(config, prepared(config))
    return f"{config.distill.steps} steps over {learnt} items of the pool, {skipped} skipped (see pool-skipped.json)"


def join(config: LabConfig, options: argparse.Namespace) -> str:
    data, folder = prepared(config), Path(config.folder)
    ensemble.write(ensemble.join(config, data), data, folder)
    return (folder / "ensemble.md").read_text().strip()


def doubt(config: LabConfig, options: argparse.Namespace) -> str:
    found = doubts.find(config, prepared(config))
    doubt_list.write(found, Path(config.folder) / doubt_list.NAME)
    counts = ", ".join(f"{count} by {why}" for why, count in Counter(d.why for d in found).items())
    return f"{counts or 'nothing is doubted'} (to-review.tsv)"


def retag(config: LabConfig, options: argparse.Namespace) -> str:
    data, folder = prepared(config), Path(config.folder)
    figures = retagging.retag(config, data, rounds.trained_tagger(config, data))
    evaluation.write(figures, data, folder, "retagging")
    return (folder / "retagging.md").read_text().strip()


def train(config: LabConfig, options: argparse.Namespace) -> str:
    rounds.train_tagger(config, prepared(config))
    return f"{config.train.steps} steps"


def evaluate(config: LabConfig, options: argparse.Namespace) -> str:
    data, folder = prepared(config), Path(config.folder)
    p_NL = evaluation.probabilities(rounds.trained_tagger(config, data), data, data.held_out, config)
    figures = evaluation.evaluate(p_NL, data, config, options.linear)
    evaluation.write(figures, data, folder, "evaluation")
    if options.report:
        report.write(p_NL, figures, data, config, folder)
    return (folder / "evaluation.md").read_text().strip()


def encode(config: LabConfig, options: argparse.Namespace) -> str:
    items = prepared(config).items
    messages = [encoding.encode(name, Path(file), items) for name, file in config.kernel.embeddings.items()]
    return "; ".join(messages) or "kernel.embeddings is empty: nothing to do"


def judge_kernel(config: LabConfig, options: argparse.Namespace) -> str:
    data, folder = prepared(config), Path(config.folder)
    figures, settings = kernel.evaluate(config, data)
    evaluation.write(figures, data, folder, "kernel")
    line = f"weight {settings.weight:g}, balance {settings.balance:g}, family {settings.family:g}"
    return f"{(folder / 'kernel.md').read_text().strip()}\n{line}"


def export(config: LabConfig, options: argparse.Namespace) -> str:
    data = prepared(config)
    # The tracer warns about every size that it takes for a constant; they are constants.
    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
    warnings.filterwarnings("ignore", module="torch.*")
    pack, summary = tagger_pack.write(rounds.trained_tagger(config, data), data, config)
    return (
        f"{pack}; {summary}\nnext: npm run reeltag -- packs verify {pack} && npm run reeltag -- packs activate {pack}"
    )


def one(name: str, file: Path) -> None:
    """A command of a ladder's cell, with its flag."""
    command, _, flag = name.partition(" ")
    if command not in COMMANDS or flag not in ("", "--linear"):
        raise LabRefusedError(f"{name}: no such command; there are {', '.join(COMMANDS)}, and evaluate --linear")
    COMMANDS[command](load(file), argparse.Namespace(linear=bool(flag), report=False))


def run_ladder(file: Path) -> str:
    plan = ladder.read(file)
    page = Path(plan.page)
    page.write_text(ladder_page.page(plan, ladder.run_all(plan, one)), encoding="utf-8")
    return f"{page} is written"


COMMANDS = {
    "prepare": prepare,
    "pretrain": pretrain,
    "distill": distill,
    "train": train,
    "ensemble": join,
    "doubts": doubt,
    "retag": retag,
    "encode": encode,
    "kernel": judge_kernel,
    "evaluate": evaluate,
    "export": export,
}


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        "reeltag-train", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("command", choices=[*COMMANDS, "ladder"])
    parser.add_argument("config", type=Path, help="YAML; the README shows one")
    parser.add_argument("--linear", action="store_true", help="evaluate: two linear models of characters beside it")
    parser.add_argument("--report", action="store_true", help="evaluate: report.md with pictures too")
    options = parser.parse_args(arguments)
    try:
        if options.command == "ladder":
            print(run_ladder(options.config))
        else:
            print(COMMANDS[options.command](load(options.config), options))
    except (LossNotFiniteError, ImportRefusedError, ValueError, OSError) as error:
        print(f"reeltag-train {options.command}: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
