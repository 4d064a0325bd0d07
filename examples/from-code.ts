import { HttpError } from "fctool/runtime";
import { createKit, getPet } from "./pet-store.gen.ts";

const auth = { bearerAuth: process.env.PET_STORE_TOKEN };
const kit = createKit({ auth });

const pet = await kit.call("getPet", { petId: 7 });
console.log(pet.name, pet.status ?? "of unknown status");

try {
  await getPet({ petId: 404 }, { auth, signal: AbortSignal.timeout(5_000) });
} catch (error) {
  if (error instanceof HttpError) console.log(error.status, error.body);
}
