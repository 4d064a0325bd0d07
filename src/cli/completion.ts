import { basename } from "node:path";
import { commands } from "./commands.ts";
import { complete } from "./complete.ts";
import { ExitCode } from "./exit-code.ts";
import { harmless, printResult } from "./print.ts";

export interface CompletionArgs {
  readonly shell?: Shell;
}

export const shells = ["bash", "zsh", "fish"] as const;
type Shell = (typeof shells)[number];

/** `fctool completion`: prints the script that makes a shell ask `fctool --complete`. */
export async function completionCommand({ shell }: CompletionArgs): Promise<ExitCode> {
  const own = basename(process.env.SHELL ?? "");
  printResult(scripts[shell ?? shells.find((each) => each === own) ?? "bash"]);
  return ExitCode.done;
}

/** `fctool --complete <word..>`: a line for each word that the last one may become, with a tab before what it is. */
export async function completeCommand(words: readonly string[]): Promise<ExitCode> {
  const { words: candidates, files } = await complete(words, commands);
  for (const { word, about } of candidates)
    printResult(harmless(word) + (about === undefined ? "" : `\t${harmless(about)}`));
  if (files) printResult(filesToo);
  return ExitCode.done;
}

const filesToo = ":files";

const scripts: { readonly [Name in Shell]: string } = {
  bash: `_fctool() {
  local line index files=
  COMPREPLY=()
  while IFS= read -r line; do
    if [ "$line" = "${filesToo}" ]; then files=1; else COMPREPLY+=("\${line%%$'\\t'*}"); fi
  done < <(fctool --complete "\${COMP_WORDS[@]:1:COMP_CWORD}" 2>/dev/null)
  if [ "$files" ]; then
    compopt -o filenames
    while IFS= read -r line; do COMPREPLY+=("$line"); done < <(compgen -f -- "\${COMP_WORDS[COMP_CWORD]}")
  else
    for index in "\${!COMPREPLY[@]}"; do COMPREPLY[index]=$(printf %q "\${COMPREPLY[index]}"); done
  fi
}
complete -F _fctool fctool`,
  zsh: `#compdef fctool
_fctool() {
  local line word files=0
  local -a candidates
  while IFS= read -r line; do
    if [[ $line == ${filesToo} ]]; then files=1; continue; fi
    word=\${\${line%%$'\\t'*}//:/\\\\:}
    if [[ $line == *$'\\t'* ]]; then candidates+=("$word:\${line#*$'\\t'}"); else candidates+=("$word"); fi
  done < <(fctool --complete "\${(@)words[2,CURRENT]}" 2>/dev/null)
  (( $#candidates )) && _describe fctool candidates
  (( files )) && _files
}
if [[ $funcstack[1] == _fctool ]]; then _fctool "$@"; else compdef _fctool fctool; fi`,
  fish: `function __fctool_complete
  set -l lines (fctool --complete (commandline -opc)[2..] (commandline -ct) 2>/dev/null)
  string match -v -- ${filesToo} $lines
  contains -- ${filesToo} $lines; and __fish_complete_path (commandline -ct)
end
complete -c fctool -f -a '(__fctool_complete)'`,
};
