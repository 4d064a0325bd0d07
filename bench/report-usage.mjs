import { appendFileSync } from "node:fs";

process.on("exit", () => {
  const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
  appendFileSync(process.env.FCTOOL_BENCH_USAGE, `${userCPUTime} ${systemCPUTime} ${maxRSS}\n`);
});
