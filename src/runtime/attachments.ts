import type { ContentPart } from "./chat.ts";
import { type Attachment, readAttachment } from "./content.ts";
import type { Features } from "./features.ts";
import type { ToolOutput } from "./kit-types.ts";

/** Images, recordings and PDFs for models. */
export const attachments: Features = { attach };

/** What follows the message of a tool, and what that says of it. */
export interface Attached {
  readonly note: string;
  readonly parts: readonly ContentPart[];
}

async function attach(output: ToolOutput, limit: number | undefined): Promise<Attached | undefined> {
  const attachment = await readAttachment(output, limit);
  if (attachment === undefined) return undefined;
  if (typeof attachment === "string") return { note: attachment, parts: [] };
  const { name, toolCallId } = output;
  const parts: ContentPart[] = [{ type: "text", text: `What ${name} (${toolCallId}) gave:` }, toPart(attachment)];
  return { note: "shown below", parts };
}

function toPart({ kind, data, url }: Attachment): ContentPart {
  switch (kind) {
    case "image":
      return { type: "image_url", image_url: { url } };
    case "pdf":
      return { type: "file", file: { file_data: url, filename: "result.pdf" } };
    case "wav":
    case "mp3":
      return { type: "input_audio", input_audio: { data, format: kind } };
  }
}
