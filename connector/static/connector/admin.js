// What the admin's pages do in the browser beside the theme's own script.
"use strict";

// Calls and minutes are drawn from zero: half a call is none, and a small delay looks small.
if (window.Chart) {
    const { linear } = window.Chart.defaults.scales;
    linear.beginAtZero = true;
    linear.ticks.precision = 0;
}

document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    const label = button.textContent;
    copyText(button.dataset.copy).then(() => {
        button.textContent = button.dataset.done;
        setTimeout(() => { button.textContent = label; }, 1500);
    });
});

function copyText(text) {
    if (navigator.clipboard) return navigator.clipboard.writeText(text);
    // Without https browsers have no clipboard but this old one.
    const area = document.createElement("textarea");
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand("copy");
    area.remove();
    return Promise.resolve();
}

// What takes longer than a page usually does says so, until the next page is there.
document.addEventListener("submit", (event) => {
    const button = event.submitter;
    if (!button?.dataset.wait || event.defaultPrevented) return;
    const note = document.createElement("span");
    note.className = "pb-quiet";
    note.setAttribute("role", "status");
    button.after(note);
    note.textContent = button.dataset.wait;
    setTimeout(() => { button.disabled = true; });
    window.addEventListener("pageshow", () => {
        note.remove();
        button.disabled = false;
    }, { once: true });
});

document.addEventListener("change", (event) => {
    const centres = document.getElementById("pb-centres");
    if (event.target.id !== "id_data_centre" || !centres) return;
    const addresses = JSON.parse(centres.textContent)[event.target.value] || {};
    for (const [name, address] of Object.entries(addresses)) {
        const input = document.getElementById(`id_${name}`);
        input.value = address;
        input.dispatchEvent(new Event("input", { bubbles: true }));
    }
});

// A new connection's time zone: most often the one of whoever sets it up.
document.addEventListener("DOMContentLoaded", () => {
    const zone = document.getElementById("id_time_zone");
    if (zone?.tagName === "SELECT" && !zone.value) {
        zone.value = Intl.DateTimeFormat().resolvedOptions().timeZone;
    }
});

// On a telephone a cell's label stands in front of it: with one capital, not one in every word.
document.addEventListener("DOMContentLoaded", () => {
    for (const cell of document.querySelectorAll("[data-label]")) {
        const label = cell.dataset.label.trim();
        cell.dataset.label = label.charAt(0).toUpperCase() + label.slice(1);
    }
});
