import { token } from "./loop.ts";

/** The least that one can write to ask a model. */
export async function chatOverFetch(url: string, body: object): Promise<Completion> {
  const response = await fetch(`${url}/v1/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
    body: JSON.stringify(body),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Completion;
}

export interface Completion {
  readonly choices: readonly { readonly message: Message }[];
}

export interface Message {
  readonly role: "assistant";
  readonly content: string | null;
  readonly tool_calls?: readonly Call[];
}

export interface Call {
  readonly id: string;
  readonly function: { readonly name: string; readonly arguments: string };
}
