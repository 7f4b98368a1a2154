/* One passage: its editor is made when somebody goes to write, and what is written is saved by itself a moment later. */
const QUIET = 1200;
const AGAIN = 5000;

class SegmentController extends window.StimulusModule.Controller {
  static targets = ["box", "editor", "copy", "pill", "moved", "status", "beside", "theirs", "choose"];

  static values = { key: String, name: String, started: String, saveUrl: String, confirmUrl: String, unsaved: String, saving: String, failed: String, ended: String };

  connect() {
    this.saved = this.value();
  }

  disconnect() {
    clearTimeout(this.timer);
  }

  field() {
    return this.boxTarget.querySelector(`[name="${this.nameValue}"]`);
  }

  value() {
    return this.field()?.value;
  }

  isUnsaved() {
    const field = this.field();
    return Boolean(field) && this.saved !== undefined && field.value !== this.saved;
  }

  /* Draftail is heavy: sixty of them at once would make everybody wait. */
  open() {
    if (!this.hasEditorTarget || this.field()) return;
    this.boxTarget.replaceChildren(this.editorTarget.content.cloneNode(true));
    this.saved = this.value();
    this.focusWhenReady();
  }

  focusWhenReady() {
    const ready = () => {
      const box = this.boxTarget.querySelector("[contenteditable=true]");
      if (!box) return false;
      box.focus();
      // What the editor makes of the same text is no change of it.
      setTimeout(() => { if (!this.touched) this.saved = this.value(); }, 400);
      return true;
    };
    if (ready()) return;
    const watching = new MutationObserver(() => { if (ready()) watching.disconnect(); });
    watching.observe(this.boxTarget, { childList: true, subtree: true });
  }

  focus() {
    if (this.hasEditorTarget && !this.field()) this.open();
    else (this.boxTarget.querySelector("[contenteditable=true], textarea, input:not([type=hidden]), button") ?? this.element).focus();
  }

  changed(event) {
    if (!this.field() || (event.type !== "input" && !event.target.closest?.("[data-mainstay-segment-target=box], .Draftail-Toolbar"))) return;
    this.touched = true;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), QUIET);
    if (this.isUnsaved()) this.say(this.unsavedValue);
  }

  /* One after the other: the second begins from what the first left. */
  async save() {
    clearTimeout(this.timer);
    await this.underWay;
    if (!this.isUnsaved() || !this.chooseTarget.hidden) return;
    const value = this.value();
    this.underWay = this.post(this.saveUrlValue, { [this.nameValue]: value }, value);
    await this.underWay;
  }

  async confirm({ params: { of } }) {
    await this.save();
    this.underWay = this.post(this.confirmUrlValue, { of }, this.saved);
  }

  async post(url, fields, value) {
    this.say(this.savingValue);
    const body = new FormData();
    for (const [name, text] of Object.entries({ ...fields, key: this.keyValue, started_from: this.startedValue })) body.append(name, text);
    try {
      const response = await fetch(url, {
        method: "POST",
        body,
        headers: { "X-CSRFToken": window.wagtailConfig.CSRF_TOKEN, "X-Requested-With": "XMLHttpRequest" },
        redirect: "manual",
      });
      if (response.type === "opaqueredirect" || response.status === 403) this.fail(this.endedValue);
      else await this.answered(response.status, await response.json(), value);
    } catch {
      this.fail(this.failedValue);
      this.timer = setTimeout(() => this.save(), AGAIN);
    }
  }

  async answered(status, answer, value) {
    if (status === 200) this.stand(answer, value);
    else if (status === 409) this.both(answer);
    else this.fail(answer.errors.join(" "));
  }

  stand(answer, value) {
    this.saved = value;
    this.startedValue = answer.started_from;
    this.element.dataset.state = answer.state;
    this.element.dataset.attention = String(answer.needs_attention);
    for (const [name, is] of Object.entries({ moved: answer.state === "moved", empty: answer.state === "empty", attention: answer.has_errors, unread: answer.is_unread && !answer.has_errors }))
      this.element.classList.toggle(`mainstay-pair--${name}`, is);
    this.pillTarget.textContent = answer.word;
    this.pillTarget.className = `mainstay-pill mainstay-pill--${answer.state}`;
    if (answer.state !== "moved" && this.hasMovedTarget) this.movedTarget.remove();
    this.besideTarget.innerHTML = answer.beside;
    this.say(answer.saved);
    this.dispatch("progress", { detail: answer });
  }

  /* Somebody else was here: both texts stand, and nothing is saved before one is chosen. */
  both(answer) {
    this.theirField = answer.field;
    this.theirStarted = answer.started_from;
    this.theirsTarget.innerHTML = answer.theirs;
    this.chooseTarget.hidden = false;
    this.fail(answer.errors.join(" "));
  }

  keepMine() {
    this.chosen();
    this.saved = null;
    this.save();
  }

  takeTheirs() {
    this.chosen();
    const box = document.createElement("div");
    box.innerHTML = this.theirField;
    const language = this.boxTarget.querySelector("[lang]") ?? this.boxTarget;
    box.lang = language.lang;
    box.dir = language.dir;
    this.boxTarget.replaceChildren(box);
    this.touched = false;
    this.saved = this.value();
    this.say("");
    this.focusWhenReady();
  }

  /* What was said about this passage, at the side. */
  comment() {
    this.dispatch("on", { prefix: "mainstay-comments", detail: { key: this.keyValue } });
  }

  chosen() {
    this.startedValue = this.theirStarted;
    this.theirsTarget.replaceChildren();
    this.chooseTarget.hidden = true;
  }

  copySource() {
    const copy = this.copyTarget.content.textContent;
    if (this.hasEditorTarget) {
      this.boxTarget.replaceChildren(this.editorTarget.content.cloneNode(true));
      this.field().value = copy;
      this.focusWhenReady();
    } else {
      this.field().value = copy;
      this.field().dispatchEvent(new Event("input", { bubbles: true }));
      this.field().focus();
    }
    this.touched = true;
    this.saved ??= "";
    if (this.value() === this.saved) this.saved = null;
    this.save();
  }

  fail(words) {
    this.say(words);
    this.statusTarget.classList.add("mainstay-status--failed");
  }

  say(words) {
    this.statusTarget.textContent = words;
    this.statusTarget.classList.remove("mainstay-status--failed");
  }
}
window.wagtail.app.register("mainstay-segment", SegmentController);
