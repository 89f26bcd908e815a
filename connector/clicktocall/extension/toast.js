// A message of ours over the page, in a shadow of its own: the page's styles stay outside.
"use strict";

const PatchbayToast = (() => {
  const STYLE = `
    div { position: fixed; z-index: 2147483647; top: 16px; right: 16px; max-width: 340px;
      padding: 12px 36px 12px 14px; border-radius: 8px; border-left: 4px solid #1f7a4d; color: #14251c;
      background: #fff; box-shadow: 0 4px 18px rgb(0 0 0 / 0.25); font: 14px/1.45 system-ui, sans-serif; }
    div.bad { border-left-color: #b42318; }
    p { margin: 0; overflow-wrap: anywhere; }
    a, button.more { display: inline-block; margin: 8px 12px 0 0; padding: 0; border: 0; background: none;
      color: #14613b; font: inherit; font-weight: 600; text-decoration: underline; cursor: pointer; }
    button.close { position: absolute; top: 6px; right: 6px; width: 26px; height: 26px; border: 0;
      background: none; color: #4b5a52; font: 18px/1 system-ui, sans-serif; cursor: pointer; }
    :focus-visible { outline: 2px solid #1f7a4d; outline-offset: 1px; }`;
  const GOOD_MS = 6000;
  let host = null;
  let timer = 0;

  /** `link` is {url, text}; `onOptions` adds a button that leads to the options. Bad news stays. */
  function show({ text, isBad = false, link = null, onOptions = null }) {
    hide();
    host = document.createElement("patchbay-toast");
    host.setAttribute("role", isBad ? "alert" : "status");
    const box = document.createElement("div");
    box.className = isBad ? "bad" : "";
    box.append(make("p", text));
    if (link) box.append(Object.assign(make("a", link.text), { href: link.url, target: "_blank", rel: "noreferrer" }));
    if (onOptions) box.append(makeButton("more", chrome.i18n.getMessage("openOptions"), onOptions));
    box.append(makeButton("close", "×", hide, chrome.i18n.getMessage("close")));
    host.attachShadow({ mode: "open" }).append(make("style", STYLE), box);
    document.documentElement.append(host);
    if (!isBad) timer = setTimeout(hide, GOOD_MS);
  }

  function hide() {
    clearTimeout(timer);
    host?.remove();
    host = null;
  }

  const make = (tag, text) => Object.assign(document.createElement(tag), { textContent: text });

  function makeButton(kind, text, onClick, label = text) {
    const button = Object.assign(make("button", text), { type: "button", className: kind });
    button.setAttribute("aria-label", label);
    button.addEventListener("click", onClick);
    return button;
  }

  return { show };
})();
