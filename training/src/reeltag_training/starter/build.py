"""From a trained vision tower to the committed pack: text, fusion, export, INT8, calibration, card.

python -m reeltag_training.starter.build --name starter
"""

import argparse
from dataclasses import asdict
from pathlib import Path

import torch

from ..art.clips import SIDE, compose_clips
from ..art.families import packages
from ..packs.files import json_text
from ..packs.folders import write_model, write_pack
from ..packs.manifests import ModelFolder, squash
from ..paths import CACHE
from ..words.wordpiece import LENGTH_MAX, build_tokenizer
from .card import card, measured
from .export_models import export_fusion, export_text, export_vision, range_streams, title_batches
from .figures.judge import INT8, Candidate, choose
from .models.fusion import FusionHead, ServedFusion, TitleExpert
from .models.text import TextEncoder
from .models.vision import ServedVisionTower
from .pack import (
    FOLDERS,
    LICENCE,
    fusion_shapes,
    model_folder,
    packed_files,
    starter_pack,
    text_shapes,
    vision_shapes,
    write_taxonomy,
)
from .train_vision import load as load_vision
from .training.train_fusion import FusionTraining, assemble, served_frames, train_fusion
from .training.train_motion import MotionTraining, train_motion
from .training.train_text import TextTraining, train_text

FUSION_SEED = 100
VISION_DATA = (
    "Moving scenes composed at random from icon art: noto and noto-v1 (Apache-2.0), EmojiOne 2 (CC BY 4.0), FxEmojis "
    "(CC BY 4.0), Streamline Emojis (CC BY 4.0), IconPark and Material Design Icons (Apache-2.0), Phosphor and Tabler "
    "(MIT). No share-alike art. See the pack's CARD.md."
)
TEXT_DATA = (
    "Synthetic Chinese and English titles from hand-written templates, the tree's names and Unicode CLDR keywords."
)
FUSION_DATA = (
    "Clips of Fluent Emoji (MIT), an art family that the vision tower has not seen, with synthetic titles; motion from "
    "clips in the vision tower's own art."
)


def load_text(name: str, config: TextTraining, reuse: bool) -> tuple[TextEncoder, TitleExpert]:
    file = CACHE / "runs" / name / f"text-{config.titles}.pt"
    if not (reuse and file.exists()):
        torch.save(train_text(config), file)
    encoder, expert = torch.load(file, weights_only=False)
    return encoder.eval(), expert.eval()


def ship(name: str, best: Candidate, metrics: dict[str, dict]) -> None:
    folder = CACHE / "runs" / name

    def graph(model: str) -> Path:
        source = best.fusion if model == "starter-fusion" else model
        return folder / source / best.precision[model] / "model.onnx"

    tokenizer = folder / "tokenizer.json"
    build_tokenizer().save(str(tokenizer), pretty=False)
    wordpiece = {"id": f"wordpiece-{LENGTH_MAX}", "tokenizer": "tokenizer.json", "lengthMax": LENGTH_MAX}

    def model(name: str, kind: str, shapes, preprocessing: dict, data: str, *files: Path) -> ModelFolder:
        return ModelFolder(name, kind, graph(name), shapes, preprocessing, LICENCE, data, metrics[name], files)

    for made in (
        model("starter-vision", "vision-encoder", vision_shapes(), squash(SIDE), VISION_DATA),
        model("starter-text", "text-encoder", text_shapes(), wordpiece, TEXT_DATA, tokenizer),
        model("starter-fusion", "fusion-head", fusion_shapes(), {"id": "none"}, FUSION_DATA),
    ):
        write_model(FOLDERS, made, replace=True)


def build_parts(
    name: str, text: TextTraining, fusion: FusionTraining, motion: MotionTraining, reuse_text: bool
) -> None:
    vision, facts = load_vision(name)
    encoder, expert = load_text(name, text, reuse_text)
    place, motion_head = train_motion(vision, facts["model"]["width"], motion)
    tower, seen = ServedVisionTower(vision.tower, place).eval(), facts["model"]["embedding"]
    clips = compose_clips(packages("calibrate"), range(fusion.clips), FUSION_SEED, fusion.scene)
    frames_NFE = served_frames(tower, clips)
    texts = title_batches()
    streams = range_streams(encoder, texts, frames_NFE)
    folder = CACHE / "runs" / name

    def export_head(subject: FusionHead, to: str) -> None:
        export_fusion(ServedFusion(subject, seen, motion_head).eval(), streams, folder / to)

    export_vision(tower, folder / "starter-vision")
    export_text(encoder, texts, folder / "starter-text")
    export_head(assemble(vision, expert, cross=False), "product")
    crossed = assemble(vision, expert, cross=True)
    export_head(train_fusion(crossed, encoder, frames_NFE[..., :seen], clips.labels, fusion), "starter-fusion")


def manifest_metrics(best: Candidate, facts: dict) -> dict[str, dict]:
    test = best.figures["test"]
    return {
        "starter-vision": {
            "imagesSeen": facts["images"],
            "twemojiVideoLeaf": round(test["video"].leaf, 4),
            "twemojiVideoLevel1": round(test["video"].level1, 4),
            "openmojiVideoLeaf": round(best.figures["evaluate"]["video"].leaf, 4),
        },
        "starter-text": {"titleOnlyLeaf": round(test["text"].leaf, 4)},
        "starter-fusion": {
            "twemojiBothLeaf": round(test["both"].leaf, 4),
            "twemojiBothLevel1": round(test["both"].level1, 4),
            "twemojiMotionPairs": best.motion["test"]["pairs"],
        },
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="starter")
    parser.add_argument("--titles", type=int, default=TextTraining.titles)
    parser.add_argument("--fusion-steps", type=int, default=FusionTraining.steps)
    parser.add_argument("--motion-clips", type=int, default=MotionTraining.clips)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--measure-only", action="store_true", help="judge and pack what an earlier build exported")
    parser.add_argument("--reuse-text", action="store_true", help="take the text encoder of an earlier build")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    text, fusion = TextTraining(titles=options.titles), FusionTraining(steps=options.fusion_steps)
    motion = MotionTraining(clips=options.motion_clips)
    if not options.measure_only:
        build_parts(options.name, text, fusion, motion, options.reuse_text)
    facts = load_vision(options.name)[1]
    best, tried = choose(options.name)
    write_taxonomy()
    ship(options.name, best, manifest_metrics(best, facts))
    training = {"vision": facts, "text": asdict(text), "fusion": asdict(fusion), "motion": asdict(motion)}
    figures = measured(best, tried, training)
    texts = {"figures.json": json_text(figures), "CARD.md": card(figures)}
    pack = starter_pack(best.temperature, best.publish, (best.motion_temperature, best.motion_publish))
    write_pack(FOLDERS, pack, packed_files(FOLDERS), texts, replace=True)
    size = sum(f.stat().st_size for n in INT8 for f in model_folder(n).iterdir())
    print(f"packed: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
