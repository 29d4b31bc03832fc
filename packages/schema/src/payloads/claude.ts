/** Claude called a tool. */
export interface ClaudeToolInvoked {
  agent_id: string;
  tool_name: string;
  tool_id: string;
  /** Any JSON value. */
  parameters: unknown;
  /** RFC 3339. */
  timestamp?: string;
  job_id?: string;
}

/** What one turn of Claude consumed. */
export interface ClaudeTokenUsage {
  agent_id: string;
  input_tokens: number;
  output_tokens: number;
  cache_tokens: number;
  job_id?: string;
  model?: string;
  cache_read_tokens?: number;
  cache_creation_tokens?: number;
  /** Millionths of a US dollar. */
  cost_usd_micros?: number;
}

/** A Claude session was opened for an agent. */
export interface ClaudeSessionStarted {
  agent_id: string;
  session_id: string;
  model: string;
  tools: readonly string[];
  job_id?: string;
}

/** Claude said something. */
export interface ClaudeMessage {
  agent_id: string;
  content: string;
  message_type: string;
  json_log_location?: string;
  job_id?: string;
}

export interface ClaudeEventMap {
  claude_tool_invoked: ClaudeToolInvoked;
  claude_token_usage: ClaudeTokenUsage;
  claude_session_started: ClaudeSessionStarted;
  claude_message: ClaudeMessage;
}
