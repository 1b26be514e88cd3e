// A quiz while it is answered, and while its result is awaited. Everything here is comfort over plain forms, and one
// promise: an answer that was given is kept, on the server or on this device, until the server has it.
//
// <quiz-attempt>  shows one question at a time; saves each answer as it is given, one after the other, in order; keeps
//                 what is not acknowledged in localStorage under quiz:ATTEMPT:QUESTION; counts down by the server's clock
// <quiz-waiting>  asks for the result, less and less often, and puts it into the page

const PAUSES = [1000, 2000, 4000]; // after a failed save; trust.md F3 asks that it is sent within 5 seconds
const TYPING = 700; // after the last key
const TYPING_AT_MOST = 4000; // never longer than this after the first: what is typed at the end of the time counts
const SIGNED_OUT_PAUSE = 5000;
const KEEP_DRAFTS = 30 * 24 * 3600 * 1000;

const sleep = (ms) => new Promise((done) => setTimeout(done, ms));
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

// The token of the cookie and not of the page: signing in again in another tab changes it (trust.md F46).
function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("meta[name=csrf-token]").content;
}

function ask(url, body = null) {
  return fetch(url, {
    method: body ? "POST" : "GET",
    body,
    keepalive: Boolean(body), // a save that has left goes on when the tab is closed
    signal: AbortSignal.timeout(15000),
    // Says that a piece is wanted: a signed-out reader gets 401 and not a sign-in page.
    headers: body ? { "HX-Request": "true", "X-CSRFToken": token() } : { "HX-Request": "true" },
  });
}

// The panel of the page is replaced; what stands beside it (the bell) comes along out of band.
function swap(html) {
  const target = document.getElementById("quiz");
  window.htmx.swap(target, html, { swapStyle: "outerHTML" }, { eventInfo: { target } });
  const focus = document.querySelector("#quiz [data-focus]");
  if (!focus) return;
  focus.focus();
  announce(focus.textContent.trim());
}

// --- Values -------------------------------------------------------------------------------------------------------

const plain = (value) => {
  if (typeof value === "string") return value.trim() || null;
  if (Array.isArray(value)) return value.length ? [...value].sort() : null;
  if (value && typeof value === "object") {
    const pairs = Object.entries(value).filter(([, option]) => option).sort(([a], [b]) => (a < b ? -1 : 1));
    return pairs.length ? pairs : null;
  }
  return value ?? null;
};
const same = (a, b) => JSON.stringify(plain(a)) === JSON.stringify(plain(b));

// The fields of one question. `initial` reads what the server drew, whatever the browser has put there since.
class Fields {
  constructor(section) {
    this.section = section;
    this.key = section.dataset.question;
    this.kind = section.dataset.kind;
    this.controls = [...section.querySelectorAll(`[name^="q-"]`)];
  }
  read(initial = false) {
    const chosen = this.controls.filter((control) => (initial ? control.defaultChecked : control.checked));
    switch (this.kind) {
      case "single": return chosen[0]?.value ?? null;
      case "truefalse": return chosen.length ? chosen[0].value === "true" : null;
      case "multiple": return chosen.length ? chosen.map((control) => control.value) : null;
      case "matching": {
        const pairs = {};
        for (const select of this.controls) {
          const drawn = [...select.options].find((option) => option.defaultSelected)?.value ?? "";
          const value = initial ? drawn : select.value;
          if (value) pairs[select.dataset.pair] = value;
        }
        return Object.keys(pairs).length ? pairs : null;
      }
      default: return (initial ? this.controls[0].defaultValue : this.controls[0].value) || null;
    }
  }
  write(value) {
    for (const control of this.controls) {
      if (control.type === "radio" || control.type === "checkbox") {
        control.checked = [value].flat().some((one) => String(one) === control.value);
      } else if (control.dataset.pair) control.value = value?.[control.dataset.pair] ?? "";
      else control.value = value ?? "";
    }
  }
  append(body, value) {
    if (value === null) return;
    for (const control of this.controls) {
      if (control.type === "radio" || control.type === "checkbox") {
        if ([value].flat().some((one) => String(one) === control.value)) body.append(control.name, control.value);
      } else body.append(control.name, control.dataset.pair ? (value[control.dataset.pair] ?? "") : value);
    }
  }
  words(value, none) {
    if (plain(value) === null) return none;
    const said = this.controls.map((control) => {
      if (control.type === "radio" || control.type === "checkbox") {
        const chosen = [value].flat().some((one) => String(one) === control.value);
        return chosen ? control.closest("label").textContent.trim() : "";
      }
      if (!control.dataset.pair) return String(value);
      const option = [...control.options].find((each) => each.value === value[control.dataset.pair]);
      return option?.value ? `${control.labels[0].textContent.trim()} → ${option.textContent}` : "";
    });
    return said.filter(Boolean).join("; ");
  }
}

// --- Drafts -------------------------------------------------------------------------------------------------------

// What the server does not have yet. SECURITY: gone with the receipt, with the result and at signing out (app.js).
class Drafts {
  constructor(attempt) { this.prefix = `quiz:${attempt}:`; }
  static each(act) {
    try {
      for (const name of Object.keys(localStorage)) if (name.startsWith("quiz:")) act(name, JSON.parse(localStorage.getItem(name)));
    } catch { /* no storage in this window: what is typed lives as long as the page */ }
  }
  put(key, value, base) {
    try {
      localStorage.setItem(this.prefix + key, JSON.stringify({ value, base, at: Date.now() }));
    } catch { /* as above */ }
  }
  drop(key) {
    try { localStorage.removeItem(this.prefix + key); } catch { /* as above */ }
  }
  all() {
    const found = [];
    Drafts.each((name, draft) => {
      if (name.startsWith(this.prefix)) found.push([name.slice(this.prefix.length), draft]);
    });
    return found;
  }
  clear() { for (const [key] of this.all()) this.drop(key); }
}
Drafts.each((name, draft) => { if (!(Date.now() - draft?.at < KEEP_DRAFTS)) localStorage.removeItem(name); });

// --- Answering ----------------------------------------------------------------------------------------------------

class QuizAttempt extends HTMLElement {
  connectedCallback() {
    if (this.form) return;
    this.form = this.querySelector("form");
    this.questions = new Map();
    for (const section of this.querySelectorAll("[data-kind]")) {
      const fields = new Fields(section);
      this.questions.set(fields.key, fields);
    }
    this.steps = [...this.questions.keys(), "end"];
    this.revision = Number(this.dataset.revision);
    this.drafts = new Drafts(this.dataset.attempt);
    this.saved = new Map(); // what the server has
    this.unsent = new Map(); // what it has not
    this.refused = new Map(); // what it does not take, with its reason
    this.conflicts = new Map(); // what another tab saved meanwhile
    this.due = new Map(); // when a text that is being typed is sent at the latest
    this.failures = 0;
    for (const [key, fields] of this.questions) {
      this.saved.set(key, fields.read(true));
      fields.write(this.saved.get(key));
    }

    this.leaving = new AbortController();
    const { signal } = this.leaving;
    this.form.addEventListener("change", (event) => this.given(event, 0), { signal });
    this.form.addEventListener("input", (event) => this.given(event, TYPING), { signal });
    this.form.addEventListener("submit", (event) => this.submitted(event), { signal });
    this.addEventListener("click", (event) => this.clicked(event), { signal });
    addEventListener("hashchange", () => this.show(this.named(), true), { signal });
    addEventListener("online", () => this.wake(), { signal });
    addEventListener("focus", () => this.wake(), { signal });
    addEventListener("pageshow", (event) => { if (event.persisted) this.look(); }, { signal });
    addEventListener("pagehide", () => this.wake(), { signal });
    addEventListener("beforeunload", (event) => { if (this.isBehind) event.preventDefault(); }, { signal });
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.wake(); else this.look();
    }, { signal });

    this.querySelector("[data-steps]").hidden = false;
    for (const button of this.querySelectorAll("[data-plain]")) button.hidden = true;
    this.takeUpDrafts();
    for (const key of this.questions.keys()) this.mark(key);
    const begun = [...this.saved.values()].some((value) => value !== null);
    const open = this.steps.find((key) => key !== "end" && this.questions.get(key).read() === null);
    this.show(this.named() ?? (begun ? open ?? "end" : this.steps[0]), false);
    this.startClock(signal);
    this.pump();
  }

  disconnectedCallback() {
    this.leaving?.abort();
    clearInterval(this.ticking);
    clearTimeout(this.timer);
    this.over = true;
    document.querySelector("[data-timer]")?.remove();
  }

  get isBehind() { return !this.over && (this.unsent.size > 0 || Boolean(this.inFlight)); }

  say(name, values = {}) {
    return Object.entries(values).reduce((text, [key, value]) => text.replace(`{${key}}`, value), this.dataset[name]);
  }

  // --- Saving

  given(event, pause) {
    const key = event.target.closest("[data-kind]")?.dataset.question;
    if (!key || this.over) return;
    const typed = event.target.type === "text";
    if (typed !== (event.type === "input") && pause) return; // radios and lists say "change" as well
    this.keep(key);
    const now = Date.now();
    if (!typed || !pause) this.due.delete(key);
    else this.due.set(key, { soon: now + TYPING, last: this.due.get(key)?.last ?? now + TYPING_AT_MOST });
    this.pump();
  }

  keep(key) {
    const fields = this.questions.get(key);
    const value = fields.read();
    this.refused.delete(key);
    this.problem(key, "");
    const echo = fields.section.querySelector("[data-echo]");
    if (echo) echo.textContent = "";
    if (same(value, this.saved.get(key)) && this.inFlight !== key) {
      this.unsent.delete(key);
      this.drafts.drop(key);
    } else {
      this.unsent.set(key, value);
      this.drafts.put(key, value, this.saved.get(key));
    }
    this.mark(key);
  }

  // What this device kept and the server never acknowledged goes out again by itself (trust.md F3).
  takeUpDrafts() {
    for (const [key, draft] of this.drafts.all()) {
      const fields = this.questions.get(key);
      if (!fields || same(draft.value, this.saved.get(key))) { this.drafts.drop(key); continue; }
      fields.write(draft.value);
      this.unsent.set(key, draft.value);
      if (!same(draft.base, this.saved.get(key))) this.dispute(key, this.saved.get(key));
    }
  }

  wake() {
    this.due.clear();
    this.pause?.();
    this.pump();
  }

  next() {
    const now = Date.now();
    let wait = Infinity;
    for (const key of this.unsent.keys()) {
      if (this.refused.has(key) || this.conflicts.has(key)) continue;
      const due = this.due.get(key);
      const at = due ? Math.min(due.soon, due.last) : 0;
      if (at <= now) return { key };
      wait = Math.min(wait, at - now);
    }
    return { wait };
  }

  // One save at a time: each names the revision that it follows.
  async pump() {
    if (this.pumping || this.over) return;
    this.pumping = true;
    try {
      for (;;) {
        const { key, wait } = this.next();
        if (!key) {
          clearTimeout(this.timer);
          if (wait < Infinity) this.timer = setTimeout(() => this.pump(), wait);
          break;
        }
        this.due.delete(key);
        if (!(await this.send(key))) await this.hold();
        if (this.over) break;
      }
    } finally {
      this.pumping = false;
    }
    this.report();
  }

  hold() {
    const pause = this.signedOut ? SIGNED_OUT_PAUSE : PAUSES[Math.min(this.failures, PAUSES.length) - 1] ?? PAUSES[0];
    return new Promise((done) => {
      const timer = setTimeout(done, pause + Math.random() * 300);
      this.pause = () => { clearTimeout(timer); done(); };
    });
  }

  async send(key) {
    const value = this.unsent.get(key);
    const body = new URLSearchParams({ attempt: this.dataset.attempt, based_on: this.revision, question: key });
    this.questions.get(key).append(body, value);
    this.inFlight = key;
    this.status("busy", this.say("saidSaving"));
    const begun = performance.now();
    try {
      const response = await ask(this.dataset.answer, body);
      return await this.answered(response, key, value, begun);
    } catch {
      this.failed(navigator.onLine ? "saidKept" : "saidOffline");
      return false;
    } finally {
      this.inFlight = null;
    }
  }

  async answered(response, key, value, begun) {
    if (response.status === 401) return this.failedSignedOut();
    if (response.status === 409) { await this.refusedAsOld(await response.json(), key); return true; }
    if (response.status === 422) {
      const { message } = await response.json();
      this.refused.set(key, message);
      this.problem(key, message);
      this.mark(key);
      return true;
    }
    if (!response.ok || response.redirected) { this.failed("saidKept"); return false; }
    const receipt = await response.json();
    this.sync(receipt.at, begun);
    this.failures = 0;
    this.signedOut = false;
    this.revision = receipt.revision;
    this.saved.set(key, value);
    this.savedAt = receipt.clock;
    if (same(this.unsent.get(key), value)) {
      this.unsent.delete(key);
      this.drafts.drop(key);
    } else this.drafts.put(key, this.unsent.get(key), value);
    const echo = this.questions.get(key).section.querySelector("[data-echo]");
    if (echo && !this.unsent.has(key)) echo.textContent = receipt.echo ?? "";
    return true;
  }

  failed(words) {
    this.failures += 1;
    this.status("failed", this.say(words));
  }

  failedSignedOut() {
    this.signedOut = true;
    const link = document.createElement("a");
    link.href = `${this.dataset.login}?next=${encodeURIComponent(this.dataset.page)}`;
    link.target = "_blank";
    link.textContent = this.say("saidSignIn");
    this.status("failed", this.say("saidSignedOut"), link);
    return false;
  }

  async refusedAsOld(told, key) {
    if (told.reason === "closed") { this.leave(); return; }
    this.revision = told.revision;
    for (const [each, fields] of this.questions) {
      const remote = told.answers[each] ?? null;
      const before = this.saved.get(each);
      this.saved.set(each, remote);
      if (same(remote, before)) continue;
      if (!this.unsent.has(each)) { fields.write(remote); this.mark(each); continue; }
      if (same(remote, this.unsent.get(each))) { this.unsent.delete(each); this.drafts.drop(each); this.mark(each); continue; }
      this.dispute(each, remote);
    }
    // Nobody but this tab touched the question: its answer follows the other tab's.
    if (this.unsent.has(key)) this.drafts.put(key, this.unsent.get(key), this.saved.get(key));
  }

  // Two answers to one question: both stay until the student says which (trust.md F1).
  dispute(key, remote) {
    this.conflicts.set(key, remote);
    const fields = this.questions.get(key);
    fields.section.querySelector("[data-dispute]")?.remove();
    const none = this.say("saidNone");
    const box = document.createElement("div");
    box.className = "notice c-warn";
    box.dataset.dispute = "";
    box.setAttribute("role", "alert");
    const inner = document.createElement("div");
    const title = document.createElement("b");
    title.textContent = this.say("saidOther");
    const words = document.createElement("p");
    words.textContent = `${this.say("saidThere")}: ${fields.words(remote, none)}. ${this.say("saidHere")}: ${fields.words(fields.read(), none)}.`;
    const actions = document.createElement("div");
    actions.className = "actions";
    for (const [text, act] of [
      [this.say("saidKeep"), () => this.settle(key, true)],
      [this.say("saidTake"), () => this.settle(key, false)],
    ]) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = text;
      button.addEventListener("click", act);
      actions.append(button);
    }
    inner.append(title, words, actions);
    box.append(document.createElement("span"), inner);
    fields.section.querySelector(".ask").after(box);
    this.mark(key);
    this.show(key, true);
  }

  settle(key, mine) {
    const fields = this.questions.get(key);
    const remote = this.conflicts.get(key);
    this.conflicts.delete(key);
    fields.section.querySelector("[data-dispute]")?.remove();
    this.saved.set(key, remote);
    if (!mine) fields.write(remote);
    this.keep(key);
    fields.section.querySelector("h2").focus();
    this.pump();
  }

  // --- Saying what is saved

  report() {
    if (this.over || this.failures || this.signedOut) return;
    const [problem] = [...this.refused.values()];
    if (this.conflicts.size) this.status("failed", this.say("saidOther"));
    else if (problem) this.status("failed", this.say("saidRefused", { problem }));
    else if (!this.unsent.size && this.savedAt) this.status("", this.say("saidSaved", { time: this.savedAt }));
  }

  status(state, text, link = null) {
    const place = this.querySelector("[data-status]");
    if (place.dataset.text === text) return;
    place.dataset.text = text;
    place.className = `saved ${state}`.trim();
    const icon = state === "" ? "check" : state === "failed" ? "cloud-off" : null;
    const said = document.createElement("span");
    said.textContent = text;
    // "Saving" is seen and not read out: the answer to it comes in a moment.
    if (state === "busy") said.setAttribute("aria-hidden", "true");
    if (link) said.append(" ", link);
    place.replaceChildren(...(icon ? [this.icon(icon)] : []), said);
  }

  icon(name) {
    const known = this.querySelector("[data-hand-in] use").getAttribute("href");
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("class", "ic s");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
    use.setAttribute("href", `${known.split("#")[0]}#${name}`);
    svg.append(use);
    return svg;
  }

  problem(key, text) {
    const line = this.querySelector(`#problem-${key}`);
    line.querySelector("[data-problem]").textContent = text;
    line.hidden = !text;
    for (const control of this.questions.get(key).controls) {
      if (text) control.setAttribute("aria-invalid", "true"); else control.removeAttribute("aria-invalid");
    }
  }

  mark(key) {
    const dot = this.querySelector(`[data-dot="${key}"]`);
    const answered = plain(this.questions.get(key).read()) !== null;
    dot.classList.toggle("a", answered);
    dot.classList.toggle("refused", this.refused.has(key) || this.conflicts.has(key));
    dot.querySelector("[data-dot-said]").textContent = `, ${this.say(answered ? "saidAnswered" : "saidOpen")}`;
    this.summarise();
  }

  summarise() {
    const open = [...this.questions.keys()].filter((key) => plain(this.questions.get(key).read()) === null);
    const total = this.questions.size;
    const said = document.createElement("p");
    said.textContent = open.length
      ? this.say("saidSome", { count: total - open.length, total })
      : this.say("saidAll", { total });
    const list = document.createElement("ul");
    for (const key of open) {
      const item = document.createElement("li");
      const link = document.createElement("a");
      link.className = "chip";
      link.href = `#q-${key}`;
      link.dataset.dot = "";
      link.textContent = this.questions.get(key).section.querySelector("h2").textContent.split("·")[0].trim();
      item.append(link);
      list.append(item);
    }
    this.querySelector("[data-summary]").replaceChildren(said, ...(open.length ? [list] : []));
  }

  // --- Going from question to question

  named() {
    const key = location.hash.startsWith("#q-") ? location.hash.slice(3) : null;
    return this.steps.includes(key) ? key : null;
  }

  show(key, focus) {
    if (!this.steps.includes(key)) return;
    this.current = key;
    for (const section of this.querySelectorAll("[data-question]")) section.hidden = section.dataset.question !== key;
    for (const dot of this.querySelectorAll("nav [data-dot]")) {
      if (dot.dataset.dot === key) dot.setAttribute("aria-current", "step"); else dot.removeAttribute("aria-current");
    }
    const index = this.steps.indexOf(key);
    this.querySelector("[data-back]").disabled = index === 0;
    const next = this.querySelector("[data-next]");
    next.hidden = key === "end";
    next.textContent = this.say(this.steps[index + 1] === "end" ? "saidEnd" : "saidNext");
    history.replaceState(null, "", `#q-${key}`);
    if (!focus) return;
    const heading = this.querySelector(`#h-${key}`);
    heading.focus({ preventScroll: true });
    if (this.getBoundingClientRect().top < 0) this.scrollIntoView({ block: "start" });
  }

  clicked(event) {
    const link = event.target.closest("a[href^='#q-']");
    if (link) {
      event.preventDefault();
      this.show(link.getAttribute("href").slice(3), true);
    } else if (event.target.closest("[data-next]")) this.show(this.steps[this.steps.indexOf(this.current) + 1], true);
    else if (event.target.closest("[data-back]")) this.show(this.steps[this.steps.indexOf(this.current) - 1], true);
  }

  // --- Handing in

  submitted(event) {
    event.preventDefault();
    if (event.submitter?.matches("[data-hand-in]")) this.handIn(false);
    else this.show(this.steps[this.steps.indexOf(this.current) + 1], true); // Enter in a text goes on
  }

  async handIn(timeUp) {
    if (this.handing && !timeUp) return;
    if (this.handing) { this.timeUp = true; return; }
    this.handing = true;
    this.timeUp = timeUp;
    const button = this.querySelector("[data-hand-in]");
    button.setAttribute("aria-disabled", "true");
    this.wake();
    // The last answers go first, each under its own number; at the end of the time there are two seconds for that.
    for (let waited = 0; this.isBehind && !this.blocked && waited < (this.timeUp ? 2000 : 8000); waited += 50) await sleep(50);
    while (!this.over && this.handing) {
      if (this.blocked && !this.timeUp) { this.stopHandingIn(button); return; }
      this.status("busy", this.say(this.timeUp ? "saidOver" : "saidHanding"));
      if (await this.sendAll(button)) return;
      await this.hold();
    }
  }

  get blocked() { return this.refused.size > 0 || this.conflicts.size > 0; }

  stopHandingIn(button) {
    this.handing = false;
    button.removeAttribute("aria-disabled");
    const [key] = [...this.conflicts.keys(), ...this.refused.keys()];
    this.show(key, true);
    this.status("failed", this.say("saidUnread"));
    announce(this.say("saidUnread"));
  }

  async sendAll(button) {
    const body = new URLSearchParams({ attempt: this.dataset.attempt, based_on: this.revision });
    if (this.timeUp) body.append("time_up", "1");
    for (const [key, value] of this.unsent) {
      if (this.refused.has(key) || this.conflicts.has(key)) continue;
      body.append("asked", key);
      this.questions.get(key).append(body, value);
    }
    try {
      const response = await ask(this.dataset.submit, body);
      if (response.status === 401) return this.failedSignedOut();
      if (response.status === 404) { this.leave(); return true; }
      if (response.status === 409) {
        const told = await response.json();
        await this.refusedAsOld(told, "");
        if (this.timeUp) for (const key of this.conflicts.keys()) this.unsent.delete(key);
        return this.over;
      }
      if (response.status === 422) {
        for (const [key, text] of Object.entries((await response.json()).problems)) {
          this.refused.set(key, text);
          this.problem(key, text);
          this.mark(key);
        }
        return false;
      }
      if (!response.ok || response.redirected) { this.failed("saidKept"); return false; }
      const html = await response.text();
      this.over = true;
      this.drafts.clear();
      swap(html);
      return true;
    } catch {
      this.failed(navigator.onLine ? "saidKept" : "saidOffline");
      return false;
    }
  }

  // The attempt is over on the server: its page says what became of it.
  leave() {
    if (this.over) return;
    this.over = true;
    this.drafts.clear();
    location.replace(this.dataset.page);
    if (location.hash) location.reload();
  }

  // --- The clock is the server's; the device's may be wrong or be changed (trust.md F17)

  startClock(signal) {
    const arrived = performance.getEntriesByType("navigation")[0]?.responseStart || performance.now();
    this.clock = { server: Number(this.dataset.now), here: arrived };
    if (!this.dataset.ends) return;
    this.ends = Number(this.dataset.ends);
    this.left = this.ends - this.now();
    this.wall = Date.now() - performance.now();
    this.tick();
    this.ticking = setInterval(() => this.tick(), 250);
    signal.addEventListener("abort", () => clearInterval(this.ticking));
  }

  sync(server, begun) {
    const here = (begun + performance.now()) / 2;
    // The answer with the shortest way tells the time best; a long one may be off by seconds.
    if (performance.now() - begun < 2000) this.clock = { server, here };
  }

  now() { return this.clock.server + performance.now() - this.clock.here; }

  tick() {
    const wall = Date.now() - performance.now();
    if (Math.abs(wall - this.wall) > 2000) { this.wall = wall; this.look(); } // slept, or the device's clock was set
    const before = this.left;
    this.left = this.ends - this.now();
    const seconds = Math.max(0, Math.ceil(this.left / 1000));
    const text = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
      .slice(seconds >= 3600 ? 0 : 1).map((part, index) => (index ? String(part).padStart(2, "0") : part)).join(":");
    const place = document.querySelector("[data-left]");
    if (place.dataset.text !== text) {
      place.dataset.text = text;
      const [start, end] = this.say("saidLeft").split("{time}");
      const time = document.createElement("b");
      time.className = "num";
      time.textContent = text;
      place.replaceChildren(start, time, end);
      document.querySelector("[data-timer]").classList.toggle("soon", seconds <= 60);
    }
    if (before > 300000 && this.left <= 300000) announce(this.say("saidMinutes", { count: 5 }));
    if (before > 60000 && this.left <= 60000) announce(this.say("saidMinute"));
    if (this.left <= 0 && !this.ended) {
      this.ended = true;
      announce(this.say("saidOver"));
      this.handIn(true);
    }
  }

  // After a sleep: what time is it, and is the attempt still open?
  async look() {
    this.wake();
    const begun = performance.now();
    try {
      const response = await ask(`${this.dataset.state}?attempt=${this.dataset.attempt}`);
      if (response.status === 401) { this.failedSignedOut(); return; }
      if (!response.ok) return;
      const told = await response.json();
      this.sync(told.at, begun);
      if (told.ends_at && this.ends) this.ends = told.ends_at;
      if (this.signedOut) { this.signedOut = false; this.wake(); this.report(); }
      if (told.state !== "open") this.leave();
    } catch { /* the next save tells */ }
  }
}
customElements.define("quiz-attempt", QuizAttempt);

// --- Waiting ------------------------------------------------------------------------------------------------------

class QuizWaiting extends HTMLElement {
  connectedCallback() {
    new Drafts(this.dataset.attempt).clear();
    this.begun = Date.now();
    this.wait(300);
  }
  disconnectedCallback() { clearTimeout(this.timer); }
  wait(pause) {
    this.timer = setTimeout(() => this.look(pause), document.hidden ? Math.max(pause, 5000) : pause);
  }
  async look(pause) {
    try {
      const response = await ask(this.dataset.result);
      if (response.status === 200 && !response.redirected) { swap(await response.text()); return; }
    } catch { /* asked again below */ }
    if (Date.now() - this.begun > 60000) this.querySelector("[data-long]").hidden = false;
    if (this.isConnected) this.wait(Math.min(pause * 1.5, 8000));
  }
}
customElements.define("quiz-waiting", QuizWaiting);
