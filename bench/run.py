"""All benchmarks against one canned server on loopback: ours, the reference and the floor, interleaved.

    hatch run bench                     every measure
    hatch run bench query async         these
    hatch run bench --json FILE         keep the figures
    hatch run bench --plots             also how cost grows, as pictures in docs/performance
    hatch run bench --quick             fewer and shorter rounds
    hatch run bench async --rounds 120 --among ours+uvloop    a small difference, for sure

Each contender has an environment of its own in .venv/bench, made the first time. Trust the ratios, which
are taken within one run and round by round, not the single figures: machines are shared and noisy.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from measures import CONTENDERS, GROWTHS, MEASURES, REFERENCES, Growth, Measure

from environments import PLACE, ROOT, CannotBuildError, build

HERE = Path(__file__).parent
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "VIRTUAL_ENV"))}
CERTIFICATES = """
import sys, trustme
ca = trustme.CA()
ca.cert_pem.write_to_path(sys.argv[1])
ca.issue_cert("localhost", "127.0.0.1").private_key_and_cert_chain_pem.write_to_path(sys.argv[2])
"""
HANDLE = """
from pinecone import Pinecone
Pinecone(api_key="key").index(host={plain!r})
"""
ANSWER = """
from pinecone import Pinecone
assert len(Pinecone(api_key="key").index(host={secure!r}).query(vector=[0.5] * 16, top_k=10).matches) == 10
"""
FLOOR_ANSWER = """
import socket, ssl, msgspec
host, port = {secure!r}.removeprefix("https://").split(":")
link = ssl.create_default_context().wrap_socket(socket.create_connection((host, port)), server_hostname=host)
body = b'{{"topK":10,"vector":[0.5]}}'
link.sendall(b"POST /query HTTP/1.1\\r\\nHost: x\\r\\nContent-Length: %d\\r\\n\\r\\n" % len(body) + body)
assert len(msgspec.json.decode(link.recv(1 << 16).partition(b"\\r\\n\\r\\n")[2])["matches"]) == 10
"""


class Worker:
    """A contender's process, asked for one round at a time."""

    def __init__(self, kind: str, python: Path, origin: str) -> None:
        self.kind = kind
        self._process = subprocess.Popen(
            [str(python), str(HERE / "worker.py"), kind, origin],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=CLEAN,
        )

    def ask(self, measure: Measure, seconds: float) -> dict[str, float]:
        asked = {"do": measure.do, "args": measure.args, "way": measure.way, "seconds": seconds}
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.kind} failed at {asked}")
        found: dict[str, float] = json.loads(line)
        return found

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


class Ground:
    """Where all meet: the server, and the contenders' environments."""

    def __init__(self, plain: str, secure: str, authority: str, pythons: dict[str, Path]) -> None:
        self.plain, self.secure, self.authority, self.pythons = plain, secure, authority, pythons

    def process(self, kind: str, measure: Measure) -> dict[str, float]:
        """Run a whole process; return what it cost."""
        scripts = {"start": HANDLE, "start-tls": ANSWER}
        if kind == "floor":
            scripts = {"start": "pass", "start-tls": FLOOR_ANSWER}
        code = scripts[measure.name].format(plain=self.plain, secure=self.secure)
        environment = {**CLEAN, "SSL_CERT_FILE": self.authority}
        process = subprocess.Popen([str(self.pythons[kind]), "-c", code], env=environment)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = status
        if status:
            raise RuntimeError(f"{kind} failed at {measure.name}")
        return {"calls": 1, "cpu": usage.ru_utime + usage.ru_stime}

    def rounds(self, measure: Measure, count: int, seconds: float) -> dict[str, list[dict[str, float]]]:
        """Give every contender its turn, over and over."""
        found: dict[str, list[dict[str, float]]] = {kind: [] for kind in self.present(measure)}
        if measure.do is None:
            for _ in range(count):
                for kind, samples in found.items():
                    samples.append(self.process(kind, measure))
            return found
        workers: dict[str, Worker] = {}
        try:
            for turn in range(count):
                for kind, samples in list(found.items())[:: -1 if turn % 2 else 1]:
                    if kind not in workers:
                        workers[kind] = Worker(kind, self.pythons[kind], self.plain)
                    samples.append(workers[kind].ask(measure, seconds))
                    if measure.anew:
                        workers.pop(kind).close()
        finally:
            for worker in workers.values():
                worker.close()
        return found

    def present(self, measure: Measure) -> list[str]:
        return [kind for kind in measure.contenders if kind in self.pythons]


@contextmanager
def prepared(kinds: Collection[str]) -> Iterator[Ground]:
    """Build the environments that can be built, and serve."""
    pythons = {}
    for kind in sorted({*kinds, "floor"}):  # the server and the certificates need what the floor has
        try:
            pythons[kind] = build(kind)
        except CannotBuildError as error:
            print(f"Without {kind}, whose environment cannot be made: {str(error).splitlines()[-1]}")
            if kind in ("ours", "floor"):
                raise SystemExit(2) from error
    with tempfile.TemporaryDirectory() as folder:
        authority, leaf = f"{folder}/authority.pem", f"{folder}/leaf.pem"
        subprocess.run([pythons["floor"], "-c", CERTIFICATES, authority, leaf], check=True)
        command = [str(pythons["floor"]), str(HERE / "server.py"), leaf]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
            assert server.stdin is not None
            assert server.stdout is not None
            plain, secure = server.stdout.readline().split()
            present = {kind: python for kind, python in pythons.items() if kind in kinds}
            yield Ground(f"http://127.0.0.1:{plain}", f"https://localhost:{secure}", authority, present)
            server.stdin.close()


def row(measure: Measure, found: dict[str, list[dict[str, float]]]) -> dict[str, Any]:
    """Return medians, and the medians of each round's ratios."""
    figures = {kind: [measure.of(sample) for sample in samples] for kind, samples in found.items()}
    ratios = {
        kind: statistics.median(mine / theirs for mine, theirs in zip(figures["ours"], theirs, strict=True))
        for kind, theirs in figures.items()
        if kind != "ours" and all(theirs)
    }
    known = [ratios[kind] for kind in REFERENCES if kind in ratios]
    reached = all(map(measure.reached, known)) if known and measure.limit is not None else None
    if measure.floor_limit is not None and reached:
        reached = ratios["floor"] <= measure.floor_limit if "floor" in ratios else None
    return {
        "name": measure.name,
        "title": measure.title,
        "unit": measure.unit,
        "medians": {kind: statistics.median(values) for kind, values in figures.items()},
        "ratios": ratios,
        "limit": measure.limit,
        "floor_limit": measure.floor_limit,
        "more_is_better": measure.more_is_better,
        "reached": reached,
    }


def shown(value: float | None) -> str:
    if value is None:
        return "-"
    return f"{value:,.0f}" if value >= 100 or value == 0 else f"{value:.3g}"


HEADINGS = (
    "",
    "ours",
    *REFERENCES,
    "floor",
    *(f"of {kind}" for kind in CONTENDERS[1:]),
    "to reach",
    "others",
)


def cells(found: dict[str, Any]) -> list[str]:
    """Return a row of the table as text."""
    medians, ratios, limit = found["medians"], found["ratios"], found["limit"]
    wanted = ""
    if limit is not None:
        wanted = f"{'at least' if found['more_is_better'] else 'at most'} {limit:g}"
        wanted += f", {found['floor_limit']:g} of the floor" if found["floor_limit"] else ""
        wanted += {True: "", False: ": MISSED", None: ": unknown"}[found["reached"]]
    more = [
        f"{kind} {shown(value)} ({1 / ratios[kind]:.2f} of ours)"
        for kind, value in medians.items()
        if kind not in CONTENDERS
    ]
    figures = [shown(medians.get(kind)) for kind in CONTENDERS]
    compared = [shown(ratios.get(kind)) for kind in CONTENDERS[1:]]
    return [f"{found['title']}, {found['unit']}", *figures, *compared, wanted, ", ".join(more)]


def line(texts: list[str] | tuple[str, ...]) -> str:
    title, *rest, wanted, others = texts
    return f"{title:62}" + "".join(f"{text:>10}" for text in rest) + f"  {wanted:32}  {others}".rstrip()


def table(rows: list[dict[str, Any]]) -> str:
    """Return the table in Markdown."""
    lines = [HEADINGS, ["-" for _ in HEADINGS], *map(cells, rows)]
    return "".join(f"| {' | '.join(texts)} |\n" for texts in lines)


def grown(growth: Growth, ground: Ground, count: int, seconds: float) -> dict[str, Any]:
    """Measure at every value; return the medians."""
    curves: dict[str, list[float]] = {kind: [] for kind in ground.present(growth.measure)}
    with ExitStack() as stack:
        workers = {kind: Worker(kind, ground.pythons[kind], ground.plain) for kind in curves}
        for worker in workers.values():
            stack.callback(worker.close)
        for value in growth.values:
            at = Measure(**{**vars(growth.measure), "args": {**growth.measure.args, growth.along: value}})
            samples: dict[str, list[float]] = {kind: [] for kind in curves}
            for _ in range(count):
                for kind, worker in workers.items():
                    samples[kind].append(at.of(worker.ask(at, seconds)))
            for kind in curves:
                curves[kind].append(statistics.median(samples[kind]))
    found = {"name": growth.name, "axis": growth.axis, "figure": growth.measure.title}
    return {**found, "values": growth.values, "curves": curves}


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    names = list(dict.fromkeys(measure.name for measure in MEASURES))
    parser.add_argument("measures", nargs="*", metavar="MEASURE", help=", ".join(names))
    parser.add_argument("--json", type=Path, help="write all figures to this file")
    parser.add_argument("--markdown", type=Path, help="write the table to this file")
    parser.add_argument("--plots", action="store_true", help="also measure how cost grows, and draw it")
    parser.add_argument("--quick", action="store_true", help="fewer and shorter rounds")
    parser.add_argument("--rounds", type=int, metavar="N", help="how many rounds every measure has")
    others = sorted({kind for measure in MEASURES for kind in measure.contenders} - {"ours"})
    parser.add_argument(
        "--among",
        nargs="+",
        metavar="KIND",
        choices=others,
        help=f"ours and these alone: {', '.join(others)}",
    )
    found = parser.parse_args()
    if unknown := set(found.measures) - set(names):
        parser.error(f"no such measure: {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    if found.rounds is not None and found.rounds < 1:
        parser.error("--rounds must be 1 or more")
    return found


def chosen(names: list[str], quick: bool) -> list[Measure]:
    found = [measure for measure in MEASURES if not names or measure.name in names]
    if quick:
        small = [{"rows": 10_000} if "rows" in measure.args else measure.args for measure in found]
        found = [Measure(**{**vars(m), "args": args}) for m, args in zip(found, small, strict=True)]
    return found


def rounds_of(measure: Measure, asked: argparse.Namespace) -> int:
    """Return how many rounds a measure has."""
    if asked.rounds is not None:
        return int(asked.rounds)
    return min(measure.rounds, 3) if asked.quick else measure.rounds


def main() -> int:
    asked = options()
    rows: list[dict[str, Any]] = []
    growths: list[dict[str, Any]] = []
    seconds = 0.1 if asked.quick else 0.25
    everyone = {kind for measure in MEASURES for kind in measure.contenders}
    with prepared(everyone if asked.among is None else {"ours", *asked.among}) as ground:
        print(line(HEADINGS))
        last, found = None, {}
        for measure in chosen(asked.measures, asked.quick):
            count = rounds_of(measure, asked)
            work = (measure.name, measure.do, measure.args)
            found = found if work == last else ground.rounds(measure, count, seconds)
            last = work
            rows.append(row(measure, found))
            print(line(cells(rows[-1])), flush=True)
        if asked.plots:
            growths = [grown(growth, ground, 1 if asked.quick else 3, seconds) for growth in GROWTHS]
    result = {"python": platform.python_version(), "rows": rows, "growth": growths}
    text = json.dumps(result, indent=1) + "\n"
    if asked.json:
        asked.json.write_text(text)
    if asked.markdown:
        asked.markdown.write_text(table(rows))
    if growths:
        figures = PLACE / "figures.json"
        figures.write_text(text)
        script = str(HERE / "pictures.py")
        subprocess.run([build("drawing"), script, figures, ROOT / "docs" / "performance"], check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
