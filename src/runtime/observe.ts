export { type ConsoleLoggerOptions, consoleLogger } from "./console-logger.ts";
export { type CallStats, type Entries, type ErrorStats, type Stats, stats } from "./stats.ts";
