import type { DescriptionLevel } from "../compiler/describe.ts";

/** Flags that every command takes. */
export interface CommonArgs {
  readonly verbose?: boolean;
}

/** Flags of every command that compiles a document. */
export interface DocumentArgs extends CommonArgs {
  readonly include?: readonly string[];
  readonly exclude?: readonly string[];
  readonly "include-tags"?: readonly string[];
  readonly "exclude-tags"?: readonly string[];
  readonly deprecated?: "include" | "exclude";
  readonly overlay?: readonly string[];
  readonly descriptions?: DescriptionLevel;
  readonly root?: string;
  readonly "allow-external-refs"?: readonly string[];
}

/** How results are printed. */
export type Reporter = "pretty" | "json" | "github" | "sarif";

/** The flags of `fctool generate`, as yargs gives them. */
export interface GenerateArgs extends DocumentArgs {
  readonly document?: readonly string[];
  readonly output?: string;
  readonly config?: string;
  readonly project?: readonly string[];
  readonly reporter?: Reporter;
  readonly "fail-on"?: "error" | "warning";
  readonly "max-tokens"?: number;
  readonly "max-tools"?: number;
  readonly check?: boolean;
  readonly "dry-run"?: boolean;
  readonly "frozen-lock"?: boolean;
  readonly watch?: boolean;
  readonly silent?: boolean;
}
