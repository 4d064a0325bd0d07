/**
 * The Chat Completions API, as far as the loop needs it. These types are our own, so that a kit type-checks without
 * the `openai` package; its client and its messages are assignable to them.
 */
export interface ChatClient {
  readonly chat: {
    readonly completions: {
      create(body: ChatRequest, options?: { signal?: AbortSignal | null | undefined }): PromiseLike<ChatCompletion>;
    };
  };
}

/** The same, of a client that streams. */
export interface ChatStreamClient {
  readonly chat: {
    readonly completions: {
      create(
        body: ChatRequest & { stream: true },
        options?: { signal?: AbortSignal | null | undefined },
      ): PromiseLike<AsyncIterable<ChatChunk>>;
    };
  };
}

/** The body of a request. Fields that the loop does not set come from the caller. */
export interface ChatRequest {
  model: string;
  messages: ChatMessage[];
  tools?: unknown[] | undefined;
  tool_choice?: unknown;
  parallel_tool_calls?: boolean | undefined;
}

/** A message of any role. */
export interface ChatMessage {
  readonly role: "system" | "developer" | "user" | "assistant" | "tool" | "function";
}

/** What the model answers. Gateways leave out a good deal of it. */
export interface ChatCompletion {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly choices?: readonly ChatChoice[] | null | undefined;
  readonly usage?: ChatUsage | null | undefined;
  /** Some gateways fail with status 200. */
  readonly error?: unknown;
}

/** One of several answers; only the first is read. */
export interface ChatChoice {
  readonly finish_reason?: string | null | undefined;
  readonly message?: ModelMessage | null | undefined;
}

/** A piece of an answer that is streamed. */
export interface ChatChunk {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly choices?: readonly ChunkChoice[] | null | undefined;
  readonly usage?: ChatUsage | null | undefined;
  /** Some gateways fail in mid-stream, and say so. */
  readonly error?: unknown;
}

/** A piece of one of several answers; only the first is read. */
export interface ChunkChoice {
  readonly index?: number | undefined;
  readonly finish_reason?: string | null | undefined;
  readonly delta?: object | null | undefined;
}

/** What an answer cost. */
export interface ChatUsage {
  readonly prompt_tokens?: number | null | undefined;
  readonly completion_tokens?: number | null | undefined;
  readonly total_tokens?: number | null | undefined;
}

/** A model's message as it came. */
export interface ModelMessage {
  readonly content?: unknown;
  readonly refusal?: string | null | undefined;
  readonly tool_calls?: readonly object[] | null | undefined;
  /** The one call of gateways that know no `tool_calls`. */
  readonly function_call?: object | null | undefined;
}

/** A model's message in the history, whole enough to be sent back. */
export interface AssistantMessage {
  role: "assistant";
  content: string | null;
  tool_calls?: FunctionCall[];
}

/** A model's call of a tool, in the history. */
export interface FunctionCall {
  id: string;
  type: "function";
  function: { name: string; arguments: string };
}

/** What a tool gave, in the history. */
export interface ToolMessage {
  role: "tool";
  tool_call_id: string;
  content: string;
}

/** What tools gave that is no text: a tool's message takes text alone. */
export interface AttachmentMessage {
  role: "user";
  content: ContentPart[];
}

/** A part of a message. */
export type ContentPart =
  | { type: "text"; text: string }
  | { type: "image_url"; image_url: { url: string } }
  | { type: "input_audio"; input_audio: { data: string; format: "wav" | "mp3" } }
  | { type: "file"; file: { file_data: string; filename: string } };

/** A model's message as it goes into the history, at its place there: every call with its own id, and arguments as text. */
export function toAssistantMessage(
  message: ModelMessage,
  place: number,
  calls: FunctionCall[] = toFunctionCalls(message, place),
): AssistantMessage {
  const { tool_calls: _, function_call: __, content, ...rest } = message;
  return {
    // Gateways add fields that have to come back (a model's reasoning), but refuse the nulls that they sent.
    ...(Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== null)) as object),
    role: "assistant",
    content: textOf(content) ?? (calls.length > 0 ? null : ""),
    ...(calls.length > 0 && { tool_calls: calls }),
  };
}

/** The calls of a message, or pieces of them. */
export function callsIn({ tool_calls, function_call }: ModelMessage): readonly unknown[] {
  if (Array.isArray(tool_calls) && tool_calls.length > 0) return tool_calls;
  return function_call ? [{ function: function_call }] : [];
}

function toFunctionCalls(message: ModelMessage, place: number): FunctionCall[] {
  const ids = new Set<string>();
  return callsIn(message).map((call, index) => toFunctionCall(call, `call_${place}_${index}`, ids));
}

/** A call with an id of its own, a name, and arguments as text. */
export function toFunctionCall(call: unknown, spareId: string, ids: Set<string>): FunctionCall {
  const { id, type, function: called, ...rest } = record(call) as Partial<FunctionCall> & { custom?: unknown };
  const ownId = uniqueId(id, spareId, ids);
  // The kit refuses it, and the history keeps it.
  if (!called && rest.custom) return { ...rest, id: ownId, type } as FunctionCall;
  const { name, arguments: args, ...others } = record(called) as { name?: unknown; arguments?: unknown };
  return {
    ...rest,
    id: ownId,
    type: "function",
    function: {
      ...others,
      name: typeof name === "string" ? name : "",
      arguments: argumentsText(args),
    },
  };
}

/** Arguments as text, which gateways leave empty or out, or parse. */
export function argumentsText(args: unknown): string {
  if (typeof args !== "string") return JSON.stringify(args || {});
  return args.trim() === "" ? "{}" : args;
}

/** An id that no other call of its message has: decisions are made by it. */
export function uniqueId(id: unknown, spareId: string, taken: Set<string>): string {
  let unique = typeof id === "string" && id !== "" && !taken.has(id) ? id : spareId;
  while (taken.has(unique)) unique += "_";
  taken.add(unique);
  return unique;
}

function record(value: unknown): object {
  return typeof value === "object" && value !== null ? value : {};
}

/** The text of a content, which some gateways send in parts. */
export function textOf(content: unknown): string | null {
  if (typeof content === "string") return content;
  if (!Array.isArray(content)) return null;
  return content.map((part: { text?: unknown }) => (typeof part?.text === "string" ? part.text : "")).join("");
}
