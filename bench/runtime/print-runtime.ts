import { median, ratio } from "../median.ts";
import { figure, table } from "../table.ts";
import { loops } from "./loops.ts";
import type { RuntimeFigures } from "./runtime.ts";

/** The tables of the second part. */
export function printRuntime({ loops: costs, sizes }: RuntimeFigures): string {
  const names = Object.keys(loops);
  const cpuOf = (name: string) => costs[name]?.map(({ cpu }) => cpu) ?? [];
  const floor = cpuOf(names[0] ?? "");
  const rows = names.map((name) => [
    name,
    figure(median(cpuOf(name)), 3),
    `${figure(ratio(cpuOf(name), floor), 2)}×`,
    figure(median(costs[name]?.map(({ wall }) => wall) ?? []), 3),
    figure(median(costs[name]?.map(({ growth }) => growth) ?? []) / 1024, 1),
  ]);
  const kilobytes = (bytes: number) => figure(bytes / 1000, 1);
  return [
    table("One tool call", ["loop", "CPU ms", "CPU to the floor", "wall ms", "heap kB left by 1000 calls"], rows),
    table(
      "A kit with `runTools`, bundled, minified and gzipped",
      ["kit", "tools", "kB", "kB of tool definitions", "kB beside them", "import ms", "import ms, not bundled"],
      sizes.map(({ kit, tools, whole, schemas, importTime, unbundledImportTime }) => [
        kit,
        figure(tools, 0),
        kilobytes(whole),
        kilobytes(schemas),
        kilobytes(whole - schemas),
        figure(importTime, 1),
        figure(unbundledImportTime, 1),
      ]),
    ),
  ].join("\n");
}
