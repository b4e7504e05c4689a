// <live-preview>: what is chosen inside shows in the preview at once; without script the form's button does it.
customElements.define("live-preview", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent(event) {
    const form = event.target.form;
    form?.requestSubmit(form.elements.namedItem("preview"));
  }
});
