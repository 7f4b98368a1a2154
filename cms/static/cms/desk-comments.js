/* Comments at the desk's side: sent without leaving the page, and begun from the passage that they are about. */
class CommentsController extends window.StimulusModule.Controller {
  static values = { failed: String };

  connect() {
    this.count();
  }

  /* A passage's button was pressed: its threads and the form for a new one come into view. */
  on({ detail: { key } }) {
    this.element.closest("[data-side-panel]").dispatchEvent(new CustomEvent("open"));
    const [group] = [...this.element.querySelectorAll("[data-thread-key]")].filter(({ dataset }) => dataset.threadKey === key);
    const select = this.element.querySelector("[name=key]");
    if (select) select.value = key;
    const place = group?.querySelector("details[open] textarea") ?? this.element.querySelector("#say-text");
    this.goTo(place);
  }

  /* The panel slides in, and what has not begun to show takes no focus. */
  goTo(place, tries = 30) {
    place?.focus();
    if (place && document.activeElement !== place && tries) requestAnimationFrame(() => this.goTo(place, tries - 1));
  }

  async send(event) {
    event.preventDefault();
    const form = event.target;
    const body = new FormData(form, event.submitter);
    event.submitter?.setAttribute("disabled", "");
    try {
      const response = await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "XMLHttpRequest" }, redirect: "manual" });
      if (response.status !== 200 && response.status !== 422) throw new Error(String(response.status));
      this.show(await response.text(), response.status === 200 ? form : null);
    } catch {
      this.refuse(form);
      event.submitter?.removeAttribute("disabled");
    }
  }

  /* What is being written in the other forms stays there. */
  show(html, sent) {
    const written = [...this.element.querySelectorAll("textarea")].filter((field) => field.value && field.form !== sent).map(({ id, value }) => [id, value]);
    const key = this.element.querySelector("[name=key]")?.value ?? "";
    this.element.innerHTML = html;
    for (const [id, value] of written) {
      const field = document.getElementById(id);
      if (field) field.value = value;
    }
    const select = this.element.querySelector("[name=key]");
    if (select) select.value = key;
    this.element.querySelector("#say-text")?.focus({ preventScroll: true });
    this.count();
  }

  refuse(form) {
    const words = document.createElement("p");
    words.className = "mainstay-threads__refused";
    words.setAttribute("role", "alert");
    words.textContent = this.failedValue;
    form.querySelector("[role=alert]")?.remove();
    form.append(words);
  }

  /* Each passage, and the button in the header, say how many are open. */
  count() {
    const open = {};
    for (const { dataset } of this.element.querySelectorAll("[data-thread-key]")) open[dataset.threadKey] = Number(dataset.threadOpen);
    for (const row of document.querySelectorAll("[data-mainstay-segment-key-value]")) {
      const count = open[row.dataset.mainstaySegmentKeyValue] ?? 0;
      row.dataset.comments = String(count);
      const badge = row.querySelector("[data-comment-count]");
      if (badge) badge.textContent = count ? String(count) : "";
    }
    const counter = document.querySelector('[data-side-panel-toggle="mainstay-comments"] [data-side-panel-toggle-counter]');
    const all = Object.values(open).reduce((sum, count) => sum + count, 0);
    if (counter) {
      counter.textContent = String(all);
      counter.hidden = all === 0;
    }
    this.dispatch("counted");
  }
}
window.wagtail.app.register("mainstay-comments", CommentsController);
