"""Tests that need the icon packages are skipped, with the reason, where `npm ci` has not run in training/."""

import pytest

from reeltag_training.paths import NODE_MODULES

ART = pytest.mark.skipif(
    not (NODE_MODULES / "emojibase-data").exists(), reason="no icon packages: run `npm ci --no-workspaces` in training/"
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "art" in item.keywords:
            item.add_marker(ART)
