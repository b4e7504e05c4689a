// <auto-submit>: a form whose selects, ticks and dates answer at once; its button is there for those without script. What is
// typed or changed by keys, each arrow an option and each digit a year, waits for Enter or until the field is left; Escape takes
// it back.
const opens = /^( |Enter|F4)$/; // the list or calendar, from which one then chooses
const kinds = ["pointerdown", "keydown", "input", "change", "focusout"];

customElements.define("auto-submit", class extends HTMLElement {
  connectedCallback() {
    for (const button of this.querySelectorAll("button[type=submit]")) button.hidden = true;
    for (const kind of kinds) this.addEventListener(kind, this);
  }

  disconnectedCallback() {
    for (const kind of kinds) this.removeEventListener(kind, this);
  }

  handleEvent(event) {
    const field = event.target;
    if (field.matches("select, input[type=date], input[type=text]")) this[event.type](event, field);
    else if (event.type === "change" && field.matches("[type=checkbox], [type=radio]")) field.form.requestSubmit();
  }

  pointerdown() {
    this.byKeys = false;
  }

  keydown(event, field) {
    this.byKeys = !event.altKey && !opens.test(event.key);
    if (!this.waits) return;
    if (event.key === "Enter") {
      event.preventDefault();
      this.send(field);
    } else if (event.key === "Escape") {
      this.waits = false;
      field.form.reset();
    }
  }

  input(event, field) {
    if (field.type === "text") this.waits = true;
  }

  change(event, field) {
    if (this.byKeys) this.waits = true;
    else this.send(field);
  }

  focusout(event, field) {
    if (this.waits) this.send(field);
  }

  send(field) {
    this.waits = false;
    field.form.requestSubmit();
  }
});
