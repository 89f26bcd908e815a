// Finds numbers on the page, now and whenever something appears, and dials on a click.
"use strict";

(() => {
  const LATE_MS = 50;
  const IDLE_MS = 60;
  const SLICE_MS = 6;
  let country = "";
  let waiting = new Set();
  let timer = 0;

  /** The text nodes below a node that may hold a number; nothing else is looked at. */
  function listTexts(root) {
    if (root.nodeType === Node.TEXT_NODE) return PatchbayNumbers.mayContain(root.data) ? [root] : [];
    if (root.nodeType !== Node.ELEMENT_NODE && root.nodeType !== Node.DOCUMENT_NODE) return [];
    const texts = [];
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) {
      if (PatchbayNumbers.mayContain(walker.currentNode.data)) texts.push(walker.currentNode);
    }
    return texts;
  }

  /** In slices while the browser has nothing better to do, so that no frame waits for us. */
  async function scan(roots) {
    country ||= await readCountry();
    await waitForLeisure();
    const texts = [...new Set(roots.filter((root) => root.isConnected).flatMap(listTexts))];
    while (texts.length) {
      mark(texts);
      if (texts.length) await waitForLeisure();
    }
  }

  const waitForLeisure = () =>
    new Promise((resolve) => requestIdleCallback(resolve, { timeout: IDLE_MS }));

  /** Takes texts away until its time is over. */
  function mark(texts) {
    const started = performance.now();
    const found = [];
    while (texts.length && performance.now() - started < SLICE_MS) {
      const one = read(texts.shift());
      if (one) found.push(one);
    }
    if (found.length) PatchbayMarks.add(found);
  }

  function read(node) {
    const place = node.parentElement;
    if (!place || PatchbayMarks.isMarked(node) || PatchbaySurroundings.isForeign(place)) return null;
    const isPhoneField = PatchbaySurroundings.isPhoneField(place);
    const numbers = PatchbayNumbers.find(node.data, { country, isPhoneField });
    return numbers.length ? { node, numbers } : null;
  }

  /** The connection's, without waking the service worker; before the sign-in the browser's. */
  async function readCountry() {
    const stored = await chrome.storage.sync.get("country").catch(() => ({}));
    const [, region] = /-([A-Z]{2})\b/u.exec(navigator.language) ?? [];
    // Guessing is slow: only for a language without a region, before anybody has signed in.
    return stored.country || region || new Intl.Locale(navigator.language).maximize().region || "US";
  }

  /** The service worker's answer; null when the extension was updated under an open page. */
  async function ask(message) {
    try {
      return await chrome.runtime.sendMessage(message);
    } catch {
      return null;
    }
  }

  async function call(number, element) {
    const record = PatchbaySurroundings.findRecord(element);
    const answer = await ask({ kind: "call", number, record });
    // A real link, clicked where the person clicked, so that 3CX's extension sees it.
    if (answer?.telUrl) clickLink(answer.telUrl);
    const isTold = window !== window.top && (await ask({ kind: "tell", answer }));
    if (!isTold) show(answer);
  }

  /** Tell what happened; in the whole page where it can be, for a frame may be a few lines high. */
  function show(answer) {
    if (!answer) {
      PatchbayToast.show({ text: chrome.i18n.getMessage("reloadPage"), isBad: true });
      return;
    }
    PatchbayToast.show({
      text: answer.text,
      isBad: answer.isBad,
      link: answer.fallback ? { url: answer.fallback, text: chrome.i18n.getMessage("useWebClient") } : null,
      onOptions: answer.needsOptions ? () => ask({ kind: "options" }) : null,
    });
  }

  function clickLink(url) {
    const link = Object.assign(document.createElement("a"), { href: url, hidden: true });
    document.body.append(link);
    link.click();
    link.remove();
  }

  function note(records) {
    for (const { type, target, addedNodes } of records) {
      if (type === "characterData") waiting.add(target);
      for (const node of addedNodes) if (!isOurs(node)) waiting.add(node);
    }
    if (!timer) timer = setTimeout(catchUp, LATE_MS);
  }

  const isOurs = (node) => node.localName === "patchbay-call" || node.localName === "patchbay-toast";

  function catchUp() {
    timer = 0;
    const roots = [...waiting];
    waiting = new Set();
    PatchbayMarks.clean(PatchbaySurroundings.isForeign);
    if (roots.length) scan(roots);
  }

  chrome.runtime.onMessage.addListener((message, _sender, reply) => {
    if (message.kind !== "show" || window !== window.top) return;
    if (message.answer?.telUrl && message.isClick) clickLink(message.answer.telUrl);
    show(message.answer);
    reply(true);
  });
  new MutationObserver(note).observe(document, { childList: true, subtree: true, characterData: true });
  PatchbayMarks.listen(call);
  let resized = 0;
  addEventListener("resize", () => {
    cancelAnimationFrame(resized);
    resized = requestAnimationFrame(PatchbayMarks.moveAll);
  });
  scan([document]);
})();
