"""Runs the three exported graphs as the platform does. ONNX Runtime and numpy only."""

from dataclasses import dataclass

import numpy as np
import onnxruntime as ort
from tokenizers import Tokenizer

from ...words.wordpiece import encode
from ..pack import model_folder


@dataclass(frozen=True)
class Served:
    vision: ort.InferenceSession
    text: ort.InferenceSession
    fusion: ort.InferenceSession
    tokenizer: Tokenizer

    @staticmethod
    def load(folder_of=model_folder) -> "Served":
        sessions = [
            ort.InferenceSession(str(folder_of(name) / "model.onnx"), _options(), ["CPUExecutionProvider"])
            for name in ("starter-vision", "starter-text", "starter-fusion")
        ]
        tokenizer = Tokenizer.from_file(str(folder_of("starter-text") / "tokenizer.json"))
        return Served(*sessions, tokenizer)

    def frame_embeddings(self, frames_NFHWC: np.ndarray) -> np.ndarray:
        flat = frames_NFHWC.reshape(-1, *frames_NFHWC.shape[2:])
        parts = [self.vision.run(None, {"frames": flat[i : i + 64]})[0] for i in range(0, len(flat), 64)]
        return np.concatenate(parts).reshape(*frames_NFHWC.shape[:2], -1)

    def text_tokens(self, texts: list[str]) -> tuple[np.ndarray, np.ndarray]:
        """(tokens float32 [n,T,D], mask float32 [n,T]); an empty text is masked whole."""
        rows = [encode(self.tokenizer, t) for t in texts]
        ids = np.zeros((len(rows), max(map(len, rows))), np.int64)
        mask = np.zeros_like(ids)
        for i, (row, text) in enumerate(zip(rows, texts, strict=True)):
            ids[i, : len(row)], mask[i, : len(row)] = row, 1 if text else 0
        return self.text.run(None, {"input_ids": ids, "attention_mask": mask})[0], mask.astype(np.float32)

    def motion_logits(self, frames_NFD: np.ndarray) -> np.ndarray:
        """Of the video alone: a title does not say what moves."""
        n = len(frames_NFD)
        text = {"text_tokens": np.zeros((n, 1, 128), np.float32), "text_mask": np.zeros((n, 1), np.float32)}
        frames = {"frames": np.ascontiguousarray(frames_NFD), "frame_mask": np.ones(frames_NFD.shape[:2], np.float32)}
        return self.fusion.run(["logits_motion"], frames | text)[0]

    def logits(self, frames_NFD: np.ndarray, texts: list[str], modality: str) -> np.ndarray:
        """Of the subject. `modality`: both, video or text."""
        parts = []
        for i in range(0, len(texts), 128):
            tokens, mask = self.text_tokens(texts[i : i + 128])
            frames = frames_NFD[i : i + 128]
            frame_mask = np.full(frames.shape[:2], float(modality != "text"), np.float32)
            feeds = {
                "frames": frames,
                "frame_mask": frame_mask,
                "text_tokens": tokens,
                "text_mask": mask * (modality != "video"),
            }
            parts.append(self.fusion.run(["logits_subject"], feeds)[0])
        return np.concatenate(parts)


def _options() -> ort.SessionOptions:
    options = ort.SessionOptions()
    options.intra_op_num_threads = 1
    options.log_severity_level = 3
    return options
