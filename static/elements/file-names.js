// <file-names>: a place to drop files around a file field; lists the names that were chosen. Without script the field shows itself.
customElements.define("file-names", class extends HTMLElement {
  connectedCallback() {
    this.names ??= Object.assign(document.createElement("ul"), { className: "drop__names" });
    this.append(this.names);
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent(event) {
    const names = [...event.target.files].map((file) => Object.assign(document.createElement("li"), { textContent: file.name }));
    this.names.replaceChildren(...names);
  }
});
