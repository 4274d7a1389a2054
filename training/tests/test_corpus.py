import csv
import subprocess
import sys
from collections import Counter, defaultdict
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import av
import cv2
import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from reeltag_training.art.canvas import Placement
from reeltag_training.art.families import SHARE_ALIKE, STYLES
from reeltag_training.corpus import make as making
from reeltag_training.corpus.__main__ import ENOUGH
from reeltag_training.corpus.film import _light, _moved, _moves, colour_grid, draw_clip
from reeltag_training.corpus.make import make
from reeltag_training.corpus.motion import FACETS, labels, paired_accuracy, reversed_states
from reeltag_training.corpus.plan import DUPLICATES, TAIL, leaf_of, odds, order_of_frequency, original_of, plan, rng_of
from reeltag_training.corpus.sides import NOISE, SIDES, side
from reeltag_training.corpus.store import CorpusRefusedError, Settings, claimed
from reeltag_training.words.titles import MIX
from reeltag_training.words.tree import leaves

pytestmark = pytest.mark.art
SEED = 5
TINY = Settings(seed=SEED, clips=600, side=32, sides=("validate",))


@pytest.fixture(scope="module")
def trained():
    return [plan(SEED, side("train"), i) for i in range(4000)]


def quiet(done, total):
    pass


def files(folder):
    return {str(f.relative_to(folder)): f.read_bytes() for f in Path(folder).rglob("*") if f.suffix in (".npy", ".tsv")}


def within(share, expected, count):
    """Four standard deviations of a binomial."""
    return abs(share - expected) < 4 * (expected * (1 - expected) / count) ** 0.5


def test_the_training_side_is_long_tailed():
    counts = Counter(leaf_of(SEED, side("train"), i) for i in range(100 * len(leaves())))
    frequent, rare = order_of_frequency(SEED)[0], order_of_frequency(SEED)[-1]
    assert odds()[0] / odds()[-1] == pytest.approx(TAIL)
    assert 80 < counts[frequent] / counts[rare] < 125


@pytest.mark.parametrize("name", ["calibrate", "validate", "test"])
def test_sides_that_are_measured_on_are_balanced_and_rightly_labelled(name):
    clips = [plan(SEED, side(name), i) for i in range(3 * len(leaves()))]
    assert set(Counter(c.leaf for c in clips).values()) == {3}
    assert all(c.given == c.leaf and c.original == c.index for c in clips)


def test_labels_are_wrong_at_the_known_rate(trained):
    wrong = [c for c in trained if c.given != c.leaf]
    assert within(len(wrong) / len(trained), NOISE, len(trained))
    siblings = np.mean([leaves()[c.given].path[1] == leaves()[c.leaf].path[1] for c in wrong])
    assert 0.5 < siblings < 0.9


def test_titles_keep_the_pinned_mix(trained):
    kinds = Counter(c.title.kind for c in trained)
    assert all(within(kinds[kind] / len(trained), share, len(trained)) for kind, share in MIX.items())


def test_reposts_share_group_scene_and_truth_but_not_the_row(trained):
    reposts = [c for c in trained if c.original != c.index]
    assert within(len(reposts) / len(trained), DUPLICATES, len(trained))
    for repost in reposts:
        first = trained[repost.original]
        assert first.original == first.index and repost.group == first.group and repost.id != first.id
        assert repost.minute >= first.minute
        assert (repost.leaf, repost.motion, repost.also) == (first.leaf, first.motion, first.also)
    assert len({c.group for c in trained}) == len(trained) - len(reposts)


def test_the_rarest_class_too_has_a_clip_by_default():
    counts = Counter(
        leaf_of(SEED, side("train"), original_of(SEED, side("train"), i)) for i in range(ENOUGH * len(leaves()))
    )
    assert set(counts) == set(range(len(leaves())))


@pytest.mark.slow
def test_a_repost_looks_like_its_original_and_not_like_others(trained):
    bank = making.bank_of("train")
    reposts = [c for c in trained if c.original != c.index][:12]
    drawn = np.stack([colour_grid(draw_clip(bank, c, SEED, 48)).ravel() for c in reposts])
    first = np.stack([colour_grid(draw_clip(bank, trained[c.original], SEED, 48)).ravel() for c in reposts])
    assert not np.array_equal(drawn, first)
    nearest = np.corrcoef(drawn, first)[:12, 12:].argmax(1)
    assert [reposts[k].group for k in nearest] == [c.group for c in reposts]


def test_no_author_group_or_day_is_on_two_sides():
    authors, groups, days = defaultdict(set), defaultdict(set), defaultdict(set)
    for each in SIDES:
        for clip in (plan(SEED, each, i) for i in range(300)):
            authors[clip.author].add(each.world)
            groups[clip.group].add(each.name)
            days[clip.minute // 1440].add(each.world)
    assert all(len(worlds) == 1 for found in (authors, groups, days) for worlds in found.values())


def test_held_out_clips_are_later_and_the_pool_is_ten_times_larger():
    ends = [s.days for s in SIDES if s.labelled]
    assert all(a[1] <= b[0] for a, b in zip(ends, ends[1:], strict=False))
    settings = Settings(SEED, 40, 32, ("train",))
    assert making.count(settings, side("pool")) == 10 * making.count(settings, side("train"))


def test_art_of_one_family_is_on_one_side_and_share_alike_art_on_the_test_side_alone():
    roles = {s.role for s in SIDES if s.name != "pool"}
    assert len(roles) == 4 and side("pool").role == side("train").role
    assert len({s.family for s in STYLES if s.role == side("train").role}) >= 5
    assert {s.role for s in STYLES if s.licence in SHARE_ALIKE} == {side("test").role}


def test_authors_have_a_main_topic(trained):
    topics = defaultdict(Counter)
    for clip in trained:
        topics[clip.author][leaves()[clip.leaf].path[1]] += 1
    main = sum(max(t.values()) for t in topics.values()) / len(trained)
    shuffled = np.random.default_rng(0).permutation([leaves()[c.leaf].path[1] for c in trained])
    by_chance = defaultdict(Counter)
    for clip, topic in zip(trained, shuffled, strict=True):
        by_chance[clip.author][topic] += 1
    assert main > 0.6 and main > 1.8 * sum(max(t.values()) for t in by_chance.values()) / len(trained)


def test_signals_after_publishing_tell_of_misleading_titles(trained):
    wrong = np.mean([c.completion for c in trained if c.title.kind == "wrong"])
    assert wrong < np.mean([c.completion for c in trained if c.title.kind == "exact"]) - 0.1
    lines = [leaves()[c.leaf].zh in "".join(c.comments) for c in trained if c.title.kind == "wrong"]
    assert 0.2 < np.mean(lines) < 0.8


def test_a_clip_is_the_same_whatever_the_count_and_the_sides(tmp_path):
    make(tmp_path / "few", replace(TINY, clips=120), 1, quiet)
    make(tmp_path / "more", TINY, 1, quiet)
    few, more = (np.load(tmp_path / name / "pixels/validate/00000.npy") for name in ("few", "more"))
    assert few.shape == (30, 8, 32, 32, 3) and np.array_equal(few, more[:30])


@pytest.mark.slow
def test_a_killed_run_goes_on_and_ends_with_the_same_files(tmp_path):
    make(tmp_path / "whole", replace(TINY, clips=1600), 1, quiet)
    killed = tmp_path / "killed"
    command = [sys.executable, "-m", "reeltag_training.corpus", "make", "--out", str(killed), "--sides", "validate"]
    command += ["--seed", str(SEED), "--clips", "1600", "--side", "32"]
    first = subprocess.Popen(command, stderr=subprocess.DEVNULL)
    while first.poll() is None and not list(killed.rglob("pixels/validate/*.npy")):
        pass
    first.kill()
    first.wait()
    begun = {f: f.stat().st_mtime_ns for f in killed.rglob("pixels/validate/*.npy")}
    assert 1 <= len(begun) < 4
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert files(killed) == files(tmp_path / "whole") and not list(killed.rglob("*.part"))
    assert all(f.stat().st_mtime_ns == changed for f, changed in begun.items())


def test_several_workers_make_the_same_files(tmp_path):
    make(tmp_path / "one", TINY, 1, quiet)
    make(tmp_path / "two", TINY, 2, quiet)
    assert files(tmp_path / "one") == files(tmp_path / "two")


def test_a_folder_of_another_corpus_or_run_is_refused(tmp_path):
    make(tmp_path, replace(TINY, clips=8), 1, quiet)
    with pytest.raises(CorpusRefusedError, match="seed"):
        make(tmp_path, replace(TINY, clips=8, seed=6), 1, quiet)
    with claimed(tmp_path, replace(TINY, clips=8)), pytest.raises(CorpusRefusedError, match="another run"):
        make(tmp_path, replace(TINY, clips=8), 1, quiet)


def test_reversal_swaps_the_two_directions_of_every_facet():
    assert labels((1, -1, 0, 1, 1)) == ["right", "up", "grow", "flash-then-blackout"]
    assert labels(reversed_states((1, -1, 0, 1, 1))) == ["left", "down", "shrink", "blackout-then-flash"]


def test_paired_decisions_by_hand():
    states = np.array([[1, 0, 0, 0, 0], [-1, 1, 0, 0, 0], [1, -1, 0, 0, 0], [0, 0, 0, 0, 0]])
    scores, backwards = np.zeros((4, 5)), np.zeros((4, 5))
    scores[:, 0], backwards[:, 0] = (2, 1, 3, 9), (1, 2, 3, 0)
    scores[:, 1], backwards[:, 1] = (0, 1, 1, 0), (0, 2, 2, 0)
    figures = paired_accuracy(scores, backwards, states)
    # horizontal: right, right, tie; vertical: wrong (down scored lower), right; nothing else moves.
    assert figures["horizontal"] == pytest.approx(2.5 / 3) and figures["vertical"] == 0.5
    assert np.isnan(figures["size"])


def test_every_facet_moves_the_picture_as_its_label_says():
    """A lone subject on the drawn clip's own clock: the moved placement, end against beginning."""
    at, still = Placement(50, 50, 40), np.zeros(2)
    moves = _moves((1, -1, 1, -1, 0), np.random.default_rng(0))
    begin, end = (_moved(at, moves, t, 100, still) for t in (-1.0, 1.0))
    assert end.x > begin.x and end.y < begin.y and end.angle > begin.angle and end.size < begin.size
    light = _light(1, 8, np.random.default_rng(0))
    assert light.argmax() < light.argmin()


@pytest.fixture(scope="module")
def grids():
    """[N, F, V] grids of drawn clips of the validation side, and their states [N, M]."""
    of, bank = side("validate"), making.bank_of("test")
    clips = [plan(SEED, of, i) for i in range(1600)]
    frames = [colour_grid(draw_clip(bank, clip, SEED, 32)) for clip in clips]
    return np.stack(frames), np.array([clip.motion for clip in clips])


def fitted(features, states):
    """A linear probe a facet, and the scores that it gives; fitted on three quarters of the rows that move in it."""
    cut = len(features) * 3 // 4
    features = (features - features[:cut].mean(0)) / (features[:cut].std(0) + 1e-6)
    scores = np.zeros(states.shape)
    for m in range(len(FACETS)):
        rows = np.flatnonzero(states[:cut, m])
        probe = LogisticRegression(C=0.003, max_iter=300).fit(features[rows], states[rows, m])
        scores[:, m] = probe.decision_function(features)
    return scores[cut:]


def paired_probe(features, backwards, states):
    """As fitted, over clips and their reversals in turn: held-out paired decisions."""
    both = np.stack([features, backwards], 1).reshape(2 * len(features), -1)
    scores = fitted(both, np.stack([states, -states], 1).reshape(2 * len(states), -1))
    return paired_accuracy(scores[::2], scores[1::2], states[-len(scores) // 2 :])


def test_a_frame_or_an_average_tells_nothing_of_motion_and_ordered_grids_do(grids):
    grids_NFV, states = grids
    reversed_NFV, n, rng = grids_NFV[:, ::-1], len(grids_NFV), np.random.default_rng(0)
    frame_NV, other_NV = (g[np.arange(n), rng.integers(8, size=n)] for g in (grids_NFV, reversed_NFV))
    one = paired_probe(frame_NV, other_NV, states)
    mean = paired_probe(grids_NFV.mean(1), reversed_NFV.mean(1), states)
    ordered = paired_probe(grids_NFV.reshape(n, -1), reversed_NFV.reshape(n, -1), states)
    assert all(within(figure, 0.5, n // 8) for figure in one.values())
    # Equal but for the order in which floats are added.
    assert all(within(figure, 0.5, n // 8) for figure in mean.values())
    # Cells of a quarter of the frame are too coarse for turning: see the test of flow.
    assert all(ordered[facet] > 0.7 for facet in ("horizontal", "vertical", "size", "events"))


def test_without_its_reversal_too_a_frame_or_an_average_tells_nothing(grids):
    """Would notice a generator that draws one direction larger, brighter or elsewhere than the other."""
    grids_NFV, states = grids
    pick = np.random.default_rng(1).integers(8, size=len(states))
    for features_NV in (grids_NFV.mean(1), grids_NFV[np.arange(len(states)), pick]):
        scores = fitted(features_NV, states)
        held_out = states[-len(scores) :]
        for m in range(len(FACETS)):
            moving = held_out[:, m] != 0
            right = np.sign(scores[moving, m]) == held_out[moving, m]
            assert within(right.mean(), 0.5, moving.sum()), list(FACETS)[m]


def test_turning_shows_in_the_flow_between_frames():
    """The curl of optical flow in the middle of the frame, nothing learnt."""
    of, bank, turn = side("validate"), making.bank_of("test"), list(FACETS).index("turn")
    clips = [c for c in (plan(SEED, of, i) for i in range(120)) if c.motion[turn]]
    scores, backwards = np.zeros((2, len(clips), len(FACETS)))
    for i, clip in enumerate(clips):
        frames = draw_clip(bank, clip, SEED, 64)
        scores[i, turn], backwards[i, turn] = curl(frames), curl(frames[::-1])
    assert paired_accuracy(scores, backwards, np.array([c.motion for c in clips]))["turn"] > 0.8


def curl(frames):
    grey = [cv2.equalizeHist(cv2.cvtColor(f, cv2.COLOR_RGB2GRAY)) for f in frames]
    curls = []
    for before, after in pairwise(grey):
        flow = cv2.calcOpticalFlowFarneback(before, after, None, 0.5, 3, 15, 3, 5, 1.2, 0)
        curls.append((np.gradient(flow[..., 1], axis=1) - np.gradient(flow[..., 0], axis=0))[16:-16, 16:-16].mean())
    return np.median(curls)


def test_clips_become_videos_that_decode(tmp_path):
    make(tmp_path, Settings(SEED, 12, 32, ("validate",), mp4=3), 1, quiet)
    with (tmp_path / "validate.tsv").open(encoding="utf-8") as opened:
        rows = list(csv.DictReader(opened, delimiter="\t", quoting=csv.QUOTE_NONE))
    assert [bool(r["mp4"]) for r in rows] == [True, True, True]
    for row in rows:
        with av.open(str(tmp_path / row["mp4"])) as video:
            decoded = [f.to_ndarray(format="rgb24") for f in video.decode(video=0)]
        pixels = np.load(tmp_path / row["pixels"])[int(row["pixels_row"])]
        assert len(decoded) == 48 and decoded[0].shape == (256, 256, 3) and pixels.shape == (8, 32, 32, 3)
        assert np.abs(decoded[0].astype(int) - decoded[-1]).mean() > 1


def test_streams_of_a_clip_are_independent():
    draws = {s: rng_of(SEED, side("train"), 3, s).random() for s in ("copy", "what", "who", "text", "scene", "after")}
    assert len(set(draws.values())) == len(draws)
    assert original_of(SEED, side("train"), 0) == 0


def test_the_card_counts_what_is_there_and_shows_it(tmp_path):
    command = [sys.executable, "-m", "reeltag_training.corpus", "make", "--out", str(tmp_path), "--seed", str(SEED)]
    command += ["--sides", "train,validate", "--clips", "60", "--preview"]
    assert subprocess.run(command, capture_output=True).returncode == 0
    card = (tmp_path / "DATA-CARD.md").read_text(encoding="utf-8")
    reposts = sum(original_of(SEED, side("train"), i) != i for i in range(60))
    line = next(row for row in card.splitlines() if row.startswith("| train | 60 |"))
    assert f"| {reposts / 60:.1%} |" in line and "preview" in card
    assert cv2.imread(str(tmp_path / "contact-sheet.png")).shape[0] == 2 * 4 * 84
    assert cv2.imread(str(tmp_path / "counts.png")) is not None and not list(tmp_path.rglob("*.npy"))


def test_a_wrong_option_is_refused_with_its_reason(tmp_path):
    command = [sys.executable, "-m", "reeltag_training.corpus", "make", "--out", str(tmp_path), "--seed", "1"]
    ended = subprocess.run([*command, "--sides", "train,tset"], capture_output=True, text=True)
    assert ended.returncode == 1 and "tset" in ended.stderr and "Traceback" not in ended.stderr
