// Ctrl K (⌘ K): a dialog over any page of the desk that finds tickets, customers and pages; its own page is the way without script.
const opener = document.querySelector("[data-palette]");
const PAUSE = 150;
let dialog = null;
let waiting = 0;
let asked = 0;

function build() {
  dialog = document.createElement("dialog");
  dialog.className = "dialog palette";
  dialog.setAttribute("aria-label", opener.dataset.words);
  const box = Object.assign(document.createElement("input"), { type: "search", className: "input", autocomplete: "off" });
  box.setAttribute("aria-label", opener.dataset.words);
  box.placeholder = opener.dataset.words;
  const found = Object.assign(document.createElement("div"), { className: "palette__results" });
  found.setAttribute("aria-live", "polite");
  dialog.append(box, found);
  document.body.append(dialog);
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => look(box.value), PAUSE);
  });
  dialog.addEventListener("keydown", move);
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
}

async function look(words) {
  const mine = ++asked;
  const answer = await fetch(`${opener.getAttribute("href")}?q=${encodeURIComponent(words)}`, { headers: { "HX-Request": "true" } });
  if (!answer.ok || mine !== asked) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  dialog.querySelector(".palette__results").replaceChildren(...page.body.children);
}

function move(event) {
  const links = [...dialog.querySelectorAll(".palette__link")];
  const here = links.indexOf(document.activeElement);
  if (event.key === "Escape") { // which a search box would take for "empty me"
    event.preventDefault();
    dialog.close();
  } else if (event.key === "Enter" && here < 0 && links.length) {
    event.preventDefault();
    links[0].click();
  } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
    event.preventDefault();
    const next = here + (event.key === "ArrowDown" ? 1 : -1);
    (links[next] ?? dialog.querySelector("input")).focus();
  }
}

document.addEventListener("keydown", (event) => {
  if (!opener || event.key.toLowerCase() !== "k" || !(event.ctrlKey || event.metaKey) || event.altKey || event.shiftKey) return;
  if (document.querySelector("dialog[open]")) return;
  event.preventDefault();
  if (!dialog) build();
  dialog.showModal();
  dialog.querySelector("input").select();
  look(dialog.querySelector("input").value);
});
