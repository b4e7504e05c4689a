// <keep-draft>: around a text being written; two seconds after the last key the server keeps it, or when another tab
// takes its place, so that nothing is lost.
const PAUSE = 2000;

customElements.define("keep-draft", class extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    this.kept = this.text?.value;
    this.addEventListener("input", this);
    addEventListener("pagehide", this);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    removeEventListener("pagehide", this);
    clearTimeout(this.waiting);
    this.keep();
  }

  handleEvent(event) {
    if (event.type === "pagehide") {
      this.keep();
      return;
    }
    if (event.target !== this.text) return;
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.keep(), PAUSE);
  }

  async keep() {
    const form = this.closest("form");
    if (!form || form.dataset.inFlight || this.text.value === this.kept) return;
    const text = this.text.value;
    const body = new URLSearchParams({ kind: this.dataset.kind, text, csrf_token: form.elements.csrf_token.value });
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body, keepalive: text.length < 20000 });
      if (answer.ok && !answer.redirected) this.kept = text; // signed out it leads elsewhere, and nothing is kept
    } catch {
      // The next key tries again; what is typed stays in the page.
    }
  }
});
