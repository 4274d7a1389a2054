"""The ladder's figures as a page: what every option brings, with its deviation, beside what others report of it."""

import numpy as np

from .ladder import BASE, Ladder, Result, Study

FIGURES = (("accuracy", "accuracy"), ("macro F1", "macro_f1"))


def page(ladder: Ladder, results: dict[str, dict[str, list[Result]]]) -> str:
    parts = [ladder.before.strip()]
    parts += [table(study, results[name]) for name, study in ladder.tables.items()]
    return "\n\n".join(parts) + "\n"


def table(study: Study, results: dict[str, list[Result]]) -> str:
    """One row an option: figures as mean ± deviation over the repeats, in percent; costs where the run is its own."""
    heads = [f"{figure}, level {level}" for level in study.levels for figure, _ in FIGURES]
    columns = ["", *heads, "score", "difference", "verdict", "items seen", "seconds", "reported elsewhere"]
    lines = [f"## {study.title}", "", study.note.strip(), "", _row(columns), _row(["---"] * len(columns))]
    for name, option in study.options.items():
        runs = results[name]
        figures = [
            with_deviation([r.levels[f"level {level}"][key] for r in runs])
            for level in study.levels
            for _, key in FIGURES
        ]
        scores = [score(r, study.levels) for r in runs]
        change, verdict = ("", "")
        if name != BASE:
            changes = np.subtract(scores, [score(r, study.levels) for r in results[option.against]])
            change, verdict = with_deviation(changes, signed=True), judged(changes)
            if option.against != BASE:
                change += f" against {option.against}"
        cost = ["", ""] if option.of else [seen(runs[0]), f"{np.mean([r.seconds for r in runs]):.0f}"]
        lines.append(_row([name, *figures, with_deviation(scores), change, verdict, *cost, option.reported]))
    return "\n".join(lines)


def score(result: Result, levels: list[int]) -> float:
    """Mean of accuracy and macro F1 over the levels, as in the WeChat challenge (metrics.hierarchy.wechat_mean_f1)."""
    return float(np.mean([result.levels[f"level {level}"][key] for level in levels for _, key in FIGURES]))


def judged(changes: np.ndarray) -> str:
    """Of the differences of each repeat: 'nothing' where their mean is within one deviation of 0."""
    mean, deviation = np.mean(changes), np.std(changes, ddof=1)
    if abs(mean) <= deviation:
        return "nothing"
    return "better" if mean > 0 else "worse"


def with_deviation(values, signed: bool = False) -> str:
    """Mean ± sample deviation, in percent."""
    # The sum turns -0.0 into 0.0.
    mean = round(100 * float(np.mean(values)), 1) + 0.0
    return f"{mean:{'+' if signed else ''}.1f} ± {100 * np.std(values, ddof=1):.1f}"


def seen(result: Result) -> str:
    """Labelled items, then unlabelled ones; empty where nothing was trained."""
    return " + ".join(f"{count:,}" for count in (result.labelled, result.unlabelled) if count)


def _row(cells: list[str]) -> str:
    return f"| {' | '.join(cells)} |"
