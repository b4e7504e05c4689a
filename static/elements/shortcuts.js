// Keys do what the control that names them does: aria-keyshortcuts one key, data-keys one or two ("G M"); nothing is listed here.
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
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

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.(typing)) return;
  if (event.key === "Escape" && document.querySelector(":popover-open")) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const found = (first && control(`${first} ${key}`)) || control(key);
  clearTimeout(forget);
  const begins = !first && document.querySelector(`[data-keys^="${CSS.escape(key)} "]`);
  first = begins ? key : "";
  if (begins) forget = setTimeout(() => { first = ""; }, PATIENCE);
  if (!found) return;
  first = "";
  event.preventDefault();
  if (found.matches(typing)) found.focus();
  else found.click();
});
