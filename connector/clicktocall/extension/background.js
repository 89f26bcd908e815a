// Talks to the portal for the pages, the pop-up and the context menu. The token stays here.
"use strict";

importScripts("vendor/libphonenumber-min.js", "numbers.js", "settings.js");

const MENU = "call-selection";
const MOST_RECENT = 8;
const PATIENCE_MS = 15000;
const ME_OLD_AFTER_MS = 3600000;

chrome.storage.local.setAccessLevel({ accessLevel: "TRUSTED_CONTEXTS" });

chrome.runtime.onInstalled.addListener(({ reason }) => {
  const [{ matches }] = chrome.runtime.getManifest().content_scripts;
  chrome.contextMenus.removeAll(() =>
    chrome.contextMenus.create({
      id: MENU,
      title: chrome.i18n.getMessage("callSelection", ["%s"]),
      contexts: ["selection"],
      documentUrlPatterns: matches,
    }),
  );
  if (reason === "install") chrome.runtime.openOptionsPage();
});

chrome.contextMenus.onClicked.addListener(async ({ menuItemId, selectionText }, tab) => {
  if (menuItemId !== MENU) return;
  const answer = await call({ number: selectionText ?? "", record: readRecord(tab?.url) });
  chrome.tabs.sendMessage(tab.id, { kind: "show", answer, isClick: true }).catch(() => {});
});

chrome.runtime.onMessage.addListener((message, sender, reply) => {
  const handle = HANDLERS[message.kind];
  if (!handle || sender.id !== chrome.runtime.id) return false;
  handle(message, sender).then(reply);
  return true;
});

const HANDLERS = {
  call: ({ number, record }, sender) => call({ number, record: record ?? readRecord(sender.tab?.url) }),
  tell: ({ answer }, sender) => tellPage(sender.tab.id, answer),
  me: () => refreshMe(),
  options: async () => chrome.runtime.openOptionsPage(),
};

/** Dial by the portal. The answer is what a page or the pop-up shows: {text, isBad, telUrl, ...}. */
async function call({ number, record }) {
  const settings = await readSettings();
  if (!settings.portal || !settings.token) return say("signInFirst", { needsOptions: true });
  await remember(number);
  const body = { number, module: record?.module, record_id: record?.recordId, way: settings.way };
  const { status, data } = await ask(settings, "/agent/call", body);
  if (status === 401) {
    return say("tokenRevoked", { needsOptions: true, fallback: writeFallback(settings, number) });
  }
  if (!data) return say("portalDown", { fallback: writeFallback(settings, number) });
  if (status !== 200) return { text: data.text, isBad: true, fallback: keepWebAddress(data.url) };
  if (data.way === "webclient") await openWebClient(data.url);
  return { text: data.text, isBad: false, telUrl: data.way === "tel" ? data.url : "" };
}

/** Whether the page around a frame shows the answer: it may be none of Zoho's. */
async function tellPage(tabId, answer) {
  try {
    return await chrome.tabs.sendMessage(tabId, { kind: "show", answer }, { frameId: 0 });
  } catch {
    return false;
  }
}

/** {status, data}; data is null when no understandable answer came. */
async function ask({ portal, token }, path, body) {
  try {
    const response = await fetch(portal + path, {
      method: body ? "POST" : "GET",
      headers: { Authorization: `Bearer ${token}`, ...(body && { "Content-Type": "application/json" }) },
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: AbortSignal.timeout(PATIENCE_MS),
    });
    return { status: response.status, data: await response.json() };
  } catch {
    return { status: 0, data: null };
  }
}

/** Who we are, from the portal: {me} or {problem}; the last answer is kept for bad times. */
async function refreshMe() {
  const settings = await readSettings();
  if (!settings.portal || !settings.token) return { problem: chrome.i18n.getMessage("signInFirst") };
  const { status, data } = await ask(settings, "/agent/me");
  if (status === 200 && data) {
    await chrome.storage.local.set({ me: data, meAt: Date.now() });
    await chrome.storage.sync.set({ country: data.country }); // pages read it by themselves
    return { me: data };
  }
  const name = status === 401 ? "tokenRevoked" : "portalDown";
  return { me: settings.me, problem: chrome.i18n.getMessage(name) };
}

/** The web client's link from the last good visit: dials while the portal is away. */
function writeFallback({ me }, number) {
  if (!me?.web_client) return "";
  const dialled = PatchbayNumbers.write(number, me);
  return keepWebAddress(me.web_client.replace("{number}", encodeURIComponent(dialled)));
}

const keepWebAddress = (url) => (/^https?:\/\//u.test(url ?? "") ? url : "");

/** In the tab that was opened for it before, so that they do not pile up. */
async function openWebClient(url) {
  if (!keepWebAddress(url)) return;
  const { tabId } = await chrome.storage.session.get("tabId");
  try {
    if (tabId === undefined) throw new Error("none yet");
    await chrome.tabs.update(tabId, { url, active: true });
  } catch {
    const tab = await chrome.tabs.create({ url });
    await chrome.storage.session.set({ tabId: tab.id });
  }
}

async function remember(number) {
  const { recent = [] } = await chrome.storage.local.get("recent");
  const others = recent.filter((other) => other !== number);
  await chrome.storage.local.set({ recent: [number, ...others].slice(0, MOST_RECENT) });
}

function readRecord(address) {
  const found = /\/tab\/(Contacts|Leads|Accounts)\/(\d{5,})/u.exec(address ?? "");
  return found ? { module: found[1], recordId: found[2] } : null;
}

const say = (name, more) => ({ text: chrome.i18n.getMessage(name), isBad: true, ...more });

chrome.runtime.onStartup.addListener(async () => {
  const { meAt = 0 } = await chrome.storage.local.get("meAt");
  if (Date.now() - meAt > ME_OLD_AFTER_MS) refreshMe();
});
