"""The engine's server, asked what the API descriptions allow and forbid, never answers beside them.

Schemathesis makes the requests: the descriptions' own examples, every boundary of every parameter,
random right and wrong ones, and chains in which one answer's ids are used by the next request.
"""

from __future__ import annotations

import functools
import json
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from pinecone_local import LocalServer

from ..db.openapi import described
from .descriptions import operations, prepared
from .grounds import (
    VERSION,
    Ground,
    administration,
    assistants,
    control,
    data,
    documents,
    inference,
)

# In the environment of: hatch run conformance:check
pytest.importorskip("schemathesis")

#: What the engine always refuses: to delete the organization of its default project; what has another shape.
REFUSED = {
    ("admin_2025-10", "DELETE", "/admin/organizations/{organization_id}"): 412,
    ("db_control_2026-01.alpha", "POST", "/indexes/create-for-model"): 501,
}
#: Whose answers tell more than this version describes, such as a file's size.
OPEN = ("assistant_control_2025-10", "assistant_data_2025-10")
CONFIG = """
[checks.not_a_server_error]
expected-statuses = ["2xx", "4xx", 501]
"""
CHECKS = ",".join(
    (
        "not_a_server_error",
        "status_code_conformance",
        "content_type_conformance",
        "response_schema_conformance",
        "response_headers_conformance",
    )
)

#: What each description is tried on, and how many requests at least are made of it.
AREAS: dict[str, tuple[Callable[[Path], Ground], int]] = {
    "db_control_2025-10": (control, 1000),
    "db_data_2025-10": (data, 2000),
    "inference_2025-10": (inference, 200),
    "assistant_control_2025-10": (assistants, 200),
    "assistant_data_2025-10": (assistants, 400),
    "assistant_evaluation_2025-10": (assistants, 50),
    "admin_2025-10": (administration, 500),
    "oauth_2025-10": (administration, 50),
    "db_control_2026-01.alpha": (functools.partial(control, preview=True), 1000),
    "db_data_2026-01.alpha": (documents, 2000),
}


def test_the_floors_together() -> None:
    assert sum(floor for _, floor in AREAS.values()) >= 5000


@pytest.mark.parametrize("name", AREAS)
def test_no_answer_beside_the_description(name: str, tmp_path: Path) -> None:
    make, floor = AREAS[name]
    ground = make(tmp_path)
    document = prepared(described(f"{name}.oas.yaml", closed=name not in OPEN).document, ground)
    (tmp_path / "openapi.json").write_text(json.dumps(document))
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    ground.engine.answers.clear()
    sent = {VERSION: document["info"]["version"], **ground.headers}
    headers = [part for pair in sent.items() for part in ("-H", ":".join(pair))]
    hooks = {"SCHEMATHESIS_HOOKS": "serializers", "PYTHONPATH": str(Path(__file__).parent)}
    with ground.engine, LocalServer(ground.engine) as server:
        for base in ground.bases:
            command = [sys.executable, "-m", "schemathesis.cli", "run", "openapi.json"]
            command += ["--url", server.url + base, "--checks", CHECKS, "--seed", "1", *headers]
            command += ["--max-examples", "25", "--no-shrink", "--continue-on-failure"]
            command += ["--suppress-health-check", "all", "--warnings", "off"]
            done = subprocess.run(
                command, cwd=tmp_path, env={**os.environ, **hooks}, capture_output=True, text=True
            )
            assert done.returncode == 0, done.stdout + done.stderr
    answers = ground.engine.answers
    print(f"{name}: {len(answers)} requests")
    assert len(answers) >= floor
    for verb, path, _ in operations(document):
        pattern = re.compile("(/assistant)?" + re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path)))
        got = Counter(
            status
            for method, asked, status in answers
            if method == verb and pattern.fullmatch(re.sub(r"^/_index/[^/]+", "", asked))
        )
        good = REFUSED.get((name, verb, path))
        assert good in got if good else any(status < 300 for status in got), f"{verb} {path}: {dict(got)}"
