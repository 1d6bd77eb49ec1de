// <captcha-sound data-problem="…"> around a link to a sound: plays it in place, and stops it when
// tapped again. data-problem: what is said when it cannot.

class CaptchaSound extends HTMLElement {
  connectedCallback() {
    this.link = this.querySelector("a");
    this.link.addEventListener("click", (event) => {
      event.preventDefault();
      this.audio ??= this.load();
      if (this.audio.paused) this.play();
      else this.audio.pause();
    });
  }

  disconnectedCallback() {
    this.audio?.pause();
  }

  load() {
    const audio = document.createElement("audio");
    audio.src = this.link.href;
    audio.addEventListener("play", () => this.say("Berhenti"));
    audio.addEventListener("pause", () => this.say("Dengarkan"));
    this.append(audio);
    return audio;
  }

  async play() {
    this.audio.currentTime = 0;
    try {
      await this.audio.play();
    } catch (error) {
      // A stop before it began is no failure.
      if (error.name === "AbortError") return;
      this.audio.remove();
      this.audio = null;
      this.say("Dengarkan");
      document.getElementById("captcha-notice").textContent = this.dataset.problem;
    }
  }

  say(words) {
    this.link.querySelector("span").textContent = words;
  }
}

customElements.define("captcha-sound", CaptchaSound);
