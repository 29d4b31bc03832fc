import type { ClaudeEventMap } from "../payloads/claude.js";
import type { CategoryTraits } from "./traits.js";
import { beside, counted, firstLine, grouped, labelled, lengthOf, phrase } from "./wording.js";

export const claudeTraits: CategoryTraits<ClaudeEventMap> = {
  claude_tool_invoked: {
    severity: "info",
    summary: (event) => beside(firstLine(event.tool_name)),
  },
  claude_token_usage: {
    severity: "info",
    summary: (event) =>
      beside(
        phrase("", grouped(event.input_tokens), " in"),
        phrase("", grouped(event.output_tokens), " out"),
        event.cache_tokens === 0 ? undefined : phrase("", grouped(event.cache_tokens), " cached"),
      ),
  },
  claude_session_started: {
    severity: "info",
    summary: (event) => beside(firstLine(event.model), counted(lengthOf(event.tools), "tool")),
  },
  claude_message: {
    severity: "info",
    summary: (event) => beside(labelled(firstLine(event.message_type), firstLine(event.content))),
  },
};
