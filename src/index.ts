export { type Code, codes, type Diagnostic } from "./compiler/diagnostics.ts";
export { DocumentError, UsageError } from "./compiler/errors.ts";
export type { Location } from "./compiler/load.ts";
export type { Selection } from "./compiler/select.ts";
export type { Tool } from "./compiler/tool.ts";
export { type GenerateOptions, type GenerateResult, generate, type Stage } from "./generate.ts";
