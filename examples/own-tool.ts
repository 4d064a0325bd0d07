import { combineKits, defineTool } from "fctool/runtime";
import { z } from "zod";
import { createKit } from "./pet-store.gen.ts";

const convert = defineTool({
  name: "convertWeight",
  description: "Convert pounds to kilograms.",
  parameters: z.object({ pounds: z.number().positive() }),
  execute: ({ pounds }) => ({ kilograms: pounds * 0.45359237 }),
});

const kit = combineKits(createKit().pick("getPet", "listPets"), convert);
console.log(kit.tools.map((tool) => tool.function.name));
console.log(await kit.call("convertWeight", { pounds: 10 }));
