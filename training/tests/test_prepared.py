"""What is prepared: nothing of the held-out side reaches what is learnt from, and tensors hold what they should."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from lab_runs import write_config, write_table

from reeltag_training.lab.config import load
from reeltag_training.lab.data.prepared import CLS, SEP, SPECIALS, Prepared
from reeltag_training.lab.data.table import Item, fold_of, read, read_pool
from reeltag_training.lab.options import LabRefusedError
from reeltag_training.lab.training.weights import keep, kept


def item(id, label="a", held_out=False, texts=("x",), author="", frames=""):
    return Item(id, list(texts), label, author, frames, held_out)


def test_tree_and_words_are_those_of_the_training_side():
    data = Prepared.of([item("1", "a", texts=("pp", "q")), item("2", "b", held_out=True, texts=("rr",))])
    assert data.leaf_paths == ["a"] and data.vocabulary == [*SPECIALS, "p"]


def test_a_pool_teaches_nothing_of_what_is_held_out(tmp_path):
    rows = ["id\ttitle\tauthor\tframes", "held\tx\tnew\t", "other\tx\tknown\t", "free\tx\tnew\t"]
    (tmp_path / "pool.tsv").write_text("\n".join(rows) + "\n")
    table = load(Path(write_config(tmp_path))).table
    items, skipped = read_pool(tmp_path / "pool.tsv", table, [item("held", held_out=True, author="known")], 4)
    assert [one.id for one in items] == ["free"]
    assert {row["id"]: row["reason"] for row in skipped} == {"held": "held out", "other": "its author is held out"}


def test_frames_that_are_no_numbers_are_skipped(tmp_path):
    write_table(tmp_path)
    np.save(tmp_path / "3.npy", np.full((2, 4), np.nan, np.float32))
    config = load(Path(write_config(tmp_path)))
    _, skipped = read(config.table, config.split, config.seed)
    assert {row["id"] for row in skipped} == {"v1", "v3"}


def test_a_fold_depends_on_key_and_seed():
    folds = [[fold_of(f"author {i}", seed, 4) for i in range(400)] for seed in (0, 1)]
    assert folds[0] == [fold_of(f"author {i}", 0, 4) for i in range(400)] and folds[0] != folds[1]
    assert all(70 < folds[0].count(fold) < 130 for fold in range(4))


def test_a_text_that_is_too_long_keeps_its_end_mark():
    data = Prepared([], [*SPECIALS, "x"], 1)
    assert data.encode(["xxxx"], 6) == [CLS, 5, 5, 5, 5, SEP]
    assert data.encode(["xxxxx"], 6) == [CLS, 5, 5, 5, 5, SEP]


def test_padding_is_masked(tmp_path):
    np.save(tmp_path / "one.npy", np.ones((1, 2), np.float32))
    np.save(tmp_path / "two.npy", np.ones((2, 2), np.float32))
    files = [str(tmp_path / f"{name}.npy") for name in ("one", "two")]
    items = [item("1", texts=("xx",), frames=files[0]), item("2", frames=files[1]), item("3", texts=("",))]
    x = Prepared(items, [*SPECIALS, "x"], 2).inputs(items, 9, 9)
    assert x.text_mask_BT.tolist() == [[1, 1, 1, 1], [1, 1, 1, 0], [0, 0, 0, 0]]
    assert x.frame_mask_BF.tolist() == [[1, 0], [1, 1], [0, 0]]


def test_weights_are_taken_for_those_of_their_table_alone(tmp_path):
    keep(tmp_path / "tagger.pt", {}, "this table")
    assert kept(tmp_path / "tagger.pt", "this table", "train") == {}
    with pytest.raises(LabRefusedError, match="of another table or model"):
        kept(tmp_path / "tagger.pt", "another table", "train")


def test_what_is_later_is_known_only_where_it_is():
    data = Prepared([], [*SPECIALS], 1)
    later = data.later([replace(item("1"), signals=[np.e - 1, None]), replace(item("2"), signals=[None, 0.0])])
    assert later.signal_mask_BS.tolist() == [[1, 0], [0, 1]]
    assert later.signals_BS[0].tolist() == pytest.approx([1, 0])
