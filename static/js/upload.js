// Comfort over the plain forms of an upload.
//
// <kept-draft>   keeps what is typed on this device until the server has it (under draft:USER:OFFER:NUMBER), and offers
//                it after a closed tab
// <file-sender>  sends a file as soon as it is chosen, says before that it is too large, and while sending how far it is

const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const KEEP_DRAFTS = 30 * 24 * 3600 * 1000;

const store = {
  read(key) {
    try {
      return JSON.parse(localStorage.getItem(key) ?? "null");
    } catch {
      return null;
    }
  },
  write(key, value) {
    try {
      localStorage.setItem(key, JSON.stringify(value));
      return true;
    } catch {
      return false; // full, or not allowed: the page itself still holds the text
    }
  },
  remove(key) {
    try {
      localStorage.removeItem(key);
    } catch {
      // Nothing was kept there.
    }
  },
  names() {
    try {
      return Object.keys(localStorage).filter((name) => name.startsWith("draft:"));
    } catch {
      return [];
    }
  },
};

class KeptDraft extends HTMLElement {
  connectedCallback() {
    this.field = this.querySelector("textarea");
    this.state = this.querySelector("[data-draft-state]");
    this.saved = this.field.defaultValue;
    this.tidy();
    this.offer(store.read(this.dataset.key));
    this.field.addEventListener("input", () => this.keep());
    this.closest("form").addEventListener("submit", () => { this.sending = true; });
    this.warn = (event) => {
      if (!this.sending && this.field.value !== this.saved) event.preventDefault();
    };
    addEventListener("beforeunload", this.warn);
  }

  disconnectedCallback() {
    removeEventListener("beforeunload", this.warn);
  }

  keep() {
    if (this.field.value === this.saved) return store.remove(this.dataset.key);
    if (store.write(this.dataset.key, { text: this.field.value, at: Date.now() })) {
      this.state.textContent = this.dataset.saidKept;
    }
  }

  offer(draft) {
    if (!draft || typeof draft.text !== "string") return;
    // What the page shows already is what the server has, or what it just refused.
    if (draft.text === this.field.value || same(draft.text, this.saved)) return store.remove(this.dataset.key);
    const button = (text, css, act) => {
      const made = document.createElement("button");
      made.type = "button";
      made.className = `btn s ${css}`;
      made.textContent = text;
      made.addEventListener("click", act);
      return made;
    };
    const done = () => {
      this.state.replaceChildren();
      this.field.focus();
    };
    this.state.replaceChildren(
      `${this.dataset.saidFound} `,
      button(this.dataset.saidTake, "", () => { this.field.value = draft.text; done(); this.keep(); }),
      button(this.dataset.saidLeave, "quiet", () => { store.remove(this.dataset.key); done(); }),
    );
  }

  tidy() {
    for (const name of store.names()) {
      const draft = store.read(name);
      if (!draft || Date.now() - draft.at > KEEP_DRAFTS) store.remove(name);
    }
  }
}
const same = (a, b) => a.replaceAll("\r\n", "\n").trim() === b.replaceAll("\r\n", "\n").trim();
customElements.define("kept-draft", KeptDraft);

// What was handed in is on the server: its draft goes (trust.md, ASVS 14.3.2).
for (const receipt of document.querySelectorAll("[data-receipt]")) store.remove(receipt.dataset.receipt);

// And nothing stays for the next person at this device.
document.addEventListener("submit", (event) => {
  if (event.target.action?.endsWith("/logout/")) for (const name of store.names()) store.remove(name);
});

// Each file is sent as soon as it is chosen, one after the other, with what a plain form cannot show: how far it is.
// The answer is the page; its list of files takes the place of the one here, and nothing else is touched.
class FileSender extends HTMLElement {
  connectedCallback() {
    this.form = this.closest("form");
    this.field = this.querySelector("input[type=file]");
    this.querySelector("[data-plain]").hidden = true;
    this.field.addEventListener("change", () => this.sendAll());
  }

  async sendAll() {
    const sending = this.querySelector("[data-sending]");
    const said = this.querySelector("[data-sent]");
    const problems = [];
    this.refuse([]);
    this.field.disabled = true;
    sending.hidden = false;
    for (const file of [...this.field.files]) {
      if (file.size > Number(this.dataset.max)) {
        problems.push(this.dataset.saidLarge.replace("{name}", file.name));
        continue;
      }
      said.textContent = this.dataset.saidSending.replace("{name}", file.name);
      const problem = await this.send(file);
      if (problem) problems.push(problem);
    }
    sending.hidden = true;
    said.textContent = "";
    this.field.disabled = false;
    this.field.value = "";
    this.refuse(problems);
    if (!problems.length) announce(this.dataset.saidAdded);
  }

  // Answers what is wrong, or nothing.
  send(file) {
    const bar = this.querySelector("[data-sending] progress");
    const form = new FormData();
    for (const name of ["csrfmiddlewaretoken", "number"]) form.set(name, this.form.elements[name].value);
    form.set("files", file);
    bar.value = 0;
    return new Promise((done) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.dataset.url);
      request.upload.addEventListener("progress", (event) => {
        if (event.lengthComputable) bar.value = Math.round((100 * event.loaded) / event.total);
      });
      request.addEventListener("error", () => done(this.dataset.saidFailed));
      request.addEventListener("load", () => {
        if (request.getResponseHeader("content-type")?.startsWith("text/plain")) return done(request.responseText);
        const page = new DOMParser().parseFromString(request.responseText, "text/html");
        const files = page.querySelector("[data-files]");
        if (files) {
          this.querySelector("[data-files]").replaceChildren(...files.childNodes);
          this.form.elements.number.value = page.querySelector("[name=number]").value;
        }
        const problem = page.querySelector("[data-problem]:not([hidden]) li, .errorsummary")?.textContent.trim();
        return done(request.status < 400 && files ? "" : problem || this.dataset.saidFailed);
      });
      request.send(form);
    });
  }

  refuse(problems) {
    const list = this.querySelector("[data-problem]");
    list.hidden = !problems.length;
    list.replaceChildren(...problems.map((text) => Object.assign(document.createElement("li"), { textContent: text })));
    if (problems.length) this.field.setAttribute("aria-invalid", "true");
    else this.field.removeAttribute("aria-invalid");
    if (problems.length) announce(problems.join(" "));
  }
}
customElements.define("file-sender", FileSender);
