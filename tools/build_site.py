"""Build the documentation into build/site; a warning is an error.

python tools/site.py [options of sphinx-build]
"""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
SITE = ROOT / "build" / "site"


def main(options: list[str]) -> int:
    """Build; return the exit status."""
    begun = time.monotonic()
    # Afresh (-E), because what was read before would keep its warnings to itself.
    command = [sys.executable, "-m", "sphinx", "-E", "-W", "--keep-going", "-q", "-j", "2", "-b", "html"]
    command += ["-d", str(ROOT / "build" / "doctrees"), *options, str(ROOT / "docs"), str(SITE)]
    status = subprocess.run(command, check=False).returncode
    if status == 0:
        print(f"Built in {time.monotonic() - begun:.0f} s: {SITE / 'index.html'}")
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
