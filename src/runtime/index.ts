export type {
  AssistantMessage,
  ChatClient,
  ChatCompletion,
  ChatMessage,
  ChatRequest,
  FunctionCall,
  ToolMessage,
} from "./chat.ts";
export type { Client as ClientCredentials } from "./client-credentials.ts";
export { combineKits, type MergedContext, type MergedDispatcher } from "./combine-kits.ts";
export { type DefinedTool, defineTool, type ExecuteCall, type ToolDefinition } from "./define-tool.ts";
export {
  AbortError,
  HttpError,
  InvalidArgumentsError,
  isKitError,
  KitError,
  ModelError,
  NetworkError,
  NotAuthorizedError,
  OptionsError,
  TimeoutError,
  UnknownToolError,
} from "./errors.ts";
export { executor } from "./executor.ts";
export { kit } from "./kit.ts";
export {
  type ContextOf,
  type HistoryMessage,
  type PrepareStep,
  type RunResult,
  type RunSoFar,
  type RunToolsOptions,
  runTools,
  type Step,
  type StepOptions,
  type StopReason,
  type ToolChoice,
  type ToolName,
  type Usage,
} from "./run-tools.ts";
export type { StandardSchema } from "./standard-schema.ts";
export type {
  AnyExecutor,
  AnyKit,
  Api,
  CallInfo,
  CallOptions,
  Codec,
  Decision,
  Dispatcher,
  Effect,
  ErrorKind,
  Executor,
  FileResolver,
  FunctionTool,
  Json,
  JsonSchema,
  Kit,
  KitOptions,
  Operation,
  Policy,
  RequestOptions,
  RunOptions,
  SecurityScheme,
  Send,
  Server,
  ServerChoice,
  ServerSentEvent,
  ToolCall,
  ToolError,
  ToolOutput,
} from "./types.ts";
