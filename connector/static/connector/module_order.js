// The order of modules: dragged, or moved by buttons; kept in the field's own text.
"use strict";

document.addEventListener("DOMContentLoaded", () => {
    const input = document.getElementById("id_module_order");
    if (!input) return;
    const list = document.createElement("ol");
    list.className = "pb-order";
    const names = input.value.split(",").map((name) => name.trim()).filter(Boolean);
    list.append(...names.map((name) => makeItem(name, input)));
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

function makeItem(name, input) {
    const item = document.createElement("li");
    item.draggable = true;
    item.dataset.module = name;
    item.append(name);
    item.append(makeButton("↑", `${name}: ${input.dataset.up}`, () => move(item, -1, input)));
    item.append(makeButton("↓", `${name}: ${input.dataset.down}`, () => move(item, 1, input)));
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
