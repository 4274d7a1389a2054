"""Tricks around the loss: each does nothing at the setting that says so, and a case worked by hand."""

import pytest
import torch
from torch import nn

from reeltag_training.tricks.adversarial import embedding_table, fgm, pgd
from reeltag_training.tricks.averages import Ema, mean_of_states, reestimate_norms


class Bag(nn.Module):
    """Mean of word vectors, squashed, scored."""

    def __init__(self):
        super().__init__()
        torch.manual_seed(0)
        self.words, self.score = nn.Embedding(5, 3), nn.Linear(3, 2)

    def forward(self, ids_BT: torch.Tensor) -> torch.Tensor:
        return self.score(self.words(ids_BT).mean(1).tanh())


def bag_after_clean_backward():
    model = Bag()
    ids, labels = torch.tensor([[0, 1], [2, 3]]), torch.tensor([0, 1])

    def backward():
        nn.functional.cross_entropy(model(ids), labels).backward()

    backward()
    return model, backward, {name: p.grad.clone() for name, p in model.named_parameters()}


def weights_of(model: nn.Module) -> dict[str, torch.Tensor]:
    return {name: p.detach().clone() for name, p in model.named_parameters()}


def test_ema_at_decay_0_is_the_model_and_at_1_the_start():
    model = nn.Linear(2, 2)
    now, start = Ema(model, decay=0.0), Ema(model, decay=1.0)
    first = model.weight.detach().clone()
    with torch.no_grad():
        model.weight.add_(1)
    now.update(model)
    start.update(model)
    assert torch.equal(now.model.weight, model.weight) and torch.equal(start.model.weight, first)


def test_ema_by_hand_copies_buffers():
    model = nn.BatchNorm1d(1)
    mean = Ema(model, decay=0.75)
    with torch.no_grad():
        model.weight.fill_(5.0)
        model.running_mean.fill_(7.0)
    mean.update(model)
    # 0.75 · 1 + 0.25 · 5, then 0.75 · 2 + 0.25 · 5.
    assert mean.model.weight.item() == 2.0 and mean.model.running_mean.item() == 7.0
    mean.update(model)
    assert mean.model.weight.item() == 2.75


def test_swa_of_one_state_is_it_and_of_two_their_mean():
    one = {"w": torch.tensor([1.0, 2.0]), "steps": torch.tensor(3)}
    other = {"w": torch.tensor([3.0, 8.0]), "steps": torch.tensor(4)}
    assert torch.equal(mean_of_states([one])["w"], one["w"])
    mean = mean_of_states([one, other])
    assert mean["w"].tolist() == [2.0, 5.0] and mean["steps"].item() == 4
    with pytest.raises(ValueError, match="no state"):
        mean_of_states([])


def test_norms_are_reestimated_from_the_data_with_dropout_off():
    torch.manual_seed(0)
    model = nn.Sequential(nn.Dropout(0.9), nn.BatchNorm1d(1))
    model[1].running_mean.fill_(100.0)
    # Batches of means 2 and 6, variances 2 and 8 (n - 1): their means.
    reestimate_norms(model, [(torch.tensor([[1.0], [3.0]]),), (torch.tensor([[4.0], [8.0]]),)])
    assert model[1].running_mean.item() == pytest.approx(4.0) and model[1].running_var.item() == pytest.approx(5.0)
    assert not model[1].training and model[1].momentum == 0.1


def test_the_embedding_table_is_found_by_exactly_one_name():
    model = Bag()
    assert embedding_table(model) is model.words.weight
    with pytest.raises(ValueError, match="0 parameters"):
        embedding_table(model, "word_embeddings.weight")
    with pytest.raises(ValueError, match="2 parameters"):
        embedding_table(nn.ModuleList([model, Bag()]))


def test_fgm_at_0_adds_the_clean_gradient():
    model, backward, clean = bag_after_clean_backward()
    fgm(model.words.weight, backward, epsilon=0.0)
    for name, p in model.named_parameters():
        assert torch.allclose(p.grad, clean[name] * 2)


def test_fgm_by_hand():
    # loss = w²/2 at w = 3: clean gradient 3; at w = 3 + 0.5 it is 3.5; together 6.5; w is 3 again.
    w = nn.Parameter(torch.tensor([3.0]))

    def backward():
        (w.square() / 2).sum().backward()

    backward()
    fgm(w, backward, epsilon=0.5)
    assert w.grad.item() == 6.5 and w.item() == 3.0


def test_pgd_by_hand_stays_in_the_ball():
    # Three steps of 0.3 go to 3.6 at most in a ball of 0.6; the clean gradient 3 is kept, those on the way are not.
    model = nn.Module()
    model.w = nn.Parameter(torch.tensor([3.0]))

    def backward():
        (model.w.square() / 2).sum().backward()

    backward()
    pgd(model, model.w, backward, steps=3, alpha=0.3, epsilon=0.6)
    assert model.w.grad.item() == pytest.approx(3 + 3.6) and model.w.item() == 3.0


def test_one_step_of_pgd_is_fgm_and_weights_come_back_to_the_bit():
    grads = []
    for attack in ("fgm", "pgd"):
        model, backward, _ = bag_after_clean_backward()
        before = weights_of(model)
        if attack == "fgm":
            fgm(model.words.weight, backward, epsilon=1.0)
        else:
            pgd(model, model.words.weight, backward, steps=1, alpha=1.0, epsilon=1.0)
        assert all(torch.equal(before[name], p) for name, p in model.named_parameters())
        grads.append({name: p.grad.clone() for name, p in model.named_parameters()})
    assert all(torch.allclose(grads[0][name], grads[1][name], atol=1e-6) for name in grads[0])


def test_a_gradient_of_nothing_moves_nothing():
    model, backward, _ = bag_after_clean_backward()
    for p in model.parameters():
        p.grad.zero_()
    before = weights_of(model)
    fgm(model.words.weight, backward)
    pgd(model, model.words.weight, backward)
    assert all(torch.equal(before[name], p) and not p.grad.any() for name, p in model.named_parameters())
