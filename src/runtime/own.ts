/** A property of the object itself: argument names come from documents, `constructor` and `__proto__` included. */
export function own(object: object, key: string): unknown {
  return Object.hasOwn(object, key) ? (object as { readonly [key: string]: unknown })[key] : undefined;
}
