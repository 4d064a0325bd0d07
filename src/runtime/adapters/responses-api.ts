/**
 * The Responses API, as far as the loop needs it. These types are our own, so that a kit type-checks without the
 * `openai` package; its client and its items are assignable to them.
 */
export interface ResponsesClient {
  readonly responses: {
    create(body: ResponsesRequest, options?: { signal?: AbortSignal | null | undefined }): PromiseLike<ModelResponse>;
  };
}

/** The same, of a client that streams. */
export interface ResponsesStreamClient {
  readonly responses: {
    create(
      body: ResponsesRequest & { stream: true },
      options?: { signal?: AbortSignal | null | undefined },
    ): PromiseLike<AsyncIterable<object>>;
  };
}

/** The body of a request. Fields that the loop does not set come from the caller. */
export interface ResponsesRequest {
  model?: string;
  input?: string | object[];
  previous_response_id?: string | null;
}

/** What the model answers. */
export interface ModelResponse {
  readonly id?: string | undefined;
  readonly model?: string | undefined;
  readonly output?: readonly object[] | null | undefined;
  readonly status?: string | null | undefined;
  readonly incomplete_details?: { readonly reason?: string | undefined } | null | undefined;
  readonly error?: object | null | undefined;
  readonly usage?:
    | {
        readonly input_tokens?: number | null | undefined;
        readonly output_tokens?: number | null | undefined;
        readonly total_tokens?: number | null | undefined;
      }
    | null
    | undefined;
}

/** An element of the input: a message, or whatever else the API takes. */
export interface InputItem {
  readonly type?: string | null | undefined;
  readonly role?: "user" | "assistant" | "system" | "developer" | "unknown" | "critic" | "discriminator" | "tool";
}

/** What the loop adds to the items of a run. Those of other kinds, which the API knows, are kept as they came. */
export type RunItem = FunctionCallItem | FunctionCallOutputItem | ReasoningItem | OutputMessageItem;

/** A call of a tool. */
export interface FunctionCallItem {
  type: "function_call";
  call_id: string;
  name: string;
  arguments: string;
  namespace?: string;
  id?: string;
}

/** What a tool gave. */
export interface FunctionCallOutputItem {
  type: "function_call_output";
  call_id: string;
  output: string | OutputPart[];
}

/** A part of what a tool gave. */
export type OutputPart =
  | { type: "input_text"; text: string }
  | { type: "input_image"; image_url: string; detail: "auto" }
  | { type: "input_file"; file_data: string; filename: string };

/** What the model thought. It has to come back. */
export interface ReasoningItem {
  type: "reasoning";
  id: string;
  summary: { type: "summary_text"; text: string }[];
  encrypted_content?: string | null;
}

/** What the model said. */
export interface OutputMessageItem {
  type: "message";
  role: "assistant";
  id: string;
  status: "in_progress" | "completed" | "incomplete";
  content: ({ type: "output_text"; text: string; annotations: never[] } | { type: "refusal"; refusal: string })[];
}
