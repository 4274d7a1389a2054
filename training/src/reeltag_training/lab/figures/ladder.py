"""The ladder: a base run, and each option beside it, all over the same repeats, cell by cell.

A cell is one option in one repeat, with a folder and a config of its own; it is skipped once its figures stand there.
"""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from tqdm import tqdm

from ..config import built, load, read_yaml
from ..options import LabRefusedError

BASE = "base"
Run = Callable[[str, Path], None]


@dataclass(frozen=True)
class Option:
    """`set` changes the base's config; its ensemble.members are names of options above it.

    `commands` run in order, 'evaluate --linear' with linear models beside. `of` names an option whose run this one
    reads instead of having its own; `figures` and `row` say what to read, the first row where empty. `against` is what
    it is compared with, `reported` what others say of it.
    """

    set: dict[str, Any] = field(default_factory=dict)
    commands: list[str] = field(default_factory=lambda: ["prepare", "train", "evaluate"])
    of: str = ""
    figures: str = "evaluation.json"
    row: str = ""
    against: str = BASE
    reported: str = ""


@dataclass(frozen=True)
class Study:
    """One table of the page: `base` is a lab config, `repeats` are changes that every option is run with."""

    title: str
    note: str
    base: dict[str, Any]
    repeats: list[dict[str, Any]]
    levels: list[int]
    options: dict[str, Option]

    def __post_init__(self):
        if len(self.repeats) < 2:
            raise LabRefusedError(f"{self.title}: a deviation needs two repeats at least")
        if BASE not in self.options:
            raise LabRefusedError(f"{self.title}: options have no {BASE!r} to compare with")
        above: set[str] = set()
        for name, option in self.options.items():
            named = {option.of} - {""} | set(option.set.get("ensemble", {}).get("members", []))
            if name != BASE:
                named.add(option.against)
            if not named <= above:
                missing = ", ".join(sorted(named - above))
                raise LabRefusedError(f"{self.title}: {name} speaks of {missing}, which is no option above it")
            above.add(name)


@dataclass(frozen=True)
class Ladder:
    """`page` is the Markdown file that is written, `before` what it says first."""

    folder: str
    page: str
    before: str
    tables: dict[str, Study]


@dataclass(frozen=True)
class Result:
    """`levels`: level → figure. `labelled` and `unlabelled` items were seen, with repetition, in `seconds`."""

    levels: dict[str, dict[str, float]]
    labelled: int
    unlabelled: int
    seconds: float


def read(file: Path) -> Ladder:
    """Paths in it are relative to the file itself."""
    here, given = file.resolve().parent, read_yaml(file)
    if not isinstance(given, dict) or not isinstance(given.get("tables"), dict):
        raise LabRefusedError(f"{file}: tables must hold a table or more by name")
    tables = {name: _study(table, f"tables.{name}.", here) for name, table in given["tables"].items()}
    ladder = built(Ladder, {**given, "tables": tables}, "")
    return Ladder(str(here / ladder.folder), str(here / ladder.page), ladder.before, tables)


def _study(given: Any, where: str, here: Path) -> Study:
    if not isinstance(given, dict) or not isinstance(given.get("options"), dict):
        raise LabRefusedError(f"{where}options must hold an option or more by name")
    options = {n: built(Option, o or {}, f"{where}options.{n}.") for n, o in given["options"].items()}
    base = merged({"table": {"file": ""}}, given.get("base", {}))
    base["table"]["file"] = str(here / base["table"]["file"])
    for config in (base, *(option.set for option in options.values())):
        if pool := config.get("distill", {}).get("pool"):
            config["distill"]["pool"] = str(here / pool)
        if files := config.get("kernel", {}).get("embeddings"):
            config["kernel"]["embeddings"] = {name: str(here / file) for name, file in files.items()}
    return built(Study, {**given, "options": options, "base": base}, where)


def run_all(ladder: Ladder, run: Run) -> dict[str, dict[str, list[Result]]]:
    """table → option → a result for each repeat. `run` is one of the lab's commands on a config file."""
    cells = [(t, o, r) for t, study in ladder.tables.items() for o, r in _cells(study)]
    results: dict[str, dict[str, list[Result]]] = {t: {o: [] for o in r.options} for t, r in ladder.tables.items()}
    with tqdm(total=len(cells), unit="cell", disable=None) as bar:
        for table, option, repeat in cells:
            bar.set_postfix_str(f"{table}: {option} {repeat}", refresh=True)
            study, folder = ladder.tables[table], Path(ladder.folder) / table
            results[table][option].append(_cell(study, option, repeat, folder, run))
            bar.update()
    return results


def _cells(study: Study) -> Iterator[tuple[str, int]]:
    for repeat in range(len(study.repeats)):
        for name in study.options:
            yield name, repeat


def _cell(study: Study, name: str, repeat: int, folder: Path, run: Run) -> Result:
    option = study.options[name]
    if option.of:
        place = _place(folder, option.of, repeat)
        found = json.loads((place / "result.json").read_text())
        return Result(_figures(place, option), found["labelled"], found["unlabelled"], found["seconds"])
    place, config = _place(folder, name, repeat), config_of(study, name, repeat, folder)
    _refresh(place, yaml.safe_dump(config, allow_unicode=True))
    if (done := place / "result.json").exists():
        return Result(**json.loads(done.read_text()))
    began = time.perf_counter()
    for command in option.commands:
        try:
            run(command, place / "config.yaml")
        except ValueError as error:
            raise LabRefusedError(f"{study.title}: {name}, repeat {repeat}, {command}: {error}") from error
    labelled, unlabelled = _seen(place / "config.yaml", option.commands)
    result = Result(_figures(place, option), labelled, unlabelled, time.perf_counter() - began)
    done.write_text(json.dumps(vars(result)))
    return result


def config_of(study: Study, name: str, repeat: int, folder: Path) -> dict[str, Any]:
    """The cell's own config: base, then what the option sets, then the repeat."""
    config = merged(merged(study.base, study.options[name].set), study.repeats[repeat]) | {"folder": "."}
    if members := config.get("ensemble", {}).get("members"):
        files = [str(_place(folder, m, repeat) / "config.yaml") for m in members]
        config["ensemble"] = config["ensemble"] | {"members": files}
    return config


def merged(under: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    """`over` wins; sections are joined, lists are not."""
    both = {k: merged(v, {}) if isinstance(v, dict) else v for k, v in under.items()}
    for key, value in over.items():
        nested = isinstance(value, dict) and isinstance(both.get(key), dict)
        both[key] = merged(both[key], value) if nested else value
    return both


def _place(folder: Path, name: str, repeat: int) -> Path:
    return folder / name.replace(" ", "-").replace("/", "-") / str(repeat)


def _refresh(folder: Path, config: str) -> None:
    """A cell of another config is begun anew; one of this config goes on."""
    file = folder / "config.yaml"
    if file.exists() and file.read_text() != config:
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    file.write_text(config)


def _figures(folder: Path, option: Option) -> dict[str, dict[str, float]]:
    report = json.loads((folder / option.figures).read_text())
    if option.row and option.row not in report:
        raise LabRefusedError(f"{folder / option.figures} has no row {option.row!r}; there are {', '.join(report)}")
    return report[option.row or next(iter(report))]


def _seen(file: Path, commands: list[str]) -> tuple[int, int]:
    """Labelled and unlabelled items."""
    config = load(file)
    rounds = {"train": config.train, "pretrain": config.pretrain, "distill": config.distill}
    items = {name: settings.steps * settings.batch for name, settings in rounds.items() if name in commands}
    return items.pop("train", 0), sum(items.values())
