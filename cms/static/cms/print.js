/* A button that prints the page: `data-controller="mainstay-print" data-action="mainstay-print#print"`. */
(() => {
  const { Controller } = window.StimulusModule;

  class PrintController extends Controller {
    connect() {
      this.element.hidden = false;
    }

    print() {
      window.print();
    }
  }

  window.wagtail.app.register('mainstay-print', PrintController);
})();
