/* What was written in a comment while the page saved itself stays. Wagtail puts the server's comments in place of those on the screen
   when its own saving is answered, and the server has not heard of what somebody began, sent or changed since that saving left. Here
   both are put together, and nothing on the screen changes its number: React leaves each field, its cursor and a pressed button alone. */
(() => {
  const COMMENT = ['mode', 'text', 'newText', 'newReply', 'resolved', 'deleted'];
  const REPLY = ['mode', 'text', 'newText', 'deleted'];
  const app = () => window.comments?.commentApp;
  const all = () => [...app().store.getState().comments.comments.values()];
  const only = (names, source) => Object.fromEntries(names.map((name) => [name, source[name]]));

  /* As they were when the saving left. The store never changes one in place: another object is another comment. */
  let sent = new Map();
  const isUnheard = (comment) => comment.mode !== 'default' || comment.newReply || comment !== sent.get(comment.localId);

  /** What of ours each of the server's is: it has its number there, or was sent with the same words. */
  function pair(theirs, ours, sentOurs) {
    const left = new Set(ours);
    return new Map(
      theirs.map((their) => {
        const our = [...left].find(({ localId, remoteId }) => {
          const before = sentOurs?.get(localId);
          if (remoteId) return remoteId === their.remoteId;
          return before && before.mode !== 'creating' && before.contentpath === their.contentpath && before.text === their.text;
        });
        left.delete(our);
        return [their, our];
      }),
    );
  }

  /** A comment of the server's under the number that it has on the screen, with what it has not heard. */
  function merged(their, our, next) {
    const before = our && sent.get(our.localId);
    const pairs = pair([...their.replies.values()], our ? [...our.replies.values()] : [], before?.replies);
    const replies = [...pairs].map(([theirReply, ourReply]) => ({
      ...theirReply,
      ...(ourReply && isUnheard(our) && only(REPLY, ourReply)),
      localId: ourReply ? ourReply.localId : next(),
    }));
    const heard = new Set(pairs.values());
    const unheard = our ? [...our.replies.values()].filter((reply) => !heard.has(reply) && !reply.remoteId) : [];
    return {
      ...their,
      ...(our && isUnheard(our) && only(COMMENT, our)),
      localId: our ? our.localId : next(),
      replies: new Map([...replies, ...unheard].map((reply) => [reply.localId, reply])),
    };
  }

  function putTogether(answered) {
    const { store, actions } = app();
    const { focusedComment, pinnedComment, forceFocus } = store.getState().comments;
    const ours = all();
    app().updateData(answered);
    const pairs = pair(all(), ours, sent);
    let number = Math.max(0, ...ours.flatMap(({ localId, replies }) => [localId, ...replies.keys()]));
    const next = () => (number += 1);
    const together = [...pairs].map(([their, our]) => merged(their, our, next));
    const heard = new Set(pairs.values());
    // What has a number of the server's and is not among its comments any more was taken away by somebody else.
    together.push(...ours.filter((our) => !heard.has(our) && !our.remoteId));

    store.dispatch(actions.reset());
    // Wagtail counts from 1 again: on to where it will not meet one that is there.
    const spare = { contentpath: '', text: '-', user: answered.user };
    app().loadData({ ...answered, comments: Array.from({ length: number }, () => ({ ...spare, replies: [spare] })) });
    all().forEach(({ localId }) => store.dispatch(actions.deleteComment(localId)));
    // Without an annotation, as a comment that is loaded: its field gives it one.
    together.forEach((comment) => store.dispatch(actions.addComment({ ...comment, annotation: null })));
    if (pinnedComment) store.dispatch(actions.setFocusedComment(pinnedComment, { updatePinnedComment: true, forceFocus: false }));
    store.dispatch(actions.setFocusedComment(focusedComment, { updatePinnedComment: false, forceFocus }));
  }

  document.addEventListener('w-autosave:save', () => {
    sent = new Map(app() ? all().map((comment) => [comment.localId, comment]) : []);
  });
  document.addEventListener(
    'w-autosave:success',
    ({ detail: { data } }) => {
      const answered = data?.comments;
      if (!app() || !answered || !all().some(isUnheard)) return;
      delete data.comments; // Wagtail's own listener, which comes later, would put them in place of ours
      // Drawn once, at the end: in between, everything is gone for a moment.
      window.ReactDOM.unstable_batchedUpdates(() => putTogether(answered));
    },
    { capture: true },
  );
})();
