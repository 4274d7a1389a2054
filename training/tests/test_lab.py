"""reeltag-train: a table becomes a tagger; what contradicts itself is refused, and what cannot be read is reported."""

import json
from pathlib import Path

import numpy as np
import pytest
import yaml
from lab_runs import WORDS, write_config, write_table

from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.figures.evaluation import level_predictions
from reeltag_training.paths import TRAINING


def refusal(folder, capsys, command="prepare", **changed):
    assert main([command, write_config(folder, **changed)]) == 1
    return capsys.readouterr().err


@pytest.mark.slow
def test_a_table_becomes_figures_beside_linear_models(tmp_path, capsys):
    write_table(tmp_path)
    config = write_config(tmp_path)
    for command in ("prepare", "pretrain", "train", "evaluate"):
        assert main([command, config, *(["--linear"] if command == "evaluate" else [])]) == 0, capsys.readouterr().err
    skipped = json.loads((tmp_path / "run/skipped.json").read_text())
    assert [row["id"] for row in skipped] == ["v1"] and "cannot be read" in skipped[0]["reason"]
    report = json.loads((tmp_path / "run/evaluation.json").read_text())
    assert set(report) == {"two-stream-cross", "linear", "linear, balanced"}
    assert report["two-stream-cross"]["level 1"]["accuracy"] > 0.9
    assert report["two-stream-cross"]["level 2"]["accuracy"] > 0.9
    # 'food' has a child and items of its own: they keep a class, written as its label.
    data = Prepared.load(tmp_path / "run")
    assert sorted(data.leaf_paths) == sorted(WORDS)
    assert data.vocabulary[:5] == ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
    assert "| linear | level 1 |" in capsys.readouterr().out


def test_authors_stay_on_one_side_and_the_held_out_side_teaches_no_character(tmp_path):
    write_table(tmp_path)
    config = write_config(tmp_path)
    assert main(["prepare", config]) == 0
    data = Prepared.load(tmp_path / "run")
    assert not {i.author for i in data.train} & {i.author for i in data.held_out}
    write_table(tmp_path, **{data.held_out[0].id: {"title": "龘龘龘"}})
    assert main(["prepare", config]) == 0
    assert "龘" not in Prepared.load(tmp_path / "run").vocabulary


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"tabel": {}}, "tabel: no such key"),
        ({"train": {"steps": "many"}}, "train.steps: 'many' is not of type int"),
        ({"model": {"backbone": "tree-stream"}}, "none of single-stream"),
        ({"train": {"hxe": 0.3}}, "hxe replaces"),
        ({"table": {"label": "lable"}}, "no column lable"),
        ({"split": {"column": "side"}}, "authors are on both sides"),
        ({"split": {"fold": 9}}, "no item is held out"),
    ],
)
def test_what_contradicts_itself_is_refused(tmp_path, capsys, changed, reason):
    write_table(tmp_path)
    (tmp_path / "config.yaml").touch()
    if "tabel" in changed:
        config = yaml.safe_load(open(write_config(tmp_path)))
        (tmp_path / "config.yaml").write_text(yaml.safe_dump(config | changed))
        assert main(["prepare", str(tmp_path / "config.yaml")]) == 1
        assert reason in capsys.readouterr().err
    else:
        assert reason in refusal(tmp_path, capsys, **changed)


def test_a_key_that_was_renamed_is_still_read(tmp_path):
    assert load(Path(write_config(tmp_path, doubts={"own_max": 0.3}))).doubts.label_max == 0.3


@pytest.mark.parametrize(
    ("taxonomy", "rows", "reason"),
    [
        (list(WORDS), {"v3": {"label": "food/pear"}}, "label 'food/pear' is not in the taxonomy"),
        ([*WORDS, "music"], {}, "classes without an item to train on: music"),
        ([], {"v3": {"id": "v2"}}, "'v2' occurs twice"),
        ([], {"v3": {"label": ""}}, "no label"),
    ],
)
def test_rows_and_classes_that_cannot_be_are_refused(tmp_path, capsys, taxonomy, rows, reason):
    write_table(tmp_path, **rows)
    (tmp_path / "tree.txt").write_text("\n".join(taxonomy))
    assert reason in refusal(tmp_path, capsys, table={"taxonomy": "tree.txt"})


def test_commands_out_of_turn_say_what_comes_first(tmp_path, capsys):
    write_table(tmp_path)
    assert "run `reeltag-train prepare` first" in refusal(tmp_path, capsys, "train")
    assert main(["prepare", write_config(tmp_path)]) == 0
    assert "run `reeltag-train train` first" in refusal(tmp_path, capsys, "evaluate")


def test_a_level_is_the_sum_of_its_leaves():
    p = np.array([[0.4, 0.3, 0.3]])
    assert level_predictions(p, ["a/x", "b/y", "b/z"], 1)[0] == ["b"]
    assert level_predictions(p, ["a/x", "b/y", "b/z"], 2) == (["a/x"], pytest.approx([0.4]))


def test_a_finished_run_is_not_taken_for_one_of_other_data(tmp_path, capsys):
    write_table(tmp_path)
    config = write_config(tmp_path, train={"steps": 2})
    assert [main([command, config]) for command in ("prepare", "train", "train")] == [0, 0, 0]
    write_table(tmp_path, v3={"title": "别的"})
    assert [main([command, config]) for command in ("prepare", "train")] == [0, 1]
    assert "other settings or data" in capsys.readouterr().err


def test_the_config_of_the_readme_is_one(tmp_path):
    readme = (TRAINING / "README.md").read_text()
    (tmp_path / "config.yaml").write_text(readme.split("```yaml")[1].split("```")[0])
    config = load(tmp_path / "config.yaml")
    assert config.table.file == str(tmp_path / "videos.tsv") and config.train.r_drop == 0.3
