// Journal texts: variables to click from, and under each text what Zoho will show.
"use strict";

const TEXTS = [
    "call_subject",
    "answered_inbound",
    "missed",
    "answered_outbound",
    "unanswered_outbound",
    "chat_subject",
];
const WAIT_MS = 300;

document.addEventListener("DOMContentLoaded", () => {
    const url = document.querySelector("[data-preview-url]")?.dataset.previewUrl;
    if (!url) return;
    const inputs = TEXTS.map((name) => document.getElementById(`id_${name}`)).filter(Boolean);
    inputs.forEach((input) => watch(input, url));
    for (const name of ["language", "time_zone"]) {
        document.getElementById(`id_${name}`)?.addEventListener("change", () => {
            inputs.forEach((input) => showPreview(input, url));
        });
    }
    document.querySelectorAll("[data-variables]").forEach(offerVariables);
});

function watch(input, url) {
    const preview = document.createElement("p");
    preview.className = "pb-preview";
    preview.id = `${input.id}_preview`;
    preview.setAttribute("aria-live", "polite");
    input.after(preview);
    input.setAttribute("aria-describedby", preview.id);
    let timer = 0;
    input.addEventListener("input", () => {
        clearTimeout(timer);
        timer = setTimeout(() => showPreview(input, url), WAIT_MS);
    });
    showPreview(input, url);
}

async function showPreview(input, url) {
    const asked = input.value;
    const body = new FormData();
    body.set("field", input.name);
    body.set("text", asked);
    body.set("language", document.getElementById("id_language").value);
    body.set("time_zone", document.getElementById("id_time_zone").value);
    body.set("csrfmiddlewaretoken", document.querySelector("[name=csrfmiddlewaretoken]").value);
    const answer = await fetch(url, { method: "POST", body });
    if (!answer.ok || input.value !== asked) return;
    const { preview, problems } = await answer.json();
    const line = document.getElementById(`${input.id}_preview`);
    const told = input.parentElement.querySelector(".errorlist");
    if (told && input.value === input.defaultValue) return;
    told?.remove();
    line.textContent = problems.length ? problems.join(" ") : preview;
    line.toggleAttribute("data-wrong", problems.length > 0);
    input.setAttribute("aria-invalid", problems.length > 0);
}

function offerVariables(box) {
    const panel = box.closest(".pb-panel");
    const texts = () => [...panel.querySelectorAll("input, textarea")].filter((input) => TEXTS.includes(input.name));
    let last = null;
    panel.addEventListener("focusin", (event) => {
        if (TEXTS.includes(event.target.name)) last = event.target;
    });
    box.addEventListener("click", (event) => {
        const variable = event.target.dataset?.variable;
        const input = last || texts()[0];
        if (!variable || !input) return;
        input.setRangeText(`[${variable}]`, input.selectionStart, input.selectionEnd, "end");
        input.dispatchEvent(new Event("input", { bubbles: true }));
        input.focus();
    });
}
