import { randomUUID } from "node:crypto";
import { UsageError } from "../compiler/errors.ts";
import { describeBlob } from "../runtime/answer.ts";
import { isKitError } from "../runtime/errors.ts";
import { isTooDeep } from "../runtime/json-text.ts";
import type { KitOptions } from "../runtime/kit-types.ts";
import { hidden, secretsOf } from "../runtime/secrets.ts";
import type { DocumentArgs } from "./args.ts";
import { checkArgs, type Given, injectFor, readArgs, readHeaders } from "./call-input.ts";
import { compileDocument } from "./compile-document.ts";
import { authFrom, baseUrlFrom, placeholdersFor, variablesOf } from "./environment.ts";
import { ExitCode } from "./exit-code.ts";
import { findTool } from "./find-tool.ts";
import { kitFromDocument } from "./kit-from-document.ts";
import { harmless, harmlessLines, paint, printError, printResult, toJson } from "./print.ts";
import { toCurl, toHttp } from "./print-request.ts";

export interface CallArgs extends DocumentArgs {
  readonly document: string;
  readonly tool: string;
  readonly args?: string;
  readonly "base-url"?: string;
  readonly header?: readonly string[];
  readonly "dry-run"?: boolean;
  readonly curl?: boolean;
}

/** `fctool call`: makes one call with natural arguments, or shows what it would send. */
export async function callCommand(args: CallArgs): Promise<ExitCode> {
  const compiled = await compileDocument(args.document, args);
  const tool = findTool(compiled.tools, args.tool);
  const given = readArgs(args.args ?? "{}", tool);
  const isShown = args["dry-run"] === true || args.curl === true;
  // Nobody can know it, so no document and no argument can have the shell fill in anything else.
  const mark = `fctool-${randomUUID()}-`;
  const options: KitOptions = {
    baseUrl: baseUrlFrom("base-url", args["base-url"], process.env),
    headers: readHeaders(args.header ?? []),
    inject: injectFor(tool, given, isShown ? mark : undefined) as NonNullable<KitOptions["inject"]>,
  };
  const auth = authFrom(compiled.api, process.env);
  try {
    const kit = kitFromDocument(compiled, { ...options, auth } as KitOptions);
    checkArgs(kit, tool, given);
    if (isShown) {
      const request = await requestOf(compiled, tool.name, given, {
        ...options,
        headers: withoutSecretHeaders(options.headers),
        auth: placeholdersFor(compiled.api, auth, mark),
      });
      for (const line of await (args.curl === true ? toCurl : toHttp)(request, mark)) printResult(line);
      return ExitCode.done;
    }
    await printAnswer(await kit.call(tool.name, given as never));
    return ExitCode.done;
  } catch (error) {
    if (!isKitError(error)) throw error;
    return explainFailure(error, args, [...variablesOf(compiled.api).values()].flat());
  }
}

function withoutSecretHeaders(headers: KitOptions["headers"] = {}): { [name: string]: string } {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name, secretsOf({ [name]: value }).length === 0 ? value : hidden]),
  );
}

/** What a call would send. Nothing is sent, and no secret is in it. */
async function requestOf(
  compiled: Parameters<typeof kitFromDocument>[0],
  name: string,
  args: Given,
  options: KitOptions,
): Promise<Request> {
  let request: Request | undefined;
  const fetch = async (input: string | URL | Request, init?: RequestInit) => {
    request = new Request(input, init);
    return new Response(null, { status: 204 });
  };
  const kit = kitFromDocument(compiled, { ...options, fetch });
  await kit.call(name, args as never);
  if (request === undefined) throw new Error("the call sent nothing");
  return request;
}

const deepest = 1_000;

async function printAnswer(result: unknown): Promise<void> {
  if (result === undefined) return printError(paint("dim", "(an empty answer)"));
  if (result instanceof Blob) {
    if (process.stdout.isTTY) return printError(harmless(`${describeBlob(result)}: redirect it into a file: > file`));
    process.stdout.write(new Uint8Array(await result.arrayBuffer()));
    return;
  }
  if (typeof result === "object" && result !== null && Symbol.asyncIterator in result) {
    for await (const event of result as AsyncIterable<unknown>) printResult(harmless(JSON.stringify(event)));
    return;
  }
  if (typeof result !== "string") {
    if (isTooDeep(result, deepest)) return printError("(an answer that is nested too deeply to be shown)");
    return printResult(toJson(result));
  }
  // Elsewhere it is for programs, which get it as it came.
  printResult(process.stdout.isTTY ? harmlessLines(result) : result);
}

/** What the caller can mend is wrong usage; anything else is the API's answer. */
function explainFailure(error: unknown, { document, tool }: CallArgs, variables: readonly string[]): ExitCode {
  if (!isKitError(error)) throw error;
  const { kind, message } = error;
  if (kind === "invalid_arguments") throw new UsageError(message, `See fctool inspect ${document} --tool ${tool}`);
  if (error.name === "OptionsError") throw new UsageError(message, "Give --base-url, or set FCTOOL_BASE_URL.");
  const { status, body } = error.toToolError();
  printError(`${paint("red", "error")}: ${harmless(message)}`);
  if (body !== undefined) printError(harmless(`  ${typeof body === "string" ? body : JSON.stringify(body)}`));
  if ((status === 401 || status === 403) && variables.length > 0) {
    printError(`  Credentials come from the environment: ${variables.join(", ")}.`);
  } else if (kind === "network") {
    const code = codeOf(error.cause);
    if (code !== undefined) printError(`  ${code}`);
    printError("  Check the address (--base-url) and the network.");
  }
  return ExitCode.callFailed;
}

/** What the system calls a failure, `ECONNREFUSED`: it says what is wrong, and holds no address and no secret. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  return "code" in error && typeof error.code === "string" ? error.code : codeOf(error.cause);
}
