import { throwIfAborted, untilAborted } from "./abort.ts";
import { readAnswer } from "./answer.ts";
import { assemble } from "./assemble.ts";
import { decode } from "./codec.ts";
import { describeValue } from "./describe-value.ts";
import { InvalidArgumentsError } from "./errors.ts";
import { type Features, featuresOf, needed } from "./features.ts";
import type { Answer, AnyExecutor, CallInfo, Run, RunOptions } from "./kit-types.ts";
import { mostBytes } from "./limits.ts";
import { type Draft, readRoute, type WriteDraft } from "./request.ts";
import { runThrough } from "./run-through.ts";
import { secretsOf } from "./secrets.ts";
import { findCredentials } from "./security.ts";
import { send } from "./send.ts";
import { sendThrough } from "./send-through.ts";
import type { Args as DraftArgs } from "./serialize.ts";
import { findBase } from "./server.ts";
import type { ArgsCodec, Effect, Operation } from "./types.ts";

/**
 * Makes an operation callable. It does nothing until it is called. What it is declared as says what its arguments and
 * its result are; to infer that here would take TypeScript as long as all else in a kit.
 */
export function executor(operation: Operation): AnyExecutor {
  const { tool, codec } = operation;
  const effect = operation.effect ?? effectOf(operation.method);
  let known: Features | undefined;
  const findFeatures = () => (known ??= featuresOf(operation));
  let writeDraft: WriteDraft | undefined;

  async function run(args: unknown, options: RunOptions): Promise<Answer> {
    throwIfAborted(options.signal);
    if (typeof args !== "object" || args === null)
      throw new InvalidArgumentsError("", `got ${describeValue(args)}; expected an object`);
    let call: CallInfo = { ...newCall(args, options), ...options.call, args };
    const features = findFeatures();
    writeDraft ??= readRoute(operation, features);
    const given = args as DraftArgs;
    const isFilled = operation.credentials !== undefined || operation.injected !== undefined;
    const filled = isFilled ? await needed(features, "fill")(operation, given, options) : { args: given, secrets: [] };
    const draft = await writeDraft(filled.args, { resolve: options.files, call });
    const keyHeader = operation.idempotencyKey;
    if (keyHeader !== undefined) call = await needed(features, "addIdempotencyKey")(keyHeader, draft.headers, call);
    const answer = await request(operation, features, draft, filled.secrets, options, call);
    return operation.result === undefined ? answer : needed(features, "pick")(answer, operation.result.pick);
  }

  async function execute(args: unknown, options: RunOptions = {}): Promise<unknown> {
    const last: Run = (args, call) => run(args, { ...options, signal: call.signal, stream: true, call });
    const { result } = await untilAborted(
      () => runThrough(options.policies, last, newCall(args ?? {}, options)),
      options.signal,
    );
    return result;
  }

  function newCall(args: unknown, { signal }: RunOptions): CallInfo {
    const id = crypto.randomUUID();
    const progress = { attempts: 0, cached: false };
    return { id, tool: tool.function.name, effect, args, context: undefined, progress, definition: tool, signal };
  }

  return Object.assign(execute, {
    tool,
    effect,
    approval: operation.approval,
    codec,
    run,
    features: findFeatures,
    decode: (args: unknown) => decode(tool.function.parameters, codec as ArgsCodec | undefined, args, findFeatures()),
  });
}

function effectOf(method: string): Effect {
  if (/^(?:GET|HEAD|OPTIONS|QUERY)$/.test(method)) return "read";
  return method === "DELETE" ? "destructive" : "write";
}

async function request(
  operation: Operation,
  features: Features,
  draft: Draft,
  bodySecrets: readonly string[],
  options: RunOptions,
  call: CallInfo,
): Promise<Answer> {
  const base = findBase(operation, options, features);
  for (let isRenewed = false; ; isRenewed = true) {
    const credentials = await findCredentials(operation, features, options, base.prefix);
    const outgoing = assemble(operation, draft, base, credentials, options.headers);
    const transport = {
      ...options,
      credentials,
      secrets: [...credentials.secrets, ...bodySecrets, ...secretsOf(options.headers)],
      hasSecretBody: bodySecrets.length > 0,
      mostBytes: options.stream ? Infinity : mostBytes,
    };
    const response = await (options.policies?.length
      ? sendThrough(options.policies, outgoing, transport, call)
      : send(outgoing, transport, call));
    if (response.status !== 401 || credentials.forget === undefined || isRenewed)
      return readAnswer(response, transport, features);
    await response.body?.cancel();
    credentials.forget();
  }
}
