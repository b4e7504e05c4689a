// <start-at-end>: stands last in a pane that scrolls, and shows its end first, unless the address names a place in it. Where the
// pane does not scroll by itself, on a phone, the page does.
customElements.define("start-at-end", class extends HTMLElement {
  connectedCallback() {
    if (location.hash && location.hash !== "#composer") return;
    const pane = this.parentElement;
    const scrolls = getComputedStyle(pane).overflowY !== "visible" ? pane : document.scrollingElement;
    scrolls.scrollTop = scrolls.scrollHeight;
  }
});
