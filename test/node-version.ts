import { readFileSync } from "node:fs";

/** Fails before any test where Node is older than the package promises: half of the tools would break in odd ways. */
export default function checkNodeVersion(): void {
  const { devDependencies } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
  const [wanted] = devDependencies.node.split(".");
  const [major] = process.versions.node.split(".");
  if (Number(major) < Number(wanted)) {
    throw new Error(
      `The tests need Node ${wanted}; this is ${process.version}. Run them with \`npm test\`, which takes the Node in node_modules.`,
    );
  }
}
