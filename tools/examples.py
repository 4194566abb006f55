"""Run every example as a newcomer would, and hold what it prints to what it promises.

python tools/examples.py [NAME ...]
"""

from __future__ import annotations

import subprocess
import sys
import tempfile

from release import ROOT

# What the output of each must hold.
PROMISES = {
    "admin_automation": ["and may not write", "the old key is closed", "projects left: ['default']"],
    "bulk_parquet": ["killed half way", "20,000 in all"],
    "chat_with_files": ["How many books may I borrow?"],
    "explore": ["a table:", "1 picture in vectors.png"],
    "fastapi_service": ["200 [{", "404", "400"],
    "hybrid_search": ["100% meaning", "model TX-200"],
    "migrate_namespace": ["copied 5,000 vectors", "are the same on both sides"],
    "multi_tenant": ["umbrella has left", "acme still has 2 notes"],
    "pytest_fixture": ["3 passed"],
    "slim": ["pinecone-db: ", "pinecone-admin: ", "kB installed"],
}


def main(names: list[str]) -> int:
    for name in names or PROMISES:
        with tempfile.TemporaryDirectory() as folder:
            command = [sys.executable, str(ROOT / "examples" / "__main__.py"), name]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
        missing = [part for part in PROMISES[name] if part not in done.stdout]
        if done.returncode or missing:
            print(f"{name} failed; missing: {missing}\n{done.stdout}\n{done.stderr}")
            return 1
        print(f"{name}: as promised", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
