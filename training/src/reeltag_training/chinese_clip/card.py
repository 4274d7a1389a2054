"""CARD.md of an imported pack: what is known of it, and that its accuracy is not."""

import textwrap
from dataclasses import dataclass

from .graphs.gates import COSINE_MIN, Exactness


@dataclass(frozen=True)
class CardFacts:
    pack: str
    size: str
    source: str
    source_sha256: str
    layout: str
    side: int
    precision: str
    exactness: dict[str, Exactness]
    taxonomy: str
    leaves: dict[str, int]
    sentences: int
    image_weight: float
    licence: str


def card(facts: CardFacts) -> str:
    parts = [_head(facts), _source(facts), _exactness(facts), _classifier(facts), _limits()]
    blocks = "\n\n".join(parts).split("\n\n")
    return "\n\n".join(block if block[0] in "|#-`" else textwrap.fill(block, 120) for block in blocks) + "\n"


def _head(f: CardFacts) -> str:
    return f"""# {f.pack}

Chinese-CLIP {f.size} as a tagger without training: a picture or a title is compared with Chinese sentences made from
the names in a taxonomy.

**Its accuracy has not been measured, so nothing is published on its word: every content goes to review.** That ends
when it is calibrated on contents that people have labelled."""


def _source(f: CardFacts) -> str:
    return f"""## Source

| | |
|---|---|
| checkpoint | `{f.source}`, {f.layout} layout |
| SHA-256 | `{f.source_sha256}` |
| licence of the weights | {f.licence} |

Whether these are the published weights is for whoever imported them to say: the importer knows shapes and names."""


def _exactness(f: CardFacts) -> str:
    rows = "\n".join(
        f"| {what} | {e.items} | {e.least:.6f} | {e.mean:.6f} | {e.spread:.4f} |" for what, e in f.exactness.items()
    )
    return f"""## Conversion

ONNX in {f.precision}, frames of {f.side} × {f.side} squashed without cropping, texts of 52 tokens at most. Cosine
between the embeddings of the converted graphs and those of the checkpoint; below {COSINE_MIN[f.precision]} the import
would have been refused. Where different items resemble each other (last column near 1), this says little.

| tower | items | least | mean | between different items |
|---|---|---|---|---|
{rows}"""


def _classifier(f: CardFacts) -> str:
    leaves = ", ".join(f"{facet} {count}" for facet, count in f.leaves.items())
    return f"""## Classifier

Taxonomy {f.taxonomy}; leaves: {leaves}; {f.sentences} sentences. A leaf's weights are the mean of its sentences'
normalised embeddings, normalised. Frames are normalised, averaged and normalised. Where picture and title are both
there, the picture's similarity counts {f.image_weight:g} and the title's {1 - f.image_weight:g}; that share is chosen,
not fitted. Temperatures are 1, not fitted either."""


def _limits() -> str:
    return """## Limits

- Sentences are similar to sentences in another way than pictures are; mixing the two is a rule of thumb until fitted.
- An average over frames says what is there, not what happens.
- The model was trained on pictures and texts of the web and carries their biases. Read its authors' paper first."""
