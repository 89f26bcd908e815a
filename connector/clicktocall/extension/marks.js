// A dotted line under each number and a small button beside it. Nothing of the page moves: the line
// is a highlight, and the button's host has no size.
"use strict";

const PatchbayMarks = (() => {
  const STYLE = `
    :host { all: initial; position: relative; display: inline-block; width: 0; height: 0;
      overflow: visible; vertical-align: baseline; user-select: none; }
    :host([floating]) { position: absolute; }
    button { position: absolute; width: 16px; height: 16px; margin: 0; padding: 2px; border: 0;
      border-radius: 4px; background: transparent; color: #1f7a4d; opacity: 0.6; cursor: pointer; }
    button:hover, button:focus-visible { opacity: 1; background: #e3f3ea; }
    button:focus-visible { outline: 2px solid #1f7a4d; }
    button[disabled] { opacity: 0.25; cursor: default; }
    svg { display: block; width: 12px; height: 12px; }
    @media print { button { display: none; } }`;
  const HANDSET =
    "M3 1h3l1.5 4-2 1.5a8 8 0 0 0 4 4l1.5-2 4 1.5v3a2 2 0 0 1-2 2A12 12 0 0 1 1 3a2 2 0 0 1 2-2z";
  const PAUSE_MS = 2500;
  const icon = drawIcon();
  const highlight = new Highlight();
  CSS.highlights.set("patchbay-number", highlight);
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  const marks = new Map(); // text node -> {seen, shown: [{range, host}]}

  /** Mark the numbers of text nodes: [{node, numbers}]; `onCall(number, element)` is told of a click. */
  function add(found, onCall) {
    const fresh = [];
    for (const { node, numbers } of found) {
      remove(node);
      const shown = numbers.map((number) => draw(node, number, onCall));
      marks.set(node, { seen: node.data, shown });
      fresh.push(...shown);
    }
    place(fresh);
  }

  function draw(node, { start, end, number, text }, onCall) {
    const range = new Range();
    range.setStart(node, start);
    range.setEnd(node, end);
    highlight.add(range);
    const host = document.createElement("patchbay-call");
    host.dataset.number = number;
    const root = host.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet];
    root.append(makeButton(text, (event) => {
      event.preventDefault();
      event.stopPropagation();
      pause(event.currentTarget);
      onCall(number, node.parentElement);
    }));
    const isLast = node.data.slice(end).trim() === "";
    return { node, range, host, isLast };
  }

  function makeButton(text, onClick) {
    const button = document.createElement("button");
    button.type = "button";
    button.title = chrome.i18n.getMessage("callNumber", [text]);
    button.setAttribute("aria-label", button.title);
    button.append(icon.cloneNode(true));
    button.addEventListener("click", onClick);
    for (const name of ["mousedown", "dblclick", "keydown", "pointerdown"]) {
      button.addEventListener(name, (event) => event.stopPropagation());
    }
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

  /** Reading and writing in turns, for all marks at once: the browser lays the page out once. */
  function place(shown) {
    const displays = shown.map(({ node }) => getComputedStyle(node.parentElement).display);
    shown.forEach(({ node, host }, index) => {
      if (/flex|grid/u.test(displays[index])) host.setAttribute("floating", "");
      node.after(host);
    });
    move(shown);
  }

  function move(shown) {
    const places = shown.map(({ range, host }) => {
      const rects = range.getClientRects();
      return { number: rects[rects.length - 1], own: host.getBoundingClientRect() };
    });
    shown.forEach(({ host, isLast }, index) => {
      const { number, own } = places[index];
      if (!number) return;
      const button = host.shadowRoot.querySelector("button");
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

  return { add, clean, isMarked, moveAll };
})();
