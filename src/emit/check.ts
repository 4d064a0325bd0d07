import { createRequire } from "node:module";
import { Script } from "node:vm";
import type { ts } from "ts-morph";

const require = createRequire(import.meta.url);

/**
 * Reads the rendered module before anyone sees it, and throws where it is not what was planned: what TypeScript cannot
 * read, or a top-level name or statement of which we know nothing, is a bug of ours. So is a constant that holds more
 * than data. A user's own template may add names, and code.
 */
export function check(text: string, planned: ReadonlySet<string>, mayAdd = false): void {
  const { ts } = require("ts-morph") as typeof import("ts-morph");
  if (mayAdd) {
    parse(ts, text);
    return;
  }
  const rest = withoutData(text);
  try {
    readStatements(ts, rest, planned);
  } catch (error) {
    // The whole text tells the right line.
    readStatements(ts, text, planned);
    throw error;
  }
}

function parse(typescript: typeof ts, text: string): void {
  const file = typescript.createSourceFile("kit.ts", text, typescript.ScriptTarget.ESNext);
  // The parser keeps its errors in a field that its types do not show.
  const { parseDiagnostics } = file as ts.SourceFile & { parseDiagnostics: readonly ts.DiagnosticWithLocation[] };
  const [error] = parseDiagnostics;
  if (error) throw bug(text, error.start, typescript.flattenDiagnosticMessageText(error.messageText, " "));
}

// ------------------------------------------------------------ data

/** What most constants are: an object over several lines, perhaps as what an executor is made of. */
const objects =
  /^((?:export )?const [^=]*= (?:\/\*@__PURE__\*\/ (?:executor|makeExecutor)\()?)(\{\n(?:(?: .*)?\n)*\})/gm;

const strings = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/g;

/** A constant with another description. */
const redescribed = /\/\*@__PURE__\*\/ Object\.assign\(\{\}, (\w+), \{ description: +\}\)/g;

/** What no data holds: strings aside, data is names, numbers, and what holds them together, and nothing of that could run. */
const notData = /[^\s\w$[\]{}:,.+\u0080-\uffff-]/;

/**
 * Checks the objects of all constants, and leaves them out. They are more than half of a module, and V8 reads them in a
 * fraction of the time that TypeScript takes.
 */
function withoutData(text: string): string {
  const data: string[] = [];
  const rest = text.replace(objects, (_, start: string, object: string, position: number) => {
    const found = notData.exec(object.replace(strings, "").replace(redescribed, "$1"));
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

/** Token by token, which takes a third of the time that a tree does: TypeScript is not asked how types are built. */
function readStatements(typescript: typeof ts, text: string, planned: ReadonlySet<string>): void {
  const types = new Set<string>();
  const values = new Set<string>();
  for (const { declared, isType, end } of statementsOf(typescript, text)) {
    for (const name of declared) {
      if (!planned.has(name)) throw bug(text, end, `nobody planned the name ${name}`);
      const names = isType ? types : values;
      if (names.has(name)) throw bug(text, end, `two things are called ${name}`);
      names.add(name);
    }
  }
  for (const name of planned) {
    if (!types.has(name) && !values.has(name)) throw bug(text, text.length, `${name} is missing`);
  }
}

interface Statement {
  readonly declared: readonly string[];
  readonly isType: boolean;
  readonly end: number;
}

const imports = /^import (?:type )?\{([^{}]*)\} from "fctool\/runtime";$/;

/** The statements of a module; one that imports anything but the runtime, or does something, is a bug. */
function* statementsOf(typescript: typeof ts, text: string): Generator<Statement> {
  const { SyntaxKind } = typescript;
  const closing = new Map([
    [SyntaxKind.OpenBraceToken, SyntaxKind.CloseBraceToken],
    [SyntaxKind.OpenBracketToken, SyntaxKind.CloseBracketToken],
    [SyntaxKind.OpenParenToken, SyntaxKind.CloseParenToken],
  ]);
  const closes = new Set(closing.values());
  const scanner = typescript.createScanner(
    typescript.ScriptTarget.ESNext,
    true,
    typescript.LanguageVariant.Standard,
    text,
    ({ message }) => {
      throw bug(text, scanner.getTokenStart(), message);
    },
  );

  for (let kind = scanner.scan(); kind !== SyntaxKind.EndOfFileToken; kind = scanner.scan()) {
    const start = scanner.getTokenStart();
    if (kind === SyntaxKind.ExportKeyword) kind = scanner.scan();
    if (kind === SyntaxKind.ImportKeyword) {
      const end = skip(SyntaxKind.SemicolonToken);
      const [, names] = imports.exec(text.slice(start, end)) ?? unplanned();
      yield { declared: (names ?? "").split(",").map((name) => name.trim()), isType: false, end };
      continue;
    }
    const isBlock = kind === SyntaxKind.InterfaceKeyword || kind === SyntaxKind.FunctionKeyword;
    const isType = kind === SyntaxKind.InterfaceKeyword || kind === SyntaxKind.TypeKeyword;
    const isConstant = kind === SyntaxKind.ConstKeyword;
    if (!isBlock && !isType && !isConstant) unplanned();
    if (scanner.scan() !== SyntaxKind.Identifier) unplanned();
    const name = scanner.getTokenValue();
    yield {
      declared: [name],
      isType,
      end: skip(isBlock ? SyntaxKind.CloseBraceToken : SyntaxKind.SemicolonToken, isConstant),
    };
  }

  /** The end of a statement, which is no longer inside of any bracket. */
  function skip(last: ts.SyntaxKind, isConstant = false): number {
    const open: ts.SyntaxKind[] = [];
    for (let isValue = false; ; ) {
      const kind = scanner.scan();
      const close = closing.get(kind);
      if (close !== undefined) open.push(close);
      else if (closes.has(kind) && open.pop() !== kind) unplanned();
      if (open.length > 0) continue;
      if (kind === last) return scanner.getTokenEnd();
      if (kind === SyntaxKind.EndOfFileToken) throw bug(text, text.length, "it breaks off");
      // A comma in a type stands between its arguments; in a value it would begin another one.
      if (isValue && kind === SyntaxKind.CommaToken) unplanned();
      isValue ||= isConstant && kind === SyntaxKind.EqualsToken;
    }
  }

  function unplanned(): never {
    throw bug(text, scanner.getTokenEnd(), "nobody planned this statement");
  }
}

function bug(text: string, position: number, problem: string): Error {
  const line = text.slice(0, position).split("\n").length;
  return new Error(
    `line ${line} of the generated module: ${problem.replace(/\.$/, "")}. This is a bug in fctool, or in a template.`,
  );
}
