import { createKit } from "./pet-store.gen.ts";

const kit = createKit({
  hooks: {
    beforeCall: ({ effect }) => (effect === "read" ? undefined : { veto: "nothing changes before Monday" }),
    afterCall({ tool, progress }, outcome) {
      console.log(tool, outcome.ok ? "is done" : outcome.error.kind, progress.attempts);
      if (!outcome.ok && outcome.error.kind === "internal") console.error(outcome.cause); // what the model never sees
    },
  },
});

for (const name of ["getPet", "removePet"]) {
  const { content } = await kit.dispatch({ function: { name, arguments: { petId: 7 } } });
  console.log(content);
}
