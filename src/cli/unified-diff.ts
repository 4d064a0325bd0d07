import { structuredPatch } from "diff";

const patience = 2_000;

/** How two texts differ, in at most so many lines; empty where they do not. */
export function unifiedDiff(old: string, next: string, mostLines: number): string[] {
  if (old === next) return [];
  const patch = structuredPatch("", "", old, next, "", "", { context: 1, timeout: patience });
  if (patch === undefined) return ["  (too much has changed to show it)"];
  const lines = patch.hunks.flatMap(({ oldStart, oldLines, newStart, newLines, lines }) => [
    `@@ -${oldStart},${oldLines} +${newStart},${newLines} @@`,
    ...lines,
  ]);
  const rest = lines.length - mostLines;
  return rest > 1 ? [...lines.slice(0, mostLines), `… and ${rest} more lines`] : lines;
}
