"""The motion facet of the taxonomy, by hand: the axes of motion, and of each its two directions."""

from ..corpus.motion import FACETS

_AXES = {
    "horizontal": {"zh": "左右移动", "en": "Sideways"},
    "vertical": {"zh": "上下移动", "en": "Up and down"},
    "turn": {"zh": "旋转", "en": "Turning"},
    "size": {"zh": "大小变化", "en": "Change of size"},
    "events": {"zh": "事件先后", "en": "Order of events"},
}
_DIRECTIONS = {
    "left": {"zh": "向左", "en": "to the left"},
    "right": {"zh": "向右", "en": "to the right"},
    "up": {"zh": "向上", "en": "upwards"},
    "down": {"zh": "向下", "en": "downwards"},
    "counter-clockwise": {"zh": "逆时针", "en": "counter-clockwise"},
    "clockwise": {"zh": "顺时针", "en": "clockwise"},
    "shrink": {"zh": "缩小", "en": "shrinking"},
    "grow": {"zh": "放大", "en": "growing"},
    "blackout-then-flash": {"zh": "先暗后亮", "en": "blackout, then flash"},
    "flash-then-blackout": {"zh": "先亮后暗", "en": "flash, then blackout"},
}


def motion_facet() -> dict:
    nodes = [
        {"id": axis, "names": _AXES[axis], "children": [{"id": d, "names": _DIRECTIONS[d]} for d in directions]}
        for axis, directions in FACETS.items()
    ]
    return {"id": "motion", "kind": "multi", "names": {"zh": "动作", "en": "Motion"}, "nodes": nodes}
