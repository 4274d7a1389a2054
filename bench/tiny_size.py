"""The sizes that are measured: the published ones, and one so small that a smoke run makes and runs it in seconds."""

from reeltag_training.chinese_clip.towers.sizes import SIZES, BertConfig, ClipConfig, VitConfig

TINY = ClipConfig("tiny", VitConfig(2, 64, 2, 16, 64), BertConfig(layers=2, width=64, heads=2), 64)
BENCH_SIZES = SIZES | {TINY.name: TINY}
