import { checkDocument, type Task } from "./check-document.ts";

process.on("message", async (task: Task) => {
  process.send?.(await checkDocument(task));
});
