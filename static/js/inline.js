// Editing in place: a title or a time on a card, a cell of the table, and field by field beside the board.
//
// Double click or F2 opens a cell; Enter saves, Tab saves and goes to the next card, Escape leaves. What is typed lives
// in `edits` until the server has it, so that no swap of the board, no refusal and no lost connection takes it away.
// The editor beside the board does the same without scripts, with its Save button.

const byId = (id) => document.getElementById(id);
const say = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));
const fill = (pattern, values) => pattern.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
const typing = (element) => element.matches?.("input, textarea, select, [contenteditable]");
const board = () => byId("board");
const words = () => byId("inline-words").dataset;
const PAUSE = 700; // milliseconds without a key before a text beside the board is saved

// One request after the other: an answer that overtakes another would show an older board.
let chain = Promise.resolve();
function send(url, values) {
  const answered = chain.then(async () => {
    const before = byId("field-report");
    before.dataset.pk = "";
    await window.htmx.ajax("POST", url, { source: byId("inline-words"), target: "#field-report", swap: "outerHTML", values })
      .catch(() => null);
    const report = byId("field-report");
    return report === before || !report.dataset.pk ? null : report;
  });
  chain = answered.catch(() => null);
  return answered;
}

const toldIn = (report) => [...(report?.querySelectorAll("[data-field]") ?? [])].map((each) => ({
  field: each.dataset.field, state: each.dataset.state, seen: each.dataset.seen, value: each.dataset.value,
  note: each.textContent,
}));

// --- In place -----------------------------------------------------------------------------------------------------

const edits = new Map(); // by "12:title": { pk, field, text, was, seen, problem, taken, sent, caret }
let active = null; // the key of the one that has the focus
const keyOf = (pk, field) => `${pk}:${field}`;

const WEIGHED = { minutes: 0, environment: 1, timing: 2, learning_type: 3, grouping: 6 };
function heldIn(card, field) {
  if (field === "title") return card.querySelector(".t").textContent.trim();
  if (field === "type_key") return card.dataset.kind;
  if (field === "guidance") return card.dataset.guidance;
  if (field === "place") return `${weekOf(card)} ${card.dataset.moment}`;
  const range = field === "minutes" && card.querySelector(".m").dataset.seen;
  return range || card.dataset.weighed.split(" ")[WEIGHED[field]];
}
const weekOf = (card) => card.dataset.in ?? card.closest("[data-week]").dataset.week;

function headOf(cell) {
  const head = cell.closest("table")?.tHead.rows[0].cells[cell.cellIndex];
  return head?.dataset.inline ?? null;
}
function fieldAt(element) {
  const card = element.closest?.(".card");
  if (!card) return null;
  if (element.closest(".t")) return "title";
  if (element.closest(".m")) return "minutes";
  const cell = element.closest("td, th");
  return cell ? headOf(cell) : null;
}
function cellOf(card, field) {
  if (field === "title") return card.querySelector(".t");
  if (field === "minutes") return card.querySelector(".m");
  return [...card.cells ?? []].find((cell) => headOf(cell) === field) ?? null;
}

function begin(card, field) {
  if (!card || !cellOf(card, field)) return false;
  const key = keyOf(card.dataset.pk, field);
  if (!edits.has(key)) {
    const seen = heldIn(card, field);
    const shown = field === "minutes" && seen && !seen.includes("-") ? card.querySelector(".m").textContent.trim() : seen;
    edits.set(key, { pk: card.dataset.pk, field, text: shown, was: shown, seen });
  }
  active = key;
  draw(key);
  const label = labelOf(card, field);
  say(fill(words().picked, { label }));
  return true;
}

function labelOf(card, field) {
  const title = card.querySelector(".t").textContent;
  if (words()[field]) return fill(words()[field], { card: title });
  const name = choices(field).map((each) => each.getAttribute("aria-label")).join(", ");
  return fill(words().other, { field: name, card: title });
}
function choices(field) {
  const names = field === "place" ? ["week", "moment"] : [field];
  return names.map((name) => byId("inline-fields").content.querySelector(`[data-field="${name}"]`));
}

/** Put the form of an edit into its cell; the focus goes there if it is the active one. */
function draw(key) {
  const edit = edits.get(key);
  const card = byId(`p${edit.pk}`);
  const cell = card && cellOf(card, edit.field);
  if (!cell) return;
  let form = card.querySelector(`form.inline[data-key="${key}"]`);
  if (!form) {
    form = made(edit, key, labelOf(card, edit.field));
    if (cell.matches("td")) {
      cell.kept = [...cell.childNodes];
      cell.replaceChildren(form);
    } else {
      cell.hidden = true;
      cell.after(form);
    }
    card.classList.add("editing");
  }
  const [first] = form.elements;
  const note = form.querySelector(".errorlist");
  note.textContent = edit.problem ?? "";
  note.hidden = !edit.problem;
  first.toggleAttribute("aria-invalid", Boolean(edit.problem));
  if (edit.problem) first.setAttribute("aria-invalid", "true");
  form.classList.toggle("sent", Boolean(edit.sent));
  if (active === key && !form.contains(document.activeElement)) {
    first.focus({ preventScroll: false });
    if (first.select && edit.caret === undefined) first.select();
    else if (first.setSelectionRange) first.setSelectionRange(edit.caret, edit.caret);
  }
}

function made(edit, key, label) {
  const form = document.createElement("form");
  form.className = `inline ${edit.field}`;
  form.dataset.key = key;
  form.noValidate = true;
  const isText = edit.field === "title" || edit.field === "minutes";
  if (isText) {
    const input = document.createElement("input");
    input.value = edit.text;
    input.maxLength = edit.field === "title" ? 160 : 40;
    input.autocomplete = "off";
    input.setAttribute("aria-label", label);
    if (edit.field === "minutes") input.name = "minutes"; // the preview of the sums listens to it
    form.append(input);
  } else {
    const values = edit.text.split(" ");
    choices(edit.field).forEach((each, at) => {
      const select = each.cloneNode(true);
      select.value = values[at];
      form.append(select);
    });
  }
  const note = document.createElement("p");
  note.className = "errorlist small";
  note.id = `inline-note-${key.replace(":", "-")}`;
  note.setAttribute("role", "alert");
  note.hidden = true;
  form.append(note);
  form.elements[0].setAttribute("aria-describedby", note.id);
  form.addEventListener("input", () => {
    edit.text = valueOf(form);
    edit.caret = form.elements[0].selectionEnd ?? undefined;
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    event.stopPropagation();
    finish(key, { refocus: true });
  });
  form.addEventListener("keydown", (event) => {
    event.stopPropagation();
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      leave(key, { refocus: true });
      say(words().left);
    } else if (event.key === "Enter") {
      event.preventDefault();
      finish(key, { refocus: true });
    } else if (event.key === "Tab" && !(form.elements.length > 1 && inside(form, event))) {
      const next = neighbour(byId(`p${edit.pk}`), event.shiftKey ? -1 : 1);
      if (!next) return finish(key);
      event.preventDefault();
      finish(key);
      begin(next, edit.field);
    }
  });
  form.addEventListener("focusin", () => { active = key; });
  form.addEventListener("focusout", (event) => {
    if (form.contains(event.relatedTarget)) return;
    // A swap of the board takes the focus too; then nobody has left.
    setTimeout(() => { if (form.isConnected && !form.contains(document.activeElement) && edits.has(key)) finish(key); }, 60);
  });
  form.addEventListener("dblclick", (event) => event.stopPropagation());
  return form;
}
const valueOf = (form) => [...form.querySelectorAll("input, select")].map((each) => each.value).join(" ");
// From the week to the moment and back, within one cell.
const inside = (form, event) => {
  const all = [...form.querySelectorAll("input, select")];
  return event.shiftKey ? document.activeElement !== all[0] : document.activeElement !== all.at(-1);
};

function neighbour(card, by) {
  const cards = [...board().querySelectorAll(".card")].filter((each) => each.offsetParent);
  return cards[cards.indexOf(card) + by] ?? null;
}

function leave(key, { refocus = false } = {}) {
  const { pk } = edits.get(key);
  edits.delete(key);
  if (active === key) active = null;
  undraw(key);
  document.dispatchEvent(new CustomEvent("ghost", { detail: { card: null } }));
  if (refocus) byId(`a${pk}`)?.focus();
}

function undraw(key) {
  const form = board().querySelector(`form.inline[data-key="${key}"]`);
  if (!form) return;
  const card = form.closest(".card");
  const cell = form.parentElement.matches("td") && form.parentElement.kept ? form.parentElement : null;
  if (cell) cell.replaceChildren(...cell.kept);
  else {
    form.previousElementSibling.hidden = false;
    form.remove();
  }
  if (!card.querySelector("form.inline")) card.classList.remove("editing");
}

async function finish(key, { refocus = false } = {}) {
  const edit = edits.get(key);
  if (!edit || edit.sent) return;
  if (edit.text.trim() === edit.was.trim() && !edit.taken) return leave(key, { refocus });
  edit.sent = true;
  edit.problem = null;
  if (active === key) active = null;
  draw(key);
  if (refocus) board().focusAfter = edit.pk;
  const card = byId(`p${edit.pk}`);
  const href = card.querySelector(".t").href;
  if (edit.field === "place") return moved(key, edit, href, refocus);
  const sentText = edit.text;
  const report = await send(`${href}field/`, { field: edit.field, value: sentText, seen: edit.seen });
  settle(key, edit, toldIn(report), refocus);
  if (report) tellPanel(report);
}

/** What the server said about an edit: it is saved and goes, or it stays with the reason. */
function settle(key, edit, told, refocus) {
  edit.sent = false;
  const mine = told.find((each) => each.field === edit.field) ?? told.find((each) => each.state === "wrong");
  if (mine?.state === "saved" || (mine && mine.state === "fresh")) {
    edits.delete(key);
    undraw(key);
    if (refocus && !active) byId(`a${edit.pk}`)?.focus();
    return;
  }
  edit.problem = mine?.note || words().lost;
  if (mine?.state === "taken") {
    edit.seen = mine.seen;
    edit.taken = true; // sending it once more is a decision made with theirs in sight
  }
  if (!active) active = key;
  draw(key);
  say(edit.problem);
}

/** A week and a moment in the table are a move. */
async function moved(key, edit, href, refocus) {
  const [week, moment] = edit.text.split(" ");
  edits.delete(key);
  undraw(key);
  await chain;
  await window.htmx.ajax("POST", `${href}move/`, {
    source: byId("inline-words"), target: "#board", swap: "outerHTML",
    values: { week, moment, version: board().dataset.version },
  }).catch(() => null);
  if (refocus) byId(`a${edit.pk}`)?.focus();
}

document.addEventListener("dblclick", (event) => {
  const field = board()?.contains(event.target) && fieldAt(event.target);
  if (!field) return;
  event.preventDefault();
  getSelection().removeAllRanges();
  begin(event.target.closest(".card"), field);
});

document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card");
  if (!card || !board().contains(card) || typing(event.target) || board().held) return;
  const cell = event.target.matches("td[tabindex]") ? headOf(event.target) : null;
  if (event.key === "F2" || (event.key === "Enter" && cell)) {
    event.preventDefault();
    begin(card, cell ?? (event.shiftKey ? "minutes" : "title"));
  }
});

// A fresh board knows nothing of what is being typed: it is put back, with the focus where it was.
function redraw() {
  for (const key of [...edits.keys()]) if (byId(`p${edits.get(key).pk}`)) draw(key);
}
new MutationObserver((changes) => {
  if (changes.some((change) => [...change.addedNodes].some((node) => node.id === "board"))) redraw();
}).observe(byId("studio").firstElementChild, { childList: true });

// --- Beside the board ---------------------------------------------------------------------------------------------

const OWN = new Set(["type_key", "refresh", "view", "seen", "settings_for", "csrfmiddlewaretoken", "lens"]);
const saves = new WeakMap(); // by form: { seen, dirty, waiting, timer, url }
const editor = () => byId("panel").querySelector("form[data-saves]");

function stateOf(form) {
  if (!saves.has(form)) {
    saves.set(form, {
      url: form.dataset.saves, seen: JSON.parse(form.dataset.seen), dirty: new Set(), waiting: new Set(), timer: 0,
    });
  }
  return saves.get(form);
}

const controls = (form, name) => [...form.querySelectorAll(`[name="${CSS.escape(name)}"]`)];
function valuesOf(form, name) {
  return controls(form, name)
    .filter((each) => !["checkbox", "radio"].includes(each.type) || each.checked)
    .map((each) => each.value);
}
const saidOf = (form, name) => valuesOf(form, name).join(",");

function touched(event) {
  const form = event.target.closest?.("#panel form[data-saves]");
  const { name } = event.target;
  if (!form || !name || OWN.has(name)) return;
  const state = stateOf(form);
  if (!(name in state.seen)) return;
  if (event.type === "change" && !state.dirty.has(name) && event.target.matches("input:not([type=checkbox], [type=radio]), textarea")) return;
  state.dirty.add(name);
  clearTimeout(state.timer);
  note(form, name, "");
  state.timer = setTimeout(() => flush(form), event.type === "change" ? 0 : PAUSE);
}
document.addEventListener("input", touched);
document.addEventListener("change", touched);

async function flush(form) {
  const state = stateOf(form);
  clearTimeout(state.timer);
  if (state.busy) {
    state.again = true;
    return;
  }
  const names = [...state.dirty];
  if (!names.length) return;
  state.busy = true;
  // What was refused before may be right together with what has just changed, as a second type and its share.
  const together = [...new Set([...names, ...state.waiting])];
  let report = await push(form, state, together);
  const refusedTogether = together.length > 1 && toldIn(report).some((each) => each.state === "wrong");
  if (refusedTogether) for (const name of names) report = await push(form, state, [name]);
  state.busy = false;
  if (state.again || (report && [...state.dirty].some((name) => !state.waiting.has(name)))) {
    state.again = false;
    flush(form);
  }
}

async function push(form, state, names) {
  const values = { field: names };
  const sent = {};
  for (const name of names) {
    values[name] = valuesOf(form, name);
    values[`seen-${name}`] = state.seen[name];
    sent[name] = saidOf(form, name);
    note(form, name, words().saving, "busy");
  }
  const report = await send(state.url, values);
  if (!report) {
    for (const name of names) note(form, name, words().lost, "wrong");
    return null;
  }
  const told = toldIn(report);
  const refused = told.some((each) => each.state === "wrong");
  for (const name of names) {
    state.dirty.delete(name);
    if (refused) state.waiting.add(name);
    else if (!told.some((each) => each.field === name && each.state === "taken")) state.waiting.delete(name);
    if (refused && !told.some((each) => each.field === name)) note(form, name, "");
    if (saidOf(form, name) !== sent[name]) state.dirty.add(name); // typed on meanwhile
  }
  apply(form, state, report);
  return report;
}

/** Tell the editor what a report says: what is saved, what is wrong, what somebody else has changed. */
function apply(form, state, report) {
  for (const told of toldIn(report)) {
    if (!(told.field in state.seen)) continue;
    if (told.state === "wrong") {
      note(form, told.field, told.note, "wrong");
      continue;
    }
    if (told.state === "taken") {
      conflict(form, state, told);
      continue;
    }
    state.seen[told.field] = told.seen;
    const theirs = told.value !== undefined && !state.dirty.has(told.field) && !state.waiting.has(told.field);
    if (theirs && !controls(form, told.field).includes(document.activeElement)) setValue(form, told.field, told.value);
    if (told.state === "saved") note(form, told.field, told.note, "saved");
  }
  const title = byId("panel").querySelector("[data-panel-title]");
  if (title && report.dataset.title) title.textContent = report.dataset.title;
  const gaps = byId("panel").querySelector("[data-panel-missing]");
  const missing = report.querySelector("[data-missing]");
  if (gaps && !toldIn(report).some((each) => each.state === "wrong")) {
    gaps.hidden = !missing;
    if (missing) gaps.querySelector("span").textContent = missing.textContent;
  }
}

function setValue(form, name, value) {
  const all = controls(form, name);
  const chosen = value.split(",");
  for (const each of all) {
    if (each.type === "checkbox" || each.type === "radio") {
      each.checked = all.length > 1 ? chosen.includes(each.value) : value !== "";
    } else each.value = value;
  }
}

function conflict(form, state, told) {
  const place = note(form, told.field, told.note, "wrong");
  if (!place) return;
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "btn s";
    made.textContent = text;
    made.addEventListener("click", () => {
      state.seen[told.field] = told.seen;
      state.waiting.delete(told.field);
      act();
      controls(form, told.field)[0]?.focus();
    });
    return made;
  };
  const line = document.createElement("span");
  line.className = "line";
  line.append(
    button(words().mine, () => { state.dirty.add(told.field); flush(form); }),
    button(words().theirs, () => {
      state.dirty.delete(told.field);
      setValue(form, told.field, told.value ?? "");
      note(form, told.field, "");
    }),
  );
  place.append(line);
}

/** Say something at a field: that it is saved, or why it is not. */
function note(form, name, text, tone = "") {
  const [control] = controls(form, name);
  const field = control?.closest(".field");
  if (!field) return null;
  const id = `saved-${control.id || name}`;
  let place = byId(id);
  if (!place) {
    place = document.createElement("div");
    place.id = id;
    field.append(place);
    for (const each of controls(form, name)) {
      each.setAttribute("aria-describedby", `${each.getAttribute("aria-describedby") ?? ""} ${id}`.trim());
    }
  }
  place.className = `fieldnote ${tone}`;
  place.textContent = text;
  for (const each of controls(form, name)) {
    if (tone === "wrong") each.setAttribute("aria-invalid", "true");
    else each.removeAttribute("aria-invalid");
  }
  if (tone === "wrong") {
    say(text);
    const fold = field.closest("details");
    if (fold) fold.open = true;
  }
  return place;
}

/** An edit on the board is news for the editor beside it. */
function tellPanel(report) {
  const form = editor();
  if (!form || byId("panel").firstElementChild.dataset.card !== report.dataset.pk) return;
  if (toldIn(report).some((each) => each.state === "saved")) apply(form, stateOf(form), report);
}

// Enter in a field saves it; the whole form is only sent without scripts.
document.addEventListener("submit", (event) => {
  const form = event.target.closest?.("#panel form[data-saves]");
  if (!form || event.submitter?.name === "refresh") return;
  event.preventDefault();
  event.stopImmediatePropagation();
  flush(form);
}, true);

// What an undo or a move changed of the open card shows in its editor too, unless somebody is typing there.
let quiet = false;
document.addEventListener("htmx:afterRequest", (event) => {
  const { requestConfig, xhr, target } = event.detail;
  const form = editor();
  if (!form || requestConfig?.verb !== "post" || xhr.status >= 300 || target?.id !== "board") return;
  const state = stateOf(form);
  if (state.dirty.size || state.waiting.size || form.contains(document.activeElement)) return;
  const { card } = byId("panel").firstElementChild.dataset;
  const link = byId(`a${card}`);
  if (!link) {
    byId("panel").replaceChildren();
    return;
  }
  quiet = true;
  window.htmx.ajax("GET", link.href, { source: byId("inline-words"), target: "#panel", swap: "innerHTML" })
    .finally(() => { quiet = false; });
});
// A panel that comes by itself, or while somebody types on the board, does not take the focus.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.target.id !== "panel" || !(quiet || active)) return;
  event.detail.serverResponse = event.detail.serverResponse.replaceAll(" data-focus", "");
});

// What somebody typed and has not been taken yet is worth a question before the page goes.
addEventListener("beforeunload", (event) => {
  const form = editor();
  const state = form && stateOf(form);
  if (![...edits.values()].some((edit) => edit.text !== edit.was) && !state?.dirty.size) return;
  if (state?.dirty.size) flush(form);
  event.preventDefault();
});
