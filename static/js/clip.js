// A knowledge clip. Everything here is comfort over the browser's own player and a button "I have watched it".
//
// <clip-player>  offers to resume, tells the server which stretches were played (the browser keeps them in video.played;
//                told twice they change nothing), and shows how much has been watched
// <clip-embed>   loads a clip of another host, after the student's click and never before

const EVERY = 10000; // while playing
const announce = (text) => document.dispatchEvent(new CustomEvent("announce", { detail: { text } }));

// The token of the cookie and not of the page: signing in again in another tab changes it (trust.md F46).
function token() {
  const cookie = document.cookie.match(/(?:^|; )(?:__Host-)?csrftoken=([^;]+)/);
  return cookie ? cookie[1] : document.querySelector("meta[name=csrf-token]").content;
}

class ClipPlayer extends HTMLElement {
  connectedCallback() {
    this.video = this.querySelector("video");
    if (!this.video || !this.dataset.told) return;
    this.told = "";
    this.video.addEventListener("playing", () => this.begin());
    for (const event of ["pause", "ended", "seeking"]) this.video.addEventListener(event, () => this.tell());
    this.leave = () => this.tell({ leaving: true });
    addEventListener("pagehide", this.leave);
    document.addEventListener("visibilitychange", this.hide = () => document.hidden && this.leave());
    this.timer = setInterval(() => this.video.paused || this.tell(), EVERY);
    this.offer();
  }

  disconnectedCallback() {
    clearInterval(this.timer);
    removeEventListener("pagehide", this.leave);
    document.removeEventListener("visibilitychange", this.hide);
  }

  // The choice is the student's: nothing starts by itself.
  offer() {
    const box = this.querySelector("[data-resume-offer]");
    const at = Number(this.dataset.resume);
    if (!box || !at) return;
    box.hidden = false;
    const go = (seconds) => {
      box.hidden = true;
      this.video.currentTime = seconds;
      this.video.focus();
      this.video.play().catch(() => {}); // a browser may want a click on the player itself
    };
    box.querySelector("[data-resume-there]").addEventListener("click", () => go(at));
    box.querySelector("[data-resume-start]").addEventListener("click", () => go(0));
  }

  begin() {
    this.querySelector("[data-resume-offer]")?.setAttribute("hidden", "");
  }

  stretches() {
    const played = this.video.played;
    const found = [];
    for (let i = 0; i < played.length; i += 1) {
      const stretch = [Math.floor(played.start(i)), Math.ceil(played.end(i))];
      if (stretch[1] > stretch[0]) found.push(stretch);
    }
    return found.slice(0, 200);
  }

  async tell({ leaving = false } = {}) {
    const played = JSON.stringify(this.stretches());
    const position = Math.floor(this.video.currentTime);
    const news = `${played} ${position}`;
    if (played === "[]" || news === this.told) return;
    const form = new FormData();
    form.set("csrfmiddlewaretoken", token());
    form.set("played", played);
    form.set("position", position);
    form.set("length", Math.round(this.video.duration) || 0);
    if (leaving) {
      if (navigator.sendBeacon(this.dataset.told, form)) this.told = news;
      return;
    }
    try {
      const answer = await fetch(this.dataset.told, {
        method: "POST",
        body: form,
        keepalive: true,
        signal: AbortSignal.timeout(15000),
        // Says that a piece is wanted: a signed-out reader gets 401 and not a sign-in page.
        headers: { "HX-Request": "true", "X-CSRFToken": token() },
      });
      if (!answer.ok) return this.say(await this.problem(answer));
      this.told = news;
      this.show(await answer.json());
    } catch {
      this.say(this.dataset.saidKept); // the next time tells all of it again
    }
  }

  async problem(answer) {
    if (answer.status === 401) return this.dataset.saidSignedOut;
    try {
      return (await answer.json()).problem;
    } catch {
      return this.dataset.saidKept;
    }
  }

  show({ share, done }) {
    const bar = this.querySelector("[data-share-bar]");
    const text = this.querySelector("[data-share-text]");
    if (!bar || !text) return;
    if (!done) {
      bar.value = share;
      text.textContent = this.dataset.saidShare.replace("{share}", share);
      return;
    }
    bar.value = 100;
    if (text.classList.contains("good")) return;
    text.className = "small good";
    text.textContent = this.dataset.saidDone;
    this.querySelector("[data-finish]")?.remove();
    announce(this.dataset.saidDone);
  }

  say(problem) {
    const text = this.querySelector("[data-share-text]");
    if (text && problem && !text.classList.contains("good")) text.textContent = problem;
  }
}
customElements.define("clip-player", ClipPlayer);

class ClipEmbed extends HTMLElement {
  connectedCallback() {
    const load = this.querySelector("[data-load]");
    if (!load) return;
    load.hidden = false;
    this.querySelector("[data-plain]").classList.add("quiet");
    load.addEventListener("click", () => {
      const frame = document.createElement("iframe");
      frame.title = this.dataset.title;
      frame.allow = "fullscreen; picture-in-picture; encrypted-media";
      // Its own scripts and storage belong to the other host; without same-origin its player does not start. The server
      // lets only hosts through that are not ours, so the sandbox holds (trust.md F52).
      frame.setAttribute("sandbox", "allow-scripts allow-same-origin allow-presentation allow-popups");
      frame.referrerPolicy = "strict-origin-when-cross-origin";
      frame.src = this.dataset.src;
      this.querySelector(".screen").replaceChildren(frame);
      frame.focus();
    });
  }
}
customElements.define("clip-embed", ClipEmbed);
