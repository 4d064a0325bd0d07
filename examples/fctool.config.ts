import { defineConfig } from "fctool";

export default defineConfig({
  kits: {
    "pet-store": {
      input: "pet-store.yaml", // or a URL; overlays: ["shop.overlay.yaml"]
      output: "src/pet-store.gen.ts",
      exclude: ["DELETE /**"],
      operations: {
        createPet: { description: "Add a pet once its owner has signed.", approval: "always" },
        "GET /pets": { name: "searchPets", inject: { status: "status" } },
      },
      descriptions: "concise",
      maxTokens: 8_000,
    },
  },
});
