"""Linear models of character n-grams: what any tagger of text must beat, and members of an ensemble.

N items, L leaves, K classes of a level
"""

import numpy as np

from ..data.prepared import Prepared
from ..data.table import Item, at_level
from ..data.tokens import normalised


class LinearModel:
    """A linear SVM of character 1- to 3-grams, weighted by tf-idf, for one level of the tree.

    `balance` is scikit-learn's class_weight. Which of None and 'balanced' is the stronger depends on the level.
    """

    def __init__(self, data: Prepared, level: int, balance: str | None):
        from sklearn.svm import LinearSVC

        self.data = data
        self.grams = gram_vectorizer()
        known = self.grams.fit_transform(joined_texts(data.train))
        labels = [at_level(item.label, level) for item in data.train]
        self.classes = sorted(set(labels))
        # A separator needs two sides.
        self.model = LinearSVC(C=0.5, class_weight=balance).fit(known, labels) if len(self.classes) > 1 else None

    def predictions(self) -> list[str]:
        """For the held-out items."""
        return [self.classes[k] for k in self.scores(self.data.held_out).argmax(1)]

    def scores(self, items: list[Item]) -> np.ndarray:
        """[N, K] distances from each class's plane."""
        if self.model is None:
            return np.zeros((len(items), 1))
        scores = self.model.decision_function(self.grams.transform(joined_texts(items)))
        return np.stack([-scores, scores], 1) if scores.ndim == 1 else scores


def leaf_scores(data: Prepared, items: list[Item], depth_max: int, balance: str | None) -> np.ndarray:
    """[N, L] sums of the scores on the way to each leaf, a model for every level: not probabilities."""
    total_NL = np.zeros((len(items), len(data.leaf_paths)))
    for level in range(1, depth_max + 1):
        model = LinearModel(data, level, balance)
        total_NL += model.scores(items)[:, [model.classes.index(at_level(path, level)) for path in data.leaf_paths]]
    return total_NL


def gram_vectorizer():
    """Character 1- to 3-grams weighted by tf-idf, of length 1."""
    from sklearn.feature_extraction.text import TfidfVectorizer

    return TfidfVectorizer(analyzer="char", ngram_range=(1, 3), min_df=2, sublinear_tf=True)


def joined_texts(items: list[Item]) -> list[str]:
    return [" ".join(map(normalised, item.texts)) for item in items]
