import { streamTools } from "fctool/runtime";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

export const config = { runtime: "edge" };

/** A Vercel function: a question comes in, the model's answer goes out while it is written. */
export async function POST(request: Request): Promise<Response> {
  const events = streamTools({
    client: new OpenAI(),
    model: "gpt-5.5",
    kit: createKit({ baseUrl: process.env.PET_STORE_URL, auth: { bearerAuth: process.env.PET_STORE_TOKEN } }),
    messages: [{ role: "user", content: await request.text() }],
    signal: request.signal,
  });
  const texts = new ReadableStream<string>({
    async pull(controller) {
      for (;;) {
        const { done, value } = await events.next();
        if (done) return controller.close();
        if (value.type === "text-delta") return controller.enqueue(value.text);
      }
    },
    cancel: async () => void (await events.return()),
  });
  return new Response(texts.pipeThrough(new TextEncoderStream()), { headers: { "content-type": "text/plain" } });
}
