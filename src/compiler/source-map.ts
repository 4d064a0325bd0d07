import { EVENT_ID, type Event, getScalarValue } from "js-yaml";
import type { Location } from "./load.ts";
import { joinPointer, splitPointer } from "./pointer.ts";

/** The way from a file's data back to its text. */
export interface SourceMap {
  /** Where the value at a pointer, or its nearest ancestor, stands. 1-based. */
  locate(pointer: string): Location;
  /** The pointers of keys that one object has twice. */
  duplicates(): string[];
}

/** `parse` gives the events of the text, which is read as late as possible: most documents need no line number. */
export function sourceMap(file: string, source: string, parse: () => Event[]): SourceMap {
  let reader: Reader | undefined;
  const read = () => {
    reader ??= new Reader(source, tryTo(parse) ?? []);
    return reader;
  };
  return {
    locate: (pointer) => ({ file, ...read().locate(pointer) }),
    duplicates: () => read().duplicates(),
  };
}

/** JSON that YAML's reader refuses has no line numbers; a message without one is better than none. */
function tryTo<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch {
    return undefined;
  }
}

/** Walks over the events of a text; a node is the index of the event that begins it. */
class Reader {
  readonly #source: string;
  readonly #events: readonly Event[];
  /** By the beginning of a collection, the event that closes it. */
  readonly #ends: Int32Array;
  readonly #anchors = new Map<string, number>();
  readonly #lineStarts: number[] = [0];
  readonly #root: number;

  constructor(source: string, events: readonly Event[]) {
    this.#source = source;
    this.#events = events;
    this.#ends = new Int32Array(events.length);
    const open: number[] = [];
    events.forEach((event, index) => {
      if (event.type === EVENT_ID.POP) this.#ends[open.pop() ?? 0] = index;
      else if (event.type !== EVENT_ID.SCALAR && event.type !== EVENT_ID.ALIAS) open.push(index);
      if ("anchorStart" in event && event.type !== EVENT_ID.ALIAS && event.anchorStart !== -1) {
        this.#anchors.set(source.slice(event.anchorStart, event.anchorEnd), index);
      }
    });
    for (let end = source.indexOf("\n"); end !== -1; end = source.indexOf("\n", end + 1))
      this.#lineStarts.push(end + 1);
    this.#root = Math.max(
      0,
      events.findIndex((event) => event.type === EVENT_ID.MAPPING || event.type === EVENT_ID.SEQUENCE),
    );
  }

  locate(pointer: string): { line: number; column: number } {
    let node = this.#root;
    let place = this.#root;
    for (const token of splitPointer(pointer)) {
      const child = this.#child(node, token);
      if (child === undefined) break;
      [place, node] = child;
    }
    return this.#lineAndColumn(this.#offset(place));
  }

  duplicates(): string[] {
    const found: string[] = [];
    const visit = (node: number, pointer: string): void => {
      const type = this.#events[node]?.type;
      if (type === EVENT_ID.SEQUENCE) {
        [...this.#children(node)].forEach((child, index) => void visit(child, joinPointer(pointer, index)));
      }
      if (type !== EVENT_ID.MAPPING) return;
      const seen = new Set<string>();
      for (const [key, value] of this.#entries(node)) {
        const child = joinPointer(pointer, this.#text(key));
        if (seen.has(child) && this.#text(key) !== "<<") found.push(child);
        seen.add(child);
        visit(value, child);
      }
    };
    visit(this.#root, "#");
    return found;
  }

  /** Where a child stands (its key, in an object) and the child itself. */
  #child(node: number, token: string): [place: number, node: number] | undefined {
    const target = this.#follow(node);
    const type = this.#events[target]?.type;
    if (type === EVENT_ID.SEQUENCE) {
      const element = [...this.#children(target)][Number(token)];
      return element === undefined ? undefined : [element, element];
    }
    if (type !== EVENT_ID.MAPPING) return undefined;
    let merged: [number, number] | undefined;
    let own: [number, number] | undefined;
    for (const [key, value] of this.#entries(target)) {
      const name = this.#text(key);
      if (name === token) own = [key, value];
      else if (name === "<<") merged ??= this.#mergedChild(value, token);
    }
    return own ?? merged;
  }

  #mergedChild(node: number, token: string): [number, number] | undefined {
    const target = this.#follow(node);
    if (this.#events[target]?.type !== EVENT_ID.SEQUENCE) return this.#child(target, token);
    for (const source of this.#children(target)) {
      const child = this.#child(source, token);
      if (child !== undefined) return child;
    }
    return undefined;
  }

  *#children(node: number): Generator<number> {
    const end = this.#ends[node] ?? 0;
    for (let child = node + 1; child < end; child = this.#next(child)) yield child;
  }

  *#entries(node: number): Generator<[key: number, value: number]> {
    const end = this.#ends[node] ?? 0;
    for (let key = node + 1; key < end; ) {
      const value = this.#next(key);
      yield [key, value];
      key = this.#next(value);
    }
  }

  #next(node: number): number {
    return Math.max(node, this.#ends[node] ?? 0) + 1;
  }

  #follow(node: number): number {
    const event = this.#events[node];
    if (event?.type !== EVENT_ID.ALIAS) return node;
    return this.#anchors.get(this.#source.slice(event.anchorStart, event.anchorEnd)) ?? node;
  }

  #text(node: number): string {
    const event = this.#events[this.#follow(node)];
    return event?.type === EVENT_ID.SCALAR ? getScalarValue(this.#source, event) : "";
  }

  #offset(node: number): number {
    const event = this.#events[node];
    if (event === undefined) return 0;
    if ("start" in event) return event.start;
    if ("valueStart" in event) return Math.max(0, event.valueStart);
    return "anchorStart" in event ? event.anchorStart - 1 : 0;
  }

  #lineAndColumn(offset: number): { line: number; column: number } {
    let low = 0;
    let high = this.#lineStarts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#lineStarts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return { line: low + 1, column: offset - (this.#lineStarts[low] ?? 0) + 1 };
  }
}
