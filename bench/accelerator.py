"""What Chinese-CLIP's towers do on an accelerator: fp16, random weights of the true shapes.

    npm run bench -- accelerator
    PYTHONPATH=training/src python bench/accelerator.py [--seconds 0.5] [--out figures.jsonl]

With `--device cpu` it runs where there is no card, in fp32 and without graphs: to see that it runs, not to measure.

Frames have the size's own resolution, texts 52 tokens. Batch 1 is timed as it comes and as a replayed CUDA graph,
which a server with fixed shapes would use; larger batches as they come. The limit is a large fp16 matrix product in the
same run. Needs PyTorch with CUDA, and nothing else of the lab.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable
from pathlib import Path

import torch
from tiny_size import BENCH_SIZES
from torch.utils.flop_counter import FlopCounterMode

from reeltag_training.chinese_clip.towers.model import ChineseClip, ServedText, ServedVision
from reeltag_training.chinese_clip.towers.sizes import SIZES, TEXT_LENGTH_MAX

VOCABULARY = 21_128
DTYPES = {"cuda": torch.float16, "cpu": torch.float32}


def wait() -> None:
    """Until the card has done what it was told; a processor has by then."""
    if torch.cuda.is_available():
        torch.cuda.synchronize()


def seconds_per_call(call: Callable[[], object], seconds_min: float) -> float:
    """Mean seconds of a call, over at least `seconds_min` and after three that do not count."""
    for _ in range(3):
        call()
    wait()
    calls, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds_min:
        for _ in range(4):
            call()
        wait()
        calls += 4
    return spent / calls


def replayed(call: Callable[[], object]) -> Callable[[], None]:
    """The same work as one recorded graph: no launch of a kernel waits for Python."""
    side = torch.cuda.Stream()
    with torch.cuda.stream(side):
        for _ in range(3):
            call()
    torch.cuda.current_stream().wait_stream(side)
    graph = torch.cuda.CUDAGraph()
    with torch.cuda.graph(graph):
        call()
    return graph.replay


def matrix_flops(device: str, seconds_min: float) -> float:
    """FLOP/s of an 8192³ product in fp16; without a card, of a small one in fp32."""
    side = 8192 if device == "cuda" else 512
    a, b = (torch.randn(side, side, device=device, dtype=DTYPES[device]) for _ in range(2))
    return 2 * side**3 / seconds_per_call(lambda: a @ b, seconds_min)


def inputs(kind: str, batch: int, side: int, device: str) -> tuple[torch.Tensor, ...]:
    if kind == "frames":
        return (torch.randint(0, 256, (batch, side, side, 3), device=device, dtype=torch.uint8),)
    ids = torch.randint(1, VOCABULARY, (batch, TEXT_LENGTH_MAX), device=device)
    return ids, torch.ones_like(ids)


def flops_of(tower: torch.nn.Module, example: tuple[torch.Tensor, ...]) -> int:
    with FlopCounterMode(display=False) as counter:
        tower(*example)
    return counter.get_total_flops()


@torch.inference_mode()
def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=0.5, help="for each figure, at least")
    parser.add_argument("--device", choices=list(DTYPES), default="cuda")
    parser.add_argument("--sizes", default=",".join(SIZES))
    parser.add_argument("--batches", default="1,16,256")
    parser.add_argument("--out", type=Path, help="figures as JSON lines")
    args = parser.parse_args()
    if args.device == "cuda" and not torch.cuda.is_available():
        raise SystemExit("no CUDA device is to be seen: run this where nvidia-smi lists one")
    rows: list[dict] = []

    def tell(**row: object) -> None:
        rows.append(row)
        print(json.dumps(row), flush=True)

    limit = matrix_flops(args.device, args.seconds)
    name_of = torch.cuda.get_device_name() if args.device == "cuda" else "processor"
    tell(device=name_of, torch=torch.__version__, limit_tflops=round(limit / 1e12, 3))
    for name in args.sizes.split(","):
        config = BENCH_SIZES[name]
        model = ChineseClip(config).eval().to(args.device, DTYPES[args.device])
        for kind, tower in {"frames": ServedVision(model.vision), "texts": ServedText(model.text)}.items():
            tower = tower.eval().to(args.device, DTYPES[args.device])
            for batch in map(int, args.batches.split(",")):
                example = inputs(kind, batch, config.vision.resolution, args.device)
                work = flops_of(tower, example)

                def call(tower=tower, example=example) -> object:
                    return tower(*example)

                ways = {"eager": call} | ({"graph": replayed(call)} if batch == 1 and args.device == "cuda" else {})
                for way, run in ways.items():
                    seconds = seconds_per_call(run, args.seconds)
                    tell(
                        size=name, kind=kind, batch=batch, way=way, ms=round(1e3 * seconds, 3),
                        per_second=round(batch / seconds, 1), of_limit=round(work / seconds / limit, 3),
                    )  # fmt: skip
    if args.out is not None:
        args.out.write_text("".join(json.dumps(row) + "\n" for row in rows))


if __name__ == "__main__":
    main()
