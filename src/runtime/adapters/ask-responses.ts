import { untilAborted } from "../abort.ts";
import { argumentsText, type FunctionCall, uniqueId } from "../chat.ts";
import { checkNames } from "../check-names.ts";
import { readAttachment } from "../content.ts";
import { OptionsError } from "../errors.ts";
import type { AnyKit, ToolOutput } from "../kit-types.ts";
import type { Adapter, Question } from "../loop.ts";
import type { ToolName } from "../loop-options.ts";
import type { AskEvent, Tell } from "../run-events.ts";
import type { ModelTurn } from "../turn.ts";
import type { FunctionTool } from "../types.ts";
import type {
  FunctionCallOutputItem,
  InputItem,
  ModelResponse,
  OutputPart,
  ResponsesClient,
  ResponsesRequest,
  RunItem,
} from "./responses-api.ts";

/** What the Responses API has beside the other. */
export interface ResponsesOptions<K extends AnyKit<never> = AnyKit> {
  /** `true`: OpenAI keeps the conversation, and gets what is new alone. An id: the same, from that response on. */
  readonly previousResponseId?: string | true | undefined;
  /** Tools that the model finds by `tool_search` first, instead of reading all of them. */
  readonly deferredTools?: readonly ToolName<K>[] | true | undefined;
}

interface AskOptions {
  readonly kit: AnyKit<never>;
  readonly request?: { readonly [field: string]: unknown } | undefined;
  readonly parallelToolCalls?: boolean | undefined;
  readonly maxContentBytes?: number | undefined;
  readonly previousResponseId?: string | true | undefined;
  readonly deferredTools?: readonly string[] | true | undefined;
}

/** How a response is had: in a stream, calls are told of before it is whole. */
export type AskResponse = (
  request: ResponsesRequest,
  question: Pick<Question<object>, "place" | "signal">,
  hear: Tell<AskEvent>,
) => Promise<ModelTurn<RunItem>>;

/** The Responses API, asked in one of two ways. */
export function responsesAdapter<Item extends InputItem>(
  options: AskOptions,
  ask: AskResponse,
): Adapter<Item | RunItem> {
  const given = toolsOf(options);
  const names = namesOf(given);
  const { kit, previousResponseId: previous, deferredTools } = options;
  if (Array.isArray(deferredTools))
    checkNames(deferredTools, Object.keys(kit.dispatcher), "deferredTools: there is no tool");
  if (typeof previous === "string" && isConversation(options))
    throw new OptionsError("previousResponseId: the request names a conversation, and the API takes one of both");
  return {
    api: "responses",
    async ask(question, hear) {
      const turn = await ask(toRequest(question, options), question, hear);
      return previous === undefined && !isConversation(options) ? { ...turn, id: undefined } : turn;
    },
    toItems: (outputs, calls) => Promise.all(outputs.map((output, index) => toItem(output, options, calls[index]))),
    isCounted: (tool) => !names.includes(tool) && !isDeferred(tool, options),
  };
}

// ------------------------------------------------------------ the request

function toRequest({ model, messages, previous, offer }: Question<object>, options: AskOptions): ResponsesRequest {
  const { parallelToolCalls, request = {} } = options;
  const given = toolsOf(options);
  const tools = [...given, ...toTools(offer.tools, given, options)];
  const { choice } = offer;
  return {
    ...request,
    model,
    input: messages.slice(previous?.count ?? 0),
    ...(previous !== undefined && !isConversation(options) && { previous_response_id: previous.id }),
    ...(tools.length > 0 && {
      tools,
      ...(choice !== undefined && {
        tool_choice: typeof choice === "string" ? choice : { type: "function", ...choice },
      }),
      ...(parallelToolCalls !== undefined && { parallel_tool_calls: parallelToolCalls }),
    }),
  };
}

/** Whether what is said is added to a conversation that the provider keeps. */
function isConversation({ request }: AskOptions): boolean {
  return Boolean(request?.conversation);
}

interface NamedTool {
  readonly type?: unknown;
  readonly name?: unknown;
  readonly tools?: readonly NamedTool[];
}

/** The caller's own. */
function toolsOf({ request }: AskOptions): readonly NamedTool[] {
  return Array.isArray(request?.tools) ? request.tools : [];
}

/** What they are called, those in a namespace included. */
function namesOf(given: readonly NamedTool[]): unknown[] {
  return given.flatMap((tool) => [tool, ...(tool.tools ?? [])]).map(({ name }) => name);
}

function isDeferred(name: string, { deferredTools = [] }: AskOptions): boolean {
  return deferredTools === true || deferredTools.includes(name);
}

/** The caller may have offered some already. */
function toTools(tools: readonly FunctionTool[], given: readonly NamedTool[], options: AskOptions): object[] {
  const names = namesOf(given);
  const own = tools
    .filter((tool) => !names.includes(tool.function.name))
    .map(({ type, function: { name, description, strict, parameters } }) => ({
      type,
      name,
      ...(description !== undefined && { description }),
      strict,
      parameters,
      ...(isDeferred(name, options) && { defer_loading: true }),
    }));
  const needsSearch = own.some((tool) => tool.defer_loading) && !given.some(({ type }) => type === "tool_search");
  return needsSearch ? [{ type: "tool_search" }, ...own] : own;
}

// ------------------------------------------------------------ the answer

/** Asks for the whole response at once. */
export function askWhole(client: ResponsesClient): AskResponse {
  return async (request, { place, signal }) => {
    return readResponse(await untilAborted(() => client.responses.create(request, { signal }), signal), place);
  };
}

/** An item of whatever kind. */
export interface SomeItem {
  readonly type?: string;
  readonly call_id?: string;
  readonly name?: string;
  readonly arguments?: unknown;
  readonly input?: unknown;
  readonly namespace?: string;
  readonly caller?: object | null;
  readonly content?: readonly { readonly text?: unknown; readonly refusal?: unknown }[];
}

/** Calls that are being made already stand in `early`, by their places. Throws where the response failed. */
export function readResponse(
  response: ModelResponse,
  place: number,
  isStream = false,
  early: ReadonlyMap<number, FunctionCall> = new Map(),
): ModelTurn<RunItem> {
  const { output, status, incomplete_details, usage } = response;
  if (status === "failed" || !Array.isArray(output)) {
    throw new Error("the response failed", { cause: response.error });
  }
  if (output.length === 0 && /^(?:queued|in_progress|cancelled)$/.test(status ?? "")) {
    throw new Error(`the response is ${status}, and holds no answer`);
  }
  const ids = new Set([...early.values()].map(({ id }) => id));
  const items: SomeItem[] = output.map((item: SomeItem, index) =>
    isCall(item) && !early.has(index)
      ? { ...item, call_id: uniqueId(item.call_id, `call_${place}_${index}`, ids) }
      : item,
  );
  const calls = items.flatMap((item, index) => (isCall(item) ? (early.get(index) ?? toCall(item)) : []));
  // Reasoning that leads to nothing is refused when it comes back.
  const isCut = status === "incomplete" || typeof incomplete_details?.reason === "string";
  while (isCut && items.at(-1)?.type === "reasoning") items.pop();
  const parts = items.flatMap((item) => (item.type === "message" && Array.isArray(item.content) ? item.content : []));
  const text = parts.map((part) => (part as { text?: unknown }).text ?? "").join("");
  const refusal = parts.map((part) => (part as { refusal?: unknown }).refusal ?? "").join("");
  const [inputTokens, outputTokens] = [usage?.input_tokens ?? 0, usage?.output_tokens ?? 0];
  const reason = incomplete_details?.reason === "content_filter" ? "content_filter" : "length";
  return {
    message: {
      role: "assistant",
      content: text || (calls.length > 0 ? null : refusal),
      ...(calls.length > 0 && { tool_calls: calls }),
    },
    items: items as unknown as RunItem[],
    usage: { inputTokens, outputTokens, totalTokens: usage?.total_tokens ?? inputTokens + outputTokens },
    finishReason: isCut ? reason : (status ?? undefined),
    id: response.id,
    response: { id: response.id, model: response.model, isStream },
  };
}

function isCall({ type }: SomeItem): boolean {
  return type === "function_call" || type === "custom_tool_call";
}

/** The call that an item is, if it is one. */
export function callsIn(item: SomeItem): FunctionCall[] {
  return isCall(item) ? [toCall(item)] : [];
}

/** A call in the form of the other API. */
export function toCall({ type, call_id, name = "", namespace, caller, ...item }: SomeItem): FunctionCall {
  const id = call_id as string;
  if (type === "custom_tool_call") return { id, type: "custom", custom: { name, input: item.input } } as never;
  const about = { ...(namespace && { namespace }), ...(caller && { caller }) };
  return { id, type: "function", function: { name, arguments: argumentsText(item.arguments) }, ...about };
}

// ------------------------------------------------------------ outputs

async function toItem(
  output: ToolOutput,
  options: AskOptions,
  call: (FunctionCall & Pick<SomeItem, "caller">) | undefined,
): Promise<FunctionCallOutputItem> {
  const { toolCallId, content } = output;
  const attachment = await readAttachment(output, options.maxContentBytes, (type) => !type.startsWith("audio/"));
  // Calls of other kinds are answered in kind.
  const type = (call?.function ? "function_call_output" : "custom_tool_call_output") as "function_call_output";
  const about = { type, call_id: toolCallId, ...(call?.caller && { caller: call.caller }) };
  const text = typeof attachment === "string" ? `${content}: ${attachment}` : content;
  if (typeof attachment !== "object") return { ...about, output: text };
  const { kind, url } = attachment;
  const part: OutputPart =
    kind === "image"
      ? { type: "input_image", image_url: url, detail: "auto" }
      : { type: "input_file", file_data: url, filename: "result.pdf" };
  return { ...about, output: [{ type: "input_text", text }, part] };
}
