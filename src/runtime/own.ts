/** A property of the record itself: names come from documents and models, `constructor` and `__proto__` included. */
export function own<Value>(record: { readonly [key: string]: Value }, key: string): Value | undefined {
  return Object.hasOwn(record, key) ? record[key] : undefined;
}
