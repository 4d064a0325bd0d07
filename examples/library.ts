import { fileURLToPath } from "node:url";
import { diffKits, generate } from "fctool";

const input = fileURLToPath(new URL("pet-store.yaml", import.meta.url));
const all = await generate({ input });
console.log(all.code.length > 0, all.tools.length, all.diagnostics);

const readOnly = await generate({ input, select: { include: ["GET /**"] } });
for (const { felt, message, tools } of diffKits(all, readOnly)) {
  console.log(felt[0], tools.map(({ name }) => name).join(", "), message);
}
