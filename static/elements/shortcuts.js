// Keys do what the control that names them does: aria-keyshortcuts one key, data-keys one or two ("G M"); nothing is listed here.
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const awaited = ".htmx-request:not(keep-fresh, [hx-trigger^=every])";
const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;
const PATIENCE = 1200; // ms between the two keys of a pair
let first = "";
let forget = 0;

function control(keys) {
  const named = [...document.querySelectorAll("[aria-keyshortcuts], [data-keys]")];
  const fits = (each) => each.dataset.keys === keys || each.getAttribute("aria-keyshortcuts") === keys;
  // A key that stands in a menu works though the menu is closed.
  return named.find((each) => fits(each) && (seen(each) || each.closest("[popover]")));
}

// What a form answers while one types in it: Escape is its way back, a slash on an empty line opens its templates.
function ofForm({ key, target }) {
  const form = target.closest?.("form");
  if (key === "Escape") return form?.querySelector("[data-keys=Escape]");
  if (key !== "/" || !target.matches?.("textarea")) return null;
  const { value, selectionStart: from, selectionEnd: to } = target;
  const isEmptyLine = /(^|\n)$/.test(value.slice(0, from)) && /^(\n|$)/.test(value.slice(to));
  return isEmptyLine && form?.querySelector("[aria-keyshortcuts='/']");
}

function press(found, event) {
  event.preventDefault();
  if (found.matches(typing)) found.focus();
  else found.click();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.documentElement.dataset.shortcuts === "off") return;
  const own = ofForm(event), field = event.target.closest?.(typing);
  if (own) press(own, event);
  else if (event.key === "Escape" && field?.matches("textarea")) field.closest("section")?.querySelector("[aria-current]")?.focus();
  if (own || field || document.querySelector("dialog[open]")) return;
  if (event.key === "Escape" && CSS.supports("selector(:popover-open)") && document.querySelector(":popover-open")) return;
  if (/^\S$/.test(event.key) && document.querySelector(awaited)) { // it was meant for what is still on its way
    event.preventDefault();
    return;
  }
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const found = (first && control(`${first} ${key}`)) || control(key);
  clearTimeout(forget);
  const begins = !first && document.querySelector(`[data-keys^="${CSS.escape(key)} "]`);
  first = begins ? key : "";
  if (begins) forget = setTimeout(() => { first = ""; }, PATIENCE);
  if (!found) return;
  first = "";
  press(found, event);
});
