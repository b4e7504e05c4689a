// <vanish-at data-seconds="9">: what is offered for a moment goes when it is over; without script the server says so.
customElements.define("vanish-at", class extends HTMLElement {
  connectedCallback() {
    this.timer = setTimeout(() => { this.hidden = true; }, 1000 * Number(this.dataset.seconds));
  }

  disconnectedCallback() {
    clearTimeout(this.timer);
  }
});
