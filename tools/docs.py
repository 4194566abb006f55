"""Build the documentation's site into docs/_build, warnings being errors.

    python tools/docs.py

Sphinx and its theme live in an environment of their own in .venv/docs, made when it is missing.
"""

from __future__ import annotations

import subprocess
import sys

from environments import environment
from release import ROOT

NEEDS = ["sphinx>=8,<10", "furo>=2024.8", "myst-parser>=4"]


def main() -> int:
    site = ROOT / "docs" / "_build" / "html"
    command = [environment("docs", NEEDS), "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run([*command, str(ROOT / "docs"), str(site)], cwd=ROOT)
    if done.returncode == 0:
        print(f"The site is in {site.relative_to(ROOT)}/index.html")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
