// What a share of the API credits would mean, before it is saved.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const input = document.getElementById("pb-share");
    const sentences = document.getElementById("pb-shares");
    if (!input || !sentences) return;
    const known = JSON.parse(sentences.textContent);
    const shown = document.getElementById("pb-share-sentence");
    input.addEventListener("input", () => {
        shown.textContent = known[input.value] ?? "";
    });
});
