// A dotted line under each number and a small button beside it. Nothing of the page moves: the line
// is a highlight, and the button's host has no size.
"use strict";

const PatchbayMarks = (() => {
  const STYLE = `
    :host { all: initial; color: inherit; font-size: inherit; position: relative;
      display: inline-block; width: 0; height: 0; overflow: visible; vertical-align: baseline;
      user-select: none; }
    :host([floating]) { position: absolute; }
    button { position: absolute; left: 2px; top: calc(-0.35em - 8px); font-size: inherit;
      width: 16px; height: 16px; margin: 0; padding: 2px; border: 0;
      border-radius: 4px; background: transparent; opacity: 0.8; cursor: pointer;
      color: color-mix(in srgb, currentcolor 50%, #23a065); }
    button:hover, button:focus-visible { opacity: 1; background: #e3f3ea; color: #1f7a4d; }
    button:focus-visible { outline: 2px solid #1f7a4d; }
    button[disabled] { opacity: 0.25; cursor: default; }
    svg { display: block; width: 12px; height: 12px; }
    @media print { button { display: none; } }`;
  const HANDSET =
    "M3 1h3l1.5 4-2 1.5a8 8 0 0 0 4 4l1.5-2 4 1.5v3a2 2 0 0 1-2 2A12 12 0 0 1 1 3a2 2 0 0 1 2-2z";
  const PAUSE_MS = 2500;
  const KEPT_FROM_PAGE = ["mousedown", "dblclick", "keydown", "pointerdown"];
  const pattern = drawButton();
  const highlight = new Highlight();
  CSS.highlights.set("patchbay-number", highlight);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const marks = new Map(); // text node -> {seen, shown: [{range, host}]}
  const texts = new WeakMap(); // host -> text node

  /** Mark the numbers of text nodes: [{node, numbers}]. */
  function add(found) {
    const fresh = [];
    for (const { node, numbers } of found) {
      remove(node);
      const shown = numbers.map((number) => draw(node, number));
      marks.set(node, { seen: node.data, shown });
      fresh.push(...shown);
    }
    place(fresh);
  }

  function draw(node, { start, end, number, text }) {
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    highlight.add(range);
    const host = document.createElement("patchbay-call");
    host.dataset.number = number;
    const button = pattern.cloneNode(true);
    button.title = chrome.i18n.getMessage("callNumber", [text]);
    button.setAttribute("aria-label", button.title);
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(button);
    texts.set(host, node);
    return { node, range, host, rest: node.data.slice(end) };
  }

  /** `onCall(number, element)` is told of a click. The page hears nothing of what happens to a mark. */
  function listen(onCall) {
    const isOurs = ({ target }) => texts.has(target);
    for (const name of KEPT_FROM_PAGE) {
      addEventListener(name, (event) => isOurs(event) && event.stopPropagation(), true);
    }
    addEventListener("click", (event) => {
      if (!isOurs(event)) return;
      event.preventDefault();
      event.stopPropagation();
      const host = event.target;
      pause(host.shadowRoot.querySelector("button"));
      onCall(host.dataset.number, texts.get(host).parentElement);
    }, true);
  }

  function drawButton() {
    const button = Object.assign(document.createElement("button"), { type: "button" });
    button.append(drawIcon());
    return button;
  }

  function drawIcon() {
    const namespace = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(namespace, "svg");
    svg.setAttribute("viewBox", "0 0 16 16");
    svg.setAttribute("aria-hidden", "true");
    const path = svg.appendChild(document.createElementNS(namespace, "path"));
    path.setAttribute("d", HANDSET);
    path.setAttribute("fill", "currentColor");
    return svg;
  }

  /** Two quick clicks are one call. */
  function pause(button) {
    button.disabled = true;
    setTimeout(() => { button.disabled = false; }, PAUSE_MS);
  }

  /** A button behind the last word stands there by its style alone: nothing has to be laid out. */
  function place(shown) {
    const styles = shown.map(({ node }) => {
      const { display, direction } = getComputedStyle(node.parentElement);
      return { isFloating: /flex|grid/u.test(display), isReversed: direction === "rtl" };
    });
    shown.forEach((one, index) => {
      const { isFloating, isReversed } = styles[index];
      one.isMeasured = isFloating || isReversed || one.rest !== "";
      one.host.toggleAttribute("floating", isFloating);
      one.node.after(one.host);
    });
    move(shown);
  }

  /** Reading and writing in turns, for all marks at once: the browser lays the page out once. */
  function move(shown) {
    const measured = shown.filter(({ isMeasured }) => isMeasured);
    const places = measured.map(({ range, host }) => {
      const rects = range.getClientRects();
      return { number: rects[rects.length - 1], own: host.getBoundingClientRect() };
    });
    measured.forEach(({ host, rest }, index) => {
      const { number, own } = places[index];
      if (!number) return;
      const button = host.shadowRoot.querySelector("button");
      const isLast = rest.trim() === "";
      const left = number.right - own.left + (isLast ? 2 : -3);
      const middle = number.top + number.height / 2 - own.top - 8;
      button.style.left = `${Math.round(left)}px`;
      button.style.top = `${Math.round(isLast ? middle : middle - 9)}px`;
    });
  }

  function remove(node) {
    for (const { range, host } of marks.get(node)?.shown ?? []) {
      highlight.delete(range);
      host.remove();
    }
    marks.delete(node);
  }

  /** Drop the marks of texts that have left the page or changed. */
  function clean(isForeign) {
    for (const [node, { seen, shown }] of marks) {
      const isGone = !node.isConnected || node.data !== seen || isForeign(node.parentElement);
      if (isGone || shown.some(({ host }) => !host.isConnected)) remove(node);
    }
  }

  const isMarked = (node) => marks.get(node)?.seen === node.data;
  const moveAll = () => move([...marks.values()].flatMap(({ shown }) => shown));

  return { add, clean, isMarked, listen, moveAll };
})();
