"""The benchmark's command: what it refuses, how it judges, and that its server and floor agree."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

BENCH = Path(__file__).parents[2] / "bench"


@pytest.fixture
def measures(monkeypatch: pytest.MonkeyPatch) -> Any:
    spec = importlib.util.spec_from_file_location("measures_of_bench", BENCH / "measures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)  # where its dataclasses look themselves up
    spec.loader.exec_module(module)
    return module


def test_an_unknown_measure_is_refused_with_those_there_are() -> None:
    command = [sys.executable, str(BENCH / "run.py"), "qurey"]
    ended = subprocess.run(command, capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert "no such measure: qurey; there are start," in ended.stderr


def test_more_is_better_for_rates_alone(measures: Any) -> None:
    rate = measures.Measure("a", "a", figure="rate", scale=1, limit=2)
    assert rate.of({"calls": 10, "cpu": 9, "wall": 5}) == 2
    assert rate.reached(2.1)
    assert not rate.reached(1.9)
    cost = measures.Measure("b", "b", limit=0.5)
    assert cost.of({"calls": 10, "cpu": 1, "wall": 5}) == 100
    assert cost.reached(0.4)
    assert not cost.reached(0.6)


def test_each_measure_is_one_of_a_worker(measures: Any) -> None:
    text = (BENCH / "calls_sdk.py").read_text()
    for measure in measures.MEASURES:
        assert measure.do is None or f"def {measure.do}(" in text, measure.name
        assert set(measure.contenders) >= {"ours", *measures.REFERENCES}
