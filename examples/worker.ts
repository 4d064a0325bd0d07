import { runTools } from "fctool/runtime";
import { production } from "fctool/runtime/policies";
import OpenAI from "openai";
import { createKit } from "./pet-store.gen.ts";

interface Env {
  readonly OPENAI_API_KEY: string;
  readonly OPENAI_BASE_URL?: string;
  readonly PET_STORE_TOKEN: string;
  readonly PET_STORE_URL?: string;
}

/** Made once, so that all requests share limits, circuits and cache. */
const policies = production();

/** A Cloudflare Worker: a question comes in, the model's answer goes out. */
export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const result = await runTools({
      client: new OpenAI({ apiKey: env.OPENAI_API_KEY, baseURL: env.OPENAI_BASE_URL }),
      model: "gpt-5.5",
      kit: createKit({ baseUrl: env.PET_STORE_URL, auth: { bearerAuth: env.PET_STORE_TOKEN }, policies }),
      messages: [{ role: "user", content: await request.text() }],
      signal: request.signal,
    });
    return Response.json({ text: result.text, stopReason: result.stopReason });
  },
};
