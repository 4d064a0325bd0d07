import type { SourceOperation } from "./document.ts";
import type { PrismOperation, PrismRequest, Violation } from "./prism.ts";

/** Something that Prism gets wrong. */
export interface Erratum {
  readonly name: string;
  /** What the specification says instead. */
  readonly evidence: string;
  readonly applies: (judged: Judged) => boolean;
}

/** A violation and all that it is about. */
export interface Judged {
  readonly violation: Violation;
  readonly operation: SourceOperation;
  readonly element: PrismRequest;
  readonly resource: PrismOperation;
}

const errata: readonly Erratum[] = [];

/** The mistake of Prism's that a violation is, if it is one. */
export function erratumOf(judged: Judged): Erratum | undefined {
  return errata.find(({ applies }) => applies(judged));
}
