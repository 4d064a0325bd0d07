import { spawnSync } from "node:child_process";
import { type AnyKit, runTools } from "fctool/runtime";
import OpenAI from "openai";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { openCompany, startInternalApis } from "./internal-apis.ts";
import { narrated, tellAssistant, tellReady, tellTitle, tellUser, tellVerdict } from "./narrator.ts";
import { startScriptedModel } from "./scripted-model.ts";

const document = new URL("../fixtures/internal-apis/openapi.yaml", import.meta.url);
const generated = new URL("./internal-apis.gen.ts", import.meta.url);
const instructions = `You are the assistant of a shop's staff. Do what they ask with your tools, without asking for leave.
Ask for what is missing. Customers are identified by their phone number, and nothing else; write to them in their language.
Answer in one short sentence.`;

/** The kit of the document, compiled just now by the command line. */
async function generateKit(options: object): Promise<AnyKit> {
  const start = performance.now();
  const cli = new URL("../dist/cli/cli.js", import.meta.url);
  const args = [cli.pathname, "generate", document.pathname, "-o", generated.pathname];
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: "utf8" });
  if (status !== 0) throw new Error(`fctool generate failed:\n${stderr}`);
  const kit = (await import(generated.href)).createKit(options) as AnyKit;
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  tellReady(`${kit.tools.length} tools`, `demo/internal-apis.gen.ts, generated from openapi.yaml in ${seconds} s`);
  return kit;
}

interface Model {
  readonly client: OpenAI;
  readonly model: string;
  close(): void;
}

/** A real model where there is a key for one, the scripted one otherwise. */
async function openModel(): Promise<Model> {
  if (process.env.OPENAI_API_KEY) {
    const model = process.env.OPENAI_MODEL ?? "gpt-5.5";
    const client = new OpenAI();
    tellReady(model, `at ${client.baseURL}`);
    return { client, model, close() {} };
  }
  const { url, close } = await startScriptedModel();
  tellReady("scripted model", `at ${url} (set OPENAI_API_KEY to talk to a real one)`);
  return { client: new OpenAI({ apiKey: "none", baseURL: `${url}/v1` }), model: "scripted", close };
}

/** Says each thing in turn, in one conversation, and lets the assistant answer. */
async function converse({ client, model }: Model, kit: AnyKit, sayings: readonly string[]): Promise<void> {
  let messages: ChatCompletionMessageParam[] = [{ role: "system", content: instructions }];
  for (const content of sayings) {
    tellUser(content);
    const result = await runTools({ client, model, kit, messages: [...messages, { role: "user", content }] });
    if (result.stopReason !== "answer") throw new Error(`the run ended by ${result.stopReason}`);
    tellAssistant(result.text);
    messages = result.messages;
  }
}

/** Plays both conversations, and looks into the company's books whether the right things were done. */
async function play(): Promise<boolean> {
  const company = openCompany();
  const token = crypto.randomUUID();
  const apis = await startInternalApis(company, token);
  tellReady("internal APIs", `at ${apis.url} (CRM, inventory, notifier)`);
  const kit = narrated(await generateKit({ baseUrl: apis.url, auth: { serviceToken: token } }));
  const model = await openModel();
  try {
    tellTitle("1 · A customer is told of an upgrade");
    await converse(model, kit, [
      "Find the customer with phone 13800138000 and tell them that their membership was upgraded.",
    ]);
    const isTold = company.messages.some((message) => message.userId === "U-88");
    tellVerdict(isTold, isTold ? "the notifier has the message" : "the notifier got no message for this customer");

    tellTitle("2 · An order, if there is enough in stock");
    await converse(model, kit, [
      "Check the stock of PROD-001. If there are more than 10, order one for the customer.",
      "Their number is 13912345678.",
    ]);
    const [order] = company.orders;
    const isOrdered = order?.customerId === "C-1002" && order.productId === "PROD-001" && order.quantity === 1;
    tellVerdict(isOrdered, isOrdered ? "the CRM has the order" : "the CRM got no such order");
    return isTold && isOrdered;
  } finally {
    apis.close();
    model.close();
  }
}

const isGood = await play().catch((error: unknown) => {
  const { message, cause } = error as Error;
  tellVerdict(false, cause instanceof Error ? `${message}: ${cause.message}` : message);
  return false;
});
process.exitCode = isGood ? 0 : 1;
