"""Build one package, check what would be published, and write it down.

    python tools/release.py db          build into dist/, check, and write dist/pinecone-db.json

Nothing is uploaded: the file lists what trusted publishing would send, with the hash of each file. What is
compiled is compiled for this platform; the other platforms' wheels come from runs of this there.
"""

from __future__ import annotations

import email.parser
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

# The one table of packages: folder -> distribution and import name.
TABLE = {
    "core": ("pinecone-core", "pinecone_core"),
    "db": ("pinecone-db", "pinecone_db"),
    "inference": ("pinecone-inference", "pinecone_inference"),
    "assistant": ("pinecone-assistant", "pinecone_assistant"),
    "admin": ("pinecone-admin", "pinecone_admin"),
    "local": ("pinecone-local", "pinecone_local"),
    "meta": ("pinecone", "pinecone"),
}
PYTHONS = ("3.10", "3.11", "3.12", "3.13", "3.14")


def run(command: list[str | Path], package: Path, **settings: str) -> None:
    # The environment's programs come first, as they do where it is activated.
    search = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    env = {**os.environ, "PATH": search, **settings}
    done = subprocess.run(command, cwd=package, env=env, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{package.name}: {done.stdout}{done.stderr}")


def build(package: Path, into: Path, *targets: str, **settings: str) -> None:
    """Build the wheel and the source distribution of one package, or only one of these."""
    for target in targets or ("sdist", "wheel"):
        run(
            [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", into.resolve()],
            package,
            **settings,
        )


def build_compiled(package: Path, into: Path) -> None:
    """Build the wheel of this platform, as the package index takes it, beside the one for all."""
    with tempfile.TemporaryDirectory() as folder:
        build(package, Path(folder), "wheel", PINECONE_CORE_NATIVE="1")
        wheel = next(Path(folder).iterdir())
        if sys.platform == "linux":
            # It names the oldest system that it runs on.
            run(
                [sys.executable, "-m", "auditwheel", "repair", "--strip", "-w", into.resolve(), wheel],
                package,
            )
        else:
            shutil.copy(wheel, into)


def metadata_of(wheel: Path) -> email.message.Message:
    with zipfile.ZipFile(wheel) as archive:
        name = next(n for n in archive.namelist() if n.endswith(".dist-info/METADATA"))
        return email.parser.Parser().parsestr(archive.read(name).decode())


def inspect_wheel(wheel: Path) -> list[str]:
    """Return what is wrong with a wheel: contents, metadata, bounds between siblings."""
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
    meta = metadata_of(wheel)
    distribution = meta["Name"]
    top = dict(TABLE.values())[distribution]
    problems = [
        f"{n} does not belong into a wheel"
        for n in names
        if not n.startswith((f"{top}/", f"{top}-", f"{distribution.replace('-', '_')}-"))
        or re.search(r"(^|/)tests?/|\.pyc$|/conftest\.py$", n)
    ]
    problems += [] if f"{top}/py.typed" in names else ["py.typed is missing"]
    problems += [] if any("/licenses/LICENSE" in n for n in names) else ["the licence is missing"]
    problems += [] if meta["License-Expression"] == "Apache-2.0" else ["License-Expression is not Apache-2.0"]
    classifiers = meta.get_all("Classifier") or []
    problems += [
        f"Python {version} is not declared"
        for version in PYTHONS
        if f"Programming Language :: Python :: {version}" not in classifiers
    ]
    for requirement in meta.get_all("Requires-Dist") or []:
        sibling = requirement.startswith("pinecone")
        if "==" in requirement.partition(";")[0]:
            problems.append(f"{requirement}: no exact pins")
        if sibling and not ("<" in requirement and ">=" in requirement):
            problems.append(f"{requirement}: a sibling needs a range such as >=0.1,<0.2")
        if not sibling and "<" in requirement.partition(";")[0]:
            problems.append(f"{requirement}: no upper cap on other people's packages")
    return [f"{wheel.name}: {problem}" for problem in problems]


def main(arguments: list[str]) -> int:
    if len(arguments) != 1 or arguments[0] not in TABLE:
        sys.exit(f"usage: release.py PACKAGE, one of {', '.join(TABLE)}")
    distribution = TABLE[arguments[0]][0]
    dist = ROOT / "dist" / distribution
    for old in dist.glob("*"):
        old.unlink()
    package = ROOT / "packages" / arguments[0]
    build(package, dist, PINECONE_CORE_NATIVE="0")
    if (package / "native").exists():
        build_compiled(package, dist)
    wheels = sorted(dist.glob("*.whl"))
    if problems := [problem for wheel in wheels for problem in inspect_wheel(wheel)]:
        sys.exit("\n".join(problems))
    meta = metadata_of(wheels[0])
    plan = {
        "name": distribution,
        "version": meta["Version"],
        "tag": f"{arguments[0]}-v{meta['Version']}",
        "requires": meta.get_all("Requires-Dist") or [],
        "publishing": "trusted publishing (OIDC), with attestations",
        "files": {f.name: hashlib.sha256(f.read_bytes()).hexdigest() for f in sorted(dist.iterdir())},
    }
    (ROOT / "dist" / f"{distribution}.json").write_text(json.dumps(plan, indent=2) + "\n", "utf-8")
    print(json.dumps(plan, indent=2))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
