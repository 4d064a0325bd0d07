import { expect, test } from "vitest";
import {
  CircuitOpenError,
  HttpError,
  InvalidArgumentsError,
  type KitError,
  kit,
  NetworkError,
  NotAuthorizedError,
  RateLimitedError,
  TimeoutError,
} from "../../../src/runtime/index.ts";
import type { AnyPolicy, Run } from "../../../src/runtime/kit-types.ts";
import { fallback, forTools } from "../../../src/runtime/policies/index.ts";
import { operation } from "../operation.ts";
import { newCall } from "./scripted.ts";

const around = (policy: AnyPolicy, run: Run): Run => ("run" in policy && policy.run?.(run)) || run;
const failing =
  (error: Error): Run =>
  () =>
    Promise.reject(error);

test.each<[error: Error, answers: boolean]>([
  [new NetworkError("the API could not be reached"), true],
  [new TimeoutError("too late"), true],
  [new CircuitOpenError("open", 1), true],
  [new RateLimitedError("too many"), true],
  [new HttpError(503, undefined, ""), true],
  [new HttpError(429, undefined, ""), true],
  [new HttpError(404, undefined, ""), false],
  [new HttpError(401, undefined, ""), false],
  [new NotAuthorizedError("no"), false],
  [new InvalidArgumentsError("id", "wrong"), false],
  [new TypeError("bug"), false],
])("%s is answered: %s", async (error, answers) => {
  const run = around(fallback({ getPet: ({ petId }: { petId: number }) => ({ id: petId }) }), failing(error));
  const call = newCall({ args: { petId: 7 } });
  const outcome = await run({ petId: 7 }, call).catch((error: unknown) => error);
  if (!answers) {
    expect(outcome).toBe(error);
    expect(call.progress.degraded).toBeUndefined();
    return;
  }
  const { kind, message } = (error as KitError).toToolError();
  const degraded = `${kind}: ${message}; this is a substitute, which may be old or incomplete`;
  expect(outcome).toEqual({ result: { id: 7 }, content: JSON.stringify({ degraded, result: { id: 7 } }) });
  expect(call.progress.degraded).toBe(degraded);
});

test("other tools, and an end that the caller wants, stay as they are", async () => {
  const error = new TimeoutError("too late");
  const run = around(fallback({ getPet: () => "old" }), failing(error));
  await expect(run({}, newCall({ tool: "toString" }))).rejects.toBe(error);
  await expect(run({}, newCall({ signal: AbortSignal.abort() }))).rejects.toBe(error);
});

test("for which errors can be chosen", async () => {
  const isGone = (error: KitError) => error instanceof HttpError && error.status === 404;
  const run = (error: Error) =>
    around(fallback({ getPet: () => null }, { when: isGone }), failing(error))({}, newCall());
  expect((await run(new HttpError(404, undefined, ""))).result).toBeNull();
  await expect(run(new TimeoutError("x"))).rejects.toThrow("x");
});

test("what the fallback throws is what the call throws", async () => {
  const run = around(
    fallback({ getPet: () => Promise.reject(new NotAuthorizedError("no old ones either")) }),
    failing(new TimeoutError("x")),
  );
  await expect(run({}, newCall())).rejects.toThrow("no old ones either");
});

test("one tool of a kit", async () => {
  const tool = (name: string) => ({ type: "function" as const, function: { name, strict: true, parameters: {} } });
  const dispatcher = { getPet: operation({ tool: tool("getPet") }), listPets: operation({ tool: tool("listPets") }) };
  const refuse = () => Promise.reject(new TypeError("fetch failed"));
  const seen: string[] = [];
  const note: AnyPolicy = (next) => (request, call) => {
    seen.push(call.tool);
    return next(request, call);
  };
  const pets = kit(
    { api: {}, dispatcher },
    {
      baseUrl: "http://api.test",
      fetch: refuse,
      policies: [
        forTools(["getPet"], fallback({ getPet: () => "a", listPets: () => "b" })),
        forTools(["listPets"], note),
      ],
    },
  );
  expect(await pets.call("getPet", {})).toBe("a");
  await expect(pets.call("listPets", {})).rejects.toBeInstanceOf(NetworkError);
  expect(seen).toEqual(["listPets"]);
  const output = await pets.dispatch({ id: "1", function: { name: "getPet", arguments: "{}" } });
  expect(output).toMatchObject({ ok: true, result: "a", content: expect.stringContaining('{"degraded":"network: ') });
});
