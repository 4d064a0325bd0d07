import type { Compiled } from "../generate.ts";
import type { DocumentArgs } from "./args.ts";
import { documentOptions, readInput } from "./jobs.ts";

/** The document of a command as tools. */
export async function compileDocument(document: string, args: DocumentArgs): Promise<Compiled> {
  const { compile } = await import("../generate.ts");
  return compile({ ...(await readInput(document)), ...documentOptions(args) });
}
