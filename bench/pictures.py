"""How cost grows, as pictures.

python bench/pictures.py FIGURES FOLDER
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

COLOURS = {
    "ours": "#0f766e",
    "ours+aiohttp": "#5eead4",
    "ours+uvloop": "#0ea5e9",
    "9.0.1": "#b45309",
    "10.2.0": "#6d28d9",
    "floor": "#6b7280",
}


def draw(growths: list[dict[str, Any]], folder: Path) -> None:
    """Write one SVG for each kind of growth."""
    import matplotlib

    matplotlib.use("svg")
    import matplotlib.pyplot as plt

    plt.rcParams.update({"svg.hashsalt": "pinecone", "font.size": 10})
    folder.mkdir(parents=True, exist_ok=True)
    for growth in growths:
        figure, axes = plt.subplots(figsize=(7, 3.6), facecolor="white")
        for kind, curve in growth["curves"].items():
            style = "--" if kind == "floor" else "-"
            axes.plot(
                growth["values"], curve, style, marker="o", markersize=4, label=kind, color=COLOURS[kind]
            )
        axes.set(xscale="log", yscale="log", xlabel=growth["axis"], ylabel=growth["figure"])
        axes.set_xticks(growth["values"], [f"{value:,}" for value in growth["values"]])
        axes.minorticks_off()
        axes.grid(alpha=0.25)
        axes.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1, 0.5))
        figure.tight_layout()
        figure.savefig(folder / f"{growth['name']}.svg", metadata={"Date": None})
        plt.close(figure)


if __name__ == "__main__":
    draw(json.loads(Path(sys.argv[1]).read_text())["growth"], Path(sys.argv[2]))
