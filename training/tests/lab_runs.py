"""A small table of videos, and configs over it, for the tests of the lab's commands."""

import numpy as np
import yaml

WORDS = {"food/apple": "苹果", "food": "美食", "sport/ball": "足球", "sport/run": "跑步"}


def write_table(folder, count=80, **changed):
    """Titles that name their label; every second video has frames, of which one file is broken. `changed` by id."""
    rng, rows = np.random.default_rng(0), []
    for i in range(count):
        label = list(WORDS)[i % 4]
        frames = f"{i}.npy" if i % 2 else ""
        if frames:
            np.save(folder / frames, np.eye(4, dtype=np.float32)[[i % 4] * 2] + rng.normal(0, 0.1, (2, 4)))
        row = {"id": f"v{i}", "title": f"{WORDS[label]} 日常 {i % 7}", "label": label, "author": f"a{i // 4}"}
        rows.append(row | {"frames": frames, "side": "test" if i % 8 == 0 else "train"} | changed.get(f"v{i}", {}))
    (folder / "1.npy").write_bytes(b"broken")
    text = "\n".join("\t".join(row.values()) for row in rows)
    (folder / "videos.tsv").write_text("\t".join(rows[0]) + "\n" + text + "\n")


def write_config(into, file="config.yaml", **changed):
    """Where the config lies; `changed` by section, added to what a section has."""
    config = {
        "table": {"file": "videos.tsv", "id": "id", "text": ["title"], "label": "label", "author": "author"}
        | {"frames": "frames"},
        "folder": "run",
        "split": {"folds": 4},
        "model": {"backbone": "two-stream-cross", "width": 32, "heads": 2, "layers": 1, "cross_layers": 1},
        "pretrain": {"steps": 6, "batch": 16},
        "train": {"steps": 40, "batch": 32, "rate": 0.005, "coarse": 0.5, "mapping": 0.2, "ema": 0.5, "r_drop": 0.3}
        | {"smoothing": 0.05, "balance": 0.9, "fgm": 0.1},
    }
    for key, value in changed.items():
        config[key] = config.get(key, {}) | value if isinstance(value, dict) else value
    (into / file).write_text(yaml.safe_dump(config))
    return str(into / file)
