import { spawnSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL(".", import.meta.url));
const fileIn = (path: string) => new URL(path, import.meta.url);

/** Installs the peers, unless those that are wanted are there already. */
export function installPeers(): void {
  const { dependencies } = JSON.parse(readFileSync(fileIn("package.json"), "utf8"));
  const missing = Object.entries<string>(dependencies).filter(
    ([name, wanted]) => installed(name) !== versionOf(wanted),
  );
  if (missing.length === 0) return;
  process.stderr.write("Installing the peers into bench/node_modules …\n");
  const { status, error } = spawnSync("npm", ["ci", "--no-audit", "--no-fund"], {
    cwd: folder,
    stdio: ["ignore", 2, 2],
    shell: process.platform === "win32",
  });
  if (status !== 0) throw new Error(`npm ci in bench failed${error ? `: ${error.message}` : ""}`);
}

function installed(name: string): string | undefined {
  const manifest = fileIn(`node_modules/${name}/package.json`);
  return existsSync(manifest) ? JSON.parse(readFileSync(manifest, "utf8")).version : undefined;
}

/** `npm:typescript@7.0.2` is version 7.0.2. */
function versionOf(wanted: string): string {
  return wanted.slice(wanted.lastIndexOf("@") + 1);
}
