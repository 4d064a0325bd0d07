import { createInterface } from "node:readline/promises";
import { UsageError } from "../compiler/errors.ts";
import type { ChatMessage } from "../runtime/chat.ts";
import { isKitError } from "../runtime/errors.ts";
import type { AnyKit, CallInfo, KitOptions } from "../runtime/kit-types.ts";
import { streamTools } from "../runtime/stream-tools.ts";
import type { DocumentArgs } from "./args.ts";
import { CallFailure } from "./call-failure.ts";
import { chatClient } from "./chat-client.ts";
import { compileDocument } from "./compile-document.ts";
import { authFrom, baseUrlFrom, injectFrom } from "./environment.ts";
import { ExitCode } from "./exit-code.ts";
import { kitFromDocument } from "./kit-from-document.ts";
import { count, harmless, harmlessLines, paint, printError } from "./print.ts";

export interface ChatArgs extends DocumentArgs {
  readonly document: string;
  readonly prompt?: string;
  readonly model?: string;
  readonly "base-url"?: string;
  readonly "api-base-url"?: string;
  readonly yes?: boolean;
}

const mostTools = 128;

/** `fctool chat`: talks to an API through a model. Reads are made at once, all else once a person approved of it. */
export async function chatCommand(args: ChatArgs): Promise<ExitCode> {
  if (args.prompt?.trim() === "" || (args.prompt === undefined && !process.stdin.isTTY)) {
    throw new UsageError("there is no prompt", 'Write it: fctool chat openapi.yaml "…"');
  }
  const compiled = await compileDocument(args.document, args);
  const tools = compiled.tools.length;
  if (tools > mostTools) {
    throw new UsageError(
      `a model takes at most ${mostTools} tools, and there are ${tools.toLocaleString("en")}`,
      'Choose some: --include "GET /pets/**", or --include-tags',
    );
  }
  const approve = oneByOne(askPerson);
  const kit = kitFromDocument(compiled, {
    baseUrl: baseUrlFrom("api-base-url", args["api-base-url"], process.env),
    auth: authFrom(compiled.api, process.env) as NonNullable<KitOptions["auth"]>,
    inject: injectFrom(compiled.tools, process.env) as NonNullable<KitOptions["inject"]>,
    approval: (call) => call.effect === "read" || args.yes === true || approve(call),
  });
  const model = args.model ?? process.env.OPENAI_MODEL ?? "gpt-5.5";
  const client = chatClient({
    baseUrl: args["base-url"] ?? process.env.OPENAI_BASE_URL ?? "https://api.openai.com/v1",
    apiKey: process.env.OPENAI_API_KEY,
  });
  const talk = (messages: readonly ChatMessage[]) => answer({ kit, model, client, messages });
  if (args.prompt !== undefined) {
    await talk([user(args.prompt)]);
    return ExitCode.done;
  }
  printError(
    paint("dim", `${harmless(compiled.api.title)}: ${count(tools, "tool")}, with ${model}. An empty line ends it.`),
  );
  let messages: readonly ChatMessage[] = [];
  for (let line = await readLine("> "); line !== ""; line = await readLine("> ")) {
    messages = await talk([...messages, user(line)]);
  }
  return ExitCode.done;
}

function user(content: string): ChatMessage {
  return { role: "user", content } as ChatMessage;
}

interface Talk {
  readonly kit: AnyKit;
  readonly model: string;
  readonly client: ReturnType<typeof chatClient>;
  readonly messages: readonly ChatMessage[];
}

/** One answer, as it is written; calls and what came of them stand on standard error. */
async function answer(talk: Talk): Promise<readonly ChatMessage[]> {
  let isOpen = false;
  try {
    for await (const event of streamTools(talk)) {
      switch (event.type) {
        case "text-delta":
          process.stdout.write(harmlessLines(event.text));
          isOpen = true;
          break;
        case "tool-call": {
          const { name, arguments: text } = event.toolCall.function;
          printError(paint("dim", harmless(`→ ${name}(${cut(text)})`)));
          break;
        }
        case "tool-output": {
          const { ok, name, content } = event.output;
          printError(paint(ok ? "dim" : "yellow", harmless(`← ${name}: ${cut(content)}`)));
          break;
        }
        case "finish": {
          process.stdout.write("\n");
          const { stopReason, messages } = event.result;
          if (stopReason !== "answer") printError(paint("yellow", `(ended: ${stopReason.replaceAll("_", " ")})`));
          return messages;
        }
        case "turn-end":
        case "model-change":
          break;
      }
    }
  } catch (error) {
    if (isOpen) process.stdout.write("\n");
    throw explained(error);
  }
  return talk.messages;
}

/** What the model's endpoint did is no bug of ours. */
function explained(error: unknown): unknown {
  if (!isKitError(error) || error.name !== "ModelError") return error;
  const { cause, message } = error;
  if (cause instanceof UsageError || cause instanceof CallFailure) return cause;
  const reason = cause instanceof Error ? `: ${cause.message}` : "";
  return new CallFailure(message + reason, "Try again, or with another --model.", { cause });
}

/** A word that is typed while two questions are open would answer both. */
function oneByOne<Input, Output>(ask: (input: Input) => Promise<Output>): (input: Input) => Promise<Output> {
  let last: Promise<unknown> = Promise.resolve();
  return (input) => {
    const answer = last.then(() => ask(input));
    last = answer.catch(() => {});
    return answer;
  };
}

async function askPerson({ tool, effect, args }: CallInfo): Promise<{ approve: boolean; reason: string }> {
  const reason = "the person at the terminal said no";
  if (!process.stdin.isTTY) {
    return { approve: false, reason: "nobody is there to approve of it; --yes allows it" };
  }
  printError(harmless(`${tool} is ${effect === "destructive" ? "destructive" : "a write"}: ${JSON.stringify(args)}`));
  const word = await readLine("Allow it? [y/N] ");
  return { approve: /^y(es)?$/i.test(word), reason };
}

async function readLine(question: string): Promise<string> {
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(question)).trim();
  } catch {
    return "";
  } finally {
    terminal.close();
  }
}

function cut(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
