import fc from "fast-check";
import type { ChatCompletionMessageParam } from "openai/resources/chat/completions";
import { expect, test } from "vitest";
import {
  combineKits,
  defineTool,
  type HistoryEntry,
  type RunResult,
  resumeTools,
  runTools,
  type StreamEvent,
  streamResumedTools,
  streamTools,
} from "../../src/runtime/index.ts";
import { production } from "../../src/runtime/policies/index.ts";
import { calls, type ModelRequest, type Reply, says, startModel, toChunks } from "./model-server.ts";

// Whatever mix of faults a conversation meets, it ends as it should: each call is made once, answered once, and in the
// history once.

const toolNames = ["look", "fail", "remove"] as const;

const faults = fc.oneof(
  fc.constantFrom<Reply>({ status: 500 }, { status: 429 }, { resets: true }, { hangs: true }, { body: { no: 1 } }),
  fc.record({ after: fc.nat(14), end: fc.constantFrom<Reply>({ resets: true }, { hangs: true }, {}) }),
  fc.record({ after: fc.nat(14), end: fc.constant<Reply>({ chunks: ["data: {oops\n\n", "data: [DONE]\n\n"] }) }),
);
type Fault = Reply | { readonly after: number; readonly end: Reply };

const conversations = fc.record({
  turns: fc.array(fc.array(fc.constantFrom(...toolNames), { minLength: 1, maxLength: 3 }), { maxLength: 3 }),
  faults: fc.array(faults, { maxLength: 6 }),
  isStream: fc.boolean(),
  approves: fc.boolean(),
  hasPolicies: fc.boolean(),
  abortAfter: fc.option(fc.nat(60), { nil: undefined, freq: 4 }),
});

type Messages = readonly object[];
const idsIn = (messages: Messages) =>
  messages.flatMap((message) => (message as { tool_calls?: { id: string }[] }).tool_calls ?? []).map(({ id }) => id);
const answeredIn = (messages: Messages) =>
  messages.flatMap((message) => ("tool_call_id" in message ? [String(message.tool_call_id)] : []));

/** Asks for what is not answered yet, turn by turn. */
function think(turns: readonly (readonly string[])[], { messages }: ModelRequest): Reply {
  const answered = answeredIn(messages);
  for (const [turn, names] of turns.entries()) {
    const open = names.map((name, index) => [name, {}, `${turn}-${index}`] as const);
    const left = open.filter(([, , id]) => !answered.includes(id));
    if (left.length > 0) return calls(...left.map(([name, , id]) => [name, { id }, id] as const));
  }
  return says("Done.");
}

function broken(reply: Reply, fault: Fault, isStream: boolean): Reply {
  if (!("after" in fault)) return fault;
  if (!isStream) return { status: 503 };
  const { chunks = [], ...end } = fault.end;
  return { chunks: [...toChunks(reply).slice(0, fault.after), ...chunks], ...end };
}

async function last(events: AsyncIterable<StreamEvent>): Promise<RunResult> {
  for await (const event of events) if (event.type === "finish") return event.result;
  throw new Error("the stream had no end");
}

test("a conversation that meets faults of every kind", { timeout: 60_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(conversations, async ({ turns, faults, isStream, approves, hasPolicies, abortAfter }) => {
      const entries: HistoryEntry[] = [];
      const made: string[] = [];
      const history = {
        append: (entry: HistoryEntry) => void entries.push(entry),
        claim: () => true,
        find: (key: string) => entries.find((entry) => entry.key === key),
      };
      const parameters = {
        type: "object",
        properties: { id: { type: "string" } },
        required: ["id"],
        additionalProperties: false,
      };
      const kits = toolNames.map((name) =>
        defineTool(
          {
            name,
            parameters,
            effect: name === "remove" ? "destructive" : "write",
            async execute({ id }: { id: string }) {
              made.push(id);
              if (name === "fail") throw new Error("it fails");
              return id;
            },
          },
          { history, policies: hasPolicies ? production() : [] },
        ),
      );
      const rest = [...faults];
      await using model = await startModel((request) => {
        expect(answeredIn(request.messages)).toEqual(idsIn(request.messages));
        const fault = rest.shift();
        const reply = think(turns, request);
        return fault === undefined ? reply : broken(reply, fault, isStream);
      });
      const options = {
        client: model.client,
        model: "model-0",
        // One for each fault, and some for a machine that is busy.
        fallbackModels: [...faults, 1, 2, 3].map((_, index) => `model-${index + 1}`),
        kit: combineKits(...kits),
        maxTurns: 20,
        modelTimeout: 250,
        signal: abortAfter === undefined ? undefined : AbortSignal.timeout(abortAfter),
      };
      const messages: ChatCompletionMessageParam[] = [{ role: "user", content: "go" }];
      let result: RunResult = await (isStream
        ? last(streamTools({ ...options, messages }))
        : runTools({ ...options, messages }));
      while (result.stopReason === "needs_approval") {
        const state = JSON.parse(JSON.stringify(result.state));
        const decisions = Object.fromEntries(result.state?.pending.map(({ id }) => [id, approves]) ?? []);
        const resumption = { ...options, state, decisions };
        result = await (isStream ? last(streamResumedTools(resumption)) : resumeTools(resumption));
      }

      expect(result.stopReason).toMatch(abortAfter === undefined ? /^answer$/ : /^(?:answer|aborted)$/);
      expect(answeredIn(result.messages)).toEqual(idsIn(result.messages));
      const written = entries.map(({ callId }) => callId);
      expect(new Set(made).size).toBe(made.length);
      expect(new Set(written).size).toBe(written.length);
      expect(written).toEqual(expect.arrayContaining(made));
      if (result.stopReason !== "answer") return;
      const all = turns.flatMap((names, turn) => names.map((name, index) => ({ name, id: `${turn}-${index}` })));
      expect(result.text).toBe("Done.");
      expect(written.toSorted()).toEqual(all.map(({ id }) => id));
      expect(made.toSorted()).toEqual(all.filter(({ name }) => approves || name !== "remove").map(({ id }) => id));
    }),
    { numRuns: 50 },
  );
});
