// <signature-pad data-way="type" data-name="id of the name field">: a pad to sign on, or the typed name, its equal.
//
// Inside (templates/authorizations/_signature.html): .signature__pad > canvas, .signature__clear and .signature__switch
// (buttons; the switch has its two wordings in data-draws and data-types), .signature__typed with the tick that makes the
// typed name the signature and an output for how it will look, and one hidden input that takes the drawing:
// {"width": 350, "height": 168, "strokes": [[[x, y], ...], ...]} in CSS pixels. Without script only the tick shows.
import SignaturePad from "../vendor/signature_pad.min.js";

const LONGEST = 20000; // characters; the server takes 20,480
const tenth = (number) => Math.round(number * 10) / 10;

customElements.define("signature-pad", class extends HTMLElement {
  connectedCallback() {
    this.canvas = this.querySelector("canvas");
    this.answer = this.querySelector("input[type=hidden]");
    this.tick = this.querySelector(".signature__typed input[type=checkbox]");
    this.named = document.getElementById(this.dataset.name);
    this.pad = new SignaturePad(this.canvas, { penColor: getComputedStyle(this.canvas).color, minWidth: 0.9, maxWidth: 2.4 });
    this.pad.addEventListener("endStroke", this);
    this.addEventListener("click", this);
    this.named?.addEventListener("input", this);
    this.resizing = new ResizeObserver(() => this.redraw());
    this.resizing.observe(this.canvas);
    this.choose(this.tick.checked ? "type" : "draw");
  }

  disconnectedCallback() {
    this.resizing.disconnect();
    this.named?.removeEventListener("input", this);
    this.removeEventListener("click", this);
    this.pad.removeEventListener("endStroke", this);
    this.pad.off();
  }

  handleEvent(event) {
    if (event.type === "endStroke") this.keep();
    if (event.type === "input") this.preview();
    if (event.type === "click" && event.target.closest(".signature__clear")) this.clear();
    if (event.type === "click" && event.target.closest(".signature__switch")) {
      this.choose(this.dataset.way === "draw" ? "type" : "draw");
      this.tick.checked = this.dataset.way === "type";
    }
  }

  choose(way) {
    this.dataset.way = way;
    const words = this.querySelector(".signature__switch");
    words.textContent = way === "draw" ? words.dataset.types : words.dataset.draws;
    if (way === "draw") this.tick.checked = false;
    this.preview();
  }

  preview() {
    const shown = this.querySelector(".signature__preview");
    shown.value = this.named?.value ?? "";
    shown.hidden = !shown.value.trim();
  }

  clear() {
    this.pad.clear();
    this.answer.value = "";
  }

  keep() {
    let strokes = this.pad.toData().map((stroke) => stroke.points.map((point) => [tenth(point.x), tenth(point.y)]));
    const { width, height } = this.size;
    let text = JSON.stringify({ width, height, strokes });
    while (text.length > LONGEST && strokes.some((stroke) => stroke.length > 2)) { // a long drawing: every other point will do
      strokes = strokes.map((stroke) => stroke.filter((_, n) => n % 2 === 0 || n === stroke.length - 1));
      text = JSON.stringify({ width, height, strokes });
    }
    this.answer.value = text;
  }

  // The pad turned, or showed for the first time: what was drawn is drawn again in its new size.
  redraw() {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    if (!width || (this.size?.width === width && this.size?.height === height)) return;
    this.size = { width, height };
    const ratio = Math.max(devicePixelRatio || 1, 1);
    this.canvas.width = width * ratio;
    this.canvas.height = height * ratio;
    this.canvas.getContext("2d").scale(ratio, ratio);
    this.pad.clear();
    if (!this.answer.value) return;
    const drawn = JSON.parse(this.answer.value), scale = Math.min(width / drawn.width, height / drawn.height);
    this.pad.fromData(drawn.strokes.map((stroke) => ({
      penColor: this.pad.penColor, minWidth: this.pad.minWidth, maxWidth: this.pad.maxWidth,
      points: stroke.map(([x, y], n) => ({ x: x * scale, y: y * scale, pressure: 0.5, time: n * 16 })),
    })));
    this.keep();
  }
});
