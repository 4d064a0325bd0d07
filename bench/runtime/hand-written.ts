import { token } from "./loop.ts";

type Args = { readonly [name: string]: unknown };

export interface HandWritten {
  readonly [tool: string]: (args: Args) => Promise<string>;
}

/** The four tools that the script calls, as one writes them over `fetch`, each giving the text for the model. */
export function handWritten(url: string): HandWritten {
  const send = async (method: string, path: string, body?: unknown): Promise<string> => {
    const response = await fetch(url + path, {
      method,
      headers: {
        accept: "application/json",
        authorization: `Bearer ${token}`,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`HTTP ${response.status}`);
    return JSON.stringify(await response.json());
  };
  return {
    getTask: ({ id }) => send("GET", `/tasks/${encodeURIComponent(String(id))}`),
    getProject: ({ id }) => send("GET", `/projects/${encodeURIComponent(String(id))}`),
    createTask: (args) => send("POST", "/tasks", withoutNulls(args)),
    listTasks: ({ status, limit }) => {
      const query = new URLSearchParams();
      if (status !== null) query.set("status", String(status));
      if (limit !== null) query.set("limit", String(limit));
      return send("GET", `/tasks?${query}`);
    },
  };
}

function withoutNulls(args: Args): Args {
  return Object.fromEntries(Object.entries(args).filter(([, value]) => value !== null));
}
