"""A contender in a process and environment of its own: does what it is asked, and says what it cost.

    python bench/worker.py KIND ORIGIN

Reads one JSON object a line, ``{"do": name, "args": {...}, "seconds": s}``, does the named work over and
over for so long, and answers with a line: calls made, CPU and wall seconds, and whatever else was counted.
"""

from __future__ import annotations

import contextlib
import gc
import importlib
import json
import sys
import time
import tracemalloc
from pathlib import Path


def timed(call, seconds: float) -> dict:
    call()
    calls, cpu, wall = 0, time.process_time(), time.perf_counter()
    while calls == 0 or time.perf_counter() - wall < seconds:
        call()
        calls += 1
    return {"calls": calls, "cpu": time.process_time() - cpu, "wall": time.perf_counter() - wall}


def counting(call) -> dict:
    """Return what a call counts by itself."""
    return {"calls": 1, **call()}


def kept(call) -> dict:
    """Say how much memory the answer of a call keeps."""
    call()
    gc.collect()
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    answer = call()
    gc.collect()
    held = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    return {"calls": 1, "kept": held, "answers": len(answer)}


def peak_bytes() -> int:
    """Return the peak of this process's resident memory since it was last reset."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def peaking(call) -> dict:
    """Say how fast one long call is, and how far memory rose."""
    gc.collect()
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    before, cpu, wall = peak_bytes(), time.process_time(), time.perf_counter()
    items = call()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    return {"calls": items, "cpu": cpu, "wall": wall, "peak": peak_bytes() - before}


def main() -> None:
    kind, origin = sys.argv[1:3]
    sys.path.insert(0, str(Path(__file__).parent))
    calls = importlib.import_module("calls_floor" if kind in ("floor", "httpx") else "calls_sdk")
    contender = calls.Contender(kind, origin)
    out = sys.stdout
    sys.stdout = sys.stderr
    prepared = {}
    for line in sys.stdin:
        asked = json.loads(line)
        key = json.dumps([asked["do"], asked["args"]])
        if key not in prepared:
            prepared[key] = getattr(contender, asked["do"])(**asked["args"])
        way = asked.get("way", "timed")
        if way == "timed" and asked["do"] == "concurrent":
            answer = prepared[key](asked["seconds"])
        elif way == "timed":
            answer = timed(prepared[key], asked["seconds"])
        else:
            answer = {"counting": counting, "kept": kept, "peaking": peaking}[way](prepared[key])
        with contextlib.suppress(BrokenPipeError):
            print(json.dumps(answer), file=out, flush=True)


if __name__ == "__main__":
    main()
