"""A trained tagger as a pack that the platform serves: its graphs, its taxonomy, its calibration, its card."""

import tempfile
from pathlib import Path

import numpy as np
import torch

from ...chinese_clip.graphs.export_towers import export_vision
from ...metrics.calibration import softmax
from ...packs.export import session
from ...packs.files import write_whole
from ...packs.folders import PackFolders, assert_free, write_model, write_pack
from ...packs.manifests import ModelFolder, Pack, squash
from ...taggers.seeing import Seeing
from ...taggers.tagger import Tagger
from ..config import LabConfig
from ..data.prepared import Prepared
from ..data.videos import VisionTower
from ..options import LabRefusedError
from . import pack_taxonomy
from .pack_calibration import calibrated
from .pack_card import card
from .served_tagger import Served, character_tokenizer, export_fusion, export_text

DIFFERENCE_MAX = 1e-4
COMPARED = 64


def write(tagger: Tagger, data: Prepared, config: LabConfig) -> tuple[str, str]:
    """@returns the pack's name/version, and what to know of it. Nothing is visible before it is whole.

    @raises LabRefusedError, ImportRefusedError where the pack exists
    """
    pack = config.pack
    _refuse_what_cannot_be_served(config, data)
    folders = PackFolders(Path(pack.models), Path(pack.taxonomies), pack.version)
    assert_free(folders, pack.name)
    file = folders.taxonomies / f"{pack.taxonomy_ref}.yaml"
    made, ids = pack_taxonomy.made_of(list(data.tree.paths), pack.taxonomy_ref, pack.facet)
    paths = [data.tree.paths[leaf] for leaf in data.tree.leaves]
    if file.exists():
        leaves = pack_taxonomy.leaf_ids(pack_taxonomy.read(file), paths, pack.facet, file)
    else:
        leaves = [ids[path] for path in paths]
    with tempfile.TemporaryDirectory(prefix="reeltag-export-") as scratch:
        models, served = _graphs(tagger, data, config, Path(scratch))
        _assert_same_answers(tagger, served, data, config)
        found = calibrated(served, data, pack.error_max, pack.frames)
        files = [path for model in models.values() for path in write_model(folders, model)]
        if "vision" not in models:
            files += sorted((folders.models / pack.vision).iterdir())
        if not file.exists():
            write_whole(file, pack_taxonomy.written(made).encode())
        refs = {"vision": pack.vision} | {role: f"{model.name}/{pack.version}" for role, model in models.items()}
        manifest = Pack(
            pack.name, pack.version, refs, pack.frames, pack.taxonomy_ref, {pack.facet: found.facet(leaves)}
        )
        write_pack(folders, manifest, [*files, file], {"CARD.md": card(config, data, found, refs["vision"])})
    return f"{pack.name}/{pack.version}", found.summary()


def _refuse_what_cannot_be_served(config: LabConfig, data: Prepared) -> None:
    pack, table = config.pack, config.table
    if not pack.name:
        raise LabRefusedError("pack.name is empty: name the pack that export is to make")
    if len(data.leaf_paths) < 2:
        raise LabRefusedError("the items have one class: a pack has two leaves at least to choose from")
    if table.tokens != "characters":
        raise LabRefusedError("table.tokens: the platform has no segmenter; train with characters for a pack")
    if len(table.text) > 1 and not table.joined:
        raise LabRefusedError("table.joined is false: the platform reads a content's texts as one; train as it serves")
    if pack.frames > config.model.frames_max:
        raise LabRefusedError(f"pack.frames {pack.frames} is above model.frames_max {config.model.frames_max}")


def sees(data: Prepared) -> bool:
    """Whether there were frames to learn from."""
    return any(item.frames for item in data.train)


def _graphs(tagger: Tagger, data: Prepared, config: LabConfig, scratch: Path) -> tuple[dict[str, ModelFolder], Served]:
    """Models by their role in the pack. Of the vision tower only one that was handed over, and so is the run's own."""
    pack, length_max = config.pack, config.model.text_max
    about = pack.licence, f"{len(data.train)} items of {Path(config.table.file).name}", {}
    vision, text, fusion, words = (scratch / name for name in ("v.onnx", "t.onnx", "f.onnx", "tokenizer.json"))
    models = {}
    if isinstance(tagger.backbone, Seeing):
        side, width = tagger.backbone.side, tagger.backbone.width
        shapes = export_vision(tagger.backbone.tower, side, width, vision)
        models["vision"] = ModelFolder(f"{pack.name}-vision", "vision-encoder", vision, shapes, squash(side), *about)
    else:
        # A run that has seen no frames has its own idea of their width; the platform has the tower's.
        width = _width_of_tower(config, data)
    text_shapes = export_text(tagger, text)
    fusion_shapes = export_fusion(tagger, pack.facet, width, sees(data), fusion)
    character_tokenizer(data.vocabulary).save(str(words), pretty=False)
    reading = {"id": f"characters-{length_max}", "tokenizer": words.name, "lengthMax": length_max}
    models["text"] = ModelFolder(f"{pack.name}-text", "text-encoder", text, text_shapes, reading, *about, (words,))
    models["fusion"] = ModelFolder(f"{pack.name}-fusion", "fusion-head", fusion, fusion_shapes, {"id": "none"}, *about)
    seeing = session(vision) if "vision" in models else None
    return models, Served.load(text, fusion, words, length_max, pack.facet, width, seeing)


def _width_of_tower(config: LabConfig, data: Prepared) -> int:
    pack = config.pack
    tower = VisionTower.load(Path(pack.models), pack.vision)
    if sees(data) and tower.width != data.frame_width:
        width = f"{pack.vision} gives frames of width {tower.width}, the run was trained on {data.frame_width}"
        raise LabRefusedError(f"pack.vision: {width}; name the tower that made them, or have table.video embedded")
    return tower.width


def _assert_same_answers(tagger: Tagger, served: Served, data: Prepared, config: LabConfig) -> None:
    items = data.held_out[:COMPARED]
    with torch.no_grad():
        wanted_NL = tagger.eval()(data.inputs(items, config.model.text_max, config.pack.frames))[1].softmax(-1).numpy()
    given_NL = softmax(served.logits(items, config.pack.frames, stored=False))
    difference = float(np.abs(given_NL - wanted_NL).max())
    if not difference <= DIFFERENCE_MAX:
        raise LabRefusedError(f"the graphs differ from the model by {difference:.1e}, more than {DIFFERENCE_MAX}")
