import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { answerOf } from "./answer.ts";
import type { Json, SourceDocument, SourceOperation } from "./document.ts";
import { type Hint, hintsOf, parts } from "./hints.ts";
import { type Judge, serversOf } from "./judge.ts";
import { type Mode, modes, sampleArguments } from "./sample.ts";
import type { ToolLike } from "./strict-rules.ts";

/** How one sampled call went. */
export interface Call {
  readonly tool: string;
  readonly mode: Mode;
  readonly outcome: Outcome;
  /** The same for calls that go wrong in the same way. */
  readonly cause: string;
  readonly detail: string;
  readonly args: string;
  readonly request: string;
  /** Mistakes of Prism's, by name. */
  readonly errata: readonly string[];
}

/**
 * `accepted` by Prism; `refused` by the kit for a reason that the document states. The rest is wrong: a `violation`
 * that Prism found, a value that is `lost` on the way, a call that was `unsent` or `threw`, an `answer` that the kit
 * could not read, and a `sample` that did not fit the strict schema, which is a mistake of ours.
 */
export type Outcome = "accepted" | "refused" | "violation" | "lost" | "unsent" | "threw" | "answer" | "sample";

/** What this needs of a kit. */
export interface KitLike {
  dispatch(call: object): Promise<
    | { readonly ok: true }
    | {
        readonly ok: false;
        readonly error: { readonly kind: string; readonly message: string; readonly path?: string };
      }
  >;
}

export type CreateKit = (options: object) => KitLike;

export interface CallTask {
  readonly document: SourceDocument;
  readonly operation: SourceOperation;
  readonly tool: ToolLike;
  readonly createKit: CreateKit;
  readonly auth: Json;
  readonly judge: Judge;
}

const replacement = "https://api.invalid/base";
const ajv = new Ajv2020({ strict: false, validateFormats: true });
(formats as unknown as (ajv: Ajv2020) => void)(ajv);

/** Calls a tool in each mode, and has every request judged. */
export async function makeCalls(task: CallTask): Promise<Call[]> {
  const { tool, operation, document } = task;
  const hintOf = hintsOf(operation);
  const { name, parameters } = tool.function;
  const fits = tool.function.strict === true ? compileSchema(parameters as Json) : undefined;
  const calls: Call[] = [];
  for (const mode of modes) {
    const { args, marks } = sampleArguments(parameters as Json, hintOf, mode, name);
    const text = JSON.stringify(args);
    const about = { tool: name, mode, args: text.slice(0, 600), request: "", errata: [] };
    if (fits !== undefined && !fits(args)) {
      calls.push({ ...about, outcome: "sample", cause: "does not fit", detail: fits.problem() });
      continue;
    }
    calls.push({ ...about, ...(await makeCall(task, text, marks, hintOf, serversOf(document, operation))) });
  }
  return calls;
}

type Result = Pick<Call, "outcome" | "cause" | "detail"> & Partial<Pick<Call, "request" | "errata">>;

async function makeCall(
  { document, operation, tool, createKit, auth, judge }: CallTask,
  text: string,
  marks: readonly string[],
  hintOf: (argument: string) => Hint,
  servers: readonly string[],
): Promise<Result> {
  let sent: Request | undefined;
  const fetch = async (input: Request | string, init?: RequestInit) => {
    sent ??= new Request(input, init);
    return answerOf(operation, document.root);
  };
  const options = { auth, fetch, ...(servers.length === 0 && { baseUrl: replacement }) };
  const call = { id: "call", type: "function", function: { name: tool.function.name, arguments: text } };
  try {
    const output = await withLimit(createKit(options).dispatch(call));
    if (sent === undefined) return output.ok ? unsent("nothing was sent") : refusal(output.error, hintOf);
    const request = await describe(sent);
    const { violations, excused } = await judge(sent, operation, servers.length === 0 ? [replacement] : servers);
    const errata = excused.map(({ erratum }) => erratum.name);
    const [first] = violations;
    if (first !== undefined) {
      const cause = `${first.place} ${first.code}: ${first.message.replaceAll(/'[^']*'|\d+/g, "…").slice(0, 120)}`;
      return {
        outcome: "violation",
        cause,
        detail: violations.map(({ message }) => message).join("; "),
        request,
        errata,
      };
    }
    const lost = marks.filter((mark) => !request.includes(mark));
    if (lost.length > 0) return { outcome: "lost", cause: "lost", detail: lost.join(", "), request, errata };
    if (!output.ok)
      return { outcome: "answer", cause: output.error.kind, detail: output.error.message, request, errata };
    return { outcome: "accepted", cause: "", detail: "", request, errata };
  } catch (error) {
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { outcome: "threw", cause: detail.slice(0, 100), detail };
  }
}

function unsent(detail: string): Result {
  return { outcome: "unsent", cause: detail.slice(0, 100), detail };
}

function refusal(error: { kind: string; message: string; path?: string }, hintOf: (argument: string) => Hint): Result {
  const detail = `${error.kind}: ${error.message}`;
  const argument = /^[^.[]*/.exec(error.path ?? "")?.[0] ?? "";
  const isRight = error.kind === "invalid_arguments" && statesRule(hintOf(argument).schemas);
  const cause = detail.replaceAll(/"[^"]*"|\d+/g, "…").slice(0, 100);
  return { outcome: isRight ? "refused" : "unsent", cause, detail };
}

const rules = [
  ...["enum", "const", "pattern", "format", "minLength", "maxLength", "minimum", "maximum", "exclusiveMinimum"],
  ...["exclusiveMaximum", "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties"],
  ...["required", "not", "propertyNames", "contains", "dependentRequired"],
];

/** Whether the document states a rule for a value or anything in it. */
function statesRule(schemas: readonly Json[]): boolean {
  const seen = new Set<unknown>();
  const walk = (value: unknown): boolean => {
    if (typeof value !== "object" || value === null || seen.has(value) || seen.size > 5000) return false;
    seen.add(value);
    return rules.some((rule) => Object.hasOwn(value, rule)) || Object.values(value).some(walk);
  };
  return schemas.flatMap(parts).some(walk);
}

/** The request as text, plain and decoded, to show it and to look for values in it. */
async function describe(request: Request): Promise<string> {
  const body = await request.clone().text();
  const headers = [...request.headers].map(([name, value]) => `${name}: ${value}`).join("\n");
  const plain = `${request.method} ${request.url}\n${headers}\n\n${body}`;
  const decoded = [request.url, body].map((text) => text.replaceAll(/(?:%[0-9a-f]{2})+/gi, decode)).join("\n");
  return decoded === `${request.url}\n${body}` ? plain : `${plain}\n\ndecoded: ${decoded}`;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function withLimit<Value>(promise: Promise<Value>): Promise<Value> {
  const late = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("dispatch takes longer than 20 s")), 20_000).unref();
  });
  return Promise.race([promise, late]);
}

function compileSchema(schema: Json): { (args: unknown): boolean; problem(): string } {
  try {
    const validate = ajv.compile(schema);
    ajv.removeSchema(schema);
    return Object.assign((args: unknown) => validate(args) as boolean, {
      problem: () => ajv.errorsText(validate.errors),
    });
  } catch (error) {
    return Object.assign(() => false, { problem: () => `ajv: ${error instanceof Error ? error.message : error}` });
  }
}
