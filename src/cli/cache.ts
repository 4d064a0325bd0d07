import { createHash } from "node:crypto";
import { existsSync, readdirSync, statSync } from "node:fs";
import { mkdir, readFile, rename, stat, writeFile } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { BuiltKit } from "./build-kit.ts";
import type { Job } from "./jobs.ts";
import { version } from "./version.ts";

/** What is known of a kit without its code, which stands in its file. */
export type RememberedKit = Omit<BuiltKit, "code">;

interface Entry {
  readonly key: string;
  /** Hash by path; null where there was no such file. */
  readonly files: { readonly [path: string]: string | null };
  readonly kit: RememberedKit;
}

/** The kit of a job, if its inputs, options and output are all as they were when it was last written. */
export async function recall(job: Job): Promise<RememberedKit | undefined> {
  const path = entryPath(job);
  if (path === undefined) return undefined;
  try {
    const entry: Entry = JSON.parse(await readFile(path, "utf8"));
    if (entry.key !== keyOf(job)) return undefined;
    const hashes = await Promise.all(Object.keys(entry.files).map(hashOf));
    const isSame = Object.values(entry.files).every((hash, index) => hash === hashes[index]);
    return isSame ? entry.kit : undefined;
  } catch {
    return undefined;
  }
}

/** Remembers a kit that was just written. `since` is when its inputs began to be read: what changed later is not known. */
export async function remember(job: Job, kit: BuiltKit, since: number): Promise<void> {
  const path = entryPath(job);
  const isLocal = kit.addresses.every((address) => address.startsWith("file:"));
  if (path === undefined || !isLocal) return;
  const inputs = kit.addresses.map((address) => fileURLToPath(address));
  for (const input of inputs) if (existsSync(input) && (await stat(input)).mtimeMs >= since) return;
  const files = await Promise.all([...inputs, job.output].map(async (file) => [file, await hashOf(file)] as const));
  const { code: _, ...rest } = kit;
  const entry: Entry = { key: keyOf(job), files: Object.fromEntries(files), kit: rest };
  const draft = `${path}.${process.pid}.tmp`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(draft, JSON.stringify(entry));
    await rename(draft, path);
  } catch {
    // Without a cache all is as it was, only slower.
  }
}

/** `node_modules/.cache/fctool/<version>/…`, where there is a `node_modules`. */
function entryPath({ output, options }: Job): string | undefined {
  if (options.text !== undefined) return undefined;
  const modules = findUpwards(process.cwd(), "node_modules");
  if (modules === undefined) return undefined;
  const name = createHash("sha256").update(output).digest("hex").slice(0, 24);
  return join(modules, ".cache", "fctool", version(), `${name}.json`);
}

function findUpwards(from: string, name: string): string | undefined {
  const path = resolve(from, name);
  if (existsSync(path)) return path;
  return dirname(from) === from ? undefined : findUpwards(dirname(from), name);
}

/** Options, templates and fctool itself. */
function keyOf({ options }: Job): string {
  return createHash("sha256").update(JSON.stringify(options)).update(stampOfOurselves()).digest("hex");
}

const packageFolder = fileURLToPath(new URL("../../", import.meta.url));

/** Tells whether fctool has changed while its version has not, as it does while somebody works on it. */
function stampOfOurselves(): string {
  if (packageFolder.includes(`${sep}node_modules${sep}`)) return version();
  const folders = [fileURLToPath(new URL("../", import.meta.url)), join(packageFolder, "templates")];
  // One by one: that is ten times faster than all at once by other threads.
  const times = folders.flatMap((folder) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((name) => /\.(js|ts|hbs)$/.test(name))
      .map((name) => statSync(join(folder, name)).mtimeMs),
  );
  return `${version()} ${times.length} ${Math.max(...times)}`;
}

async function hashOf(path: string): Promise<string | null> {
  try {
    return createHash("sha256")
      .update(await readFile(path))
      .digest("hex");
  } catch {
    return null;
  }
}
