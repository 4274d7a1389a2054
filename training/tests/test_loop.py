"""The loop: an interrupted run ends with the same weights, and a NaN loss stops with its batch kept."""

import json
from dataclasses import replace

import pytest
import torch
from torch import nn

from reeltag_training.lab.training.devices import moved
from reeltag_training.lab.training.loop import LoopConfig, LossNotFiniteError, train
from reeltag_training.taggers.inputs import AtPublish


class Bag(nn.Module):
    def __init__(self):
        super().__init__()
        torch.manual_seed(3)
        self.words, self.drop, self.score = nn.Embedding(9, 4), nn.Dropout(0.3), nn.Linear(4, 2)

    def forward(self, ids: torch.Tensor) -> torch.Tensor:
        return self.score(self.drop(self.words(ids).mean(1)))


# The last leaves a loss of 0 whose gradient is none.
SPOILS = {
    "NaN": lambda loss: loss * float("nan"),
    "infinite": lambda loss: loss * float("inf"),
    "without a gradient": lambda loss: (loss - loss.detach()).abs().sqrt(),
}


class Work:
    """Batches and losses; breaks off, or spoils its loss, at the step it is told."""

    def __init__(self, model: Bag, cut_at: int | None = None, spoilt_at: int | None = None, spoil=SPOILS["NaN"]):
        self.model, self.cut_at, self.spoilt_at, self.spoil, self.calls = model, cut_at, spoilt_at, spoil, 0
        self.drawn: list[torch.Tensor] = []

    def batch(self, generator):
        if self.calls == self.cut_at:
            raise KeyboardInterrupt
        self.calls += 1
        self.drawn.append(torch.randint(0, 9, (8, 3), generator=generator))
        return self.drawn[-1]

    def loss(self, ids, generator):
        loss = nn.functional.cross_entropy(self.model(ids), (ids[:, 0] > 4).long())
        return self.spoil(loss) if self.calls - 1 == self.spoilt_at else loss


SHORT = LoopConfig(steps=12, save_every=4, ema=0.5, fgm=0.1, seed=5)


def run(folder, config=SHORT, **work):
    model = Bag()
    do = Work(model, **work)
    return model, train(model, do.batch, do.loss, config, folder)


@pytest.mark.parametrize("config", [SHORT, replace(SHORT, ema=0.0, fgm=0.0, pgd=0.2)], ids=["ema-fgm", "pgd"])
def test_an_interrupted_run_ends_with_the_same_weights(tmp_path, config):
    whole, whole_mean = run(tmp_path / "whole", config)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "cut", config, cut_at=6)
    resumed, resumed_mean = run(tmp_path / "cut", config)
    for one, other in ((whole, resumed), (whole_mean, resumed_mean)):
        assert all(torch.equal(a, b) for a, b in zip(one.parameters(), other.parameters(), strict=True))
    assert (whole_mean is whole) == (config.ema == 0)


def test_a_batch_moves_whole_to_the_device():
    text = AtPublish(*(torch.ones(2, 3) for _ in range(4)))
    batch = moved({"ids": ["a"], "x": text, "label_B": torch.tensor([1])}, "meta")
    assert batch["x"].frames_BFV.device.type == batch["label_B"].device.type == "meta" and batch["ids"] == ["a"]
    assert text.frames_BFV.device.type == "cpu"


@pytest.mark.skipif(not torch.cuda.is_available(), reason="optional: no CUDA device: run it on a machine with one")
def test_the_device_changes_where_and_not_what(tmp_path):
    on_cpu, _ = run(tmp_path / "cpu")
    on_cuda, best = run(tmp_path / "cuda", replace(SHORT, device="cuda"))
    # Dropout draws otherwise there: the batches are the same, the weights near.
    assert (on_cuda.words.weight.cpu() - on_cpu.words.weight).abs().max() < 0.05
    assert best.words.weight.device.type == "cpu"


def test_another_seed_gives_other_weights_and_other_settings_do_not_resume(tmp_path):
    one, _ = run(tmp_path / "one")
    other, _ = run(tmp_path / "other", replace(SHORT, seed=6))
    assert not torch.equal(one.words.weight, other.words.weight)
    with pytest.raises(ValueError, match="other settings"):
        run(tmp_path / "one", replace(SHORT, rate=0.5))


@pytest.mark.parametrize("spoil", SPOILS)
def test_a_loss_that_is_not_a_number_stops_with_step_and_batch_kept(tmp_path, spoil):
    model = Bag()
    do = Work(model, spoilt_at=6, spoil=SPOILS[spoil])
    with pytest.raises(LossNotFiniteError) as stop:
        train(model, do.batch, do.loss, SHORT, tmp_path)
    assert all(torch.isfinite(p).all() for p in model.parameters())
    assert stop.value.step == 6
    kept = torch.load(stop.value.kept, weights_only=True)
    assert kept["step"] == 6 and torch.equal(kept["batch"], do.drawn[-1])
    # The state of step 4 is still good: the same run without the fault goes on from it.
    resumed, _ = run(tmp_path)
    whole, _ = run(tmp_path / "whole")
    assert torch.equal(resumed.words.weight, whole.words.weight)


def test_every_step_draws_another_batch_and_so_does_every_seed(tmp_path):
    works = []
    for name, seed in (("one", 5), ("again", 5), ("other", 6)):
        model = Bag()
        works.append(Work(model))
        train(model, works[-1].batch, works[-1].loss, replace(SHORT, seed=seed), tmp_path / name)
    one, again, other = (torch.stack(work.drawn) for work in works)
    assert torch.equal(one, again) and not torch.equal(one, other)
    assert len(torch.unique(one.flatten(1), dim=0)) == SHORT.steps


class Noise(nn.Module):
    """Nothing but dropout: what it leaves of ones tells what was drawn."""

    def __init__(self):
        super().__init__()
        self.w, self.drop, self.seen = nn.Parameter(torch.ones(64)), nn.Dropout(0.5), []

    def loss(self, batch, generator):
        dropped = self.drop(torch.ones(64))
        self.seen.append(dropped)
        return (self.w * dropped).sum()


def test_dropout_is_on_and_differs_from_step_to_step(tmp_path):
    model = Noise().eval()
    best = train(model, lambda generator: 0, model.loss, LoopConfig(steps=4, seed=5), tmp_path)
    assert len(torch.unique(torch.stack(model.seen), dim=0)) == 4 and not best.training


def test_the_rate_goes_up_and_down_by_hand(tmp_path):
    run(tmp_path, LoopConfig(steps=4, rate=0.5, warm_up=0.5, save_every=1))
    rates = [json.loads(line)["rate"] for line in (tmp_path / "log.jsonl").read_text().splitlines()]
    assert rates == [0.25, 0.5, 0.5, 0.25]
