"""How cost grows, as pictures.

python bench/pictures.py FIGURES FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLOURS = {"ours": "#0f766e", "orjson": "#38bdf8", "9.0.1": "#b45309", "10.2.0": "#6d28d9"}


def draw(grown: dict[str, Any], folder: Path) -> None:
    """Write one SVG for each kind of growth."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "pinecone", "svg.fonttype": "none", "font.size": 10})
    folder.mkdir(parents=True, exist_ok=True)
    for key, found in grown.items():
        figure, axes = plt.subplots(figsize=(6, 3.6), facecolor="white")
        for name, seconds in found["seconds"].items():
            if key == "concurrency":
                values = [None if s is None else 1 / s for s in seconds]
            else:
                values = [None if s is None else 1e3 * s for s in seconds]
            points = [(x, y) for x, y in zip(found["values"], values, strict=True) if y is not None]
            axes.plot(*zip(*points, strict=True), marker="o", markersize=4, label=name, color=COLOURS[name])
        axes.set(xscale="log", yscale="log", xlabel=found["axis"])
        axes.set_ylabel("queries a second" if key == "concurrency" else "ms of client CPU a call")
        axes.set_xticks(found["values"], [f"{value:,}" for value in found["values"]])
        axes.minorticks_off()
        axes.grid(alpha=0.25)
        axes.legend(frameon=False)
        figure.tight_layout()
        figure.savefig(folder / f"{key}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text())["growth"], Path(sys.argv[2]))
