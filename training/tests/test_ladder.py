"""The ladder: cells run once, a page by hand, and what does not add up is refused before anything runs."""

import json

import pytest
import yaml
from lab_runs import write_table

from reeltag_training.lab.command import main
from reeltag_training.lab.figures.ladder import Ladder, Option, Result, Study, config_of, merged, read, run_all
from reeltag_training.lab.figures.ladder_page import judged, page, with_deviation
from reeltag_training.lab.options import LabRefusedError
from reeltag_training.paths import TRAINING

BASE = {
    "table": {"file": "videos.tsv", "id": "id", "text": ["title"], "label": "label", "depth_max": 2},
    "split": {"folds": 4},
    "model": {"backbone": "single-stream", "width": 16, "heads": 2, "layers": 1},
    "train": {"steps": 4, "batch": 8},
}


def write_ladder(folder, **changed):
    options = {
        "base": {"commands": ["prepare", "train", "evaluate --linear"]},
        "linear": {"of": "base", "row": "linear"},
        "fgm": {"set": {"train": {"fgm": 0.5}}, "reported": "72.0 → 72.2"},
        "both": {
            "set": {"ensemble": {"members": ["base", "fgm"]}},
            "commands": ["prepare", "ensemble"],
            "figures": "ensemble.json",
            "row": "mean",
        },
    } | changed.pop("options", {})
    table = {"title": "Small", "note": "Few items.", "base": BASE, "repeats": [{"seed": 0}, {"seed": 1}]}
    table |= {"levels": [1, 2], "options": options} | changed
    ladder = {"folder": "cells", "page": "page.md", "before": "# Rungs", "tables": {"small": table}}
    (folder / "ladder.yaml").write_text(yaml.safe_dump(ladder, sort_keys=False))
    return folder / "ladder.yaml"


def test_a_ladder_is_climbed_once_and_its_page_says_what_every_option_brings(tmp_path):
    write_table(tmp_path)
    file = write_ladder(tmp_path)
    assert main(["ladder", str(file)]) == 0
    text = (tmp_path / "page.md").read_text()
    assert text.startswith("# Rungs\n\n## Small\n\nFew items.\n\n| ")
    rows = {line.split("|")[1].strip(): line for line in text.splitlines() if line.startswith("| ")}
    assert list(rows)[2:] == ["base", "linear", "fgm", "both"]
    assert "72.0 → 72.2" in rows["fgm"] and "| 32 |" in rows["fgm"]
    stamps = {cell: cell.stat().st_mtime_ns for cell in tmp_path.glob("cells/small/*/*/result.json")}
    assert len(stamps) == 6
    # A cell of other settings is begun anew, the others stay.
    file.write_text(file.read_text().replace("fgm: 0.5", "fgm: 0.25"))
    assert main(["ladder", str(file)]) == 0
    fresh = {cell.parts[-3] for cell, stamp in stamps.items() if cell.stat().st_mtime_ns != stamp}
    assert fresh == {"fgm"}


def test_files_that_an_option_names_lie_beside_the_ladder(tmp_path):
    option = {"set": {"kernel": {"embeddings": {"ours": "e.npz"}}}, "commands": ["prepare", "kernel"]}
    study = read(write_ladder(tmp_path, options={"kernel": option})).tables["small"]
    config = config_of(study, "kernel", 0, tmp_path / "cells")
    assert config["kernel"] == {"embeddings": {"ours": str(tmp_path / "e.npz")}}
    assert config["table"]["file"] == str(tmp_path / "videos.tsv")


def test_an_interrupted_ladder_goes_on_with_the_cell_it_was_cut_off_in(tmp_path):
    write_table(tmp_path)
    ladder, ran = read(write_ladder(tmp_path, options={"base": {}, "linear": {}, "both": {}})), []

    def run(command, file, cut=True):
        ran.append((command, file.parts[-3], file.parts[-2]))
        if cut and ran[-1] == ("train", "fgm", "0"):
            raise KeyboardInterrupt
        if command == "evaluate":
            figures = {"model": {f"level {level}": {"accuracy": 0.5, "macro_f1": 0.5} for level in (1, 2)}}
            (file.parent / "evaluation.json").write_text(json.dumps(figures))

    with pytest.raises(KeyboardInterrupt):
        run_all(ladder, run)
    done = len(ran)
    results = run_all(ladder, lambda command, file: run(command, file, cut=False))
    assert ran[done] == ("prepare", "fgm", "0") and ("train", "base", "0") not in ran[done:]
    assert {name: len(cells) for name, cells in results["small"].items()} == dict.fromkeys(
        ("base", "linear", "fgm", "both"), 2
    )


def result(accuracy, macro):
    return Result({"level 1": {"accuracy": accuracy, "macro_f1": macro}}, 64, 32, 2.0)


def test_a_page_by_hand():
    options = {"base": Option(), "up": Option(reported="+1"), "flat": Option(against="up")}
    study = Study("T", "N", {}, [{}, {}], [1], options)
    results = {
        "base": [result(0.4, 0.2), result(0.5, 0.3)],
        "up": [result(0.5, 0.3), result(0.61, 0.41)],
        "flat": [result(0.5, 0.3), result(0.6, 0.4)],
    }
    lines = page(Ladder("", "", "B", {"t": study}), {"t": results}).splitlines()
    # Scores .3 and .4: deviation .0707; differences .1 and .11, deviation .007.
    assert lines[-3] == "| base | 45.0 ± 7.1 | 25.0 ± 7.1 | 35.0 ± 7.1 |  |  | 64 + 32 | 2 |  |"
    assert "| +10.5 ± 0.7 | better |" in lines[-2] and lines[-2].endswith("| +1 |")
    assert "| -0.5 ± 0.7 against up | nothing |" in lines[-1]
    assert with_deviation([-0.0004, 0.0003], signed=True) == "+0.0 ± 0.0"


def test_within_one_deviation_is_nothing():
    assert judged([0.01, 0.03]) == "better" and judged([-0.03, -0.01]) == "worse"
    assert judged([-0.01, 0.03]) == "nothing" and judged([0.0, 0.0]) == "nothing"


def test_a_cell_is_base_then_option_then_repeat(tmp_path):
    options = {"base": Option(), "both": Option(set={"train": {"fgm": 1}, "ensemble": {"members": ["base"]}})}
    study = Study("T", "N", {"train": {"fgm": 0, "ema": 0.9}, "seed": 5}, [{"seed": 1}, {"seed": 2}], [1], options)
    config = config_of(study, "both", 1, tmp_path)
    assert config["train"] == {"fgm": 1, "ema": 0.9} and config["seed"] == 2
    assert config["ensemble"]["members"] == [str(tmp_path / "base/1/config.yaml")]
    assert merged({"a": {"b": 1}}, {"a": {"c": 2}}) == {"a": {"b": 1, "c": 2}} and study.base["train"]["fgm"] == 0


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"repeats": [{}]}, "two repeats at least"),
        ({"options": {"fgm": {"against": "later"}}}, "fgm speaks of later"),
        ({"options": {"fgm": {"sett": {}}}}, "tables.small.options.fgm.sett: no such key"),
        ({"options": {"fgm": {"set": {"train": {"fgn": 1}}}}}, "Small: fgm, repeat 0, prepare: train.fgn: no such key"),
        ({"options": {"fgm": {"commands": ["fly"]}}}, "fly: no such command"),
        ({"options": {"linear": {"of": "base", "row": "cubic"}}}, "no row 'cubic'"),
    ],
)
def test_a_ladder_that_does_not_add_up_is_refused(tmp_path, capsys, changed, reason):
    write_table(tmp_path)
    assert main(["ladder", str(write_ladder(tmp_path, **changed))]) == 1
    assert reason in capsys.readouterr().err


def test_a_file_without_tables_is_no_ladder(tmp_path):
    (tmp_path / "ladder.yaml").write_text("folder: cells")
    with pytest.raises(LabRefusedError, match="tables must hold"):
        read(tmp_path / "ladder.yaml")


def test_the_ladder_of_the_repository_can_be_read():
    ladder = read(TRAINING / "ladder.yaml")
    assert set(ladder.tables) == {"folds", "titles", "corpus"}
