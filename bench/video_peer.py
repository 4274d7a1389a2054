"""The peer of bench/videos.mjs: decord and transformers as their guides show them, warm. Needs torch and transformers.

Reads "frames<TAB>threads<TAB>file" a line, answers milliseconds: decode, prepare, encode frames and a text of 20 tokens.
Random weights of the true shape of ViT-B/16.
"""

import sys
import time

import decord
import numpy as np
import torch
from transformers import ChineseCLIPConfig, ChineseCLIPImageProcessor, ChineseCLIPModel


def load() -> ChineseCLIPModel:
    torch.manual_seed(0)
    text, vision = {"vocab_size": 21128}, {"patch_size": 16}
    return ChineseCLIPModel(ChineseCLIPConfig(text_config=text, vision_config=vision)).eval()


def main() -> None:
    model = load()
    processor = ChineseCLIPImageProcessor(size={"height": 224, "width": 224}, do_center_crop=False)
    ids = torch.from_numpy(np.random.default_rng(0).integers(200, 21128, (1, 20)))
    print("ready", flush=True)
    for line in sys.stdin:
        frames, threads, file = line.rstrip("\n").split("\t")
        torch.set_num_threads(int(threads))
        started = time.perf_counter()
        reader = decord.VideoReader(file, num_threads=int(threads))
        wanted = np.linspace(0, len(reader) - 1, int(frames)).round().astype(int)
        pictures = list(reader.get_batch(wanted).asnumpy())
        with torch.inference_mode():
            pixels = processor(pictures, return_tensors="pt").pixel_values
            model(input_ids=ids, attention_mask=torch.ones_like(ids), pixel_values=pixels)
        print((time.perf_counter() - started) * 1000, flush=True)


if __name__ == "__main__":
    main()
