import { Type } from "@sinclair/typebox";
import { agentId, count, jobId, logLocation, ownInstant, text, textList } from "./fields.js";

export const claudeEvents = {
  claude_tool_invoked: Type.Object(
    {
      agent_id: agentId,
      tool_name: text("Name of the tool."),
      tool_id: text("The id that this call of the tool has in the session."),
      parameters: Type.Unknown({ description: "What the tool was called with: any JSON value." }),
      timestamp: Type.Optional(ownInstant),
      job_id: Type.Optional(jobId),
    },
    { description: "Claude called a tool." },
  ),
  claude_token_usage: Type.Object(
    {
      agent_id: agentId,
      input_tokens: count("Tokens read."),
      output_tokens: count("Tokens written."),
      cache_tokens: count("Tokens served from or written to the prompt cache."),
      job_id: Type.Optional(jobId),
      model: Type.Optional(text("The model that was used.")),
      cache_read_tokens: Type.Optional(count("Tokens served from the prompt cache.")),
      cache_creation_tokens: Type.Optional(count("Tokens written to the prompt cache.")),
      cost_usd_micros: Type.Optional(count("Cost in millionths of a US dollar.")),
    },
    { description: "What one turn of Claude consumed." },
  ),
  claude_session_started: Type.Object(
    {
      agent_id: agentId,
      session_id: text("Claude's own id of the session."),
      model: text("The model that answers."),
      tools: textList("Names of the tools that the session may use."),
      job_id: Type.Optional(jobId),
    },
    { description: "A Claude session was opened for an agent." },
  ),
  claude_message: Type.Object(
    {
      agent_id: agentId,
      content: text("The text of the message."),
      message_type: text("The kind of message, such as `assistant` or `result`."),
      json_log_location: Type.Optional(logLocation),
      job_id: Type.Optional(jobId),
    },
    { description: "Claude said something." },
  ),
};
