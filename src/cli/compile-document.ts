import type { Compiled, CompileOptions } from "../generate.ts";
import type { DocumentArgs } from "./args.ts";
import { documentOptions, findKit, readInput } from "./jobs.ts";
import { readLock, withLock } from "./lock-file.ts";

/** The document of a command, or the kit of that name in the configuration, as tools. */
export async function compileDocument(document: string, args: DocumentArgs): Promise<Compiled> {
  const options = (await kitOptions(document, args)) ?? { ...(await readInput(document)), ...documentOptions(args) };
  const { compile } = await import("../generate.ts");
  return compile(options);
}

async function kitOptions(name: string, args: DocumentArgs): Promise<CompileOptions | undefined> {
  const found = await findKit(name, args);
  return found && withLock(found.job, await readLock(found.config)).options;
}
