/* The desk as a whole: filters, going from passage to passage by keyboard, progress, and a warning before unsaved text is left. */
class DeskController extends window.StimulusModule.Controller {
  static targets = ["row", "filter", "progress", "status", "started", "shown", "saved"];

  filter({ params: { name }, currentTarget }) {
    for (const button of this.filterTargets) button.setAttribute("aria-pressed", String(button === currentTarget));
    this.showing = name;
    for (const row of this.rowTargets) row.hidden = !this.isShown(row);
    this.say(currentTarget.textContent.trim());
  }

  isShown(row) {
    const { state, attention } = row.dataset;
    return (
      { todo: state !== "done" || attention === "true", empty: state === "empty", moved: state === "moved", attention: attention === "true", comments: row.dataset.comments > 0 }[
        this.showing
      ] ?? true
    );
  }

  press(event) {
    const row = event.target.closest?.("[data-mainstay-desk-target=row]");
    const ctrl = event.ctrlKey || event.metaKey;
    if (event.altKey && event.key === "PageDown") this.go(event, this.after(row));
    else if (event.altKey && event.key === "PageUp") this.go(event, this.before(row));
    else if (event.altKey && event.key === "Insert" && row) this.go(event, row, "copySource");
    else if (ctrl && event.shiftKey && event.key === "Enter") this.go(event, document.getElementById("submit"));
    else if (ctrl && event.key === "Enter" && row) {
      this.segment(row)?.save();
      this.go(event, this.after(row, (next) => next.dataset.state !== "done"));
    }
  }

  after(row, wanted = () => true) {
    const rows = this.rowTargets.filter((next) => !next.hidden);
    return rows.slice(rows.indexOf(row) + 1).find(wanted);
  }

  before(row) {
    const rows = this.rowTargets.filter((next) => !next.hidden);
    return rows[Math.max(0, rows.indexOf(row) - 1)];
  }

  go(event, place, act = "focus") {
    event.preventDefault();
    if (!place) return;
    place.scrollIntoView({ block: "center" });
    const segment = this.segment(place);
    if (segment) segment[act]();
    else place.querySelector("textarea, button")?.focus();
  }

  segment(row) {
    return this.application.getControllerForElementAndIdentifier(row, "mainstay-segment");
  }

  /* A passage was saved: what stands for the whole follows. */
  count({ detail }) {
    this.progressTarget.innerHTML = detail.progress;
    for (const field of [...this.startedTargets, ...this.shownTargets]) field.value = detail.form_started_from;
    this.say(detail.saved);
    this.tally();
  }

  tally() {
    const counts = {};
    for (const { dataset } of this.rowTargets) {
      const has = { all: true, todo: dataset.state !== "done" || dataset.attention === "true", [dataset.state]: true, attention: dataset.attention === "true", comments: dataset.comments > 0 };
      for (const [name, is] of Object.entries(has)) counts[name] = (counts[name] ?? 0) + Number(is);
    }
    for (const button of this.filterTargets)
      button.querySelector(".mainstay-count").textContent = counts[button.dataset.mainstayDeskNameParam] ?? 0;
  }

  letPass(event) {
    const { key, check } = event.currentTarget.dataset;
    const form = event.currentTarget.form;
    form.elements.key.value = key;
    form.elements.check.value = check;
    // Only the reason beside this button is meant.
    for (const reason of document.querySelectorAll("input[form=let-pass]")) reason.disabled = !reason.parentElement.contains(event.currentTarget);
    this.isLeaving = true;
  }

  /* What is still on its way goes first, passage by passage: the whole form would come too late after it, and be refused. */
  async submitting(event) {
    if (this.isLeaving) return;
    event.preventDefault();
    const { submitter, target } = event;
    await new Promise((typed) => { setTimeout(typed, 300); });
    for (const row of this.rowTargets) await this.segment(row)?.save();
    if (this.rowTargets.some((row) => this.segment(row)?.isUnsaved())) {
      target.querySelector("[data-controller~=w-progress]")?.setAttribute("data-w-progress-loading-value", "false");
      this.say(document.querySelector(".mainstay-status--failed")?.textContent ?? "");
      document.querySelector(".mainstay-status--failed")?.scrollIntoView({ block: "center" });
      return;
    }
    this.isLeaving = true;
    this.savedTarget.value = "1";
    target.requestSubmit(submitter);
  }

  leave(event) {
    if (!this.isLeaving && this.rowTargets.some((row) => this.segment(row)?.isUnsaved())) event.preventDefault();
  }

  say(words) {
    this.statusTarget.textContent = words;
  }
}
window.wagtail.app.register("mainstay-desk", DeskController);
