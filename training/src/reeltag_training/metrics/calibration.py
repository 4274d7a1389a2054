"""Temperatures and a threshold, fitted on what the tagger has not learnt. Numpy only.

N items, L leaves
"""

from collections.abc import Mapping
from dataclasses import dataclass
from math import exp, lgamma, log, log1p

import numpy as np

from ..packs.policy import Never, Publish, Threshold

PUBLISHED_MIN = 50


def softmax(logits: np.ndarray) -> np.ndarray:
    e = np.exp(logits - logits.max(-1, keepdims=True))
    return e / e.sum(-1, keepdims=True)


@dataclass(frozen=True)
class Scores:
    """Logits [N, L] of one modality, and the true leaf of each item; -1 where it is none of the leaves."""

    logits: np.ndarray
    labels: np.ndarray

    def probabilities(self, temperature: float) -> np.ndarray:
        return softmax(self.logits / temperature)

    def confidence(self, temperature: float) -> tuple[np.ndarray, np.ndarray]:
        """(probability of the best leaf, whether it is right)."""
        p = self.probabilities(temperature)
        return p.max(1), p.argmax(1) == self.labels


def calibrate(
    scores: Mapping[str, Scores], error_max: float, risk: float | None = None
) -> tuple[dict[str, float], dict[str, Publish]]:
    """A temperature and a rule of publishing for each mask ('both', 'video', 'text'). All masks that are ever sure
    enough have the same threshold. `risk` as in `fit_threshold`.

    A title alone cannot be distinguished from a misleading one, and would drag the threshold up for all.
    So the threshold comes from what includes the video, where that is ever sure, and the title's temperature is raised
    until it keeps to it.
    """
    temperature = {m: fit_temperature(s.logits, s.labels) for m, s in scores.items()}
    fitted = {m: fit_threshold(*s.confidence(temperature[m]), error_max, risk) for m, s in scores.items()}
    sure = {m: rule.at for m, rule in fitted.items() if isinstance(rule, Threshold)}
    sure = {m: at for m, at in sure.items() if m != "text"} or sure
    if not sure:
        return temperature, fitted
    rule = Threshold(max(sure.values()))
    if "text" in scores:
        while wrong_too_often(published(scores["text"], temperature["text"], rule), error_max, risk):
            temperature["text"] = round(temperature["text"] + 0.02, 3)
    return temperature, {m: rule if m in sure or m == "text" else fitted[m] for m in scores}


def reaches(confidence: np.ndarray, rule: Publish) -> np.ndarray:
    """Which of the confidences are published."""
    match rule:
        case Never():
            return np.zeros(confidence.shape, bool)
        case Threshold(at):
            return confidence >= at


def published(scores: Scores, temperature: float, rule: Publish) -> np.ndarray:
    """Of each item that is published, whether it is right."""
    confidence, right = scores.confidence(temperature)
    return right[reaches(confidence, rule)]


def published_error(scores: Scores, temperature: float, rule: Publish) -> float:
    """The share of what is published that is wrong; 0 where nothing is."""
    right = published(scores, temperature, rule)
    return float((~right).mean()) if len(right) else 0.0


def wrong_too_often(right: np.ndarray, error_max: float, risk: float | None) -> bool:
    """Whether more than `error_max` is wrong. With `risk`, unless that is refuted: were the true error `error_max`, so
    few wrong ones would be seen with that probability at most (the binomial's lower tail; Clopper and Pearson 1934).
    """
    count, wrong = len(right), int((~right).sum())
    if not count:
        return False
    if risk is None:
        return wrong / count > error_max
    return binomial_tail(wrong, count, error_max) > risk


def binomial_tail(most: int, count: int, p: float) -> float:
    """P(X ≤ most) of X ~ Binomial(count, p), 0 < p < 1."""
    ways = [lgamma(count + 1) - lgamma(k + 1) - lgamma(count - k + 1) for k in range(most + 1)]
    return sum(exp(w + k * log(p) + (count - k) * log1p(-p)) for k, w in enumerate(ways))


def fit_temperature(logits: np.ndarray, labels: np.ndarray) -> float:
    """The temperature of least negative log-likelihood; golden-section search on its logarithm.

    Items whose label is none of the leaves have no likelihood, and no say.
    """
    known = labels >= 0
    logits, labels = logits[known], labels[known]

    def loss(log_t: float) -> float:
        p = softmax(logits / np.exp(log_t))
        return -np.log(p[np.arange(len(labels)), labels] + 1e-12).mean()

    low, high, ratio = np.log(0.3), np.log(6.0), (np.sqrt(5) - 1) / 2
    for _ in range(40):
        a, b = high - ratio * (high - low), low + ratio * (high - low)
        low, high = (low, b) if loss(a) < loss(b) else (a, high)
    return round(float(np.exp((low + high) / 2)), 3)


def fit_threshold(confidence: np.ndarray, right: np.ndarray, error_max: float, risk: float | None = None) -> Publish:
    """The lowest threshold, from strict to loose, up to which the published error stays within `error_max`.

    A threshold that fewer than PUBLISHED_MIN items reach says nothing; never, where every one with more is too loose.
    With `risk`, the true error of what is published is above `error_max` with that probability at most: thresholds are
    hypotheses tested in a fixed order, until the first that is not refuted (Angelopoulos et al. 2022, Learn then Test).
    """
    best: Publish = Never(f"no threshold keeps the published error within {error_max:g}")
    for threshold in np.arange(0.99, 0.39, -0.01):
        out = confidence >= threshold
        if out.sum() < PUBLISHED_MIN:
            continue
        if wrong_too_often(right[out], error_max, risk):
            break
        best = Threshold(round(float(threshold), 2))
    return best
