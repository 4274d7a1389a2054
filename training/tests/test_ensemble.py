"""Runs joined, and runs that teach: weights by hand, soft labels by hand, and the commands over a small table."""

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from lab_runs import WORDS, write_config, write_table

from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.joining.distillation import soft_labels
from reeltag_training.lab.joining.ensemble import fit_powers, fit_weights, members, product
from reeltag_training.losses.classification import distil_labels, distil_pseudo_labels


def test_weights_are_those_found_by_hand():
    # Mean of 2 ln(.2 + .6 w) + ln(.8 - .6 w): its derivative is 0 where 2 (.8 - .6 w) = .2 + .6 w, at w = 7/9.
    weights = fit_weights(np.array([[0.8, 0.8, 0.2], [0.2, 0.2, 0.8]]))
    assert weights == pytest.approx([7 / 9, 2 / 9], abs=1e-6)


def test_one_member_is_the_ensemble_and_equal_members_share():
    assert fit_weights(np.array([[0.3, 0.0]])) == pytest.approx([1])
    assert fit_weights(np.array([[0.3, 0.9]] * 3)) == pytest.approx([1 / 3] * 3)
    assert fit_weights(np.array([[0.9, 0.8], [0.1, 0.2]])) == pytest.approx([1, 0], abs=1e-6)


def test_powers_are_those_found_by_hand():
    # Two classes at scores ±s/2, three items right and one wrong: σ(power · s) = 3/4, so power = ln 3 / s.
    scores = np.array([[[1.0, -1.0]] * 4])
    assert fit_powers(scores, [0, 0, 0, 1]) == pytest.approx([np.log(3) / 2], abs=1e-5)
    assert product(scores, np.array([np.log(3) / 2]))[0] == pytest.approx([0.75, 0.25])
    # One member of power 1 is itself.
    p = np.array([[0.7, 0.2, 0.1]])
    assert product(np.log(p)[None], np.array([1.0])) == pytest.approx(p)


@pytest.mark.slow
def test_linear_models_join_the_product_alone(teachers):
    run(teachers, "both", "prepare", "ensemble", ensemble=ENSEMBLE | {"linear": True})
    assert set(json.loads((teachers / "both/powers.json").read_text())) == {
        "1 good",
        "2 poor",
        "linear",
        "linear, balanced",
    }
    assert set(json.loads((teachers / "both/weights.json").read_text())) == {"1 good", "2 poor"}
    report = json.loads((teachers / "both/ensemble.json").read_text())
    assert report["product"]["level 2"]["accuracy"] > 0.9


def test_pseudo_labels_of_one_teacher_are_its_distillation():
    torch.manual_seed(0)
    student, teacher = torch.randn(5, 4, requires_grad=True), torch.randn(5, 4)
    soft = (teacher / 3).softmax(-1)
    by_teacher = distil_labels(student, teacher, torch.zeros(5, dtype=torch.long), alpha=1.0, temperature=3.0)
    assert torch.allclose(distil_pseudo_labels(student, soft, 3.0), by_teacher)
    same = teacher.clone().requires_grad_()
    distil_pseudo_labels(same, soft, 3.0).backward()
    assert same.grad.abs().max() < 1e-6


def test_a_pseudo_label_by_hand():
    # Softmax of (2 ln 3, 0) at T 2 is (3/4, 1/4). Told (1/2, 1/2): 4 · -½ (ln ¾ + ln ¼).
    student = torch.tensor([[2 * np.log(3), 0.0]])
    loss = distil_pseudo_labels(student, torch.tensor([[0.5, 0.5]], dtype=student.dtype), 2.0)
    assert loss.item() == pytest.approx(-2 * (np.log(0.75) + np.log(0.25)))


def run(folder, name, *commands, **changed):
    config = write_config(folder, f"{name}.yaml", folder=name, **changed)
    for command in commands:
        assert main([command, config]) == 0
    return Path(config)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    folder = tmp_path_factory.mktemp("teachers")
    write_table(folder)
    run(folder, "good", "prepare", "train")
    run(folder, "poor", "prepare", "train", train={"steps": 2})
    return folder


@pytest.fixture
def teachers(trained, tmp_path):
    """A copy of the two runs: paths in their settings are relative."""
    return Path(shutil.copytree(trained, tmp_path / "teachers"))


def write_pool(folder, held_out):
    """Titles as in the table, under other ids; a held-out video, one of its author's, an empty one, other frames."""
    rows = []
    for i in range(64):
        frames = f"p{i}.npy" if i % 2 else ""
        if frames:
            np.save(folder / frames, np.eye(4, dtype=np.float32)[[i % 4] * 2])
        rows.append((f"p{i}", f"{list(WORDS.values())[i % 4]} 日常 {i % 7}", "", frames))
    rows += [(held_out.id, "苹果", "", ""), ("other", "苹果", held_out.author, ""), ("empty", "", "", "")]
    np.save(folder / "wide.npy", np.ones((2, 5)))
    rows += [("wide", "苹果", "", "wide.npy")]
    table = "\n".join("\t".join(row) for row in rows)
    (folder / "pool.tsv").write_text(f"id\ttitle\tauthor\tframes\n{table}\n")


ENSEMBLE = {"members": ["good.yaml", "poor.yaml"]}
STUDENT = {"ensemble": ENSEMBLE, "train": {"steps": 1, "rate": 1e-5, "ema": 0.0}}


@pytest.mark.slow
def test_an_ensemble_leans_on_the_better_run(teachers, capsys):
    run(teachers, "both", "prepare", "ensemble", ensemble=ENSEMBLE)
    weights = json.loads((teachers / "both/weights.json").read_text())
    assert weights["1 good"] > 0.9 and sum(weights.values()) == pytest.approx(1)
    report = json.loads((teachers / "both/ensemble.json").read_text())
    assert set(report) == {"1 good", "2 poor", "mean", "weighted mean", "product"}
    assert report["weighted mean"]["level 2"]["accuracy"] >= report["2 poor"]["level 2"]["accuracy"]
    assert "| weighted mean | level 1 |" in capsys.readouterr().out


@pytest.mark.slow
def test_a_student_learns_from_a_pool_without_labels(teachers):
    write_pool(teachers, Prepared.load(teachers / "good").held_out[0])
    accuracy = {}
    for name, steps in (("untaught", 0), ("taught", 60)):
        distill = {"pool": "pool.tsv", "temperature": 2.0, "steps": steps, "batch": 32, "rate": 0.005}
        sections = {**STUDENT, "ensemble": {"members": ["good.yaml"]}, "distill": distill}
        run(teachers, name, "prepare", "distill", "train", "evaluate", **sections)
        accuracy[name] = json.loads((teachers / name / "evaluation.json").read_text())["two-stream-cross"]
    assert accuracy["taught"]["level 2"]["accuracy"] > 0.9 > accuracy["untaught"]["level 2"]["accuracy"]
    skipped = {row["id"]: row["reason"] for row in json.loads((teachers / "taught/pool-skipped.json").read_text())}
    assert list(skipped.values()) == [
        "held out",
        "its author is held out",
        "neither text nor frames",
        "frames of width 5, not 4",
    ]


@pytest.mark.slow
def test_soft_labels_are_the_mean_of_softened_teachers(teachers):
    config = load(run(teachers, "student", "prepare", **STUDENT))
    data = Prepared.load(teachers / "student")
    good, poor = members(config, data)
    items = data.train[:5]
    expected = []
    for member in (good, poor):
        x = member.data.inputs(items, member.config.model.text_max, member.config.model.frames_max)
        with torch.no_grad():
            expected.append((member.tagger(x)[1] / 3).softmax(-1))
    assert torch.allclose(soft_labels([good, poor], items, 3.0), (expected[0] + expected[1]) / 2, atol=1e-6)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "changed", "reason"),
    [
        ("ensemble", {}, "ensemble.members is empty"),
        ("ensemble", {"ensemble": {"members": "good.yaml"}}, "must be a list of files"),
        ("ensemble", {"ensemble": ENSEMBLE, "split": {"fold": 1}}, "holds out other items"),
        ("ensemble", {"ensemble": ENSEMBLE, "table": {"depth_max": 1}}, "knows other classes"),
        ("distill", {"ensemble": ENSEMBLE}, "distill.pool is empty"),
        ("distill", {"ensemble": ENSEMBLE, "distill": {"pool": "none.tsv"}}, "none.tsv does not exist"),
        ("distill", {"distill": {"temperature": 0}}, "is not above 0"),
    ],
)
def test_members_and_pools_that_cannot_serve_are_refused(teachers, capsys, command, changed, reason):
    config = write_config(teachers, folder="refused", **changed)
    main(["prepare", config])
    assert main([command, config]) == 1
    assert reason in capsys.readouterr().err
