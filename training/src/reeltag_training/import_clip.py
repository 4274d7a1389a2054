"""Makes a served pack of a published Chinese-CLIP checkpoint and a taxonomy.

python -m reeltag_training.import_clip --checkpoint clip_cn_vit-b-16.pt --vocabulary vocab.txt --precision int8

Progress goes to standard error, or with --json to standard output, an object a line: {"kind": "progress", "step",
"detail"}, at last {"kind": "done", "pack", "folder", "exactness"} or {"kind": "refused", "code", "cause", "remedy"}.
Ends with 0, or with 1 where the import was refused.
"""

import argparse
import json
import sys
import warnings
from pathlib import Path

from .chinese_clip.importing import ImportRequest, import_clip
from .chinese_clip.towers.sizes import SIZES, ClipConfig
from .chinese_clip.zero_shot import IMAGE_WEIGHT
from .packs.folders import PackFolders
from .packs.refusal import ImportRefusedError
from .paths import CACHE, MODELS, SAMPLES, TAXONOMIES


def parse(arguments: list[str] | None, sizes: dict[str, ClipConfig]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    add = parser.add_argument
    add("--checkpoint", type=Path, required=True, help=".pt, .bin, .safetensors, or a fused fp32 .onnx")
    add("--size", choices=list(sizes), help="refuse any other; it is recognised")
    add("--layout", choices=["auto", "official", "hf"], default="auto")
    add("--precision", choices=["fp32", "fp16", "int8"], default="fp32", help="fp16 for GPUs, int8 for CPUs")
    add("--resolution", type=int, help="side of the frames, where it is to be another than the checkpoint's")
    add("--sha256", help="refuse any other file")
    add("--vocabulary", type=Path, help="vocab.txt (default: beside the checkpoint)")
    add("--taxonomy", default="starter/1", help="name/version under --taxonomies")
    add(
        "--image-weight",
        type=float,
        default=IMAGE_WEIGHT,
        help="share of the picture's similarity where there is a title too",
    )
    add("--frames", type=int, default=4, help="frames sampled of a video")
    add("--calibration", type=Path, default=SAMPLES, help="folder of clips or pictures: ranges for int8, and the gates")
    add("--licence", default=ImportRequest.licence, help="licence of the weights, for the manifests and the card")
    add("--name", help="of the pack (default: from size, precision and taxonomy)")
    add("--version", default="1.0.0")
    add("--models", type=Path, default=MODELS)
    add("--taxonomies", type=Path, default=TAXONOMIES)
    add("--json", action="store_true")
    options = parser.parse_args(arguments)
    if not 0 <= options.image_weight <= 1:
        parser.error("--image-weight must be from 0 to 1")
    if not 1 <= options.frames <= 64:
        parser.error("--frames must be from 1 to 64")
    return options


def request_of(options: argparse.Namespace, sizes: dict[str, ClipConfig]) -> ImportRequest:
    given = vars(options)
    folders = PackFolders(options.models.resolve(), options.taxonomies.resolve(), options.version)
    taken = {key: given[key] for key in ImportRequest.__dataclass_fields__ if key in given}
    return ImportRequest(folders=folders, cache=CACHE / "zero-shot", sizes=tuple(sizes.values()), **taken)


def main(arguments: list[str] | None = None, sizes: dict[str, ClipConfig] = SIZES) -> int:
    options = parse(arguments, sizes)

    def say(kind: str, **facts: object) -> None:
        if options.json:
            print(json.dumps({"kind": kind, **facts}, ensure_ascii=False), flush=True)
        else:
            print(*(f"{value}" for value in (kind, *facts.values())), sep="  ", file=sys.stderr, flush=True)

    # The tracer warns about every size that it takes for a constant; they are constants.
    warnings.filterwarnings("ignore", module="torch.*")
    try:
        made = import_clip(request_of(options, sizes), lambda step, detail: say("progress", step=step, detail=detail))
    except ImportRefusedError as error:
        say("refused", code=error.code, cause=error.cause, remedy=error.remedy)
        return 1
    exactness = {tower: figures.row() for tower, figures in made.exactness.items()}
    say("done", pack=made.pack, folder=str(made.folder), exactness=exactness)
    return 0


if __name__ == "__main__":
    sys.exit(main())
