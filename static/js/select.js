// Selecting cards, the keys of the board, and what is done with several at once.
//
// The selection is in the address (`sel=1,2,3`), so that it survives a swap, a lens and a reload. Whatever is done with
// it ends in the form of `courses:bulk`, which works without this file too.

const byId = (id) => document.getElementById(id);
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const typing = (element) => element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");
const board = () => byId("board");
const bar = byId("bulkbar");
const FAR = 6; // pixels that the mouse moves before a press becomes a marquee
const MOST = 500; // cards, as the server takes them

const selected = new Set((new URLSearchParams(location.search).get("sel") ?? "").split(",").filter(Boolean));
let anchor = null; // where a range begins

const cards = () => [...board().querySelectorAll(".card")].filter((card) => card.offsetParent);
const weekOf = (card) => card.closest("[data-of]")?.dataset.of ?? null;

// --- What is selected ---------------------------------------------------------------------------------------------

function choose(pks, { add = true, speak = true } = {}) {
  for (const pk of pks) {
    if (!add) selected.delete(pk);
    else if (selected.size < MOST) selected.add(pk);
  }
  show();
  if (speak) said();
}

function only(pks) {
  selected.clear();
  choose(pks);
}

const toggle = (pk) => choose([pk], { add: !selected.has(pk) });
const counted = () => (selected.size === 1 ? bar.dataset.one : fill(bar.dataset.many, { count: selected.size }));
const said = () => say(selected.size ? counted() : bar.dataset.none);

function through(card) {
  const all = cards();
  const from = all.findIndex((each) => each.dataset.pk === anchor);
  const to = all.indexOf(card);
  choose(all.slice(Math.min(from < 0 ? to : from, to), Math.max(from, to) + 1).map((each) => each.dataset.pk));
}

/** Show the selection on the board, in the bar and in the address. */
function show() {
  const filtered = new URLSearchParams(board().dataset.view);
  const whole = !["env", "kind", "ltype", "timing", "guidance", "outcome", "gap", "q"].some((name) => filtered.has(name));
  if (whole) for (const pk of selected) if (!byId(`p${pk}`)) selected.delete(pk); // removed meanwhile
  for (const card of board().querySelectorAll(".card")) {
    const on = selected.has(card.dataset.pk);
    card.classList.toggle("selected", on);
    const box = card.querySelector(".pick input");
    if (box) box.checked = on;
  }
  const sel = [...selected].join(",");
  const address = new URL(location.href);
  address.searchParams.delete("sel");
  const query = [address.searchParams.toString(), sel && `sel=${sel}`].filter(Boolean).join("&");
  const wanted = `${address.pathname}${query ? `?${query}` : ""}${address.hash}`;
  if (wanted !== location.pathname + location.search + location.hash) history.replaceState(history.state, "", wanted);
  bar.hidden = !selected.size;
  if (!selected.size) return;
  bar.querySelector("[data-count]").textContent = counted();
  const edit = bar.querySelector("[data-bulk-edit]");
  edit.search = `?sel=${sel}`;
  bar.querySelector("[name=sel]").value = sel;
}

/** A box on every card, and a button on every week: made here, because without scripts the list of the form does it. */
function furnish() {
  for (const card of board().querySelectorAll(".card")) {
    if (card.querySelector(".pick")) continue;
    const label = document.createElement("label");
    label.className = "pick";
    const box = document.createElement("input");
    box.type = "checkbox";
    box.tabIndex = -1; // by key: X or Shift+Space on the card, so that Tab does not stop twice
    box.setAttribute("aria-label", fill(bar.dataset.pick, { title: card.querySelector(".t").textContent }));
    label.append(box);
    (card.matches("tr") ? card.cells[0] : card).prepend(label);
  }
  for (const row of board().querySelectorAll("[data-of]")) {
    const head = row.querySelector(".week");
    if (!head || head.querySelector(".pickweek") || !row.querySelector(".card")) continue;
    const button = document.createElement("button");
    button.type = "button";
    button.className = "btn linklike xs pickweek";
    button.textContent = fill(bar.dataset.week, { week: head.querySelector("h3, b").textContent });
    head.append(button);
  }
  for (const cell of board().querySelectorAll("tr.card > td")) cell.tabIndex = -1;
  show();
}

new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.id === "board"))) furnish();
}).observe(byId("studio").firstElementChild, { childList: true });
furnish();

document.addEventListener("change", (event) => {
  const card = event.target.closest(".pick")?.closest(".card");
  if (!card) return;
  anchor = card.dataset.pk;
  choose([anchor], { add: event.target.checked });
});

document.addEventListener("click", (event) => {
  const within = board().contains(event.target);
  const week = event.target.closest(".pickweek");
  if (week) {
    const pks = [...week.closest("[data-of]").querySelectorAll(".card")].map((card) => card.dataset.pk);
    return choose(pks, { add: !pks.every((pk) => selected.has(pk)) });
  }
  if (event.target.closest("[data-select-none]")) {
    only([]);
    return board().querySelector(".card .t")?.focus();
  }
  const card = within && event.target.closest(".card");
  if (!card || event.target.closest(".pick, form, .more") || !(event.shiftKey || event.ctrlKey || event.metaKey)) return;
  event.preventDefault();
  event.stopPropagation();
  getSelection().removeAllRanges();
  if (event.shiftKey && anchor) return through(card);
  anchor = card.dataset.pk;
  toggle(anchor);
}, true);

// --- The marquee --------------------------------------------------------------------------------------------------

document.addEventListener("pointerdown", (event) => {
  if (event.pointerType !== "mouse" || event.button || !board().contains(event.target)) return;
  if (event.target.closest(".card, a, button, input, select, form, label, summary, details, nav")) return;
  const adds = event.shiftKey || event.ctrlKey || event.metaKey;
  const before = adds ? [...selected] : [];
  const [x, y] = [event.clientX, event.clientY];
  let box = null;
  const move = (moved) => {
    if (!box && Math.hypot(moved.clientX - x, moved.clientY - y) < FAR) return;
    if (!box) {
      box = document.createElement("div");
      box.className = "marquee";
      document.body.append(box);
      board().classList.add("marking");
    }
    const [left, right] = [Math.min(x, moved.clientX), Math.max(x, moved.clientX)];
    const [top, bottom] = [Math.min(y, moved.clientY), Math.max(y, moved.clientY)];
    Object.assign(box.style, { left: `${left}px`, top: `${top}px`, width: `${right - left}px`, height: `${bottom - top}px` });
    const touched = cards().filter((card) => {
      const place = card.getBoundingClientRect();
      return place.left < right && place.right > left && place.top < bottom && place.bottom > top;
    });
    selected.clear();
    choose([...before, ...touched.map((card) => card.dataset.pk)], { speak: false });
  };
  const end = () => {
    removeEventListener("pointermove", move);
    removeEventListener("pointerup", end);
    removeEventListener("pointercancel", end);
    board().classList.remove("marking");
    if (!box) return;
    box.remove();
    getSelection().removeAllRanges();
    said();
  };
  addEventListener("pointermove", move);
  addEventListener("pointerup", end);
  addEventListener("pointercancel", end);
});

// --- Keys ---------------------------------------------------------------------------------------------------------

const stored = "studio:keys";
function singleKeys(on) {
  try {
    if (on !== undefined) localStorage.setItem(stored, on ? "on" : "off");
    return localStorage.getItem(stored) !== "off";
  } catch {
    return true; // a window without storage
  }
}

function help() {
  const body = byId("dialog-body");
  body.replaceChildren(byId("keys-help").content.cloneNode(true));
  body.querySelector("h2").id = "dialog-title"; // names the dialog, and may be there once
  const box = body.querySelector("[data-keys-switch]");
  box.checked = singleKeys();
  box.addEventListener("change", () => singleKeys(box.checked));
  byId("dialog").showModal();
  body.querySelector("[data-focus]").focus();
}
for (const button of document.querySelectorAll("[data-keys-help]")) {
  button.hidden = false;
  button.addEventListener("click", help);
}

const focusOn = (card) => {
  const link = card?.querySelector(".t");
  link?.focus();
  return Boolean(link);
};

/** The card that lies that way: within its list, or in the next one. */
function beside(card, key) {
  const rtl = getComputedStyle(board()).direction === "rtl";
  const all = cards();
  const at = all.indexOf(card);
  if (card.matches("tr")) return { ArrowUp: all[at - 1], ArrowDown: all[at + 1] }[key];
  const list = card.parentElement;
  const inList = all.filter((each) => each.parentElement === list);
  const place = inList.indexOf(card);
  const near = { ArrowUp: inList[place - 1], ArrowDown: inList[place + 1] }[key];
  if (near) return near;
  const mine = card.getBoundingClientRect();
  const [x, y] = [(mine.left + mine.right) / 2, (mine.top + mine.bottom) / 2];
  const way = { ArrowLeft: rtl ? "ArrowRight" : "ArrowLeft", ArrowRight: rtl ? "ArrowLeft" : "ArrowRight" }[key] ?? key;
  const lies = {
    ArrowUp: (b) => b.bottom <= mine.top + 1 && b.left < mine.right && b.right > mine.left,
    ArrowDown: (b) => b.top >= mine.bottom - 1 && b.left < mine.right && b.right > mine.left,
    ArrowLeft: (b) => b.right <= mine.left + 1,
    ArrowRight: (b) => b.left >= mine.right - 1,
  }[way];
  const far = (b) => {
    const [dx, dy] = [Math.abs((b.left + b.right) / 2 - x), Math.abs((b.top + b.bottom) / 2 - y)];
    return way === "ArrowUp" || way === "ArrowDown" ? dy + 3 * dx : dx + 3 * dy;
  };
  return all
    .filter((each) => each !== card && lies(each.getBoundingClientRect()))
    .sort((a, b) => far(a.getBoundingClientRect()) - far(b.getBoundingClientRect()))[0];
}

/** Left and right in the table go from cell to cell of the row. */
function alongRow(card, event) {
  if (!card.matches("tr") || !["ArrowLeft", "ArrowRight"].includes(event.key)) return false;
  const stops = [card.querySelector(".t"), ...card.querySelectorAll("td")];
  const at = stops.indexOf(document.activeElement);
  const next = stops[at + (event.key === "ArrowRight" ? 1 : -1)];
  next?.focus();
  return Boolean(next);
}

function remove(card) {
  if (selected.has(card.dataset.pk)) return bar.querySelector("[data-bulk-delete]").click();
  window.htmx.ajax("POST", `${card.querySelector(".t").href}delete/`, {
    target: "#board", swap: "outerHTML", values: { version: board().dataset.version },
  });
}

const LETTERS = {
  x: (card) => { anchor = card.dataset.pk; toggle(anchor); },
  w: (card) => {
    const week = weekOf(card);
    choose(cards().filter((each) => weekOf(each) === week).map((each) => each.dataset.pk));
  },
  e: (card) => {
    if (!selected.size) choose([card.dataset.pk]);
    bar.querySelector("[data-bulk-edit]").click();
  },
  m: (card) => card.querySelector(".more")?.click(),
  a: (card) => (card.closest(".cell") ?? card.closest("tbody"))?.querySelector(".add")?.click(),
};

document.addEventListener("keydown", (event) => {
  if (event.defaultPrevented || typing(event.target) || document.querySelector("dialog[open]") || board().held) return;
  const command = event.ctrlKey || event.metaKey;
  if (event.key === "?" && !command && !event.altKey && singleKeys()) {
    event.preventDefault();
    return help();
  }
  const within = board().contains(event.target);
  if (event.key === "Escape" && selected.size && (within || bar.contains(event.target) || event.target === document.body)) {
    event.preventDefault();
    return only([]);
  }
  const card = within && event.target.closest(".card");
  if (!card || event.altKey) return;
  let done = true;
  if (command && event.key.toLowerCase() === "a") choose(cards().map((each) => each.dataset.pk));
  else if (command) done = false;
  else if (event.shiftKey && event.key === " ") LETTERS.x(card);
  else if (event.shiftKey && ["ArrowUp", "ArrowDown"].includes(event.key)) {
    const next = beside(card, event.key);
    if (anchor === null || !selected.has(card.dataset.pk)) anchor = card.dataset.pk;
    if (next) {
      through(next);
      focusOn(next);
    }
  } else if (!event.shiftKey && event.key.startsWith("Arrow")) done = alongRow(card, event) || focusOn(beside(card, event.key));
  else if (event.key === "Delete") remove(card);
  else if (!event.shiftKey && event.key.length === 1 && LETTERS[event.key.toLowerCase()] && singleKeys()) {
    LETTERS[event.key.toLowerCase()](card);
  } else done = false;
  if (!done) return;
  event.preventDefault();
  event.stopPropagation();
}, true);

// --- The form for many --------------------------------------------------------------------------------------------

let asking = 0;
function preview(event) {
  const form = event.target.closest?.("#bulk-form");
  if (!form) return;
  clearTimeout(asking);
  asking = setTimeout(() => {
    if (!form.isConnected) return;
    const values = { act: "preview" };
    for (const name of new Set(new FormData(form).keys())) values[name] = new FormData(form).getAll(name);
    values.act = "preview";
    window.htmx.ajax("POST", form.action, { source: byId("bulk-preview"), target: "#bulk-preview", swap: "innerHTML", values });
  }, event.type === "change" ? 0 : 350);
}
document.addEventListener("input", preview);
document.addEventListener("change", preview);
