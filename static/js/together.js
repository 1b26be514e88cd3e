// Working together: who is here, who edits which card, and what others did to the plan meanwhile.
//
// The element #together asks the server every few seconds and is swapped when anything is new. This file tells it which
// card is open here and whether anything happens in it, and shows on the board what it heard. Nothing here protects data:
// the server compares what is saved with what was seen, whoever held the card.

const byId = (id) => document.getElementById(id);
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const panel = () => byId("panel");

let active = false; // whether anything happened in the editor since the page last said so
let own = null; // the card that this page has for itself: { card, url }

// --- The lock of the card that is open ------------------------------------------------------------------------------

const post = (url, what) => fetch(url, {
  method: "POST",
  keepalive: true,
  headers: {
    "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content,
    "Content-Type": "application/x-www-form-urlencoded",
  },
  body: `do=${what}`,
});

function release() {
  if (!own) return;
  post(own.url, "release").catch(() => {}); // it is free by itself after a while
  own = null;
}

// Stands in the editor of a card; as long as it is there, the card is taken.
class Lock extends HTMLElement {
  connectedCallback() {
    active = true;
    const { card, url } = this.dataset;
    if (own?.card === card) return; // the same editor, drawn again after it was saved
    release();
    own = { card, url };
    this.take(url);
  }

  async take(url) {
    let answer;
    try {
      answer = await post(url, "take");
    } catch {
      return; // offline; what is saved is compared anyway
    }
    if (answer.status === 409) this.lost(await answer.text());
  }

  lost(name) {
    if (own?.card === this.dataset.card) own = null;
    const said = this.querySelector("[data-lost]");
    if (!said || !said.hidden) return;
    said.hidden = false;
    said.querySelector("[data-name]").textContent = name;
    say(said.textContent.trim());
  }

  disconnectedCallback() {
    // An editor that is drawn again is gone for a moment only.
    setTimeout(() => { if (!document.querySelector("blend-lock")) release(); });
  }
}
customElements.define("blend-lock", Lock);

addEventListener("pagehide", release);
for (const event of ["input", "keydown", "pointerdown"]) {
  document.addEventListener(event, (happened) => { if (happened.target.closest?.("#panel")) active = true; });
}

// --- What the page says, and hears ----------------------------------------------------------------------------------

document.addEventListener("htmx:configRequest", (event) => {
  if (event.detail.elt.id !== "together") return;
  event.detail.parameters.editing = document.querySelector("blend-lock")?.dataset.card ?? "";
  event.detail.parameters.active = active ? "1" : "";
  active = false;
});

const heard = () => new Map([...document.querySelectorAll("#together [data-locks] > li")]
  .map((line) => [line.dataset.card, line.textContent]));

function mark() {
  const together = byId("together");
  // Until something was heard, the names that the server has drawn stay.
  if (!together?.querySelector("[name=seen]").value) return;
  for (const old of document.querySelectorAll(".card.locked")) {
    old.classList.remove("locked");
    old.querySelector(".holder")?.remove();
  }
  for (const [card, name] of heard()) {
    const shown = byId(`p${card}`);
    if (!shown) continue;
    const holder = document.createElement("span");
    holder.className = "holder";
    holder.textContent = together.dataset.edits.replace("{name}", name);
    shown.classList.add("locked");
    (shown.cells?.[0] ?? shown).append(holder); // a row of the table says it beside the title
  }
}

function inPanel() {
  const locks = heard();
  const lock = document.querySelector("blend-lock");
  if (lock && locks.has(lock.dataset.card)) lock.lost(locks.get(lock.dataset.card));
  const waiting = panel()?.querySelector("[data-held]");
  if (!waiting || locks.has(waiting.dataset.held)) return;
  const open = waiting.querySelector("[data-take-over]");
  if ("asked" in waiting.dataset) return open.click(); // it was asked for, and here it is
  if (!open.hidden) return;
  open.hidden = false;
  say(open.textContent.trim());
}

// --- The board as it is now -----------------------------------------------------------------------------------------

const busy = () => panel()?.firstElementChild || document.querySelector(
  "#board .quickadd, #board .held, .sortable-chosen, dialog[open], #board :is(input, textarea, select):focus, [popover]:popover-open",
);

function refresh() {
  const address = new URL(byId("together").dataset.board, location.href);
  address.search = location.search;
  return window.htmx.ajax("GET", address.pathname + address.search, { target: "#board", swap: "outerHTML" });
}

function stale() {
  const said = document.querySelector("#together .stale");
  const board = byId("board");
  if (!said || !board) return;
  // What this page has changed itself while the question was on its way is no news.
  if (board.dataset.version === byId("together").dataset.plan) return said.remove();
  if (!busy()) refresh();
}

document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-refresh]") && byId("board")) {
    event.preventDefault();
    refresh();
  }
});
document.addEventListener("htmx:afterRequest", (event) => {
  const form = event.detail.elt;
  if (!event.detail.successful || !form.matches?.("[data-ask]")) return;
  form.closest("[data-held]").dataset.asked = "";
  form.querySelector("button").disabled = true;
  say(form.dataset.ask);
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id === "together" || event.detail.elt?.id === "together") {
    mark();
    inPanel();
    stale();
  }
  if (event.detail.target.id === "board" || event.detail.elt?.id === "board") shown();
});
document.addEventListener("htmx:oobAfterSwap", (event) => { if (event.detail.target.id === "board") shown(); });

function shown() {
  mark();
  const together = byId("together");
  const board = byId("board");
  if (together && board) together.querySelector(".stale")?.remove();
}
