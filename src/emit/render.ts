import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import type { KitView } from "./view.ts";

/** The texts of templates that replace ours. */
export interface Templates {
  /** The page, with all that `KitView` holds. It includes an operation with `{{> operation}}`. */
  readonly kit?: string | undefined;
  /** One operation, with all that `OperationView` holds. */
  readonly operation?: string | undefined;
}

const require = createRequire(import.meta.url);

/** Lays out the page. Handlebars is loaded here, and as one file, as its many take a while. */
export async function render(view: KitView, templates: Templates = {}): Promise<string> {
  const Handlebars = require("handlebars/dist/handlebars.min.js") as typeof import("handlebars");
  const options = { noEscape: true, strict: true, knownHelpersOnly: true } as const;
  const handlebars = Handlebars.create();
  handlebars.registerPartial(
    "operation",
    handlebars.compile(templates.operation ?? (await ours("operation")), options),
  );
  return handlebars.compile(templates.kit ?? (await ours("kit")), options)(view);
}

/** Templates stand beside the folder of the code, whether that is `src` or `dist`. */
function ours(name: string): Promise<string> {
  return readFile(new URL(`../../templates/${name}.ts.hbs`, import.meta.url), "utf8");
}
