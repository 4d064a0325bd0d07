import { execFile } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { calls, says, startModel } from "./runtime/model-server.ts";

const demo = fileURLToPath(new URL("../demo/demo.ts", import.meta.url));

/** Runs the demo as its reader does, on the built package. */
function runDemo(environment: Record<string, string> = {}): Promise<{ code: number; text: string }> {
  const { OPENAI_API_KEY: _, ...inherited } = process.env;
  const env = { ...inherited, NO_COLOR: "1", FORCE_COLOR: "0", ...environment };
  return new Promise((resolve) => {
    execFile(process.execPath, [demo], { env, timeout: 30_000 }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code ?? -1), text: stdout + stderr });
    });
  });
}

test("the demo chains the four tools in two conversations", { timeout: 40_000 }, async () => {
  const { code, text } = await runDemo();
  const tools = [...text.matchAll(/→ (\w+)/g)].map((match) => match[1]);
  expect(tools.slice(0, 2)).toEqual(["findCustomer", "sendMessage"]);
  expect(tools.slice(2, 4).sort()).toEqual(["findCustomer", "getStock"]);
  expect(tools.slice(4)).toEqual(["createOrder"]);
  expect(text).toMatch(/assistant .*phone number\.\nuser .*13912345678/);
  expect(text).toMatch(/✔ the notifier has the message\n.*✔ the CRM has the order/s);
  expect(code).toBe(0);
});

test("it talks to the model of the environment, and fails when that does not do its work", {
  timeout: 40_000,
}, async () => {
  await using model = await startModel((_, turn) =>
    turn === 1 ? calls(["findCustomer", { phone: "1" }]) : says("Done!"),
  );
  const environment = { OPENAI_API_KEY: "key", OPENAI_BASE_URL: model.baseUrl, OPENAI_MODEL: "lazy" };
  const { code, text } = await runDemo(environment);
  expect(model.requests[0]?.model).toBe("lazy");
  expect(text).toMatch(/findCustomer.*invalid_arguments.*assistant {3}Done!.*✘ the notifier got no message/s);
  expect(code).toBe(1);
});
