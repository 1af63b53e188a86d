"""Every operation of the API: routes and description are both made from this table."""

from __future__ import annotations

import msgspec

from console.api import account_records as theirs
from console.api import overview_records as home
from console.api import records as its
from console.api import related_records as related
from console.api import saved_records as saved
from console.api import table_records as table
from console.api import trial_records as trial
from console.api.body import Sent
from console.api.operation import Operation
from console.api.resources import RESOURCES, ROOT
from console.api.search import EXPORT, SEARCH
from console.api.search_records import SearchFound
from console.event_reading import EventItems
from console.search_export import KINDS
from console.spread import Spread
from console.steps import ACTIONS
from models.spread_path import Path
from schemas.alert import Alert
from schemas.correction import FIELDS, Correction
from schemas.saved_search import SavedSearch
from schemas.trend import Trend
from schemas.watch import WatchTopic


def _reading() -> dict[str, dict[str, Operation]]:
    found: dict[str, dict[str, Operation]] = {}
    for name, each in RESOURCES.items():
        record = each.index.record
        found[f"{ROOT}/{name}"] = {
            "GET": Operation(f"list-{name}", record, page=True, takes=each.takes,
                             many=each.terms, errors=(400,))
        }  # fmt: skip
        found[f"{ROOT}/{name}/{{id}}"] = {
            "GET": Operation(f"get-{name}", record, tagged=True, errors=(400, 404))
        }
    return found


def _event(action: str, body: type[Sent]) -> Operation:
    return Operation(f"{action}-event", its.Decided, body, 202, "needed", errors=(404, 422, 503))


def _trial(what: str, gives: type[msgspec.Struct], body: type[Sent], *errors: int) -> Operation:
    return Operation(f"try-{what}", gives, body, errors=(429, *errors))


_WORKED_OUT: dict[str, Operation] = {
    "overview": Operation("overview", home.Overview),
    "search": Operation("search", SearchFound, takes=SEARCH, errors=(400,)),
    "search/export": Operation("export", None, takes=EXPORT, errors=(400,),
                               files=tuple(KINDS.values())),
    "opinions/{id}/related": Operation("item-related", related.RelatedToItem, errors=(404,)),
    "clusters/{id}": Operation("cluster", Spread, errors=(404,)),
    "events/{id}/items": Operation("event-items", EventItems, errors=(404,)),
    "events/{id}/trend": Operation("event-trend", Trend, errors=(404,)),
    "events/{id}/spread": Operation("event-spread", Path, errors=(404,)),
    "events/{id}/related": Operation("event-related", related.RelatedEvents, errors=(404,)),
    "events/{id}/alert": Operation("event-alert", Alert, errors=(404,)),
    "alerts/{id}/reports": Operation("alert-reports", related.Reports, errors=(404,)),
    "channels": Operation("channels", related.Channels),
    "people": Operation("people", related.People),
}  # fmt: skip
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
    "watches/try": {"POST": _trial("watch", trial.WatchTried, trial.WatchTry, 503)},
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
    "rules/{name}/try": {"POST": _trial("rules", its.Outcome, trial.RuleTry, 404, 503)},
    "sources": {"POST": Operation("add-source", trial.SourceMade, trial.SourceDraft, 201)},
    "sources/try": {"POST": _trial("source", trial.SourceTried, trial.SourceTry)},
    "accounts": {
        "GET": Operation("list-accounts", theirs.Accounts),
        "POST": Operation("add-account", theirs.FirstPassword, theirs.AccountMade, 201,
                          errors=(409,), person=True),
    },
    "accounts/{id}": {
        "GET": Operation("get-account", theirs.Account, tagged=True, errors=(404,)),
        "PATCH": Operation("change-account", theirs.Account, theirs.AccountChange, match="needed",
                           tagged=True, errors=(404, 409), person=True),
    },
    "accounts/{id}/reset": {
        "POST": Operation("reset-account", theirs.FirstPassword, errors=(404, 409), person=True),
    },
    "keys": {
        "GET": Operation("list-keys", theirs.Keys),
        "POST": Operation("add-key", theirs.NewKey, theirs.KeyMade, 201, person=True),
    },
    "keys/{id}": {
        "DELETE": Operation("revoke-key", None, status=204, errors=(404,), person=True),
    },
    "saved-searches": {
        "GET": Operation("list-saved-searches", saved.SavedList, person=True),
        "POST": Operation("save-search", SavedSearch, saved.SearchMade, 201, errors=(409,),
                          person=True),
    },
    "saved-searches/{id}": {
        "DELETE": Operation("remove-saved-search", None, status=204, errors=(404,), person=True),
    },
    "dead-letters/settle": {
        "POST": Operation("settle-dead-letters", its.Outcome, its.Settle, errors=(503,)),
    },
    "intake": {"POST": Operation("report", its.Taken, its.QuickReport, 201, errors=(503,))},
    "intake/report": {
        "POST": Operation("report-matter", its.Taken, its.DepartmentReport, 201, errors=(503,)),
    },
    "intake/import": {
        "POST": Operation("import-table", table.Imported, table.Table, errors=(429, 503),
                          form=True),
    },
}  # fmt: skip
CHOICES = {"action": list(ACTIONS), "field": list(FIELDS)}  # of parts of addresses


def operations() -> dict[str, dict[str, Operation]]:
    """By address and method; those that end in any id last, as a router has to ask them."""
    found = _reading()
    for path, each in _WORKED_OUT.items():
        found.setdefault(f"{ROOT}/{path}", {})["GET"] = each
    for path, methods in _CHANGING.items():
        found.setdefault(f"{ROOT}/{path}", {}).update(methods)
    return dict(sorted(found.items(), key=lambda each: each[0].endswith("/{id}")))
