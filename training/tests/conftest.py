"""What every test of the lab goes through: skips of what is not installed, and outcomes that are told as data."""

import json
import os
from pathlib import Path

import pytest

from reeltag_training.paths import NODE_MODULES

# Before PyTorch is loaded, for children too. The models of these tests are so small that a second thread mostly waits,
# and beside other suites that made them several times slower.
os.environ.setdefault("OMP_NUM_THREADS", "1")

ART = pytest.mark.skipif(
    not (NODE_MODULES / "emojibase-data").exists(),
    reason="icon packages are not installed: run `npm ci --no-workspaces` in training/",
)
OURS = {"reeltag_training", *(file.stem for file in Path(__file__).parent.glob("*.py"))}


def remedy(error: BaseException | None) -> str | None:
    """What to install; None where what is missing is not somebody else's package."""
    if not isinstance(error, ModuleNotFoundError) or error.name is None:
        return None
    package = error.name.partition(".")[0]
    return None if package in OURS else f"{package} is not installed: pip install -r training/requirements.txt"


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report(collector):
    """A test file whose imports are not all installed is skipped: no file has to ask for them one by one."""
    report = yield
    if report.failed and (reason := remedy(report.call.excinfo.value.__cause__)):
        report.outcome = "skipped"
        report.longrepr = (str(collector.path), 1, f"Skipped: {reason}")
    return report


def skips_what_is_missing(item):
    try:
        return (yield)
    except ModuleNotFoundError as error:
        if (reason := remedy(error)) is None:
            raise
        pytest.skip(reason)


pytest_runtest_setup = pytest.hookimpl(wrapper=True)(skips_what_is_missing)
pytest_runtest_call = pytest.hookimpl(wrapper=True)(skips_what_is_missing)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "art" in item.keywords:
            item.add_marker(ART)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--outcomes", type=Path, help="a file for what became of each test: a line of JSON each")


def pytest_configure(config: pytest.Config) -> None:
    if file := config.getoption("outcomes"):
        config.pluginmanager.register(Outcomes(file))


class Outcomes:
    """What `npm test` reads: a line for each test, and for each file that was skipped or broke before its tests."""

    def __init__(self, file: Path):
        self.file = file
        self.seconds: dict[str, float] = {}

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        if not report.passed:
            self.tell(report, 0)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        seconds = self.seconds[report.nodeid] = self.seconds.get(report.nodeid, 0) + report.duration
        if not report.passed or report.when == "call":
            self.tell(report, seconds)

    def tell(self, report: pytest.CollectReport | pytest.TestReport, seconds: float) -> None:
        line = {"name": report.nodeid, "outcome": report.outcome, "seconds": seconds}
        if report.skipped:
            line["reason"] = report.longrepr[2].removeprefix("Skipped: ")
        elif report.failed:
            line["detail"] = str(report.longrepr)
        with self.file.open("a", encoding="utf8") as out:
            out.write(json.dumps(line) + "\n")
