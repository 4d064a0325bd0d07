import { createRequire } from "node:module";
import type { Api, Credential, Operation, Property, Result, Schema } from "../compiler/api.ts";
import { mediaKind } from "../compiler/media-types.ts";
import { operationKey } from "../compiler/names.ts";
import type { Names, OperationNames, Tool } from "../compiler/tool.ts";
import { beside, type Code, code, comment, docText, holes, identifier, propertyName } from "./literal.ts";
import { argsOf, baseOfArgs, collectReferences, isCircular, propertiesOf, resolve } from "./reach.ts";
import { anything, docsOf, type Part, partsOf, restOf, type Scope, typeText, unionText } from "./type-text.ts";

/** The type declarations of a kit, each finished source text. */
export interface Declarations {
  readonly auth: Code;
  /** Sorted by name. */
  readonly schemas: readonly Code[];
  /** In the order of the tools. */
  readonly operations: readonly { readonly args: Code; readonly result: Code }[];
  readonly names: readonly Code[];
}

/** One declaration: an interface, or an alias of a type. */
interface Declaration {
  readonly name: Code;
  readonly docs: Code;
  /** What an interface extends. */
  readonly base?: Code | undefined;
  readonly members?: readonly Member[];
  /** Of keys that are not declared. */
  readonly rest?: Code | undefined;
  readonly alias?: Code;
}

interface Member {
  readonly name: Code;
  readonly optional: boolean;
  readonly type: Code;
  readonly docs: Code;
}

/** Declares credentials, schemas, and the arguments and result of every tool. */
export function declareTypes(api: Api, tools: readonly Tool[], names: Names): Declarations {
  const references = collectReferences(api, tools, names);
  const shared = { name: references.name, resolve: (target: string) => resolve(api, target) };
  const schemas = references.declared.map(({ name, target, direction }) => {
    const isOwnAlias = (schema: Schema, through: "union" | "map") => isCircular(api, schema, target, through);
    return declareSchema(name, resolve(api, target), { ...shared, direction, isCircular: isOwnAlias });
  });
  const operations = tools.flatMap(({ operation }) => {
    const { type } = names.operations.get(operationKey(operation)) as OperationNames;
    return [
      declareArgs(identifier(`${type}Args`), operation, baseOfArgs(api, operation), {
        ...shared,
        direction: "request",
      }),
      declareResult(identifier(`${type}Result`), operation.result, { ...shared, direction: "result" }),
    ];
  });
  const declarations = [declareAuth(api.securitySchemes), ...schemas, ...operations];
  const texts = print(declarations);
  const text = (index: number) => texts[index] as Code;
  return {
    auth: text(0),
    schemas: schemas.map((_, index) => text(1 + index)),
    operations: tools.map((_, index) => {
      const start = 1 + schemas.length + 2 * index;
      return { args: text(start), result: text(start + 1) };
    }),
    names: declarations.map((declaration) => declaration.name),
  };
}

// ------------------------------------------------------------ what is declared

function declareSchema(name: Code, schema: Schema, scope: Scope): Declaration {
  const docs = docsOf({ ...schema, default: undefined });
  if (schema.kind === "object" && !schema.nullable && propertiesOf(schema, scope.direction).length > 0) {
    const open: Scope = { ...scope, isCircular: undefined };
    const members = propertiesOf(schema, scope.direction).map((property) => declareProperty(property, open));
    return { name, docs, members, rest: restOf(schema, open) };
  }
  return { name, docs, alias: typeText(schema, scope, 0, `export type ${name} = `.length) };
}

function declareProperty({ name, required, schema }: Property, scope: Scope): Member {
  const key = propertyName(name);
  const type = typeText(schema, scope, 2, key.length + (required ? 4 : 5));
  return { name: key, optional: !required, type, docs: docsOf(schema, 2) };
}

/** The fields of a body that has a name are those of its type. */
function declareArgs(name: Code, operation: Operation, target: string | undefined, scope: Scope): Declaration {
  const base = target === undefined ? undefined : scope.name(target, scope.direction);
  const args = argsOf(operation).filter((arg) => base === undefined || arg.in !== "body");
  if (args.length === 0) return { name, docs: code``, alias: base ?? code`Record<string, never>` };
  const members = args.map(({ name, required, schema, description, deprecated }) => {
    const documented = {
      ...schema,
      description: description ?? schema.description,
      deprecated: deprecated ?? schema.deprecated,
    };
    return declareProperty({ name, required, schema: documented as Schema }, scope);
  });
  return { name, docs: code``, base, members };
}

function declareResult(name: Code, result: Result | undefined, scope: Scope): Declaration {
  const parts = result ? resultParts(result, scope) : [];
  const isSomething = parts.length > 0 && (!result?.maybeEmpty || parts.includes(anything));
  const all = isSomething ? parts : [...parts, code`undefined`];
  return { name, docs: code``, alias: unionText(all, scope, 0, `export type ${name} = `.length) };
}

function resultParts({ mediaTypes, schemas }: Result, scope: Scope): Part[] {
  const isStream = mediaTypes.length > 0 && mediaTypes.every((mediaType) => mediaKind(mediaType) === "events");
  return isStream ? [code`AsyncIterable<ServerSentEvent>`] : partsOf({ kind: "union", branches: schemas }, scope);
}

function declareAuth(credentials: Api["securitySchemes"]): Declaration {
  const name = identifier("Auth");
  if (credentials.size === 0) {
    return { name, docs: docText("The document asks for no credentials."), alias: code`Record<string, never>` };
  }
  const members = [...credentials].map(([scheme, { kind, description }]) => ({
    name: propertyName(scheme),
    optional: true,
    type: credentialTypes[kind],
    docs: docText(description ?? "", 2),
  }));
  return { name, docs: docText("Credentials, by the document's security schemes."), members };
}

const credentialTypes: Record<Credential["kind"], Code> = {
  token: code`string`,
  basic: code`{ username: string; password: string }`,
  client: code`string | ClientCredentials`,
};

// ------------------------------------------------------------ printing

const require = createRequire(import.meta.url);

/**
 * Prints all declarations. Interfaces go through one writer of ts-morph, which is loaded here, as that takes a while,
 * and by `require`, as `import` would read all of it in search of names. A project of it would parse what it prints, and
 * its writer looks at every character, so both see names of holes alone.
 */
function print(declarations: readonly Declaration[]): Code[] {
  const { CodeBlockWriter, Writers } = require("ts-morph") as typeof import("ts-morph");
  const { hole, fill } = holes();
  const writer = new CodeBlockWriter({ indentNumberOfSpaces: 2 });
  const ends = declarations.map(({ members = [], rest }) => {
    const properties = members.map(({ name, optional, type, docs }) => ({
      docs: docs === "" ? [] : [hole(comment(docs, 2))],
      name: hole(name),
      hasQuestionToken: optional,
      type: hole(type),
    }));
    const indexSignatures = rest && [{ keyName: "key", keyType: "string", returnType: hole(rest) }];
    if (members.length > 0) Writers.objectType({ properties, ...(indexSignatures && { indexSignatures }) })(writer);
    return writer.getLength();
  });
  const bodies = writer.toString();
  return declarations.map(({ name, docs, base, alias }, index) => {
    const above = docs === "" ? docs : code`${comment(docs)}\n`;
    if (alias !== undefined) return code`${above}${beside(code`export type ${name} =`, alias)};`;
    const heading = base === undefined ? name : code`${name} extends ${base}`;
    return code`${above}export interface ${heading} ${fill(bodies.slice(ends[index - 1] ?? 0, ends[index]).trim())}`;
  });
}
