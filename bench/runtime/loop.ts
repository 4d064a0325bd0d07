import type { AnyKit, FunctionTool } from "../../dist/runtime/index.js";

/** Where a loop runs. */
export interface Setting {
  /** Of the model (below `/v1`) and of the API. */
  readonly url: string;
  /** The generated kit of the made-up document. */
  readonly kit: {
    readonly tools: FunctionTool[];
    createKit(options: object): AnyKit;
  };
}

/** Makes a loop ready, and gives what runs it once to the model's last words. */
export type Loop = (setting: Setting) => () => Promise<string>;

export const model = "scripted";
export const token = "secret";
export const question = "Look at task 7 and its project, add a task, and list those that are open.";
/** How many tool calls the scripted model makes until it answers. */
export const callsOfRun = 4;
