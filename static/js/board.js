// The board of the Studio: drag, keyboard, quick add, one week at a time on a phone.
//
// Whatever is done here ends in a form that the server also offers without script; this file only fills it in sooner.
// The server answers with the board as it is now, so nothing here has to be right about what the plan became.

const byId = (id) => document.getElementById(id);
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const typing = (element) => element.matches?.("input:not([type=checkbox], [type=radio]), textarea, select, [contenteditable]");

// What must survive a swap of the board.
let openLine = null; // the quick line: { week, column, text }
let shownWeek = null; // the week that a narrow board shows
let openCard = null; // the card that is open in the panel
let opening = 0; // the timer of a click that may become a double click
let waiting = null; // the keys that were pressed with Alt while a card was on its way
let filterOpen = null; // whether the bar of filters is open, once somebody has said so

// By what the cells of a lens divide the cards: the name under which a form sends it, and the fact that it changes.
const DIVIDES = {
  moment: ["moment"], environment: ["environment", "environment"], type: ["learning_type", "type"],
  timeline: ["timing", "timing"], table: [],
};
const DOUBLE = 220; // milliseconds in which a second click makes a double click
const SWIPE = 60; // pixels to the side, and twice as far as up or down

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
    this.lists = [...this.querySelectorAll("[data-week]")];
    this.held = null;
    this.classList.add("paged");
    this.show(shownWeek ?? new URLSearchParams(location.search).get("week"));
    this.markOpen();
    this.addEventListener("click", (event) => this.clicked(event));
    this.swipe();
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
    const ordered = "ordered" in this.dataset;
    this.sortables = this.lists.map((list) => new window.Sortable(list, {
      group: "cards",
      noCopy: true,
      draggable: ".card",
      filter: ".more, input, form",
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
        ghost(null);
        const from = this.dragged;
        this.dragged = null;
        if (event.to === event.from && event.newDraggableIndex === event.oldDraggableIndex) return;
        this.move(event.item, event.to, from);
      },
    }));
  }

  over(event) {
    const list = listAt(event.target);
    if (!this.dragged || !list || (list.contains(event.target) && list.tagName === "UL")) return;
    if (event.target.closest(".card") && list.contains(event.target)) return; // Sortable puts it between two others
    event.preventDefault();
    const { card } = this.dragged;
    const elsewhere = card.parentElement !== list;
    if (elsewhere || ("ordered" in this.dataset && list.tagName === "UL" && cardsIn(list).at(-1) !== card)) last(list, card);
    this.aim(list);
  }

  aim(list) {
    this.querySelector(".target")?.classList.remove("target");
    if (!list) return;
    (list.closest(".cell") ?? list).classList.add("target");
    const from = this.dragged ?? this.held;
    if (from && this.aimed !== list) ghost(from.card, { week: from.list.dataset.week }, this.wouldBe(from, list));
    this.aimed = list;
  }

  /** What a card would take on in a list. */
  wouldBe(from, list) {
    const fact = DIVIDES[this.dataset.lens][1];
    const { week, column } = list.dataset;
    return fact && column ? { week, [fact]: column } : { week };
  }

  // --- Keyboard ---------------------------------------------------------------------------------------------------

  pressed(event) {
    if (event.target.matches("input, select, textarea") || event.ctrlKey || event.metaKey) return;
    const card = event.target.closest(".card");
    if (!card) return;
    if (event.altKey) {
      if (this.held || event.shiftKey || !event.key.startsWith("Arrow")) return;
      event.preventDefault(); // left and right would be the way back and forth between pages
      // A key that is kept down goes no faster than the answers.
      return event.repeat && waiting ? null : this.nudge(card, event.key);
    }
    if (!this.held) {
      if (event.key !== " ") return;
      event.preventDefault();
      this.pick(card);
      return;
    }
    const acts = {
      " ": () => this.drop(),
      Enter: () => this.drop(),
      Escape: () => this.putBack(),
      Tab: () => this.putBack(),
    };
    const goes = event.key.startsWith("Arrow");
    if (!goes && !acts[event.key]) return;
    event.preventDefault();
    if (!goes) acts[event.key]();
    else if (this.go(event.key)) this.placed();
  }

  /** Put the held card one place further; false where there is none. */
  go(key) {
    const rtl = getComputedStyle(this).direction === "rtl";
    if (key === "ArrowUp" || key === "ArrowDown") return this.step(key === "ArrowUp" ? -1 : 1);
    return this.side((key === "ArrowLeft") === rtl ? 1 : -1);
  }

  /** Move a card by one place at once. What is pressed before the answer is here waits for it, because it is drawn anew. */
  async nudge(card, key) {
    if (waiting) return waiting.push(key);
    const from = { card, list: card.parentElement, next: card.nextElementSibling };
    this.held = from; // a step looks where the card came from
    const went = this.go(key);
    this.held = null;
    if (!went) return say(fill(this.dataset.edge, { title: titleOf(card) }));
    waiting = [];
    card.querySelector(".t").focus({ preventScroll: true });
    await this.move(card, card.parentElement, from);
    const [next, ...rest] = waiting;
    waiting = null;
    const fresh = byId(card.id);
    if (!next || !fresh || !fresh.isConnected) return;
    board().nudge(fresh, next);
    waiting?.push(...rest);
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
    const ordered = "ordered" in this.dataset || list.dataset.week === "shelf";
    const all = cardsIn(list).filter((each) => each === card || each.offsetParent); // not what the filter hides
    const neighbour = all[all.indexOf(card) + by];
    if (ordered && neighbour) {
      if (by < 0) neighbour.before(card);
      else neighbour.after(card);
      return true;
    }
    // In the timeline the two sides of a week lie one above the other.
    const goal = this.dataset.lens === "timeline" ? this.lists[this.lists.indexOf(list) + by] : this.inRow(list, by);
    if (!goal) return false;
    if (by < 0) last(goal, card);
    else first(goal, card);
    return true;
  }

  /** The list in the next row, or the one before, in the same column. */
  inRow(list, by) {
    const rows = [...this.querySelectorAll("[data-row]")];
    const next = rows[rows.indexOf(list.closest("[data-row]")) + by];
    if (!next) return null;
    const lists = listsIn(next);
    const at = listsIn(list.closest("[data-row]")).indexOf(list);
    // From the shelf, which is one cell, a card goes back to the column that it came from.
    const column = listsIn(this.held.list.closest("[data-row]")).indexOf(this.held.list);
    return lists[list.dataset.week === "shelf" ? column : at] ?? lists[0];
  }

  side(by) {
    const { card } = this.held;
    const list = card.parentElement;
    // In the timeline and in the table the weeks lie below each other, and nothing lies to the side.
    const lists = ["timeline", "table"].includes(this.dataset.lens)
      ? this.lists.filter((each) => each.dataset.column === list.dataset.column)
      : listsIn(list.closest("[data-row]"));
    const goal = lists[lists.indexOf(list) + by];
    if (!goal) return false;
    const index = cardsIn(list).indexOf(card);
    const before = cardsIn(goal)[index];
    if (before) before.before(card);
    else last(goal, card);
    return true;
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
    const all = cardsIn(list);
    const where = fill(this.dataset.place, { cell, position: all.indexOf(card) + 1, count: all.length });
    const { total } = ghost(card, { week: this.held.list.dataset.week }, this.wouldBe(this.held, list));
    say(total ? `${where}. ${fill(this.dataset.total, { total })}` : where);
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
    this.aimed = null;
    ghost(null);
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
    const values = { week, version, moment: card.dataset.moment };
    const [name] = DIVIDES[lens];
    if (name && !shelf) values[name] = column;
    if ("ordered" in this.dataset || shelf) {
      // In a table the moments of a week stand below each other; a place is counted among the same moment.
      const among = cardsIn(list).filter((each) => shelf || each.dataset.moment === card.dataset.moment || name === "moment");
      values.position = among.indexOf(card) + 1;
    }
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
      return this.open(card, event.detail);
    }
    const add = event.target.closest(".add");
    if (add) {
      event.preventDefault();
      const { week, column } = listAt(add).dataset;
      return this.openLine({ week, column, text: "" });
    }
    const step = event.target.closest("[data-week-step]");
    if (step) return this.turn(Number(step.dataset.weekStep));
    const week = event.target.closest(".weeknav a");
    if (week) {
      event.preventDefault();
      this.show(week.hash.replace("#week-", ""));
    }
  }

  /** A second click soon after the first is a double click: it edits in place, and the editor stays away. */
  open(link, clicks) {
    clearTimeout(opening);
    if (clicks > 1) return;
    const mouse = clicks === 1 && link.matches(".t") && "editable" in this.dataset && matchMedia("(pointer: fine)").matches;
    if (!mouse) return openPanel(link.href);
    openCard = link.closest(".card").dataset.pk;
    this.markOpen();
    opening = setTimeout(() => openPanel(link.href), DOUBLE);
  }

  openLine(wanted) {
    this.closeLine();
    const list = this.lists.find((each) => each.dataset.week === wanted.week && each.dataset.column === wanted.column);
    if (!list) return;
    openLine = wanted;
    const form = byId("quick-line").content.firstElementChild.cloneNode(true);
    const [name] = DIVIDES[this.dataset.lens];
    form.elements.week.value = wanted.week;
    if (name) form.elements[name].value = wanted.column;
    const text = form.elements.text;
    text.value = wanted.text;
    const add = (list.closest(".cell") ?? list).querySelector(".add");
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

  get weeks() {
    return [...new Set([...this.querySelectorAll("[data-of]")].map((each) => each.dataset.of))];
  }

  show(number) {
    const weeks = this.weeks;
    shownWeek = weeks.includes(String(number)) ? String(number) : weeks[0] ?? null;
    for (const each of this.querySelectorAll("[data-of]")) each.classList.toggle("shown", each.dataset.of === shownWeek);
    for (const link of this.querySelectorAll(".weeknav a")) {
      if (link.hash === `#week-${shownWeek}`) link.setAttribute("aria-current", "true");
      else link.removeAttribute("aria-current");
    }
    const at = weeks.indexOf(shownWeek);
    for (const button of this.querySelectorAll("[data-week-step]")) {
      const beyond = at + Number(button.dataset.weekStep);
      button.disabled = beyond < 0 || beyond >= weeks.length;
    }
  }

  turn(by) {
    const weeks = this.weeks;
    const next = weeks[weeks.indexOf(shownWeek) + by];
    if (!next) return;
    this.show(next);
    say(byId(`week-name-${next}`)?.textContent ?? next);
    this.querySelector(".weeknav [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  }

  reveal(card) {
    const week = card?.closest("[data-week]")?.dataset.week;
    if (week && week !== "shelf") this.show(week);
  }

  // A finger that sweeps to the side turns the week; what is scrolled or dragged by itself is left alone.
  swipe() {
    let from = null;
    this.addEventListener("touchstart", (event) => {
      const [finger] = event.touches;
      const scrolls = event.target.closest(".weeknav ul, input, textarea, select");
      from = event.touches.length === 1 && !scrolls && this.paged ? { x: finger.clientX, y: finger.clientY } : null;
    }, { passive: true });
    this.addEventListener("touchend", (event) => {
      if (!from || this.dragged) return;
      const [finger] = event.changedTouches;
      const [x, y] = [finger.clientX - from.x, finger.clientY - from.y];
      from = null;
      if (Math.abs(x) < SWIPE || Math.abs(x) < 2 * Math.abs(y)) return;
      const rtl = getComputedStyle(this).direction === "rtl";
      this.turn((x < 0) === rtl ? -1 : 1);
    }, { passive: true });
  }

  /** Whether it shows one week at a time. */
  get paged() {
    const nav = this.querySelector(".weeknav");
    return Boolean(nav && getComputedStyle(nav).display !== "none");
  }

  markOpen() {
    for (const card of this.querySelectorAll(".card.open")) card.classList.remove("open");
    if (openCard) byId(`p${openCard}`)?.classList.add("open");
  }
}
customElements.define("blend-board", Board);

/** The list into which something at this place of the page would go. */
function listAt(element) {
  return element.closest?.("tbody[data-week]") ?? element.closest?.(".cell")?.querySelector("ul[data-week]") ?? null;
}
const listsIn = (row) => (row.matches("[data-week]") ? [row] : [...row.querySelectorAll("[data-week]")]);
const cardsIn = (list) => [...list.children].filter((each) => each.matches(".card"));

/** Put a card below the last one of a list; in a table that is above the line where one is added. */
function last(list, card) {
  const cards = cardsIn(list).filter((each) => each !== card);
  if (cards.length) cards.at(-1).after(card);
  else first(list, card);
}

function first(list, card) {
  const [before] = cardsIn(list).filter((each) => each !== card);
  const head = list.querySelector(":scope > .grouphead");
  if (before) before.before(card);
  else if (head) head.after(card);
  else list.prepend(card);
}

/** Ask for the preview of what would be (see ghost.js), or end it. */
function ghost(card, from, changes) {
  const detail = { card, from, changes };
  document.dispatchEvent(new CustomEvent("ghost", { detail }));
  return detail;
}

/** Lens, filter and selection as they are now: what the server drew, and what was selected since. */
function viewNow() {
  const view = new URLSearchParams(board().dataset.view);
  const address = new URLSearchParams(location.search);
  const carried = new URLSearchParams(address.get("view") ?? "");
  // Only the selection changes without the server: who selects writes it into the address.
  const sel = address.get("sel") ?? carried.get("sel");
  if (sel) view.set("sel", sel);
  else view.delete("sel");
  if (board().dataset.lens !== "moment") view.set("lens", board().dataset.lens);
  return view.toString();
}

/** What is open beside the board stays when the look changes: what is typed there is kept, and the look that it carries follows. */
function carryLook() {
  const view = viewNow();
  for (const field of byId("panel").querySelectorAll("input[name=view]")) field.value = view;
  const here = new URL(byId("lenses").querySelector("[aria-current]").href);
  for (const link of byId("panel").querySelectorAll("a[href]")) {
    if (link.pathname === here.pathname) link.search = here.search;
    else if (new URLSearchParams(link.search).has("view")) {
      const asked = new URLSearchParams(link.search);
      asked.set("view", view);
      link.search = asked;
    }
  }
}

const titleOf = (card) => card.querySelector(".t").textContent;
const board = () => byId("board");

function openPanel(href) {
  const address = new URL(href, location.href);
  return window.htmx.ajax("GET", address.pathname + address.search, { target: "#panel", swap: "innerHTML" });
}

function closePanel() {
  const panel = byId("panel");
  const opener = byId(`a${panel.firstElementChild?.dataset.card}`);
  panel.replaceChildren();
  openCard = null;
  ghost(null);
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
  const look = at("a[data-look]");
  if (look) {
    event.preventDefault();
    const address = new URL(look.href);
    const sel = new URLSearchParams(viewNow()).get("sel");
    if (sel) address.searchParams.set("sel", sel);
    else address.searchParams.delete("sel");
    window.htmx.ajax("GET", address.pathname + address.search, { source: look, target: "#board", swap: "outerHTML" });
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
});

document.addEventListener("keydown", (event) => {
  if (!(event.ctrlKey || event.metaKey) || typing(event.target)) return;
  const key = event.key.toLowerCase();
  const wanted = key === "z" ? (event.shiftKey ? "redo" : "undo") : key === "y" ? "redo" : null;
  if (!wanted || !byId(wanted)) return;
  event.preventDefault();
  byId(wanted).click();
});

// What is sent was drawn from the board that is on the screen, looked at as it is now.
document.addEventListener("htmx:configRequest", (event) => {
  const { parameters, verb, path } = event.detail;
  const shown = board();
  if (!shown) return;
  const view = viewNow();
  if (event.detail.elt.id === "filter-form") {
    const sel = new URLSearchParams(view).get("sel");
    if (sel) parameters.sel = sel;
    else delete parameters.sel;
    return;
  }
  if (new URL(path, location.href).pathname === byId("filter-form").getAttribute("action")) return; // says it itself
  parameters.view = view;
  if (verb === "post" && parameters.version !== undefined) parameters.version = shown.dataset.version;
});

// A bar of filters that somebody has opened stays open when the answer to something else brings a new one.
document.addEventListener("toggle", (event) => {
  if (event.target.id === "filters" && event.target.isConnected) filterOpen = event.target.open;
}, true);
document.addEventListener("htmx:oobAfterSwap", () => {
  const filters = byId("filters");
  if (filters && filterOpen !== null && filters.open !== filterOpen) filters.open = filterOpen;
});

// The line stays open for the next activity, but empty.
document.addEventListener("quickAdded", () => { if (openLine) openLine.text = ""; });

document.addEventListener("htmx:afterSettle", (event) => { if (event.detail.elt.id === "board") carryLook(); });
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
