// What is typed on the connection's page and not saved: asked about before it is lost, by the
// browser's own question. Buttons on the page work with what is saved.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const form = document.getElementById("connection_form");
    const words = document.getElementById("pb-unsaved")?.dataset;
    if (!form || !words) return;
    const write = () => new URLSearchParams(new FormData(form)).toString();
    // Values that were refused stand on the page, and are saved nowhere.
    const saved = form.querySelector(".errorlist") ? "" : write();
    let isSaving = false;
    const isUnsaved = () => !isSaving && write() !== saved;

    form.addEventListener("submit", (event) => {
        isSaving = event.submitter?.formTarget !== "_blank";
    });
    window.addEventListener("beforeunload", (event) => {
        if (isUnsaved()) event.preventDefault();
    });
    letAuthorize(isUnsaved, words);
});

// The consent ends in another tab: what it changed is shown when this one is looked at again.
function letAuthorize(isUnsaved, words) {
    let link = null;
    document.addEventListener("click", (event) => {
        const pressed = event.target.closest("[data-authorize]");
        if (!pressed) return;
        if (isUnsaved()) {
            event.preventDefault();
            say(words.saveFirst, pressed);
        } else {
            link = pressed;
        }
    });
    document.addEventListener("visibilitychange", () => {
        if (!link || document.visibilityState !== "visible") return;
        if (isUnsaved()) say(words.lookAgain, link);
        else window.location.reload();
        link = null;
    });
}

function say(text, button) {
    document.getElementById("pb-unsaved-note")?.remove();
    const note = document.createElement("p");
    note.id = "pb-unsaved-note";
    note.className = "pb-wrong";
    note.setAttribute("role", "alert");
    note.textContent = text;
    button.after(note);
}
