const nouns = [
  ...["task", "project", "member", "comment", "label", "sprint", "board", "team", "invoice", "contract"],
  ...["asset", "vendor", "ticket", "shift", "room", "course", "device", "script", "folder", "report"],
];

const text = (description: string) => ({ type: "string", description });

/** A document with five operations for each of some resources, a hundred at most, as a framework generates it. */
export function makeDocument(operations: number): object {
  const resources = nouns.slice(0, operations / 5);
  return {
    openapi: "3.1.0",
    info: { title: "Office", version: "1.0.0" },
    servers: [{ url: "http://127.0.0.1:9" }],
    security: [{ bearerAuth: [] }],
    paths: Object.assign({}, ...resources.map(pathsOf)),
    components: {
      securitySchemes: { bearerAuth: { type: "http", scheme: "bearer" } },
      schemas: Object.assign({}, ...resources.map(schemasOf)),
    },
  };
}

const capital = (noun: string) => `${noun[0]?.toUpperCase()}${noun.slice(1)}`;
const answer = (schema: object, description: string) => ({
  description,
  content: { "application/json": { schema } },
});

function pathsOf(noun: string): object {
  const name = capital(noun);
  const whole = { $ref: `#/components/schemas/${name}` };
  const id = { name: "id", in: "path", required: true, schema: { type: "integer" }, description: `Id of the ${noun}.` };
  const body = (schema: string) => ({
    required: true,
    content: { "application/json": { schema: { $ref: `#/components/schemas/${schema}` } } },
  });
  return {
    [`/${noun}s`]: {
      get: {
        operationId: `list${name}s`,
        summary: `List ${noun}s, the newest first.`,
        parameters: [
          { name: "status", in: "query", schema: { enum: ["open", "done", "dropped"], type: "string" } },
          { name: "limit", in: "query", schema: { type: "integer", minimum: 1, maximum: 100, default: 20 } },
        ],
        responses: { 200: answer({ type: "array", items: whole }, `The ${noun}s.`) },
      },
      post: {
        operationId: `create${name}`,
        summary: `Create a ${noun}.`,
        requestBody: body(`New${name}`),
        responses: { 201: answer(whole, `The new ${noun}.`) },
      },
    },
    [`/${noun}s/{id}`]: {
      parameters: [id],
      get: { operationId: `get${name}`, summary: `Get one ${noun}.`, responses: { 200: answer(whole, name) } },
      patch: {
        operationId: `update${name}`,
        summary: `Change some fields of a ${noun}.`,
        requestBody: body(`New${name}`),
        responses: { 200: answer(whole, name) },
      },
      delete: {
        operationId: `delete${name}`,
        summary: `Delete a ${noun}.`,
        responses: { 204: { description: "Gone." } },
      },
    },
  };
}

function schemasOf(noun: string): object {
  const name = capital(noun);
  const properties = {
    title: text(`What the ${noun} is about, in a few words.`),
    notes: text("Anything else worth knowing."),
    status: { type: "string", enum: ["open", "done", "dropped"], default: "open" },
    priority: { type: "integer", minimum: 1, maximum: 5 },
    due: { type: "string", format: "date-time" },
    labels: { type: "array", items: { type: "string" }, maxItems: 10 },
    owner: {
      type: "object",
      properties: { name: text("Full name."), email: { type: "string", format: "email" } },
      required: ["email"],
    },
  };
  return {
    [`New${name}`]: { type: "object", properties, required: ["title"] },
    [name]: {
      type: "object",
      properties: { id: { type: "integer" }, created: { type: "string", format: "date-time" }, ...properties },
      required: ["id", "created", "title", "status"],
    },
  };
}
