// <select-rows>: ticks all rows of the page at once, a range with Shift, and says how many are ticked. Enter in a field of the bar
// presses the button that follows it, not the form's first.
customElements.define("select-rows", class extends HTMLElement {
  connectedCallback() {
    this.addEventListener("change", this);
    this.addEventListener("click", this);
    this.addEventListener("reset", this);
    this.addEventListener("keydown", this);
  }

  get all() { return this.querySelector("[data-all]"); }
  get boxes() { return [...this.querySelectorAll("input[name=ticket]")]; }

  handleEvent(event) {
    const box = event.target;
    if (event.type === "keydown") {
      if (event.key === "Enter" && box.matches("select, input:not([type=checkbox])")) this.press(event);
      return;
    }
    if (event.type === "click") {
      if (!box.matches?.("input[name=ticket]")) return;
      const boxes = this.boxes, here = boxes.indexOf(box), there = boxes.indexOf(this.last);
      if (event.shiftKey && there >= 0) {
        for (const each of boxes.slice(Math.min(here, there), Math.max(here, there) + 1)) each.checked = box.checked;
        getSelection().removeAllRanges(); // Firefox takes the rows' words for selected, too
      }
      this.last = box;
    } else if (event.type === "change" && box.matches("[data-all]")) {
      for (const each of this.boxes) each.checked = box.checked;
    }
    setTimeout(() => this.tell());
    if (event.type === "reset") setTimeout(() => (this.last?.isConnected ? this.last : this.all)?.focus()); // the bar goes, with its button
  }

  press(event) {
    const buttons = [...event.target.closest("[popover]").querySelectorAll("button")];
    event.preventDefault();
    buttons.find((each) => event.target.compareDocumentPosition(each) & Node.DOCUMENT_POSITION_FOLLOWING)?.click();
  }

  tell() {
    const boxes = this.boxes, count = boxes.filter((box) => box.checked).length;
    if (this.all) {
      this.all.checked = count > 0 && count === boxes.length;
      this.all.indeterminate = count > 0 && count < boxes.length;
    }
    const words = this.dataset.words.replace("{}", count);
    if (words === this.said) return;
    this.said = words;
    const place = document.getElementById("announcements");
    const word = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: words });
    place.append(word);
    setTimeout(() => word.remove(), 3000);
  }
});
