"""Tests without the cloud: a small project whose tests use the fixtures of the engine's pytest plugin.

hatch run example pytest_fixture         runs the tests of examples/sample_project
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parent / "sample_project"


def main() -> int:
    """Run the project's tests as its author would."""
    print((PROJECT / "test_search.py").read_text())
    command = [sys.executable, "-m", "pytest", "-v", "-p", "no:cacheprovider", "-c", "pytest.ini", "."]
    return subprocess.run(command, cwd=PROJECT).returncode


if __name__ == "__main__":
    sys.exit(main())
