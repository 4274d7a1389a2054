"""Samples four evenly spaced frames of a clip with a peer, as its documentation shows it, one thread.

Reads lines `peer<TAB>path`, answers each with the milliseconds that it took, or `absent: why`.
"""

import sys
import time

FRAMES = 4
SIZE = 96


def with_decord(path: str) -> None:
    import decord

    reader = decord.VideoReader(path, width=SIZE, height=SIZE, num_threads=1)
    reader.get_batch([int((i + 0.5) * len(reader) / FRAMES) for i in range(FRAMES)]).asnumpy()


def with_torchcodec(path: str) -> None:
    import torch
    from torchcodec.decoders import VideoDecoder

    torch.set_num_threads(1)
    decoder = VideoDecoder(path, num_ffmpeg_threads=1)
    count = len(decoder)
    frames = decoder.get_frames_at([int((i + 0.5) * count / FRAMES) for i in range(FRAMES)]).data
    torch.nn.functional.interpolate(frames.float(), (SIZE, SIZE), mode="bicubic", antialias=True)


def with_pyav(path: str) -> None:
    import av

    with av.open(path) as container:
        stream = container.streams.video[0]
        stream.thread_count = 1
        for i in range(FRAMES):
            target = int((i + 0.5) * stream.duration / FRAMES)
            container.seek(target, stream=stream)
            for frame in container.decode(stream):
                if frame.pts >= target:
                    frame.to_ndarray(width=SIZE, height=SIZE, format="rgb24", interpolation="BICUBIC")
                    break


def with_opencv(path: str) -> None:
    import cv2

    cv2.setNumThreads(1)
    capture = cv2.VideoCapture(path, cv2.CAP_FFMPEG, [cv2.CAP_PROP_N_THREADS, 1])
    count = int(capture.get(cv2.CAP_PROP_FRAME_COUNT))
    for i in range(FRAMES):
        capture.set(cv2.CAP_PROP_POS_FRAMES, int((i + 0.5) * count / FRAMES))
        _, frame = capture.read()
        cv2.resize(frame, (SIZE, SIZE), interpolation=cv2.INTER_CUBIC)
    capture.release()


PEERS = {"decord": with_decord, "TorchCodec": with_torchcodec, "PyAV": with_pyav, "OpenCV": with_opencv}

for line in sys.stdin:
    name, path = line.rstrip("\n").split("\t")
    try:
        started = time.perf_counter()
        PEERS[name](path)
        print((time.perf_counter() - started) * 1000, flush=True)
    except Exception as error:  # whatever keeps a peer from running is its answer
        print(f"absent: {type(error).__name__}: {str(error).splitlines()[0][:120] if str(error) else ''}", flush=True)
