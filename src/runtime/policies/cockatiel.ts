export { ExponentialBackoff } from "cockatiel";
