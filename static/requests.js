// What happens around an htmx request: a bar when it is slow, a word when it fails, and where the focus goes after it.
const words = document.body.dataset;

// A bar crosses the top after 400 ms; the block that waits dims after a second.
const bar = document.body.appendChild(Object.assign(document.createElement("div"), { className: "request-bar" }));
const waits = new Map();
document.addEventListener("htmx:before:request", ({ detail: { ctx } }) => {
  const target = ctx.target instanceof Element ? ctx.target : null;
  const slow = setTimeout(() => bar.setAttribute("data-on", ""), 400);
  const slower = setTimeout(() => target?.setAttribute("aria-busy", "true"), 1000);
  waits.set(ctx, { target, slow, slower });
  if (!isPoll(ctx.sourceElement)) hush(ctx.sourceElement);
});
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  const wait = waits.get(ctx);
  waits.delete(ctx);
  clearTimeout(wait?.slow);
  clearTimeout(wait?.slower);
  wait?.target?.removeAttribute("aria-busy");
  if (!waits.size) bar.removeAttribute("data-on");
  if (isPoll(ctx.sourceElement) && ctx.response?.status < 400) hush(ctx.sourceElement);
});

// When nothing can be swapped, the reason stands beside the control and what was typed stays. What asks by itself says it once,
// without cutting in, and takes it back when it is answered again.
function isPoll(source) {
  return Boolean(source?.matches?.("keep-fresh, [hx-trigger^=every]"));
}
function hush(source) {
  if (source?.previousElementSibling?.matches("[data-refusal]")) source.previousElementSibling.remove();
}
function say(source, element) {
  const place = source?.isConnected ? source : document.getElementById("main").firstElementChild;
  const said = place.previousElementSibling;
  if (isPoll(place) && said?.matches("[data-refusal]") && said.textContent === element.textContent) return;
  hush(place);
  element.dataset.refusal = "";
  element.setAttribute("role", isPoll(place) ? "status" : "alert");
  place.before(element);
  if (!isPoll(place)) element.scrollIntoView({ block: "nearest" });
}
function alertOf(sentence) {
  const box = Object.assign(document.createElement("div"), { className: "alert" });
  box.dataset.kind = "error";
  box.append(Object.assign(document.createElement("div"), { className: "alert__words", textContent: sentence }));
  return box;
}
document.addEventListener("htmx:error", ({ detail: { ctx } }) => {
  if (ctx && !ctx.response) say(ctx.sourceElement, alertOf(words.wordsLost));
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  if (ctx.response.status >= 500) say(ctx.sourceElement, alertOf(words.wordsFailed));
});

// What gave way to a later press is not swapped, even if its answer had come already.
document.addEventListener("htmx:after:request", (event) => {
  if (event.detail.ctx.request.signal.aborted) event.preventDefault();
});

// A refusal that is no form of its own (403, 404, 419, 429) does not take the place of what was typed. A stale form
// gets the fresh token that the refusal brings, so that the next press works.
document.addEventListener("htmx:before:swap", (event) => {
  const { ctx } = event.detail;
  if (!ctx.response || ctx.response.status < 400) return;
  const refusal = new DOMParser().parseFromString(ctx.text, "text/html").querySelector("[data-refusal]");
  if (!refusal) return;
  event.preventDefault();
  const token = refusal.dataset.token;
  if (token) document.querySelectorAll("input[name=csrf_token]").forEach((input) => { input.value = token; });
  say(ctx.sourceElement, document.importNode(refusal, true));
});

// A tab that is open already is not asked for again, which would take what was typed: it leads into its text.
document.addEventListener("click", (event) => {
  const tab = event.target.closest("a[aria-current][hx-target]");
  const text = tab && document.querySelector(`${tab.getAttribute("hx-target")} textarea`);
  if (!text || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  event.stopPropagation();
  text.focus();
}, true);

// What is gone on with, a draft or a template just put in, is gone on with at its end.
const begun = new WeakSet();
function goOn(text) {
  if (!text?.matches("textarea[autofocus]") || begun.has(text)) return;
  begun.add(text);
  text.setSelectionRange(text.value.length, text.value.length);
}
document.addEventListener("focusin", ({ target }) => goOn(target));
goOn(document.activeElement);

// After a swap the focus goes to the refusal's summary, stays on the same id, or moves to what unfolds it or to the new region's
// heading; what has an address of its own says its title, which tells how much was found.
let held = null;
const seen = (element) => element?.checkVisibility?.({ visibilityProperty: true }) ?? Boolean(element?.offsetParent);
const opener = (element) => document.querySelector(`[popovertarget="${element?.closest("[popover]")?.id}"]`);
function announce(words) {
  const said = Object.assign(document.createElement("span"), { className: "visually-hidden", textContent: words });
  document.getElementById("announcements").append(said);
  setTimeout(() => said.remove(), 3000);
}
document.addEventListener("htmx:before:swap", ({ detail: { ctx } }) => {
  const inside = ctx.target instanceof Element && ctx.target.contains(document.activeElement);
  held = { region: ctx.target?.id, place: inside && document.activeElement };
});
document.addEventListener("htmx:after:swap", ({ detail: { ctx } }) => {
  if (ctx.title) announce(ctx.title);
  const region = held?.region && document.getElementById(held.region);
  if (!region) return;
  const summary = region.querySelector("[data-error-summary]");
  if (ctx.request?.method === "POST" && ctx.response?.status < 400) {
    region.classList.add("freshly-saved");
    setTimeout(() => region.classList.remove("freshly-saved"), 700);
  }
  const stayed = region !== document.activeElement && region.contains(document.activeElement); // a morph left it there
  if (!summary && (!held.place || stayed)) return;
  const same = held.place && document.getElementById(held.place.id);
  const goal = summary ?? [same, opener(same), opener(held.place), region.querySelector("h1, h2, h3")].find(seen) ?? region;
  if (goal.tabIndex < 0 && !goal.hasAttribute("tabindex")) goal.setAttribute("tabindex", "-1");
  goal.focus({ preventScroll: !summary });
});
