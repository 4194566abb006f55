"""All benchmarks against one canned server on loopback: ours, the reference, and the floor, interleaved.

    hatch run bench                        every measure
    hatch run bench query async            these
    hatch run bench --json FILE --plots    figures as JSON, and how cost grows as pictures in docs/performance
    hatch run bench --quick                fewer rounds

Each contender has an environment of its own in .bench, made the first time. Trust the ratios, which are
taken within one run and round by round, not the single figures: machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from measures import FIRST_ANSWER, GROWTH, HANDLE, MEASURES, Measure

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "bench"
PLACE = ROOT / ".bench"
REFERENCES = {"9.0.1": "pinecone==9.0.1", "10.2.0": "pinecone==10.2.0"}
FAST = "orjson"  # ours with the extra of that name
UV = (sys.executable, "-m", "uv")
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}


# ---- contenders --------------------------------------------------------------------------------


def make(name: str, *requirements: str | Path) -> Path:
    """Make an environment if there is none yet; return its Python."""
    folder = PLACE / name
    python = folder / "bin" / "python"
    if not (folder / "made").exists():
        subprocess.run([*UV, "venv", "-q", "--clear", "--python", sys.executable, str(folder)], check=True)
        wanted = ["numpy", *map(str, requirements)]
        subprocess.run(
            [*UV, "pip", "install", "-q", "--compile-bytecode", "--python", str(python), *wanted], check=True
        )
        (folder / "made").touch()
    return python


def ours() -> dict[str, Path]:
    """Make environments with the wheels of this checkout, anew at each run: plain, and with an extra."""
    sys.path.insert(0, str(ROOT / "tools"))
    from release import TABLE, build

    wheels = PLACE / "wheels"
    packages = [package for package in TABLE if package != "local"]
    for package in packages:
        build(ROOT / "packages" / package, wheels)
    files = [max(wheels.glob(f"{TABLE[name][0].replace('-', '_')}-[0-9]*.whl")) for name in packages]
    for name in ("ours", FAST):
        (PLACE / name / "made").unlink(missing_ok=True)
    return {"ours": make("ours", *files), FAST: make(FAST, *files, "orjson")}


def tools() -> Path:
    """Return the Python of the environment that makes certificates and pictures."""
    return make("tools", "matplotlib>=3.8", "trustme>=1.1")


class Contender:
    """A worker in an environment, asked for one round at a time."""

    def __init__(self, python: Path, script: str, url: str) -> None:
        self._process = subprocess.Popen(
            [str(python), str(HERE / script), url],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=CLEAN,
        )
        self._read()

    def _read(self) -> Any:
        assert self._process.stdout is not None
        return json.loads(self._process.stdout.readline() or '{"error": "the worker ended"}')

    def ask(self, **arguments: Any) -> dict[str, Any] | None:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(arguments) + "\n")
        self._process.stdin.flush()
        found: dict[str, Any] | None = self._read()
        return found

    def close(self) -> None:
        self._process.terminate()
        self._process.wait()


def start_cpu(python: Path, code: str, **environment: str) -> dict[str, float]:
    """Return the CPU seconds of a whole process."""
    process = subprocess.Popen([str(python), "-c", code], env={**CLEAN, **environment})
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = status
    if status:
        raise RuntimeError(f"{python} failed at {code}")
    return {"seconds": usage.ru_utime + usage.ru_stime}


@contextmanager
def serving() -> Iterator[tuple[str, str, str]]:
    """Run the canned server; give its URL, its URL under TLS, and the authority's file."""
    subprocess.run([tools(), "-m", "trustme", "-q", "-d", str(PLACE), "-i", "localhost"], check=True)
    ca, cert, key = (str(PLACE / name) for name in ("client.pem", "server.pem", "server.key"))
    command = [sys.executable, str(HERE / "server.py"), "--cert", cert, "--key", key]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
        try:
            assert server.stdout is not None
            plain, secure = server.stdout.readline().split()
            yield f"http://127.0.0.1:{plain}", f"https://localhost:{secure}", ca
        finally:
            server.terminate()


# ---- rounds ------------------------------------------------------------------------------------


def rounds(
    measure: Measure, pythons: dict[str, Path], urls: tuple[str, str, str], quick: bool
) -> dict[str, list[Any]]:
    """Ask every contender in turn, as many times as the measure says."""
    figures: dict[str, list[Any]] = {name: [] for name in (*pythons, "floor")}
    count = max(2, measure.rounds // 3) if quick and measure.rounds > 1 else measure.rounds
    times = max(1, measure.times // 10) if quick and measure.name == "bulk" else measure.times
    with ExitStack() as stack:
        workers: dict[str, Contender] = {}
        if measure.name is not None:
            for name, python in pythons.items():
                workers[name] = Contender(python, "worker.py", urls[0])
            workers["floor"] = Contender(pythons["ours"], "floor.py", urls[0])
            for worker in workers.values():
                stack.callback(worker.close)
        for _ in range(count):
            for name in figures:
                if measure.name is None:
                    found = start(measure, name, pythons, urls)
                else:
                    found = workers[name].ask(name=measure.name, times=times, **measure.more)
                figures[name].append(found)
    return figures


def start(
    measure: Measure, name: str, pythons: dict[str, Path], urls: tuple[str, str, str]
) -> dict[str, Any]:
    if name == "floor":
        return start_cpu(pythons["ours"], "pass")
    if measure.key == "start":
        return start_cpu(pythons[name], HANDLE)
    return start_cpu(pythons[name], FIRST_ANSWER.format(url=urls[1]), SSL_CERT_FILE=urls[2])


def summary(measure: Measure, figures: dict[str, list[Any]]) -> dict[str, Any]:
    """Return medians, and the medians of the ratios of each round."""
    columns: dict[str, list[float] | None] = {}
    errors: dict[str, str] = {}
    for name, found in figures.items():
        wrong = next((one["error"] for one in found if one and "error" in one), None)
        if wrong:
            errors[name] = wrong
        usable = all(one and measure.figure in one for one in found)
        columns[name] = [one[measure.figure] * measure.scale for one in found] if usable else None
    ratios = {
        f"{mine} / {name}": statistics.median(
            a / b for a, b in zip(columns[mine] or (), columns[name] or (), strict=True)
        )
        for mine in ("ours", FAST)
        for name in (*REFERENCES, "floor")
        if columns[mine] and all(columns[name] or (0,))
    }
    medians = {name: statistics.median(column) for name, column in columns.items() if column}
    return {
        "key": measure.key,
        "title": measure.title,
        "unit": measure.unit,
        "to_reach": measure.most,
        "to_reach_of_floor": measure.of_floor,
        "medians": medians,
        "ratios": ratios,
        "errors": errors,
    }


COLUMNS = ("ours", FAST, *REFERENCES, "floor")
PAIRS = [f"{mine} / {name}" for mine in ("ours", FAST) for name in REFERENCES] + ["ours / floor"]


def heading() -> str:
    """Return the head of the table."""
    return f"{'':52}" + "".join(f"{name:>9}" for name in COLUMNS) + "".join(f"{pair:>16}" for pair in PAIRS)


def line(row: dict[str, Any]) -> str:
    """Return a row of the table."""
    cells = [f"{row['title'] + ', ' + row['unit']:52}"]
    for name in COLUMNS:
        value = row["medians"].get(name)
        cells.append(f"{'-' if value is None else format(value, ',.3g' if value < 100 else ',.0f'):>9}")
    for pair in PAIRS:
        ratio = row["ratios"].get(pair)
        cells.append(f"{'-' if ratio is None else format(ratio, '.2f'):>16}")
    return "".join(cells) + f"   {verdict(row)}"


def verdict(row: dict[str, Any]) -> str:
    """Say what is to be reached, and by whom it is."""
    most, floor = row["to_reach"], row["to_reach_of_floor"]
    said = f"at most {most:.2f}" + (f", {floor:g} of the floor" if floor else "")

    def met(mine: str) -> bool:
        known = [
            row["ratios"][f"{mine} / {name}"] for name in REFERENCES if f"{mine} / {name}" in row["ratios"]
        ]
        near = not floor or row["ratios"].get(f"{mine} / floor", 0) <= floor
        return bool(known) and max(known) <= most and near

    reached = "reached" if met("ours") else "reached with the extra" if met(FAST) else "missed"
    return f"{said}: {reached}"


def growth(pythons: dict[str, Path], url: str, quick: bool) -> dict[str, Any]:
    """Measure how cost grows with concurrency, batch size, dimension and answers."""
    found: dict[str, Any] = {}
    with ExitStack() as stack:
        workers = {name: Contender(python, "worker.py", url) for name, python in pythons.items()}
        for worker in workers.values():
            stack.callback(worker.close)
        for key, (axis, values, ask) in GROWTH.items():
            lines: dict[str, list[float | None]] = {name: [] for name in workers}
            for value in values:
                samples: dict[str, list[float]] = {name: [] for name in workers}
                for _ in range(1 if quick else 3):
                    for name, worker in workers.items():
                        answer = worker.ask(**ask(value))
                        if answer and "seconds" in answer:
                            samples[name].append(answer["seconds"])
                for name in workers:
                    lines[name].append(statistics.median(samples[name]) if samples[name] else None)
            found[key] = {"axis": axis, "values": values, "seconds": lines}
            print(f"growth: {axis}", flush=True)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(m.key for m in MEASURES))
    parser.add_argument("--json", type=Path, help="write all figures here")
    parser.add_argument("--plots", action="store_true", help="also measure how cost grows, and draw it")
    parser.add_argument("--quick", action="store_true")
    options = parser.parse_args()
    if unknown := set(options.measures) - {measure.key for measure in MEASURES}:
        parser.error(f"no such measure: {', '.join(sorted(unknown))}")
    chosen = [measure for measure in MEASURES if not options.measures or measure.key in options.measures]
    PLACE.mkdir(exist_ok=True)
    pythons = ours() | {name: make(name, wanted) for name, wanted in REFERENCES.items()}
    print(heading())
    rows = []
    with serving() as urls:
        for measure in chosen:
            row = summary(measure, rounds(measure, pythons, urls, options.quick))
            rows.append(row)
            print(line(row), flush=True)
            for name, wrong in row["errors"].items():
                print(f"    {name}: {wrong}")
        grown = growth(pythons, urls[0], options.quick) if options.plots else {}
    text = json.dumps({"rows": rows, "growth": grown}, indent=1) + "\n"
    if grown:
        figures = PLACE / "figures.json"
        figures.write_text(text)
        script = HERE / "pictures.py"
        subprocess.run([tools(), script, figures, ROOT / "docs" / "performance"], check=True)
    if options.json:
        options.json.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
