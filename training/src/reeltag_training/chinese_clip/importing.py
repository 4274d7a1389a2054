"""From a checkpoint to a pack: read, export, convert, gate, make the classifier, write."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from tokenizers import Tokenizer

from ..packs.files import parts_of
from ..packs.folders import PackFolders, assert_free, write_model, write_pack
from ..packs.hashing import check_sha256, sha256_of
from ..packs.manifests import ModelFolder, Pack, squash
from ..packs.policy import Facet
from ..packs.refusal import ImportRefusedError
from .card import CardFacts, card
from .frames import clip_frames
from .graphs.gates import Exactness, gate
from .graphs.precision import to_fp16, to_int8
from .graphs.towers import Towers, embed_frames, embed_texts, open_session, pad, write_graph
from .prompts import TaxonomyPrompts, read_prompts
from .published.source import Source, open_source
from .tokens import build_tokenizer, encode, read_vocabulary
from .towers.sizes import SIZES, TEXT_LENGTH_MAX, ClipConfig
from .zero_shot import IMAGE_WEIGHT, build_head, head_shapes, leaf_weights

TRAINING_DATA = (
    "Pairs of pictures and Chinese texts of the web, as the authors of Chinese-CLIP describe; not seen here."
)
_TEXTS_MAX = 256


@dataclass(frozen=True)
class ImportRequest:
    checkpoint: Path
    folders: PackFolders
    cache: Path
    calibration: Path
    size: str | None = None
    layout: str = "auto"
    precision: str = "fp32"
    resolution: int | None = None
    sha256: str | None = None
    vocabulary: Path | None = None
    taxonomy: str = "starter/1"
    image_weight: float = IMAGE_WEIGHT
    frames: int = 4
    name: str | None = None
    licence: str = "not stated by the checkpoint; see where it was published"
    sizes: tuple[ClipConfig, ...] = tuple(SIZES.values())

    @property
    def vocabulary_file(self) -> Path:
        return self.vocabulary or self.checkpoint.with_name("vocab.txt")

    @property
    def taxonomy_file(self) -> Path:
        return self.folders.taxonomies / f"{self.taxonomy}.yaml"


Report = Callable[[str, str], None]


@dataclass(frozen=True)
class Imported:
    pack: str
    folder: Path
    exactness: dict[str, Exactness]


def import_clip(request: ImportRequest, report: Report) -> Imported:
    """@raises ImportRefusedError; nothing is visible under `models/` then but towers that passed their gates"""
    report("check", f"hashing {request.checkpoint.name}")
    digest = check_sha256(request.checkpoint, request.sha256)
    tokenizer = build_tokenizer(read_vocabulary(request.vocabulary_file))
    taxonomy = read_prompts(request.taxonomy_file)
    if taxonomy.ref != request.taxonomy:
        cause = f"{request.taxonomy_file} holds {taxonomy.ref}"
        raise ImportRefusedError("TAXONOMY_INVALID", cause, "Name the taxonomy as its file does")
    with tempfile.TemporaryDirectory(prefix="reeltag-import-") as scratch:
        report("read", "reading tensors")
        source = open_source(request, Path(scratch) / "fp32")
        base = f"chinese-clip-{source.config.name}" + ("" if request.precision == "fp32" else f"-{request.precision}")
        if request.resolution is not None:
            base += f"-at-{request.resolution}"
        name = request.name or f"{base}-{taxonomy.ref.split('/')[0]}"
        assert_free(request.folders, name)
        rows = [encode(tokenizer, text) for text in _texts(taxonomy)]
        frames = clip_frames(request.calibration, source.towers.side)
        towers = _convert(source.towers, request.precision, frames[0::2], rows[0::2], Path(scratch), report)
        report("gate", "comparing embeddings with the checkpoint's")
        exactness = _hold(source, towers, request.precision, frames[1::2], rows[1::2] or rows)
        report("prompts", f"embedding the sentences of {taxonomy.ref}")
        weights = leaf_weights(towers, tokenizer, taxonomy, _digest(towers.text), request.cache)
        report("write", f"writing {name}/{request.folders.version}")
        models = _models(request, source, towers, base, digest, exactness, _saved(tokenizer, Path(scratch)))
        head = Path(scratch) / "head" / "model.onnx"
        write_graph(build_head(towers, weights, request.image_weight), head)
        models.append(_head(request, towers, weights, head, name))
        files = [file for model in models for file in write_model(request.folders, model)]
        facts = _facts(request, source, taxonomy, name, digest, exactness)
        folder = write_pack(
            request.folders,
            _pack(request, name, models, taxonomy),
            [*files, request.taxonomy_file],
            {"CARD.md": card(facts)},
        )
    return Imported(f"{name}/{request.folders.version}", folder, exactness)


def _texts(taxonomy: TaxonomyPrompts) -> list[str]:
    """Every length and every leaf, spread; a title is often longer than a sentence about one thing."""
    texts = list(dict.fromkeys(t for facet in taxonomy.facets for ts in facet.leaves.values() for t in ts))
    step = max(1, len(texts) // _TEXTS_MAX)
    spread = texts[::step]
    return spread + ["，".join(spread[i : i + 6]) for i in range(0, min(len(spread), 48), 6)]


def _convert(towers: Towers, precision: str, frames: np.ndarray, rows: list, folder: Path, report: Report) -> Towers:
    if precision == "fp32":
        return towers
    made = replace(towers, vision=folder / "vision" / "model.onnx", text=folder / "text" / "model.onnx")
    report("convert", f"converting both towers to {precision}")
    if precision == "fp16":
        to_fp16(towers.vision, made.vision)
        to_fp16(towers.text, made.text)
        return made
    to_int8(towers.vision, made.vision, [{"frames": frames[i : i + 2]} for i in range(0, len(frames), 2)])
    to_int8(towers.text, made.text, [pad(rows[i : i + 8]) for i in range(0, len(rows), 8)])
    return made


def _hold(source: Source, towers: Towers, precision: str, frames: np.ndarray, rows: list) -> dict[str, Exactness]:
    found = embed_frames(open_session(towers.vision), frames)
    vision = gate("the vision tower", precision, source.embed_frames(frames), found)
    text = gate("the text tower", precision, source.embed_texts(rows), embed_texts(open_session(towers.text), rows))
    return {"vision": vision, "text": text}


def _digest(graph: Path) -> str:
    return "".join(sha256_of(part) for part in parts_of(graph))[:64]


def _saved(tokenizer: Tokenizer, folder: Path) -> Path:
    file = folder / "tokenizer.json"
    tokenizer.save(str(file), pretty=False)
    return file


def _models(request, source: Source, towers: Towers, base: str, digest: str, exactness: dict, tokenizer: Path):
    origin = {"source": request.checkpoint.name, "sourceSha256": digest, "layout": source.layout}

    def tower(role: str, graph: Path, shapes, preprocessing: dict, files=()) -> ModelFolder:
        metrics = origin | {"precision": request.precision} | exactness[role].row()
        return ModelFolder(
            f"{base}-{role}",
            f"{role}-encoder",
            graph,
            shapes,
            preprocessing,
            request.licence,
            TRAINING_DATA,
            metrics,
            files,
        )

    words = {"id": f"wordpiece-{TEXT_LENGTH_MAX}", "tokenizer": tokenizer.name, "lengthMax": TEXT_LENGTH_MAX}
    return [
        tower("vision", towers.vision, towers.vision_shapes(), squash(towers.side)),
        tower("text", towers.text, towers.text_shapes(), words, (tokenizer,)),
    ]


def _head(request: ImportRequest, towers: Towers, weights: dict, graph: Path, name: str) -> ModelFolder:
    return ModelFolder(
        f"{name}-head",
        "fusion-head",
        graph,
        head_shapes(towers, weights),
        {"id": "none"},
        request.licence,
        f"None: made from the sentences of {request.taxonomy}.",
        {"imageWeight": request.image_weight, "logitScale": round(towers.logit_scale, 4)},
    )


def _pack(request: ImportRequest, name: str, models: list[ModelFolder], taxonomy: TaxonomyPrompts) -> Pack:
    refs = [f"{model.name}/{request.folders.version}" for model in models]
    by_role = dict(zip(("vision", "text", "fusion"), refs, strict=True))
    because = "an imported pack is not calibrated"
    facets = {facet.id: Facet.unfitted(list(facet.leaves), because) for facet in taxonomy.facets}
    return Pack(name, request.folders.version, by_role, request.frames, taxonomy.ref, facets)


def _facts(request, source: Source, taxonomy: TaxonomyPrompts, name: str, digest: str, exactness: dict) -> CardFacts:
    return CardFacts(
        pack=f"{name} {request.folders.version}",
        size=source.config.name,
        source=request.checkpoint.name,
        source_sha256=digest,
        layout=source.layout,
        side=source.towers.side,
        precision=request.precision,
        exactness=exactness,
        taxonomy=taxonomy.ref,
        leaves={facet.id: len(facet.leaves) for facet in taxonomy.facets},
        sentences=sum(len(texts) for facet in taxonomy.facets for texts in facet.leaves.values()),
        image_weight=request.image_weight,
        licence=request.licence,
    )
