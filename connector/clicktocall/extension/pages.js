// What the pop-up and the options share: texts in the browser's language, and one line of news.
"use strict";

document.documentElement.lang = chrome.i18n.getUILanguage();
for (const element of document.querySelectorAll("[data-text]")) {
  element.textContent = chrome.i18n.getMessage(element.dataset.text);
}

/** `link` is {url, text}. */
function showMessage(text, { isBad = false, link = null } = {}) {
  const place = document.getElementById("message");
  place.className = isBad ? "bad" : "";
  place.textContent = text;
  if (!link) return;
  const anchor = Object.assign(document.createElement("a"), { href: link.url, textContent: link.text });
  anchor.target = link.url.startsWith("tel:") ? "" : "_blank";
  place.append(" ", anchor);
}
