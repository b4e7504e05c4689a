// <human-check>: tells ALTCHA's widget, which stands in it, where its worker is, and lets a form that is sent too soon wait
// until the proof is there. Without script the form asks by mail, as it does when the proof takes too long.
const patience = 8000;
const waited = new WeakSet();

customElements.define("human-check", class extends HTMLElement {
  connectedCallback() {
    const worker = this.dataset.worker;
    globalThis.$altcha?.algorithms.set("PBKDF2/SHA-256", () => new Worker(worker));
  }

  get isSolved() {
    return Boolean(this.closest("form").elements.altcha?.value);
  }

  async solve() {
    const widget = this.querySelector("altcha-widget"), ends = Date.now() + patience;
    let tries = 2;
    widget.addEventListener("statechange", ({ detail }) => { if (detail.state === "error" && --tries) widget.verify?.(); });
    if (widget.getState?.() !== "verifying") widget.verify?.();
    // What counts is the field that is sent, not what the widget says of itself.
    while (!this.isSolved && tries && Date.now() < ends) await new Promise((done) => setTimeout(done, 30));
  }
});

// On the window, so that it comes before all who send or count a press.
addEventListener("submit", async (event) => {
  const form = event.target;
  const check = form.querySelector("human-check");
  if (!check || waited.has(form) || check.isSolved) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  waited.add(form);
  event.submitter?.setAttribute("aria-busy", "true");
  await check.solve();
  event.submitter?.removeAttribute("aria-busy");
  form.requestSubmit(event.submitter);
}, true);
