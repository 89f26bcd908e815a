// Portal address, personal token, way to dial. Saving asks for the portal's permission and tries it.
"use strict";

const fields = Object.fromEntries(["portal", "token", "way"].map((id) => [id, document.getElementById(id)]));

document.getElementById("form").addEventListener("submit", (event) => {
  event.preventDefault();
  save();
});

async function save() {
  const portal = trimAddress(fields.portal.value);
  if (!portal) return showMessage(chrome.i18n.getMessage("wrongAddress"), { isBad: true });
  if (!(await allow(portal))) return showMessage(chrome.i18n.getMessage("notAllowed"), { isBad: true });
  const typed = fields.token.value.trim();
  await chrome.storage.local.set({ portal, way: fields.way.value, ...(typed && { token: typed }) });
  fields.token.value = "";
  return showState();
}

/** Asks the person once for the portal's host; nothing is asked where the package has it. */
async function allow(portal) {
  const { protocol, hostname } = new URL(portal);
  try {
    return await chrome.permissions.request({ origins: [`${protocol}//${hostname}/*`] });
  } catch {
    return false;
  }
}

async function showState() {
  const { token } = await readSettings();
  const { me, problem } = await chrome.runtime.sendMessage({ kind: "me" });
  if (me) await fillWays(me.ways);
  if (problem) {
    if (token) showMessage(problem, { isBad: true });
    return;
  }
  showMessage(chrome.i18n.getMessage("signedIn", [me.name || me.connection, me.extension]));
}

async function fillWays(ways) {
  const { way } = await readSettings();
  const options = ways.map((one) => new Option(one.label, one.way));
  fields.way.replaceChildren(fields.way.options[0], ...options);
  fields.way.value = way;
}

readSettings().then(({ portal }) => {
  fields.portal.value = portal;
  showState();
});
