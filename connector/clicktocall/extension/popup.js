// Type or paste a number, call one of the last, and see who is signed in.
"use strict";

const number = document.getElementById("number");

document.getElementById("options").addEventListener("click", () => chrome.runtime.openOptionsPage());
document.getElementById("dial").addEventListener("submit", (event) => {
  event.preventDefault();
  dial(number.value.trim());
});

async function dial(text) {
  if (!text) return;
  showMessage(chrome.i18n.getMessage("dialling"));
  const answer = await chrome.runtime.sendMessage({ kind: "call", number: text, record: null });
  const url = answer.telUrl || answer.fallback;
  const name = answer.telUrl ? "openPhoneApp" : "useWebClient";
  const link = url ? { url, text: chrome.i18n.getMessage(name) } : null;
  showMessage(answer.text, { isBad: answer.isBad, link });
  if (answer.telUrl) document.querySelector("#message a").click();
  showRecent();
}

async function showRecent() {
  const { recent } = await readSettings();
  const items = recent.map((text) => {
    const item = document.createElement("li");
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: text });
    button.setAttribute("aria-label", chrome.i18n.getMessage("callNumber", [text]));
    button.addEventListener("click", () => dial(text));
    item.append(button);
    return item;
  });
  document.getElementById("recent").replaceChildren(...items);
}

async function showState() {
  const { me, problem } = await chrome.runtime.sendMessage({ kind: "me" });
  document.getElementById("who").textContent = me?.name || me?.connection || "Patchbay";
  const extension = me?.extension ? chrome.i18n.getMessage("extensionNumber", [me.extension]) : "";
  document.getElementById("extension").textContent = extension;
  if (problem) showMessage(problem, { isBad: true });
}

showRecent();
showState();
