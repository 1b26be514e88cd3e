// While a comment is typed, "@" offers the names of those who can be asked. Without this file the same names work, typed
// in full: the server reads them from the text.

const names = new Map(); // by address: the list is asked for once

async function known(url) {
  if (!names.has(url)) {
    const asked = fetch(url, { headers: { Accept: "application/json" } })
      .then((answer) => (answer.ok ? answer.json() : { names: [] }))
      .then((told) => told.names)
      .catch(() => []);
    names.set(url, asked);
  }
  return names.get(url);
}

const SHOWN = 6;
let count = 0;

class Mention extends HTMLElement {
  connectedCallback() {
    this.text = this.querySelector("textarea");
    if (!this.text || this.list) return;
    this.list = document.createElement("ul");
    this.list.id = `mention-${++count}`;
    this.list.className = "mention";
    this.list.setAttribute("role", "listbox");
    this.list.hidden = true;
    this.text.after(this.list);
    this.text.setAttribute("aria-autocomplete", "list");
    this.text.setAttribute("aria-controls", this.list.id);
    this.text.addEventListener("input", () => this.offer());
    this.text.addEventListener("keydown", (event) => this.pressed(event));
    this.text.addEventListener("blur", () => setTimeout(() => this.close(), 150));
    this.list.addEventListener("pointerdown", (event) => {
      event.preventDefault(); // the text keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) this.take(option);
    });
  }

  // What stands between the last "@" and the cursor, if it may become a name.
  begun() {
    const before = this.text.value.slice(0, this.text.selectionStart);
    return before.match(/(?:^|[^\w.@-])@([^\n@]{0,40})$/u)?.[1] ?? null;
  }

  async offer() {
    const begun = this.begun();
    if (begun === null) return this.close();
    const every = await known(this.dataset.url);
    const wanted = begun.toLocaleLowerCase();
    const fitting = every.filter((name) => {
      const lower = name.toLocaleLowerCase();
      return lower.startsWith(wanted) || lower.split(/\s+/).some((part) => wanted && part.startsWith(wanted));
    }).slice(0, SHOWN);
    if (!fitting.length || this.begun() !== begun) return this.close();
    this.list.replaceChildren(...fitting.map((name, place) => {
      const option = document.createElement("li");
      option.id = `${this.list.id}-${place}`;
      option.setAttribute("role", "option");
      option.textContent = name;
      return option;
    }));
    const isNew = this.list.hidden;
    this.list.hidden = false;
    this.choose(0);
    if (isNew) {
      const text = this.dataset.count.replace("{count}", fitting.length);
      document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
    }
  }

  choose(place) {
    const options = [...this.list.children];
    this.place = (place + options.length) % options.length;
    options.forEach((option, each) => option.setAttribute("aria-selected", String(each === this.place)));
    this.text.setAttribute("aria-activedescendant", options[this.place].id);
  }

  pressed(event) {
    if (this.list.hidden || event.isComposing) return;
    const acts = {
      ArrowDown: () => this.choose(this.place + 1),
      ArrowUp: () => this.choose(this.place - 1),
      Enter: () => this.take(this.list.children[this.place]),
      Tab: () => this.take(this.list.children[this.place]),
      Escape: () => this.close(),
    };
    if (!acts[event.key]) return;
    event.preventDefault();
    event.stopPropagation();
    acts[event.key]();
  }

  take(option) {
    const at = this.text.selectionStart;
    const from = at - this.begun().length;
    this.text.setRangeText(`${option.textContent} `, from, at, "end");
    this.close();
  }

  close() {
    this.list.hidden = true;
    this.text.removeAttribute("aria-activedescendant");
  }
}
customElements.define("blend-mention", Mention);
