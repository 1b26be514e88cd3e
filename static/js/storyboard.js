// A storyboard session: the cards are asked for every few seconds and drawn only when anything is new; the timer counts
// down from what the server said was left, so that no clock of a phone matters.

const byId = (id) => document.getElementById(id);

document.addEventListener("htmx:configRequest", (event) => {
  const story = event.detail.elt;
  if (story.id === "story" && story.dataset.sign) event.detail.headers["If-None-Match"] = `"${story.dataset.sign}"`;
});
document.addEventListener("htmx:beforeSwap", (event) => {
  if (event.detail.xhr.status === 304) event.detail.shouldSwap = false;
});

// The line is empty again for the next one; the focus stays in it.
document.addEventListener("lineAdded", () => {
  byId("line-text").value = "";
  byId("line-problem").replaceChildren();
  byId("line-text").focus();
});

class Countdown extends HTMLElement {
  connectedCallback() {
    this.ends = performance.now() + Number(this.dataset.left) * 1000;
    this.said = Number(this.dataset.left) === 0;
    this.tick();
    this.timer = setInterval(() => this.tick(), 1000);
  }

  disconnectedCallback() { clearInterval(this.timer); }

  tick() {
    const left = Math.max(0, Math.round((this.ends - performance.now()) / 1000));
    this.textContent = left ? `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}` : this.dataset.over;
    this.classList.toggle("over", !left);
    if (left || this.said) return;
    this.said = true;
    document.dispatchEvent(new CustomEvent("announce", { detail: { text: this.dataset.over } }));
  }
}
customElements.define("blend-countdown", Countdown);
