export {
  CircuitState,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleWhen,
  handleWhenResult,
  type IBackoff,
  isBrokenCircuitError,
} from "cockatiel";
