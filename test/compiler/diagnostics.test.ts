import { expect, test } from "vitest";
import { Diagnostics } from "../../src/compiler/diagnostics.ts";

test("a diagnostic is reported once", () => {
  const diagnostics = new Diagnostics();
  diagnostics.warn("FC104", "#/paths/~1pets/get", "broken", "mend it");
  diagnostics.warn("FC104", "#/paths/~1pets/get", "broken", "mend it");
  expect(diagnostics.list).toHaveLength(1);
});
