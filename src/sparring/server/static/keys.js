// Every page's keys. An element says with data-key which keys press it ("Enter Space", "r", "1"), so the key that works is
// the key that is printed on it. data-go marks where g + key leads, data-opens the dialog that a button shows.
// No module: it is there before the page can be seen, so a key pressed at first sight is not lost.
"use strict";

const typing = (element) => element?.matches?.("input, textarea, select, [contenteditable]");
const pressable = (element) => element?.closest?.("a[href], button, summary, [role=button]");
const named = (event) => (event.key === " " ? "Space" : event.key);

let going = false;

// The page's own element wins over the frame's: on the bank, "/" is its search box and not the link that leads there.
function elementFor(key) {
  const candidates = [...document.querySelectorAll("[data-key]")];
  const fitting = candidates.filter((each) => each.dataset.key.split(" ").includes(key) && each.checkVisibility());
  return fitting.find((each) => each.closest("main")) ?? fitting[0];
}

function press(element) {
  if (typing(element)) { element.focus(); return; }
  element.click();
  if (element.matches("summary")) element.parentElement.scrollIntoView({ block: "start" });
}

function onKey(event) {
  if (event.defaultPrevented || event.metaKey || event.ctrlKey || event.altKey) return;
  if (document.querySelector("dialog[open]")) return;
  if (typing(event.target)) {
    if (event.key === "Escape") event.target.blur();
    return;
  }
  const key = named(event);
  if ((key === "Enter" || key === "Space") && pressable(event.target)) return;
  const target = going ? document.querySelector(`[data-go="${CSS.escape(key)}"]`) : elementFor(key);
  going = key === "g" && !going;
  if (going || !target) return;
  event.preventDefault();
  press(target);
}

function walk(event) {
  if (event.defaultPrevented || typing(event.target) || !["j", "k"].includes(event.key)) return;
  const items = [...document.querySelectorAll(".list a.item, .points > li")].filter((each) => each.checkVisibility());
  if (items.length === 0) return;
  const here = items.indexOf(document.activeElement);
  const next = event.key === "j" ? Math.min(here + 1, items.length - 1) : Math.max(here - 1, 0);
  items[next].focus();
  event.preventDefault();
}

function handIn(event) {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || !event.target.matches("textarea")) return;
  const button = event.target.form?.querySelector("[data-submit]");
  if (!button) return;
  event.preventDefault();
  event.target.form.requestSubmit(button);
}

document.addEventListener("keydown", handIn);
document.addEventListener("keydown", walk);
document.addEventListener("keydown", onKey);
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) document.getElementById(opener.dataset.opens).showModal();
});

// A form is sent once: a second press while the first is under way does nothing.
document.addEventListener("submit", (event) => {
  if (event.target.method === "dialog") return;
  if (event.target.dataset.sent) event.preventDefault();
  event.target.dataset.sent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.sent;
});
