import { Script } from "node:vm";
import type { ts } from "ts-morph";

/**
 * Reads the rendered module before anyone sees it, and throws where it is not what was planned: a syntax error, or a
 * top-level name or statement of which we know nothing, is a bug of ours. So is a constant that holds more than data.
 * A user's own template may add names, and code.
 */
export async function check(text: string, planned: ReadonlySet<string>, mayAdd = false): Promise<void> {
  const { ts } = await import("ts-morph");
  if (mayAdd) return readStatements(ts, text, undefined);
  const rest = withoutData(text);
  try {
    readStatements(ts, rest, planned);
  } catch (error) {
    // The whole text tells the right line.
    readStatements(ts, text, planned);
    throw error;
  }
}

// ------------------------------------------------------------ data

/** What most constants are: an object over several lines, perhaps as what an executor is made of. */
const objects = /^((?:export )?const [^=]*= (?:\/\*@__PURE__\*\/ executor\()?)(\{\n(?:(?: .*)?\n)*\})/gm;

const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** What no data holds: strings aside, data is names, numbers, and what holds them together, and nothing of that could run. */
const notData = /[^\s\w$[\]{}:,.+\u0080-\uffff-]/;

/**
 * Checks the objects of all constants, and leaves them out. They are more than half of a module, and V8 reads them in a
 * fraction of the time that TypeScript takes.
 */
function withoutData(text: string): string {
  const data: string[] = [];
  const rest = text.replace(objects, (_, start: string, object: string, position: number) => {
    const found = notData.exec(object.replace(strings, ""));
    if (found !== null)
      throw bug(text, position + start.length, `there is more than data behind: ${JSON.stringify(found[0])}`);
    data.push(`(${object.replaceAll(/(?<=[}\]]) as const\b/g, "")});`);
    return `${start}{}`;
  });
  const problem = syntaxErrorOf(data.join("\n"));
  if (problem === undefined) return rest;
  const broken = data.findIndex((object) => syntaxErrorOf(object) !== undefined);
  const { index } = [...text.matchAll(objects)][broken] as RegExpExecArray;
  throw bug(text, index, problem);
}

/** In a function, V8 looks for mistakes alone. */
function syntaxErrorOf(source: string): string | undefined {
  try {
    new Script(`() => {${source}}`);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

// ------------------------------------------------------------ statements

function readStatements(typescript: typeof ts, text: string, planned: ReadonlySet<string> | undefined): void {
  const { ESNext } = typescript.ScriptTarget;
  const { ParseNone } = typescript.JSDocParsingMode;
  const options = { languageVersion: ESNext, jsDocParsingMode: ParseNone };
  const file = typescript.createSourceFile("kit.ts", text, options);
  const [error] = syntaxErrors(file);
  if (error) throw bug(text, error.start, typescript.flattenDiagnosticMessageText(error.messageText, " "));
  if (planned === undefined) return;
  const types = new Set<string>();
  const values = new Set<string>();
  for (const statement of file.statements) {
    const declared = namesOf(typescript, statement);
    if (declared === undefined) throw bug(text, statement.end, "nobody planned this statement");
    for (const name of declared) {
      if (!planned.has(name)) throw bug(text, statement.end, `nobody planned the name ${name}`);
      const names = isType(typescript, statement) ? types : values;
      if (names.has(name)) throw bug(text, statement.end, `two things are called ${name}`);
      names.add(name);
    }
  }
  for (const name of planned) {
    if (!types.has(name) && !values.has(name)) throw bug(text, text.length, `${name} is missing`);
  }
}

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
