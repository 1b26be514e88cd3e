// The board of the Studio: drag, keyboard, quick add, one week at a time on a phone.
//
// Whatever is done here ends in a form that the server also offers without script; this file only fills it in sooner.
// The server answers with the board as it is now, so nothing here has to be right about what the plan became.

const byId = (id) => document.getElementById(id);
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const typing = (element) => element.matches?.("input, textarea, select, [contenteditable]");

// What must survive a swap of the board.
let openLine = null; // the quick line: { week, column, text }
let shownWeek = null; // the week that a narrow board shows
let openCard = null; // the card that is open in the panel

// The library copies what is dragged, with an inline style that our content policy refuses. We never need the copy.
class NoCopy {
  constructor() { this.defaults = {}; }
  setupClone({ cancel }) { cancel(); }
  clone({ cancel }) { cancel(); }
  hideClone({ cancel }) { cancel(); }
  showClone({ cancel }) { cancel(); }
}
NoCopy.pluginName = "noCopy";
NoCopy.initializeByDefault = true;
let mounted = false;

class Board extends HTMLElement {
  connectedCallback() {
    this.lists = [...this.querySelectorAll("ul[data-week]")];
    this.held = null;
    this.classList.add("paged");
    this.show(shownWeek ?? new URLSearchParams(location.search).get("week"));
    this.markOpen();
    this.addEventListener("click", (event) => this.clicked(event));
    if (!("editable" in this.dataset)) return;
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("focusout", (event) => this.left(event));
    this.makeSortable();
    // A whole cell takes a card, also below its last one, where Sortable does not look.
    this.addEventListener("dragover", (event) => this.over(event));
    if (openLine) this.openLine(openLine);
  }

  disconnectedCallback() {
    this.sortables?.forEach((sortable) => sortable.destroy());
    this.sortables = null;
  }

  // --- Pointer ----------------------------------------------------------------------------------------------------

  makeSortable() {
    if (!window.Sortable) return addEventListener("load", () => this.isConnected && this.makeSortable(), { once: true });
    if (this.sortables) return;
    if (!mounted) window.Sortable.mount(NoCopy);
    mounted = true;
    const ordered = this.dataset.lens === "moment";
    this.sortables = this.lists.map((list) => new window.Sortable(list, {
      group: "cards",
      noCopy: true,
      draggable: ".card",
      filter: ".more",
      preventOnFilter: false,
      animation: matchMedia("(prefers-reduced-motion: reduce)").matches ? 0 : 120,
      // A finger that rests picks a card up; one that moves at once scrolls the page.
      delay: 220,
      delayOnTouchOnly: true,
      touchStartThreshold: 5,
      // With a mouse the whole cell takes the card (see over), so that no neighbour may snap it away.
      emptyInsertThreshold: matchMedia("(pointer: coarse)").matches ? 60 : 0,
      ghostClass: "ghost",
      scroll: true,
      sort: ordered,
      onStart: (event) => { this.dragged = { card: event.item, list: event.from, next: event.item.nextElementSibling }; },
      onMove: (event) => { this.aim(event.to); },
      onEnd: (event) => {
        this.aim(null);
        const from = this.dragged;
        this.dragged = null;
        if (event.to === event.from && event.newDraggableIndex === event.oldDraggableIndex) return;
        this.move(event.item, event.to, from);
      },
    }));
  }

  over(event) {
    const list = event.target.closest(".cell")?.querySelector("ul[data-week]");
    if (!this.dragged || !list || list.contains(event.target)) return;
    event.preventDefault();
    const { card } = this.dragged;
    const elsewhere = card.parentElement !== list;
    if (elsewhere || (this.dataset.lens === "moment" && list.lastElementChild !== card)) list.append(card);
    this.aim(list);
  }

  aim(list) {
    this.querySelector(".cell.target")?.classList.remove("target");
    list?.closest(".cell")?.classList.add("target");
  }

  // --- Keyboard ---------------------------------------------------------------------------------------------------

  pressed(event) {
    if (typing(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    const card = event.target.closest(".card");
    if (!card) return;
    if (!this.held) {
      if (event.key !== " ") return;
      event.preventDefault();
      this.pick(card);
      return;
    }
    const rtl = getComputedStyle(this).direction === "rtl";
    const acts = {
      ArrowUp: () => this.step(-1),
      ArrowDown: () => this.step(1),
      ArrowLeft: () => this.side(rtl ? 1 : -1),
      ArrowRight: () => this.side(rtl ? -1 : 1),
      " ": () => this.drop(),
      Enter: () => this.drop(),
      Escape: () => this.putBack(),
      Tab: () => this.putBack(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    acts[event.key]();
  }

  pick(card) {
    const list = card.parentElement;
    this.held = { card, list, next: card.nextElementSibling };
    card.classList.add("held");
    say(fill(this.dataset.picked, { title: titleOf(card) }));
  }

  step(by) {
    const { card } = this.held;
    const list = card.parentElement;
    const ordered = this.dataset.lens === "moment" || list.dataset.week === "shelf";
    const neighbour = by < 0 ? card.previousElementSibling : card.nextElementSibling;
    if (ordered && neighbour) {
      if (by < 0) neighbour.before(card);
      else neighbour.after(card);
      return this.placed();
    }
    const row = list.closest(".row");
    const rows = [...this.querySelectorAll(".row:not(.header)")];
    const next = rows[rows.indexOf(row) + by];
    if (!next) return;
    const column = list.dataset.column || this.held.list.dataset.column || this.lists[0].dataset.column;
    const goal = next.querySelector(`ul[data-column="${CSS.escape(column)}"]`) ?? next.querySelector("ul[data-week]");
    if (by < 0) goal.append(card);
    else goal.prepend(card);
    this.placed();
  }

  side(by) {
    const { card } = this.held;
    const list = card.parentElement;
    const lists = [...list.closest(".row").querySelectorAll("ul[data-week]")];
    const goal = lists[lists.indexOf(list) + by];
    if (!goal) return;
    const index = [...list.children].indexOf(card);
    goal.insertBefore(card, goal.children[index] ?? null);
    this.placed();
  }

  placed() {
    const { card } = this.held;
    const list = card.parentElement;
    this.aim(list);
    if (list.dataset.week !== "shelf") this.show(list.dataset.week);
    this.moving = true; // a card that is put elsewhere loses the focus for a moment
    card.querySelector(".t").focus({ preventScroll: true });
    this.moving = false;
    card.scrollIntoView({ block: "nearest" });
    const cell = list.getAttribute("aria-label") ?? byId(list.getAttribute("aria-labelledby")).textContent;
    say(fill(this.dataset.place, {
      cell, position: [...list.children].indexOf(card) + 1, count: list.children.length,
    }));
  }

  drop() {
    const from = this.held;
    const list = from.card.parentElement;
    this.let();
    if (list === from.list && from.card.nextElementSibling === from.next) {
      return say(fill(this.dataset.back, { title: titleOf(from.card) }));
    }
    this.move(from.card, list, from);
  }

  putBack() {
    const from = this.held;
    this.let();
    this.revert(from);
    from.card.querySelector(".t").focus();
    say(fill(this.dataset.back, { title: titleOf(from.card) }));
  }

  let() {
    this.held.card.classList.remove("held");
    this.held = null;
    this.aim(null);
  }

  left(event) {
    // Clicking elsewhere while a card is held puts it back, so that nothing is moved by accident.
    if (!this.held || this.moving || this.contains(event.relatedTarget)) return;
    const from = this.held;
    setTimeout(() => {
      if (this.held !== from || this.contains(document.activeElement)) return;
      this.let();
      this.revert(from);
    });
  }

  revert({ card, list, next }) {
    list.insertBefore(card, next?.parentElement === list ? next : null);
  }

  async move(card, list, from) {
    const { lens, version } = this.dataset;
    const { week, column } = list.dataset;
    const shelf = week === "shelf";
    const values = { week, version, lens, moment: card.dataset.moment };
    if (lens === "moment" && !shelf) values.moment = column;
    if (lens === "environment" && !shelf) values.environment = column;
    if (lens === "type" && !shelf) values.learning_type = column;
    if (lens === "moment" || shelf) values.position = [...list.children].indexOf(card) + 1;
    await window.htmx.ajax("POST", card.querySelector(".more").href, { target: "#board", swap: "outerHTML", values });
    // No answer came: the card goes back to where the server still has it.
    if (this.isConnected) this.revert(from);
  }

  // --- Panel and quick line ---------------------------------------------------------------------------------------

  clicked(event) {
    if (event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    const card = event.target.closest(".card a.t, .card a.more");
    if (card) {
      event.preventDefault();
      return openPanel(card.href);
    }
    const add = event.target.closest(".add");
    if (add) {
      event.preventDefault();
      const { week, column } = add.parentElement.querySelector("ul[data-week]").dataset;
      return this.openLine({ week, column, text: "" });
    }
    const week = event.target.closest(".weeknav a");
    if (week) {
      event.preventDefault();
      this.show(week.hash.replace("#week-", ""));
    }
  }

  openLine(wanted) {
    this.closeLine();
    const list = this.lists.find((each) => each.dataset.week === wanted.week && each.dataset.column === wanted.column);
    if (!list) return;
    openLine = wanted;
    const form = byId("quick-line").content.firstElementChild.cloneNode(true);
    const name = { moment: "moment", environment: "environment", type: "learning_type" }[this.dataset.lens];
    form.elements.week.value = wanted.week;
    form.elements[name].value = wanted.column;
    const text = form.elements.text;
    text.value = wanted.text;
    const add = list.parentElement.querySelector(".add");
    const more = form.querySelector("[data-more]");
    more.href = add.href;
    add.hidden = true;
    add.after(form);
    window.htmx.process(form);
    text.addEventListener("input", () => { openLine.text = text.value; });
    // What was recognised in a line that has been sent comes too late: it would wipe out why the line was refused.
    let sent = null;
    form.addEventListener("submit", () => {
      sent = text.value;
      window.htmx.trigger(text, "htmx:abort");
    });
    text.addEventListener("htmx:beforeRequest", (event) => { if (text.value === sent) event.preventDefault(); });
    form.addEventListener("keydown", (event) => {
      if (event.key === "Escape") {
        event.preventDefault();
        this.closeLine(true);
      }
    });
    form.querySelector("[data-close-quick]").addEventListener("click", () => this.closeLine(true));
    more.addEventListener("click", () => { openLine = null; });
    text.focus();
  }

  closeLine(refocus = false) {
    const form = this.querySelector(".quickadd");
    openLine = null;
    if (!form) return;
    const add = form.parentElement.querySelector(".add");
    form.remove();
    add.hidden = false;
    if (refocus) add.focus();
  }

  // --- One week at a time -----------------------------------------------------------------------------------------

  show(number) {
    const rows = [...this.querySelectorAll(".row[id^='week-']")];
    const row = rows.find((each) => each.id === `week-${number}`) ?? rows[0];
    for (const each of rows) each.classList.toggle("shown", each === row);
    shownWeek = row ? row.id.replace("week-", "") : null;
    for (const link of this.querySelectorAll(".weeknav a")) {
      if (link.hash === `#${row?.id}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
  }

  reveal(card) {
    const week = card?.closest(".row")?.id;
    if (week?.startsWith("week-")) this.show(week.replace("week-", ""));
  }

  markOpen() {
    for (const card of this.querySelectorAll(".card.open")) card.classList.remove("open");
    if (openCard) byId(`p${openCard}`)?.classList.add("open");
  }
}
customElements.define("blend-board", Board);

const titleOf = (card) => card.querySelector(".t").textContent;
const board = () => byId("board");

function openPanel(href) {
  const address = new URL(href, location.href);
  address.searchParams.set("lens", board().dataset.lens);
  return window.htmx.ajax("GET", address.pathname + address.search, { target: "#panel", swap: "innerHTML" });
}

function closePanel() {
  const panel = byId("panel");
  const opener = byId(`a${panel.firstElementChild?.dataset.card}`);
  panel.replaceChildren();
  openCard = null;
  board().markOpen();
  (opener ?? board().querySelector(".t, .add"))?.focus();
}

function showCard(pk) {
  byId("dialog").close();
  const card = byId(`p${pk}`);
  if (!card) return;
  board().reveal(card);
  card.scrollIntoView({ block: "center" });
  byId(`a${pk}`).focus({ preventScroll: true });
}

document.addEventListener("click", (event) => {
  if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  const at = (selector) => event.target.closest?.(selector);
  const panel = at("a[data-panel]");
  if (panel) {
    event.preventDefault();
    openPanel(panel.href);
  }
  const number = at("a[data-dialog-get]");
  if (number) {
    event.preventDefault();
    const address = new URL(number.href);
    window.htmx.ajax("GET", address.pathname + address.search, { target: "#dialog-body", swap: "innerHTML" });
  }
  const card = at("a[data-show-card]");
  if (card) {
    event.preventDefault();
    showCard(card.dataset.showCard);
  }
  const close = at("[data-close-panel]");
  if (close) {
    event.preventDefault();
    if (close.closest("dialog")) close.closest("dialog").close();
    else closePanel();
  }
  if (at("[data-print]")) print();
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const wanted = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
  if (!wanted || !byId(wanted)) return;
  event.preventDefault();
  byId(wanted).click();
});

// What is sent was drawn from the board that is on the screen, in the lens that it has.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, verb } = event.detail;
  const shown = board();
  if (!shown) return;
  parameters.lens = shown.dataset.lens;
  if (verb === "post" && parameters.version !== undefined) parameters.version = shown.dataset.version;
});

// The line stays open for the next activity, but empty.
document.addEventListener("quickAdded", () => { if (openLine) openLine.text = ""; });

document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "panel") return;
  openCard = byId("panel").firstElementChild?.dataset.card ?? null;
  board().markOpen();
});
document.addEventListener("focusOn", (event) => {
  board()?.reveal(byId(event.detail.id ?? "")?.closest(".card"));
});

// Another type brings its own settings; what was typed stays, and nothing is saved yet.
document.addEventListener("change", (event) => {
  if (event.target.name !== "type_key" || !event.target.closest("#panel")) return;
  event.target.form.requestSubmit(event.target.form.querySelector("[name=refresh]"));
});

byId("studio")?.classList.add("scripted");
// htmx would carry attributes of the old board over to the new one for a moment: inline styles that dragging leaves
// behind, which the content policy refuses, and classes that this file has just set.
window.htmx.config.attributesToSettle = [];
for (const button of document.querySelectorAll("[data-print]")) button.hidden = false;
