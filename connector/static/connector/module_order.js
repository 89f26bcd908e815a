// The order of modules: dragged, or moved by buttons; kept in the field's own text. Each has the
// organisation's own name, with the API name as a hint.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const input = document.getElementById("id_module_order");
    if (!input) return;
    const list = document.createElement("ol");
    list.className = "pb-order";
    const labels = JSON.parse(input.dataset.labels || "{}");
    const names = input.value.split(",").map((name) => name.trim()).filter(Boolean);
    list.append(...names.map((name) => makeItem(name, labels[name] || name, input)));
    input.hidden = true;
    input.after(list);
    list.addEventListener("dragover", (event) => {
        event.preventDefault();
        const dragged = list.querySelector(".pb-dragged");
        const over = event.target.closest("li");
        if (!dragged || !over || over === dragged) return;
        const box = over.getBoundingClientRect();
        const isBelow = event.clientY > box.top + box.height / 2;
        over[isBelow ? "after" : "before"](dragged);
    });
});

function makeItem(name, label, input) {
    const item = document.createElement("li");
    item.draggable = true;
    item.dataset.module = name;
    item.append(label);
    if (label !== name) {
        const hint = document.createElement("small");
        hint.textContent = name;
        item.append(hint);
    }
    item.append(makeButton("↑", `${label}: ${input.dataset.up}`, () => move(item, -1, input)));
    item.append(makeButton("↓", `${label}: ${input.dataset.down}`, () => move(item, 1, input)));
    item.addEventListener("dragstart", () => item.classList.add("pb-dragged"));
    item.addEventListener("dragend", () => {
        item.classList.remove("pb-dragged");
        keep(item.parentElement, input);
    });
    return item;
}

function makeButton(sign, label, act) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "pb-button pb-small";
    button.textContent = sign;
    button.ariaLabel = label;
    button.addEventListener("click", () => {
        act();
        button.focus();
    });
    return button;
}

function move(item, by, input) {
    const list = item.parentElement;
    if (by < 0) item.previousElementSibling?.before(item);
    else item.nextElementSibling?.after(item);
    keep(list, input);
}

function keep(list, input) {
    input.value = [...list.children].map((item) => item.dataset.module).join(", ");
    input.dispatchEvent(new Event("change", { bubbles: true }));
}
