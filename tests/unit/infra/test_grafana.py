"""The dashboard is what its table says, and of metrics that the product has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from prometheus_client import REGISTRY

from infra import metrics
from infra.grafana.make import FILE, ROWS, text

EXPRESSIONS = [e for _, panels in ROWS for _, _, queries in panels for e in queries.values()]


def test_the_file_is_what_the_table_says() -> None:
    assert FILE.read_text("utf-8") == text(), "python -m infra.grafana.make"


def test_every_metric_is_one_of_ours() -> None:
    ours = {family.name for family in REGISTRY.collect() if family.name.startswith("tingchao_")}
    assert metrics.LAG._name in ours
    named = {
        re.sub(r"_(total|bucket|sum|count)$", "", name)
        for expression in EXPRESSIONS
        for name in re.findall(r"tingchao_[a-z_]+", expression)
    }
    assert named <= ours, named - ours


def test_every_expression_is_promql(tmp_path: Path) -> None:
    if shutil.which("promtool") is None:
        assert os.environ.get("TINGCHAO_TEST_COMPLETE") != "1", "promtool is missing"
        pytest.skip("promtool is not installed (Debian: prometheus)")
    rules = "".join(f"  - record: a:{n}\n    expr: |-\n      {e}\n"
                    for n, e in enumerate(EXPRESSIONS))  # fmt: skip
    file = tmp_path / "rules.yaml"
    file.write_text(f"groups:\n- name: board\n  rules:\n{rules}", "utf-8")
    done = subprocess.run(["promtool", "check", "rules", str(file)], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
