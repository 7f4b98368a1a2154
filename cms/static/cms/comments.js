/* What was written in a comment while the page saved itself stays. Wagtail puts the server's comments in place of those on the screen
   when its own saving is answered, and the server has not heard of what somebody began, sent or changed since that saving left: that
   is put back, at the server's comment where there is one. */
(() => {
  const COMMENT = ['mode', 'text', 'newText', 'newReply', 'resolved', 'deleted'];
  const REPLY = ['mode', 'text', 'newText', 'deleted'];
  const FOCUS_MS = 600;
  const app = () => window.comments?.commentApp;
  const comments = () => [...app().store.getState().comments.comments.values()];
  const only = (names, source) => Object.fromEntries(names.map((name) => [name, source[name]]));

  /* As they were when the saving left. The store never changes one in place: another object is another comment. */
  let sent = new Map();
  let unheard = [];
  let focused = null;
  /* The field in which somebody was writing: whose it is, and where the cursor stood. */
  let typing = null;
  /* Wagtail counts from 1 again each time; what is put back has a number that it will not reach. */
  let number = 1e9;

  /** The server's comment, or reply, that one on the screen had become when it was sent. */
  function twinOf(mine, before, theirs) {
    if (mine.remoteId) return theirs.find(({ remoteId }) => remoteId === mine.remoteId);
    if (!before || before.mode === 'creating') return undefined;
    return theirs.find(({ contentpath, text }) => contentpath === before.contentpath && text === before.text);
  }

  function putBack(comment) {
    const { store, actions } = app();
    const before = sent.get(comment.localId);
    const twin = twinOf(comment, before, comments());
    if (!twin && comment.remoteId) return; // taken away by somebody else
    const localId = twin ? twin.localId : (number += 1);
    if (!twin) {
      // Without an annotation, as a comment that was loaded: its field gives it one.
      store.dispatch(actions.addComment({ ...comment, localId, annotation: null }));
    } else {
      store.dispatch(actions.updateComment(twin.localId, only(COMMENT, comment)));
      comment.replies.forEach((reply) => {
        const replyBefore = before?.replies.get(reply.localId);
        const twinReply = twinOf(reply, replyBefore, [...twin.replies.values()]);
        if (twinReply) store.dispatch(actions.updateReply(twin.localId, twinReply.localId, only(REPLY, reply)));
        else if (!reply.remoteId) store.dispatch(actions.addReply(twin.localId, { ...reply, localId: (number += 1) }));
      });
    }
    if (focused === comment.localId) store.dispatch(actions.setFocusedComment(localId, { updatePinnedComment: true, forceFocus: false }));
    if (typing?.localId === comment.localId) keepTyping(localId, typing, performance.now() + FOCUS_MS);
  }

  /* Wagtail shows the comment anew, and gives the focus to whatever had it before the comment was begun: some moments later, twice. */
  function keepTyping(localId, mine, until) {
    if (typing !== mine || performance.now() > until) return; // somebody has gone elsewhere, or it is quiet again
    const field = document.querySelector(`[data-comment-id="${localId}"] textarea`);
    if (field && field === document.activeElement) {
      mine.start = field.selectionStart;
      mine.end = field.selectionEnd;
    } else if (field) {
      field.focus({ preventScroll: true });
      field.setSelectionRange(mine.start, mine.end);
    }
    requestAnimationFrame(() => keepTyping(localId, mine, until));
  }

  document.addEventListener('w-autosave:save', () => {
    sent = new Map(app() ? comments().map((comment) => [comment.localId, comment]) : []);
  });
  document.addEventListener(
    'w-autosave:success',
    () => {
      if (!app()) return;
      unheard = comments().filter((comment) => comment.mode !== 'default' || comment.newReply || comment !== sent.get(comment.localId));
      const { store, actions } = app();
      const field = document.activeElement;
      focused = store.getState().comments.focusedComment;
      typing = field.matches('[data-comment-id] textarea')
        ? { localId: Number(field.closest('[data-comment-id]').dataset.commentId), start: field.selectionStart, end: field.selectionEnd }
        : null;
      // Wagtail would give the focus to the newest of the server's comments instead.
      if (unheard.some(({ localId }) => localId === focused)) store.dispatch(actions.setFocusedComment(null));
    },
    { capture: true }, // before Wagtail's, which listens on the document as well
  );
  ['mousedown', 'keydown'].forEach((name) => {
    document.addEventListener(name, ({ type, key }) => { if (type === 'mousedown' || key === 'Tab' || key === 'Escape') typing = null; }, { capture: true });
  });
  window.addEventListener('w-autosave:success', () => unheard.splice(0).forEach(putBack)); // after it
})();
