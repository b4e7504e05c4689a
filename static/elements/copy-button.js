// <copy-button for="id" data-said="Copied">: copies the text or value of another element; hidden where there is no clipboard.
customElements.define("copy-button", class extends HTMLElement {
  connectedCallback() {
    this.hidden = !navigator.clipboard;
    this.addEventListener("click", this);
  }

  disconnectedCallback() {
    this.removeEventListener("click", this);
  }

  async handleEvent(event) {
    if (!event.target.closest("button")) return;
    event.preventDefault();
    const source = document.getElementById(this.getAttribute("for"));
    await navigator.clipboard.writeText((source?.value ?? source?.textContent ?? "").trim());
    const toast = Object.assign(document.createElement("div"), { className: "toast", textContent: this.dataset.said });
    document.getElementById("announcements").append(toast);
  }
});
