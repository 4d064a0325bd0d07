/** How deep a value from elsewhere is walked: a call stack has an end. */
export const deepest = 200;

/** Bytes that are read of an answer for a model: a few on the wire may unfold to more than there is memory. */
export const mostBytes = 50_000_000;

/** Characters of the body of an answer that a model is shown with an error. */
export const shownBody = 2_000;

/** As many as `fetch` follows. */
export const mostRedirects = 20;

/** Parts of an error that are searched for secrets. */
export const mostLookedAt = 1_000;

/** Tools of one request, and calls of one message, that the APIs take. */
export const mostTools = 128;
export const mostCalls = 128;

/** Characters of a name that a model gives a tool. */
export const longestName = 200;

/** Tools that a model is told of instead of one that there is not. */
export const shownTools = 20;
