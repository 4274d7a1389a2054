import json

import pytest

from reeltag_training.art.families import SHARE_ALIKE, STYLES
from reeltag_training.paths import NODE_MODULES, TRAINING


def test_nothing_that_ships_learns_from_share_alike_art():
    learnt = [s for s in STYLES if s.role in ("train", "calibrate")]
    assert learnt and all(s.licence not in SHARE_ALIKE for s in learnt)


def test_a_family_has_one_role():
    roles = {}
    for style in STYLES:
        assert roles.setdefault(style.family, style.role) == style.role


def test_twemoji_and_openmoji_are_only_measured():
    roles = {s.package: s.role for s in STYLES}
    assert roles["twemoji"] == "test" and roles["openmoji"] == "evaluate"


def test_every_package_is_pinned():
    pinned = json.loads((TRAINING / "package.json").read_text())["dependencies"]
    assert {f"@iconify-json/{s.package}" for s in STYLES} | {"emojibase-data"} == set(pinned)
    assert all(version[0].isdigit() for version in pinned.values())


@pytest.mark.art
@pytest.mark.parametrize("style", STYLES, ids=lambda s: s.package)
def test_licences_are_those_that_the_packages_state(style):
    stated = json.loads((NODE_MODULES / "@iconify-json" / style.package / "info.json").read_text())["license"]["spdx"]
    # Upstream's LICENSE.md: code Apache-2.0, visual design CC BY 4.0; the package repeats the former only.
    expected = "Apache-2.0" if style.package == "fxemoji" else style.licence
    assert stated == expected
