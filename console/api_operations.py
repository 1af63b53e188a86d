"""Every operation of the API: routes and description are both made from this table."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import msgspec

from console import api_records as its
from console.api_body import Sent
from console.api_resources import RESOURCES, ROOT
from console.steps import ACTIONS
from schemas.alert import Alert
from schemas.correction import FIELDS, Correction
from schemas.watch import WatchTopic

Match = Literal["", "needed", "if there"]


@dataclass(frozen=True)
class Operation:
    """`name`: the operationId, by which its handler is found. `page`: a list of `answer`.
    `match`: whether If-Match is needed. `errors`: beside those of every address."""

    name: str
    answer: type[msgspec.Struct] | None  # None: no body
    body: type[Sent] | None = None
    status: int = 200
    match: Match = ""
    tagged: bool = False  # the answer has an ETag
    page: bool = False
    errors: tuple[int, ...] = ()


def _reading() -> dict[str, dict[str, Operation]]:
    found: dict[str, dict[str, Operation]] = {}
    for name, each in RESOURCES.items():
        record = each.index.record
        found[f"{ROOT}/{name}"] = {
            "GET": Operation(f"list-{name}", record, page=True, errors=(400,))
        }
        found[f"{ROOT}/{name}/{{id}}"] = {
            "GET": Operation(f"get-{name}", record, tagged=True, errors=(400, 404))
        }
    return found


def _event(action: str, body: type[Sent]) -> Operation:
    return Operation(f"{action}-event", its.Decided, body, 202, "needed", errors=(404, 422, 503))


_CHANGING: dict[str, dict[str, Operation]] = {
    "alerts/{id}/{action}": {
        "POST": Operation("change-alert", Alert, its.AlertStep, match="needed", tagged=True,
                          errors=(404, 409)),
    },
    "opinions/{id}/corrections": {
        "GET": Operation("list-item-corrections", its.Corrections, errors=(404,)),
    },
    "opinions/{id}/corrections/{field}": {
        "GET": Operation("get-item-correction", Correction, tagged=True, errors=(404,)),
        "PUT": Operation("correct", Correction, its.CorrectionSaid, match="if there", tagged=True,
                         errors=(404,)),
    },
    "events/{id}/rename": {"POST": _event("rename", its.EventRename)},
    "events/{id}/merge": {"POST": _event("merge", its.EventMerge)},
    "events/{id}/split": {"POST": _event("split", its.EventSplit)},
    "watches": {
        "POST": Operation("add-watch", WatchTopic, its.WatchMade, 201, tagged=True, errors=(409,)),
    },
    "watches/{id}": {
        "DELETE": Operation("remove-watch", None, status=204, match="needed", errors=(404,)),
    },
    "rules": {"GET": Operation("list-rules", its.RuleNames)},
    "rules/{name}": {
        "GET": Operation("get-rules", its.Rule, tagged=True, errors=(404,)),
        "PUT": Operation("save-rules", its.Rule, its.RuleText, match="needed", tagged=True,
                         errors=(404,)),
    },
    "rules/{name}/check": {
        "POST": Operation("check-rules", its.Outcome, its.RuleText, errors=(404,)),
    },
    "dead-letters/settle": {
        "POST": Operation("settle-dead-letters", its.Outcome, its.Settle, errors=(503,)),
    },
    "intake": {"POST": Operation("report", its.Taken, its.QuickReport, 201, errors=(503,))},
    "intake/report": {
        "POST": Operation("report-matter", its.Taken, its.DepartmentReport, 201, errors=(503,)),
    },
}  # fmt: skip
CHOICES = {"action": list(ACTIONS), "field": list(FIELDS)}  # of parts of addresses


def operations() -> dict[str, dict[str, Operation]]:
    """By address and method; those that end in any id last, as a router has to ask them."""
    found = _reading()
    for path, methods in _CHANGING.items():
        found.setdefault(f"{ROOT}/{path}", {}).update(methods)
    return dict(sorted(found.items(), key=lambda each: each[0].endswith("/{id}")))
