"""What training/README.md says to type, typed: on a small table, with small models and few steps."""

import os
import shlex
import shutil
import subprocess
import sys
import tomllib
from dataclasses import replace

import numpy as np
import pytest
import torch
import yaml
from clip_checkpoints import TINY, hf_model, official_from_hf
from documented import commands, config_with
from lab_runs import write_film

from reeltag_training import import_clip
from reeltag_training.paths import REPO, TRAINING

COLOURS = {"food/apple": (220, 30, 30), "food/leek": (30, 220, 30), "sport/ball": (30, 30, 220)}
VOCABULARY = TRAINING / "tests" / "data" / "chinese-bert-21128.txt"
WORDS = {"food/apple": "苹果", "food/leek": "大葱", "sport/ball": "足球"}
SMALL = {
    "model": {"width": 16, "heads": 2, "layers": 1, "cross_layers": 1},
    "pretrain": {"steps": 2, "batch": 8},
    "train": {"steps": 4, "batch": 8},
}


def typed(folder, *lines, **env):
    """What a shell prints that has the programs of this Python, and the one that pyproject.toml installs."""
    programs = folder / "bin"
    programs.mkdir(exist_ok=True)
    project = tomllib.loads((TRAINING / "pyproject.toml").read_text("utf8"))["project"]
    for name, where in {**project["scripts"], "python": None}.items():
        module, _, function = (where or "").partition(":")
        call = f'-c "import sys; from {module} import {function}; sys.exit({function}())"' if where else ""
        (programs / name).write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {call} "$@"\n')
        (programs / name).chmod(0o755)
    path = f"{programs}:{os.environ['PATH']}"
    env = os.environ | {"PATH": path, "PYTHONPATH": str(TRAINING / "src")} | env
    script = "\n".join(["set -e", *lines])
    output = subprocess.run(["bash", "-c", script], cwd=folder, env=env, capture_output=True, text=True, check=False)
    assert output.returncode == 0, f"{script}\n{output.stdout}\n{output.stderr}"
    return output.stdout


def write_videos(folder, config, count=36):
    """The table that the README's config names, with films of a colour a label."""
    for label, colour in COLOURS.items():
        write_film(folder / f"{label.replace('/', '-')}.mp4", [colour], each=4)
    columns = config["table"]
    names = [columns["id"], *columns["text"], columns["label"], columns["author"], columns["video"]]
    rows = ["\t".join(names)]
    for index in range(count):
        label = list(COLOURS)[index % 3]
        film = f"{label.replace('/', '-')}.mp4"
        rows.append("\t".join([f"v{index}", f"{WORDS[label]} {index % 5}", "", label, f"a{index // 3}", film]))
    (folder / columns["file"]).write_text("\n".join(rows) + "\n", "utf8")


@pytest.fixture
def place(tmp_path):
    """A folder with the README's own config, made small, and the platform's towers in a place of its own."""
    config = yaml.safe_load(config_with("table"))
    for section, small in SMALL.items():
        config[section] |= small
    tower = config["pack"]["vision"]
    shutil.copytree(REPO / "models" / tower, tmp_path / "models" / tower)
    config["pack"] |= {"models": str(tmp_path / "models"), "taxonomies": str(tmp_path / "taxonomies")}
    write_videos(tmp_path, config)
    write(tmp_path, config)
    return tmp_path, config


def write(folder, config):
    (folder / "config.yaml").write_text(yaml.safe_dump(config, allow_unicode=True), "utf8")


PLATFORM = pytest.mark.skipif(
    not (REPO / "libs/inference/dist/index.js").exists() or not shutil.which("npm"),
    reason="the platform is not built: run `npm ci && npm run build`",
)


@pytest.mark.slow
@PLATFORM
def test_a_teams_tagger_is_made_by_the_lines_and_verified_by_the_platform(place):
    folder, config = place
    _install, steps = commands("lab")
    typed(folder, steps)
    assert (folder / "run/evaluation.md").exists()
    verify, _activate = commands("verify")
    assert f"{config['pack']['name']}/{config['pack']['version']}" in verify
    folders = {"MODELS_DIR": str(folder / "models"), "TAXONOMIES_DIR": str(folder / "taxonomies")}
    assert "files match their checksums" in typed(folder, f"cd {shlex.quote(str(REPO))}", verify, **folders)


@pytest.mark.slow
def test_embeddings_are_encoded_once_and_a_kernel_machine_is_fitted(place):
    folder, config = place
    config |= yaml.safe_load(config_with("kernel"))
    write(folder, config)
    ids = np.array([f"v{index}" for index in range(36)])
    for file in config["kernel"]["embeddings"].values():
        # As if the encoders had been at work already: their packages are not among ours.
        vectors = np.random.default_rng(0).normal(size=(len(ids), 8)).astype(np.float32)
        np.savez(folder / file, ids=ids, embeddings=vectors)
    _install, steps = commands("encoders")
    typed(folder, steps)
    assert (folder / "run/kernel.md").exists()


def test_a_checkpoint_becomes_a_pack_by_the_line(tmp_path, capsys):
    """A tiny one takes the place of the size that the line names."""
    torch.save({"state_dict": official_from_hf(hf_model(TINY).state_dict())}, tmp_path / "clip.pt")
    _path, line = commands("clip")
    program, given = line.split(" --", 1)
    assert program == "python -m reeltag_training.import_clip"
    size = line.split("--size ")[1].split()[0]
    arguments = shlex.split(f"--{given}".replace("FILE", str(tmp_path / "clip.pt")))
    arguments += ["--vocabulary", str(VOCABULARY), "--models", str(tmp_path / "models")]
    assert import_clip.main(arguments, {size: replace(TINY, name=size)}) == 0, capsys.readouterr().err
    assert list((tmp_path / "models/packs").glob("*/1.0.0/CARD.md"))


@PLATFORM
def test_the_platforms_command_asks_this_importer(tmp_path):
    shutil.copyfile(VOCABULARY, tmp_path / "vocab.txt")
    torch.save({"state_dict": official_from_hf(hf_model(TINY).state_dict())}, tmp_path / "clip.pt")
    line = f"npm run reeltag -- packs import chinese-clip --checkpoint {shlex.quote(str(tmp_path / 'clip.pt'))} 2>&1 ||:"
    output = typed(tmp_path, f"cd {shlex.quote(str(REPO))}", line, REELTAG_PYTHON=sys.executable)
    # No published size is as small; that much the importer has to say itself.
    assert "CHECKPOINT_" in output and "remedy" in output


@pytest.mark.art
def test_a_corpus_is_made_and_looked_at_by_the_lines(tmp_path):
    made, looked = commands("corpus")
    typed(tmp_path, f"{made} --clips 6 --sides train,validate", f"{looked} --clips 6 --sides train,validate")
    assert (tmp_path / "corpus/development.tsv").exists() and (tmp_path / "look/contact-sheet.png").exists()
    table = yaml.safe_load(config_with("table: { file: corpus/development.tsv, id"))["table"]
    header = (tmp_path / table["file"]).read_text("utf8").splitlines()[0].split("\t")
    wanted = {table["id"], *table["text"], table["label"], table["author"], table["frames"]}
    assert wanted <= set(header)
