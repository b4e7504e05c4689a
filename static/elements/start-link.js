// <start-link><a href="…">…</a></start-link>: follows its link by itself, once, when it comes into the page.
customElements.define("start-link", class extends HTMLElement {
  connectedCallback() {
    this.querySelector("a")?.click();
  }
});
