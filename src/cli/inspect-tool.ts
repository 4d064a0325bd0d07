import type { Arg } from "../compiler/api.ts";
import { joinPointer } from "../compiler/pointer.ts";
import type { Tool } from "../compiler/tool.ts";
import type { Compiled } from "../generate.ts";
import { countTokens } from "./count-tokens.ts";
import { lint } from "./lint.ts";
import { count, harmless, paint, place, printResult, toJson } from "./print.ts";
import { diagnosticLines } from "./print-diagnostics.ts";

/** Shows one tool whole: what the model sees, what is sent, and where in the document each part comes from. */
export async function inspectTool(tool: Tool, compiled: Compiled, reporter = "pretty"): Promise<void> {
  const { name, description, strict, parameters, codec, route, operation } = tool;
  const { effect, approval } = operation;
  const { api, locate } = compiled;
  const sources = sourcesOf(tool).map(({ what, pointer }) => ({ what, ...locate(pointer) }));
  const diagnostics = compiled.diagnostics
    .filter(({ pointer }) => `${pointer}/`.startsWith(`${operation.pointer}/`))
    .map((each) => ({ ...each, ...locate(each.pointer) }));
  const { all: tokens } = await countTokens([tool]);
  const findings = lint([tool], api);
  if (reporter === "json") {
    const offered = { name, description, strict, effect, approval, tokens, parameters, codec, route, sources };
    return printResult(toJson({ ...offered, diagnostics, findings }));
  }
  const title = (text: string) => paint("bold", text, process.stdout);
  const server = (operation.servers ?? api.servers)[0]?.url ?? "";
  const asked = approval === undefined ? effect : `${effect}, approval ${approval}`;
  printResult(`${title(name)}  ${asked}, ${strict ? "strict" : "not strict"}, ${count(tokens, "token")}`);
  printResult(harmless(description));
  printResult(`\n${title("Sent")}\n${harmless(`${route.method} ${server}${route.path}`)}`);
  for (const line of placesOf(tool)) printResult(harmless(line));
  printResult(`\n${title("What the model sees")}\n${toJson(parameters)}`);
  printResult(`\n${title("Codec: the way back from it")}\n${toJson(codec)}`);
  printResult(`\n${title("In the document")}`);
  for (const { what, pointer, ...location } of sources)
    printResult(harmless(`  ${what}: ${place(location)} (${pointer})`));
  for (const line of diagnosticLines(diagnostics, { isVerbose: true, stream: process.stdout })) printResult(line);
  for (const { message, fix } of findings) printResult(harmless(`hint: it ${message}. ${fix}`));
}

function placesOf({ operation, route }: Tool): string[] {
  const { args, body, injected = [], credentials = [], scopes = {} } = operation;
  const scopesOf = (scheme: string) => (scopes[scheme] === undefined ? "" : ` (${scopes[scheme].join(", ")})`);
  return [
    ...args.map((arg) => `  ${arg.name}: ${whereOf(arg)}${arg.required ? "" : ", optional"}`),
    ...(body === undefined ? [] : [`  the body is ${body.mediaType}`]),
    ...injected.map(({ key, arg }) => `  ${arg.name}: ${whereOf(arg)}, injected (${key})`),
    ...credentials.map(({ scheme, arg }) => `  ${arg.wireName}: ${arg.in}, credential ${scheme}`),
    ...(operation.pick === undefined ? [] : [`  the model reads of the answer: ${operation.pick.join(", ")}`]),
    ...(route.security ?? []).map(
      (schemes) => `  credentials: ${schemes.map((scheme) => scheme + scopesOf(scheme)).join(" and ") || "none"}`,
    ),
  ];
}

/** The place, and the name on the wire where that is another one. */
function whereOf({ name, wireName, in: where }: Arg): string {
  return wireName === name || wireName === "" ? where : `${where} ${JSON.stringify(wireName)}`;
}

function sourcesOf({ operation }: Tool): { what: string; pointer: string }[] {
  const { pointer, args, injected = [], credentials = [] } = operation;
  const all = [...args, ...injected.map(({ arg }) => arg), ...credentials.map(({ arg }) => arg)];
  return [
    { what: "operation", pointer },
    ...all.flatMap((arg) => (arg.pointer === undefined ? [] : { what: arg.name, pointer: arg.pointer })),
    { what: "answers", pointer: joinPointer(pointer, "responses") },
  ];
}
