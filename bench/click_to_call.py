"""What the extension costs a page: `python -m bench.click_to_call`.

Milliseconds that it adds to a page of 2,000 texts, with and without numbers: to load its files, and
to find and mark the numbers. And how long a number that appears later waits for its button. Needs
chromium.
"""

import os
import shutil
import statistics
import tempfile
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

os.environ["DATA_DIR"] = tempfile.mkdtemp(prefix="patchbay-bench-")
os.environ["ZOHO_TRUSTED_URLS"] = "http://127.0.0.1"
os.environ["DJANGO_SETTINGS_MODULE"] = "config.settings"

from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Page as BrowserPage

from connector.clicktocall.packing import unpack

TEXTS = 2000
RUNS = 9
SETTLED_MS = 700
ADD_LATER = """() => new Promise((resolve) => {
    const place = document.body.appendChild(document.createElement("p"));
    const added = performance.now();
    const look = () => place.querySelector("patchbay-call") && resolve(performance.now() - added);
    new MutationObserver(look).observe(place, {childList: true});
    setTimeout(() => place.append("Arrived: +44 20 7946 0011"), 0);
})"""


class Page(BaseHTTPRequestHandler):
    """/<n>: 2,000 texts, of which every n-th holds a number; 0: none."""

    def do_GET(self) -> None:
        every = int(self.path.strip("/") or 0) if self.path.strip("/").isdigit() else 0
        texts = [write_text(place, every) for place in range(TEXTS)]
        body = f"<!doctype html><meta charset=utf-8>{''.join(texts)}".encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Quiet."""


def write_text(place: int, every: int) -> str:
    has_number = every and place % every == 0
    number = f"+44 20 7946 {place:04}" if has_number else f"Order {place}, 22.11.2026"
    return f"<p>Some words of a page in a CRM, {number}</p>"


def measure(context: BrowserContext, url: str) -> tuple[list[float], list[float]]:
    """Milliseconds of each visit: loading the extension's files, finding and marking."""
    loaded, scanned = [], []
    for _run in range(RUNS):
        page = context.new_page()
        events = trace(context, page, url)
        loaded.append(count_time(events, "EvaluateScript", of="chrome-extension:"))
        scanned.append(count_time(events, "FireIdleCallback"))
        page.close()
    return loaded, scanned


def trace(context: BrowserContext, page: BrowserPage, url: str) -> list[dict[str, Any]]:
    """What the browser did during a visit. The page itself has no scripts."""
    session = context.new_cdp_session(page)
    events: list[dict[str, Any]] = []
    ended: list[Any] = []
    session.on("Tracing.dataCollected", lambda part: events.extend(part["value"]))
    session.on("Tracing.tracingComplete", lambda told: ended.append(told))
    session.send("Tracing.start", {"categories": "devtools.timeline"})
    page.goto(url)
    page.wait_for_timeout(SETTLED_MS)
    session.send("Tracing.end")
    while not ended:
        page.wait_for_timeout(20)
    return events


def count_time(events: list[dict[str, Any]], name: str, *, of: str = "") -> float:
    """Milliseconds of the main thread's own time: waiting for the processor does not count."""
    wanted = [event for event in events if event["name"] == name and of in str(event["args"])]
    return sum(event.get("tdur", 0) for event in wanted) / 1000


def measure_late(context: BrowserContext, url: str) -> list[float]:
    page = context.new_page()
    page.goto(url)
    page.wait_for_timeout(SETTLED_MS)
    return [page.evaluate(ADD_LATER) for _run in range(RUNS)]


def tell_page(title: str, measured: tuple[list[float], list[float]]) -> None:
    loaded, scanned = measured
    tell(f"{title}: files", loaded)
    tell(f"{title}: numbers", scanned)


def tell(title: str, taken: list[float]) -> None:
    middle, worst = statistics.median(taken), max(taken)
    print(f"{title:<52} median {middle:6.1f} ms   worst {worst:6.1f} ms")  # noqa: T201


def main() -> None:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    folder = Path(tempfile.mkdtemp(prefix="patchbay-bench-"))
    unpack(folder / "extension")
    with sync_playwright() as playwright:
        context = playwright.chromium.launch_persistent_context(
            folder / "profile",
            executable_path=shutil.which("chromium"),
            args=[
                "--no-sandbox",
                f"--disable-extensions-except={folder / 'extension'}",
                f"--load-extension={folder / 'extension'}",
            ],
        )
        while not any(page.url.endswith("options.html") for page in context.pages):
            context.pages[0].wait_for_timeout(100)
        url = f"http://127.0.0.1:{server.server_port}"
        tell_page(f"{TEXTS} texts without numbers", measure(context, f"{url}/0"))
        tell_page(f"{TEXTS} texts, 20 numbers", measure(context, f"{url}/100"))
        tell_page(f"{TEXTS} texts, 200 numbers", measure(context, f"{url}/10"))
        tell("a number that appears later", measure_late(context, f"{url}/100"))
        context.close()
    for path in (folder, Path(os.environ["DATA_DIR"])):
        shutil.rmtree(path, ignore_errors=True)


if __name__ == "__main__":
    main()
