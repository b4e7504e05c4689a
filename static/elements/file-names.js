// <file-names>: a place to drop files around a file field. Lists what was chosen, each to be taken out again, leaves out at
// once what the server would refuse, and shows how far the sending is. Without script the field shows itself.
customElements.define("file-names", class extends HTMLElement {
  connectedCallback() {
    this.names ??= Object.assign(document.createElement("ul"), { className: "drop__names" });
    this.names.setAttribute("aria-live", "polite");
    this.append(this.names);
    this.addEventListener("change", this);
    this.form = this.closest("form");
    this.form?.addEventListener("htmx:before:request", this);
    for (const kind of ["dragenter", "dragleave", "drop"]) this.addEventListener(kind, this);
  }

  disconnectedCallback() {
    this.form?.removeEventListener("htmx:before:request", this);
  }

  handleEvent(event) {
    if (event.type === "change") this.sort();
    else if (event.type === "htmx:before:request") this.watch(event.detail.ctx);
    else this.toggleAttribute("data-over", event.type === "dragenter" || (event.type === "dragleave" && this.contains(event.relatedTarget)));
  }

  get field() {
    return this.querySelector("input[type=file]");
  }

  sort() {
    const { largest, most, tooLarge, tooMany } = this.dataset;
    const files = [...this.field.files];
    const fit = files.filter((file) => !largest || file.size <= Number(largest));
    const kept = most ? fit.slice(0, Number(most)) : fit;
    const refused = files.filter((file) => !fit.includes(file)).map((file) => this.line(`${file.name}: ${tooLarge}`, "refused"));
    if (kept.length < fit.length) refused.push(this.line(tooMany, "refused"));
    if (kept.length < files.length) this.choose(kept);
    this.names.replaceChildren(...kept.map((file) => this.entry(file)), ...refused);
  }

  choose(files) {
    const chosen = new DataTransfer();
    for (const file of files) chosen.items.add(file);
    this.field.files = chosen.files;
  }

  line(words, state) {
    const line = Object.assign(document.createElement("li"), { textContent: words });
    if (state) line.dataset.state = state;
    return line;
  }

  entry(file) {
    const line = this.line(file.name);
    const out = Object.assign(document.createElement("button"), { type: "button", className: "drop__out", textContent: this.dataset.remove });
    out.setAttribute("aria-label", `${this.dataset.remove}: ${file.name}`);
    out.addEventListener("click", () => {
      this.choose([...this.field.files].filter((each) => each !== file));
      this.sort();
      this.field.focus();
    });
    line.append(out);
    return line;
  }

  // The browser's fetch does not tell how far a sending is: with files the form goes by the older way, which does.
  watch(ctx) {
    if (!this.field.files.length || this.form.querySelector("file-names") !== this) return;
    const bar = Object.assign(document.createElement("progress"), { className: "progress", max: 1, value: 0 });
    bar.setAttribute("aria-label", this.dataset.sending);
    this.append(bar);
    ctx.fetch = (url, { method, headers, body, signal }) => new Promise((done, fail) => {
      const request = new XMLHttpRequest();
      request.open(method, url);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.responseType = "blob";
      request.upload.onprogress = ({ loaded, total }) => { bar.value = loaded / total; };
      request.onload = () => done(new Response(request.response, { status: request.status, headers: received(request) }));
      request.onerror = () => fail(new TypeError("the connection was lost"));
      request.onabort = () => fail(signal.reason);
      signal?.addEventListener("abort", () => request.abort());
      request.onloadend = () => bar.remove();
      request.send(body);
    });
  }
});

function received(request) {
  const lines = request.getAllResponseHeaders().trim().split(/[\r\n]+/);
  return new Headers(lines.map((line) => [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).trim()]));
}
