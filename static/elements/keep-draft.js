// <keep-draft>: around a text being written; two seconds after the last key the server keeps it, or when another tab
// takes its place, so that nothing is lost.
const PAUSE = 2000;
const LOST = ["htmx:error", "htmx:response:error"];

customElements.define("keep-draft", class extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.kept = this.written;
    this.addEventListener("input", this);
    for (const kind of ["submit", ...LOST]) this.form?.addEventListener(kind, this);
    addEventListener("pagehide", this);
  }

  disconnectedCallback() {
    this.removeEventListener("input", this);
    for (const kind of ["submit", ...LOST]) this.form?.removeEventListener(kind, this);
    removeEventListener("pagehide", this);
    clearTimeout(this.waiting);
    this.keep();
  }

  // The text, and in a reply whom it goes to beside.
  get written() {
    const fields = [...this.querySelectorAll("[name=text], [name=cc]")];
    return new URLSearchParams(fields.map((field) => [field.name, field.value])).toString();
  }

  handleEvent(event) {
    if (event.type === "submit") {
      // What is sent, the server has, and keeps it where it refuses it: as the page goes it is no draft any more.
      this.before = this.kept;
      this.kept = this.written;
    } else if (LOST.includes(event.type)) {
      this.kept = this.before;
    } else if (event.type === "pagehide") {
      if (!this.form?.dataset.inFlight) this.keep();
    } else if (event.target.matches("[name=text], [name=cc]")) {
      clearTimeout(this.waiting);
      this.waiting = setTimeout(() => this.keep(), PAUSE);
    }
  }

  async keep() {
    const { form, written } = this;
    if (!form || form.dataset.inFlight || written === this.kept) return;
    const body = new URLSearchParams(written);
    body.append("kind", this.dataset.kind);
    body.append("csrf_token", form.elements.csrf_token.value);
    try {
      const answer = await fetch(this.dataset.url, { method: "POST", body, keepalive: written.length < 60000 });
      if (answer.ok && !answer.redirected) this.kept = written; // signed out it leads elsewhere, and nothing is kept
    } catch {
      // The next key tries again; what is typed stays in the page.
    }
  }
});
