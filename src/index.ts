export type { DescriptionLevel } from "./compiler/describe.ts";
export { type Code, codes, type Diagnostic } from "./compiler/diagnostics.ts";
export { DocumentError, UsageError } from "./compiler/errors.ts";
export type { Location } from "./compiler/load.ts";
export type { Selection } from "./compiler/select.ts";
export type { OperationSettings, SettingsByOperation } from "./compiler/settings.ts";
export type { Tool } from "./compiler/tool.ts";
export { type Config, defineConfig, type KitConfig } from "./config/config.ts";
export { type Change, type ChangedTool, diffKits, isBreaking } from "./diff/diff.ts";
export type { Felt } from "./diff/finding.ts";
export type { Templates } from "./emit/render.ts";
export {
  type Compiled,
  type CompileOptions,
  type GenerateOptions,
  type GenerateResult,
  generate,
  type Stage,
} from "./generate.ts";
