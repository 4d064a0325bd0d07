export { attachments } from "./attachments.ts";
export { valueBounds } from "./bounds.ts";
export type {
  AssistantMessage,
  AttachmentMessage,
  ChatChunk,
  ChatClient,
  ChatCompletion,
  ChatMessage,
  ChatRequest,
  ChatStreamClient,
  ContentPart,
  FunctionCall,
  ToolMessage,
} from "./chat.ts";
export { type Client as ClientCredentials, clientCredentials } from "./client-credentials.ts";
export { combineKits, type MergedContext, type MergedDispatcher } from "./combine-kits.ts";
export {
  type DefinedTool,
  defineTool,
  type ExecuteCall,
  type ToolDefinition,
  type ToolOptions,
} from "./define-tool.ts";
export {
  AbortError,
  CircuitOpenError,
  HttpError,
  InvalidArgumentsError,
  isKitError,
  KitError,
  ModelError,
  NetworkError,
  NotAuthorizedError,
  OptionsError,
  RateLimitedError,
  TimeoutError,
  UnknownToolError,
} from "./errors.ts";
export { eventStream } from "./events.ts";
export { executor } from "./executor.ts";
export type { Features } from "./features.ts";
export { binaryBody } from "./files.ts";
export { filledArgs } from "./fill-args.ts";
export { formBody, multipartBody } from "./form.ts";
export { stringFormats } from "./formats.ts";
export { idempotencyKeys } from "./idempotency-key.ts";
export { keyPlaces } from "./key-places.ts";
export { kit } from "./kit.ts";
export type {
  Answer,
  AnyExecutor,
  AnyKit,
  AnyPolicy,
  Approval,
  ApprovalDecision,
  BeforeCall,
  CallDecision,
  CallInfo,
  CallOf,
  CallOptions,
  CallOutcome,
  CallProgress,
  Decision,
  Dispatcher,
  DispatchOptions,
  ErrorKind,
  Executor,
  FileResolver,
  History,
  HistoryEntry,
  Hooks,
  Kit,
  KitOptions,
  PendingCall,
  Policy,
  RequestOptions,
  Run,
  RunInfo,
  RunOptions,
  RunPolicy,
  Send,
  ServerChoice,
  ServerSentEvent,
  ToolError,
  ToolOutput,
} from "./kit-types.ts";
export type {
  ContextOf,
  LoopOptions,
  PrepareStep,
  RunResult,
  RunSoFar,
  Step,
  StepOptions,
  StopReason,
  ToolChoice,
  ToolName,
  Usage,
} from "./loop-options.ts";
export { parameterStyles } from "./parameter-styles.ts";
export { textPatterns } from "./pattern.ts";
export { pickedFields } from "./pick-fields.ts";
export type { Decisions, Verdict } from "./resume-run.ts";
export {
  type ResumeToolsOptions,
  type Resumption,
  resumeTools,
  type StreamResumedOptions,
  streamResumedTools,
} from "./resume-tools.ts";
export { valueRules } from "./rules.ts";
export type { AskEvent, RunEvent } from "./run-events.ts";
export type { ModelAnswer, ObservedAsk, ObservedRun, ResponseInfo, RunObserver } from "./run-observer.ts";
export { type HistoryMessage, type RunToolsOptions, runTools } from "./run-tools.ts";
export { serverChoices } from "./server-choices.ts";
export { spellings } from "./spellings.ts";
export type { StandardSchema } from "./standard-schema.ts";
export type { RunState, StatePending } from "./state.ts";
export { type Finish, type StreamEvent, type StreamToolsOptions, streamTools } from "./stream-tools.ts";
export { textBody } from "./text-body.ts";
export type {
  Api,
  Codec,
  Codecs,
  Effect,
  FunctionTool,
  Json,
  JsonSchema,
  Operation,
  OperationParts,
  SecurityScheme,
  Server,
  ToolCall,
} from "./types.ts";
export { unions } from "./unions.ts";
export { xmlBody } from "./xml.ts";
