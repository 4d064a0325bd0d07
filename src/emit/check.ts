import { Script } from "node:vm";
import type { ts } from "ts-morph";

/**
 * Reads the rendered module before anyone sees it, and throws where it is not what was planned: a syntax error, or a
 * top-level name or statement of which we know nothing, is a bug of ours. So is a constant that holds more than data.
 * A user's own template may add names, and code.
 */
export async function check(text: string, planned: ReadonlySet<string>, mayAdd = false): Promise<void> {
  const { ts } = await import("ts-morph");
  const { ESNext } = ts.ScriptTarget;
  const { ParseNone } = ts.JSDocParsingMode;
  const rest = mayAdd ? text : withoutData(text);
  const file = ts.createSourceFile("kit.ts", rest, { languageVersion: ESNext, jsDocParsingMode: ParseNone });
  const [error] = syntaxErrors(file);
  if (error) throw bug(rest, error.start, ts.flattenDiagnosticMessageText(error.messageText, " "));
  if (mayAdd) return;
  const types = new Set<string>();
  const values = new Set<string>();
  for (const statement of file.statements) {
    const declared = namesOf(ts, statement);
    if (declared === undefined) throw bug(rest, statement.end, "nobody planned this statement");
    for (const name of declared) {
      if (!planned.has(name)) throw bug(rest, statement.end, `nobody planned the name ${name}`);
      const names = isType(ts, statement) ? types : values;
      if (names.has(name)) throw bug(rest, statement.end, `two things are called ${name}`);
      names.add(name);
    }
  }
  for (const name of planned) {
    if (!types.has(name) && !values.has(name)) throw bug(rest, rest.length, `${name} is missing`);
  }
}

// ------------------------------------------------------------ data

/** What a constant is: an object over several lines, perhaps as what an executor is made of. */
const constants = /^((?:export )?const [^=]*= (?:\/\*@__PURE__\*\/ executor\()?)(\{\n(?:(?: .*)?\n)*\})/gm;

const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** What no data holds: strings aside, data is names, numbers, and what holds them together, and nothing of that could run. */
const notData = /[^\s\p{ID_Continue}$[\]{}:,.+-]/u;

/**
 * Checks the data of all constants, and leaves it out, as many lines as it has. It is more than half of a module, and
 * V8 reads it in a fraction of the time that TypeScript takes.
 */
function withoutData(text: string): string {
  const data: string[] = [];
  const rest = text.replace(constants, (_, start: string, object: string, position: number) => {
    const found = notData.exec(object.replace(strings, (string) => " ".repeat(string.length)));
    if (found !== null) {
      throw bug(text, position + start.length + found.index, `${JSON.stringify(found[0])} is nothing that data holds`);
    }
    data.push(object);
    return `${start}{${object.replace(notBreaks, "")}}`;
  });
  try {
    // In a function, V8 looks for mistakes alone.
    new Script(`() => {${data.map((object) => `(${object});`).join("\n")}}`);
  } catch (error) {
    const broken = data.find((object) => !isExpression(object)) ?? "";
    throw bug(text, text.indexOf(broken), error instanceof Error ? error.message : String(error));
  }
  return rest;
}

const notBreaks = /[^\n]+/g;

function isExpression(text: string): boolean {
  try {
    return new Script(`(${text})`) !== undefined;
  } catch {
    return false;
  }
}

// ------------------------------------------------------------ statements

/** The parser keeps them in a field that its types do not show. */
function syntaxErrors(file: ts.SourceFile): readonly ts.DiagnosticWithLocation[] {
  return (file as ts.SourceFile & { parseDiagnostics: readonly ts.DiagnosticWithLocation[] }).parseDiagnostics;
}

/** What a statement declares; an import of anything but the runtime, or a statement that does something, is undefined. */
function namesOf(typescript: typeof ts, statement: ts.Statement): string[] | undefined {
  if (typescript.isImportDeclaration(statement)) {
    const { moduleSpecifier, importClause } = statement;
    const bindings = importClause?.namedBindings;
    const isOurs = typescript.isStringLiteral(moduleSpecifier) && moduleSpecifier.text === "fctool/runtime";
    if (!isOurs || bindings === undefined || !typescript.isNamedImports(bindings)) return undefined;
    return bindings.elements.map(({ name }) => name.text);
  }
  if (typescript.isVariableStatement(statement)) {
    const names = statement.declarationList.declarations.map(({ name }) => name);
    return names.every(typescript.isIdentifier) ? names.map((name) => name.text) : undefined;
  }
  if (isType(typescript, statement)) return [statement.name.text];
  return typescript.isFunctionDeclaration(statement) && statement.name ? [statement.name.text] : undefined;
}

/** Types and values do not share their names. */
function isType(
  typescript: typeof ts,
  statement: ts.Statement,
): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration {
  return typescript.isInterfaceDeclaration(statement) || typescript.isTypeAliasDeclaration(statement);
}

function bug(text: string, position: number, problem: string): Error {
  const line = text.slice(0, position).split("\n").length;
  return new Error(
    `line ${line} of the generated module: ${problem.replace(/\.$/, "")}. This is a bug in fctool, or in a template.`,
  );
}
