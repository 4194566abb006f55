"""Build the documentation's site into docs/_build, warnings being errors.

    python tools/docs.py

Sphinx and its theme live in an environment of their own in .venv/docs, made when it is missing.
"""

from __future__ import annotations

import subprocess
import sys

from release import ROOT, TABLE

PLACE = ROOT / ".venv" / "docs"
NEEDS = ["sphinx>=8,<10", "furo>=2024.8", "myst-parser>=4"]


def environment() -> str:
    """Return the Python that has Sphinx and the workspace's packages."""
    python = PLACE / "bin" / "python"
    if not (PLACE / "made").exists():
        uv = (sys.executable, "-m", "uv")
        subprocess.run([*uv, "venv", "-q", "--clear", "--python", sys.executable, str(PLACE)], check=True)
        members = [part for name in TABLE for part in ("-e", str(ROOT / "packages" / name))]
        subprocess.run([*uv, "pip", "install", "-q", "--python", str(python), *NEEDS, *members], check=True)
        (PLACE / "made").touch()
    return str(python)


def main() -> int:
    site = ROOT / "docs" / "_build" / "html"
    command = [environment(), "-m", "sphinx", "-W", "--keep-going", "-q", "-b", "html"]
    done = subprocess.run([*command, str(ROOT / "docs"), str(site)], cwd=ROOT)
    if done.returncode == 0:
        print(f"The site is in {site.relative_to(ROOT)}/index.html")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
