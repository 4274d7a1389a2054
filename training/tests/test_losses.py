"""Losses: each equals the plain loss that it falls back to, and a case worked by hand."""

from math import exp, log

import pytest
import torch
import torch.nn.functional as F

from reeltag_training.losses.classification import (
    class_balanced_weights,
    cross_entropy,
    distil_labels,
    distil_tags,
    r_drop,
)
from reeltag_training.losses.hierarchical import (
    c_hmcnn,
    coarse_and_fine,
    coarse_log_probabilities,
    hmc_penalty,
    hmcn,
    hxe,
    hxe_weights,
    max_up,
)
from reeltag_training.losses.hierarchy import Hierarchy

TREE = Hierarchy.of(["food/fruit/apple", "food/fruit/pear", "food/bread", "sport"])
FLAT = Hierarchy.of(["a", "b", "c"])


def logits(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed), requires_grad=True)


def some_labels(batch: int, classes: int) -> torch.Tensor:
    return torch.randint(0, classes, (batch,), generator=torch.Generator().manual_seed(9))


def of(*p: float) -> torch.Tensor:
    """Logits whose softmax is p."""
    return torch.tensor([p]).log()


def test_a_hierarchy_puts_parents_first():
    assert TREE.paths == ("food", "sport", "food/bread", "food/fruit", "food/fruit/apple", "food/fruit/pear")
    assert TREE.parents == (-1, -1, 0, 0, 3, 3)
    assert TREE.leaves == (1, 2, 4, 5)
    assert TREE.below_NN[0].tolist() == [True, False, True, True, True, True]
    with pytest.raises(ValueError, match="at least one"):
        Hierarchy.of([])


def test_smoothing_and_balance_of_nothing_are_plain_cross_entropy():
    x, y = logits(8, 5), some_labels(8, 5)
    equal = class_balanced_weights(torch.full((5,), 30))
    assert torch.allclose(cross_entropy(x, y, 0.0, equal), F.cross_entropy(x, y))
    assert torch.allclose(class_balanced_weights(torch.tensor([1, 10, 1000]), beta=0.0), torch.ones(3))


def test_smoothing_by_hand():
    # p = (0.5, 0.25, 0.25), y = 0, ε = 0.3: the target is (0.8, 0.1, 0.1).
    expected = 0.8 * log(2) + 0.2 * log(4)
    assert cross_entropy(of(0.5, 0.25, 0.25), torch.tensor([0]), 0.3).item() == pytest.approx(expected)


def test_class_balance_by_hand():
    # β = 0.5: (1, 2) items have effective numbers 1 and 1.5, inverse 1 and 2/3, sum 5/3 made 2.
    weights = class_balanced_weights(torch.tensor([1, 2]), beta=0.5)
    assert weights.tolist() == pytest.approx([1.2, 0.8])
    assert cross_entropy(of(0.5, 0.5), torch.tensor([1]), 0.0, weights).item() == pytest.approx(0.8 * log(2))
    with pytest.raises(ValueError, match=r"\[1\]"):
        class_balanced_weights(torch.tensor([4, 0]))


def test_r_drop_of_equal_passes_is_cross_entropy_with_its_gradient():
    x, y = logits(8, 5), some_labels(8, 5)
    r_drop(x, x, y, alpha=3.0).backward()
    plain = x.detach().clone().requires_grad_()
    F.cross_entropy(plain, y).backward()
    assert torch.allclose(x.grad, plain.grad, atol=1e-6)


def test_r_drop_by_hand_reaches_both_passes():
    # p = (0.5, 0.5), q = (0.8, 0.2), y = 0: the two KLs sum to Σ(p - q) ln(p / q).
    a, b = of(0.5, 0.5).requires_grad_(), of(0.8, 0.2).requires_grad_()
    divergence = (-0.3 * log(0.5 / 0.8) + 0.3 * log(0.5 / 0.2)) / 2
    loss = r_drop(a, b, torch.tensor([0]), alpha=0.5)
    assert loss.item() == pytest.approx((log(2) + log(1 / 0.8)) / 2 + 0.5 * divergence)
    loss.backward()
    assert a.grad.abs().sum() > 0 and b.grad.abs().sum() > 0


@pytest.mark.parametrize("distil", [distil_tags, distil_labels])
def test_distillation_at_alpha_0_is_plain_and_equal_logits_teach_nothing(distil):
    x, teacher = logits(6, 4), logits(6, 4, seed=1)
    y = some_labels(6, 4)
    truth = F.one_hot(y, 4).float() if distil is distil_tags else y
    plain = F.binary_cross_entropy_with_logits(x, truth) if distil is distil_tags else F.cross_entropy(x, y)
    assert torch.allclose(distil(x, teacher, truth, alpha=0.0), plain)
    distil(x, x, truth, alpha=1.0).backward()
    assert x.grad.abs().max() < 1e-6
    distil(x, teacher, truth, alpha=1.0).backward()
    assert x.grad.abs().max() > 1e-3 and teacher.grad is None


def test_distillation_by_hand():
    # T = 2, s = 2 ln 4, t = 0: σ(s/T) = 0.8 against 0.5, so T² H = 4 · -(ln 0.8 + ln 0.2) / 2.
    s, t, y = torch.tensor([[2 * log(4)]]), torch.zeros(1, 1), torch.ones(1, 1)
    hard = -log(16 / 17)
    soft = 4 * -(log(0.8) + log(0.2)) / 2
    assert distil_tags(s, t, y, alpha=0.25, temperature=2).item() == pytest.approx(0.75 * hard + 0.25 * soft, rel=1e-5)


def test_fine_to_coarse_by_hand_and_at_weight_0():
    coarse_of = torch.tensor([0, 0, 1])
    x, y = of(0.5, 0.2, 0.3), torch.tensor([1])
    assert coarse_log_probabilities(x, coarse_of, 2).exp().tolist()[0] == pytest.approx([0.7, 0.3])
    coarse = of(0.6, 0.4)
    assert torch.allclose(coarse_and_fine(coarse, x, y, coarse_of, 0.0, 0.0), F.cross_entropy(x, y))
    whole = coarse_and_fine(coarse, x, y, coarse_of, 2.0, 0.5)
    assert whole.item() == pytest.approx(-log(0.2) - 2 * log(0.6) - 0.5 * log(0.7))


def test_hmc_penalty_by_hand_and_where_the_tree_holds():
    # Order: food, sport, bread, fruit, apple, pear. Bread exceeds food by 0.2, pear exceeds fruit by 0.3.
    p = torch.tensor([[0.5, 0.9, 0.7, 0.4, 0.4, 0.7]])
    assert hmc_penalty(p, TREE).item() == pytest.approx(0.2**2 + 0.3**2)
    assert hmc_penalty(max_up(p, TREE), TREE) == 0
    assert hmc_penalty(torch.rand(2, 3), FLAT) == 0


def test_hmcn_at_weight_0_is_the_two_plain_losses():
    local, whole, truth = logits(4, 6), logits(4, 6, seed=1), torch.randint(0, 2, (4, 6)).float()
    plain = F.binary_cross_entropy_with_logits(local, truth) + F.binary_cross_entropy_with_logits(whole, truth)
    assert torch.allclose(hmcn(local, whole, truth, TREE, weight=0.0), plain)
    penalty = hmc_penalty((local.sigmoid() + whole.sigmoid()) / 2, TREE)
    assert torch.allclose(hmcn(local, whole, truth, TREE, weight=0.1), plain + 0.1 * penalty)


def test_c_hmcnn_never_puts_a_child_above_its_parent_and_is_bce_when_flat():
    h = logits(50, 6).sigmoid()
    raised = max_up(h, TREE)
    for child, parent in enumerate(TREE.parents):
        assert parent < 0 or (raised[:, parent] >= raised[:, child]).all()
    x, truth = logits(7, 3), torch.randint(0, 2, (7, 3)).float()
    assert torch.allclose(c_hmcnn(x, truth, FLAT), F.binary_cross_entropy_with_logits(x, truth))


def test_c_hmcnn_by_hand():
    # h = (a 0.3, a/b 0.6, a/c 0.8), truth {a, a/b}: a may only lean on its true child: 0.6, not 0.8.
    tree = Hierarchy.of(["a/b", "a/c"])
    x = torch.logit(torch.tensor([[0.3, 0.6, 0.8]]))
    expected = -(log(0.6) + log(0.6) + log(0.2)) / 3
    assert c_hmcnn(x, torch.tensor([[1.0, 1.0, 0.0]]), tree).item() == pytest.approx(expected)


def test_hxe_with_unit_weights_is_cross_entropy():
    x, y = logits(9, 4), some_labels(9, 4)
    assert torch.allclose(hxe(x, y, TREE, alpha=0.0), F.cross_entropy(x, y))


def test_hxe_by_hand():
    # Leaves sport 0.1, bread 0.2, apple 0.3, pear 0.4. To pear: food 0.9, fruit 0.7 / 0.9, pear 0.4 / 0.7.
    one, two, three = (exp(-0.5 * d) for d in (1, 2, 3))
    scale = 3 / (one + two + three)
    expected = -scale * (one * log(0.9) + two * log(0.7 / 0.9) + three * log(0.4 / 0.7))
    assert hxe(of(0.1, 0.2, 0.3, 0.4), torch.tensor([3]), TREE, alpha=0.5).item() == pytest.approx(expected, rel=1e-5)
    assert hxe_weights(TREE, 0.5)[0] > hxe_weights(TREE, 0.5)[5]
