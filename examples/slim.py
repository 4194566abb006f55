"""How small a container gets that only queries, or only administers: its Dockerfile's steps, run here.

    hatch run example slim

It builds the wheels of this checkout, installs one package alone in a fresh environment, and prints the
installed size and the processor time it takes to start and make a client. See examples/slim.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parent


def main() -> int:
    """Build, and try both recipes."""
    sys.path.insert(0, str(HERE.parent / "tools"))
    from release import ROOT, build

    with tempfile.TemporaryDirectory() as folder:
        for package in ("core", "db", "admin"):
            build(ROOT / "packages" / package, Path(folder))
        for name in ("pinecone-db", "pinecone-admin"):
            recipe = str(HERE / "slim" / "slim.sh")
            # The wheels of this checkout, not what somebody published under the same names.
            wheels = [str(file) for file in Path(folder).glob("*.whl") if "core" in file.name]
            wheels += [str(file) for file in Path(folder).glob(f"{name.replace('-', '_')}-*.whl")]
            done = subprocess.run(["sh", recipe, name, "--find-links", folder, *wheels])
            if done.returncode:
                return done.returncode
    return 0


if __name__ == "__main__":
    sys.exit(main())
