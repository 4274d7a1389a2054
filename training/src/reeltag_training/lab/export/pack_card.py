"""The card of a team's own pack: what it was made of, and what it scored where nothing was fitted."""

from pathlib import Path
from textwrap import fill

from ...packs.policy import Never
from ..config import LabConfig
from ..data.prepared import Prepared
from .pack_calibration import RISK, Calibration

NAMES = {"both": "video and text", "video": "video only", "text": "text only"}


def card(config: LabConfig, data: Prepared, found: Calibration, vision: str) -> str:
    return "\n\n".join([_head(config, data, vision), _figures(config, found), _limits(config)]) + "\n"


def _head(config: LabConfig, data: Prepared, vision: str) -> str:
    pack, licence = config.pack, " ".join(config.pack.licence.split())
    return f"""# {pack.name} {pack.version}

Trained by `reeltag-train` on {len(data.train)} items of {Path(config.table.file).name}; {len(data.held_out)} were held
out. {len(data.leaf_paths)} leaves of {pack.taxonomy_ref}, facet {pack.facet}. Licence: {licence}.

| | |
|---|---|
| vision tower | {vision}, {pack.frames} frames a video |
| model | {config.model.backbone}, width {config.model.width}, {config.model.layers} layers |
| text | {", ".join(config.table.text)}; at most {config.model.text_max} tokens, each a character |
| seed | {config.seed} |"""


def _figures(config: LabConfig, found: Calibration) -> str:
    rows = "\n".join(
        f"| {NAMES[m]} | {row['items']} | {row['leaf']:.3f} | {row['level 1']:.3f} | {row['published']:.3f} "
        f"| {row['error']:.3f} | {row['ece']:.3f} |"
        for m, row in found.figures.items()
    )
    return f"""## Figures

The exported graphs, with embeddings in 16 bits as the platform keeps them, on held-out items that nothing was fitted
on. A label that the training side lacks counts as wrong.

| input | items | leaf | level 1 | published | of these wrong | calibration error |
|---|---|---|---|---|---|---|
{rows}

{fill(_fitted(config, found), 120)}"""


def _fitted(config: LabConfig, found: Calibration) -> str:
    never = "; ".join(f"{NAMES[m]} ({why})" for m, why in found.never.items())
    if isinstance(found.rule, Never):
        return f"Everything goes to review: {never}."
    sentences = (
        f"Published: leaf probability at or above {found.rule.at}. Temperatures and threshold were fitted on the",
        "other half of the held-out items: there, with a video (without one, where no answer to a video is sure), the",
        f"true share of wrong ones among the published is above {config.pack.error_max:g} with a probability of",
        f"{RISK:g} at most.",
        *([f"Never published: {never}."] if never else []),
    )
    return " ".join(sentences)


def _limits(config: LabConfig) -> str:
    prior = ["- The author prior of the run is not in the pack: the platform has none."] if config.prior.kappa else []
    return "\n".join(
        [
            "## Limits",
            "",
            "- The figures hold for videos like those of the table, and of the days and authors that it is about.",
            *prior,
        ]
    )
