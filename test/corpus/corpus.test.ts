import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { checkCorpus, shortfalls } from "../../corpus/corpus.ts";
import { figuresOf, formatCases, formatFigures } from "../../corpus/report.ts";

const folder = fileURLToPath(new URL("../../../shared/corpus", import.meta.url));

/** Of every kind: forms, files, unions, recursion, credentials among the parameters, dead references, Swagger 2.0. */
const documents = [
  "documents/authentiq.io__main__1.0.yaml",
  "documents/bufferapp.com__main__1.yaml",
  "documents/discord.com__main__10.yaml",
  "documents/elmah.io__main__v3.yaml",
  "documents/figshare.com__main__2.0.0.yaml",
  "documents/fulfillment.com__main__2.0.yaml",
  "documents/giphy.com__main__1.0.yaml",
  "documents/gitlab.com__main__0.0.1.yaml",
  "documents/jumpseller.com__main__1.0.0.yaml",
  "documents/letmc.com__diary__v3-diary.yaml",
  "documents/nba.com__main__version.yaml",
  "documents/paccurate.io__main__0.1.1.yaml",
  "documents/seldon.local__engine__0.1.yaml",
  "documents/sms77.io__main__1.0.0.yaml",
  "documents/spotify.com__web__1.json",
  "documents/swagger.io__generator__2.4.43.yaml",
  "documents/themoviedb.org__main__3.json",
  "documents/urlbox.io__main__v1.yaml",
  "documents/xkcd.com__main__1.0.0.yaml",
  "swagger-2/slack.com__web__1.7.0.json",
];

/** Below the command's own goals where a few of twenty documents weigh more than they would among hundreds. */
const thresholds = { tools: 0.99, calls: 0.99, strict: 0.99, accepted: 0.98 };

const isThere = existsSync(folder);
if (!isThere) process.stderr.write(`Skipped: there are no real documents at ${folder}.\n`);

test.skipIf(!isThere)("real documents give kits whose calls an API accepts", { timeout: 240_000 }, async () => {
  const rows = await checkCorpus({ paths: documents.map((document) => join(folder, document)) });
  const figures = figuresOf(rows);
  const short = shortfalls(figures, thresholds);
  expect(short, `${formatFigures(figures)}\n\n${formatCases(rows)}`).toEqual([]);
});
