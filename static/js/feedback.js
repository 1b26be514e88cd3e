// Feedback: Ctrl + Enter saves and goes on; leaving with words that are not saved asks first.

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
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.repeat) return;
    event.preventDefault();
    this.form.requestSubmit(this.form.querySelector("[value=next]"));
  }
}
customElements.define("blend-feedback", Feedback);
