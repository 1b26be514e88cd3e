// Outcomes: the matrix by keyboard and pointer, the level that a verb proposes, Alt and an arrow to reorder.
//
// Every cell is a button of one real form, so all of it works without this file; here it only happens in place.

const WAYS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
const LEVEL = /^[0-6]$/;
const CLEARS = ["x", "X", "Delete", "Backspace"];

class OutcomeMatrix extends HTMLElement {
  connectedCallback() {
    this.sending = Promise.resolve();
    this.table = this.querySelector("table");
    this.addEventListener("click", (event) => this.clicked(event));
    this.addEventListener("keydown", (event) => this.pressed(event));
    this.addEventListener("focusin", (event) => this.entered(event));
    // One stop for Tab; the arrow keys go on from there.
    for (const button of this.cells()) button.tabIndex = -1;
    const first = this.cells()[0];
    if (first) first.tabIndex = 0;
  }

  cells() { return [...this.table.querySelectorAll("tbody button")]; }

  entered(event) {
    if (!event.target.matches("tbody button")) return;
    for (const button of this.table.querySelectorAll('tbody button[tabindex="0"]')) button.tabIndex = -1;
    event.target.tabIndex = 0;
  }

  clicked(event) {
    const button = event.target.closest("tbody button");
    if (!button) return;
    event.preventDefault();
    button.focus();
    this.send(button, this.querySelector("[name=to]:checked")?.value ?? "");
  }

  pressed(event) {
    const button = event.target.closest("tbody button");
    if (!button || event.altKey || event.ctrlKey || event.metaKey) return;
    const set = LEVEL.test(event.key) ? event.key : CLEARS.includes(event.key) ? "n" : null;
    if (set !== null) {
      event.preventDefault();
      this.send(button, set);
      return;
    }
    const row = button.closest("tr");
    const across = [...row.querySelectorAll("button")];
    const rows = [...this.table.tBodies[0].rows];
    let x = across.indexOf(button);
    let y = rows.indexOf(row);
    if (event.key in WAYS) {
      const flip = getComputedStyle(this).direction === "rtl" ? -1 : 1;
      x += WAYS[event.key][0] * flip;
      y += WAYS[event.key][1];
    } else if (event.key === "Home") {
      x = 0;
      if (event.shiftKey) y = 0;
    } else if (event.key === "End") {
      x = across.length - 1;
      if (event.shiftKey) y = rows.length - 1;
    } else return;
    event.preventDefault();
    rows[y]?.querySelectorAll("button")[x]?.focus();
  }

  // One after the other: each answer brings the state that the next press is compared with.
  send(pressed, to) {
    const place = pressed.closest("td");
    this.sending = this.sending.then(async () => {
      const button = place.querySelector("button");
      const form = button?.form;
      if (!form) return;
      const values = { cell: button.value, to };
      for (const hidden of form.querySelectorAll("input[type=hidden]")) values[hidden.name] = hidden.value;
      const had = place.contains(document.activeElement);
      place.setAttribute("aria-busy", "true");
      try {
        await window.htmx.ajax("POST", form.action, { source: form, target: place, swap: "innerHTML", values });
      } finally {
        place.removeAttribute("aria-busy");
      }
      const fresh = place.querySelector("button");
      if (!fresh) return;
      fresh.tabIndex = had ? 0 : -1;
      if (had && (document.activeElement === document.body || place.contains(document.activeElement))) fresh.focus();
    });
  }
}
customElements.define("outcome-matrix", OutcomeMatrix);

document.addEventListener("click", (event) => {
  const chosen = event.target.closest?.("[data-set-level]");
  if (!chosen) return;
  const select = chosen.closest("form").querySelector("[name=level]");
  select.value = chosen.dataset.setLevel;
  select.focus();
});

document.addEventListener("keydown", (event) => {
  if (!event.altKey || !["ArrowUp", "ArrowDown"].includes(event.key)) return;
  const outcome = event.target.closest?.("[data-outcomes] > li");
  const way = event.key === "ArrowUp" ? "up" : "down";
  const button = outcome?.querySelector(`button[name=way][value=${way}]`);
  if (!button || event.target.matches("input, textarea, select")) return;
  event.preventDefault();
  button.click();
});

// The ends of the list: a button that keeps its place, and says that it does nothing.
document.addEventListener("click", (event) => {
  if (event.target.closest?.("[data-outcomes] [aria-disabled=true]")) event.preventDefault();
}, true);
