import numpy as np
import pytest

from reeltag_training.art.clips import compose_clips
from reeltag_training.art.scene import SceneConfig, compose_picture
from reeltag_training.art.sprites import SpriteBank, load_sprites
from reeltag_training.starter.figures.evaluate import evaluation_set

pytestmark = pytest.mark.art


@pytest.fixture(scope="module")
def bank():
    return SpriteBank(["twemoji"])


def picture(bank, seed, **config):
    return compose_picture(bank, 4, np.random.default_rng(seed), SceneConfig(**config))


def test_a_seed_fixes_the_picture(bank):
    assert np.array_equal(picture(bank, 1, restyle=0.5, warp=0.02), picture(bank, 1, restyle=0.5, warp=0.02))
    assert not np.array_equal(picture(bank, 1), picture(bank, 2))


def test_a_clip_depends_on_its_index_alone():
    several = compose_clips(["twemoji"], range(3, 6), 9)
    alone = compose_clips(["twemoji"], range(5, 6), 9)
    assert np.array_equal(several.frames[2], alone.frames[0]) and several.labels[2] == alone.labels[0]


def test_frames_of_a_clip_differ():
    frames = compose_clips(["twemoji"], range(4), 9).frames
    assert frames.shape == (4, 4, 96, 96, 3) and frames.dtype == np.uint8
    assert all(np.abs(clip[0].astype(int) - clip[3]).mean() > 1 for clip in frames)


def test_every_leaf_is_drawn_in_the_art_that_is_measured(bank):
    assert set(range(bank.leaf_count)) <= set(load_sprites("twemoji").leaf.tolist())


def test_evaluation_titles_belong_to_the_clip_and_not_to_the_sample():
    few, more = evaluation_set("test", np.array([7, 11])), evaluation_set("test", np.array([2, 7, 11]))
    assert few.titles == more.titles[1:]
