import type { ContentPart } from "./chat.ts";
import { type Attachment, readAttachment } from "./content.ts";
import type { Features } from "./features.ts";
import type { ToolOutput } from "./kit-types.ts";

/** Images, recordings and PDFs for models. */
export const attachments: Features = { attach };

/** What the message of a tool says, and what follows it. */
export interface Attached {
  readonly content: string;
  readonly parts: readonly ContentPart[];
}

async function attach(output: ToolOutput, limit: number | undefined): Promise<Attached | undefined> {
  const attachment = await readAttachment(output, limit);
  if (attachment === undefined) return undefined;
  const { name, toolCallId, content } = output;
  if (typeof attachment === "string") return { content: `${content}: ${attachment}`, parts: [] };
  const parts: ContentPart[] = [{ type: "text", text: `What ${name} (${toolCallId}) gave:` }, toPart(attachment)];
  return { content: `${content}: shown below`, parts };
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
