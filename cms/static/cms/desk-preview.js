/* The preview at the desk's side: loaded when it is looked at, and again when a passage was saved. */
class PreviewController extends window.StimulusModule.Controller {
  static targets = ["frame"];

  static values = { url: String };

  connect() {
    this.panel = this.element.closest("[data-side-panel]");
    this.shown = () => this.load();
    this.panel?.addEventListener("show", this.shown);
    if (this.isShown()) this.load();
  }

  disconnect() {
    this.panel?.removeEventListener("show", this.shown);
  }

  isShown() {
    return Boolean(this.panel) && !this.panel.hidden;
  }

  saved() {
    if (this.isShown()) this.load();
  }

  /* The place that somebody reads stays where it was. */
  load() {
    const frame = this.frameTarget;
    const top = frame.contentWindow?.scrollY ?? 0;
    frame.addEventListener("load", () => frame.contentWindow.scrollTo(0, top), { once: true });
    frame.src = this.urlValue;
  }
}
window.wagtail.app.register("mainstay-preview", PreviewController);
