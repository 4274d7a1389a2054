"""CARD.md and figures.json of the starter pack, from what was measured."""

import textwrap

from ..art.families import STYLES
from ..corpus.motion import FACETS
from ..packs.policy import Never, Publish, Threshold, common_rule
from ..words.titles import CHINESE_SHARE, MIX
from ..words.tree import leaves, tree
from .figures.evaluate import COUNT, MODALITIES, SEEDS
from .figures.judge import ERROR_MAX, Candidate, paired_difference
from .figures.measure_motion import COUNT as MOTION_COUNT
from .figures.measure_motion import ERROR_MAX as MOTION_ERROR_MAX
from .pack import VERSION

_ART = {
    "calibrate": "Fluent Emoji (fusion and calibration fitted on it)",
    "test": "**Twemoji** (nothing learnt from it)",
    "evaluate": "OpenMoji (nothing learnt from it)",
}
STYLE_NAMES = {"calibrate": "Fluent Emoji", "test": "Twemoji", "evaluate": "OpenMoji"}
_INPUT = {"both": "video and title", "video": "video only", "text": "title only"}


def measured(best: Candidate, tried: dict[str, Candidate], training: dict) -> dict:
    """figures.json, from which the card is written."""
    return {
        "count": COUNT,
        "fusion": best.fusion,
        "precision": best.precision,
        "publishAt": _threshold(common_rule(best.publish)),
        "temperature": best.temperature,
        "figures": _rows(best),
        "tried": {name: _rows(candidate) for name, candidate in tried.items()},
        "crossOverProduct": {
            role: paired_difference(tried["product"].right[role], tried["starter-fusion"].right[role])
            for role in ("test", "evaluate")
        },
        "motion": {
            "count": MOTION_COUNT,
            "temperature": best.motion_temperature,
            "publishAt": _threshold(best.motion_publish),
            "figures": best.motion,
            "fp32": tried[best.fusion].motion,
        },
        "training": training,
    }


def _threshold(rule: Publish) -> float:
    match rule:
        case Never(because):
            raise ValueError(f"the starter would publish nothing: {because}")
        case Threshold(at):
            return at


def _rows(candidate: Candidate) -> dict:
    return {role: {m: candidate.figures[role][m].row() for m in MODALITIES} for role in candidate.figures}


def card(figures: dict) -> str:
    """The card's text, from figures.json alone: a test holds the two together."""
    parts = [
        _head(),
        _data(),
        _training(figures),
        _table(figures),
        _fusion(figures),
        _motion(figures),
        _limits(figures),
    ]
    blocks = "\n\n".join(parts).split("\n\n")
    return "\n\n".join(block if block[0] in "|#-" else textwrap.fill(block, 120) for block in blocks) + "\n"


def _head() -> str:
    subs = sum(len(group["children"]) for group in tree())
    return f"""# Starter pack {VERSION}

The smallest tagger that is honest: a vision tower, a text encoder and a fusion head, trained on drawn scenes in
minutes, so that the platform does real work on a fresh machine. It names one of {len(leaves())} things in {subs} subgroups and
{len(tree())} groups, in Chinese and English. It knows icons, not photographs: expect little of it on filmed video.

Licence of the models: Apache-2.0."""


def _data() -> str:
    use = {
        "train": "vision tower",
        "calibrate": "fusion, temperature, threshold",
        "test": "measured only",
        "evaluate": "measured only",
    }
    rows = "\n".join(f"| {s.credit} | `@iconify-json/{s.package}` | {s.licence} | {use[s.role]} |" for s in STYLES)
    mix = ", ".join(f"{kind} {share:.0%}" for kind, share in MIX.items())
    return f"""## Data

Icon art, one drawing as the subject of a moving scene with clutter, small distractors and the traces of a camera:

| art | package | licence of the art | used for |
|---|---|---|---|
{rows}

No share-alike art was trained, fused or calibrated on. FxEmojis: the package says Apache-2.0; upstream puts the
drawings under CC BY 4.0, which is what this card goes by. The CC BY art is credited above; it was changed (recoloured,
bent, composed into scenes) and is not contained in the pack.

Titles: hand-written templates around the tree's names and Unicode CLDR keywords (`emojibase-data`, MIT and Unicode
licence), {CHINESE_SHARE:.0%} Chinese. Pinned mix: {mix}.
*Two* names a second thing, *wrong* names another thing only. Titles that are measured use templates that training does
not."""


def _training(figures: dict) -> str:
    vision, text, fusion, motion = (figures["training"][part] for part in ("vision", "text", "fusion", "motion"))
    precision = ", ".join(f"{name.removeprefix('starter-')} {kind}" for name, kind in figures["precision"].items())
    seeds = ", ".join(f"{STYLE_NAMES[role]} {seed}" for role, seed in SEEDS.items())
    rounds = "; ".join(f"{r['images']:,} images, rate {r['rate']}, seed {r['seed']}" for r in vision["rounds"])
    return f"""## Training

- Vision tower: residual network of width {vision["model"]["width"]} (Chinese-CLIP's RN shape), {vision["images"]:,} images seen,
  {vision["minutes"]:.0f} minutes on one thread of a shared two-core machine. Rounds: {rounds}.
  Easy scenes first, 64 pixels, then 96. On two free cores everything takes about 50 minutes, by estimate: 240 images a
  second and thread at 64 pixels, 128 at 96.
- Text encoder: BERT shape, two layers of 128, own WordPiece vocabulary; {text["titles"]:,} titles, seed {text["seed"]}.
- Fusion head: {fusion["steps"]:,} steps of {fusion["batch"]} on clips of Fluent Emoji, seed {fusion["seed"]}; towers frozen.
- Place grid and motion head: {motion["steps"]:,} steps of {motion["batch"]} on {motion["clips"]:,} clips in the vision tower's art, seed {motion["seed"]}.
- Export: ONNX opset 17; {precision}. Evaluation seeds: {seeds}.

`npm run train:starter` does all of it again."""


def _table(figures: dict) -> str:
    lines = []
    for role, art in _ART.items():
        for modality in MODALITIES:
            f = figures["figures"][role][modality]
            lines.append(
                f"| {art} | {_INPUT[modality]} | {f['leaf']:.3f} | {f['level1']:.3f} | {f['ece']:.3f} "
                f"| {f['coverage']:.3f} | {f['error']:.3f} |"
            )
    rows = "\n".join(lines)
    temperatures = ", ".join(f"{_INPUT[m]} {t}" for m, t in figures["temperature"].items())
    return f"""## Figures

The shipped ONNX graphs on {figures["count"]} clips of four frames an art family (title only: the clips that have a title). One run,
one seed: a difference below 0.03 between two rows says nothing. Twemoji was looked at while training and when the number
of fusion steps and the fusion head were chosen, so its rows with both inputs flatter a little. Published: leaf probability at or above `publishAt` {figures["publishAt"]}.

| art | input | leaf | level 1 | calibration error | published | of these wrong |
|---|---|---|---|---|---|---|
{rows}

`publishAt` is the lowest threshold at which at most {ERROR_MAX:.0%} of the published leaf tags are wrong on Fluent Emoji, with
video and title and with video alone; the Twemoji rows show what becomes of that on art nobody fitted. Temperatures
({temperatures}) are those of least negative log-likelihood, except
the one for a title alone: it is raised until that input keeps to the threshold too, since a title that lies reads like
one that does not. That costs it calibration."""


def _fusion(figures: dict) -> str:
    names = {"product": "product of the two experts", "starter-fusion": "cross-attention"}
    rows = "\n".join(
        f"| {label} | {figures['tried'][key]['test']['both']['leaf']:.3f} | {figures['tried'][key]['evaluate']['both']['leaf']:.3f} |"
        for key, label in names.items()
    )
    gain = figures["crossOverProduct"]
    fp32, int8 = figures["tried"][figures["fusion"]]["test"], figures["tried"]["int8"]["test"]
    return f"""## Fusion

Cross-attention bends the product of the two experts, starting from it. Video and title, leaf accuracy, fp32:

| head | Twemoji | OpenMoji |
|---|---|---|
{rows}

Clip by clip, cross-attention gains {gain["test"][0]:+.3f} ± {gain["test"][1]:.3f} on Twemoji and {gain["evaluate"][0]:+.3f} ± {gain["evaluate"][1]:.3f} on OpenMoji (mean and standard
error). Shipped: **{names[figures["fusion"]]}**.

INT8 beside fp32, Twemoji, leaf: video and title {int8["both"]["leaf"]:.3f} beside {fp32["both"]["leaf"]:.3f}, video
only {int8["video"]["leaf"]:.3f} beside {fp32["video"]["leaf"]:.3f}."""


def _motion(figures: dict) -> str:
    motion = figures["motion"]
    art = {"calibrate": "Fluent Emoji (calibrated on it)", "test": "Twemoji", "evaluate": "OpenMoji"}
    rows = "\n".join(
        f"| {name} | "
        + " | ".join(f"{motion['figures'][role][key]:.3f}" for key in ("pairs", *FACETS, "published", "error"))
        + " |"
        for role, name in art.items()
    )
    heads = " | ".join(("pairs", *FACETS, "published", "of these wrong"))
    return f"""## Motion

A second facet with several labels, advisory: a motion that is sure enough is published beside the subject, and none calls
a reviewer. Where things are is told by 4 × 4 cells of each frame; the head compares every frame with every later one, so
that a clip and its reversal get opposite scores and a single frame none. {motion["count"]} clips of four frames an art family,
drawn as the made corpus draws them; *pairs*: how often a clip scores higher than its own reversal in the direction that it
has, chance being 0.5. Published: probability at or above {motion["publishAt"]}, at which at most {MOTION_ERROR_MAX:.0%} are wrong on Fluent Emoji; the share is of
the motions that are there. In fp32, Twemoji has {motion["fp32"]["test"]["pairs"]:.3f} in pairs.

| art | {heads} |
|---|{"---|" * (len(FACETS) + 3)}
{rows}"""


def _limits(figures: dict) -> str:
    title = figures["figures"]["test"]["text"]
    return f"""## Limits

- Flat icons on synthetic grounds are all that the vision tower has seen. Photographs and film are out of its world, and
  its confidence there means nothing.
- The figures move with the mix of titles; yours is another. With a title alone {1 - title["leaf"]:.0%} are wrong here, since a fifth
  says nothing and a tenth lies.
- Four frames are few: an event between two of them is not seen, and motion was learnt from drawn clips in which one
  subject moves; a moving camera, which every film has, was never told apart from a moving subject.
- The names are of things that have an emoji; people, flags and symbols are left out on purpose."""
