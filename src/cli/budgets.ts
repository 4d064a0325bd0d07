import type { RememberedKit } from "./cache.ts";
import type { Limits } from "./jobs.ts";
import { count } from "./print.ts";

const shownTools = 5;

/** What a kit exceeds, and what would help. */
export interface Excess {
  readonly message: string;
  readonly fix: string;
}

/** Whether a kit costs more than it may. */
export function excessOf({ tools, tokens }: RememberedKit, { maxTokens, maxTools }: Limits): Excess | undefined {
  if (maxTokens !== undefined && tokens.all > maxTokens) {
    const priced = tools.map(({ name }, index) => ({ name, price: tokens.each?.[index] ?? 0 }));
    const dearest = priced.sort((a, b) => b.price - a.price).slice(0, shownTools);
    const list = dearest.map(({ name, price }) => `${name} ${price.toLocaleString("en")}`).join(", ");
    return {
      message: `its tools take ${count(tokens.all, "token")}, and at most ${maxTokens.toLocaleString("en")} are allowed`,
      fix: `The most expensive: ${list}. Leave some out (--exclude ${dearest[0]?.name}), or shorten the words: --descriptions minimal`,
    };
  }
  if (maxTools !== undefined && tools.length > maxTools) {
    return {
      message: `it has ${count(tools.length, "tool")}, and at most ${maxTools.toLocaleString("en")} are allowed`,
      fix: 'Choose what the model needs: --include "GET /pets/**", --include-tags, or --deprecated exclude',
    };
  }
  return undefined;
}
