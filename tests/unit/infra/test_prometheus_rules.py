"""The alert rules: sound, tested by promtool, and of metrics that the product has."""

from __future__ import annotations

import os
import re
import shutil
import subprocess

import pytest
import yaml
from prometheus_client import REGISTRY

from infra import metrics
from infra.settings import PROJECT

FOLDER = PROJECT / "infra" / "prometheus"


@pytest.mark.parametrize("command", [["check", "rules", "tingchao.rules.yaml"],
                                     ["test", "rules", "tingchao.tests.yaml"]])  # fmt: skip
def test_promtool_passes(command: list[str]) -> None:
    if shutil.which("promtool") is None:
        assert os.environ.get("TINGCHAO_TEST_COMPLETE") != "1", "promtool is missing"
        pytest.skip("promtool is not installed (Debian: prometheus)")
    done = subprocess.run(["promtool", *command], cwd=FOLDER, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_metric_a_rule_names_is_one_of_ours() -> None:
    ours = set()
    for family in REGISTRY.collect():
        ours |= {family.name, f"{family.name}_total"}
    assert metrics.READY._name in ours
    rules = yaml.safe_load((FOLDER / "tingchao.rules.yaml").read_text("utf-8"))
    named = {
        name
        for rule in rules["groups"][0]["rules"]
        for name in re.findall(r"tingchao_[a-z_]+", rule["expr"])
    }
    assert named and named <= ours, named - ours
