// <live-preview>: what is chosen inside shows in the preview at once; without script the form's button does it.
customElements.define("live-preview", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this); // kept when a preview replaces this element: see handOver
  }

  handleEvent({ target }) {
    if (this.isConnected) target.form.requestSubmit(target.form.elements.namedItem("preview"));
    else this.handOver(target);
  }

  // The dialog for a file was open while a preview came: its file belongs to the field that stands there now.
  handOver(field) {
    const heir = document.getElementById(field.id);
    if (!heir || !field.files) return;
    heir.files = field.files;
    heir.dispatchEvent(new Event("change", { bubbles: true }));
  }
});
