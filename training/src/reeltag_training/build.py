"""From a trained vision tower to the committed pack: text, fusion, export, INT8, calibration, card.

python -m reeltag_training.build --name starter
"""

import argparse
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch

from .card import write_card
from .clips import compose_clips
from .evaluate import MODALITIES, EvaluationSet, evaluation_set, measure, rows_for, run
from .export import export, quantise_dynamic, quantise_static
from .families import Role, packages
from .fusion import FusionHead, TitleExpert
from .measure import fit_temperature, fit_threshold, softmax
from .pack import (
    ModelFacts,
    fusion_shapes,
    model_folder,
    text_shapes,
    vision_shapes,
    write_model,
    write_pack,
    write_taxonomy,
)
from .paths import CACHE
from .served import Served, folder_in
from .text import TextEncoder
from .train_fusion import FusionTraining, assemble, frame_features, train_fusion
from .train_text import TextTraining, train_text
from .train_vision import probe_set
from .tree import leaves, level_indices
from .vision import ServedVisionTower, VisionClassifier, VisionConfig
from .wordpiece import LENGTH_MAX, build_tokenizer

ERROR_MAX = 0.10
FUSION_CLIPS, FUSION_SEED = 4096, 100
VISION_DATA = (
    "Moving scenes composed at random from icon art: noto and noto-v1 (Apache-2.0), EmojiOne 2 (CC BY 4.0), FxEmojis "
    "(CC BY 4.0), Streamline Emojis (CC BY 4.0), IconPark and Material Design Icons (Apache-2.0), Phosphor and Tabler "
    "(MIT). No share-alike art. See the pack's CARD.md."
)
TEXT_DATA = "Synthetic Chinese and English titles from hand-written templates, the tree's names and Unicode CLDR keywords."
FUSION_DATA = "Clips of Fluent Emoji (MIT), an art family that the vision tower has not seen, with synthetic titles."


@dataclass(frozen=True)
class Parts:
    vision: VisionClassifier
    facts: dict
    encoder: TextEncoder
    expert: TitleExpert


def load_vision(name: str) -> tuple[VisionClassifier, dict]:
    folder = CACHE / "runs" / name
    facts = json.loads((folder / "vision.json").read_text())
    subs, groups = level_indices()
    model = VisionClassifier(VisionConfig(**facts["model"]), len(leaves()), int(subs.max()) + 1, int(groups.max()) + 1)
    model.load_state_dict(torch.load(folder / "vision.pt"))
    return model.eval(), facts


def load_text(name: str, config: TextTraining) -> tuple[TextEncoder, TitleExpert]:
    file = CACHE / "runs" / name / f"text-{config.titles}.pt"
    if not file.exists():
        torch.save(train_text(config), file)
    encoder, expert = torch.load(file, weights_only=False)
    return encoder.eval(), expert.eval()


def export_vision(model: VisionClassifier, folder: Path) -> None:
    """fp32 beside static INT8; `build` keeps the one that passes the gate."""
    frames = torch.zeros(2, 96, 96, 3, dtype=torch.uint8)
    tower = ServedVisionTower(model.tower).to(memory_format=torch.contiguous_format)
    export(tower, (frames,), {"frames": {0: "n"}}, {"embeddings": {0: "n"}}, folder / "fp32" / "model.onnx")
    (folder / "int8").mkdir(parents=True, exist_ok=True)
    ranges = probe_set("train", 512, 96, 17)[0]
    quantise_static(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx", ranges)


def export_text(encoder: TextEncoder, folder: Path) -> None:
    ids = torch.ones(2, 7, dtype=torch.long)
    axes = {0: "n", 1: "t"}
    inputs = {"input_ids": axes, "attention_mask": axes}
    export(encoder, (ids, ids), inputs, {"tokens": axes}, folder / "fp32" / "model.onnx")
    (folder / "int8").mkdir(parents=True, exist_ok=True)
    quantise_dynamic(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx")


def export_fusion(head: FusionHead, folder: Path) -> None:
    example = (torch.randn(2, 4, 192), torch.ones(2, 4), torch.randn(2, 7, 128), torch.ones(2, 7))
    frame_axes, text_axes = {0: "n", 1: "f"}, {0: "n", 1: "t"}
    inputs = {"frames": frame_axes, "frame_mask": frame_axes, "text_tokens": text_axes, "text_mask": text_axes}
    export(head, example, inputs, {"logits_subject": {0: "n"}}, folder / "fp32" / "model.onnx")
    (folder / "int8").mkdir(parents=True, exist_ok=True)
    quantise_dynamic(folder / "fp32" / "model.onnx", folder / "int8" / "model.onnx")


def ship(name: str, precision: dict[str, str], metrics: dict[str, dict]) -> None:
    folder = CACHE / "runs" / name
    graph = lambda model: folder / model / precision[model] / "model.onnx"
    tokenizer = folder / "tokenizer.json"
    build_tokenizer().save(str(tokenizer), pretty=False)
    wordpiece = {"id": f"wordpiece-{LENGTH_MAX}", "tokenizer": "tokenizer.json", "lengthMax": LENGTH_MAX}
    squash = {"id": "squash-bicubic-96", "size": 96}
    for facts in (
        ModelFacts("starter-vision", "vision-encoder", *vision_shapes(), squash, VISION_DATA, metrics["starter-vision"]),
        ModelFacts("starter-text", "text-encoder", *text_shapes(), wordpiece, TEXT_DATA, metrics["starter-text"], [tokenizer]),
        ModelFacts("starter-fusion", "fusion-head", *fusion_shapes(), {"id": "none"}, FUSION_DATA, metrics["starter-fusion"]),
    ):
        write_model(facts, graph(facts.name))


def calibrate(logits: dict[str, np.ndarray], items: EvaluationSet) -> tuple[dict[str, float], float]:
    """One temperature a modality, and one threshold for all, from clips of the held-out family."""
    temperature, confidence, right = {}, [], []
    for modality in MODALITIES:
        rows = rows_for(modality, items)
        own, labels = logits[modality][rows], items.clips.labels[rows]
        temperature[modality] = fit_temperature(own, labels)
        p = softmax(own / temperature[modality])
        if modality == "both":
            confidence, right = p.max(1), p.argmax(1) == labels
    return temperature, fit_threshold(confidence, right, ERROR_MAX)


def serve(name: str, precision: dict[str, str], fusion: str = "starter-fusion") -> Served:
    folder = CACHE / "runs" / name
    own = {"starter-fusion": fusion}
    tokenizer_at = folder / "starter-text" / precision["starter-text"] / "tokenizer.json"
    build_tokenizer().save(str(tokenizer_at))
    return Served.load(lambda model: folder_in(folder)(own.get(model, model)) / precision[model])


@dataclass(frozen=True)
class Candidate:
    """One way to serve: which fusion, which precision, and what it scores."""

    fusion: str
    precision: dict[str, str]
    temperature: dict[str, float]
    publish_at: float
    figures: dict[Role, dict]


def judge(name: str, fusion: str, precision: dict[str, str], sets: dict[Role, EvaluationSet]) -> Candidate:
    served = serve(name, precision, fusion)
    logits = {role: run(served, items) for role, items in sets.items()}
    temperature, publish_at = calibrate(logits["calibrate"], sets["calibrate"])
    marks = {role: measure(logits[role], items, temperature, publish_at) for role, items in sets.items()}
    print(fusion, precision, temperature, publish_at, {r: {m: f.row() for m, f in x.items()} for r, x in marks.items()}, flush=True)
    return Candidate(fusion, precision, temperature, publish_at, marks)


FP32 = {"starter-vision": "fp32", "starter-text": "fp32", "starter-fusion": "fp32"}
INT8 = {"starter-vision": "int8", "starter-text": "int8", "starter-fusion": "int8"}
# Accuracy that INT8 may cost, as a share.
INT8_LOSS_MAX = 0.01


def build_parts(name: str, text: TextTraining, fusion: FusionTraining) -> Parts:
    vision, facts = load_vision(name)
    encoder, expert = load_text(name, text)
    clips = compose_clips(packages("calibrate"), range(FUSION_CLIPS), FUSION_SEED)
    features = frame_features(vision, clips)
    folder = CACHE / "runs" / name
    export_vision(vision, folder / "starter-vision")
    export_text(encoder, folder / "starter-text")
    export_fusion(assemble(vision, expert, cross=False), folder / "product")
    crossed = train_fusion(assemble(vision, expert, cross=True), encoder, features, clips.labels, fusion)
    export_fusion(crossed, folder / "starter-fusion")
    return Parts(vision, facts, encoder, expert)


def choose(name: str) -> tuple[Candidate, dict[str, Candidate]]:
    """The better fusion in fp32, then INT8 if it loses no more than allowed; all figures are kept for the card."""
    sets: dict[Role, EvaluationSet] = {role: evaluation_set(role) for role in ("calibrate", "test", "evaluate")}
    score = lambda c: c.figures["test"]["both"].leaf
    tried = {fusion: judge(name, fusion, FP32, sets) for fusion in ("product", "starter-fusion")}
    best = max(tried.values(), key=score)
    small = judge(name, best.fusion, INT8, sets)
    tried["int8"] = small
    loss = max(
        best.figures[r][m].leaf - small.figures[r][m].leaf for r in ("calibrate", "test") for m in ("both", "video")
    )
    print(f"INT8 costs {loss:.4f}")
    if loss > INT8_LOSS_MAX:
        small = judge(name, best.fusion, INT8 | {"starter-vision": "fp32"}, sets)
        tried["int8"] = small
    return small, tried


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
        "starter-fusion": {"twemojiBothLeaf": round(test["both"].leaf, 4), "twemojiBothLevel1": round(test["both"].level1, 4)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--name", default="starter")
    parser.add_argument("--titles", type=int, default=TextTraining.titles)
    parser.add_argument("--fusion-steps", type=int, default=FusionTraining.steps)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    text, fusion = TextTraining(titles=options.titles), FusionTraining(steps=options.fusion_steps)
    parts = build_parts(options.name, text, fusion)
    best, tried = choose(options.name)
    folder = CACHE / "runs" / options.name
    if best.fusion == "product":
        (folder / "starter-fusion").rename(folder / "cross-attention")
        (folder / "product").rename(folder / "starter-fusion")
    write_taxonomy()
    ship(options.name, best.precision, manifest_metrics(best, parts.facts))
    write_pack(best.temperature, best.publish_at)
    training = {"vision": parts.facts, "text": asdict(text), "fusion": asdict(fusion)}
    write_card(best, tried, training)
    size = sum(f.stat().st_size for n in INT8 for f in model_folder(n).iterdir())
    print(f"packed: {size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
