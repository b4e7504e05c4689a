// Single keys do what the control that shows them does: aria-keyshortcuts names the key, nothing else is listed here.
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";
const seen = (element) => element.checkVisibility?.({ visibilityProperty: true }) ?? element.offsetParent !== null;

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
  if (document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
  if (event.target.closest?.(typing)) return;
  const key = event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const wanted = [...document.querySelectorAll("[aria-keyshortcuts]")];
  const control = wanted.find((each) => each.getAttribute("aria-keyshortcuts") === key && seen(each));
  if (!control) return;
  event.preventDefault();
  if (control.matches(typing)) control.focus();
  else control.click();
});
