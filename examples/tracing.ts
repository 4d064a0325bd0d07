import { tracing } from "fctool/runtime/otel";
import { production } from "fctool/runtime/policies";
import { createKit } from "./pet-store.gen.ts";

const traced = tracing(); // { content: true } tells arguments and results as well

const kit = createKit({
  hooks: traced,
  policies: [traced, ...production()], // first, so that the spans of requests stand below the span of their call
});

console.log(await kit.call("getPet", { petId: 7 }));
