// <walk-rows>: J and K walk through the tickets of a list or board, X ticks the one where the keyboard is, Shift X all up to it.
const typing = "input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable]";

customElements.define("walk-rows", class extends HTMLElement {
  connectedCallback() { document.addEventListener("keydown", this); }
  disconnectedCallback() { document.removeEventListener("keydown", this); }

  handleEvent(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.defaultPrevented) return;
    if (document.documentElement.dataset.shortcuts === "off" || document.querySelector("dialog[open]")) return;
    if (event.target.closest?.(typing)) return;
    const key = event.key.toLowerCase();
    if (key === "x") this.tick(event);
    else if (key === "j" || key === "k") this.walk(event, key === "j" ? 1 : -1);
  }

  get rows() { return [...document.querySelectorAll("#lines .listing__row, #lines .board__card")]; }

  walk(event, step) {
    const rows = this.rows, here = rows.findIndex((row) => row.contains(document.activeElement));
    const next = here < 0 ? rows.at(step > 0 ? 0 : -1) : rows[here + step];
    if (!next) return;
    event.preventDefault();
    next.querySelector("td a, .board__subject").focus();
  }

  tick(event) {
    const box = this.rows.find((row) => row.contains(document.activeElement))?.querySelector("input[name=ticket]");
    if (!box) return;
    event.preventDefault();
    box.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey: event.shiftKey }));
  }
});
