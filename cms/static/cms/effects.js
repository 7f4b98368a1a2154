/* What the answers under "This change" would do to each language: asked of the server whenever one of them changes. */
(() => {
  const { Controller } = window.StimulusModule;

  class EffectsController extends Controller {
    static targets = ['answer'];

    static values = { url: String, failed: String };

    connect() {
      this.ask();
    }

    disconnect() {
      this.asked?.abort();
    }

    /** Ask again when an answer changed, or a new draft was saved; an older question is dropped. */
    ask(event) {
      const isOurs = !event || event.type !== 'change' || ['change_severity', 'change_harm'].includes(event.target.name);
      if (!isOurs) return;
      this.asked?.abort();
      this.asked = new AbortController();
      this.show(this.asked.signal);
    }

    async show(signal) {
      const form = this.element.closest('form');
      const answer = (name) => new FormData(form).get(name) || '';
      const query = new URLSearchParams({ severity: answer('change_severity'), harm: answer('change_harm') });
      try {
        const response = await fetch(`${this.urlValue}?${query}`, { signal, headers: { 'X-Requested-With': 'XMLHttpRequest' } });
        if (!response.ok) throw new Error(response.statusText);
        this.answerTarget.innerHTML = await response.text();
      } catch (error) {
        if (error.name !== 'AbortError') this.answerTarget.textContent = this.failedValue;
      }
    }
  }

  window.wagtail.app.register('mainstay-effects', EffectsController);
})();
