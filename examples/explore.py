"""Run the notebook explore.ipynb from top to bottom, and keep what it shows.

    hatch run example explore            writes explore.out.ipynb and vectors.png into the current folder

Open the notebook itself with any Jupyter that has the packages.
"""

from __future__ import annotations

import base64
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient

HERE = Path(__file__).parent


def main() -> int:
    """Execute every cell; a failing one ends it."""
    notebook = nbformat.read(HERE / "explore.ipynb", as_version=4)
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    pictures = 0
    for cell in notebook.cells:
        for output in cell.get("outputs", ()):
            data = output.get("data", {})
            if "image/png" in data:
                Path("vectors.png").write_bytes(base64.b64decode(data["image/png"]))
                pictures += 1
            elif "text/html" in data:
                print("a table:", data["text/html"][:60].replace("\n", " "), "...")
            print(output.get("text") or data.get("text/plain", ""), end="\n" if "text" not in output else "")
    nbformat.write(notebook, "explore.out.ipynb")
    print(f"{len(notebook.cells)} cells ran; {pictures} picture in vectors.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
