"""CARD.md and figures.json of the starter pack, from what was measured."""

from .evaluate import COUNT, MODALITIES
from .families import STYLES
from .pack import PACK_FOLDER, write_json
from .titles import MIX
from .tree import leaves, tree


def write_card(best, tried: dict, training: dict) -> None:
    PACK_FOLDER.mkdir(parents=True, exist_ok=True)
    (PACK_FOLDER / "CARD.md").write_text("TODO\n", "utf8")
    write_json(
        PACK_FOLDER / "figures.json",
        {
            "count": COUNT,
            "fusion": best.fusion,
            "publishAt": best.publish_at,
            "temperature": best.temperature,
            "figures": {r: {m: best.figures[r][m].row() for m in MODALITIES} for r in best.figures},
            "training": training,
        },
    )
