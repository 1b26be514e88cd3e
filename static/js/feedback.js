// Feedback: keys that save and release (the list stands below the form); leaving with words that are not saved asks first.

class Feedback extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.before = this.typed();
    // A page that came back with a mistake or a conflict holds words that are nowhere else.
    this.unsaved = "unsaved" in this.dataset;
    this.form.addEventListener("keydown", (event) => this.key(event));
    this.form.addEventListener("submit", () => { this.leaving = true; });
    this.ask = (event) => {
      if (!this.leaving && (this.unsaved || this.typed() !== this.before)) event.preventDefault();
    };
    addEventListener("beforeunload", this.ask);
  }

  disconnectedCallback() { removeEventListener("beforeunload", this.ask); }

  typed() {
    return JSON.stringify([...new FormData(this.form)]);
  }

  key(event) {
    if (!(event.ctrlKey || event.metaKey) || event.altKey) return;
    let then = null;
    if (event.key === "Enter") then = event.shiftKey ? "release" : "next";
    if (event.key.toLowerCase() === "s" && !event.shiftKey) then = "stay";
    const button = then && this.form.querySelector(`button[value=${then}]`);
    if (!button) return; // what is released cannot be released again
    event.preventDefault();
    if (!event.repeat) this.form.requestSubmit(button);
  }
}
customElements.define("blend-feedback", Feedback);
