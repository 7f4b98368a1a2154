/* A button of the page editor waits for the page's own saving that is under way: the two would meet at the server, which would refuse
   the later one, or store a new comment of both of them. When a button has been pressed, the page saves nothing more by itself. */
(() => {
  const PATIENCE_MS = 10_000;
  const FORM = 'form[data-edit-form][data-controller~="w-autosave"]';
  let isUnderWay = false;
  let press = null;

  function go() {
    const pressed = press;
    press = null;
    pressed?.();
  }

  window.addEventListener('w-autosave:save', ({ defaultPrevented }) => { isUnderWay = !defaultPrevented; }); // prevented, it ends without a word
  ['success', 'error'].forEach((end) => {
    // The page puts away what the answer says first.
    window.addEventListener(`w-autosave:${end}`, () => { isUnderWay = false; setTimeout(go); });
  });
  document.addEventListener(
    'submit',
    (event) => {
      const { target: form, submitter } = event;
      if (!form.matches(FORM)) return;
      form.setAttribute('data-w-autosave-active-value', 'false');
      if (!isUnderWay) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      if (press) return; // pressed twice: the first waits
      press = () => {
        isUnderWay = false;
        const isDisabled = submitter?.disabled; // by its spinner; a disabled button would not say which it was
        if (submitter) submitter.disabled = false;
        form.requestSubmit(submitter);
        if (submitter) submitter.disabled = isDisabled;
      };
      setTimeout(go, PATIENCE_MS);
    },
    { capture: true },
  );
  // Back from the next page with everything as it was.
  window.addEventListener('pageshow', ({ persisted }) => {
    if (persisted) document.querySelector(FORM)?.removeAttribute('data-w-autosave-active-value');
  });
})();
