// Settings: the person's own, else the organisation's policy, else what the package carries.
"use strict";

/** {portal, token, way, me, recent}; empty texts where nothing is set. */
async function readSettings() {
  const own = await chrome.storage.local.get(["portal", "token", "way", "me", "recent"]);
  const isOwn = own.portal && own.way !== undefined;
  const policy = isOwn ? {} : await readPolicy();
  const packed = own.portal || policy.portal ? {} : await readPackage();
  return {
    portal: trimAddress(own.portal || policy.portal || packed.portal || ""),
    token: own.token ?? "",
    way: own.way ?? policy.way ?? "",
    me: own.me ?? null,
    recent: own.recent ?? [],
  };
}

/** Takes its time after the browser's start, so it is asked only where it counts. */
async function readPolicy() {
  return chrome.storage.managed.get(["portal", "way"]).catch(() => ({}));
}

async function readPackage() {
  const file = await fetch(chrome.runtime.getURL("portal.json"));
  return file.json();
}

/** Scheme and host alone; "" for what is no web address. */
function trimAddress(text) {
  try {
    const { protocol, origin } = new URL(text.trim());
    return protocol === "https:" || protocol === "http:" ? origin : "";
  } catch {
    return "";
  }
}
