// The one file for htmx events and for what every page needs. Pages add custom elements in files of their own.
//
// What the server may ask for in an HX-Trigger header:
//   announce   {"text": "…"}          said in the polite live region
//   toast      {"text": "…"}          shown for a while (an Undo comes as components/toast.html, out of band)
//   focusOn    {"id": "card-12"}      where the focus goes after a swap
//   closeDialog, signedOut {"login": "…"}
//
// What markup may ask for:
//   data-dialog="id"        opens that <dialog>; data-close-dialog closes the one it stands in
//   data-poll="3"           sends the event `poll` every 3 seconds while the page can be seen (hx-trigger="poll")
//   data-focus              takes the focus when it arrives by a swap
//   data-fill-form="#id" data-fill-email data-fill-password     fills a sign-in form
//   data-submit-on-change   sends its form when a choice is made

const html = document.documentElement;
const byId = (id) => document.getElementById(id);
const words = () => byId("toasts").dataset;

export function announce(text) {
  const live = byId("live");
  live.textContent = "";
  // A region that gets the same text twice says it only once: leave it empty for a moment.
  setTimeout(() => { live.textContent = text; }, 60);
}

export function toast(text, { link = null, stays = false } = {}) {
  const region = byId("toasts");
  for (const old of region.children) if (old.dataset.text === text) old.remove();
  const box = document.createElement("blend-toast");
  box.className = "toast";
  box.dataset.text = text;
  if (stays) box.dataset.stays = "";
  box.setAttribute("role", "status");
  const said = document.createElement("span");
  said.textContent = text;
  box.append(said);
  if (link) {
    const a = document.createElement("a");
    a.href = link.href;
    a.textContent = link.text;
    box.append(a);
  }
  const close = document.createElement("button");
  close.type = "button";
  close.className = "close";
  close.dataset.closeToast = "";
  close.setAttribute("aria-label", region.dataset.close);
  close.textContent = "×";
  box.append(close);
  region.append(box);
}

// A message that leaves by itself, but never while it is pointed at or holds the focus.
class Toast extends HTMLElement {
  connectedCallback() {
    if ("stays" in this.dataset) return;
    this.wait();
    for (const event of ["pointerenter", "focusin"]) this.addEventListener(event, () => clearTimeout(this.timer));
    for (const event of ["pointerleave", "focusout"]) this.addEventListener(event, () => this.wait());
  }
  disconnectedCallback() { clearTimeout(this.timer); }
  wait() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.remove(), this.querySelector("form, a") ? 15000 : 7000);
  }
}
customElements.define("blend-toast", Toast);

// --- htmx ---------------------------------------------------------------------------------------------------------

const on = (name, act) => document.addEventListener(name, act);

on("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = document.querySelector("meta[name=csrf-token]").content;
});
on("htmx:sendError", () => toast(words().offline));
on("htmx:timeout", () => toast(words().offline));
on("htmx:responseError", (event) => {
  const { status } = event.detail.xhr;
  if (status === 401) return; // signedOut says more
  const known = { 403: words().forbidden, 404: words().gone };
  toast(known[status] ?? words().error);
});
on("signedOut", (event) => {
  const login = new URL(event.detail.login ?? "/account/login/", location.origin);
  login.searchParams.set("next", location.pathname + location.search);
  toast(words().signedOut, { link: { href: login.pathname + login.search, text: words().signIn }, stays: true });
});
on("announce", (event) => announce(event.detail.text ?? event.detail.value));
on("toast", (event) => toast(event.detail.text ?? event.detail.value));
on("focusOn", (event) => {
  const id = event.detail.id ?? event.detail.value;
  // After the swap has settled, wherever the header put the event.
  setTimeout(() => byId(id)?.focus(), 20);
});
on("closeDialog", () => document.querySelector("dialog[open]")?.close());
on("htmx:afterSwap", (event) => {
  // A target that was replaced as a whole is gone by now; the event happens at what took its place.
  const fresh = event.detail.target.isConnected ? event.detail.target : event.target;
  const wanted = fresh.matches?.("[data-focus]") ? fresh : fresh.querySelector?.("[data-focus]");
  wanted?.focus();
  if (fresh.id === "dialog-body" && !byId("dialog").open) byId("dialog").showModal();
});
// What was typed must not be sent twice by an impatient second click.
on("htmx:beforeRequest", (event) => {
  const form = event.detail.elt;
  if (form instanceof HTMLFormElement) form.setAttribute("aria-busy", "true");
});
on("htmx:afterRequest", (event) => event.detail.elt?.removeAttribute?.("aria-busy"));

const polled = new WeakMap();
setInterval(() => {
  if (document.hidden) return;
  const now = Date.now();
  for (const place of document.querySelectorAll("[data-poll]")) {
    if (!polled.has(place)) polled.set(place, now);
    if (now - polled.get(place) < Number(place.dataset.poll) * 1000) continue;
    polled.set(place, now);
    place.dispatchEvent(new Event("poll"));
  }
}, 250);

// --- Dialogs, menus, small behaviours -----------------------------------------------------------------------------

on("click", (event) => {
  const at = (selector) => event.target.closest?.(selector);
  const opener = at("[data-dialog]");
  if (opener) {
    const dialog = byId(opener.dataset.dialog);
    if (dialog && !dialog.open) dialog.showModal();
    if (opener.matches("a:not([hx-get])")) event.preventDefault();
  }
  const closer = at("[data-close-dialog]");
  if (closer?.closest("dialog")) {
    event.preventDefault();
    closer.closest("dialog").close();
  }
  at("[data-close-toast]")?.closest("blend-toast")?.remove();
  if (event.target.matches?.("dialog[open]")) event.target.close(); // the backdrop
  const item = at(".menu a, .menu button");
  if (item && !item.closest("[data-theme-choice]") && !item.popoverTargetElement) item.closest(".menu").hidePopover?.();

  const filler = at("[data-fill-form]");
  if (filler) {
    const form = document.querySelector(filler.dataset.fillForm);
    form.elements.login.value = filler.dataset.fillEmail;
    form.elements.password.value = filler.dataset.fillPassword;
    form.querySelector("[type=submit], button:not([type])")?.focus();
    if ("fillSend" in filler.dataset) form.requestSubmit();
  }
});
on("change", (event) => {
  if (event.target.matches?.("[data-submit-on-change]")) event.target.form.requestSubmit();
});

// What is kept on this device until the server has it (answers, drafts) is not for the next person at this device.
on("submit", (event) => {
  if (!event.target.action?.endsWith("/logout/")) return;
  try {
    for (const name of Object.keys(localStorage)) if (/^(quiz|draft):/.test(name)) localStorage.removeItem(name);
  } catch {
    // No storage, nothing kept.
  }
});

// Where the browser cannot place a popover beside its button, we do.
if (!CSS.supports("position-area", "block-end")) {
  document.addEventListener("toggle", (event) => {
    const menu = event.target;
    if (event.newState !== "open" || !menu.matches?.(".menu[popover]")) return;
    const button = document.querySelector(`[popovertarget="${CSS.escape(menu.id)}"]`).getBoundingClientRect();
    const box = menu.getBoundingClientRect();
    const below = button.bottom + box.height <= innerHeight;
    const start = html.dir === "rtl" ? button.left : button.right - box.width;
    menu.style.top = `${Math.max(8, below ? button.bottom : button.top - box.height)}px`;
    menu.style.left = `${Math.min(Math.max(8, start), innerWidth - box.width - 8)}px`;
  }, true);
}

// --- Theme --------------------------------------------------------------------------------------------------------

function showTheme() {
  const chosen = html.dataset.theme ?? "system";
  for (const button of document.querySelectorAll("[data-theme-choice] button")) {
    button.setAttribute("aria-pressed", String(button.dataset.value === chosen));
  }
}
for (const choice of document.querySelectorAll("[data-theme-choice]")) {
  choice.hidden = false;
  choice.addEventListener("click", (event) => {
    const value = event.target.closest("button")?.dataset.value;
    if (!value) return;
    if (value === "system") delete html.dataset.theme;
    else html.dataset.theme = value;
    try {
      if (value === "system") localStorage.removeItem("theme");
      else localStorage.setItem("theme", value);
    } catch {
      // Not kept in a window without storage; it still holds on this page.
    }
    showTheme();
  });
}
showTheme();

// A refused form without htmx arrives as a page: say first what is wrong.
document.querySelector(".errorsummary[data-focus]")?.focus();
