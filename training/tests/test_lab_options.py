"""The lab's options: off is off to the bit, and a case worked by hand for each."""

import csv
import json
from dataclasses import replace
from math import log
from pathlib import Path

import numpy as np
import pytest
import torch
from lab_runs import WORDS, write_config, write_table
from torch import nn

from reeltag_training.lab.command import main
from reeltag_training.lab.config import load
from reeltag_training.lab.data import doubt_list
from reeltag_training.lab.data.doubt_list import Doubt
from reeltag_training.lab.data.prepared import Prepared, spread
from reeltag_training.lab.data.table import Item
from reeltag_training.lab.figures import doubts, evaluation
from reeltag_training.lab.figures.prior import author_log_odds
from reeltag_training.lab.joining.neighbours import embeddings, vote
from reeltag_training.lab.options import DistillConfig, DoubtsConfig
from reeltag_training.lab.training import rounds
from reeltag_training.lab.training.loop import LoopConfig, train
from reeltag_training.losses.classification import supervised_contrast
from reeltag_training.losses.hierarchical import hmc_penalty
from reeltag_training.losses.hierarchy import Hierarchy
from reeltag_training.taggers.heads import HEADS, leaf_log_probabilities
from reeltag_training.tricks.averages import mean_of_states
from reeltag_training.tricks.layer_rates import layer_rates

PLAIN = {"steps": 3, "batch": 16, "rate": 0.005}
# Every option of `train` at the setting that says "off".
OFF = {"coarse": 0.0, "mapping": 0.0, "hxe": 0.0, "hmc": 0.0, "smoothing": 0.0, "balance": 0.0, "r_drop": 0.0} | {
    "metric": 0.0,
    "ema": 0.0,
    "swa": 0,
    "fgm": 0.0,
    "pgd": 0.0,
    "layer_rate": 1.0,
}


def weights(folder, name, prepare=True, **changed):
    """Of a run with nothing but `changed` switched on."""
    config = write_config(folder, f"{name}.yaml", folder=name, **{"train": OFF | PLAIN, **changed})
    for command in ("prepare", "train") if prepare else ("train",):
        assert main([command, config]) == 0
    return torch.load(folder / name / "tagger.pt", weights_only=True)


def same(one, other):
    return all(torch.equal(one[name], other[name]) for name in one)


@pytest.fixture
def table(tmp_path):
    write_table(tmp_path)
    return tmp_path


@pytest.mark.slow
@pytest.mark.parametrize(
    ("off", "on"),
    [
        ({"swa": 1}, {"swa": 3}),
        ({"layer_rate": 1.0}, {"layer_rate": 0.5}),
        ({"metric": 0.0}, {"metric": 0.5}),
        ({"ema": 0.0}, {"ema": 0.9}),
        ({"r_drop": 0.0}, {"r_drop": 0.5}),
        ({"pgd": 0.0}, {"pgd": 0.5}),
        ({"fgm": 0.0}, {"fgm": 0.5}),
        ({"coarse": 0.0}, {"coarse": 0.5}),
        ({"mapping": 0.0}, {"mapping": 0.5}),
        ({"balance": 0.0}, {"balance": 0.9}),
        ({"smoothing": 0.0}, {"smoothing": 0.1}),
    ],
    ids=lambda change: next(iter(change)),
)
def test_off_is_the_plain_run_to_the_bit_and_on_is_not(table, off, on):
    more = {"steps": 16} if "swa" in off else {}
    plain = weights(table, "plain", train=OFF | PLAIN | more)
    assert same(plain, weights(table, "off", train=OFF | PLAIN | more | off))
    assert not same(plain, weights(table, "on", train=OFF | PLAIN | more | on))


class Scale(nn.Module):
    def __init__(self):
        super().__init__()
        self.w = nn.Parameter(torch.tensor([1.0]))


def scale_after(folder, steps, **settings):
    model = Scale()
    config = LoopConfig(steps=steps, rate=0.1, weight_decay=0.0, save_every=1, **settings)
    return train(model, lambda generator: 0, lambda batch, generator: model.w.sum(), config, folder).w.item()


def test_swa_is_the_mean_of_evenly_spaced_states_also_after_an_interruption(tmp_path):
    # 16 steps, two states of the last four steps: after steps 14 and 16.
    assert LoopConfig(steps=16, swa=2).steps == 16
    states = []

    def remember(generator):
        states.append(model.w.item())
        return 0

    model = Scale()
    config = LoopConfig(steps=16, rate=0.1, weight_decay=0.0, save_every=5, swa=2)
    last = scale_after(tmp_path / "off", 16)
    mean = train(model, remember, lambda batch, generator: model.w.sum(), config, tmp_path / "on").w.item()
    # The state before step 14 (from 0) is that after step 13, the 14th.
    assert mean == pytest.approx((states[14] + last) / 2)
    again = Scale()
    resumed = train(again, lambda g: 0, lambda b, g: again.w.sum(), config, tmp_path / "on")
    assert resumed.w.item() == pytest.approx(mean)
    assert mean_of_states([{"w": torch.tensor([1.0])}, {"w": torch.tensor([2.0])}])["w"].item() == 1.5


@pytest.mark.parametrize(
    ("backbone", "factors"),
    [
        ("single-stream", {1.0, 0.5, 0.25, 0.125}),
        ("two-stream-concat", {1.0, 0.5, 0.25, 0.125, 0.0625}),
        ("two-stream-cross", {1.0, 0.5, 0.25, 0.125, 0.0625}),
    ],
)
def test_every_block_passes_its_share_on(table, backbone, factors):
    model = {"backbone": backbone, "layers": 2, "cross_layers": 1}
    config = write_config(table, model=model)
    assert main(["prepare", config]) == 0
    tagger = rounds.new_tagger(load(table / "config.yaml"), Prepared.load(table / "run"))
    groups = layer_rates(tagger, 0.5)
    factor = {p: group["factor"] for group in groups for p in group["params"]}
    assert set(factor.values()) == factors and len(factor) == len(list(tagger.parameters()))
    assert factor[tagger.head.fine.weight] == 1 and factor[tagger.backbone.text.words.weight] == min(factors)


def test_leaves_of_nodes_by_hand():
    # food .6 over apple .2 and pear .1; sport .2: P(apple) = .6/.8 · .2/.3.
    tree = Hierarchy.of(["food/apple", "food/pear", "sport"])
    p = leaf_log_probabilities(torch.tensor([[0.6, 0.2, 0.2, 0.1]]), tree).exp()
    # Leaves: sport, apple, pear.
    assert p[0].tolist() == pytest.approx([0.25, 0.75 * 2 / 3, 0.75 / 3])


@pytest.mark.slow
@pytest.mark.parametrize("head", HEADS)
def test_every_head_learns_the_table_and_its_leaves_add_up_to_one(table, head):
    settings = OFF | {"steps": 60, "batch": 32, "rate": 0.01} | ({"hmc": 0.1} if head == "levels" else {})
    weights(table, head, model={"head": head}, train=settings, pretrain={"steps": 0})
    config, data = load(table / f"{head}.yaml"), Prepared.load(table / head)
    tagger = rounds.trained_tagger(config, data)
    p = evaluation.probabilities(tagger, data, data.held_out, config)
    assert p.sum(1) == pytest.approx(1, abs=1e-5)
    assert evaluation.by_level(p, data, 2)["level 2"]["accuracy"] > 0.9
    leaf = tagger(data.inputs(data.held_out[:4], 96, 32))[1]
    assert torch.allclose(leaf.softmax(-1), torch.from_numpy(p[:4]), atol=1e-6)


@pytest.mark.slow
def test_the_penalty_of_the_levels_at_0_is_their_two_plain_losses_and_weighed_it_holds_the_tree(table):
    settings = OFF | PLAIN | {"steps": 40}
    excess = {}
    for name, hmc in (("plain", {}), ("off", {"hmc": 0.0}), ("on", {"hmc": 50.0})):
        found = weights(table, name, model={"head": "levels"}, train=settings | hmc)
        config, data = load(table / f"{name}.yaml"), Prepared.load(table / name)
        with torch.no_grad():
            local, whole = rounds.trained_tagger(config, data)(data.inputs(data.train, 96, 32))[0]
        excess[name] = found, hmc_penalty((local.sigmoid() + whole.sigmoid()) / 2, data.tree).item()
    assert same(excess["plain"][0], excess["off"][0])
    assert excess["on"][1] < excess["off"][1]


def test_supervised_contrast_by_hand():
    # Two alike at angle 0, one other at a right angle: ln(e^(1/t) + 1) - 1/t for each of the two, t = 1.
    loss = supervised_contrast(torch.tensor([[2.0, 0.0], [1.0, 0.0], [0.0, 3.0]]), torch.tensor([7, 7, 8]), 1.0)
    assert loss.item() == pytest.approx(log(np.e + 1) - 1)
    assert supervised_contrast(torch.randn(2, 3), torch.tensor([0, 1])).item() == 0


def test_neighbours_vote_by_hand():
    known = torch.tensor([[1.0, 0.0], [0.8, 0.6], [0.6, 0.8], [0.0, 1.0]])
    labels = torch.tensor([5, 5, 5, 2])
    settings = DistillConfig(nearest=3, votes=3, far=0.0)
    votes = vote(torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0]]), known, labels, settings)
    # The first meets 5 5 5, the second 2 5 5; of the third even the nearest is far.
    assert votes.accepted_N.tolist() == [True, False, False] and votes.label_N[0] == 5
    assert vote(known[:1], known, labels, replace(settings, votes=1)).accepted_N.all()


def test_an_author_who_is_known_moves_the_answer_and_kappa_0_does_not(table):
    plain = weights(table, "plain", split={"by": "item"})
    config, data = load(table / "plain.yaml"), Prepared.load(table / "plain")
    tagger = rounds.trained_tagger(config, data)
    off, on = (replace(config, prior=replace(config.prior, kappa=kappa)) for kappa in (0.0, 1.0))
    before, same_, after = (evaluation.probabilities(tagger, data, data.held_out, c) for c in (config, off, on))
    assert plain and np.array_equal(before, same_) and not np.allclose(before, after)
    odds = author_log_odds(on, data, data.held_out).numpy()
    expected = before * np.exp(odds)
    assert after == pytest.approx(expected / expected.sum(1, keepdims=True), abs=1e-5)


def test_a_training_item_does_not_vote_for_itself(table):
    write_config(table)
    items = [Item("1", ["a"], "x", "one", "", False), Item("2", ["b"], "y", "two", "", False)]
    data = Prepared.of([*items, Item("3", ["a"], "x", "one", "", True)])
    config = replace(load(table / "config.yaml"), prior=replace(load(table / "config.yaml").prior, kappa=1.0))
    known, new = author_log_odds(config, data, [data.items[0], data.items[2]])
    assert torch.allclose(known, torch.zeros(2), atol=1e-6) and new[0] > 0 > new[1]


def test_frames_are_spread_over_the_clip():
    clip = np.arange(6)[:, None]
    assert spread(clip, 6) is clip and spread(clip, 9) is clip
    assert spread(clip, 3).ravel().tolist() == [1, 3, 5] and spread(clip, 1).ravel().tolist() == [3]


def test_pretraining_mixes_frame_counts_batch_by_batch(table):
    config = write_config(table, pretrain={"frames": [1, 2]})
    assert main(["prepare", config]) == 0
    settings, data = load(table / "config.yaml"), Prepared.load(table / "run")
    mixed = rounds.Batches(settings, data, 16, settings.pretrain.frames)
    lengths = {mixed.draw(torch.Generator().manual_seed(s))["x"].frames_BFV.shape[1] for s in range(12)}
    assert lengths == {1, 2}
    alone, plain = rounds.Batches(settings, data, 16, [32]), rounds.Batches(settings, data, 16)
    one, other = (b.draw(torch.Generator().manual_seed(3)) for b in (alone, plain))
    assert one["ids"] == other["ids"] and torch.equal(one["x"].frames_BFV, other["x"].frames_BFV)


def test_words_are_tokens_and_what_is_no_word_is_characters():
    item = Item("1", ["我们 喜欢 苹果", "我们 苹果"], "x", "", "", False)
    data = Prepared.of([item, replace(item, id="2", held_out=True)], "words")
    assert "苹果" in data.vocabulary and "喜欢" not in data.vocabulary
    names = [data.vocabulary[i] for i in data.encode(["我们爱苹果"], 96)]
    assert names == ["[CLS]", "我们", "[UNK]", "苹果", "[SEP]"]
    plain = Prepared.of([item], "characters")
    assert plain == Prepared.of([item]) and all(len(c) == 1 for c in plain.vocabulary[5:])


def doubt_of(p, **settings):
    items = [Item(str(i), ["a"], "y" if i else "x", "", "", False) for i in range(len(p))]
    labels = np.array([0, *[1] * (len(p) - 1)])
    settings = DoubtsConfig(**settings)
    return (
        doubts.doubted("folds", items, np.array(p), labels, ["x", "y"], settings),
        doubts.hardest(items, np.array(p), labels, ["x", "y"], settings.hard),
    )


def test_doubts_by_hand():
    found, hard = doubt_of([[0.05, 0.95], [0.85, 0.15], [0.45, 0.55], [0.95, 0.05]], hard=1)
    # The second keeps .15 for its label: no doubt. Worst first.
    assert [(d.id, d.other) for d in found] == [("0", "y"), ("3", "x")]
    assert [(d.id, d.why) for d in hard] == [("2", "margin")]
    assert doubt_of([[0.05, 0.95]], label_max=0.0) == ([], [])


@pytest.mark.slow
def test_a_wrong_label_comes_to_review_and_stays_in_the_table(tmp_path):
    write_table(tmp_path, v2={"title": "苹果 日常 2"})
    settings = {"steps": 60, "batch": 32, "rate": 0.01}
    limits = {"folds": 2, "early_stop": 0.5, "hard": 2, "label_max": 0.4, "other_min": 0.4}
    config = write_config(tmp_path, doubts=limits, train=OFF | settings, split={"column": "side", "by": "item"})
    assert [main([command, config]) for command in ("prepare", "doubts")] == [0, 0]
    rows = list(csv.DictReader((tmp_path / "run/to-review.tsv").open(), delimiter="\t"))
    by_folds = [(r["id"], r["other"]) for r in rows if r["why"] == "folds"]
    assert ("v2", "food/apple") in by_folds and len(by_folds) < 5
    assert {r["why"] for r in rows} == {"folds", "early stop", "margin"}
    assert sum(r["why"] == "margin" for r in rows) == 2
    assert "v2" in {item.id for item in Prepared.load(tmp_path / "run").train}


def test_what_is_doubted_is_not_learnt_where_asked_and_close_calls_are(tmp_path, capsys):
    write_table(tmp_path)
    config = write_config(tmp_path, train=OFF | {"steps": 3, "without_doubts": True})
    assert [main([command, config]) for command in ("prepare", "train")] == [0, 1]
    assert "run `reeltag-train doubts` first" in capsys.readouterr().err
    data = Prepared.load(tmp_path / "run")
    doubted, close = data.train[0], data.train[1]
    rows = [Doubt(doubted.id, "folds", "a", 0, "b", 1), Doubt(close.id, "margin", "a", 0.5, "b", 0.5)]
    doubt_list.write(rows, tmp_path / "run/to-review.tsv")
    assert doubt_list.suspects(tmp_path / "run") == {doubted.id}
    batches = rounds.Batches(load(Path(config)), data, 500, left_out={doubted.id})
    drawn = set(batches.draw(torch.Generator().manual_seed(0))["ids"])
    assert doubted.id not in drawn and close.id in drawn
    assert main(["train", config]) == 0


def test_a_list_without_suspects_changes_no_bit(tmp_path):
    write_table(tmp_path)
    for name, settings in (("plain", {}), ("clean", {"without_doubts": True})):
        config = write_config(tmp_path, folder=name, train=OFF | {"steps": 3} | settings)
        assert main(["prepare", config]) == 0
        doubt_list.write([], tmp_path / name / "to-review.tsv")
        assert main(["train", config]) == 0
    assert same(*(torch.load(tmp_path / name / "tagger.pt", weights_only=True) for name in ("plain", "clean")))


def write_signals(folder):
    """A table whose titles tell nothing and whose likes tell all; every third item has none."""
    rows = ["id\ttitle\tlabel\tlikes"]
    rows += [f"v{i}\t日常\t{['food', 'sport'][i % 2]}\t{'' if i % 3 == 0 else 1000 * (i % 2)}" for i in range(120)]
    (folder / "videos.tsv").write_text("\n".join(rows) + "\n")
    table = {"author": "", "frames": "", "signals": ["likes"]}
    changed = {"train": OFF | PLAIN, "retag": {"steps": 150, "rate": 0.02}, "model": {"backbone": "single-stream"}}
    return write_config(folder, table=table, **changed)


@pytest.mark.slow
def test_signals_correct_the_answer_later_and_never_at_publish_time(tmp_path):
    config = write_signals(tmp_path)
    assert [main([command, config]) for command in ("prepare", "train", "retag")] == [0, 0, 0]
    report = json.loads((tmp_path / "run/retagging.json").read_text())
    assert report["later"]["level 1"]["accuracy"] > report["at publish time"]["level 1"]["accuracy"] + 0.2
    first = torch.load(tmp_path / "run/tagger.pt", weights_only=True)
    text = (tmp_path / "videos.tsv").read_text().replace("\t1000", "\t7")
    (tmp_path / "videos.tsv").write_text(text)
    config = write_config(tmp_path, folder="other", **_sections(config))
    assert [main([command, config]) for command in ("prepare", "train")] == [0, 0]
    assert same(first, torch.load(tmp_path / "other/tagger.pt", weights_only=True))


def _sections(config):
    import yaml

    given = yaml.safe_load(open(config))
    return {key: given[key] for key in ("table", "train", "retag", "model")}


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"model": {"head": "tree"}}, "model.head: 'tree' is none of coarse-fine, levels, nodes"),
        ({"model": {"head": "nodes"}, "train": OFF | {"coarse": 0.5}}, "coarse belong to the head coarse-fine"),
        ({"train": OFF | {"hmc": 0.1}}, "hmc belong to the head levels"),
        ({"model": {"head": "nodes", "wide": 8}, "train": OFF}, "wide adds to the leaves"),
        ({"train": {"layer_rate": 0.0}}, "layer_rate: 0.0 is not above 0"),
        ({"train": {"swa": -1}}, "swa: -1 is below 0"),
        ({"train": {"fgn": 1.0}}, "train.fgn: no such key"),
        ({"split": {"by": "day"}}, "split.by: 'day' is none of author, item"),
        ({"table": {"tokens": "bytes"}}, "table.tokens: 'bytes' is none of characters, words"),
        ({"table": {"signals": ["likes"]}}, "no column likes"),
        ({"pretrain": {"frames": [0]}}, "not a list of counts"),
        ({"prior": {"kappa": -1.0}}, "kappa -1.0 must be 0 or more"),
        ({"doubts": {"folds": 1}}, "doubts.folds: 1 is below 2"),
        ({"distill": {"labels": "crowd"}}, "none of teachers, neighbours"),
        ({"distill": {"votes": 11}}, "distill.votes: 11 is not within 1 to 10"),
        ({"model": {"backbone": "grams"}}, "grams have no states to pretrain and no words to attack"),
        ({"device": "tpu"}, "device: 'tpu' is none of cpu, cuda"),
    ],
)
def test_what_no_option_is_is_refused(table, capsys, changed, reason):
    assert main(["prepare", write_config(table, **changed)]) == 1
    assert reason in capsys.readouterr().err


@pytest.mark.skipif(torch.cuda.is_available(), reason="optional: there is a CUDA device: run it on a machine without")
def test_a_device_that_is_not_there_is_refused(table, capsys):
    assert main(["prepare", write_config(table, device="cuda")]) == 1
    assert "PyTorch sees no CUDA device here" in capsys.readouterr().err


@pytest.mark.skipif(not torch.cuda.is_available(), reason="optional: no CUDA device: run it on a machine with one")
def test_all_rounds_run_on_a_cuda_device(table):
    heads = (("coarse-fine", {}), ("levels", {"coarse": 0.0, "mapping": 0.0, "smoothing": 0.0, "balance": 0.0}))
    for head, settings in heads:
        config = write_config(table, folder=head, device="cuda", model={"head": head}, train={"steps": 3} | settings)
        assert [main([command, config]) for command in ("prepare", "pretrain", "train", "evaluate")] == [0] * 4


def test_signals_that_are_no_numbers_and_retagging_without_any_are_refused(tmp_path, capsys):
    config = write_signals(tmp_path)
    (tmp_path / "videos.tsv").write_text("id\ttitle\tlabel\tlikes\nv0\ta\tx\tmany\n")
    assert main(["prepare", config]) == 1 and "'many' in likes is not a number" in capsys.readouterr().err
    write_table(tmp_path)
    config = write_config(tmp_path, train=OFF | PLAIN)
    assert [main([command, config]) for command in ("prepare", "train", "retag")] == [0, 0, 1]
    assert "table.signals is empty" in capsys.readouterr().err


@pytest.mark.slow
def test_a_pool_is_labelled_by_its_neighbours(table):
    rows = [f"p{i}\t{list(WORDS.values())[i % 4]} 日常 {i % 7}\t\t" for i in range(32)]
    (table / "pool.tsv").write_text("\n".join(["id\ttitle\tauthor\tframes", *rows]) + "\n")
    text = {"table": {"frames": ""}, "model": {"backbone": "single-stream"}}
    weights(table, "good", train=OFF | {"steps": 60, "batch": 32, "rate": 0.01, "metric": 0.5}, **text)
    distill = {"pool": "pool.tsv", "labels": "neighbours", "nearest": 5, "votes": 4, "steps": 60, "rate": 0.01}
    changed = {"ensemble": {"members": ["good.yaml"]}, "distill": distill, "train": OFF | PLAIN | {"steps": 0}}
    changed |= text
    config = write_config(table, "student.yaml", folder="student", **changed)
    assert [main([command, config]) for command in ("prepare", "distill", "train", "evaluate")] == [0] * 4
    report = json.loads((table / "student/evaluation.json").read_text())
    assert report["single-stream"]["level 2"]["accuracy"] > 0.9
    data = Prepared.load(table / "good")
    good = load(table / "good.yaml")
    e = embeddings(rounds.trained_tagger(good, data), data, data.train[:3], good)
    assert torch.allclose(e.norm(dim=1), torch.ones(3), atol=1e-6)
