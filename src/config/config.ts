import type { DescriptionLevel } from "../compiler/describe.ts";
import type { Selection } from "../compiler/select.ts";
import type { SettingsByOperation } from "../compiler/settings.ts";

/** What `fctool.config.ts` holds. */
export interface Config {
  /** By name, which `-p` takes. */
  readonly kits: { readonly [name: string]: KitConfig };
}

/** How one kit is made. Paths are relative to the configuration. */
export interface KitConfig extends Selection {
  /** The document: a path or an `http(s)` URL. */
  readonly input: string;
  /** OpenAPI Overlays, applied in this order. */
  readonly overlays?: readonly string[] | undefined;
  /** A file that ends in .ts. Default: `<name>.gen.ts` beside the configuration. */
  readonly output?: string | undefined;
  /** By operationId, tool name or `METHOD /path/glob`: how operations are offered, where that is not what the document says. */
  readonly operations?: SettingsByOperation | undefined;
  /** How much of the document's prose reaches the model. Default: `concise`. */
  readonly descriptions?: DescriptionLevel | undefined;
  /** The most tokens that the tools may take. */
  readonly maxTokens?: number | undefined;
  /** The most tools that there may be. */
  readonly maxTools?: number | undefined;
  /** Write nothing where there is such a diagnostic. Default: `error`. */
  readonly failOn?: "error" | "warning" | undefined;
  /** Templates that replace ours. */
  readonly templates?: { readonly kit?: string | undefined; readonly operation?: string | undefined } | undefined;
  /** The folder that referenced files must lie in. Default: that of the document. */
  readonly root?: string | undefined;
  /** The hosts that references may lead to. */
  readonly allowExternalRefs?: readonly string[] | undefined;
}

/** Gives a configuration its type. */
export function defineConfig(config: Config): Config {
  return config;
}
