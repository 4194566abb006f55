"""Ask the advisory database about everything that the packages bring, all extras included.

    python tools/audit.py

Exits with 0 when nothing is known, 1 when something is, and 3 when the database could not be asked.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path

import tomllib

from environments import environment
from release import ROOT, TABLE


def extras() -> list[str]:
    """Return what the packages' extras need, siblings left out."""
    needs = set()
    for package in TABLE:
        project = tomllib.loads((ROOT / "packages" / package / "pyproject.toml").read_text("utf-8"))[
            "project"
        ]
        for listed in project.get("optional-dependencies", {}).values():
            needs |= {need for need in listed if not need.startswith("pinecone")}
    return sorted(needs)


def main() -> int:
    asked = environment("audited", extras())
    command = [sys.executable, "-m", "uv", "pip", "freeze", "--exclude-editable", "--python", asked]
    brought = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    auditor = Path(environment("auditor", ["pip-audit>=2.7"]))
    with tempfile.TemporaryDirectory() as folder:
        listed = Path(folder) / "requirements.txt"
        listed.write_text(brought)
        options = ["-r", str(listed), "--no-deps", "--disable-pip", "-f", "json", "--progress-spinner", "off"]
        done = subprocess.run([auditor, "-m", "pip_audit", *options], capture_output=True, text=True)
    if not done.stdout.strip():
        last = (done.stderr.strip() or "no answer").splitlines()[-1]
        print(f"The advisory database could not be asked: {last}")
        return 3
    found = json.loads(done.stdout)["dependencies"]
    skipped = [one["name"] for one in found if "skip_reason" in one]
    harmful = [(one["name"], one["version"], flaw["id"]) for one in found for flaw in one.get("vulns", ())]
    for name, version, flaw in harmful:
        print(f"{name} {version}: {flaw}")
    if skipped:
        print(f"The advisory database said nothing about {', '.join(skipped)}.")
    print(f"{len(found) - len(skipped)} of {len(found)} asked, {len(harmful)} flaws known.")
    return 1 if harmful else 3 if skipped else 0


if __name__ == "__main__":
    sys.exit(main())
