// What every page needs after its HTML: words for the ear, dialogs, one press one request, Ctrl+Enter to send.
const root = document.documentElement;
const announcements = document.getElementById("announcements");
root.dataset.script = "on";

// What stands in the live region when the page loads is said again, or no screen reader would hear it.
const dwell = 6000;
function tend() {
  for (const toast of announcements.querySelectorAll(".toast:not([data-tended])")) {
    toast.dataset.tended = "";
    if (!toast.hasAttribute("data-stays")) setTimeout(() => toast.remove(), dwell);
  }
}
if (announcements.childElementCount) {
  const said = [...announcements.children];
  announcements.replaceChildren();
  setTimeout(() => announcements.append(...said), 60);
}
new MutationObserver(tend).observe(announcements, { childList: true });
announcements.addEventListener("click", (event) => event.target.closest(".toast")?.remove());

// Strips that scroll sideways (filters, tabs, the bar of many): a browser leaves what has the keyboard half outside.
document.addEventListener("focusin", ({ target }) => {
  if (target.closest(".filters, .tabs, .bulk")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
});

// Dialogs open from links and buttons; without script the link goes to a page.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  const dialog = opener && document.getElementById(opener.dataset.opens);
  if (!dialog?.showModal || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  opener.closest("[popover]")?.hidePopover?.();
  dialog.showModal();
  const fields = "input:not([type=hidden], [type=checkbox], :disabled), select, textarea";
  (dialog.querySelector("[autofocus]") ?? dialog.querySelector(fields) ?? dialog).focus();
  dialog.addEventListener("close", () => opener.isConnected && opener.focus(), { once: true });
});
document.addEventListener("click", (event) => {
  const dialog = event.target.closest("dialog[open]");
  if (!dialog) return;
  if (event.target.closest("[data-closes]")) {
    event.preventDefault();
    dialog.close();
  } else if (event.target === dialog && event.detail) {
    const box = dialog.getBoundingClientRect();
    const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
    if (!inside) dialog.close();
  }
});

// The way back of a page that is looked up in between is the browser's own: what was ticked and typed there is there again.
document.addEventListener("click", (event) => {
  const back = event.target.closest("[data-back]");
  if (!back || back.href !== document.referrer || history.length < 2) return;
  event.preventDefault();
  history.back();
});

// One press, one request; only a look ahead (data-passing) gives way to the next press. An aria-disabled button can be
// reached and heard, and does nothing.
document.addEventListener("click", (event) => {
  if (!event.target.closest("[aria-disabled='true']")) return;
  event.preventDefault();
  event.stopPropagation();
}, true);
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || event.submitter?.formTarget === "_blank") return; // a new tab leaves this page as it is
  if (form.dataset.inFlight === "yes") {
    event.preventDefault();
    event.stopImmediatePropagation();
    return;
  }
  const button = event.submitter ?? form.querySelector("[type=submit]");
  form.dataset.inFlight = button?.hasAttribute("data-passing") ? "passing" : "yes";
  setTimeout(() => {
    if (form.dataset.inFlight !== "yes" || !button) return;
    button.setAttribute("aria-disabled", "true");
    button.setAttribute("aria-busy", "true");
    button.dataset.sending = document.body.dataset.wordsSending;
  });
}, true);
function release(form) {
  delete form.dataset.inFlight;
  for (const button of form.elements) {
    if (button.getAttribute("aria-busy") !== "true") continue;
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
}
const gaveWay = ({ request: { signal } }) => signal.aborted && signal.reason !== "timeout"; // the form waits for another's answer
document.addEventListener("htmx:finally:request", ({ detail: { ctx } }) => {
  if (ctx.sourceElement instanceof HTMLFormElement && !gaveWay(ctx)) release(ctx.sourceElement);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-in-flight]").forEach(release);
});
// A download answers a form without leaving the page: give the button back.
addEventListener("focus", () => document.querySelectorAll("form[data-in-flight][data-downloads]").forEach(release));

// A long form that was begun asks before its page goes; not when it has been sent, though its answer leads elsewhere.
const typed = "textarea, input:not([type=hidden], [type=checkbox], [type=radio])";
const isBegun = (form) => form.querySelector("[data-error-summary]") || [...form.elements].some((field) => field.matches(typed) && field.value !== field.defaultValue);
addEventListener("submit", ({ target }) => { target.dataset.sent = ""; });
for (const lost of ["htmx:error", "htmx:response:error"]) document.addEventListener(lost, ({ detail: { ctx } }) => { delete ctx?.sourceElement?.dataset?.sent; });
addEventListener("beforeunload", (event) => {
  if ([...document.querySelectorAll("form[data-guards]:not([data-sent])")].some(isBegun)) event.preventDefault();
});

// Back to what htmx had put in place: it hears of that from the Navigation API, which in some WebKits is there and silent.
let isHeard = false;
window.navigation?.addEventListener("navigate", ({ navigationType }) => { isHeard = navigationType === "traverse"; });
addEventListener("popstate", ({ state }) => {
  if (window.navigation && !isHeard && state?.htmx) location.reload();
  isHeard = false;
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
  const form = event.target.closest("form[data-quick-send]");
  if (!form) return;
  event.preventDefault();
  form.requestSubmit(form.querySelector("[type=submit].button--primary"));
});

document.querySelector("[data-error-summary]")?.focus();
