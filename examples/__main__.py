"""Run an example by its name: ``hatch run example chat_with_files``."""

from __future__ import annotations

import runpy
import sys
from pathlib import Path

HERE = Path(__file__).parent
NAMES = sorted(path.stem for path in HERE.glob("*.py") if path.stem not in ("__main__", "stdlib_docs"))

if __name__ == "__main__":
    if len(sys.argv) < 2 or sys.argv[1] not in NAMES:
        sys.exit(f"usage: hatch run example NAME [...], one of {', '.join(NAMES)}")
    del sys.argv[0]
    runpy.run_path(str(HERE / f"{sys.argv[0]}.py"), run_name="__main__")
