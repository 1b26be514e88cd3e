// Groups: drag a name onto a group. The drop only ticks that name, chooses the group and sends the form that stands there.

class Groups extends HTMLElement {
  connectedCallback() {
    this.querySelector(".drag-hint").hidden = false;
    for (const member of this.querySelectorAll(".member")) member.draggable = true;
    this.addEventListener("dragstart", (event) => this.pick(event));
    this.addEventListener("dragend", () => this.clear());
    this.addEventListener("dragover", (event) => this.hover(event));
    this.addEventListener("drop", (event) => this.drop(event));
  }

  pick(event) {
    this.held = event.target.closest?.(".member");
    if (!this.held) return;
    this.held.classList.add("held");
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", this.held.textContent.trim());
  }

  hover(event) {
    const card = event.target.closest?.(".group-card");
    for (const other of this.querySelectorAll(".over")) if (other !== card) other.classList.remove("over");
    if (!this.held || !card) return;
    event.preventDefault();
    card.classList.add("over");
  }

  drop(event) {
    const card = event.target.closest?.(".group-card");
    if (!this.held || !card) return;
    event.preventDefault();
    const form = this.querySelector("form");
    const box = this.held.querySelector("input");
    // Names that are ticked come along when one of them is dragged; otherwise only this one goes.
    if (!box.checked) for (const other of form.querySelectorAll("[name=members]")) other.checked = other === box;
    form.elements.to.value = card.dataset.group;
    if (!card.contains(this.held)) form.requestSubmit();
    this.clear();
  }

  clear() {
    this.held?.classList.remove("held");
    this.held = null;
    for (const card of this.querySelectorAll(".over")) card.classList.remove("over");
  }
}
customElements.define("blend-groups", Groups);
