"""Look at the built site in a real browser: light, dark and narrow, and whether the search finds things.

    python tools/look.py [page ...]        the pages to look at; by default one of each kind

Pictures go to build/look. It ends with 1 when a page logs an error, is wider than the window, has text that
is hard to read, or when the search misses what it should find. The browser is Debian's ``chromium``, or the
one that ``CHROMIUM`` names.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import sync_playwright

from build_site import ROOT, SITE

PICTURES = ROOT / "build" / "look"
PAGES = [
    "index",
    "getting-started",
    "architecture",
    "local",
    "compatibility",
    "changelogs",
    "guides/upsert",
    "guides/retries",
    "reference/index-handle",
    "reference/models",
]
LOOKS: dict[str, dict[str, Any]] = {
    "light": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1360, "height": 900}, "color_scheme": "dark"},
    "narrow": {"viewport": {"width": 390, "height": 844}, "color_scheme": "light"},
    "narrow-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
SEARCHES = {
    "checkpoint": "guides/upsert",
    "Retry-After": "guides/retries",
    "export_parquet": "guides/query",
    "IndexModel": "reference/models",
    "NaN": "guides/upsert",
}
SWITCHES = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]

# Whether the text of a drawing, a block of code or a paragraph stands out from what is behind it.
CONTRAST = """() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = colour => {
    canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return canvas.getImageData(0, 0, 1, 1).data;
  };
  const light = colour => {
    const [r, g, b] = [...rgb(colour)].slice(0, 3).map(v => v / 255)
      .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = node => {
    for (let at = node; at; at = at.parentElement) {
      const colour = getComputedStyle(at).backgroundColor;
      if (rgb(colour)[3] > 200) return colour;
    }
    return 'white';
  };
  const bad = [];
  const places = 'article p, article td, article pre span, article .sig span, .drawing text';
  for (const node of document.querySelectorAll(places)) {
    if (!node.textContent.trim()) continue;
    const style = getComputedStyle(node);
    const front = light(node instanceof SVGElement ? style.fill : style.color), back = light(behind(node));
    const ratio = (Math.max(front, back) + 0.05) / (Math.min(front, back) + 0.05);
    const name = node.className.baseVal ?? node.className;
    if (ratio < 3) bad.push(`${ratio.toFixed(1)} ${name}: ${node.textContent.slice(0, 40)}`);
  }
  return [...new Set(bad)].slice(0, 5);
}"""

# Whether the text in the boxes of a drawing fits into them.
FIT = """() => {
  const bad = [];
  for (const text of document.querySelectorAll('.drawing text')) {
    const inner = text.getBBox();
    const middle = [inner.x + inner.width / 2, inner.y + inner.height / 2];
    for (const rect of text.ownerSVGElement.querySelectorAll('rect')) {
      const outer = rect.getBBox();
      const within = middle[0] > outer.x && middle[0] < outer.x + outer.width
        && middle[1] > outer.y && middle[1] < outer.y + outer.height;
      const left = inner.x - outer.x, right = outer.x + outer.width - inner.x - inner.width;
      if (within && Math.min(left, right) < 3) bad.push(text.textContent);
    }
  }
  return bad;
}"""


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args: object) -> None:
        """Say nothing."""


@contextmanager
def served() -> Iterator[str]:
    """Serve the site at a free port and give its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Quiet, directory=str(SITE)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def look(page: Any, address: str, name: str, picture: str) -> list[str]:
    """Open a page, take its picture, and return what is wrong with it."""
    wrong: list[str] = []
    page.on("pageerror", lambda error: wrong.append(f"script: {error}"))
    page.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    page.goto(f"{address}/{name}.html", wait_until="load")
    page.screenshot(path=str(PICTURES / f"{name.replace('/', '-')}-{picture}.png"))
    for drawing in page.query_selector_all("svg.drawing"):
        drawing.scroll_into_view_if_needed()
        title = drawing.query_selector("title").get_attribute("id")
        drawing.screenshot(path=str(PICTURES / f"{title}-{picture}.png"))
    over = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    if over > 0:
        wrong.append(f"{over} pixels wider than the window")
    wrong += [f"out of its box: {found}" for found in page.evaluate(FIT)]
    return wrong + [f"hard to read: {found}" for found in page.evaluate(CONTRAST)]


def search(page: Any, address: str, words: str) -> list[str]:
    """Type words into the search box and return the pages it finds, best first."""
    page.goto(f"{address}/index.html")
    page.fill(".sidebar-search", words)
    page.press(".sidebar-search", "Enter")
    page.wait_for_function(
        "document.querySelector('.search-summary')?.textContent.includes('pages matching')"
    )
    page.wait_for_load_state("networkidle")
    page.screenshot(path=str(PICTURES / f"search-{words}.png"))
    links = page.eval_on_selector_all("#search-results li a", "links => links.map(link => link.pathname)")
    return [link.removeprefix("/").removesuffix(".html") for link in links]


def main(names: list[str]) -> int:
    """Look at everything; return the exit status."""
    browser = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if browser is None:
        print(
            "There is no Chromium here; install it (Debian: chromium) or name one by CHROMIUM.",
            file=sys.stderr,
        )
        return 2
    if not SITE.exists():
        print("There is no site yet: hatch run docs", file=sys.stderr)
        return 2
    PICTURES.mkdir(parents=True, exist_ok=True)
    failed = 0
    with served() as address, tempfile.TemporaryDirectory() as profile, sync_playwright() as play:
        for picture, settings in LOOKS.items():
            context = play.chromium.launch_persistent_context(
                f"{profile}/{picture}", executable_path=browser, headless=True, args=SWITCHES, **settings
            )
            for name in names or PAGES:
                page = context.new_page()
                for wrong in look(page, address, name, picture):
                    print(f"{name}, {picture}: {wrong}")
                    failed = 1
                page.close()
            if picture == "light":
                for words, wanted in SEARCHES.items():
                    found = search(context.new_page(), address, words)
                    print(f"search {words!r}: {len(found)} pages, {', '.join(found[:3])}")
                    if wanted not in found:
                        print(f"search {words!r} does not find {wanted}")
                        failed = 1
            context.close()
    print(f"Pictures: {PICTURES}")
    return failed


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
