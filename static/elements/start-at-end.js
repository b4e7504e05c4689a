// <start-at-end>: stands last in a pane that scrolls, and shows its end first, unless the address names a place in it.
customElements.define("start-at-end", class extends HTMLElement {
  connectedCallback() {
    const pane = this.parentElement;
    if (!location.hash || location.hash === "#composer") pane.scrollTop = pane.scrollHeight;
  }
});
