// <auto-submit>: a form whose selects and ticks answer at once; its button is there for those without script.
customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    for (const button of this.querySelectorAll("button[type=submit]")) button.hidden = true;
    this.addEventListener("change", this);
  }

  disconnectedCallback() {
    this.removeEventListener("change", this);
  }

  handleEvent(event) {
    if (event.target.matches("select, input:is([type=checkbox], [type=radio], [type=date])")) event.target.form?.requestSubmit();
  }
});
