// <keep-fresh>: asks for the news of a list or a ticket; less often the longer nothing happens, and not at all in a hidden tab or
// of what is gone. It only says when: htmx asks, and nothing is swapped while nothing has changed (204).
const quick = 10_000, slow = 60_000;

customElements.define("keep-fresh", class extends HTMLElement {
  connectedCallback() {
    this.pause = quick;
    this.asked = Date.now();
    this.wait();
    document.addEventListener("visibilitychange", this);
    document.addEventListener("htmx:after:swap", this);
    this.addEventListener("htmx:response:error", this);
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
    document.removeEventListener("visibilitychange", this);
    document.removeEventListener("htmx:after:swap", this);
    this.removeEventListener("htmx:response:error", this);
  }

  handleEvent(event) {
    if (event.type === "htmx:response:error") {
      if (event.detail.ctx.response.status === 404) this.disconnectedCallback();
    } else if (event.type === "visibilitychange") {
      if (document.hidden) clearTimeout(this.timer);
      else if (Date.now() - this.asked > quick) this.ask();
      else this.wait();
    } else if (document.querySelector("#batch[data-over]:not([data-heard])")) {
      document.getElementById("batch").dataset.heard = "";
      this.ask();
    }
  }

  wait() {
    clearTimeout(this.timer);
    if (!document.hidden) this.timer = setTimeout(() => this.ask(), this.pause);
  }

  ask() {
    const address = this.getAttribute("hx-get");
    this.pause = address === this.last ? Math.min(this.pause * 1.5, slow) : quick;
    this.last = address;
    this.asked = Date.now();
    const open = CSS.supports("selector(:popover-open)") && document.querySelector("#lines [popover]:popover-open");
    if (!open) this.dispatchEvent(new CustomEvent("fresh"));
    this.wait();
  }
});
