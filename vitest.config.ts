import { defineConfig } from "vitest/config";

const source = (path: string) => new URL(`./src/${path}`, import.meta.url).pathname;

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/node-version.ts"],
    // Kits import the package by its name; tests run them against the source.
    alias: [
      { find: /^fctool\/runtime$/, replacement: source("runtime/index.ts") },
      { find: /^fctool\/runtime\/responses$/, replacement: source("runtime/adapters/responses.ts") },
      { find: /^fctool\/runtime\/realtime$/, replacement: source("runtime/adapters/realtime.ts") },
      { find: /^fctool\/runtime\/policies$/, replacement: source("runtime/policies/index.ts") },
      { find: /^fctool\/runtime\/policies\/file-store$/, replacement: source("runtime/policies/file-store.ts") },
      { find: /^fctool\/runtime\/(observe|otel|sqlite)$/, replacement: source("runtime/$1.ts") },
      { find: /^fctool$/, replacement: source("index.ts") },
    ],
    typecheck: { enabled: true, include: ["test/**/*.test-d.ts"], checker: "tsc" },
  },
});
