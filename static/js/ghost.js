// The ghost preview: what the totals and the balance would become, beside what they are, before the server is asked.
//
// Whoever carries or edits a card sends the event `ghost` with { card, from, changes }: what it was, where that differs
// from what the card now looks like, and what it would be. `said` and `total` come back in the detail. Without a card
// the preview goes. Typing in the form of a card, beside the board or on it, is listened to here.
//
// Everything is worked out from what the cards say of themselves (data-weighed) and shown next to the old figures; the
// answer of the server, or a cancel, takes it away again. The sums are those of courses.balance: minutes by value, the
// second learning type its share (halves up), percentages by largest remainder.

const byId = (id) => document.getElementById(id);
const DIMENSIONS = {
  environment: (card) => [[card.environment, card.minutes]],
  timing: (card) => [[card.timing, card.minutes]],
  grouping: (card) => [[card.grouping, card.minutes]],
  learning_type: (card) => {
    const second = card.second === "-" || card.second === card.type ? 0 : Math.floor((2 * card.minutes * card.share + 100) / 200);
    return second ? [[card.type, card.minutes - second], [card.second, second]] : [[card.type, card.minutes]];
  },
};

/** What a card brings to the sums. */
function weighed(element) {
  const [minutes, environment, timing, type, second, share, grouping] = element.dataset.weighed.split(" ");
  return {
    minutes: Number(minutes) || 0, environment, timing, type, second, share: Number(share), grouping,
    week: element.closest("[data-week]").dataset.week,
  };
}

/** Minutes as people type them: 90, 1:30, 1h30, 1.5 h, 60-90 (the middle); null for what is no time. */
function minutesIn(text) {
  const said = text.trim().toLowerCase().replace(",", ".");
  if (!said) return 0;
  const range = said.match(/^(.+?)\s*(?:-|–|to)\s*(.+)$/);
  if (range) {
    const [low, high] = [minutesIn(range[1]), minutesIn(range[2])];
    return low && high && low < high ? Math.floor((low + high + 1) / 2) : null;
  }
  const clock = said.match(/^(\d+)(?::|\s*(?:h|u|hours?|uur)\s*)([0-5]?\d)\s*(?:m|min|minutes?)?\.?$/);
  if (clock) return Number(clock[1]) * 60 + Number(clock[2]);
  const hours = said.match(/^(\d+(?:\.\d+)?)\s*(?:h|hrs?|u|hours?|uur)\.?$/);
  if (hours) return Math.round(Number(hours[1]) * 60);
  const plain = said.match(/^(\d+)\s*(?:m|min|mins|minutes?|minuten|')?\.?$/);
  return plain ? Number(plain[1]) : null;
}

/** `8 min`, `1 h`, `1 h 30`, in the words of the page. */
function written(minutes) {
  const { hour, minute } = byId("board").dataset;
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  if (!hours) return `${rest} ${minute}`;
  return rest ? `${hours} ${hour} ${String(rest).padStart(2, "0")}` : `${hours} ${hour}`;
}

/** Whole percentages that add up to 100: the largest remainders get what is left. */
function percentages(amounts) {
  const total = amounts.reduce((sum, amount) => sum + amount, 0);
  if (!total) return amounts.map(() => 0);
  const shares = amounts.map((amount) => Math.floor((100 * amount) / total));
  const left = 100 - shares.reduce((sum, share) => sum + share, 0);
  const order = amounts.map((amount, at) => [(100 * amount) % total, at]).sort((a, b) => b[0] - a[0] || amounts[b[1]] - amounts[a[1]] || a[1] - b[1]);
  for (const [, at] of order.slice(0, left)) shares[at] += 1;
  return shares;
}

function cards() {
  return [...byId("board").querySelectorAll(".card[data-weighed]")];
}

function totals(all) {
  const weeks = new Map();
  for (const card of all) weeks.set(card.week, (weeks.get(card.week) ?? 0) + card.minutes);
  weeks.delete("shelf");
  return weeks;
}

/** Show what would be if a card were as `changes` says; gives in words how the week changes that it goes to. */
function show(element, from, changes) {
  clear();
  const was = { ...weighed(element), ...from };
  const to = { ...was, ...changes };
  const others = cards().filter((each) => each !== element).map((each) => weighed(each));
  const [before, after] = [[...others, was], [...others, to]];
  const [old, fresh] = [totals(before), totals(after)];
  let said = "";
  for (const place of document.querySelectorAll("[data-week-total]")) {
    const week = place.dataset.weekTotal;
    const [now, becomes] = [old.get(week) ?? 0, fresh.get(week) ?? 0];
    if (now === becomes) continue;
    put(place, written(becomes));
    if (!said || week === to.week) said = sentence(week, now, becomes);
  }
  const placed = (all) => all.filter((card) => card.week !== "shelf");
  const sum = (all) => placed(all).reduce((minutes, card) => minutes + card.minutes, 0);
  if (sum(before) !== sum(after)) for (const place of document.querySelectorAll("[data-total-of]")) put(place, written(sum(after)));
  for (const bar of document.querySelectorAll("[data-dimension]")) balance(bar, placed(before), placed(after));
  return { said, total: to.week === "shelf" ? "" : written(fresh.get(to.week) ?? 0) };
}

function clear() {
  for (const ghost of document.querySelectorAll(".would")) ghost.remove();
}

function sentence(week, old, fresh) {
  const values = { week, old: written(old), new: written(fresh) };
  return byId("board").dataset.would.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
}

function put(place, text) {
  const ghost = document.createElement("span");
  ghost.className = "would num";
  ghost.textContent = ` → ${text}`;
  place.append(ghost);
}

function balance(bar, before, after) {
  const { dimension, order } = bar.dataset;
  const values = order.split(" ");
  const amounts = (all) => {
    const sums = new Map(values.map((value) => [value, 0]));
    for (const card of all) for (const [value, minutes] of DIMENSIONS[dimension](card)) sums.set(value, (sums.get(value) ?? 0) + minutes);
    return [...sums.values()];
  };
  const [old, fresh] = [amounts(before), amounts(after)];
  if (old.every((minutes, at) => minutes === fresh[at])) return;
  bar.querySelector(".blend").after(drawn(dimension, values, fresh));
  const shares = percentages(fresh);
  const shown = dimension === "timing" ? fresh.map(written) : shares.map((share) => `${share}%`);
  const were = dimension === "timing" ? old.map(written) : percentages(old).map((share) => `${share}%`);
  for (const [at, value] of values.entries()) {
    const place = bar.querySelector(`[data-value="${value}"]`);
    if (place && were[at] !== shown[at]) put(place, shown[at]);
  }
}

const SVG = "http://www.w3.org/2000/svg";

function drawn(dimension, values, amounts) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", "blend would");
  svg.setAttribute("aria-hidden", "true");
  const total = amounts.reduce((sum, amount) => sum + amount, 0) || 1;
  let reached = 0;
  let dark = true;
  for (const [at, value] of values.entries()) {
    if (!amounts[at]) continue;
    const piece = document.createElementNS(SVG, "rect");
    const signs = { environment: `env-${value}`, timing: value === "async" ? "c-ink async" : "c-ink" };
    piece.setAttribute("class", `shape ${signs[dimension] ?? (dark ? "c-accent" : "c-accent async")}`);
    piece.setAttribute("x", `${(100 * reached) / total}%`);
    piece.setAttribute("width", `${(100 * amounts[at]) / total}%`);
    piece.setAttribute("height", "100%");
    svg.append(piece);
    reached += amounts[at];
    dark = !dark;
  }
  return svg;
}

document.addEventListener("ghost", (event) => {
  const { card, from, changes } = event.detail;
  if (card) Object.assign(event.detail, show(card, from, changes));
  else clear();
});

// --- What is typed in the form of a card ----------------------------------------------------------------------------

const FIELDS = { environment: "environment", timing: "timing", learning_type: "type", grouping: "grouping" };
let speaking = null;

function typed(event) {
  const form = event.target.form;
  const pk = event.target.closest("[data-card]")?.dataset.card || event.target.closest(".card")?.dataset.pk;
  const card = pk && byId(`p${pk}`);
  if (!form || !card) return;
  const changes = {};
  for (const [name, fact] of Object.entries(FIELDS)) {
    const field = form.elements[name];
    if (field?.tagName === "SELECT" && field.value) changes[fact] = field.value;
  }
  const minutes = form.elements.minutes ? minutesIn(form.elements.minutes.value) : undefined;
  if (minutes === null) return clear(); // no time yet: half a number, or none
  if (minutes !== undefined) changes.minutes = minutes;
  const { said } = show(card, {}, changes);
  clearTimeout(speaking);
  // Not at every key: a reader of the screen hears it when the hands rest.
  if (said) speaking = setTimeout(() => document.dispatchEvent(new CustomEvent("announce", { detail: { text: said } })), 700);
}

document.addEventListener("input", typed);
document.addEventListener("change", typed);
document.addEventListener("htmx:beforeSwap", (event) => {
  if (!["panel", "board"].includes(event.detail.target.id)) return;
  clearTimeout(speaking);
  clear();
});
